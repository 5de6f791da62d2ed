"""Reading an uploaded sheet: the first sheet of an xlsx, or a csv, bounded in bytes, rows and columns.

``read_cells`` gives the values as they are stored and carries no formula out; ``read_rows`` gives texts, and refuses by
name what could be misread: formulas, merged cells and the date system of 1904, whose values would be guesses.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from kouan.records.problems import Problem

_LARGEST_PART = 256 * 1024 * 1024
_LARGEST_UNPACKED = 512 * 1024 * 1024
_CHUNK = 1024 * 1024
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*><f[ >/]')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z0-9:]{1,20})"')
_BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError)


class SheetNotReadable(Exception):
    """The file is no sheet that can be read; nothing of it was taken."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.en)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a sheet may be; rows are counted without the titles. codes: how the codes of its problems begin."""

    size: int = 20 * 1024 * 1024
    rows: int = 50_000
    columns: int = 200
    codes: str = "-98"


def read_cells(data: bytes, name: str, limits: Limits) -> list[list[Any]]:
    """Read the first sheet as the values that it stores, titles first. Raises SheetNotReadable."""
    return list(_cells(data, name, limits))


def read_rows(data: bytes, name: str, limits: Limits) -> list[list[str]]:
    """Read the first sheet as texts, titles first. Raises SheetNotReadable."""
    cells = _cells(data, name, limits)
    if not _is_csv(name):
        _refuse_misleading(data, limits)
    keep = {}.setdefault  # the columns of a sheet repeat their values: each text is held once
    return [[keep(text, text) for text in map(_text, row)] for row in cells]


def _is_csv(name: str) -> bool:
    return name.lower().endswith(".csv")


def _cells(data: bytes, name: str, limits: Limits) -> Iterator[list[Any]]:
    if len(data) > limits.size:
        mebibytes = limits.size // 1024 // 1024
        raise _refuse(
            limits, 1, f"文件超过 {mebibytes} MB", f"The file is larger than {mebibytes} MB", "请分批上传", "Split it"
        )
    return _csv_cells(data, limits) if _is_csv(name) else _workbook_cells(data, limits)


def _workbook_cells(data: bytes, limits: Limits) -> Iterator[list[Any]]:
    _refuse_swollen(data, limits)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise _unreadable(limits, str(error)) from error
    (_top, left), (bottom, right) = sheet.start or (0, 0), sheet.end or (-1, -1)
    _refuse_size(bottom + 1, right + 1, limits)
    return ([""] * left + row for row in sheet.iter_rows())  # it leaves the columns before the first value out


def _refuse_swollen(data: bytes, limits: Limits) -> None:
    """Unpack every part and keep none, so that nothing small swells to fill the memory of whoever reads it."""
    left = _LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.infolist():
                with archive.open(part) as stream:
                    while chunk := stream.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise _unreadable(limits, "it is too large when it is unpacked")
    except _BROKEN_ARCHIVE as error:
        raise _unreadable(limits, type(error).__name__) from error


def _csv_cells(data: bytes, limits: Limits) -> Iterator[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _refuse(limits, 4, "文件编码不是 UTF-8 或 GB18030", "The encoding is neither UTF-8 nor GB18030",
                      "请另存为 UTF-8", "Save it as UTF-8")  # fmt: skip
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise _unreadable(limits, str(error)) from error
    _refuse_size(len(rows), max(map(len, rows), default=0), limits)
    return iter(rows)


def _refuse_size(height: int, width: int, limits: Limits) -> None:
    if not height:
        raise _refuse(limits, 3, "表格是空的", "The sheet is empty", "请使用模板填写", "Use the template")
    if height - 1 > limits.rows or width > limits.columns:
        raise _refuse(
            limits, 2, f"表格有 {height - 1} 行、{width} 列，上限 {limits.rows} 行、{limits.columns} 列",
            f"{height - 1} rows and {width} columns; the limits are {limits.rows} and {limits.columns}",
            "请分批上传", "Split it",
        )  # fmt: skip


def _refuse_misleading(data: bytes, limits: Limits) -> None:
    """Look into the parts of the workbook before its values are read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                raise _unreadable(limits, "there is no workbook")
            if re.search(rb'date1904="(?:1|true)"', _part(archive, "xl/workbook.xml", limits)):
                raise _refuse(
                    limits, 7, "表格使用 1904 日期系统，日期会差四年",
                    "The sheet counts its dates from 1904: they would be four years off",
                    "请在 Excel 选项中关闭“使用 1904 日期系统”后另存", "Turn the 1904 date system off and save",
                )  # fmt: skip
            sheets = sorted(name for name in names if re.fullmatch(r"xl/worksheets/sheet1?\.xml", name))
            if sheets:
                _refuse_formulas(_part(archive, sheets[0], limits), limits)
    except _BROKEN_ARCHIVE as error:
        raise _unreadable(limits, type(error).__name__) from error


def _refuse_formulas(sheet: bytes, limits: Limits) -> None:
    formulas = [one.decode() for one in _FORMULA.findall(sheet)]
    if formulas:
        shown = "、".join(formulas[:5])
        raise _refuse(
            limits, 5, f"有 {len(formulas)} 个单元格是公式：{shown}", f"{len(formulas)} cells hold formulas: {shown}",
            "请复制后“粘贴为数值”", "Paste them as values",
        )  # fmt: skip
    merged = [one.decode() for one in _MERGED.findall(sheet)]
    if merged:
        shown = "、".join(merged[:5])
        raise _refuse(limits, 6, f"有合并的单元格：{shown}", f"Cells are merged: {shown}", "请取消合并，每格各填其值",
                      "Unmerge them and fill every cell")  # fmt: skip


def _part(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    with archive.open(name) as stream:
        content = stream.read(_LARGEST_PART + 1)
    if len(content) > _LARGEST_PART:
        raise _unreadable(limits, f"{name} is too large")
    return content


def _text(cell: Any) -> str:
    """Give a cell as the text it shows: whole numbers without a point, days as the standards write them."""
    if isinstance(cell, str):
        return cell.strip()
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


def _unreadable(limits: Limits, reason: str) -> SheetNotReadable:
    return _refuse(limits, 4, "文件不是可读取的 xlsx 表格", f"This is no xlsx sheet: {reason}", "请用模板另存为 xlsx",
                   "Save it as xlsx from the template")  # fmt: skip


def _refuse(limits: Limits, number: int, zh: str, en: str, fix_zh: str, fix_en: str) -> SheetNotReadable:
    return SheetNotReadable(Problem(f"{limits.codes}{number:04}", "", "error", zh, en, fix_zh, fix_en))
