"""People: entering them, their roles and language.

The system administrator enters people and lets them in or out; the security administrator gives roles. Neither does
the other's work, and nobody gives roles to oneself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, require_role
from kouan.accounts.codes import Language, Role
from kouan.accounts.models import User
from kouan.accounts.rules import Mistake, check_roles, check_username
from kouan.accounts.selectors import list_units, lock_organisation, lock_person
from kouan.audit.services import record
from kouan.audit.types import Actor, SystemActor


class TheUsernameIsTaken(Mistake):
    """Another person has this user name."""


class TheUnitIsOfAnotherOrganisation(Mistake):
    """The department is not one of the person's organisation."""


@transaction.atomic
def add_user(
    *,
    actor: Actor,
    at: dt.datetime,
    organisation_id: UUID,
    username: str,
    name: str,
    unit_id: UUID | None = None,
    roles: Iterable[str] = (),
    password: str | None = None,
    language: str = Language.CHINESE,
    is_demo: bool = False,
) -> User:
    """Enter a person. Without a password the person cannot sign in until reset_password gives a first one.

    A password that a person sets for another has to be changed at the first sign-in. Roles at entry are for the
    system's own use (seeding); a person's roles come from change_roles. Raises TheUsernameIsWrong,
    TheUsernameIsTaken, TheRolesDoNotFit, NotAllowed, NotYours.
    """
    require_role(actor, Role.SYSTEM_ADMIN)
    if roles and not isinstance(actor, SystemActor):
        raise NotAllowed
    organisation = lock_organisation(organisation_id)
    username = check_username(username)
    if User.objects.filter(username=username).exists():
        raise TheUsernameIsTaken(
            "ACCOUNTS-USERNAME-TAKEN",
            "username",
            f"用户名 {username} 已被使用。",
            f"The user name {username} is taken.",
            "请换一个用户名。",
            "Choose another one.",
        )
    person = User(
        organisation=organisation,
        unit=_unit_of(organisation, unit_id),
        username=username,
        name=name.strip(),
        roles=check_roles(roles=roles, kinds=organisation.kinds),
        language=Language(language),
        is_demo=is_demo,
    )
    person.set_password(password)
    if password is not None:
        person.password_set_at, person.must_change_password = at, not isinstance(actor, SystemActor)
    person.save(force_insert=True)
    _record(actor, "add_user", person, at, {"username": username, "organisation": str(organisation.id)})
    return person


@transaction.atomic
def update_user(*, actor: Actor, at: dt.datetime, user_id: UUID, name: str, unit_id: UUID | None) -> User:
    """Correct a person's name or department. Raises TheUnitIsOfAnotherOrganisation, NotAllowed, NotYours."""
    require_role(actor, Role.SYSTEM_ADMIN)
    person = lock_person(user_id)
    person.name, person.unit = name.strip(), _unit_of(person.organisation, unit_id)
    person.save(update_fields=["name", "unit"])
    _record(actor, "update_user", person, at, {"unit": str(unit_id) if unit_id else None})
    return person


@transaction.atomic
def change_roles(*, actor: Actor, at: dt.datetime, user_id: UUID, roles: Iterable[str]) -> User:
    """Give a person these roles and no others. Raises TheRolesDoNotFit, NotAllowed, NotYours."""
    require_role(actor, Role.SECURITY_ADMIN)
    if actor.pk == user_id:
        raise NotAllowed("不能调整自己的角色。", "Nobody changes one's own roles.")
    person = lock_person(user_id)
    before, person.roles = person.roles, check_roles(roles=roles, kinds=person.organisation.kinds)
    if before != person.roles:
        person.save(update_fields=["roles"])
        _record(actor, "change_roles", person, at, {"roles": [before, person.roles]})
    return person


@transaction.atomic
def suspend_user(*, actor: Actor, at: dt.datetime, user_id: UUID) -> User:
    """Let a person in no more; running sessions end with the next click. Raises NotAllowed, NotYours."""
    require_role(actor, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
    if actor.pk == user_id:
        raise NotAllowed("不能停用自己的账号。", "Nobody suspends oneself.")
    return _set_active(actor, at, user_id, is_active=False)


@transaction.atomic
def reactivate_user(*, actor: Actor, at: dt.datetime, user_id: UUID) -> User:
    """Let a suspended person in again. Raises NotAllowed, NotYours."""
    require_role(actor, Role.SYSTEM_ADMIN)
    return _set_active(actor, at, user_id, is_active=True)


@transaction.atomic
def choose_language(*, user: User, language: str, at: dt.datetime) -> None:
    """Remember the language in which a person reads."""
    if user.language != Language(language):
        user.language = Language(language)
        user.save(update_fields=["language"])
        _record(user, "choose_language", user, at, {"language": language})


def _set_active(actor: Actor, at: dt.datetime, user_id: UUID, *, is_active: bool) -> User:
    person = lock_person(user_id)
    if person.is_active != is_active:
        person.is_active = is_active
        person.save(update_fields=["is_active"])
        _record(actor, "reactivate_user" if is_active else "suspend_user", person, at)
    return person


def _unit_of(organisation: Any, unit_id: UUID | None) -> Any:
    if unit_id is None:
        return None
    if unit := list_units(organisation=organisation).filter(id=unit_id).first():
        return unit
    raise TheUnitIsOfAnotherOrganisation(
        "ACCOUNTS-UNIT", "unit", "该部门不属于此单位。", "The department is not one of this organisation."
    )


def _record(actor: Actor, act: str, person: User, at: dt.datetime, detail: dict[str, Any] | None = None) -> None:
    record(actor=actor, act=act, subject_kind="user", subject_id=person.id, at=at, detail=detail)
