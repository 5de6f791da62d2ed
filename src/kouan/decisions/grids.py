"""A version of a table as a grid to read: cells in words, the rows that fired, and who said what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kouan.decisions.cells import read_simple, to_words
from kouan.decisions.differences import CellChange, RowChange
from kouan.decisions.firing import Firings
from kouan.decisions.types import Decision, Input, Output, Row, TableContent, ValueType
from kouan.reference.codes import Generation
from kouan.reference.types import Codes

MOST_TYPED = 400
LONG = 36
"""Bytes of text from which on a cell counts as long: twelve Chinese characters."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as shown: ``words``, and ``written``, how it stands in the file, where that says something else."""

    heading: str
    words: str
    written: str = ""
    is_expression: bool = False

    @property
    def is_long(self) -> bool:
        """Whether the words need a broad column."""
        return len(self.words.encode()) > LONG


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of the grid: whether it fired, and which of its results count (``has_say``)."""

    id: str
    title: str
    conditions: tuple[Cell, ...]
    results: tuple[Cell, ...]
    has_say: tuple[bool, ...]
    has_fired: bool
    firing_count: int | None = None

    @property
    def shown_results(self) -> list[tuple[Cell, bool]]:
        """Each result with whether it counts."""
        return list(zip(self.results, self.has_say, strict=True))


@dataclass(frozen=True, slots=True)
class Grid:
    """A table to read. Columns of conditions that no row uses are left out and named in ``unused``."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[GridRow, ...]
    unused: str


def to_grid(
    content: TableContent,
    lang: str,
    codes: Codes,
    fired: Sequence[str] = (),
    decision: Decision | None = None,
    firings: Firings | None = None,
) -> Grid:
    """Lay a table out for reading in a language.

    ``fired`` names rows to mark, a ``decision`` also who said what; ``firings`` gives how often each row fired.
    """
    used = [column for column in content.inputs if any(row.when.get(column.name, "").strip() for row in content.rows)]
    marked = set(decision.rows if decision is not None else fired)
    said_by = decision.said_by if decision is not None else {}
    return Grid(
        inputs=tuple(label(column, lang) for column in used),
        outputs=tuple(label(column, lang) for column in content.outputs),
        rows=tuple(
            replace(
                _to_row(row, content, used, lang, codes, marked, said_by),
                firing_count=firings.by_row.get(row.id, 0) if firings is not None else None,
            )
            for row in content.rows
        ),
        unused=(", " if lang.startswith("en") else "、").join(
            label(column, lang) for column in content.inputs if column not in used
        ),
    )


def _to_row(
    row: Row,
    content: TableContent,
    used: Sequence[Input],
    lang: str,
    codes: Codes,
    marked: set[str],
    said_by: Mapping[str, tuple[str, ...]],
) -> GridRow:
    return GridRow(
        id=row.id,
        title=(row.en or row.zh) if lang.startswith("en") else (row.zh or row.en),
        conditions=tuple(_to_condition(row.when.get(column.name, ""), column, lang, codes) for column in used),
        results=tuple(
            Cell(label(column, lang), show_result(row.then.get(column.name), column, lang))
            for column in content.outputs
        ),
        has_say=tuple(row.id in said_by.get(column.name, ()) for column in content.outputs),
        has_fired=row.id in marked,
    )


def _to_condition(cell: str, column: Input, lang: str, codes: Codes) -> Cell:
    written = cell.strip()
    if not written:
        return Cell(label(column, lang), "")
    words = to_words(written, lang, lambda code: name_of_code(column, code, lang, codes))
    return Cell(
        label(column, lang), words, written if words != written else "", is_expression=read_simple(written) is None
    )


def name_of_code(column: Input, code: str, lang: str, codes: Codes) -> str | None:
    """The name of a code in the table that a column refers to."""
    if not column.codes:
        return None
    table, _slash, generation = column.codes.partition("/")
    chosen = Generation(generation) if generation in Generation.values else Generation.CURRENT
    return codes.name(table, code, lang, generation=chosen)


def show_result(value: Any, column: Output, lang: str) -> str:
    """A result in words: the names of its choices, yes and no, nothing for nothing."""
    if value is None or value == "" or value == []:
        return ""
    is_english = lang.startswith("en")
    if isinstance(value, list | tuple):
        return (", " if is_english else "、").join(show_result(item, column, lang) for item in value)
    if isinstance(value, bool):
        return ("yes" if value else "no") if is_english else ("是" if value else "否")
    choice = next((choice for choice in column.choices if choice.value == value), None)
    if choice is not None:
        return (choice.en if is_english else choice.zh) or choice.value
    return str(value)


def label(column: Input | Output, lang: str) -> str:
    """The heading of a column."""
    return column.en if lang.startswith("en") else column.zh


@dataclass(frozen=True, slots=True)
class Answer:
    """One result of a decision: its heading, its values in words, and the rows of the grid that gave them."""

    label: str
    words: tuple[str, ...]
    rows: tuple[GridRow, ...]


def to_answers(content: TableContent, grid: Grid, decision: Decision, lang: str) -> list[Answer]:
    """What was decided, result by result; nothing where nothing was."""
    by_id = {row.id: row for row in grid.rows}
    answers = []
    for column in content.outputs:
        if column.name in decision.outputs:
            value = decision.outputs[column.name]
            values = value if isinstance(value, tuple) else (value,)
            words = tuple(shown for item in values if (shown := show_result(item, column, lang)))
            rows = tuple(by_id[row_id] for row_id in decision.said_by[column.name])
            answers.append(Answer(label(column, lang), words, rows))
    return answers


@dataclass(frozen=True, slots=True)
class Trial:
    """One field of the form that tries a table out, with what was typed; ``codes`` as in Input."""

    name: str
    label: str
    type: str
    typed: str
    codes: str

    @property
    def picker(self) -> str:
        """The address that offers the codes of the column; empty where it holds none."""
        if not self.codes:
            return ""
        table, _slash, generation = self.codes.partition("/")
        return reverse("pick-codes", args=[table]) + (f"?generation={generation}" if generation else "")


def to_trials(content: TableContent, lang: str, typed: Mapping[str, str]) -> list[Trial]:
    """The fields that try a table out: one for every column of conditions."""
    return [
        Trial(
            column.name,
            label(column, lang),
            column.type.value,
            typed.get(f"in_{column.name}", "")[:MOST_TYPED],
            column.codes,
        )
        for column in content.inputs
    ]


def to_context(content: TableContent, typed: Mapping[str, str]) -> dict[str, Any]:
    """A context from what was typed; what cannot be read stays a text, which the engine then names as a problem.

    A list is separated by commas, spaces or 、. An empty number counts as 0.
    """
    context: dict[str, Any] = {}
    for column in content.inputs:
        text = typed.get(f"in_{column.name}", "").replace("\x00", "").strip()[:MOST_TYPED]
        context[column.name] = _read_typed(text, column.type)
    return context


def _read_typed(text: str, column_type: ValueType) -> Any:
    if column_type is ValueType.STRINGS:
        return text.replace("，", " ").replace("、", " ").replace(",", " ").split()
    if column_type is ValueType.BOOLEAN:
        return text == "yes"
    if column_type is ValueType.NUMBER:
        try:
            return Decimal(text.replace(",", "")) if text else 0
        except InvalidOperation:
            return text
    return text


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One row of the comparison of two versions: what was, what is, cell by cell."""

    kind: str
    place: int
    title: str
    id: str
    cells: tuple[tuple[str, str, str], ...]


def to_changes(changes: Sequence[RowChange], content: TableContent, lang: str, codes: Codes) -> list[ShownChange]:
    """Lay the differences of two versions out for reading: for each cell its heading, before and after, in words."""
    inputs = {column.name: column for column in content.inputs}
    outputs = {column.name: column for column in content.outputs}

    def words(cell: CellChange, value: Any) -> str:
        if cell.part == "when" and cell.name in inputs:
            return to_words(value, lang, lambda code: name_of_code(inputs[cell.name], code, lang, codes))
        if cell.part == "then" and cell.name in outputs:
            return show_result(value, outputs[cell.name], lang)
        return str(value or "")

    def heading(cell: CellChange) -> str:
        if cell.part == "words":
            return _("中文说明") if cell.name == "zh" else _("英文说明")
        column = inputs.get(cell.name) if cell.part == "when" else outputs.get(cell.name)
        return label(column, lang) if column is not None else cell.name

    return [
        ShownChange(
            change.kind, change.place, (change.row.en or change.row.zh) if lang.startswith("en") else change.row.zh,
            change.row.id,
            tuple((heading(cell), words(cell, cell.before), words(cell, cell.after)) for cell in change.cells),
        )
        for change in changes
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class KindOfChange:
    """Cases of which one result would have been another: what it was, what it would be, how many, one of them."""

    label: str
    before: str
    after: str
    count: int
    newest: str


def to_kinds_of_change(found: Mapping[str, Any], content: TableContent, lang: str) -> list[KindOfChange]:
    """The kinds of change that a replay found, the most frequent first."""
    outputs = {column.name: column for column in content.outputs}
    kinds = [
        KindOfChange(
            label(outputs[name], lang), show_result(one["before"], outputs[name], lang),
            show_result(one["after"], outputs[name], lang), one["count"], one["newest"],
        )
        for name, listed in found.items()
        if name in outputs
        for one in listed
    ]  # fmt: skip
    return sorted(kinds, key=lambda kind: -kind.count)


@dataclass(frozen=True, slots=True)
class Fired:
    """A row of a replayed version: how many cases it fired for, and their share in percent."""

    id: str
    title: str
    count: int
    share: float


def to_fired(counts: Mapping[str, int], content: TableContent, lang: str, cases: int) -> list[Fired]:
    """How often each row fired in a replay, in the order of the table."""
    return [
        Fired(
            row.id, ((row.en or row.zh) if lang.startswith("en") else row.zh) or row.id, counts.get(row.id, 0),
            100 * counts.get(row.id, 0) / (cases or 1),
        )
        for row in content.rows
    ]  # fmt: skip
