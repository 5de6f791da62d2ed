"""What apps above know of a goods declaration and its page shows: they say so by registering a look-up.

Nothing here decides anything; without a look-up the page shows what this app knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kouan.screens.pieces import Agency

if TYPE_CHECKING:
    from kouan.accounts.models import User
    from kouan.goods.models import GoodsDeclaration


@dataclass(frozen=True, slots=True)
class Affair:
    """Something that goes on about a declaration elsewhere: an inspection, a coordination. The texts may be lazy."""

    word: Any
    url: str
    state: str
    family: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """The agencies that a declaration concerns, and what goes on about it."""

    agencies: Sequence[Agency] = ()
    affairs: Sequence[Affair] = field(default_factory=list)


LookUp = Callable[["GoodsDeclaration", "User"], Around]
_look_ups: list[LookUp] = []


def register_around(look_up: LookUp) -> None:
    """Say what an app above knows of declarations; called from its ``ready()``."""
    if look_up not in _look_ups:
        _look_ups.append(look_up)


def around(declaration: GoodsDeclaration, user: User) -> Around:
    """Gather what apps above know of a declaration that the person may see."""
    found = [look_up(declaration, user) for look_up in _look_ups]
    return Around(
        [agency for one in found for agency in one.agencies],
        sorted((affair for one in found for affair in one.affairs), key=lambda affair: affair.at),
    )
