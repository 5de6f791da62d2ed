"""What an app hands to a page: chips, the next step, moments of a case, agencies side by side.

All are frozen and hold plain values; texts may be lazy translations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

Text = Any
"""A string or a lazy translation."""


class Tone(StrEnum):
    """What a state means to the eye. Each has a colour and an icon; the word comes with the chip."""

    DONE = "done"
    WAITING = "waiting"
    REFUSED = "refused"
    OVERDUE = "overdue"
    RUNNING = "running"
    IDLE = "idle"
    UNKNOWN = "unknown"


TONE_ICONS: Mapping[Tone, str] = {
    Tone.DONE: "check",
    Tone.WAITING: "hourglass",
    Tone.REFUSED: "cross",
    Tone.OVERDUE: "alert",
    Tone.RUNNING: "progress",
    Tone.IDLE: "dot",
    Tone.UNKNOWN: "help",
}


@dataclass(frozen=True, eq=False)
class Chip:
    """A state as it is shown: colour and icon by its tone, and always a word. Equal to itself only."""

    word: Text
    tone: Tone = Tone.IDLE
    icon: str = ""
    hint: Text = ""

    @property
    def shown_icon(self) -> str:
        return self.icon or TONE_ICONS[Tone(self.tone)]


_families: dict[str, dict[str, Chip]] = {}


def register_chips(family: str, chips: Mapping[Any, Chip]) -> None:
    """Give the states of one kind their chips: `register_chips("case", {State.HELD: Chip(_("暂缓"), Tone.WAITING)})`.

    Called from an app's `ready()`. A second call for the same family adds to it.
    """
    _families.setdefault(family, {}).update({_stored(state): chip for state, chip in chips.items()})


def to_chip(state: Any, family: str = "") -> Chip:
    """The chip of a state. A state nobody registered is shown as unknown, with its stored value, never guessed."""
    if isinstance(state, Chip):
        return state
    chip = _families.get(family or type(state).__name__, {}).get(_stored(state))
    if chip is not None:
        return chip
    if state in (None, ""):
        return Chip(_("无状态"), Tone.UNKNOWN)
    return Chip(_("未知状态 %(state)s") % {"state": _stored(state)}, Tone.UNKNOWN)


def _stored(state: Any) -> str:
    return str(state.value) if isinstance(state, Enum) else str(state)


@dataclass(frozen=True)
class NextStep:
    """Whose turn it is and for what. `kind`: yours, theirs, late (yours and overdue), over (nothing left to do)."""

    kind: str
    what: Text
    whose: Text = ""
    since: datetime | None = None
    by_at: datetime | date | None = None
    basis: Text = ""
    url: str = ""
    act: Text = ""

    @property
    def chip(self) -> Chip:
        return {
            "yours": Chip(_("轮到您"), Tone.WAITING, "hand"),
            "late": Chip(_("已逾期"), Tone.OVERDUE),
            "theirs": Chip(_("等待对方"), Tone.RUNNING),
            "over": Chip(_("已办结"), Tone.DONE),
        }[self.kind]


@dataclass(frozen=True)
class Moment:
    """One step of a case on its spine.

    `tone` done, waiting, refused, running, or idle for what is still to come. `took` is how long the step lasted,
    `waiting_for` who is waited for while it lasts.
    """

    what: Text
    at: datetime | None = None
    tone: Tone = Tone.DONE
    who: Text = ""
    note: Text = ""
    took: timedelta | None = None
    waiting_for: Text = ""
    is_long: bool = False
    url: str = ""

    @property
    def mark(self) -> str:
        return "to-come" if self.tone == Tone.IDLE else str(self.tone.value)


@dataclass(frozen=True)
class Agency:
    """One agency's part in a case, for the row of agencies side by side."""

    name: Text
    state: Any
    lines: Sequence[Text] = ()
    who: Text = ""
    at: datetime | None = None
    family: str = ""
    is_mine: bool = False
    url: str = ""


@dataclass(frozen=True)
class Consequence:
    """What a dangerous act will do. `final`: cannot be taken back; `undoable`: can, and the text says until when."""

    text: Text
    kind: str = ""

    @property
    def icon(self) -> str:
        return {"final": "alert", "undoable": "undo"}.get(self.kind, "arrow")


@dataclass(frozen=True)
class Emptiness:
    """Why there is nothing to see, and what to do next."""

    title: Text
    why: Text = ""
    act: Text = ""
    url: str = ""
    icon: str = "inbox"


@dataclass(frozen=True)
class Crumb:
    """A step of the way to this page."""

    label: Text
    url: str = ""
