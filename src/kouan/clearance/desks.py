"""Which pages of clearance stand in whose navigation, and what the search finds."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import Role
from kouan.clearance import selectors
from kouan.declarations import selectors as declarations
from kouan.safekeeping.services.unmasking import note_search
from kouan.screens import navigation, search
from kouan.screens.search import Hit


def register() -> None:
    """Enter the pages into the navigation and the cases into the search."""
    navigation.register("my_work", _("我的工作"), "home", icon="inbox", order=0)
    navigation.register(
        "single_window",
        _("进出口清单"),
        "cases",
        roles=[Role.TRADER_CLERK, Role.SITE_CLERK, Role.OFFICER, Role.PORT_OFFICE_CLERK],
        icon="file",
    )
    navigation.register(
        "clearance",
        _("审核"),
        "reviews",
        roles=[Role.OFFICER, Role.PORT_OFFICE_CLERK],
        icon="shield",
        badge=lambda user: selectors.count_waiting_reviews(user),
    )
    navigation.register(
        "clearance",
        _("查验"),
        "inspections",
        roles=[Role.SITE_CLERK, Role.TRADER_CLERK, Role.OFFICER, Role.PORT_OFFICE_CLERK],
        icon="search",
        badge=lambda user: selectors.count_open_inspections(user),
    )
    navigation.register(
        "clearance", _("到货"), "arrivals", roles=[Role.SITE_CLERK, Role.PORT_OFFICE_CLERK], icon="inbox"
    )
    navigation.register("clearance", _("卡口核放"), "gate", roles=[Role.GATE_CLERK, Role.SITE_CLERK], icon="truck")
    navigation.register(
        "clearance",
        _("卡口查询记录"),
        "gate-checks",
        roles=[Role.GATE_CLERK, Role.SITE_CLERK, Role.PORT_OFFICE_CLERK],
        icon="history",
    )
    navigation.register(
        "clearance",
        _("协调单"),
        "tickets",
        roles=[Role.TRADER_CLERK, Role.SITE_CLERK, Role.OFFICER, Role.PORT_OFFICE_CLERK],
        icon="hand",
        badge=lambda user: selectors.count_open_tickets(user),
    )
    search.register("cases", _("进出口清单"), find_cases, order=10)


def find_cases(user: Any, q: str) -> list[Hit]:
    """Find cases by the beginning of a number, or by the whole number of a person, which is put on record."""
    note_search(user=user, text=q, at=timezone.now())
    return [
        Hit(
            case.internal_no,
            reverse("case", args=[case.pk]),
            case.get_direction_display(),
            case.state,
            case.declarant_name,
            "case",
        )
        for case in declarations.search_cases(user, q)
    ]
