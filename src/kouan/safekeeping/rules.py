"""When a month may be erased."""

from __future__ import annotations

from datetime import date


def due_date_of(month: str, months: int) -> date:
    """Give the day from which the key of a month (``YYYY-MM``) may be destroyed: so many whole months after its end.

    reason: a key covers a whole month, so the time runs from the last thing that was kept under it.
    """
    year, number = map(int, month.split("-"))
    index = year * 12 + number - 1 + 1 + months
    return date(index // 12, index % 12 + 1, 1)
