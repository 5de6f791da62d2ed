"""What is wrong in a spreadsheet of parcels, at its row and column; and the workbook given back with it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from kouan.declarations.pointers import typed_at
from kouan.declarations.sheets import LIMITS, SheetParcel, columns_of, text_of
from kouan.records.problems import Problem
from kouan.screens.marking import Mark, Marked, Words, annotate_workbook
from kouan.screens.sheets import read_cells


def marks_of(parcel: SheetParcel) -> list[Mark]:
    """Give the problems of a parcel at the rows and columns in which the values stand, each once."""
    found: dict[tuple[int, str, str], Mark] = {}
    for problem in parcel.problems:
        row, name = _place_of(problem, parcel)
        found.setdefault((row, name, problem.zh), Mark(row, name, parcel.layout.titles.get(name, ""), problem))
    return list(found.values())


def _place_of(problem: Problem, parcel: SheetParcel) -> tuple[int, str]:
    rows, layout = parcel.rows, parcel.layout
    if problem.pointer in layout.head:
        return rows[0], problem.pointer
    typed = typed_at(problem.pointer)
    if typed is None:
        return rows[0], ""
    if typed.line is None:
        return rows[0], typed.name if typed.name in layout.head else ""
    row = rows[typed.line] if typed.line < len(rows) else rows[-1]
    return row, typed.name if typed.name in layout.goods else ""


def annotate(data: bytes, name: str, parcels: Iterable[SheetParcel], say: Words) -> bytes:
    """Write into a workbook what is wrong with it: coloured cells, comments, and a column with the result of each row.

    data, name: a file that ``read_sheet`` could read.
    """
    parcels = list(parcels)
    rows = read_cells(data, name, LIMITS)
    _layout, columns = columns_of(rows[0])
    marks = [mark for parcel in parcels for mark in marks_of(parcel)]
    told = [row for parcel in parcels for row in parcel.rows]
    return annotate_workbook(data, Marked(rows, columns, marks, told, text_of), say)
