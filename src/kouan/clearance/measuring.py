"""The indicators that clearance computes from parcel declarations."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kouan.declarations import selectors as declarations
from kouan.indicators import registry
from kouan.indicators.codes import Shape
from kouan.kernel.dates import CHINA_TIME


def register() -> None:
    """Register them."""
    source = _("通关办件")
    registry.register(
        "parcels_declared",
        _("进口清单"),
        meaning=_("期间内首次收到的跨境电商进口清单件数，按首次收到时间计"),
        unit=_("件"),
        source=source,
        compute=lambda since, until: declarations.count_between(*_moments(since, until)),
    )
    registry.register(
        "parcels_released",
        _("已放行清单"),
        meaning=_("期间内收到的进口清单中，已由海关回执放行的件数"),
        unit=_("件"),
        source=source,
        compute=lambda since, until: declarations.count_between(*_moments(since, until), released_at__isnull=False),
    )
    registry.register(
        "parcel_hours_to_release",
        _("清单放行用时（中位数）"),
        meaning=_(
            "期间内收到并已放行的进口清单，从本平台收到清单到收到放行回执的用时中位数；只含这一段，不等于整体通关时间"
        ),
        unit=_("小时"),
        source=source,
        shape=Shape.LEVEL,
        compute=_median,
    )


def _median(since: date, until: date) -> Decimal | None:
    hours = declarations.median_hours_to_release(*_moments(since, until))
    return None if hours is None else Decimal(str(round(hours, 2)))


def _moments(since: date, until: date) -> tuple[datetime, datetime]:
    begin, end = (datetime.combine(day, time(), CHINA_TIME) for day in (since, until))
    return begin, end
