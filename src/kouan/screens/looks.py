"""How a person set the look of the pages: kept in cookies, so that the server draws it right at once."""

from __future__ import annotations

from typing import Any

LOOKS: dict[str, tuple[str, ...]] = {
    "theme": ("auto", "light", "dark"),
    "density": ("usual", "tight", "loose"),
    "nav": ("open", "folded"),
}
"""Each setting with its values; the first is the usual one."""


COOKIE_SECONDS = 400 * 86400


def cookie_of(name: str) -> str:
    return f"kouan_{name}"


def look_of(request: Any, name: str) -> str:
    """The value of one setting; an unknown value counts as the usual one."""
    values = LOOKS[name]
    chosen = request.COOKIES.get(cookie_of(name), "") if request is not None else ""
    return chosen if chosen in values else values[0]
