"""What each agency looks at in a declaration: its own duties, and what the rows of the routing table that name it ask.

The duties and what the columns are read from stand in ``scopes.yaml``; the rows in the table that decided the case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kouan.clearance.selectors import agency_name
from kouan.decisions import selectors as decisions
from kouan.decisions.types import TableUnknown

_FILE = Path(__file__).with_name("scopes.yaml")
_EVERYTHING = ("*",)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an agency looks at by its duties: patterns of fields, in words, and the ground."""

    fields: tuple[str, ...]
    zh: str
    en: str
    source: str


@cache
def _told() -> Mapping[str, Any]:
    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))


@cache
def scopes() -> Mapping[str, Scope]:
    """Give the duties of every agency that has any entered."""
    return {
        agency: Scope(tuple(one["fields"]), one["zh"], one["en"], one["source"])
        for agency, one in _told()["scopes"].items()
    }


@cache
def inputs() -> Mapping[str, tuple[str, ...]]:
    """Give the fields that each column of the routing table is read from."""
    return {name: tuple(fields) for name, fields in _told()["inputs"].items()}


def patterns_of(agency: str, routing: Mapping[str, Any]) -> tuple[str, ...]:
    """Give what an agency looks at in a case: patterns of fields. ``routing`` is what decided the case."""
    scope = scopes().get(agency)
    if scope is None:
        return _EVERYTHING
    asked: Iterable[str] = ()
    if routing.get("table"):
        try:
            asked = decisions.columns_asked(routing["table"], routing["version"], "agencies", agency)
        except TableUnknown:
            asked = ()
    return (*scope.fields, *(field for name in asked for field in inputs().get(name, ())))


def looks_at(patterns: Sequence[str], field: str) -> bool:
    """Whether a field is one of those."""
    return any(fnmatchcase(field, pattern) for pattern in patterns)


def readers_of(agencies: Iterable[str], routing: Mapping[str, Any]) -> Callable[[str], tuple[str, ...]]:
    """Give the function that says of a field which of these agencies look at it, by name."""
    known = {agency_name(agency): patterns_of(agency, routing) for agency in agencies}
    return lambda field: tuple(name for name, patterns in known.items() if looks_at(patterns, field))
