"""Which pages of goods declarations stand in whose navigation."""

from __future__ import annotations

from kouan.goods import looks


def register() -> None:
    """Say what states look like."""
    looks.register()
