"""What apps above know about a thing that stands on a page of an app below: cards with links and one act.

Screens knows no other app, and an app below never calls one above. The app that knows registers a look-up once, in its
`ready()`; the page of the thing shows what it gives to the person who looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

User = Any


@dataclass(frozen=True)
class Link:
    """One thing that belongs to another: its name and page, its state as a Chip or a state of ``family``."""

    label: Any
    url: str
    state: Any = None
    family: str = ""
    note: Any = ""


@dataclass(frozen=True)
class Related:
    """A card: what belongs to the thing, and what the person may begin about it (empty where nothing)."""

    heading: Any
    links: Sequence[Link] = ()
    act: Any = ""
    act_url: str = ""


Find = Callable[[User, UUID], "Related | None"]
_finders: dict[str, list[Find]] = {}


def register(kind: str, find: Find) -> None:
    """Add a look-up for things of a kind (``case``, ``ticket``); called from an app's `ready()`."""
    known = _finders.setdefault(kind, [])
    if find not in known:
        known.append(find)


def related_to(kind: str, pk: UUID, user: User) -> list[Related]:
    """Give the cards about a thing that the person may see; those with nothing in them are left out."""
    found = [find(user, pk) for find in _finders.get(kind, [])]
    return [each for each in found if each is not None and (each.links or each.act_url)]
