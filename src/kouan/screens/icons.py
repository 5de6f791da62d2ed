"""The names of the icons that the sprite holds."""

from __future__ import annotations

import re
from pathlib import Path

SPRITE = Path(__file__).parent / "static" / "screens" / "icons.svg"
ICONS = tuple(re.findall(r'<symbol id="([a-z-]+)"', SPRITE.read_text("utf-8")))


class UnknownIcon(Exception):
    """The sprite has no icon of this name: see the gallery at /design/."""


def known_icon(name: str) -> str:
    """Return the name; raise UnknownIcon where the sprite has none of it."""
    if name not in ICONS:
        raise UnknownIcon(name)
    return name
