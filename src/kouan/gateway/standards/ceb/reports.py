"""What rules are given and how they speak: the context of a check, and the report of one node."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, Protocol

from kouan.records.problems import Problem

from . import codes
from .lexical import to_decimal
from .types import Kind, Node

SignaturePolicy = Literal["require", "warn", "off"]

ZERO, ONE = Decimal(0), Decimal(1)


class Codes(Protocol):
    """The code tables, as far as checks need them."""

    def has(self, table: str, code: str, on_date: date) -> bool | None:
        """Say whether a table holds a code on a day, in the generation that CEB messages use (country 142, unit 035).

        None if it cannot be said, because the table is not loaded or known to be incomplete.
        """


@dataclass(slots=True)
class Context:
    """What rules need beside the node: the day, the figures of that day, the code tables, the policy of the connection.

    figures: amounts in yuan in force on that day by name; ``single_limit`` is the limit of one purchase. Where one
    is missing the rule says that it could not compare: a day without a figure is never a limit of zero.
    """

    on_date: date
    figures: Mapping[str, Decimal]
    tables: Codes | None = None
    signature: SignaturePolicy = "require"
    _asked: dict[tuple[str, str], bool | None] = field(default_factory=dict)

    def knows(self, table: str, code: str) -> bool | None:
        """Ask the code tables, once for each code."""
        if self.tables is None:
            return None
        key = (table, code)
        if key not in self._asked:
            self._asked[key] = self.tables.has(table, code, self.on_date)
        return self._asked[key]


class Report:
    """Collects what rules find, and knows where things stand in the message."""

    __slots__ = ("context", "kind", "node", "problems")

    def __init__(self, kind: Kind, node: Node, context: Context) -> None:
        self.kind = kind
        self.node = node
        self.context = context
        self.problems: list[Problem] = []

    def head(self, element: str, code: str = "", **texts: Any) -> None:
        """Report a problem of a field of the head, with the kind's own code unless another is given."""
        kind = self.kind
        block = f"{kind.head_element}/" if kind.head_element else ""
        pointer = f"/{kind.root}/{kind.node}[{self.node.index}]/{block}{element}"
        self.problems.append(codes.problem(code or kind.faults.field, pointer, **texts))

    def line(self, place: int, element: str, code: str = "", **texts: Any) -> None:
        """Report a problem of a field of a line; ``place`` from 0."""
        kind = self.kind
        pointer = f"/{kind.root}/{kind.node}[{self.node.index}]/{kind.line_element}[{place + 1}]/{element}"
        self.problems.append(codes.problem(code or kind.faults.field, pointer, **texts))


Rule = Callable[[Any, list[Any], Report], None]


def amount(value: str | None) -> Decimal:
    """Read an amount for a sum; what is absent or no number counts as nothing and was reported by the reader."""
    return number(value) or ZERO


@lru_cache(maxsize=65536)  # every amount is asked for by several rules, and prices come again and again
def number(value: str | None) -> Decimal | None:
    """Read a number; None where there is none."""
    return to_decimal(value)
