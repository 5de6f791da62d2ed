"""The smallest pieces of HTML, made in Python because a list shows thousands of them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kouan.screens import formats
from kouan.screens.icons import known_icon
from kouan.screens.pieces import Chip, Tone


@cache
def _sprite() -> str:
    return static("screens/icons.svg")


def icon_html(name: str, label: Any = "") -> SafeString:
    """An icon of the sprite. Without a label it is decoration, hidden from screen readers."""
    if label:
        known_icon(name)
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, _sprite(), name
        )
    return _decoration(name)


@cache
def _decoration(name: str) -> SafeString:
    known_icon(name)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)


NONE_HTML = mark_safe(f'<span class="none">{formats.NOTHING}</span>')  # noqa: S308 - a constant
"""What stands where there is no value."""


def chip_html(chip: Chip) -> SafeString:
    """A state: colour, icon and word."""
    return _chip_html(chip, get_language())


@lru_cache(maxsize=2048)
def _chip_html(chip: Chip, language: str | None) -> SafeString:
    title = format_html(' title="{}"', chip.hint) if chip.hint else ""
    return format_html(
        '<span class="chip tone-{}"{}>{}<span>{}</span></span>',
        Tone(chip.tone).value,
        title,
        icon_html(chip.shown_icon),
        chip.word,
    )


def when_html(value: datetime | date | None, *, with_seconds: bool = False) -> SafeString:
    """A time as `2026-11-22 14:05`, exact in its title; a script turns the title into how long ago."""
    if value is None:
        return NONE_HTML
    if not isinstance(value, datetime):
        return mark_safe(f'<time datetime="{value.isoformat()}">{value.isoformat()}</time>')  # noqa: S308 - digits
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    shown = local.isoformat(" ", "seconds" if with_seconds else "minutes")[: 19 if with_seconds else 16]
    exact = local.isoformat(timespec="seconds")
    title = f"{exact[:10]} {exact[11:19]} {exact[19:].replace(':', '')}".strip()
    return mark_safe(f'<time datetime="{exact}" title="{title}">{shown}</time>')  # noqa: S308 - digits
