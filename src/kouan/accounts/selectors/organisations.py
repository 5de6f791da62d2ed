"""Reads of organisations, their names and units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from kouan.accounts.access import NotYours, get_visible
from kouan.accounts.codes import AliasKind, OrganisationKind
from kouan.accounts.models import Organisation, OrganisationAlias, Unit, User
from kouan.screens.formats import is_english

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


def agents_among(ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of some organisations that are brokers; one query."""
    rows = Organisation.objects.filter(pk__in=set(ids), kinds__contains=[OrganisationKind.AGENT])
    return frozenset(rows.values_list("pk", flat=True))


def organisation_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return names, in the language of the screen, for ids that a list already shows; one query."""
    return {organisation.id: organisation.name for organisation in Organisation.objects.filter(id__in=set(ids))}


def organisation_names_by_code(codes: Iterable[str]) -> dict[str, str]:
    """Return the official Chinese names of the organisations behind customs codes, those known, for messages."""
    rows = Organisation.objects.filter(customs_code__in={code for code in codes if code})
    return dict(rows.values_list("customs_code", "name_zh"))


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


def name_of_organisation(column: str) -> Subquery:
    """Return, for lists of other apps, the name of the organisation whose id stands in a column, in their language."""
    name = Coalesce(NullIf(F("name_en"), Value("")), F("name_zh")) if is_english() else F("name_zh")
    return Subquery(Organisation.objects.filter(pk=OuterRef(column)).values(shown=name)[:1])
