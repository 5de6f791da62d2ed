"""The smallest pieces of HTML, made in Python because a list shows thousands of them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kouan.screens import formats
from kouan.screens.pieces import Chip, Tone


@cache
def _sprite() -> str:
    return static("screens/icons.svg")


def icon_html(name: str, label: Any = "") -> SafeString:
    """An icon of the sprite. Without a label it is decoration, hidden from screen readers."""
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, _sprite(), name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)


def chip_html(chip: Chip) -> SafeString:
    """A state: colour, icon and word."""
    hint = format_html(' title="{}"', chip.hint) if chip.hint else ""
    return format_html(
        '<span class="chip tone-{}"{}>{}<span>{}</span></span>',
        Tone(chip.tone).value,
        hint,
        icon_html(chip.shown_icon),
        chip.word,
    )


def when_html(value: datetime | date | None, *, with_seconds: bool = False) -> SafeString:
    """A time as `2026-11-22 14:05`, exact in its title; a script turns the title into how long ago."""
    if value is None:
        return mark_safe(f'<span class="none">{formats.NOTHING}</span>')  # noqa: S308 - a constant
    shown = formats.to_when(value, with_seconds=with_seconds)
    if not isinstance(value, datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), shown)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        local.strftime("%Y-%m-%d %H:%M:%S %z").strip(),
        shown,
    )
