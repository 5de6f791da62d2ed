"""Reading an uploaded sheet: xlsx or csv as rows of texts, bounded, and refused where its values could be misread.

Formulas, merged cells and the date system of 1904 are refused by name: their values would be guesses.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from kouan.records.problems import Problem

_LARGEST_PART = 256 * 1024 * 1024
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*><f[ >/]')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z0-9:]{1,20})"')


class SheetNotReadable(Exception):
    """The file is no sheet that can be read; nothing of it was taken."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.en)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a sheet may be; rows are counted without the titles."""

    size: int = 20 * 1024 * 1024
    rows: int = 50_000
    columns: int = 200


def read_rows(data: bytes, name: str, limits: Limits) -> list[list[str]]:
    """Read the first sheet as texts, titles first. Raises SheetNotReadable."""
    if len(data) > limits.size:
        mebibytes = limits.size // 1024 // 1024
        raise _refuse(
            "-980001", f"文件超过 {mebibytes} MB", f"The file is larger than {mebibytes} MB", "请分批上传", "Split it"
        )
    rows = _csv_rows(data, limits) if name.lower().endswith(".csv") else _workbook_rows(data, limits)
    if not rows:
        raise _refuse("-980003", "表格是空的", "The sheet is empty", "请使用模板填写", "Use the template")
    return rows


def _workbook_rows(data: bytes, limits: Limits) -> list[list[str]]:
    _refuse_misleading(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
        _refuse_too_many(sheet.total_height - 1, sheet.total_width, limits)
        keep = {}.setdefault  # the columns of a sheet repeat their values: each text is held once
        return [[keep(text, text) for text in map(_text, row)] for row in sheet.iter_rows()]
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise _unreadable(str(error)) from error


def _refuse_too_many(rows: int, columns: int, limits: Limits) -> None:
    if rows > limits.rows or columns > limits.columns:
        raise _refuse(
            "-980002", f"表格有 {rows} 行、{columns} 列，上限 {limits.rows} 行、{limits.columns} 列",
            f"{rows} rows and {columns} columns; the limits are {limits.rows} and {limits.columns}",
            "请分批上传", "Split it",
        )  # fmt: skip


def _refuse_misleading(data: bytes) -> None:
    """Look into the parts of the workbook before its values are read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                raise _unreadable("there is no workbook")
            if re.search(rb'date1904="(?:1|true)"', _part(archive, "xl/workbook.xml")):
                raise _refuse(
                    "-980007", "表格使用 1904 日期系统，日期会差四年",
                    "The sheet counts its dates from 1904: they would be four years off",
                    "请在 Excel 选项中关闭“使用 1904 日期系统”后另存", "Turn the 1904 date system off and save",
                )  # fmt: skip
            sheets = sorted(name for name in names if re.fullmatch(r"xl/worksheets/sheet1?\.xml", name))
            if sheets:
                _refuse_formulas(_part(archive, sheets[0]))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise _unreadable(type(error).__name__) from error


def _refuse_formulas(sheet: bytes) -> None:
    formulas = [one.decode() for one in _FORMULA.findall(sheet)]
    if formulas:
        shown = "、".join(formulas[:5])
        raise _refuse(
            "-980005", f"有 {len(formulas)} 个单元格是公式：{shown}", f"{len(formulas)} cells hold formulas: {shown}",
            "请复制后“粘贴为数值”", "Paste them as values",
        )  # fmt: skip
    merged = [one.decode() for one in _MERGED.findall(sheet)]
    if merged:
        shown = "、".join(merged[:5])
        raise _refuse("-980006", f"有合并的单元格：{shown}", f"Cells are merged: {shown}", "请取消合并，每格各填其值",
                      "Unmerge them and fill every cell")  # fmt: skip


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        content = stream.read(_LARGEST_PART + 1)
    if len(content) > _LARGEST_PART:
        raise _unreadable(f"{name} is too large")
    return content


def _csv_rows(data: bytes, limits: Limits) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _refuse("-980004", "文件编码不是 UTF-8 或 GB18030", "The encoding is neither UTF-8 nor GB18030",
                      "请另存为 UTF-8", "Save it as UTF-8")  # fmt: skip
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text))]
    except csv.Error as error:
        raise _unreadable(str(error)) from error
    _refuse_too_many(len(rows) - 1, max(map(len, rows), default=0), limits)
    return rows


def _text(cell: Any) -> str:
    """Give a cell as the text it shows: whole numbers without a point, days as the standards write them."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y%m%d") if cell.time() == datetime.min.time() else cell.strftime("%Y%m%d%H%M%S")
    if isinstance(cell, date):
        return cell.strftime("%Y%m%d")
    return str(cell).strip()


def _unreadable(reason: str) -> SheetNotReadable:
    return _refuse("-980004", "文件不是可读取的 xlsx 表格", f"This is no xlsx sheet: {reason}", "请用模板另存为 xlsx",
                   "Save it as xlsx from the template")  # fmt: skip


def _refuse(code: str, zh: str, en: str, fix_zh: str, fix_en: str) -> SheetNotReadable:
    return SheetNotReadable(Problem(code, "", "error", zh, en, fix_zh, fix_en))
