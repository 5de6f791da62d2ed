"""Ways to move bytes. A transport sends one named item, and says how that ended; it knows nothing of messages."""

from __future__ import annotations

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
