"""Telling: committed events become notices and dispatches, in batches, each once.

The last event that was told stands in one row. A turn locks it, takes the next settled events, writes what follows
from them and moves it on, in one transaction: after a crash the turn is done again, and two tellers never meet. Nothing
of this happens in the transactions in which the events are written.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from kouan.accounts import selectors as accounts
from kouan.accounts.access import require_role
from kouan.accounts.codes import Role
from kouan.audit import services as audit
from kouan.kernel.identifiers import uuid7
from kouan.notices import selectors
from kouan.notices.codes import DispatchState, Scope
from kouan.notices.models import Dispatch, Endpoint, Notice, Progress, UntoldEvent
from kouan.notices.topics import Subject, To, Topic, find_subjects, topic_of
from kouan.workflow import selectors as workflow

if TYPE_CHECKING:
    from kouan.accounts.models import User
    from kouan.workflow.models import Event

log = logging.getLogger("kouan.notices.telling")

EVENTS_A_TURN = 1000
MOST_WAITING = 10_000
"""So many events wait for one endpoint; what comes beyond is kept among the undelivered ones, to be sent again."""
OVERFLOW = "待推送超过上限 / too many waiting"


@dataclass(frozen=True, slots=True)
class Telling:
    """One event that concerns somebody: its topic, its case, and the organisations that are told."""

    event: Event
    topic: Topic
    subject: Subject
    organisation_ids: frozenset[UUID]


def tell_events(*, at: datetime, most: int = EVENTS_A_TURN) -> int:
    """Tell the next events; return how many were looked at, 0 when there is nothing new or another tells already.

    When a batch fails, its events are told one by one; one that fails by itself is kept aside, and the others go on.
    """
    try:
        return _tell_next(at, most)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("a batch of events could not be told; its events are told one by one")
    done = 0
    while done < most and (step := _tell_one(at)):
        done += step
    return done


def _tell_one(at: datetime) -> int:
    try:
        return _tell_next(at, 1)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("an event could not be told")
        return _set_aside(error, at)


@transaction.atomic
def _tell_next(at: datetime, most: int) -> int:
    progress = _lock_progress()
    if progress is None:
        return 0
    events = workflow.list_settled_events(after=progress.last_event_id, limit=most)
    if events:
        write_tellings(to_tellings(events), at=at)
        _move_on(events[-1].id)
    return len(events)


@transaction.atomic
def _set_aside(error: Exception, at: datetime) -> int:
    progress = _lock_progress()
    events = workflow.list_settled_events(after=progress.last_event_id, limit=1) if progress else []
    for event in events:
        words = f"{type(error).__name__}: {error}"[:2000]
        UntoldEvent.objects.get_or_create(pk=event.id, defaults={"error": words, "at": at})
        _move_on(event.id)
    return len(events)


@transaction.atomic
def tell_again(*, user: User, at: datetime) -> int:
    """Tell the events that were set aside; return how many. When one fails again, all stay and the error is raised."""
    require_role(user, Role.SYSTEM_ADMIN)
    rows = UntoldEvent.objects.select_for_update()
    events = workflow.events_by_id(row.pk for row in rows)
    write_tellings(to_tellings(events), at=at)
    UntoldEvent.objects.filter(pk__in=[event.id for event in events]).delete()
    audit.record(
        actor=user, act="tell_again", subject_kind="event", subject_id=user.pk, at=at, detail={"count": len(events)}
    )
    return len(events)


def _lock_progress() -> Progress | None:
    return Progress.objects.select_for_update(skip_locked=True).filter(pk=1).first()


def _move_on(event_id: UUID) -> None:
    Progress.objects.filter(pk=1).update(last_event_id=event_id)


# Whom an event concerns ----------------------------------------------------------------------------------------------


def to_tellings(events: Sequence[Event]) -> list[Telling]:
    """Find the topics, the cases and the audience of events; those that concern nobody fall out."""
    known = [(event, topic) for event in events if (topic := topic_of(event.kind, event.act, event.to_state))]
    subjects = find_subjects(event.subject_id for event, _ in known)
    named = _named(known)
    agencies: dict[str, list[UUID]] = {}
    found = []
    for event, topic in known:
        subject = subjects.get(event.subject_id)
        if subject is not None:
            audience = _audience(topic, subject, agencies) | named.get(event.id, frozenset())
            if audience:
                found.append(Telling(event, topic, subject, audience))
    return found


def _named(known: Iterable[tuple[Event, Topic]]) -> dict[UUID, frozenset[UUID]]:
    """Ask the apps for those whom they name, once a topic."""
    by_topic: dict[str, list[tuple[Event, Topic]]] = defaultdict(list)
    for event, topic in known:
        if topic.named is not None and event.object_id:
            by_topic[topic.key].append((event, topic))
    found: dict[UUID, frozenset[UUID]] = {}
    for some in by_topic.values():
        assert some[0][1].named is not None
        answers = some[0][1].named({event.object_id for event, _ in some if event.object_id})
        found |= {event.id: frozenset(answers.get(event.object_id, ())) for event, _ in some if event.object_id}
    return found


def _audience(topic: Topic, subject: Subject, agencies: dict[str, list[UUID]]) -> frozenset[UUID]:
    audience: set[UUID] = set()
    if To.PARTIES in topic.to:
        audience.update(subject.parties)
    if To.AGENCIES in topic.to:
        for code in subject.agencies:
            if code not in agencies:
                agencies[code] = accounts.agency_organisation_ids([code])
            audience.update(agencies[code])
    if To.PORT_OFFICE in topic.to:
        if "" not in agencies:
            agencies[""] = accounts.port_office_ids()
        audience.update(agencies[""])
    return frozenset(audience)


# What is written -----------------------------------------------------------------------------------------------------


def write_tellings(tellings: Sequence[Telling], *, at: datetime) -> None:
    """Write the notices that somebody wants and the dispatches of endpoints, in the caller's transaction."""
    if not tellings:
        return
    concerned = {organisation for telling in tellings for organisation in telling.organisation_ids}
    wanted = selectors.wanted_topics(concerned, at=at)
    followed = selectors.followed_among({telling.subject.id for telling in tellings})
    Notice.objects.bulk_create(
        [
            _notice(telling, organisation_id)
            for telling in tellings
            for organisation_id in sorted(telling.organisation_ids)
            if telling.topic.key in wanted.get(organisation_id, ()) or telling.subject.id in followed
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    _write_dispatches(tellings, concerned, at)


def _notice(telling: Telling, organisation_id: UUID) -> Notice:
    event, subject = telling.event, telling.subject
    return Notice(
        id=uuid7(),
        organisation_id=organisation_id,
        event_id=event.id,
        topic=telling.topic.key,
        subject_id=subject.id,
        subject_kind=subject.kind,
        number=subject.number[:64],
        url=subject.url,
        is_declarer=organisation_id in subject.declarers,
        at=event.at,
    )


def _write_dispatches(tellings: Sequence[Telling], concerned: Collection[UUID], at: datetime) -> None:
    endpoints: Mapping[UUID, list[Endpoint]] = selectors.open_endpoints(concerned)
    if not endpoints:
        return
    full = selectors.full_endpoints([one.pk for some in endpoints.values() for one in some], most=MOST_WAITING)
    Dispatch.objects.bulk_create(
        [
            _dispatch(telling, endpoint, endpoint.pk in full, at)
            for telling in tellings
            for organisation_id in sorted(telling.organisation_ids & endpoints.keys())
            for endpoint in endpoints[organisation_id]
            if telling.topic.key in endpoint.topics
            and (endpoint.scope != Scope.DECLARED or organisation_id in telling.subject.declarers)
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


def _dispatch(telling: Telling, endpoint: Endpoint, is_full: bool, at: datetime) -> Dispatch:
    return Dispatch(
        id=uuid7(),
        endpoint_id=endpoint.pk,
        organisation_id=endpoint.organisation_id,
        event_id=telling.event.id,
        topic=telling.topic.key,
        number=telling.subject.number[:64],
        body=body_of(telling),
        state=DispatchState.DEAD if is_full else DispatchState.WAITING,
        error=OVERFLOW if is_full else "",
        given_up_at=at if is_full else None,
        created_at=at,
    )


def body_of(telling: Telling) -> str:
    """Give the body of a webhook: type, time and the case, without personal data."""
    event, subject = telling.event, telling.subject
    case = {"id": str(subject.id), "kind": subject.kind, "number": subject.number}
    if settings.KOUAN_ADDRESS:
        case["url"] = settings.KOUAN_ADDRESS + subject.url
    data = {"case": case | dict(subject.facts), "act": event.act, "from": event.from_state, "to": event.to_state}
    said = {"id": str(event.id), "type": telling.topic.key, "timestamp": event.at.isoformat(), "data": data}
    return msgspec.json.encode(said).decode()
