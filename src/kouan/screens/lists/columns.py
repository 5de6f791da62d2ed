"""A column: where its value comes from, how it is shown on the page and how it stands in an exported file."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe

from kouan.screens import formats, masking
from kouan.screens.html import NONE_HTML, chip_html, when_html
from kouan.screens.pieces import to_chip

KINDS = frozenset({"text", "code", "count", "quantity", "money", "when", "date", "duration", "chip", "yes_no"})
NUMBERS = frozenset({"count", "quantity", "money", "duration"})


class UnknownKind(Exception):
    """A column is declared with a kind that the list page does not know: see KINDS."""


@dataclass(frozen=True)
class Column:
    """One column of a list.

    `cell` is an attribute path (`"owner.name"`) or a function of the row; without it, the key.
    `sort` is the ORM path that orders by this column (a field or an annotation of the queryset); without it, no sort.
    `kind`: text, code, count, quantity, money (integer fen or Decimal), when, date, duration, chip, yes_no.
    `unit` stands in the header. `note` is a small second line. `total` (an ORM path) is summed at the foot.
    `mask` names the kind of personal data, which is then masked on the page and in the export.
    """

    key: str
    label: Any
    cell: str | Callable[[Any], Any] = ""
    kind: str = "text"
    sort: str = ""
    unit: Any = ""
    shown: bool = True
    family: str = ""
    note: str | Callable[[Any], Any] = ""
    url: Callable[[Any], str] | None = None
    total: str | Combinable | None = None
    mask: str = ""
    is_long: bool = False
    hint: Any = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UnknownKind(self.kind)

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS

    def value(self, row: Any) -> Any:
        """The plain value of this column for a row, masked where the column says so."""
        value = _read(self.cell or self.key, row)
        if isinstance(value, Promise):
            value = str(value)
        return masking.to_masked(str(value), self.mask) if self.mask and value not in (None, "") else value

    def show(self, row: Any) -> SafeString:
        """The cell as HTML."""
        return self.show_value(self.value(row), row)

    def show_value(self, value: Any, row: Any) -> SafeString:
        """The cell as HTML, where the value is known already."""
        shown = self._shown(value)
        if self.url is not None:
            shown = _safe(f'<a href="{to_html(self.url(row))}">{shown}</a>')
        if self.note:
            note = _read(self.note, row)
            if note not in (None, ""):
                shown = _safe(f"{shown}<small>{to_html(note)}</small>")
        return shown

    @property
    def classes(self) -> str:
        names = []
        if self.is_number:
            names.append("number")
        elif self.kind in {"when", "date", "chip", "code"}:
            names.append("keep")
        else:
            names.append("words")
        if self.is_long:
            names.append("long")
        return " ".join(names)

    def _shown(self, value: Any) -> SafeString:
        if self.kind == "chip":
            return chip_html(to_chip(value, self.family))
        if value is None or value == "":
            return NONE_HTML
        if self.kind == "when":
            return when_html(value)
        if self.kind == "code":
            return _safe(f'<span class="code">{to_html(value)}</span>')
        return to_html(self.as_text(value))

    def as_text(self, value: Any) -> str:
        if self.kind == "money":
            return formats.to_money(value)
        if self.kind == "quantity":
            return formats.to_quantity(value)
        if self.kind == "count":
            return formats.to_count(value)
        if self.kind == "duration":
            return formats.to_duration(value)
        if self.kind == "date" and isinstance(value, datetime):
            return formats.to_when(value)[:10]
        return str(value) if isinstance(value, str) else formats.to_text(value)

    def for_export(self, row: Any) -> Any:
        """The value for a file: numbers stay numbers, times become local and naive, states become words."""
        value = self.value(row)
        if self.kind == "chip":
            return str(to_chip(value, self.family).word)
        if value is None:
            return ""
        if self.kind == "money" and isinstance(value, int):
            return Decimal(value) / 100
        if isinstance(value, datetime):
            return timezone.make_naive(value) if timezone.is_aware(value) else value
        if isinstance(value, timedelta):
            return formats.to_duration(value)
        if isinstance(value, bool):
            return formats.to_text(value)
        if isinstance(value, int | float | Decimal | date):
            return value
        return str(value)


def to_html(value: Any) -> SafeString:
    """A value escaped, or as it is where it is HTML already; Django's own looks for lazy texts at every call."""
    return value.__html__() if hasattr(value, "__html__") else SafeString(html.escape(str(value)))


def _safe(words: str) -> SafeString:
    return mark_safe(words)  # noqa: S308 - escaped piece by piece


def _read(source: str | Callable[[Any], Any], row: Any) -> Any:
    if callable(source):
        return source(row)
    value = row
    for name in source.split("."):
        if value is None:
            return None
        value = getattr(value, name)
        if callable(value):
            value = value()
    return value
