"""Reading what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection as database

from kouan.kernel.identifiers import first_uuid7_at
from kouan.workflow.models import Event

CLOCKS_DIFFER_BY = timedelta(seconds=1)
"""The most by which the clocks of our processes and of the database are taken to differ."""

_OLDEST_WRITER = """
select least(clock_timestamp(), min(xact_start)) from pg_stat_activity
where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()
"""


def list_events(*, subject_id: UUID) -> list[Event]:
    """Give the events of a case in order. The caller has made sure that the case may be seen."""
    return list(Event.objects.filter(subject_id=subject_id).order_by("id"))


def list_settled_events(*, after: UUID, limit: int) -> list[Event]:
    """Give the next events of all cases in order, for an app above that consumes them one after another.

    An id carries the time at which it was made, and its transaction may commit later than that of a greater one. So
    only what is older than the beginning of the oldest transaction that is still writing is given: below that, nothing
    can appear any more, and a reader that goes on from the last id misses none.
    """
    with database.cursor() as cursor:
        cursor.execute(_OLDEST_WRITER)
        settled_at: datetime = cursor.fetchone()[0] - CLOCKS_DIFFER_BY
    return list(Event.objects.filter(id__gt=after, id__lt=first_uuid7_at(settled_at)).order_by("id")[:limit])


def events_by_id(ids: Iterable[UUID]) -> list[Event]:
    """Give events by id, in order; for an app above that was told of them before."""
    return list(Event.objects.filter(id__in=list(ids)).order_by("id"))


def count_events(subject_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Count the events of cases; those without any are missing."""
    with database.cursor() as cursor:
        cursor.execute(
            "select subject_id, count(*) from workflow_event where subject_id = any(%s) group by subject_id",
            [list(subject_ids)],
        )
        return dict(cursor.fetchall())
