"""What is wrong in a spreadsheet, at its row and column; and the same workbook given back with it written in. Pure.

Nothing in the workbook that is given back is carried out: formulas stand as the values that were read, links to other
files are dropped, and every text is a text, whatever sign it begins with.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kouan.declarations.pointers import typed_at
from kouan.declarations.sheets import SheetParcel, columns_of, read_rows, text_of
from kouan.records.problems import Problem

RESULT_TITLE = "校验结果"
MOST_COMMENTS = 2_000
_LONGEST_COMMENT = 1_000
_LARGEST_UNPACKED = 200 * 1024 * 1024
_AUTHOR = "Kouan"
_ERROR = PatternFill("solid", start_color="FFFBDDD8")
_WARNING = PatternFill("solid", start_color="FFFCEFCF")
_FINE = PatternFill("solid", start_color="FFDDF1E4")
_OURS = {fill.start_color.rgb for fill in (_ERROR, _WARNING, _FINE)}

Words = Callable[[Problem], str]
"""How a problem is said, in the language of whoever downloads the workbook."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A problem at its row of the sheet (titles are row 1) and at the value that it means, where it means one.

    title: that of the column; empty where the whole row is meant.
    """

    row: int
    name: str
    title: str
    problem: Problem


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

    data, name: a file that ``read_sheet`` could read. A workbook that was annotated before is annotated afresh.
    """
    parcels = list(parcels)
    rows = read_rows(data, name)
    _layout, columns = columns_of(rows[0])
    book = _open(data, rows)
    sheet = book.worksheets[0]
    result_column = _clean(sheet, rows[0])
    marks: dict[int, list[Mark]] = defaultdict(list)
    for parcel in parcels:
        for mark in marks_of(parcel):
            marks[mark.row].append(mark)
    title = sheet.cell(1, result_column)
    _write(title, RESULT_TITLE)
    title.font = Font(bold=True)
    sheet.column_dimensions[get_column_letter(result_column)].width = 60
    for row in (row for parcel in parcels for row in parcel.rows):
        _tell(sheet.cell(row, result_column), marks.get(row, ()), say)
    _mark_cells(sheet, marks, columns, say)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _open(data: bytes, rows: Sequence[Sequence[Any]]) -> Workbook:
    """Open the workbook itself; one of another kind, or too large to be unpacked, is written anew from its values."""
    if data[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                size = sum(entry.file_size for entry in archive.infolist())
            if size <= _LARGEST_UNPACKED:
                return load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError):
            pass  # A workbook that only the more tolerant reader understands.
    book = Workbook()
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            _write(book.worksheets[0].cell(number, place), text_of(value))
    return book


def _clean(sheet: Worksheet, header: Sequence[Any]) -> int:
    """Take earlier marks of ours away; give the column for the results."""
    titles = [text_of(title) for title in header]
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, MergedCell):
                continue
            if cell.comment is not None and cell.comment.author == _AUTHOR:
                cell.comment = None
            if cell.fill.fill_type == "solid" and cell.fill.start_color.rgb in _OURS:
                cell.fill = PatternFill()
    return titles.index(RESULT_TITLE) + 1 if RESULT_TITLE in titles else max(len(titles), sheet.max_column) + 1


def _tell(cell: Any, marks: Sequence[Mark], say: Words) -> None:
    """Write the result of a row."""
    told = [f"{mark.title}：{say(mark.problem)}" if mark.title else say(mark.problem) for mark in marks]
    _write(cell, "\n".join(told) or "✓")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.fill = _fill_of(marks)


def _mark_cells(sheet: Worksheet, marks: dict[int, list[Mark]], columns: dict[str, int], say: Words) -> None:
    """Colour the cells that are meant, and say in a comment what is wrong with each, as far as comments go."""
    by_cell: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for row, found in marks.items():
        for mark in found:
            if mark.name in columns:
                by_cell[row, columns[mark.name] + 1].append(mark)
    for count, ((row, column), found) in enumerate(by_cell.items()):
        cell = sheet.cell(row, column)
        if isinstance(cell, MergedCell):
            continue
        cell.fill = _fill_of(found)
        if count < MOST_COMMENTS:
            cell.comment = Comment("\n".join(say(mark.problem) for mark in found)[:_LONGEST_COMMENT], _AUTHOR)


def _fill_of(marks: Sequence[Mark]) -> PatternFill:
    if any(mark.problem.is_error for mark in marks):
        return _ERROR
    return _WARNING if marks else _FINE


def _write(cell: Any, text: str) -> None:
    """Write a text as a text: never as a formula, a number or an error."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:32_000]
    cell.data_type = "s"
    cell.quotePrefix = True
