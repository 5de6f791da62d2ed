"""What one version of a table says otherwise than another, row by row. No database."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kouan.decisions.types import Row, TableContent


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell: ``part`` is ``when``, ``then`` or ``words``; before and after as they are stored."""

    part: Literal["when", "then", "words"]
    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that is not what it was; ``place`` counts from 1 in the version in which it stands."""

    kind: Literal["added", "removed", "changed", "moved"]
    row: Row
    place: int
    cells: tuple[CellChange, ...] = ()


def differences(before: TableContent, after: TableContent) -> list[RowChange]:
    """List rows that came, went, say something else or stand elsewhere, in the order of ``after``, those gone last.

    A row is the same one while it keeps its id. Moved are the fewest rows whose moving explains the new order.
    """
    old = {row.id: row for row in before.rows}
    new = {row.id: row for row in after.rows}
    stays = _longest_common([row.id for row in before.rows if row.id in new], [r.id for r in after.rows if r.id in old])
    found = []
    for place, row in enumerate(after.rows, start=1):
        if row.id not in old:
            found.append(RowChange("added", row, place, tuple(_cells(Row(row.id, {}, {}), row))))
        elif cells := tuple(_cells(old[row.id], row)):
            found.append(RowChange("changed", row, place, cells))
        elif row.id not in stays:
            found.append(RowChange("moved", row, place))
    gone = [
        RowChange("removed", row, place, tuple(_cells(row, Row(row.id, {}, {}))))
        for place, row in enumerate(before.rows, start=1)
        if row.id not in new
    ]
    return found + gone


def _cells(before: Row, after: Row) -> Iterator[CellChange]:
    for name in dict.fromkeys([*before.when, *after.when]):
        old, new = before.when.get(name, "").strip(), after.when.get(name, "").strip()
        if old != new:
            yield CellChange("when", name, old, new)
    for name in dict.fromkeys([*before.then, *after.then]):
        old_value, new_value = _plain(before.then.get(name)), _plain(after.then.get(name))
        if old_value != new_value:
            yield CellChange("then", name, before.then.get(name), after.then.get(name))
    for name in ("zh", "en"):
        if getattr(before, name) != getattr(after, name):
            yield CellChange("words", name, getattr(before, name), getattr(after, name))


def _plain(value: object) -> object:
    """One value and a list of that value say the same, so do nothing and an empty list, and lists in any order."""
    values = list(value) if isinstance(value, list | tuple) else [value]
    return sorted((one for one in values if one not in (None, "")), key=str)


def _longest_common(one: list[str], other: list[str]) -> set[str]:
    """Find the longest run of ids that stands in the same order in both lists, which hold the same ids."""
    place = {name: at for at, name in enumerate(one)}
    ends: list[int] = []  # for each length, the smallest end of a rising run, and who came before it
    chain: list[tuple[int, int]] = []
    keys: list[int] = []
    for name in other:
        at = place[name]
        where = bisect_left(keys, at)
        chain.append((at, ends[where - 1] if where else -1))
        if where == len(keys):
            keys.append(at)
            ends.append(len(chain) - 1)
        else:
            keys[where], ends[where] = at, len(chain) - 1
    stays: set[str] = set()
    step = ends[-1] if ends else -1
    while step >= 0:
        at, step = chain[step]
        stays.add(one[at])
    return stays
