"""A version in hand as a grid of fields: what was typed, what it means in words, and what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kouan.decisions.cells import as_typed, to_words
from kouan.decisions.examples import Tried
from kouan.decisions.grids import label, name_of_code, show_result
from kouan.decisions.types import Input, Output, Row, TableContent, ValueType
from kouan.records.problems import Problem
from kouan.reference.types import Codes


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the grid. ``kind``: text, one (of ``options``), several (of them)."""

    name: str
    heading: str
    kind: str
    value: str
    words: str = ""
    options: tuple[tuple[str, str, bool], ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EditedRow:
    """One row of the grid."""

    id: str
    zh: str
    en: str
    conditions: tuple[Field, ...]
    results: tuple[Field, ...]
    problems: tuple[str, ...]


def to_editor(content: TableContent, problems: Sequence[Problem], lang: str, codes: Codes) -> list[EditedRow]:
    """Lay a table out to be written, every problem at its cell."""
    at: dict[str, list[str]] = defaultdict(list)
    for problem in problems:
        at[problem.pointer].append(problem.en if lang.startswith("en") else problem.zh)
    return [_row(row, content, at, lang, codes) for row in content.rows]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong at one place of the grid: where to go, which place it is, and what."""

    anchor: str
    place: str
    what: str


def wrong_places(rows: Sequence[EditedRow], lang: str) -> list[Wrong]:
    """List what is wrong in the grid, row by row."""
    found = []
    for row in rows:
        title = (row.en if lang.startswith("en") else row.zh) or row.id
        found += [Wrong(f"row-{row.id}", title, each) for each in row.problems]
        for field in (*row.conditions, *row.results):
            found += [Wrong(f"cell-{field.name}", f"{title} · {field.heading}", each) for each in field.problems]
    return found


def elsewhere(content: TableContent, problems: Sequence[Problem]) -> list[Problem]:
    """The problems that have no cell of the grid: of the table as a whole, and of its examples."""
    rows = tuple(f"/rows/{row.id}" for row in content.rows)
    return [p for p in problems if not any(p.pointer == row or p.pointer.startswith(f"{row}/") for row in rows)]


def to_expected(tried: Tried, content: TableContent, lang: str) -> list[tuple[str, str, str, bool]]:
    """What an example expects, result by result: heading, expected, what came out, and whether that is the same."""
    return [
        (
            label(column, lang),
            show_result(tried.example.expected[column.name], column, lang),
            show_result(tried.decision.outputs.get(column.name), column, lang),
            column.name not in tried.otherwise,
        )
        for column in content.outputs
        if column.name in tried.example.expected
    ]


def to_case(context: Mapping[str, Any], content: TableContent, lang: str) -> str:
    """A context in words: what is empty stays out."""
    parts = [
        f"{label(column, lang)} {'、'.join(value) if isinstance(value, list) else value}"
        for column in content.inputs
        if (value := context.get(column.name)) not in (None, "", [], 0, False)
    ]
    return (", " if lang.startswith("en") else "，").join(parts)


def _row(row: Row, content: TableContent, at: Mapping[str, list[str]], lang: str, codes: Codes) -> EditedRow:
    here = f"/rows/{row.id}"
    return EditedRow(
        id=row.id,
        zh=row.zh,
        en=row.en,
        conditions=tuple(
            _condition(row, column, at.get(f"{here}/when/{column.name}", ()), lang, codes) for column in content.inputs
        ),
        results=tuple(
            _result(row, column, at.get(f"{here}/then/{column.name}", ()), lang) for column in content.outputs
        ),
        problems=tuple(at.get(here, ())),
    )


def _condition(row: Row, column: Input, problems: Sequence[str], lang: str, codes: Codes) -> Field:
    cell = row.when.get(column.name, "")
    words = "" if problems else to_words(cell, lang, lambda code: name_of_code(column, code, lang, codes))
    return Field(
        f"{row.id}.when.{column.name}", label(column, lang), "text", as_typed(cell, column),
        words if words not in (cell.strip(), as_typed(cell, column)) else "",
        problems=tuple(problems),
    )  # fmt: skip


def _result(row: Row, column: Output, problems: Sequence[str], lang: str) -> Field:
    value = row.then.get(column.name)
    values = list(value) if isinstance(value, list | tuple) else [] if value in (None, "") else [value]
    name = f"{row.id}.then.{column.name}"
    if column.choices or column.type is ValueType.BOOLEAN:
        offered = [(choice.value, show_result(choice.value, column, lang)) for choice in column.choices]
        offered = offered or [("yes", show_result(True, column, lang)), ("no", show_result(False, column, lang))]
        chosen = {"yes" if one is True else "no" if one is False else str(one) for one in values}
        options = tuple((value, words, value in chosen) for value, words in offered)
        kind = "several" if column.collect else "one"
        return Field(name, label(column, lang), kind, "", options=options, problems=tuple(problems))
    return Field(name, label(column, lang), "text", "; ".join(map(str, values)), problems=tuple(problems))
