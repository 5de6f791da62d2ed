"""The indicators that supervision computes from its ledger."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kouan.indicators import registry
from kouan.indicators.codes import Shape
from kouan.supervision.selectors.ledger import counts_for_indicators


def register() -> None:
    """Register them."""
    source = _("督办台账")
    registry.register(
        "measures_entered",
        _("入账举措"),
        meaning=_("期间内进入台账的举措数，各类来源合计"),
        unit=_("项"),
        source=source,
        compute=lambda since, until: counts_for_indicators(since, until)["entered"],
    )
    registry.register(
        "measures_closed",
        _("办结举措"),
        meaning=_("期间内办结的举措数；办结须有经第二人核验的佐证材料"),
        unit=_("项"),
        source=source,
        compute=lambda since, until: counts_for_indicators(since, until)["closed"],
    )
    registry.register(
        "measures_closed_in_time",
        _("按期办结率"),
        meaning=_("期间内办结的举措中，办结日不晚于时限的占比；没有时限的按期计"),
        unit="%",
        source=source,
        shape=Shape.LEVEL,
        compute=_share_in_time,
    )
    registry.register(
        "measures_overdue",
        _("逾期举措"),
        meaning=_("期末时限已过而未办结的举措数，不含已取消的"),
        unit=_("项"),
        source=source,
        shape=Shape.LEVEL,
        compute=lambda since, until: counts_for_indicators(since, until)["late"],
    )


def _share_in_time(since: date, until: date) -> Decimal | None:
    counts = counts_for_indicators(since, until)
    if not counts["closed"]:
        return None
    return (Decimal(counts["in_time"]) * 100 / counts["closed"]).quantize(Decimal("0.1"))
