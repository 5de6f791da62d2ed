"""A workbook given back with what is wrong written into it: coloured cells, comments, and a column of results. Pure.

Nothing in the workbook that is given back is carried out: formulas stand as the values that were read, links to other
files are dropped, and every text is a text, whatever sign it begins with. A large one is written anew row by row, so
that it needs no more memory than a small one.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kouan.records.problems import Problem

RESULT_TITLE = "校验结果"
MOST_COMMENTS = 2_000
MOST_KEPT_ROWS = 3_000
"""A workbook with more rows than this is not kept as it is laid out."""
_LONGEST_COMMENT = 1_000
_LONGEST_TEXT = 32_000
_LARGEST_UNPACKED = 200 * 1024 * 1024
_AUTHOR = "Kouan"
_ERROR_COLOUR, _WARNING_COLOUR, _FINE_COLOUR = "FFFBDDD8", "FFFCEFCF", "FFDDF1E4"
_ERROR = PatternFill("solid", start_color=_ERROR_COLOUR)
_WARNING = PatternFill("solid", start_color=_WARNING_COLOUR)
_FINE = PatternFill("solid", start_color=_FINE_COLOUR)
_OURS = {fill.start_color.rgb for fill in (_ERROR, _WARNING, _FINE)}

Words = Callable[[Problem], str]
"""How a problem is said, in the language of whoever downloads the workbook."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A problem at its row of the sheet (titles are row 1) and at the column that it means, where it means one.

    name: of the column, as the columns are called; title: what stands above it, empty where the whole row is meant.
    """

    row: int
    name: str
    title: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Marked:
    """What is wrong with a sheet. rows: its cells, titles first. columns: where each named column stands.

    told: the rows that get a result. text: how a cell is read as a text.
    """

    rows: Sequence[Sequence[Any]]
    columns: Mapping[str, int]
    marks: Iterable[Mark]
    told: Iterable[int]
    text: Callable[[Any], str] = str


def annotate_workbook(data: bytes, marked: Marked, say: Words) -> bytes:
    """Write into a workbook what is wrong with it; one that was annotated before is annotated afresh."""
    marks: dict[int, list[Mark]] = defaultdict(list)
    for mark in marked.marks:
        marks[mark.row].append(mark)
    if len(marked.rows) > MOST_KEPT_ROWS:
        return _write_anew(marked, marks, say)
    book = _open(data, marked)
    sheet = book.worksheets[0]
    result_column = _clean(sheet, [marked.text(title) for title in marked.rows[0]])
    title = sheet.cell(1, result_column)
    _write(title, RESULT_TITLE)
    title.font = Font(bold=True)
    sheet.column_dimensions[get_column_letter(result_column)].width = 60
    for row in marked.told:
        _tell(sheet.cell(row, result_column), marks.get(row, ()), say)
    _mark_cells(sheet, marks, marked.columns, say)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write_anew(marked: Marked, marks: Mapping[int, Sequence[Mark]], say: Words) -> bytes:
    """Write the values, the colours and the results into a workbook of its own, row after row."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet()
    fills = {
        colour: book.add_format({"bg_color": f"#{colour[2:]}", "text_wrap": True, "valign": "top", "num_format": "@"})
        for colour in (_ERROR_COLOUR, _WARNING_COLOUR, _FINE_COLOUR)
    }
    titles = [marked.text(title) for title in marked.rows[0]]
    width = titles.index(RESULT_TITLE) if RESULT_TITLE in titles else len(titles)
    sheet.set_column(width, width, 60)
    told = set(marked.told)
    for number, cells in enumerate(marked.rows, start=1):
        found = marks.get(number, ())
        faulty = {marked.columns[mark.name]: mark for mark in found if mark.name in marked.columns}
        for place, cell in enumerate(cells[:width]):
            fill = fills[_colour_of([faulty[place]])] if place in faulty else None
            sheet.write_string(number - 1, place, _plain(marked.text(cell)), fill)
        if number == 1:
            sheet.write_string(0, width, RESULT_TITLE)
        elif number in told:
            sheet.write_string(number - 1, width, _plain(_in_words(found, say)), fills[_colour_of(found)])
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def _in_words(marks: Sequence[Mark], say: Words) -> str:
    told = [f"{mark.title}：{say(mark.problem)}" if mark.title else say(mark.problem) for mark in marks]
    return "\n".join(told) or "✓"


def _colour_of(marks: Sequence[Mark]) -> str:
    if any(mark.problem.is_error for mark in marks):
        return _ERROR_COLOUR
    return _WARNING_COLOUR if marks else _FINE_COLOUR


def _plain(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST_TEXT]


def _open(data: bytes, marked: Marked) -> Workbook:
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
    for number, row in enumerate(marked.rows, start=1):
        for place, value in enumerate(row, start=1):
            _write(book.worksheets[0].cell(number, place), marked.text(value))
    return book


def _clean(sheet: Worksheet, titles: Sequence[str]) -> int:
    """Take earlier marks of ours away; give the column for the results."""
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
    _write(cell, _in_words(marks, say))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.fill = _fill_of(marks)


def _mark_cells(sheet: Worksheet, marks: Mapping[int, list[Mark]], columns: Mapping[str, int], say: Words) -> None:
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
    cell.value = _plain(text)
    cell.data_type = "s"
    cell.quotePrefix = True
