"""How figures, times and names are written on every page: one way, in both languages.

Pure functions from a value to text; the template tags and the exports both use them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

NOTHING = "—"


def is_english() -> bool:
    return (get_language() or "").startswith("en")


def to_when(value: datetime | date | None, *, with_seconds: bool = False) -> str:
    """`2026-11-22 14:05` in the office's time zone; a date alone stays a date."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.strftime("%Y-%m-%d %H:%M:%S" if with_seconds else "%Y-%m-%d %H:%M")
    return value.isoformat()


def to_duration(value: timedelta | int | float | None) -> str:
    """The two largest units of a duration: `1 小时 55 分`, `2 天 3 小时`, `41 秒`, `0.4 秒`. Numbers are seconds."""
    if value is None:
        return NOTHING
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    sign, seconds = ("−" if seconds < 0 else ""), abs(seconds)
    if seconds < 10:
        shown = f"{seconds:.1f}".removesuffix(".0")
        return sign + _("%(n)s 秒") % {"n": shown}
    total = round(seconds)
    days, rest = divmod(total, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    parts = [
        (days, _("%(n)s 天")),
        (hours, _("%(n)s 小时")),
        (minutes, _("%(n)s 分")),
        (secs, _("%(n)s 秒")),
    ]
    first = next(index for index, (count, _word) in enumerate(parts) if count)
    shown_parts = [word % {"n": count} for count, word in parts[first : first + 2] if count]
    return sign + " ".join(shown_parts)


def to_money(value: int | Decimal | None, *, places: int = 2) -> str:
    """Money with thousands separated. An integer is fen, a Decimal is the main unit (the house's two forms)."""
    if value is None:
        return NOTHING
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"money is integer fen or Decimal, not {type(value).__name__}")
    amount = Decimal(value) / 100 if isinstance(value, int) else value
    return _minus(f"{amount:,.{places}f}")


def to_quantity(value: int | float | Decimal | None, *, places: int = 5) -> str:
    """A quantity with thousands separated and no trailing zeros."""
    if value is None:
        return NOTHING
    text = f"{Decimal(str(value)):,.{places}f}"
    return _minus(text.rstrip("0").rstrip(".") if "." in text else text)


def to_count(value: int | None) -> str:
    """A whole number with thousands separated."""
    return NOTHING if value is None else _minus(f"{value:,}")


def to_large_count(value: int) -> str:
    """A rough count in the words of its language: `1.2 万`, `103 万`, `1.2 亿`; `12k`, `1M`."""
    steps = [(10**9, "bn"), (10**6, "M"), (10**3, "k")] if is_english() else [(10**8, " 亿"), (10**4, " 万")]
    for size, word in steps:
        if value >= size:
            shown = value / size
            digits = 0 if shown >= 100 else 1
            return f"{shown:,.{digits}f}".removesuffix(".0") + word
    return f"{value:,}"


def to_list_separator() -> str:
    """What stands between the words of a list."""
    return ", " if is_english() else "、"


def to_labelled(label: Any, words: Any) -> str:
    """A label and what it says: `状态：已放行`, `State: released`."""
    return f"{label}: {words}" if is_english() else f"{label}：{words}"


def to_with_unit(label: Any, unit: Any) -> str:
    """A label with its unit: `总价（元）`, `Total (CNY)`."""
    if not unit:
        return str(label)
    return f"{label} ({unit})" if is_english() else f"{label}（{unit}）"


def to_text(value: Any) -> str:
    """Any cell's value as text, as a page shows it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime | date):
        return to_when(value)
    if isinstance(value, timedelta):
        return to_duration(value)
    if isinstance(value, int):
        return to_count(value)
    if isinstance(value, float | Decimal):
        return to_quantity(value)
    return str(value)


def _minus(text: str) -> str:
    return "−" + text[1:] if text.startswith("-") else text
