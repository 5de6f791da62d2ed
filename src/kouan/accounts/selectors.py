"""Reads of organisations, people and delegations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from kouan.accounts.access import NotYours, get_visible
from kouan.accounts.codes import Role
from kouan.accounts.models import Delegation, Organisation, OrganisationAlias, Unit, User

_CODES_A_QUERY = 100
"""PostgreSQL proves that a list of constants fits a partial index up to this length (MAX_SAOP_ARRAY_SIZE)."""


class NoSuchOrganisation(LookupError):
    """No organisation has this code."""


@dataclass(frozen=True)
class OrganisationFilter:
    """What a list of organisations is narrowed to; every part may be left out."""

    words: str = ""
    kind: str = ""
    agency_code: str = ""
    is_running: bool | None = None


@dataclass(frozen=True)
class PersonFilter:
    """What a list of people is narrowed to; every part may be left out."""

    words: str = ""
    role: str = ""
    organisation_id: UUID | None = None
    is_active: bool | None = None


@dataclass(frozen=True)
class Page:
    """One page of a list that goes by key: its rows, and the key after which the next page begins ('' at the end)."""

    rows: Sequence = field(default_factory=list)
    next_key: str = ""


def local_date(at: dt.datetime) -> dt.date:
    """The day on the office's calendar."""
    return timezone.localdate(at)


def get_organisation(*, code: str) -> Organisation:
    """Return the organisation of a customs registration code or unified social credit code.

    Raises NoSuchOrganisation. For the system's own use: shows nothing to a person.
    """
    found = Organisation.objects.filter(Q(customs_code=code) | Q(uscc=code)).first() if code else None
    if found is None:
        raise NoSuchOrganisation(code)
    return found


def organisation_ids_by_code(codes: Iterable[str]) -> dict[str, UUID]:
    """Return the ids of the organisations behind codes (customs registration or unified social credit), those known.

    One indexed query for up to a hundred different codes, so cheap that a batch of messages needs no cache, which
    would also have to learn of changes made by other processes.
    """
    wanted = sorted({code for code in codes if code})
    found: dict[str, UUID] = {}
    for start in range(0, len(wanted), _CODES_A_QUERY):
        part = wanted[start : start + _CODES_A_QUERY]
        rows = Organisation.objects.filter(Q(customs_code__in=part) | Q(uscc__in=part))
        for identifier, customs_code, uscc in rows.values_list("id", "customs_code", "uscc"):
            found |= {code: identifier for code in (customs_code, uscc) if code}
    return {code: found[code] for code in wanted if code in found}


def organisation_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return names, in the language of the screen, for ids that a list already shows; one query."""
    return {organisation.id: organisation.name for organisation in Organisation.objects.filter(id__in=set(ids))}


def list_demo_firms(kind: str) -> list[Organisation]:
    """Return the organisations of the demonstration that are of a kind, in the order in which they were entered."""
    return list(Organisation.objects.filter(is_demo=True, kinds__contains=[kind]).order_by("pk"))


def get_port_office() -> Organisation:
    """Return the port office of this city."""
    return Organisation.objects.filter(kinds__contains=["port_office"]).order_by("pk")[0]


def agency_organisation_ids(agencies: Iterable[str]) -> list[UUID]:
    """Return the organisations of agencies by their codes."""
    return list(Organisation.objects.filter(agency_code__in=list(agencies)).values_list("pk", flat=True))


def organisations_named(name: str, *, on: dt.date) -> list[Organisation]:
    """Return the organisations that bore a name on a day: their present one, or an alias valid then.

    Widths and brackets have to be as entered; reading official documents is somebody else's work.
    """
    aliases = OrganisationAlias.objects.filter(
        Q(since__isnull=True) | Q(since__lte=on), Q(until__isnull=True) | Q(until__gt=on), name_zh=name
    )
    younger = OrganisationAlias.objects.filter(kind="former", until__gt=on)
    present = Q(name_zh=name) & ~Q(id__in=younger.values("organisation_id"))
    return list(
        Organisation.objects.on(on)
        .filter(present | Q(id__in=aliases.values("organisation_id")))
        .order_by("name_zh", "id")
    )


def name_on(organisation: Organisation, *, on: dt.date) -> str:
    """Return the Chinese name that an organisation bore on a day."""
    former = organisation.aliases.filter(Q(since__isnull=True) | Q(since__lte=on), kind="former", until__gt=on)
    alias = former.order_by("until").first()
    return alias.name_zh if alias else organisation.name_zh


def list_organisations(
    *, user: User, wanted: OrganisationFilter = OrganisationFilter(), after: str = "", size: int = 50
) -> Page:
    """Return one page of the organisations that a person may see, by name."""
    rows = Organisation.objects.visible_to(user)
    if wanted.words:
        rows = rows.filter(
            Q(name_zh__icontains=wanted.words)
            | Q(name_en__icontains=wanted.words)
            | Q(uscc__startswith=wanted.words.upper())
            | Q(customs_code__startswith=wanted.words.upper())
            | Q(id__in=OrganisationAlias.objects.filter(name_zh__icontains=wanted.words).values("organisation_id"))
        )
    if wanted.kind:
        rows = rows.filter(kinds__contains=[wanted.kind])
    if wanted.agency_code:
        rows = rows.filter(agency_code=wanted.agency_code)
    if wanted.is_running is not None:
        running = Q(until__isnull=True) | Q(until__gt=timezone.localdate())
        rows = rows.filter(running if wanted.is_running else ~running)
    rows = rows.annotate(people_count=Count("people", filter=Q(people__is_active=True)))
    return _page(rows, "name_zh", after, size)


def count_organisations(*, user: User) -> int:
    """Return how many organisations a person may see."""
    return Organisation.objects.visible_to(user).count()


def get_organisation_for(*, user: User, pk: UUID) -> Organisation:
    """Return one organisation that a person may see; raise NotYours otherwise."""
    return get_visible(Organisation.objects, user, pk=pk)


def lock_organisation(pk: UUID) -> Organisation:
    """Return an organisation that nobody else can change until the transaction ends; raise NotYours without one."""
    try:
        return Organisation.objects.select_for_update().get(pk=pk)
    except Organisation.DoesNotExist:
        raise NotYours from None


def list_units(*, organisation: Organisation) -> QuerySet[Unit]:
    """Return the running departments of an organisation, by name."""
    return organisation.units.filter(until__isnull=True).order_by("name_zh", "id")


def list_people(*, user: User, wanted: PersonFilter = PersonFilter(), after: str = "", size: int = 50) -> Page:
    """Return one page of the people whom a person may see, by name."""
    rows = User.objects.visible_to(user).select_related("organisation", "unit")
    if wanted.words:
        rows = rows.filter(
            Q(name__icontains=wanted.words)
            | Q(username__startswith=wanted.words.lower())
            | Q(organisation__name_zh__icontains=wanted.words)
        )
    if wanted.role:
        rows = rows.filter(roles__contains=[wanted.role])
    if wanted.organisation_id:
        rows = rows.filter(organisation_id=wanted.organisation_id)
    if wanted.is_active is not None:
        rows = rows.filter(is_active=wanted.is_active)
    return _page(rows, "name", after, size)


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


def organisations_actable_by(user: User, *, at: dt.datetime, document_kind: str = "") -> list[Organisation]:
    """Return the organisations for which a person may act, the own one first.

    document_kind: only those whose delegation covers this kind of document; a delegation without scope covers all.
    """
    held = Delegation.objects.in_force(at).filter(agent_id=user.organisation_id)
    if document_kind:
        held = held.filter(Q(scope=[]) | Q(scope__contains=[document_kind]))
    rows = Organisation.objects.on(local_date(at)).filter(
        Q(id=user.organisation_id) | Q(id__in=held.values("client_id"))
    )
    return sorted(rows, key=lambda row: (row.id != user.organisation_id, row.name_zh))


def may_act_for(user: User, organisation_id: UUID, *, at: dt.datetime, document_kind: str) -> bool:
    """Whether a person may hand in a document of this kind for an organisation."""
    return any(
        organisation.id == organisation_id
        for organisation in organisations_actable_by(user, at=at, document_kind=document_kind)
    )


def list_delegations(*, user: User) -> QuerySet[Delegation]:
    """Return the delegations that a person may see: running ones first, then the youngest."""
    return Delegation.objects.visible_to(user).select_related("client", "agent").order_by("until", "-since", "id")


def get_delegation(*, user: User, pk: UUID) -> Delegation:
    """Return one delegation that a person may see; raise NotYours otherwise."""
    return get_visible(Delegation.objects.select_related("client", "agent"), user, pk=pk)


def list_agents(*, at: dt.datetime) -> QuerySet[Organisation]:
    """Return the firms to which somebody may delegate, by name."""
    return Organisation.objects.on(local_date(at)).filter(kinds__contains=["agent"]).order_by("name_zh", "id")


def list_demo_sign_ins() -> list[User]:
    """Return the people of the demonstration, in the order in which a visitor would try them."""
    order = {role.value: place for place, role in enumerate(Role)}
    people = User.objects.filter(is_demo=True, is_active=True).select_related("organisation")
    return sorted(people, key=lambda person: (min((order[r] for r in person.roles), default=99), person.username))


def _page(rows: QuerySet, name: str, after: str, size: int) -> Page:
    """One page by the key (name, id), written ``name~id`` in the address."""
    text, _tilde, identifier = after.rpartition("~")
    try:
        rows = (
            rows.filter(Q(**{f"{name}__gt": text}) | Q(**{name: text, "id__gt": UUID(identifier)})) if after else rows
        )
    except ValueError:
        raise NotYours("after") from None
    found = list(rows.order_by(name, "id")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page(rows=found[:size], next_key=f"{getattr(last, name)}~{last.id}" if last else "")
