"""Checking a draft by a second person before it is sent: handing over, taking back, passing, bouncing."""

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
from kouan.goods.codes import DraftState
from kouan.goods.models import GoodsDraft
from kouan.goods.services.covering import require_client
from kouan.goods.services.drafting import check_values

if TYPE_CHECKING:
    from kouan.accounts.models import User


@contextmanager
def _locked(user: User, draft_id: UUID) -> Iterator[GoodsDraft]:
    with transaction.atomic():
        draft: GoodsDraft = get_visible(GoodsDraft.objects.select_for_update(), user, pk=draft_id)
        if draft.state != DraftState.DRAFT:
            raise NotAllowed("该草稿已经发送。", "This draft was sent.", "请查看对应的报关单。", "See its declaration.",
                             code="-961030")  # fmt: skip
        yield draft


def submit_draft(*, user: User, draft_id: UUID, at: datetime) -> None:
    """Hand a draft over to be checked. Raises NotAllowed with the first thing that is wrong with it."""
    with _locked(user, draft_id) as draft:
        require_client(user=user, values=draft.values, at=at)
        error = next((one for one in check_values(user=user, values=draft.values, at=at) if one.is_error), None)
        if error:
            raise NotAllowed(error.zh, error.en, error.fix_zh, error.fix_en, code=error.code, pointer=error.pointer)
        checking.submit(row=draft, kind=CheckedKind.GOODS, user=user, at=at)


def take_back_draft(*, user: User, draft_id: UUID, at: datetime) -> None:
    """Take a draft back that nobody has checked yet."""
    with _locked(user, draft_id) as draft:
        checking.take_back(row=draft, user=user, at=at)


def pass_draft(*, user: User, draft_id: UUID, revision: int, at: datetime) -> None:
    """Let a draft pass as the checker saw it. Raises NotAllowed, NotDelegated, SomebodyWasQuicker."""
    with _locked(user, draft_id) as draft:
        require_client(user=user, values=draft.values, at=at)
        checking.pass_check(row=draft, revision=revision, user=user, at=at)


def bounce_draft(
    *, user: User, draft_id: UUID, revision: int, reason: str, pointer: str, stands: str = CheckState.TO_CHECK,
    at: datetime,
) -> None:  # fmt: skip
    """Give a draft back to its maker at a field. Raises NotAllowed, SomebodyWasQuicker."""
    with _locked(user, draft_id) as draft:
        checking.bounce(row=draft, revision=revision, stands=stands, reason=reason, pointer=pointer, user=user, at=at)
