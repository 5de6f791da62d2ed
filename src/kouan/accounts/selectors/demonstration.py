"""Reads of the organisations and people of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass

from kouan.accounts.codes import Role
from kouan.accounts.models import Organisation, User


@dataclass(frozen=True)
class DemoGroup:
    """People of the demonstration who do the same kind of work."""

    title: str
    people: list[User]


def list_demo_firms(kind: str) -> list[Organisation]:
    """Return the organisations of the demonstration that are of a kind, in the order in which they were entered."""
    return list(Organisation.objects.filter(is_demo=True, kinds__contains=[kind]).order_by("pk"))


def get_demo_person(username: str) -> User:
    """Return a person of the demonstration by the name under which it signs in."""
    return User.objects.get(username=username, organisation__is_demo=True)


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
