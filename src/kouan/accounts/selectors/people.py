"""Reads of people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kouan.accounts.access import NotYours, get_visible
from kouan.accounts.codes import PersonState
from kouan.accounts.models import Delegation, ProviderIdentity, User


def list_people(*, user: User, of: UUID | None = None) -> QuerySet[User]:
    """Return the people whom a person may see; ``of``: those of one organisation."""
    rows = User.objects.visible_to(user).select_related("organisation", "unit")
    return rows.filter(organisation_id=of) if of else rows


def find_people(rows: QuerySet, words: str) -> QuerySet:
    """Narrow people to those with these words in the name or organisation, or with a user name that begins so."""
    return rows.filter(
        Q(name__icontains=words)
        | Q(username__startswith=words.lower())
        | Q(organisation__name_zh__icontains=words)
        | Q(organisation__name_en__icontains=words)
    )


def people_of_roles(rows: QuerySet, roles: list[str]) -> QuerySet:
    """Narrow people to those with any of these roles."""
    return rows.filter(roles__overlap=roles)


def people_of_kinds(rows: QuerySet, kinds: list[str]) -> QuerySet:
    """Narrow people to those of organisations of any of these kinds."""
    return rows.filter(organisation__kinds__overlap=kinds)


def people_in_states(rows: QuerySet, states: list[str]) -> QuerySet:
    """Narrow people to those in any of these states (PersonState)."""
    conditions = {
        PersonState.ACTIVE: Q(is_active=True, roles__len__gt=0),
        PersonState.WAITING: Q(is_active=True, roles__len=0),
        PersonState.SUSPENDED: Q(is_active=False),
    }
    wanted = Q()
    for state in states:
        wanted |= conditions[PersonState(state)]
    return rows.filter(wanted)


def get_person(*, user: User, pk: UUID) -> User:
    """Return one person whom a person may see; raise NotYours otherwise."""
    return get_visible(User.objects.select_related("organisation", "unit"), user, pk=pk)


def lock_person(pk: UUID) -> User:
    """Return a person whose row nobody else can change until the transaction ends; raise NotYours without one."""
    try:
        return User.objects.select_for_update(of=("self",)).select_related("organisation", "unit").get(pk=pk)
    except User.DoesNotExist:
        raise NotYours from None


def person_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of people whom a list already shows by id; one query."""
    return dict(User.objects.filter(id__in=set(ids)).values_list("id", "name"))


def name_of_person(column: str) -> Subquery:
    """Return, for lists of other apps, the name of the person whose id stands in a column of their rows."""
    return Subquery(User.objects.filter(pk=OuterRef(column)).values("name")[:1])


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person who works for an organisation: as one of its people, or for an agent to whom it delegated."""

    person_id: UUID
    organisation_id: UUID
    own_organisation_id: UUID
    roles: tuple[str, ...]


def colleagues_of(organisation_ids: Iterable[UUID], *, at: dt.datetime) -> list[Colleague]:
    """Return who works for organisations at a moment, once for every organisation. For the system's own use."""
    wanted = set(organisation_ids)
    works_for: dict[UUID, set[UUID]] = {one: {one} for one in wanted}
    for client, agent in Delegation.objects.in_force(at).filter(client_id__in=wanted).values_list("client", "agent"):
        works_for.setdefault(agent, set()).add(client)
    people = User.objects.filter(organisation_id__in=works_for, is_active=True)
    return [
        Colleague(person_id, organisation_id, own, tuple(roles))
        for person_id, own, roles in people.values_list("id", "organisation_id", "roles")
        for organisation_id in works_for[own]
    ]


def people_by_id(ids: Iterable[UUID]) -> dict[UUID, User]:
    """Return the active people of ids with their organisations. For the system's own use."""
    return User.objects.filter(is_active=True).select_related("organisation", "unit").in_bulk(list(set(ids)))


def find_identity(*, user_id: UUID, issuer: str) -> ProviderIdentity | None:
    """Return as whom a provider knows a person whom the caller may see; None where they are not linked."""
    return ProviderIdentity.objects.filter(user_id=user_id, issuer=issuer).first()
