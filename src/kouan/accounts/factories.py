"""Organisations and people for tests: plain functions, each call makes another one.

``make_user(role="officer", agency="customs")`` makes the organisation too; give ``organisation=`` to share one.
"""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from stdnum.cn.uscc import calc_check_digit

from kouan.accounts.codes import ROLES_OF_KIND, AgencyCode, OrganisationKind, Role
from kouan.accounts.models import Delegation, Organisation, Unit, User
from kouan.accounts.rules import ends_soon_at

PASSWORD = "a-password-for-tests-1"  # noqa: S105
LONG_AGO = dt.datetime(2018, 9, 1, tzinfo=dt.UTC)
_numbers = count(1)


def make_uscc(number: int, prefix: str = "91420100MA") -> str:
    """An invented unified social credit code with a valid check digit."""
    body = f"{prefix}{number:0{17 - len(prefix)}d}"
    return body + calc_check_digit(body)


def make_organisation(kind: str = OrganisationKind.PLATFORM, *, agency: str = "", **columns: Any) -> Organisation:
    """An organisation of one kind (or ``kinds=[…]``); an agency is the customs unless ``agency`` names another."""
    number = next(_numbers)
    kinds = columns.pop("kinds", [kind])
    if OrganisationKind.AGENCY in kinds:
        agency = agency or AgencyCode.CUSTOMS
    values = {
        "name_zh": f"测试单位{number}",
        "kinds": list(kinds),
        "agency_code": agency,
        "uscc": make_uscc(number),
        "customs_code": f"4201{number:06d}",
        "since": LONG_AGO.date(),
    }
    return Organisation.objects.create(**(values | columns))


def make_unit(organisation: Organisation, **columns: Any) -> Unit:
    """A department of an organisation."""
    values = {"name_zh": f"测试部门{next(_numbers)}", "since": LONG_AGO.date()}
    return Unit.objects.create(organisation=organisation, **(values | columns))


def make_user(
    role: str | None = Role.TRADER_CLERK, *, organisation: Organisation | None = None, agency: str = "", **columns: Any
) -> User:
    """A person with one role (or ``roles=[…]``; ``role=None`` for none) whose password is ``PASSWORD``."""
    number = next(_numbers)
    roles = columns.pop("roles", [role] if role else [])
    if organisation is None:
        kind = OrganisationKind.PORT_OFFICE if not roles else kind_for(roles[0])
        organisation = make_organisation(kind, agency=agency)
    values = {
        "username": f"person{number}",
        "name": f"测试人员{number}",
        "roles": list(roles),
        "password": make_password(columns.pop("password", PASSWORD)),
    }
    return User.objects.create(organisation=organisation, **(values | columns))


def make_delegation(*, client: Organisation, agent: Organisation, **columns: Any) -> Delegation:
    """A delegation of everything, in force since long ago."""
    values = {"since": LONG_AGO, "granted_by_id": client.id}
    values |= columns | {"ends_soon_at": ends_soon_at(columns.get("until"))}
    return Delegation.objects.create(client=client, agent=agent, **values)


def kind_for(role: str) -> OrganisationKind:
    """The first kind of organisation whose people may have a role."""
    return next(kind for kind, roles in ROLES_OF_KIND.items() if role in roles)
