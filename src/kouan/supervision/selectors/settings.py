"""The settings of follow-up on a day."""

from __future__ import annotations

from datetime import date

from kouan.supervision.models import FollowUpRules
from kouan.supervision.rules import Rules


def rules_on(day: date) -> Rules:
    """Give the settings that hold on a day; the ones that come with Kouan where the office has set none."""
    row = FollowUpRules.objects.filter(since__lte=day).order_by("-since").first()
    return Rules.from_dict(row.content) if row else Rules()


def list_rules() -> list[FollowUpRules]:
    """Give all settings, the youngest first."""
    return list(FollowUpRules.objects.order_by("-since"))
