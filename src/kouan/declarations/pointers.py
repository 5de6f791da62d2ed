"""Where on the form a problem is found: from the words of the standard back to what the clerk typed. Pure.

A problem points into a composed message (``/CEB621Message/Inventory[1]/InventoryList[2]/qty``); the value that it means
stands in the form under our own name, on the second line of goods (``quantity``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kouan.gateway.standards.ceb.fields import fields_of
from kouan.gateway.standards.ceb.types import KINDS, Kind
from kouan.records.problems import Problem

_POINTER = re.compile(r"/CEB(?P<kind>\d{3})Message/\w+\[\d+\](?P<rest>(?:/\w+(?:\[\d+\])?)*)/(?P<element>\w+)$")
_LINE = re.compile(r"/(?P<element>\w+)\[(?P<number>\d+)\]")
_TYPED_AS = {
    "weight_kg": "gross_weight_kg",
    "payer_name": "buyer_name",
    "payer_id_number": "buyer_id_number",
    "payer_phone": "buyer_phone",
    "freight_currency": "currency",
    "insurance_currency": "currency",
}
"""Values of a head that are taken over from another one."""
_TYPED_AS_OF_LINES = {
    "item_name": "name",
    "goods_name": "name",
    "origin_country": "country",
    "destination_country": "country",
    "total_price": "price",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A value as typed: its name, and the line of goods (from 0) where it is one of a line."""

    name: str
    line: int | None = None


def typed_at(pointer: str) -> Typed | None:
    """Find the typed value that a pointer means; None where it points at no single field."""
    if not (found := _POINTER.match(pointer)) or found["kind"] not in KINDS:
        return None
    kind = KINDS[found["kind"]]
    line = _LINE.search(found["rest"])
    if line and line["element"] == kind.line_element:
        name = _names(kind, of_lines=True).get(found["element"])
        return Typed(_TYPED_AS_OF_LINES.get(name, name), int(line["number"]) - 1) if name else None
    name = _names(kind, of_lines=False).get(found["element"])
    return Typed(_TYPED_AS.get(name, name)) if name else None


@cache
def _names(kind: Kind, *, of_lines: bool) -> dict[str, str]:
    block = kind.line if of_lines else kind.head
    return {field.element: field.name for field in fields_of(block)} if block else {}


def at_form_fields(problems: Iterable[Problem], rows: Sequence[int]) -> list[Problem]:
    """Point problems at the fields of the form, each problem of a field once.

    rows: the rows of the grid that hold the lines of goods, in order. What points at no field keeps its pointer.
    """
    found: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        typed = typed_at(problem.pointer)
        pointer = problem.pointer
        if typed and typed.line is None:
            pointer = typed.name
        elif typed and typed.line is not None and typed.line < len(rows):
            pointer = f"goods-{rows[typed.line]}-{typed.name}"
        found.setdefault((pointer, problem.zh), replace(problem, pointer=pointer))
    return list(found.values())
