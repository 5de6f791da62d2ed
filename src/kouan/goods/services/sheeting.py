"""Sheets: a spreadsheet of declarations is tried out and sent in the background, with its progress on the page.

What is kept of a trial is bounded: how many are fit, and the first faulty declarations with their rows. Sending goes
from batch to batch, each in a transaction of its own that notes how far it is; cut off, it goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from kouan.accounts import selectors as accounts
from kouan.accounts.access import get_visible, require_role
from kouan.accounts.codes import Role
from kouan.audit import services as audit
from kouan.checking.codes import CheckedKind
from kouan.checking.selectors import has_to_be_checked
from kouan.goods.codes import SheetState
from kouan.goods.models import GoodsSheet, GoodsSheetMessage
from kouan.goods.services.drafting import check_sheet, keep_many, send_many
from kouan.goods.sheets import LIMITS, SheetDeclaration, columns_of, marks_of, read_sheet
from kouan.records.problems import Problem, has_error
from kouan.safekeeping.safe import safe
from kouan.screens.marking import Mark, Marked, Words, annotate_workbook
from kouan.screens.sheets import SheetNotReadable, read_rows

if TYPE_CHECKING:
    from kouan.accounts.models import User

KEPT = timedelta(days=30)
"""How long a sheet that was never sent is kept."""
MOST_FAULTY = 2_000
"""So many faulty declarations of a sheet are kept with their problems; the others are counted."""
AT_ONCE = 200
"""So many declarations are checked, or sent, before the progress is noted."""


def keep_sheet(*, user: User, name: str, data: bytes, at: datetime) -> GoodsSheet:
    """Keep a sheet as it was uploaded, and have it tried out."""
    require_role(user, Role.TRADER_CLERK)
    with transaction.atomic():
        own = GoodsSheet.objects.visible_to(user).filter(author_id=user.pk)
        own.exclude(state=SheetState.SENT).filter(uploaded_at__lt=at - KEPT).delete()
        sheet = GoodsSheet.objects.create(
            organisation_id=user.organisation_id, author_id=user.pk, name=name[-255:], uploaded_at=at,
            content=safe().keep(data, at),
        )  # fmt: skip
        app.configure_task("try_goods_sheet").defer(sheet_id=str(sheet.pk))
    return sheet


def try_sheet(*, sheet_id: UUID, at: datetime) -> None:
    """Read a sheet, check each declaration by the rules that will check it on arrival, and note what was found."""
    sheet = GoodsSheet.objects.filter(pk=sheet_id, state=SheetState.READING).first()
    if sheet is None:
        return
    rows = GoodsSheet.objects.filter(pk=sheet_id)
    try:
        made = read_sheet(_content(sheet), sheet.name)
    except SheetNotReadable as reason:
        faulty = [_to_plain("", [1], 0, [Mark(1, "", "", reason.problem)])]
        rows.update(state=SheetState.UNREADABLE, problems=faulty, finished_at=at)
        return
    rows.update(total=len(made))
    fit, faulty = 0, []
    author = accounts.people_by_id([sheet.author_id])[sheet.author_id]
    for batch in _batches(made):
        check_sheet(user=author, made=batch, at=at)
        for one in batch:
            fit += not has_error(one.problems)
            if one.problems and len(faulty) < MOST_FAULTY:
                faulty.append(_to_plain(one.client_no, one.rows, len(one.values["goods"]), marks_of(one)))
        rows.update(done=sheet.done + len(batch), fit=fit)
        sheet.done += len(batch)
    faulty.sort(key=lambda one: not one["is_refused"])
    rows.update(state=SheetState.TRIED, problems=faulty, finished_at=at)


def ask_to_send(*, user: User, sheet_id: UUID, at: datetime) -> GoodsSheet:
    """Have the declarations of a sheet that are fit sent; a sheet is sent once."""
    require_role(user, Role.TRADER_CLERK)
    with transaction.atomic():
        sheet: GoodsSheet = get_visible(GoodsSheet.objects.select_for_update(), user, pk=sheet_id)
        if sheet.state == SheetState.TRIED and sheet.fit:
            sheet.state, sheet.done, sheet.finished_at = SheetState.SENDING, 0, None
            sheet.awaits_check = has_to_be_checked(sheet.organisation_id, CheckedKind.GOODS)
            sheet.save(update_fields=["state", "done", "finished_at", "awaits_check"])
            audit.record(actor=user, act="send_goods_sheet", subject_kind="goods_sheet", subject_id=sheet.pk, at=at,
                         detail={"declarations": sheet.fit})  # fmt: skip
            app.configure_task("send_goods_sheet").defer(sheet_id=str(sheet.pk))
    return sheet


def send_sheet(*, sheet_id: UUID, at: datetime) -> None:
    """Send what is fit of a sheet, batch by batch; what was sent before it was cut off is not sent again."""
    sheet = GoodsSheet.objects.filter(pk=sheet_id, state=SheetState.SENDING).first()
    if sheet is None:
        return
    made = read_sheet(_content(sheet), sheet.name)
    author = accounts.people_by_id([sheet.author_id])[sheet.author_id]
    for batch in _batches(made[sheet.done :]):
        with transaction.atomic():
            values = [one.values for one in batch if not has_error(one.problems)]
            sheet.done, sheet.sent = sheet.done + len(batch), sheet.sent + _hand_on(sheet, author, values, at)
            sheet.save(update_fields=["done", "sent"])
    GoodsSheet.objects.filter(pk=sheet.pk).update(state=SheetState.SENT, finished_at=at)


def _hand_on(sheet: GoodsSheet, author: User, values: Sequence[dict[str, Any]], at: datetime) -> int:
    """Send declarations, or make drafts of them that are handed over to be checked; return how many."""
    if sheet.awaits_check:
        return len(keep_many(user=author, sets=values, at=at))
    ids = send_many(user=author, sets=values, at=at)
    GoodsSheetMessage.objects.bulk_create(GoodsSheetMessage(sheet_id=sheet.pk, message_id=pk) for pk in ids)
    return len(ids)


def annotate_sheet(*, user: User, sheet_id: UUID, say: Words) -> bytes:
    """Give the workbook back with what is wrong written into it. Raises NotYours, SheetNotReadable."""
    sheet: GoodsSheet = get_visible(GoodsSheet.objects, user, pk=sheet_id)
    data = _content(sheet)
    rows = read_rows(data, sheet.name, LIMITS)
    marks = [mark for one in sheet.problems for mark in marks_from(one)]
    return annotate_workbook(data, Marked(rows, columns_of(rows[0]), marks, range(2, len(rows) + 1)), say)


def marks_from(faulty: dict[str, Any]) -> list[Mark]:
    """Give the marks of a faulty declaration as they were kept."""
    return [Mark(one["row"], one["name"], one["title"], Problem(**one["problem"])) for one in faulty["marks"]]


def _to_plain(client_no: str, rows: Sequence[int], lines: int, marks: Iterable[Mark]) -> dict[str, Any]:
    kept = list(marks)[:60]
    return {
        "client_no": client_no, "first": rows[0], "last": rows[-1], "lines": lines,
        "is_refused": any(mark.problem.is_error for mark in kept),
        "marks": [
            {"row": mark.row, "name": mark.name, "title": mark.title, "problem": mark.problem.to_dict()}
            for mark in kept
        ],
    }  # fmt: skip


def _batches(made: Sequence[SheetDeclaration]) -> Iterator[Sequence[SheetDeclaration]]:
    for start in range(0, len(made), AT_ONCE):
        yield made[start : start + AT_ONCE]


def _content(sheet: GoodsSheet) -> bytes:
    return safe().take(bytes(sheet.content))
