"""Timing: the nearest deadline stands with its declaration, and people are reminded of it once for each nearness."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kouan.goods.codes import Procedure, Reminder
from kouan.goods.deadlines import NEAR_DAYS, Due, arrival_days, deadlines_of, reminder_of
from kouan.goods.models import GoodsDeclaration
from kouan.goods.selectors import billed_date
from kouan.workflow.services import Happening, record_events

MOST_AT_ONCE = 2_000


def nearest_deadline(row: Any, *, declared: date | None, billed: date | None) -> Due | None:
    """Give the deadline of a declaration that ends first."""
    days = arrival_days(row.direction, declared) if declared and row.procedure == Procedure.EARLY else None
    return next(iter(deadlines_of(row, declared=declared, billed=billed, arrival_days=days)), None)


def note_deadline(row: GoodsDeclaration) -> None:
    """Let the nearest deadline stand in a row that is about to be written."""
    declared = timezone.localdate(row.declared_at) if row.declared_at else None
    due = nearest_deadline(row, declared=declared, billed=billed_date(row))
    until, what = (due.until, str(due.what)) if due else (None, "")
    if (row.due_date, row.due_for) != (until, what):
        row.due_date, row.due_for, row.reminded = until, what, ""


def remind_of_deadlines(*, at: datetime) -> int:
    """Leave an event for every deadline that has come near, is today or is over, once each; return how many."""
    today = timezone.localdate(at)
    with transaction.atomic():
        due = GoodsDeclaration.objects.filter(_to_be_reminded(today))
        rows = list(due.select_for_update(skip_locked=True).order_by("due_date", "pk")[:MOST_AT_ONCE])
        moved: dict[str, list[GoodsDeclaration]] = defaultdict(list)
        for row in rows:
            assert row.due_date is not None
            if reminder := reminder_of(row.due_date, today):
                moved[reminder].append(row)
        for reminder, together in moved.items():
            GoodsDeclaration.objects.filter(pk__in=[row.pk for row in together]).update(reminded=reminder)
            record_events(
                [
                    Happening(row.pk, "goods_deadline", f"{row.due_for}_{reminder}", "", reminder, actor_label="系统",
                              data={"for": row.due_for, "until": f"{row.due_date:%Y-%m-%d}"})
                    for row in together
                ],
                at=at,
            )  # fmt: skip
    return sum(map(len, moved.values()))


def _to_be_reminded(today: date) -> Q:
    """Say which declarations have a deadline nearer than the last reminder of it said."""
    near = Q(due_date__gt=today, due_date__lte=today + timedelta(days=NEAR_DAYS))
    return (
        (Q(due_date__lt=today) & ~Q(reminded=Reminder.PASSED))
        | (Q(due_date=today) & ~Q(reminded=Reminder.TODAY))
        | (near & ~Q(reminded=Reminder.NEAR))
    )
