"""What the public tracking page may say of an import list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kouan.clearance.looks import PARTY_WORDS
from kouan.clearance.states import CaseState, Party
from kouan.declarations import selectors as declarations
from kouan.declarations.codes import Direction
from kouan.declarations.states import ComingBack
from kouan.notices.tracking import Tracked, register_tracking

if TYPE_CHECKING:
    from kouan.declarations.models import Case


def register() -> None:
    """Let lists be found on the public tracking page."""
    register_tracking(find_by_number)


def find_by_number(number: str) -> Iterator[Tracked]:
    """Find the lists of a number, as the public may see them."""
    for case in declarations.cases_numbered(number):
        yield to_tracked(case, number)


def to_tracked(case: Case, number: str) -> Tracked:
    """Give stage and turn of a case, and no more."""
    is_export = case.direction == Direction.EXPORT
    what = _("出口清单") if is_export else _("进口清单")
    stages = [
        (_("收到申报"), True),
        (_("四单对碰一致"), case.match == "matched"),
        (_("官方答复"), bool(case.official_status)),
        (_("官方放行"), case.released_at is not None),
        (_("货物离境") if is_export else _("货物离场"), case.gone_at is not None),
    ]
    if case.return_state:
        stages.append((_("退货放行"), case.return_state == ComingBack.GRANTED))
    is_over = case.gone_at is not None and case.state != CaseState.RETURNING
    whose = PARTY_WORDS[Party.NOBODY] if is_over else PARTY_WORDS.get(case.waits_for, case.waits_for)
    return Tracked(case.pk, what, number, case.state, "case", whose, case.state_since, stages)
