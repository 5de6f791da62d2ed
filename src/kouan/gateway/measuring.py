"""The indicators that the gateway computes."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils.translation import gettext_lazy as _

from kouan.gateway.selectors import count_received
from kouan.indicators import registry
from kouan.kernel.dates import CHINA_TIME


def register() -> None:
    """Register them."""
    registry.register(
        "messages_received",
        _("接收报文"),
        meaning=_("期间内从各方收到并留存的报文份数，按收到时间计，重复报文不计"),
        unit=_("份"),
        source=_("报文网关"),
        compute=_count,
    )


def _count(since: date, until: date) -> int:
    begin, end = (datetime.combine(day, time(), CHINA_TIME) for day in (since, until))
    return count_received(begin, end)
