"""Makers of rules for tests."""

from __future__ import annotations

from collections.abc import Iterable

from kouan.accounts.factories import LONG_AGO
from kouan.accounts.models import Organisation, User
from kouan.checking.models import CheckRule


def make_rule(
    firm: Organisation,
    *,
    kinds: Iterable[str] = ("goods", "parcels"),
    checkers: Iterable[User],
    holds_machine: bool = False,
) -> CheckRule:
    """Let a firm check these kinds, by these people."""
    rule, _is_new = CheckRule.objects.update_or_create(
        organisation_id=firm.pk,
        defaults={
            "kinds": list(kinds), "checker_ids": [one.pk for one in checkers], "holds_machine": holds_machine,
            "changed_at": LONG_AGO,
        },
    )  # fmt: skip
    return rule
