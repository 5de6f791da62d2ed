"""What became of a message: the apps that store messages say it by registering a look-up when they start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Found:
    """A business document that did not simply become a version, and why; problems in their plain form."""

    index: int
    finding: str
    owner_code: str
    number: str
    problems: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many documents of a message became versions, and what was found about the others."""

    accepted: int
    found: Sequence[Found]


LookUp = Callable[[UUID], Outcome]
_look_ups: list[LookUp] = []


def register_outcomes(look_up: LookUp) -> None:
    """Say what became of an app's messages, nothing of others'; called from its ``ready()``."""
    if look_up not in _look_ups:
        _look_ups.append(look_up)


def outcome_of(message_id: UUID) -> Outcome:
    """Gather what became of a message that may be seen."""
    told = [look_up(message_id) for look_up in _look_ups]
    return Outcome(sum(one.accepted for one in told), [found for one in told for found in one.found])
