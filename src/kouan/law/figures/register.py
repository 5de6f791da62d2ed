"""Reads the YAML of this folder once per process and looks values up by day. No database."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
_FIGURE_KEYS = {"zh", "en", "unit", "values"}
_VALUE_KEYS = {"since", "value", "clause", "source", "strength", "checked_on"}


class FigureUnknown(LookupError):
    """There is no figure of this key."""


class NoFigureOnDay(LookupError):
    """No value of the figure is in force on that day, or it was abolished."""


class FiguresMalformed(ValueError):
    """A file of figures does not say what it must; the text names file, figure and field."""


class Strength(StrEnum):
    """How far the source of a figure can be trusted."""

    TEXT = "text"  # the official text or schema was read
    WEAK = "weak"  # seen in use (published code, error lists); the official text was not read


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a figure, in force from ``since`` until the next value begins. ``value`` is None once abolished."""

    key: str
    zh: str
    en: str
    unit: str
    value: int | Decimal | None
    since: date
    clause: str
    source: str
    strength: Strength
    checked_on: date


def get(key: str, on_date: date) -> int | Decimal:
    """The value of a figure on a day: whole numbers as int, others as Decimal.

    Raises FigureUnknown, or NoFigureOnDay when no value is in force then.
    """
    value = describe(key, on_date).value
    if value is None:
        raise NoFigureOnDay(f"{key} is abolished on {on_date}")
    return value


def describe(key: str, on_date: date) -> Figure:
    """The value of a figure on a day with its unit, clause and source; raises FigureUnknown or NoFigureOnDay."""
    history = all_figures().get(key)
    if history is None:
        raise FigureUnknown(f"there is no figure {key!r}")
    position = bisect_right(history, on_date, key=lambda figure: figure.since)
    if position == 0:
        raise NoFigureOnDay(f"{key} has no value on {on_date}; the first is of {history[0].since}")
    return history[position - 1]


@lru_cache(maxsize=1)
def all_figures() -> Mapping[str, tuple[Figure, ...]]:
    """Every figure with its values from the first to the last; raises FiguresMalformed."""
    figures: dict[str, tuple[Figure, ...]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for key, history in read_figures(path.read_text(encoding="utf-8"), path.name).items():
            if key in figures:
                raise FiguresMalformed(f"{path.name}: {key} stands in two files")
            figures[key] = history
    return figures


def read_figures(text: str, name: str) -> dict[str, tuple[Figure, ...]]:
    """Read one file of figures; ``name`` is used in errors. Raises FiguresMalformed."""
    described = yaml.safe_load(text)
    if not isinstance(described, dict):
        raise FiguresMalformed(f"{name}: figures by their keys are expected")
    return {key: _read_history(key, item, f"{name}: {key}") for key, item in described.items()}


def _read_history(key: str, item: Any, where: str) -> tuple[Figure, ...]:
    if not isinstance(item, dict) or item.keys() != _FIGURE_KEYS:
        raise FiguresMalformed(f"{where}: needs exactly {', '.join(sorted(_FIGURE_KEYS))}")
    if not item["values"]:
        raise FiguresMalformed(f"{where}: has no values")
    history = []
    for number, value in enumerate(item["values"], start=1):
        at = f"{where}, value {number}"
        if not isinstance(value, dict) or value.keys() != _VALUE_KEYS:
            raise FiguresMalformed(f"{at}: needs exactly {', '.join(sorted(_VALUE_KEYS))}")
        for field in ("since", "checked_on"):
            if not isinstance(value[field], date):
                raise FiguresMalformed(f"{at}: {field} is no date")
        for field in ("clause", "source"):
            if not isinstance(value[field], str) or not value[field].strip():
                raise FiguresMalformed(f"{at}: {field} is empty")
        if value["strength"] not in list(Strength):
            raise FiguresMalformed(f"{at}: strength is text or weak")
        if history and value["since"] <= history[-1].since:
            raise FiguresMalformed(f"{at}: does not begin after the value before it")
        history.append(
            Figure(
                key=key,
                zh=item["zh"],
                en=item["en"],
                unit=item["unit"],
                value=_read_value(value["value"], at),
                since=value["since"],
                clause=value["clause"],
                source=value["source"],
                strength=Strength(value["strength"]),
                checked_on=value["checked_on"],
            )
        )
    return tuple(history)


def _read_value(value: Any, at: str) -> int | Decimal | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, str):
        try:
            return Decimal(value)
        except InvalidOperation:
            pass
    raise FiguresMalformed(f"{at}: the value is a whole number, a decimal in quotes, or null once abolished")
