"""Ways to move bytes. A transport sends one named item, and says how that ended; it knows nothing of messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sent:
    """How one attempt ended: ``delivered``, ``refused`` (do not retry) or ``unreachable`` (retry)."""

    outcome: str
    detail: str = ""


class Transport(Protocol):
    """Hands one item over under a name that is the same at every attempt, so that twice is once."""

    def send(self, name: str, data: bytes, *, maybe_sent: bool) -> Sent:
        """Send; ``maybe_sent`` when an earlier attempt was cut off and may have got through."""
        ...


@dataclass(frozen=True, slots=True)
class Letter:
    """One answer that waits at the other side, under the key by which it is confirmed."""

    key: str
    file_name: str
    data: bytes


class Unreachable(Exception):
    """The other side does not answer, or says what nobody understands; it is asked again later."""


class Inbox(Protocol):
    """Where answers wait at the other side until they are safe here."""

    def fetch(self, *, limit: int) -> list[Letter]:
        """Give what waits, oldest first. Raises Unreachable."""
        ...

    def confirm(self, keys: Sequence[str]) -> None:
        """Say that letters are safe here. Raises Unreachable."""
        ...
