"""What notices have to know of supervision: the things that events are about, and whom they concern."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from kouan.supervision.models import Conference, Meeting, Report, Seat, Task, Warning
from kouan.supervision.states import SeatState


@dataclass(frozen=True, slots=True)
class Thing:
    """A task, report, meeting, letter or conference, as much of it as may be told."""

    pk: UUID
    kind: str
    title: str
    organisation_ids: tuple[UUID, ...]


def find_things(
    ids: Collection[UUID], *, task: str, report: str, meeting: str, letter: str, conference: str
) -> Iterator[Thing]:
    """Give the things of these ids; ``task`` … are the words for their kinds."""
    for pk, title, units in Task.objects.in_force().filter(pk__in=ids).values_list("pk", "title", "organisation_ids"):
        yield Thing(pk, task, title[:60], tuple(units))
    for row in Report.objects.filter(pk__in=ids):
        yield Thing(row.pk, report, f"{row.since} — {row.until}", (row.organisation_id,))
    members = _members(ids)
    for pk, title in Meeting.objects.filter(pk__in=ids).values_list("pk", "title"):
        yield Thing(pk, meeting, title[:60], members.get(pk, ()))
    for pk, name in Conference.objects.filter(pk__in=ids).values_list("pk", "name"):
        yield Thing(pk, conference, name[:60], ())
    for row in Warning.objects.filter(pk__in=ids):
        yield Thing(row.pk, letter, f"{row.word}〔{row.year}〕{row.number}号", (row.organisation_id,))


def _members(ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    conferences = dict(Meeting.objects.filter(pk__in=ids).values_list("pk", "conference_id"))
    seats = Seat.objects.filter(
        conference_id__in=conferences.values(), state=SeatState.FIXED, organisation_id__isnull=False
    )
    by_conference: dict[UUID, list[UUID]] = {}
    for conference_id, organisation_id in seats.values_list("conference_id", "organisation_id"):
        if organisation_id is not None:
            by_conference.setdefault(conference_id, []).append(organisation_id)
    return {pk: tuple(dict.fromkeys(by_conference.get(conference_id, ()))) for pk, conference_id in conferences.items()}


def units_of_letters(ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Name the unit of each letter."""
    return {pk: [unit] for pk, unit in Warning.objects.filter(pk__in=ids).values_list("pk", "organisation_id")}
