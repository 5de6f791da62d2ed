"""Reads of organisations, people and delegations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext as _

from kouan.accounts.access import NotYours, get_visible
from kouan.accounts.codes import AliasKind, OrganisationKind, PersonState, RequestState, Role
from kouan.accounts.models import Delegation, DelegationRequest, Organisation, OrganisationAlias, Unit, User
from kouan.audit import acts
from kouan.audit import selectors as audit
from kouan.screens.formats import is_english
from kouan.screens.pieces import Moment, Tone

_CODES_A_QUERY = 100
"""PostgreSQL proves that a list of constants fits a partial index up to this length (MAX_SAOP_ARRAY_SIZE)."""


class NoSuchOrganisation(LookupError):
    """No organisation has this code."""


@dataclass(frozen=True)
class NameInTime:
    """A name of an organisation with the days on which it was in use (``since`` and ``until`` as far as known)."""

    name_zh: str
    name_en: str
    kind: str
    since: dt.date | None
    until: dt.date | None

    @property
    def kind_label(self) -> str:
        """The kind in words; empty for the present name."""
        return str(AliasKind(self.kind).label) if self.kind else ""


@dataclass(frozen=True)
class DemoGroup:
    """People of the demonstration who do the same kind of work."""

    title: str
    people: list[User]


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


def organisation_names_by_code(codes: Iterable[str]) -> dict[str, str]:
    """Return the official Chinese names of the organisations behind customs codes, those known, for messages."""
    rows = Organisation.objects.filter(customs_code__in={code for code in codes if code})
    return dict(rows.values_list("customs_code", "name_zh"))


def list_demo_firms(kind: str) -> list[Organisation]:
    """Return the organisations of the demonstration that are of a kind, in the order in which they were entered."""
    return list(Organisation.objects.filter(is_demo=True, kinds__contains=[kind]).order_by("pk"))


def list_duty_units(*, on: dt.date) -> list[Organisation]:
    """Return the organisations that can answer for duties of a policy on a day: authorities, operators, carriers."""
    kinds = [
        OrganisationKind.PORT_OFFICE,
        OrganisationKind.AGENCY,
        OrganisationKind.OPERATOR,
        OrganisationKind.CARRIER,
    ]
    return list(Organisation.objects.on(on).filter(kinds__overlap=kinds).order_by("name_zh", "id"))


def list_running_of_kinds(kinds: Iterable[str], *, on: dt.date) -> list[Organisation]:
    """Organisations that do one of these things and exist on a day, by name."""
    return list(Organisation.objects.on(on).filter(kinds__overlap=list(kinds)).order_by("name_zh", "id"))


def get_demo_person(username: str) -> User:
    """Return a person of the demonstration by the name under which it signs in."""
    return User.objects.get(username=username, organisation__is_demo=True)


def get_port_office() -> Organisation:
    """Return the port office of this city."""
    return Organisation.objects.filter(kinds__contains=["port_office"]).order_by("pk")[0]


def port_office_ids() -> list[UUID]:
    """Return the organisations that are port offices."""
    return list(Organisation.objects.filter(kinds__contains=["port_office"]).values_list("pk", flat=True))


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


def organisations_ever_named(name: str) -> list[Organisation]:
    """Return the organisations that bear a name or ever bore it, whatever the day: old names lead to successors."""
    aliases = OrganisationAlias.objects.filter(name_zh=name)
    rows = Organisation.objects.filter(Q(name_zh=name) | Q(id__in=aliases.values("organisation_id")))
    return list(rows.order_by("name_zh", "id"))


def name_on(organisation: Organisation, *, on: dt.date) -> str:
    """Return the Chinese name that an organisation bore on a day."""
    former = organisation.aliases.filter(Q(since__isnull=True) | Q(since__lte=on), kind="former", until__gt=on)
    alias = former.order_by("until").first()
    return alias.name_zh if alias else organisation.name_zh


def list_organisations(*, user: User) -> QuerySet[Organisation]:
    """Return the organisations that a person may see, with the number of active people and the last former name."""
    former = OrganisationAlias.objects.filter(organisation=OuterRef("pk"), kind=AliasKind.FORMER).order_by("-until")
    people = User.objects.filter(organisation=OuterRef("pk"), is_active=True).order_by().values("organisation")
    return Organisation.objects.visible_to(user).annotate(
        people_count=Coalesce(Subquery(people.annotate(count=Count("pk")).values("count")), 0),
        former_name=Subquery(former.values("name_zh")[:1]),
    )


def find_organisations(rows: QuerySet, words: str) -> QuerySet:
    """Narrow organisations to those with these words in a name, or with a code that begins so."""
    aliases = OrganisationAlias.objects.filter(Q(name_zh__icontains=words) | Q(name_en__icontains=words))
    return rows.filter(
        Q(name_zh__icontains=words)
        | Q(name_en__icontains=words)
        | Q(uscc__startswith=words.upper())
        | Q(customs_code__startswith=words.upper())
        | Q(dxp_id__startswith=words.upper())
        | Q(id__in=aliases.values("organisation_id"))
    )


def organisations_of_kinds(rows: QuerySet, kinds: list[str]) -> QuerySet:
    """Narrow organisations to those of any of these kinds."""
    return rows.filter(kinds__overlap=kinds)


def list_names(*, organisation: Organisation) -> list[NameInTime]:
    """Return all names of an organisation: the present one first, then the others, the youngest first."""
    aliases = list(organisation.aliases.order_by("-until", "-since", "id"))
    former = [alias.until for alias in aliases if alias.kind == AliasKind.FORMER and alias.until]
    present = NameInTime(
        organisation.name_zh,
        organisation.name_en,
        "",
        max(former, default=organisation.since),
        organisation.until,
    )
    return [
        present,
        *(NameInTime(alias.name_zh, alias.name_en, alias.kind, alias.since, alias.until) for alias in aliases),
    ]


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


def name_of_organisation(column: str) -> Subquery:
    """Return, for lists of other apps, the name of the organisation whose id stands in a column, in their language."""
    name = Coalesce(NullIf(F("name_en"), Value("")), F("name_zh")) if is_english() else F("name_zh")
    return Subquery(Organisation.objects.filter(pk=OuterRef(column)).values(shown=name)[:1])


def name_of_person(column: str) -> Subquery:
    """Return, for lists of other apps, the name of the person whose id stands in a column of their rows."""
    return Subquery(User.objects.filter(pk=OuterRef(column)).values("name")[:1])


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


def list_delegations(*, user: User, of: UUID | None = None) -> QuerySet[Delegation]:
    """Return the delegations that a person may see, the youngest first; ``of``: those of one organisation."""
    rows = Delegation.objects.visible_to(user).select_related("client", "agent").order_by("-since", "-id")
    return rows.filter(Q(client_id=of) | Q(agent_id=of)) if of else rows


def get_delegation(*, user: User, pk: UUID) -> Delegation:
    """Return one delegation that a person may see; raise NotYours otherwise."""
    return get_visible(Delegation.objects.select_related("client", "agent"), user, pk=pk)


def list_requests(*, user: User) -> QuerySet[DelegationRequest]:
    """Return the requests for a delegation that a person may see."""
    return DelegationRequest.objects.visible_to(user).select_related("client", "agent")


def get_request(*, user: User, pk: UUID) -> DelegationRequest:
    """Return one request that a person may see; raise NotYours otherwise."""
    return get_visible(DelegationRequest.objects.select_related("client", "agent"), user, pk=pk)


def count_requests_asked_of(user: User) -> int:
    """Count the requests that wait for the answer of a person's firm."""
    return DelegationRequest.objects.filter(client_id=user.organisation_id, state=RequestState.ASKED).count()


def delegations_by_id(ids: Iterable[UUID]) -> dict[UUID, Delegation]:
    """Return delegations for ids that a page already shows."""
    return Delegation.objects.in_bulk(list(set(ids)))


def clients_of(agent_id: UUID) -> list[Organisation]:
    """Return the firms that ever delegated to an agent, by name. For the system's own use."""
    clients = Delegation.objects.filter(agent_id=agent_id).values("client_id")
    return list(Organisation.objects.filter(id__in=clients).order_by("name_zh", "id"))


def list_agents(*, user: User, at: dt.datetime) -> QuerySet[Organisation]:
    """Return the firms to which a person's own firm may delegate, by name."""
    agents = Organisation.objects.on(local_date(at)).filter(kinds__contains=[OrganisationKind.AGENT])
    return agents.exclude(id=user.organisation_id).order_by("name_zh", "id")


def list_demo_people() -> list[User]:
    """Return the people of the demonstration, by user name."""
    return list(User.objects.filter(is_demo=True).select_related("organisation").order_by("username"))


def list_demo_sign_ins() -> list[DemoGroup]:
    """Return the people of the demonstration, grouped by the first of their roles."""
    people = User.objects.filter(is_demo=True, is_active=True).select_related("organisation")
    by_role: dict[str, list[User]] = {}
    for person in people.order_by("username"):
        if person.roles:
            by_role.setdefault(person.roles[0], []).append(person)
    return [DemoGroup(str(role.label), by_role[role]) for role in Role if role in by_role]


def list_account_moments(*, person: User) -> list[Moment]:
    """Return what was done with a person's account, the youngest first; the same act over and over is one moment."""
    entries = audit.list_entries_about(subject_kind="user", subject_id=str(person.id), limit=60)
    moments = []
    for (act, note), group in groupby(entries, key=lambda entry: (entry.act, _note_of(entry))):
        some = list(group)
        times = _("%(n)s 次") % {"n": len(some)} if len(some) > 1 else ""
        moments.append(
            Moment(
                what=acts.word_of_act(act),
                at=some[0].at,
                who="" if some[0].actor_id in {person.id, None} else some[0].actor_label,
                note=" · ".join(text for text in (times, note) if text),
                tone=Tone.REFUSED if act in {"fail_sign_in", "suspend_user"} else Tone.DONE,
            )
        )
    return moments


def list_delegation_moments(*, delegation: Delegation) -> list[Moment]:
    """Return what was done with a delegation, the youngest first."""
    return _moments_about("delegation", delegation.id)


def list_request_moments(*, request: DelegationRequest) -> list[Moment]:
    """Return what was done with a request, the youngest first."""
    return _moments_about("delegation_request", request.id)


def _moments_about(kind: str, pk: UUID) -> list[Moment]:
    entries = audit.list_entries_about(subject_kind=kind, subject_id=str(pk), limit=10)
    return [Moment(what=acts.word_of_act(entry.act), at=entry.at, who=entry.actor_label) for entry in entries]


def list_own_acts(*, user: User) -> list[Any]:
    """Return what a person did last, the youngest first."""
    return [
        {"at": entry.at, "act": acts.word_of_act(entry.act), "subject": acts.word_of_subject(entry.subject_kind)}
        for entry in audit.list_entries_by(actor_id=user.id, limit=12)
    ]


def list_audit_entries() -> QuerySet:
    """Return the audit's entries with the name of the organisation and the state of the seal."""
    name: Any = Coalesce(NullIf("name_en", Value("")), "name_zh") if is_english() else F("name_zh")
    names = Organisation.objects.filter(id=OuterRef("organisation_id")).values_list(name)
    return audit.list_entries().annotate(organisation_name=Subquery(names[:1]))


def get_audit_entry(*, pk: UUID) -> Any:
    """Return one entry of the audit, as in the list; raise NotYours where there is none."""
    entry = list_audit_entries().filter(pk=pk).first()
    if entry is None:
        raise NotYours
    return entry


def _note_of(entry: Any) -> str:
    if entry.act == "change_roles":
        before, after = ({Role(role).label for role in roles} for roles in entry.detail["roles"])
        gained, lost = ("、".join(str(label) for label in some) for some in (after - before, before - after))
        return "；".join(text for text in (gained and f"+ {gained}", lost and f"− {lost}") if text)
    return entry.detail.get("address", "")


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
