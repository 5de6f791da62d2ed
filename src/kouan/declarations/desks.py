"""Which pages of declarations stand in whose navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import Role
from kouan.declarations import selectors
from kouan.declarations.views import months
from kouan.screens import navigation


def register() -> None:
    """Enter the pages into the navigation."""
    navigation.register(
        "single_window",
        _("申报草稿"),
        "drafts",
        roles=[Role.TRADER_CLERK],
        icon="edit",
        badge=selectors.count_open_drafts,
    )
    navigation.register("single_window", _("表格申报"), "upload-sheet", roles=[Role.TRADER_CLERK], icon="upload")
    navigation.register(
        "single_window",
        _("出口月度汇总"),
        "export-month",
        roles=[Role.TRADER_CLERK, Role.PORT_OFFICE_CLERK],
        icon="calendar",
    )
    months.register()
    navigation.register(
        "single_window",
        _("总分单与离境单"),
        "movements",
        roles=[Role.TRADER_CLERK, Role.SITE_CLERK, Role.PORT_OFFICE_CLERK],
        icon="route",
    )
    navigation.register(
        "system",
        _("未对应的官方回执"),
        "unplaced",
        roles=[Role.PORT_OFFICE_CLERK, Role.SYSTEM_ADMIN],
        icon="help",
        badge=lambda user: selectors.count_unplaced_answers() or None,
        order=45,
    )
