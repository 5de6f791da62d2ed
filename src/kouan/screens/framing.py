"""What the frame of a page asks of other apps: who the person is, which roles, how many notifications.

Screens knows no other app. The app that knows the answer registers it once, in its `ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from kouan.screens.counts import count_for

User = Any


@dataclass(frozen=True)
class Person:
    """How the top bar names the person who works: name, unit, and whether acting for another."""

    name: str
    unit: str = ""
    acting_for: str = ""


@dataclass(frozen=True)
class Notifications:
    """How many unread notifications the person has, and where they are."""

    count: int
    url: str


def _roles_from_nothing(user: User) -> Collection[str]:
    return ()


def _person_from_django(user: User) -> Person:
    return Person(name=user.get_username())


_read_roles: Callable[[User], Collection[str]] = _roles_from_nothing
_read_person: Callable[[User], Person] = _person_from_django
_read_notifications: tuple[Callable[[User], int], str] | None = None


def register_roles(read: Callable[[User], Collection[str]]) -> None:
    """Say how a person's roles are read: role names as `navigation.register(roles=…)` uses them."""
    global _read_roles
    _read_roles = read


def register_person(read: Callable[[User], Person]) -> None:
    """Say how a person is named in the top bar."""
    global _read_person
    _read_person = read


def register_notifications(count: Callable[[User], int], *, url_name: str) -> None:
    """Say how many notifications a person has not read, and the page that lists them."""
    global _read_notifications
    _read_notifications = (count, url_name)


def roles_of(user: User) -> frozenset[str]:
    """The names of the roles that the person holds now."""
    if not getattr(user, "is_authenticated", False):
        return frozenset()
    return frozenset(str(role) for role in _read_roles(user))


def person_of(user: User) -> Person:
    return _read_person(user)


def notifications_of(user: User, *, since: float = 0.0) -> Notifications | None:
    """The person's unread notifications, counted no earlier than `since`; None where no app keeps any."""
    if _read_notifications is None:
        return None
    count, url_name = _read_notifications
    try:
        return Notifications(count_for(user, url_name, count, since=since) or 0, reverse(url_name))
    except NoReverseMatch:
        return None
