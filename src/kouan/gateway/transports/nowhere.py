"""A way that leads nowhere: everything waits, and the reason is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kouan.gateway.transports import Letter, Sent, Unreachable


@dataclass(frozen=True, slots=True)
class Nowhere:
    """Stands for a channel that cannot be opened, such as one whose credential does not open any more."""

    reason: str

    def send(self, name: str, data: bytes, *, maybe_sent: bool) -> Sent:
        """Send nothing; the item waits."""
        return Sent("unreachable", self.reason)

    def fetch(self, *, limit: int) -> list[Letter]:
        """Fetch nothing. Raises Unreachable."""
        raise Unreachable(self.reason)

    def confirm(self, keys: Sequence[str]) -> None:
        """Confirm nothing. Raises Unreachable."""
        raise Unreachable(self.reason)
