"""What clearance knows of a goods declaration, for its page: the agencies side by side, inspections, coordination."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kouan.clearance import selectors
from kouan.clearance.authority import GOODS_AUTHORITIES
from kouan.goods.around import Affair, Around, register_around
from kouan.goods.looks import channel_chip
from kouan.screens.formats import is_english
from kouan.screens.pieces import Agency

if TYPE_CHECKING:
    from kouan.accounts.models import User
    from kouan.goods.models import GoodsDeclaration


def register() -> None:
    """Let the pages of goods declarations show what clearance knows of them."""
    register_around(around)


def around(row: GoodsDeclaration, user: User) -> Around:
    """Gather reviews of the current version, inspections and coordination of a declaration that may be seen."""
    affairs = [
        Affair(_("查验"), reverse("inspection", args=[one.pk]), one.state, "inspection", one.bay,
               one.booked_for or one.ordered_at)
        for one in selectors.inspections_of(row.pk)
    ]  # fmt: skip
    return Around([_agency(review, row, user) for review in selectors.reviews_of_version(row.pk, row.version)], affairs)


def _agency(review: Any, row: GoodsDeclaration, user: User) -> Agency:
    authority = GOODS_AUTHORITIES.get(review.agency)
    lines: list[Any]
    if review.way == "relayed":
        state: Any = channel_chip("", row.official_channel) if row.official_channel else "pending"
        lines, moment = [_("官方系统回执，本平台只转达")], row.official_at
    else:
        state, moment = review.state, review.state_since
        lines = [_("在本平台登记"), *([review.opinion] if review.opinion else [])]
    if authority:
        lines.append(authority.act_en if is_english() else authority.act_zh)
    is_mine = user.agency_code == review.agency
    url = reverse("review", args=[review.pk]) if is_mine and review.way == "recorded" else ""
    return Agency(selectors.agency_name(review.agency), state, tuple(lines), at=moment, family="review",
                  is_mine=is_mine, url=url)  # fmt: skip
