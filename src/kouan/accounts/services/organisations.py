"""Organisations, their names over time, and their units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import require_role
from kouan.accounts.codes import AliasKind, Role
from kouan.accounts.models import Organisation, OrganisationAlias, Unit
from kouan.accounts.rules import Mistake, check_customs_code, check_kinds, check_roles, check_uscc
from kouan.accounts.selectors import local_date, lock_organisation
from kouan.audit.services import record
from kouan.audit.types import Actor


class TheOrganisationIsKnown(Mistake):
    """Another organisation has this code."""


class TheDatesDoNotFit(Mistake):
    """An organisation, a name or a department would end before it began."""


class TheUnitIsKnown(Mistake):
    """The organisation has a running department of this name."""


class TheParentIsOfAnotherOrganisation(Mistake):
    """A department can stand only under one of its own organisation."""


CHANGEABLE = ("kinds", "agency_code", "uscc", "customs_code", "dxp_id", "name_en", "since", "until")
"""What update_organisation may change; the Chinese name changes only by rename_organisation, which keeps the old."""


@transaction.atomic
def create_organisation(
    *,
    actor: Actor,
    at: dt.datetime,
    name_zh: str,
    kinds: Iterable[str],
    agency_code: str = "",
    name_en: str = "",
    uscc: str = "",
    customs_code: str = "",
    dxp_id: str = "",
    since: dt.date | None = None,
    is_demo: bool = False,
) -> Organisation:
    """Enter an organisation. Raises TheCodeIsWrong, TheOrganisationIsKnown, NotAllowed."""
    require_role(actor, Role.SYSTEM_ADMIN)
    organisation = Organisation(
        name_zh=name_zh.strip(),
        name_en=name_en.strip(),
        kinds=list(kinds),
        agency_code=agency_code,
        uscc=uscc,
        customs_code=customs_code,
        dxp_id=dxp_id,
        since=since or local_date(at),
        is_demo=is_demo,
    )
    _check(organisation)
    organisation.save(force_insert=True)
    record(
        actor=actor,
        act="create_organisation",
        subject_kind="organisation",
        subject_id=organisation.id,
        at=at,
        detail={"name": organisation.name_zh, "kinds": organisation.kinds},
    )
    return organisation


@transaction.atomic
def update_organisation(*, actor: Actor, at: dt.datetime, organisation_id: UUID, **changes: Any) -> Organisation:
    """Change what CHANGEABLE names. Raises TheCodeIsWrong, TheOrganisationIsKnown, TheRolesDoNotFit, NotAllowed.

    A kind can be taken away only while nobody has a role that hangs on it.
    """
    require_role(actor, Role.SYSTEM_ADMIN)
    if unknown := set(changes) - set(CHANGEABLE):
        raise TypeError(f"update_organisation does not change {', '.join(sorted(unknown))}")
    organisation = lock_organisation(organisation_id)
    before = {name: getattr(organisation, name) for name in changes}
    for name, value in changes.items():
        setattr(organisation, name, value)
    _check(organisation)
    for person in organisation.people.filter(is_active=True):
        check_roles(roles=person.roles, kinds=organisation.kinds)
    changed = {name: [before[name], getattr(organisation, name)] for name in changes}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        organisation.save(update_fields=[*changed])
        detail = {name: [_plain(old), _plain(new)] for name, (old, new) in changed.items()}
        record(
            actor=actor,
            act="update_organisation",
            subject_kind="organisation",
            subject_id=organisation.id,
            at=at,
            detail=detail,
        )
    return organisation


@transaction.atomic
def rename_organisation(
    *, actor: Actor, at: dt.datetime, organisation_id: UUID, name_zh: str, name_en: str = "", on: dt.date
) -> Organisation:
    """Give an organisation a new name from a day on; the old one stays as an alias that ends on that day.

    Raises TheDatesDoNotFit where the present name is younger than that day, and NotAllowed.
    """
    require_role(actor, Role.SYSTEM_ADMIN)
    organisation = lock_organisation(organisation_id)
    former = organisation.aliases.filter(kind=AliasKind.FORMER, until__isnull=False).order_by("-until").first()
    since = former.until if former else organisation.since
    if on <= since:
        raise TheDatesDoNotFit(
            "ACCOUNTS-NAME-DATE",
            "on",
            f"新名称的启用日期应晚于现名称的启用日期（{since}）。",
            f"The new name has to begin after the present one did ({since}).",
        )
    OrganisationAlias.objects.create(
        organisation=organisation,
        kind=AliasKind.FORMER,
        name_zh=organisation.name_zh,
        name_en=organisation.name_en,
        since=since,
        until=on,
    )
    detail = {"name": [organisation.name_zh, name_zh.strip()], "on": on.isoformat()}
    organisation.name_zh, organisation.name_en = name_zh.strip(), name_en.strip()
    _check(organisation)
    organisation.save(update_fields=["name_zh", "name_en"])
    record(
        actor=actor,
        act="rename_organisation",
        subject_kind="organisation",
        subject_id=organisation.id,
        at=at,
        detail=detail,
    )
    return organisation


@transaction.atomic
def add_alias(
    *,
    actor: Actor,
    at: dt.datetime,
    organisation_id: UUID,
    kind: str,
    name_zh: str,
    name_en: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> OrganisationAlias:
    """Enter another name of an organisation, with the days on which it was in use where they are known."""
    require_role(actor, Role.SYSTEM_ADMIN)
    organisation = lock_organisation(organisation_id)
    alias = OrganisationAlias.objects.create(
        organisation=organisation,
        kind=AliasKind(kind),
        name_zh=name_zh.strip(),
        name_en=name_en.strip(),
        since=since,
        until=until,
    )
    record(
        actor=actor,
        act="add_alias",
        subject_kind="organisation",
        subject_id=organisation.id,
        at=at,
        detail={"name": alias.name_zh, "kind": alias.kind},
    )
    return alias


@transaction.atomic
def add_unit(
    *,
    actor: Actor,
    at: dt.datetime,
    organisation_id: UUID,
    name_zh: str,
    name_en: str = "",
    parent_id: UUID | None = None,
    since: dt.date | None = None,
) -> Unit:
    """Enter a department. Raises TheUnitIsKnown, TheParentIsOfAnotherOrganisation, NotYours, NotAllowed."""
    require_role(actor, Role.SYSTEM_ADMIN)
    organisation = lock_organisation(organisation_id)
    if organisation.units.filter(name_zh=name_zh.strip(), until__isnull=True).exists():
        raise TheUnitIsKnown(
            "ACCOUNTS-UNIT-KNOWN", "name_zh", "该部门已存在。", "The organisation has a department of this name."
        )
    parent = organisation.units.filter(id=parent_id).first() if parent_id else None
    if parent_id and parent is None:
        raise TheParentIsOfAnotherOrganisation(
            "ACCOUNTS-PARENT",
            "parent",
            "上级部门不属于本单位。",
            "The parent is not a department of this organisation.",
        )
    unit = Unit.objects.create(
        organisation=organisation,
        parent=parent,
        name_zh=name_zh.strip(),
        name_en=name_en.strip(),
        since=since or local_date(at),
    )
    record(
        actor=actor,
        act="add_unit",
        subject_kind="organisation",
        subject_id=organisation.id,
        at=at,
        detail={"unit": unit.name_zh},
    )
    return unit


def _check(organisation: Organisation) -> None:
    """Bring names and codes into their plain form and refuse what cannot stand."""
    organisation.kinds = check_kinds(kinds=organisation.kinds, agency_code=organisation.agency_code)
    organisation.uscc = check_uscc(organisation.uscc) if organisation.uscc else ""
    organisation.customs_code = check_customs_code(organisation.customs_code) if organisation.customs_code else ""
    organisation.dxp_id = organisation.dxp_id.strip()
    for name in ("uscc", "customs_code", "dxp_id"):
        code = getattr(organisation, name)
        if code and (other := Organisation.objects.filter(**{name: code}).exclude(id=organisation.id).first()):
            raise TheOrganisationIsKnown(
                "ACCOUNTS-CODE-TAKEN",
                name,
                f"该代码已登记在“{other.name_zh}”名下。",
                f"This code is registered for {other.name_en or other.name_zh}.",
                "请核对代码，或直接维护已有单位。",
                "Check the code, or edit the organisation that has it.",
            )
    if organisation.until and organisation.until <= organisation.since:
        raise TheDatesDoNotFit(
            "ACCOUNTS-DATES", "until", "停用日期应晚于启用日期。", "The last day has to come after the first."
        )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
