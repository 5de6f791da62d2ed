"""Runs a decision table on zen-engine. No database, no clock.

The engine decides only which rows fire; what they say is kept here, so that values come out exactly as they were
written. Rows are named by an output column: the engine's trace says the same and costs four times as much. Tables are
given to the engine by its static loader, which compiles once; ``create_decision`` would compile at every call.

Parcels are much alike. What a table can tell apart is finite where numbers are only compared with fixed limits: the
rows that fire are therefore kept by what the conditions can see of a case, and the engine is asked once for each.
"""

import json
import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any

import zen

from kouan.decisions.cells import names_in, read_simple
from kouan.decisions.types import Decision, Policy, Seen, TableContent, ValueType
from kouan.records.problems import Problem

LARGEST_NUMBER = 10**15
MOST_KEPT = 50_000
DIGITS = 15
"""Significant digits to which a number counts: as many as survive every way between programs."""


class CompiledTable:
    """One version of a table, ready to decide."""

    def __init__(self, key: str, number: int, content: TableContent):
        self.key = key
        self.number = number
        self.content = content
        self._inputs = tuple((column.name, column.type) for column in content.inputs)
        self.seen = tuple(_seen_columns(content))
        self._sight = tuple((column.name, _sight_of(column, dict(self._inputs)[column.name])) for column in self.seen)
        self._kept: dict[tuple[Any, ...], Decision] = {}
        self._merges = content.policy is Policy.MERGE
        self._engine = zen.ZenEngine({"loader": {"type": "static", "content": {key: to_jdm(content)}}})

    def decide(self, context: Mapping[str, Any]) -> Decision:
        """Decide about one context: a value for every input column.

        A missing text counts as "", a missing list as []; a missing number or yes/no, or a value of another type,
        gives a decision with a ``problem`` and no outputs.
        """
        try:
            plain = {name: _PLAIN[column_type](context.get(name)) for name, column_type in self._inputs}
        except _NotReadable as fault:
            return self._undecided(context, fault.reason)
        seen = tuple([see(plain[name]) for name, see in self._sight])
        decision = self._kept.get(seen)
        if decision is None:
            fired = self._engine.evaluate(self.key, plain)["result"]["row"]
            indexes = tuple(int(index) for index in fired) if self._merges else (int(fired),)
            decision = Decision(self.key, self.number, *self._speak(indexes))
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[seen] = decision
        return decision

    def _speak(self, indexes: tuple[int, ...]) -> tuple[Any, ...]:
        """What the rows that fired say together."""
        rows = [self.content.rows[index] for index in indexes]
        outputs: dict[str, Any] = {}
        said_by: dict[str, tuple[str, ...]] = {}
        for column in self.content.outputs:
            speaking = [row for row in rows if row.then.get(column.name) not in (None, "", [])]
            if column.collect:
                values = [value for row in speaking for value in _listed(row.then[column.name])]
                outputs[column.name] = tuple(dict.fromkeys(values))
                said_by[column.name] = tuple(row.id for row in speaking)
            else:
                outputs[column.name] = speaking[0].then[column.name] if speaking else _EMPTY[column.type]
                said_by[column.name] = tuple(row.id for row in speaking[:1])
        names = tuple(row.id for row in rows)
        return names[0], names, MappingProxyType(outputs), MappingProxyType(said_by)

    def _undecided(self, context: Mapping[str, Any], reason: str) -> Decision:
        name = next(name for name, column_type in self._inputs if not _is_readable(context.get(name), column_type))
        problem = Problem(
            code="DEC-CONTEXT",
            pointer=f"/{name}",
            severity="error",
            zh=f"判定所需的“{name}”缺失或类型不符：{reason}",
            en=f"The value {name!r} needed for the decision is missing or of another type: {reason}",
            fix_zh="补全该项数据后重新判定",
            fix_en="Give the value and decide again",
        )
        return Decision(self.key, self.number, None, problem=problem)


class _NotReadable(Exception):
    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def _plain_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and _is_unicode(value):
        return value
    raise _NotReadable(f"{type(value).__name__}, text expected")


def _plain_number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _NotReadable(f"{type(value).__name__}, number expected")
    if not math.isfinite(value) or abs(value) >= LARGEST_NUMBER:
        raise _NotReadable("number out of range")
    if isinstance(value, int):
        return value
    return float(f"{value:.{DIGITS}g}")


def _plain_boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _NotReadable(f"{type(value).__name__}, yes or no expected")


def _plain_texts(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list | tuple | set | frozenset) and all(
        isinstance(item, str) and _is_unicode(item) for item in value
    ):
        return list(value)
    raise _NotReadable(f"{type(value).__name__}, list of texts expected")


_PLAIN = {
    ValueType.STRING: _plain_text,
    ValueType.NUMBER: _plain_number,
    ValueType.BOOLEAN: _plain_boolean,
    ValueType.STRINGS: _plain_texts,
}
_EMPTY: dict[ValueType, Any] = {
    ValueType.STRING: "",
    ValueType.NUMBER: None,
    ValueType.BOOLEAN: None,
    ValueType.STRINGS: (),
}


def _is_readable(value: Any, column_type: ValueType) -> bool:
    try:
        _PLAIN[column_type](value)
    except _NotReadable:
        return False
    return True


def _is_unicode(text: str) -> bool:
    """Whether the text can be handed to the engine: no half of a surrogate pair."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _seen_columns(content: TableContent) -> Iterator[Seen]:
    """The columns that some condition asks, each with what the conditions can see of its value."""
    by_column = {
        column.name: [cell for row in content.rows if (cell := row.when.get(column.name, "").strip())]
        for column in content.inputs
    }
    named = {
        name for cells in by_column.values() for cell in cells if read_simple(cell) is None for name in names_in(cell)
    }
    for column in content.inputs:
        cells = by_column[column.name]
        simple = [read_simple(cell) for cell in cells]
        if column.type is ValueType.NUMBER and cells and column.name not in named and all(simple):
            limits = sorted({float(value) for cell in simple if cell is not None for value in cell.values})
            yield Seen(column.name, tuple(limits))
        elif cells or column.name in named:
            yield Seen(column.name)


def _sight_of(column: Seen, column_type: ValueType) -> Callable[[Any], Any]:
    if column.limits is not None:
        return partial(_place_among, column.limits)
    return tuple if column_type is ValueType.STRINGS else _itself


def _place_among(limits: Sequence[float], value: float) -> int:
    """Where a number stands among limits: below the first 0, at it 1, between it and the second 2 …"""
    position = bisect_left(limits, value)
    return 2 * position + (position < len(limits) and limits[position] == value)


def _itself(value: Any) -> Any:
    return value


def to_jdm(content: TableContent) -> dict[str, Any]:
    """The table in the engine's own format (JDM), with the index of each row as its only result.

    A condition stands only where a cell is not blank. With MERGE the indexes of all rows that fire are collected.
    """
    rules = []
    for index, row in enumerate(content.rows):
        rule = {f"i{number}": row.when.get(column.name, "").strip() for number, column in enumerate(content.inputs)}
        rules.append({"_id": row.id, **rule, "row": json.dumps(index)})
    table = {
        "hitPolicy": "first",
        "inputs": [
            {"id": f"i{number}", "name": column.name, "field": column.name}
            for number, column in enumerate(content.inputs)
        ],
        "outputs": [{"id": "row", "name": "row", "field": "row[]" if content.policy is Policy.MERGE else "row"}],
        "rules": rules,
    }
    here = {"x": 0, "y": 0}
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": here},
            {"id": "table", "type": "decisionTableNode", "name": "table", "position": here, "content": table},
            {"id": "out", "type": "outputNode", "name": "out", "position": here},
        ],
        "edges": [
            {"id": "in-table", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "table-out", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }
