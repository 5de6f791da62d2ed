"""Files of what a list shows: xlsx and CSV, written row by row within a stated limit, with nothing that can run.

A cell that a spreadsheet could take for a formula is written as text: in xlsx as a string cell, in CSV with a leading
apostrophe (OWASP, CSV injection). Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _

from kouan.screens import formats
from kouan.screens.lists.columns import Column

DANGEROUS_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST_CELL = 32_767
"""Characters that one xlsx cell can hold (ECMA-376)."""
LARGEST_EXACT = 10**15
"""Whole numbers beyond this lose digits in a spreadsheet and are written as text."""

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Export:
    """What leaves the system, for the audit. `filters` by key, with what a person typed masked."""

    list_key: str
    title: str
    kind: str
    columns: tuple[str, ...]
    filters: tuple[tuple[str, str], ...]
    row_count: int
    is_cut: bool
    limit: int
    made_at: datetime
    made_by: str


_auditors: list[Callable[[HttpRequest, Export], None]] = []


def register_auditor(note: Callable[[HttpRequest, Export], None]) -> None:
    """Have every export told to `note(request, export)` before the file is handed over; called from `ready()`."""
    if note not in _auditors:
        _auditors.append(note)


def tell_auditors(request: HttpRequest, export: Export) -> None:
    for note in _auditors:
        note(request, export)


def write_rows(
    kind: str, columns: Sequence[Column], rows: Iterable[Any], *, limit: int, notes: Callable[[int, bool], list[Any]]
) -> tuple[IO[bytes], int, bool]:
    """Write at most `limit` rows to a temporary file. `notes(count, is_cut)` gives (label, value) pairs for it.

    Returns the open file at its beginning, the number of rows written, and whether rows were left out.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - handed to the response, which closes it
    counted = _Counted(rows, limit)
    if kind == "xlsx":
        _write_xlsx(file, columns, counted, notes)
    else:
        _write_csv(file, columns, counted)
    file.seek(0)
    return file, counted.count, counted.is_cut


def to_response(file: IO[bytes], export: Export) -> FileResponse:
    name = f"{export.title}-{export.made_at:%Y%m%d-%H%M}.{export.kind}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[export.kind])
    response["X-Row-Count"] = str(export.row_count)
    response["Cache-Control"] = "no-store"
    return response


class _Counted:
    """Rows up to a limit, with the count and whether there were more."""

    def __init__(self, rows: Iterable[Any], limit: int) -> None:
        self._rows, self._limit = rows, limit
        self.count, self.is_cut = 0, False

    def __iter__(self) -> Iterator[Any]:
        for row in self._rows:
            if self.count >= self._limit:
                self.is_cut = True
                return
            self.count += 1
            yield row


def _headers(columns: Sequence[Column]) -> list[str]:
    return [formats.to_with_unit(column.label, column.unit) for column in columns]


def _write_xlsx(
    file: IO[bytes], columns: Sequence[Column], rows: _Counted, notes: Callable[[int, bool], list[Any]]
) -> None:
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#E6EFFA", "bottom": 1, "valign": "vcenter"})
    styles = {
        "when": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "count": book.add_format({"num_format": "#,##0"}),
        "quantity": book.add_format({"num_format": "#,##0.#####"}),
    }
    sheet = book.add_worksheet(_("数据"))
    for index, column in enumerate(columns):
        sheet.set_column(index, index, 34 if column.is_long else 20 if column.kind in {"text", "when"} else 14)
    sheet.freeze_panes(1, 0)
    for index, text in enumerate(_headers(columns)):
        sheet.write_string(0, index, text, head)
    for at, row in enumerate(rows, start=1):
        for index, column in enumerate(columns):
            _write_cell(sheet, at, index, column, column.for_export(row), styles)
    if columns:
        sheet.autofilter(0, 0, max(rows.count, 1), len(columns) - 1)
    about = book.add_worksheet(_("说明"))
    about.set_column(0, 0, 18)
    about.set_column(1, 1, 80)
    for at, (label, value) in enumerate(notes(rows.count, rows.is_cut)):
        about.write_string(at, 0, str(label), head)
        about.write_string(at, 1, str(value))
    book.close()


def _write_cell(sheet: Any, at: int, index: int, column: Column, value: Any, styles: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        if value.year < 1900:
            sheet.write_string(at, index, value.isoformat(" ", "seconds"))
        else:
            sheet.write_datetime(at, index, value, styles["when"])
    elif isinstance(value, date):
        if value.year < 1900:
            sheet.write_string(at, index, value.isoformat())
        else:
            sheet.write_datetime(at, index, datetime(value.year, value.month, value.day), styles["date"])  # noqa: DTZ001
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool) and abs(value) < LARGEST_EXACT:
        sheet.write_number(at, index, value, styles.get(column.kind, styles["quantity"]))
    else:
        sheet.write_string(at, index, str(value)[:LONGEST_CELL])


def _write_csv(file: IO[bytes], columns: Sequence[Column], rows: _Counted) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([to_harmless(header) for header in _headers(columns)])
    for row in rows:
        writer.writerow([_to_csv(column.for_export(row)) for column in columns])
    text.flush()
    text.detach()


def _to_csv(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, int | float | Decimal | date):
        return str(value)
    return to_harmless(str(value))


def to_harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(DANGEROUS_STARTS) else text
