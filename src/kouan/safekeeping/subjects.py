"""Whose cases name persons: each app registers how its subject is read, named and found, when it starts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.functional import Promise

from kouan.safekeeping.marks import Number
from kouan.safekeeping.types import Person

if TYPE_CHECKING:
    from kouan.accounts.models import User


@dataclass(frozen=True)
class Subject:
    """One kind of record that names persons.

    read: the persons that a user may see in full in one record; raises NotYours, KeyGone. numbers: how records are
    called. find: the records in which a person has this number. forget: drop what could still tell two persons of an
    erased month apart.
    """

    key: str
    word: str | Promise
    page: str
    """The name of the address of one record."""
    read: Callable[[User, UUID], Sequence[Person]]
    numbers: Callable[[Collection[UUID]], Mapping[UUID, str]]
    find: Callable[[Number, str], Sequence[UUID]] = lambda kind, text: ()
    forget: Callable[[str], None] = lambda month: None


_SUBJECTS: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Make a kind of record known; once, when an app starts."""
    if subject.key in _SUBJECTS:
        raise ValueError(f"{subject.key} is registered already")
    _SUBJECTS[subject.key] = subject


def get_subject(key: str) -> Subject | None:
    """Give a kind of record by its key."""
    return _SUBJECTS.get(key)


def list_subjects() -> list[Subject]:
    """List every kind of record that names persons."""
    return list(_SUBJECTS.values())
