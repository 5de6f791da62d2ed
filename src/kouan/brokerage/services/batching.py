"""Batches: many drafts sent or handed over at once; tried first, done row by row, taken up again where it stopped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotAllowed, NotYours, Refusal, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.audit import services as audit
from kouan.brokerage.codes import BatchAct, Document, RowResult
from kouan.brokerage.models import Batch, BatchRow, Waiting
from kouan.declarations import selectors as parcels
from kouan.declarations.services import checking as parcel_checking
from kouan.declarations.services import drafting as parcel_drafting
from kouan.goods import selectors as goods
from kouan.goods.services import checking as goods_checking
from kouan.goods.services import drafting as goods_drafting
from kouan.records.problems import Problem

if TYPE_CHECKING:
    from kouan.accounts.models import User

MOST_AT_ONCE = 1_000
TAKEN_UP_AFTER = timedelta(minutes=2)
"""A batch that has not moved for so long lost its worker and is taken up again."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One draft of a dry run, and what stands against it; nothing where it would go."""

    row: Waiting
    problem: Problem | None


def try_batch(*, user: User, act: str, rows: Iterable[Waiting], at: datetime) -> list[Tried]:
    """Tell for each draft what stops it, as doing it would, and change nothing."""
    require_role(user, Role.TRADER_CLERK)
    return [Tried(row, _try(user, row.document, row.pk, act, at)) for row in rows]


def _try(user: User, document: str, draft_id: UUID, act: str, at: datetime) -> Problem | None:
    """Do it and take it back: what a dry run says is what the deed would say."""
    try:
        with transaction.atomic():
            _do(user, document, draft_id, act, at)
            raise _TakenBack
    except _TakenBack:
        return None
    except Refusal as refusal:
        return refusal.problem


class _TakenBack(Exception):
    """The deed of a dry run succeeded and is undone."""


def begin_batch(*, user: User, act: str, rows: Iterable[Waiting], at: datetime) -> Batch:
    """Begin to send or hand over drafts; the work is done in the background. Raises NotAllowed for none or too many."""
    require_role(user, Role.TRADER_CLERK)
    wanted = list(rows)
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise NotAllowed(f"一次可办理 1 至 {MOST_AT_ONCE} 份草稿。", f"1 to {MOST_AT_ONCE} drafts at once.",
                         "请重新选择。", "Choose again.", code="BATCH-SIZE")  # fmt: skip
    with transaction.atomic():
        batch = Batch.objects.create(
            firm_id=user.organisation_id, author_id=user.pk, act=BatchAct(act), made_at=at, touched_at=at
        )
        BatchRow.objects.bulk_create(
            BatchRow(batch=batch, place=place, draft_id=row.pk, document=row.document, number=row.number,
                     client_name=row.client_name)
            for place, row in enumerate(wanted, start=1)
        )  # fmt: skip
        ids = [row.pk for row in wanted]
        audit.record_batch(act=f"begin_batch_{act}", subject_kind="batch", ids_digest=audit.digest_of_ids(ids),
                           count=len(ids), at=at, actor=user)  # fmt: skip
        app.configure_task("run_batch").defer(batch_id=str(batch.pk))
    return batch


def take_up(*, user: User, batch_id: UUID, at: datetime) -> Batch:
    """Let a batch that stopped go on with the drafts that wait."""
    require_role(user, Role.TRADER_CLERK)
    with transaction.atomic():
        batch: Batch = get_visible(Batch.objects.select_for_update(), user, pk=batch_id)
        if batch.finished_at is None:
            batch.touched_at = at
            batch.save(update_fields=["touched_at"])
            app.configure_task("run_batch").defer(batch_id=str(batch.pk))
    return batch


def take_up_stopped(*, at: datetime) -> int:
    """Let every batch that has not moved go on; return how many."""
    stopped = list(Batch.objects.filter(finished_at__isnull=True, touched_at__lt=at - TAKEN_UP_AFTER)[:50])
    for batch in stopped:
        with transaction.atomic():
            if Batch.objects.filter(pk=batch.pk, touched_at=batch.touched_at).update(touched_at=at):
                app.configure_task("run_batch").defer(batch_id=str(batch.pk))
    return len(stopped)


def run_batch(*, batch_id: UUID, at: datetime) -> int:
    """Do what waits of a batch, draft by draft, each in its own transaction; return how many were done now.

    Two workers on one batch never do a draft twice: each row is locked while it is done, and skipped by the other.
    """
    batch = Batch.objects.filter(pk=batch_id, finished_at__isnull=True).first()
    if batch is None:
        return 0
    person = accounts.people_by_id([batch.author_id]).get(batch.author_id)
    count = 0
    while True:
        with transaction.atomic():
            waiting = BatchRow.objects.select_for_update(skip_locked=True).filter(
                batch_id=batch_id, result=RowResult.WAITING
            )
            row = waiting.order_by("place").first()
            if row is None:
                break
            _do_row(row, batch, person, at)
            count += 1
            if count % 5 == 1:
                Batch.objects.filter(pk=batch_id).update(touched_at=at)
    if not BatchRow.objects.filter(batch_id=batch_id, result=RowResult.WAITING).exists():
        Batch.objects.filter(pk=batch_id, finished_at__isnull=True).update(finished_at=at, touched_at=at)
    return count


def _do_row(row: BatchRow, batch: Batch, person: User | None, at: datetime) -> None:
    problem: Problem | None = None
    try:
        if person is None:
            raise NotAllowed("办理人的账号已停用。", "The account of the person is suspended.", "请由他人重新办理。",
                             "Let somebody else do it.", code="BATCH-PERSON")  # fmt: skip
        if not _is_done(person, row, batch.act):
            with transaction.atomic():
                _do(person, row.document, row.draft_id, batch.act, at)
    except Refusal as refusal:
        problem = refusal.problem
    row.result = RowResult.REFUSED if problem else RowResult.DONE
    row.problem, row.done_at = problem.to_dict() if problem else None, at
    row.save(update_fields=["result", "problem", "done_at"])


def _is_done(person: User, row: BatchRow, act: str) -> bool:
    """Whether somebody did it already: nothing is sent twice."""
    if act != BatchAct.SEND:
        return False
    try:
        draft: Any = _read(person, row.document, row.draft_id)
    except NotYours:
        return False
    return draft.state in ("sent", "declared", "awaiting_signature")


def _read(person: User, document: str, draft_id: UUID) -> Any:
    return (goods if document == Document.GOODS_DRAFT else parcels).get_draft(user=person, pk=draft_id)


def _do(user: User, document: str, draft_id: UUID, act: str, at: datetime) -> None:
    """Do the act by the very service that the form calls. Raises what that raises."""
    is_goods = document == Document.GOODS_DRAFT
    if act == BatchAct.SUBMIT and is_goods:
        goods_checking.submit_draft(user=user, draft_id=draft_id, at=at)
    elif act == BatchAct.SUBMIT:
        parcel_checking.submit_for_check(user=user, pk=draft_id, at=at)
    elif is_goods:
        goods_drafting.send_draft(user=user, draft_id=draft_id, at=at)
    else:
        parcel_drafting.declare_draft(user=user, draft_id=draft_id, at=at)
