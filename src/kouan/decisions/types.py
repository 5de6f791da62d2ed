"""A decision table in memory, what it decided, and why a table cannot decide."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from kouan.records.problems import Problem


class ValueType(StrEnum):
    """What a column holds. ``STRINGS`` is a list of texts (the HS chapters of a parcel)."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    STRINGS = "strings"


class Policy(StrEnum):
    """How rows speak together.

    FIRST: only the first row that fires speaks. MERGE: every row that fires speaks; an output that collects gathers
    the values of all, any other takes the value of the uppermost row that gives one.
    """

    FIRST = "first"
    MERGE = "merge"


class TableUnknown(LookupError):
    """There is no decision table of this key, or no such version of it."""


class NoVersionInForce(LookupError):
    """No approved version of the table stands on that day."""


class TableNotAcceptable(ValueError):
    """A table has mistakes; ``problems`` names each cell."""

    def __init__(self, problems: list[Problem]):
        super().__init__("; ".join(f"{problem.pointer} {problem.en}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions.

    ``codes`` names the code table whose codes the column holds, ``trade_mode`` or ``country/customs`` (with the
    generation), so that a reader sees their names; it changes nothing in what fires.
    """

    name: str
    type: ValueType
    zh: str
    en: str
    codes: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a column of results may hold, and how it is called."""

    value: str
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results. ``choices`` limits the values, where it is not empty."""

    name: str
    type: ValueType
    zh: str
    en: str
    collect: bool = False
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: fires when every cell of ``when`` holds (a blank one always does), and then says ``then``."""

    id: str
    when: Mapping[str, str]
    then: Mapping[str, Any]
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A case that a table is tested with, and what it must say: ``expected`` names results with their values."""

    name: str
    context: Mapping[str, Any]
    expected: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TableContent:
    """What a version of a table says, and the examples that it has to pass."""

    policy: Policy
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    examples: tuple[Example, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The form that is stored; a table without examples says nothing of them."""
        examples = [asdict(one) for one in self.examples]
        return ({"examples": examples} if examples else {}) | {
            "policy": self.policy.value,
            "inputs": [asdict(column) | {"type": column.type.value} for column in self.inputs],
            "outputs": [asdict(column) | {"type": column.type.value} for column in self.outputs],
            "rows": [
                {"id": row.id, "when": dict(row.when), "then": dict(row.then), "zh": row.zh, "en": row.en}
                for row in self.rows
            ],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "TableContent":
        """Read the stored form back."""
        return cls(
            policy=Policy(stored["policy"]),
            inputs=tuple(Input(**column | {"type": ValueType(column["type"])}) for column in stored["inputs"]),
            outputs=tuple(
                Output(**column | {"type": ValueType(column["type"]), "choices": _to_choices(column["choices"])})
                for column in stored["outputs"]
            ),
            rows=tuple(Row(**row) for row in stored["rows"]),
            examples=tuple(Example(**one) for one in stored.get("examples", ())),
        )


def _to_choices(stored: Sequence[Any]) -> tuple[Choice, ...]:
    return tuple(Choice(item) if isinstance(item, str) else Choice(**item) for item in stored)


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table as written in a file: what it is called and says, and from when."""

    key: str
    name_zh: str
    name_en: str
    since: date
    source: str
    content: TableContent


@dataclass(frozen=True, slots=True)
class Seen:
    """A column that the conditions of a table ask. With ``limits`` (rising) they only see where a number stands among
    them: below, at or above each; without, its value."""

    name: str
    limits: tuple[float, ...] | None = None


_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Decision:
    """What a table decided about one context.

    ``rows`` are the ids of the rows that fired, from the top, ``row`` the uppermost; ``outputs`` the results and
    ``said_by`` the row that gave each. With a ``problem`` the context could not be read and nothing was decided.
    """

    key: str
    version: int
    row: str | None
    rows: tuple[str, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    said_by: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class VersionHead:
    """Which version of a table stands."""

    id: UUID
    key: str
    number: int
    since: date
    digest: str
