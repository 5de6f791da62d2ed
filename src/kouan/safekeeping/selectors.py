"""Reads of the keys: each month, whether it can be read, and from when on it may be erased; and who saw whose data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from kouan.accounts import selectors as accounts
from kouan.audit import selectors as audit
from kouan.records.problems import Problem
from kouan.safekeeping.marks import kind_of
from kouan.safekeeping.models import DestroyedKey, Retention, Unmasking
from kouan.safekeeping.rules import due_date_of
from kouan.safekeeping.safe import KeyGone, safe
from kouan.safekeeping.subjects import list_subjects


@dataclass(frozen=True, slots=True)
class KeptMonth:
    """One month. due_date: from when on its key may be destroyed, None while no retention was entered."""

    month: str
    due_date: date | None
    is_due: bool = False
    destroyed_at: datetime | None = None
    ground: str = ""


def retention_on(on_date: date) -> Retention | None:
    """Give the retention in force on a day."""
    return Retention.objects.filter(since__lte=on_date).order_by("-since").first()


def list_retentions() -> QuerySet[Retention]:
    """List what was entered, newest first."""
    return Retention.objects.order_by("-since")


def list_months(*, on_date: date) -> list[KeptMonth]:
    """List the months, newest first: those with a key, and those of which it was destroyed."""
    retention = retention_on(on_date)
    destroyed = {row.month: row for row in DestroyedKey.objects.all()}
    found = [
        KeptMonth(month, row.due_date, destroyed_at=row.destroyed_at, ground=row.ground)
        for month, row in destroyed.items()
    ]
    for month in safe().months():
        if month not in destroyed:
            due = due_date_of(month, retention.months) if retention else None
            found.append(KeptMonth(month, due, is_due=due is not None and due <= on_date))
    return sorted(found, key=lambda one: one.month, reverse=True)


def list_left_behind() -> list[str]:
    """List the months that are written down as destroyed and whose key still lies in the folder."""
    return list(DestroyedKey.objects.filter(month__in=safe().months()).values_list("month", flat=True))


def why_unreadable(read: Callable[[], object]) -> list[Problem]:
    """Say why something that was kept cannot be read any more; nothing where it can."""
    try:
        read()
    except KeyGone as gone:
        return [gone.problem]
    return []


READING_ACTS = ("see_personal_data", "state_purpose", "search_person")
"""The acts by which people come to see personal data."""


def running_unmasking(*, user_id: UUID, subject_id: UUID, at: datetime) -> Unmasking | None:
    """Give the purpose that a person has stated for a record and that holds still."""
    found = Unmasking.objects.filter(user_id=user_id, subject_id=subject_id, since__lte=at, until__gt=at)
    return found.order_by("-until").first()


def list_readings() -> QuerySet:
    """List the entries of the audit on personal data, for the audit administrator alone."""
    return accounts.list_audit_entries().filter(act__in=READING_ACTS)


def find_readings(rows: QuerySet, text: str) -> QuerySet:
    """Narrow to entries of a person who looked, about a record, or about whoever has this whole number."""
    condition = Q(pk__in=audit.find_entries(rows, text).values("pk"))
    if kind := kind_of(text):
        for subject in list_subjects():
            ids = [str(pk) for pk in subject.find(kind, text)]
            condition |= Q(subject_kind=subject.key, subject_id__in=ids)
    return rows.filter(condition)
