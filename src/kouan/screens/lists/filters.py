"""Filters of a list: each reads itself from the address, narrows the rows, and says what it does in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import DateTimeField, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from kouan.records.problems import Problem
from kouan.screens import formats, private

LONGEST_TEXT = 200
MOST_CHOICES = 100


@dataclass
class Reading:
    """What a filter found in the address: the value to apply (None for none), the text as typed, and problems."""

    value: Any = None
    typed: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Filter:
    """What all filters share: the key in the address and the label."""

    key: str
    label: Any

    template = ""
    is_typed = False

    @property
    def params(self) -> tuple[str, ...]:
        """The names that this filter uses in the address."""
        return (self.key,)

    def read(self, query: QueryDict, request: HttpRequest) -> Reading:
        raise NotImplementedError

    def narrow(self, rows: QuerySet, value: Any) -> QuerySet:
        raise NotImplementedError

    def words(self, reading: Reading, request: HttpRequest) -> str:
        """What the filter does now, for the row of active filters and for the export."""
        raise NotImplementedError


@dataclass(frozen=True)
class TextFilter(Filter):
    """Search by text. `fields` are ORM look-ups (`"number__istartswith"`; a bare field is `icontains`), any may match.

    Give `find(rows, text)` instead to search in another way.
    """

    fields: Sequence[str] = ()
    find: Callable[[QuerySet, str], QuerySet] | None = None
    placeholder: Any = ""

    template = "screens/lists/text_filter.html"
    is_typed = True

    def read(self, query: QueryDict, request: HttpRequest) -> Reading:
        words = private.words_of(query, self.key, longest=LONGEST_TEXT)
        return Reading(words.text or None, {"words": words})

    def narrow(self, rows: QuerySet, value: str) -> QuerySet:
        if self.find is not None:
            return self.find(rows, value)
        condition = Q()
        for name in self.fields:
            condition |= Q(**{name if _has_lookup(name) else f"{name}__icontains": value})
        return rows.filter(condition)

    def words(self, reading: Reading, request: HttpRequest) -> str:
        return reading.typed["words"].shown


_LOOKUPS = ("exact", "iexact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith")


def _has_lookup(name: str) -> bool:
    return name.rpartition("__")[2] in _LOOKUPS


@dataclass(frozen=True)
class Option:
    """One choice as the filter's menu shows it."""

    value: str
    label: Any
    is_chosen: bool


@dataclass(frozen=True)
class ChoiceFilter(Filter):
    """One or several of some choices: pairs (value, label), or a function of the request that gives them.

    Narrows by `field__in`, or by `find(rows, values)`.
    """

    choices: Iterable[tuple[Any, Any]] | Callable[[HttpRequest], Iterable[tuple[Any, Any]]] = ()
    field: str = ""
    find: Callable[[QuerySet, list[str]], QuerySet] | None = None
    is_multiple: bool = True

    template = "screens/lists/choice_filter.html"

    def pairs(self, request: HttpRequest) -> list[tuple[str, Any]]:
        given = self.choices(request) if callable(self.choices) else self.choices
        return [(str(getattr(value, "value", value)), label) for value, label in given]

    def read(self, query: QueryDict, request: HttpRequest) -> Reading:
        pairs = self.pairs(request)
        asked = list(dict.fromkeys(value for value in query.getlist(self.key)[:MOST_CHOICES] if value))
        if not self.is_multiple:
            asked = asked[-1:]
        known = {value for value, _label in pairs}
        chosen = [value for value in asked if value in known]
        reading = Reading(chosen or None)
        for value in asked:
            if value not in known:
                reading.problems.append(_no_such_choice(self, value))
        reading.typed["options"] = [Option(value, label, value in chosen) for value, label in pairs]
        reading.typed["chosen_label"] = self._join([label for value, label in pairs if value in chosen])
        return reading

    def narrow(self, rows: QuerySet, value: list[str]) -> QuerySet:
        if self.find is not None:
            return self.find(rows, value)
        return rows.filter(**{f"{self.field or self.key}__in": value})

    def words(self, reading: Reading, request: HttpRequest) -> str:
        return str(reading.typed["chosen_label"])

    def _join(self, labels: list[Any]) -> str:
        shown = formats.to_list_separator().join(str(label) for label in labels[:3])
        return shown if len(labels) <= 3 else _("%(some)s 等 %(n)s 项") % {"some": shown, "n": len(labels)}


@dataclass(frozen=True)
class PickFilter(Filter):
    """One of too many to list: a picker that finds by code, name, pinyin and initials.

    `picker_url` answers as a picker's address does; `name_of(value, request)` gives the name of what was picked, or
    None for a value that the person may not see or that is not there.
    """

    picker_url: Callable[[], str] = str
    name_of: Callable[[str, HttpRequest], Any] = lambda value, request: value
    field: str = ""

    template = "screens/lists/pick_filter.html"

    def read(self, query: QueryDict, request: HttpRequest) -> Reading:
        value = query.get(self.key, "").replace("\x00", "").strip()[:LONGEST_TEXT]
        name = self.name_of(value, request) if value else None
        reading = Reading(value if name is not None else None, {"value": value, "name": name or ""})
        if value and name is None:
            reading.problems.append(_no_such_choice(self, value))
        return reading

    def narrow(self, rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(**{self.field or self.key: value})

    def words(self, reading: Reading, request: HttpRequest) -> str:
        return str(reading.typed["name"])


def _no_such_choice(asked: Filter, value: str) -> Problem:
    return Problem(
        "SCR-101",
        asked.key,
        "warning",
        f"“{asked.label}”没有“{value}”这一项，未按它筛选",
        f"“{asked.label}” has no choice “{value}”; it was not applied",
        "请从列表中选择",
        "Choose from the list",
    )


@dataclass(frozen=True)
class YesNoFilter(ChoiceFilter):
    """Yes or no on a boolean field."""

    is_multiple: bool = False

    def pairs(self, request: HttpRequest) -> list[tuple[str, Any]]:
        return [("yes", _("是")), ("no", _("否"))]

    def narrow(self, rows: QuerySet, value: list[str]) -> QuerySet:
        if self.find is not None:
            return self.find(rows, value)
        return rows.filter(**{self.field or self.key: value == ["yes"]})


@dataclass(frozen=True)
class DateRangeFilter(Filter):
    """From one day to another, both included as people mean it; on a date or a time field.

    Give `find(rows, since, until)` instead to narrow in another way: from one midnight to before another, either None.
    """

    field: str = ""
    find: Callable[[QuerySet, datetime | None, datetime | None], QuerySet] | None = None

    template = "screens/lists/date_filter.html"

    @property
    def params(self) -> tuple[str, ...]:
        return (f"{self.key}_since", f"{self.key}_to")

    def read(self, query: QueryDict, request: HttpRequest) -> Reading:
        reading = Reading(typed={"since": query.get(self.params[0], ""), "to": query.get(self.params[1], "")})
        since, to = (self._day(name, query.get(name, "").strip(), reading) for name in self.params)
        if since and to and to < since:
            since, to = to, since
        reading.value = (since, to) if since or to else None
        return reading

    def _day(self, name: str, text: str, reading: Reading) -> date | None:
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
            if not 1949 <= day.year <= 9998:
                raise ValueError(text)
        except ValueError:
            reading.problems.append(
                Problem(
                    "SCR-102",
                    name,
                    "warning",
                    f"“{self.label}”的日期“{text[:20]}”无法识别，未按它筛选",
                    f"The date “{text[:20]}” of “{self.label}” cannot be read; it was not applied",
                    "请写成 2026-11-22 的形式",
                    "Write it as 2026-11-22",
                )
            )
            return None
        return day

    def narrow(self, rows: QuerySet, value: tuple[date | None, date | None]) -> QuerySet:
        name = self.field or self.key
        since, to = value
        until = to + timedelta(days=1) if to else None
        if self.find is not None:
            return self.find(rows, _midnight(since) if since else None, _midnight(until) if until else None)
        is_time = _is_time_field(rows, name)
        condition = {}
        if since:
            condition[f"{name}__gte"] = _midnight(since) if is_time else since
        if until:
            condition[f"{name}__lt"] = _midnight(until) if is_time else until
        return rows.filter(**condition)

    def words(self, reading: Reading, request: HttpRequest) -> str:
        since, to = reading.value
        if since and to:
            return since.isoformat() if since == to else f"{since} – {to}"
        return _("%(day)s 起") % {"day": since} if since else _("至 %(day)s") % {"day": to}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _is_time_field(rows: QuerySet, path: str) -> bool:
    if path in rows.query.annotations:
        return isinstance(rows.query.annotations[path].output_field, DateTimeField)
    model, found = rows.model, None
    for name in path.split("__"):
        found = model._meta.get_field(name)
        model = found.related_model or model
    return isinstance(found, DateTimeField)


@dataclass(frozen=True)
class NumberRangeFilter(Filter):
    """From one number to another, both included. `scale` turns what is typed into what is stored (100: yuan to fen)."""

    field: str = ""
    unit: Any = ""
    scale: int = 1

    template = "screens/lists/number_filter.html"

    @property
    def params(self) -> tuple[str, ...]:
        return (f"{self.key}_from", f"{self.key}_to")

    def read(self, query: QueryDict, request: HttpRequest) -> Reading:
        reading = Reading(typed={"from": query.get(self.params[0], ""), "to": query.get(self.params[1], "")})
        low, high = (self._number(name, query.get(name, "").strip(), reading) for name in self.params)
        if low is not None and high is not None and high < low:
            low, high = high, low
        reading.value = (low, high) if low is not None or high is not None else None
        return reading

    def _number(self, name: str, text: str, reading: Reading) -> Decimal | None:
        if not text:
            return None
        try:
            number = Decimal(text.replace(",", "").replace("，", ""))
            if not number.is_finite() or abs(number.adjusted()) > 15:
                raise InvalidOperation
        except InvalidOperation:
            reading.problems.append(
                Problem(
                    "SCR-103",
                    name,
                    "warning",
                    f"“{self.label}”的数值“{text[:20]}”无法识别，未按它筛选",
                    f"The number “{text[:20]}” of “{self.label}” cannot be read; it was not applied",
                    "请只写数字",
                    "Write digits only",
                )
            )
            return None
        return number

    def narrow(self, rows: QuerySet, value: tuple[Decimal | None, Decimal | None]) -> QuerySet:
        low, high = value
        name = self.field or self.key
        condition = {}
        if low is not None:
            condition[f"{name}__gte"] = low * self.scale
        if high is not None:
            condition[f"{name}__lte"] = high * self.scale
        return rows.filter(**condition)

    def words(self, reading: Reading, request: HttpRequest) -> str:
        low, high = reading.value
        text = (
            f"{low:,f} – {high:,f}" if None not in (low, high) else (f"≥ {low:,f}" if high is None else f"≤ {high:,f}")
        )
        return f"{text} {self.unit}".strip()
