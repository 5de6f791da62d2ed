"""Ways to move bytes. A transport sends one named item, and says how that ended; it knows nothing of messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for an item, as far as it was read. fault: why it was not read to its end; empty if it was."""

    status: int
    content_type: str
    body: bytes
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """How one attempt ended: ``delivered``, ``refused`` (do not retry) or ``unreachable`` (retry)."""

    outcome: str
    detail: str = ""
    answer: Answer | None = None


class Transport(Protocol):
    """Hands one item over under a name that is the same at every attempt, so that twice is once."""

    def send(self, name: str, data: bytes, *, maybe_sent: bool) -> Sent:
        """Send; ``maybe_sent`` when an earlier attempt was cut off and may have got through."""
        ...


@dataclass(frozen=True, slots=True)
class Parcel:
    """One item as it leaves: see ``Transport.send``."""

    name: str
    data: bytes
    maybe_sent: bool


@runtime_checkable
class SendsTogether(Protocol):
    """A transport for which several items at once are quicker than one after the other."""

    def send_together(self, parcels: Sequence[Parcel]) -> list[Sent]:
        """Send in order; ends with the first that is unreachable, so that there may be fewer answers than parcels."""
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
