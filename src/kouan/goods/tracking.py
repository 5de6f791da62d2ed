"""What the public tracking page may say of a goods declaration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kouan.goods import selectors
from kouan.goods.looks import PARTY_WORDS
from kouan.goods.states import Party
from kouan.notices.tracking import Tracked, register_tracking

if TYPE_CHECKING:
    from kouan.goods.models import GoodsDeclaration


def register() -> None:
    """Let goods declarations be found on the public tracking page."""
    register_tracking(find_by_number)


def find_by_number(number: str) -> Iterator[Tracked]:
    """Find the goods declarations of a number, as the public may see them."""
    for row in selectors.goods_numbered(number):
        yield to_tracked(row, number)


def to_tracked(row: GoodsDeclaration, number: str) -> Tracked:
    """Give stage and turn of a declaration, and no more."""
    stages = [
        (_("收到申报"), True),
        (_("国家单一窗口暂存"), bool(row.seq_no)),
        (_("海关接受申报"), row.declared_at is not None),
        (_("官方放行"), row.released_at is not None),
        (_("货物离场"), row.left_at is not None),
    ]
    whose = _("无") if row.left_at else PARTY_WORDS[Party(row.waits_for)]
    return Tracked(row.pk, _("报关单"), number, row.state, "goods", whose, row.state_since, stages)
