"""Which pages of goods declarations stand in whose navigation."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kouan.accounts.codes import Role
from kouan.goods import looks, selectors
from kouan.screens import navigation, search
from kouan.screens.search import Hit


def register() -> None:
    """Say what states look like, and enter the pages into the navigation and the declarations into the search."""
    looks.register()
    seers = [Role.TRADER_CLERK, Role.OFFICER, Role.PORT_OFFICE_CLERK]
    navigation.register("single_window", pgettext_lazy("列表", "报关单"), "goods", roles=seers, icon="file", order=20)
    navigation.register(
        "single_window",
        _("报关单草稿"),
        "goods-drafts",
        roles=[Role.TRADER_CLERK],
        icon="edit",
        badge=lambda user: selectors.count_drafts(user) or None,
        order=21,
    )
    navigation.register(
        "single_window", _("报关单表格"), "goods-sheet", roles=[Role.TRADER_CLERK], icon="upload", order=22
    )
    navigation.register(
        "clearance",
        pgettext_lazy("列表", "修撤单申请"),
        "goods-applications",
        roles=seers,
        icon="undo",
        badge=lambda user: selectors.count_asked(user) or None,
    )
    navigation.register(
        "clearance",
        _("待落位回执"),
        "unplaced-goods",
        roles=[Role.PORT_OFFICE_CLERK],
        icon="inbox",
        badge=lambda user: selectors.count_unplaced(user) or None,
    )
    search.register("goods", _("报关单"), _find, order=20)


def _find(user: Any, q: str) -> list[Hit]:
    rows = selectors.with_number(selectors.list_goods(user), q).order_by("-pk")[:8]
    return [
        Hit(row.client_no, reverse("goods-declaration", args=[row.pk]), str(_("报关单")), row.state, row.goods_summary,
            "goods")
        for row in rows
    ]  # fmt: skip
