"""Reads of notices: what a person has been told, what is wanted, how endpoints and letters fare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection as database
from django.db.models import BooleanField, Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from kouan.accounts import selectors as accounts
from kouan.accounts.access import get_visible
from kouan.notices.codes import DispatchState, EndpointState, NoticeState, Scope
from kouan.notices.models import (
    NOTHING,
    Dispatch,
    Endpoint,
    Follow,
    Mail,
    Notice,
    Reader,
    ReadMark,
    Subscription,
    UntoldEvent,
)
from kouan.notices.topics import default_topics

if TYPE_CHECKING:
    from kouan.accounts.models import User

MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody is told: topics of which cases, and whether that was chosen by person, organisation or nobody."""

    topics: tuple[str, ...]
    scope: str
    source: str


def choice_of(user: User) -> Choice:
    """Give what a person is told: the own choice, else that of the organisation, else what fits the roles."""
    rows = {row.owner_id: row for row in Subscription.objects.filter(pk__in=[user.pk, user.organisation_id])}
    return _choice(rows, user.pk, user.organisation_id, user.roles)


def choice_of_organisation(user: User) -> Choice:
    """Give what the people of one's organisation are told who have not chosen themselves."""
    rows = {row.owner_id: row for row in Subscription.objects.filter(pk=user.organisation_id)}
    return _choice(rows, user.organisation_id, user.organisation_id, user.roles)


def _choice(rows: dict[UUID, Subscription], owner: UUID, organisation: UUID, roles: Iterable[str]) -> Choice:
    for source, key in (("person", owner), ("organisation", organisation)):
        if row := rows.get(key):
            return Choice(tuple(row.topics), row.scope, "organisation" if row.is_organisation else source)
    return Choice(tuple(default_topics(roles)), Scope.ALL, "roles")


def wanted_topics(organisation_ids: Collection[UUID], *, at: datetime) -> dict[UUID, frozenset[str]]:
    """Give, for organisations, the topics that at least one of those who work for them wants to be told."""
    people = accounts.colleagues_of(organisation_ids, at=at)
    owners = {one.person_id for one in people} | {one.own_organisation_id for one in people}
    rows = {row.owner_id: row for row in Subscription.objects.filter(pk__in=owners)}
    wanted: dict[UUID, set[str]] = defaultdict(set)
    for one in people:
        choice = _choice(rows, one.person_id, one.own_organisation_id, one.roles)
        if choice.scope != Scope.FOLLOWED:
            wanted[one.organisation_id].update(choice.topics)
    return {organisation_id: frozenset(topics) for organisation_id, topics in wanted.items()}


def followed_among(subject_ids: Collection[UUID]) -> set[UUID]:
    """Keep those cases that somebody follows."""
    return set(Follow.objects.filter(subject_id__in=subject_ids).values_list("subject_id", flat=True))


def is_following(user: User, subject_id: UUID) -> bool:
    """Whether a person follows a case."""
    return Follow.objects.filter(person_id=user.pk, subject_id=subject_id).exists()


# The bell ------------------------------------------------------------------------------------------------------------


def list_notices(user: User) -> QuerySet[Notice]:
    """Give what a person has been told, by the choices that hold now; an event that concerns two firms is one."""
    choice = choice_of(user)
    read_up_to = Reader.objects.filter(pk=user.pk).values_list("read_up_to", flat=True).first() or UUID(NOTHING)
    rows = Notice.objects.visible_to(user)
    chosen = Q(topic__in=choice.topics)
    twins = Notice.objects.filter(
        event_id=OuterRef("event_id"), organisation_id__in=user.acting_wholly, pk__lt=OuterRef("pk")
    )
    if choice.scope == Scope.DECLARED:
        chosen &= Q(is_declarer=True)
        twins = twins.filter(is_declarer=True)
    followed = Q(Exists(Follow.objects.filter(person_id=user.pk, subject_id=OuterRef("subject_id"))))
    rows = rows.filter(followed if choice.scope == Scope.FOLLOWED else chosen | followed)
    if len(user.acting_wholly) > 1:
        rows = rows.exclude(Exists(twins))
    is_marked = Exists(ReadMark.objects.filter(person_id=user.pk, notice_id=OuterRef("pk")))
    return rows.annotate(
        is_read=Case(
            When(Q(pk__lte=read_up_to) | Q(is_marked), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
        state=Case(
            When(is_read=True, then=Value(NoticeState.READ.value)),
            default=Value(NoticeState.UNREAD.value),
            output_field=CharField(),
        ),
    )


def count_unread(user: User) -> int:
    """Count what a person has not read, up to a hundred."""
    return list_notices(user).filter(is_read=False).order_by()[:MOST_COUNTED].values("pk").count()


def get_notice(*, user: User, pk: UUID) -> Notice:
    """Give one notice; raises NotYours."""
    return get_visible(Notice.objects, user, pk=pk)


def reader_of(user: User) -> Reader:
    """Give how a person reads and gets mail; an unsaved one where nothing was set."""
    return Reader.objects.filter(pk=user.pk).first() or Reader(person_id=user.pk)


# Endpoints -----------------------------------------------------------------------------------------------------------


def list_endpoints(user: User) -> QuerySet[Endpoint]:
    """Give the endpoints that a person may see, with how they fare."""
    waiting = Dispatch.objects.filter(endpoint_id=OuterRef("pk"))
    return Endpoint.objects.visible_to(user).annotate(
        health=Case(
            When(is_active=False, then=Value(EndpointState.CLOSED.value)),
            When(failing_since__isnull=False, then=Value(EndpointState.FAILING.value)),
            default=Value(EndpointState.WORKING.value),
            output_field=CharField(),
        ),
        has_waiting=Exists(waiting.filter(state=DispatchState.WAITING)),
        has_dead=Exists(waiting.filter(state=DispatchState.DEAD)),
    )


def get_endpoint(*, user: User, pk: UUID) -> Endpoint:
    """Give one endpoint; raises NotYours."""
    return get_visible(Endpoint.objects, user, pk=pk)


def count_own_endpoints(organisation_id: UUID) -> int:
    """Count the endpoints of an organisation that are in use."""
    return Endpoint.objects.filter(organisation_id=organisation_id, is_active=True).count()


def open_endpoints(organisation_ids: Iterable[UUID]) -> dict[UUID, list[Endpoint]]:
    """Give the endpoints in use of organisations."""
    found: dict[UUID, list[Endpoint]] = defaultdict(list)
    for endpoint in Endpoint.objects.filter(organisation_id__in=list(organisation_ids), is_active=True):
        found[endpoint.organisation_id].append(endpoint)
    return dict(found)


def full_endpoints(endpoint_ids: Collection[UUID], *, most: int) -> set[UUID]:
    """Keep those endpoints for which at least so many events wait."""
    with database.cursor() as cursor:
        cursor.execute(
            """select id from unnest(%s::uuid[]) as one(id) where exists (
                select 1 from notices_dispatch d where d.endpoint_id = one.id and d.state = 'waiting'
                offset %s limit 1)""",
            [list(endpoint_ids), most - 1],
        )
        return {row[0] for row in cursor.fetchall()}


def count_of(endpoint: Endpoint, state: DispatchState, *, most: int = 1000) -> int:
    """Count what waits for an endpoint or was given up, up to a bound."""
    return Dispatch.objects.filter(endpoint_id=endpoint.pk, state=state)[:most].count()


def next_dispatches(endpoint: Endpoint, *, most: int = 20) -> list[Dispatch]:
    """Give what goes out next to an endpoint."""
    rows = Dispatch.objects.filter(endpoint_id=endpoint.pk, state=DispatchState.WAITING)
    return list(rows.order_by("pk")[:most])


def list_dead(user: User) -> QuerySet[Dispatch]:
    """Give what could not be delivered, with the name of the endpoint."""
    names = Endpoint.objects.filter(pk=OuterRef("endpoint_id")).values("name")
    return Dispatch.objects.visible_to(user).filter(state=DispatchState.DEAD).annotate(endpoint=Subquery(names[:1]))


def count_dead(user: User) -> int:
    """Count what could not be delivered, up to a hundred."""
    return Dispatch.objects.visible_to(user).filter(state=DispatchState.DEAD)[:MOST_COUNTED].count()


# Letters -------------------------------------------------------------------------------------------------------------


def list_mail(user: User) -> QuerySet[Mail]:
    """Give the letters that a person may see."""
    return Mail.objects.visible_to(user)


def get_mail(*, user: User, pk: UUID) -> Mail:
    """Give one letter; raises NotYours."""
    return get_visible(Mail.objects, user, pk=pk)


def count_untold() -> int:
    """Count the events that could not be told."""
    return UntoldEvent.objects.count()
