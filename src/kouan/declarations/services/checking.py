"""Checking a draft or a sheet by a second person before it is declared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, get_visible
from kouan.checking.codes import CheckedKind
from kouan.checking.services import checking
from kouan.checking.states import CheckState
from kouan.declarations.codes import DraftState
from kouan.declarations.models import Draft, Sheet
from kouan.declarations.services.covering import require_client
from kouan.declarations.services.drafting import check_values

if TYPE_CHECKING:
    from kouan.accounts.models import User


@contextmanager
def _locked(user: User, pk: UUID, *, is_sheet: bool) -> Iterator[Draft | Sheet]:
    with transaction.atomic():
        rows = (Sheet if is_sheet else Draft).objects.select_for_update()
        row: Draft | Sheet = get_visible(rows, user, pk=pk)
        is_open = row.declared_at is None if isinstance(row, Sheet) else row.state == DraftState.DRAFT
        if not is_open:
            raise NotAllowed("已生成报文或已申报。", "It was declared, or its messages were written.",
                             "请刷新页面查看它的状态。", "Reload the page.", code="-950011")  # fmt: skip
        yield row


def submit_for_check(*, user: User, pk: UUID, at: datetime, is_sheet: bool = False) -> None:
    """Hand a draft or a sheet over to be checked. Raises NotAllowed with the first thing that is wrong with a draft."""
    with _locked(user, pk, is_sheet=is_sheet) as row:
        if isinstance(row, Draft):
            require_client(user=user, values=row.values, at=at)
            error = next((one for one in check_values(user=user, values=row.values, at=at) if one.is_error), None)
            if error:
                raise NotAllowed(error.zh, error.en, error.fix_zh, error.fix_en, code=error.code,
                                 pointer=error.pointer)  # fmt: skip
        checking.submit(row=row, kind=CheckedKind.PARCELS, user=user, at=at)


def take_back_from_check(*, user: User, pk: UUID, at: datetime, is_sheet: bool = False) -> None:
    """Take a draft or a sheet back that nobody has checked yet."""
    with _locked(user, pk, is_sheet=is_sheet) as row:
        checking.take_back(row=row, user=user, at=at)


def let_pass(*, user: User, pk: UUID, revision: int, at: datetime, is_sheet: bool = False) -> None:
    """Let a draft or a sheet pass as the checker saw it. Raises NotAllowed, NotDelegated, SomebodyWasQuicker."""
    with _locked(user, pk, is_sheet=is_sheet) as row:
        if isinstance(row, Draft):
            require_client(user=user, values=row.values, at=at)
        checking.pass_check(row=row, revision=revision, user=user, at=at)


def give_back(
    *, user: User, pk: UUID, revision: int, reason: str, pointer: str = "", stands: str = CheckState.TO_CHECK,
    at: datetime, is_sheet: bool = False,
) -> None:  # fmt: skip
    """Give a draft or a sheet back to its maker. Raises NotAllowed, SomebodyWasQuicker."""
    with _locked(user, pk, is_sheet=is_sheet) as row:
        checking.bounce(row=row, revision=revision, stands=stands, reason=reason, pointer=pointer, user=user, at=at)
