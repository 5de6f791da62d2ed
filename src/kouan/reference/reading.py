"""Reads a sheet of codes (CSV) into rows, bounded and with an error for every row that cannot be taken. No database."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

from kouan.records.problems import Problem
from kouan.reference.types import CONTENT, Layout, SheetRow

MOST_BYTES = 16_000_000
MOST_ROWS = 100_000
MOST_PROBLEMS = 50
LONGEST_CODE = 40
LONGEST_NAME = 700
LONGEST_NOTE = 200

OWN_LAYOUT = Layout(
    file="",
    table="",
    name_zh="",
    name_en="",
    columns={
        field: field
        for field in ("code", "customs_code", "ciq_code", "name_zh", "name_en", "note", "since", "until", "table")
    },
    table_column="table",
)
OWN_COLUMNS = {"table", "code", "name_zh"}

_HERE = Path(__file__).parent


class SheetUnreadable(Exception):
    """The file as a whole cannot be read as a sheet of codes; ``problem`` says why."""

    def __init__(self, problem: Problem):
        super().__init__(problem.zh)
        self.problem = problem


@lru_cache(maxsize=1)
def known_layouts() -> dict[str, Layout]:
    """The layouts of layouts.yaml by file name."""
    described = yaml.safe_load((_HERE / "layouts.yaml").read_text(encoding="utf-8"))
    sources = described["sources"]
    return {
        item["file"]: Layout(
            file=item["file"],
            table=item.get("table", ""),
            name_zh=item["name"]["zh"],
            name_en=item["name"]["en"],
            columns=item["columns"],
            since=item["since"],
            source=sources[item["source"]],
            is_complete=item["complete"],
            table_column=item.get("table_column", ""),
            table_prefix=item.get("table_prefix", ""),
            table_name_column=item.get("table_name_column", ""),
        )
        for item in described["layouts"]
    }


def read_sheet(raw: bytes, layout: Layout, since: date | None) -> tuple[list[SheetRow], list[Problem]]:
    """Read a CSV sheet by its layout.

    ``since`` is the day on which rows without a day of their own begin. Returns the rows and the problems of the rows
    that could not be taken (at most MOST_PROBLEMS); raises SheetUnreadable when the file as a whole cannot be read.
    """
    table = _parse(raw)
    heading = [cell.strip() for cell in next(table, [])]
    positions = _find_columns(heading, layout)
    rows: list[SheetRow] = []
    problems: list[Problem] = []
    for count, cells in enumerate(table, start=1):
        if count > MOST_ROWS:
            raise SheetUnreadable(_too_large(f"{MOST_ROWS} 行", f"{MOST_ROWS} rows"))
        line = count + 1
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heading):
            problems.append(_wrong_width(line, len(heading), len(cells)))
        else:
            row, found = _read_row(line, cells, positions, layout, since)
            problems.extend(found)
            if row is not None:
                rows.append(row)
        if len(problems) >= MOST_PROBLEMS:
            break
    return rows, problems


def fits_own_layout(raw: bytes) -> bool:
    """Whether the heading is Kouan's own (table, code, name_zh …); raises SheetUnreadable where there is no text."""
    return {cell.strip() for cell in next(_parse(raw), [])} >= OWN_COLUMNS


def _parse(raw: bytes) -> Iterator[list[str]]:
    if len(raw) > MOST_BYTES:
        raise SheetUnreadable(_too_large(f"{MOST_BYTES // 1_000_000} MB", f"{MOST_BYTES // 1_000_000} MB"))
    text = _decode(raw)
    if "\0" in text:
        raise SheetUnreadable(
            Problem(
                code="REF-BINARY",
                pointer="",
                severity="error",
                zh="文件含有空字节，不是文本表格",
                en="The file holds NUL bytes; it is not a text sheet",
                fix_zh="请另存为 CSV（UTF-8）后再导入",
                fix_en="Save it as CSV (UTF-8) and import it again",
            )
        )
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise SheetUnreadable(
                Problem(
                    code="REF-CSV",
                    pointer=f"/{reader.line_num}",
                    severity="error",
                    zh=f"第 {reader.line_num} 行不是合法的 CSV：{error}",
                    en=f"Line {reader.line_num} is not valid CSV: {error}",
                    fix_zh="检查该行的引号与逗号",
                    fix_en="Check the quotes and commas of that line",
                )
            ) from error
        if cells is None:
            return
        yield cells


def _decode(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetUnreadable(
        Problem(
            code="REF-ENCODING",
            pointer="",
            severity="error",
            zh="文件既不是 UTF-8 也不是 GB 18030 编码",
            en="The file is neither UTF-8 nor GB 18030",
            fix_zh="请另存为 CSV（UTF-8）后再导入",
            fix_en="Save it as CSV (UTF-8) and import it again",
        )
    )


def _find_columns(heading: list[str], layout: Layout) -> dict[str, int]:
    wanted = dict(layout.columns)
    if layout.table_column:
        wanted["table"] = layout.table_column
    if layout.table_name_column:
        wanted["table_name"] = layout.table_name_column
    optional = set(OWN_LAYOUT.columns) - OWN_COLUMNS if layout is OWN_LAYOUT else set()
    missing = [column for field, column in wanted.items() if column not in heading and field not in optional]
    if missing:
        names = "、".join(missing)
        raise SheetUnreadable(
            Problem(
                code="REF-HEADING",
                pointer="/1",
                severity="error",
                zh=f"表头缺少列：{names}",
                en=f"The heading lacks the columns: {', '.join(missing)}",
                fix_zh="第一行须为列名，且列名与说明一致",
                fix_en="The first line must hold the column names as documented",
            )
        )
    return {field: heading.index(column) for field, column in wanted.items() if column in heading}


def _read_row(
    line: int, cells: list[str], positions: dict[str, int], layout: Layout, since: date | None
) -> tuple[SheetRow | None, list[Problem]]:
    value = {field: " ".join(cells[position].split()) for field, position in positions.items()}
    value = {field: "" if text == "NULL" else text for field, text in value.items()}
    silent = frozenset(CONTENT) - positions.keys()
    problems: list[Problem] = []
    if "name" in value:
        has_han = any("\u4e00" <= character <= "\u9fff" for character in value["name"])
        value["name_zh" if has_han else "name_en"] = value.pop("name")
        silent -= {"name_zh" if has_han else "name_en"}
    days: dict[str, date | None] = {}
    for field, fallback in (("since", since), ("until", None)):
        text = value.get(field, "")
        try:
            days[field] = date.fromisoformat(text) if text else fallback
        except ValueError:
            problems.append(_row_problem(line, "REF-DATE", f"日期“{text}”不是 YYYY-MM-DD", f"{text!r} is no date"))
    if not problems and days["since"] is None:
        problems.append(_row_problem(line, "REF-SINCE", "没有启用日期", "There is no first day of validity"))
    elif not problems and days["until"] is not None and days["until"] <= days["since"]:  # type: ignore[operator]
        problems.append(_row_problem(line, "REF-PERIOD", "停用日期不晚于启用日期", "It ends before it begins"))
    table = layout.table or (layout.table_prefix + value.get("table", "")).lower()
    problems.extend(_check_texts(line, table, value))
    if problems:
        return None, problems
    return SheetRow(
        line=line,
        table=table,
        table_name=value.get("table_name", "") or layout.name_zh,
        code=value["code"],
        customs_code=value.get("customs_code", ""),
        ciq_code=value.get("ciq_code", ""),
        name_zh=value.get("name_zh", ""),
        name_en=value.get("name_en", ""),
        note=value.get("note", ""),
        since=days["since"],  # type: ignore[arg-type]
        until=days["until"],
        silent=silent,
    ), []


def _check_texts(line: int, table: str, value: dict[str, str]) -> list[Problem]:
    problems = []
    if not table or len(table) > 64 or not table.replace("_", "").isalnum() or not table.isascii():
        problems.append(
            _row_problem(line, "REF-TABLE", f"表名“{table[:80]}”不合规则", f"{table[:80]!r} is no name of a table")
        )
    if not value["code"]:
        problems.append(_row_problem(line, "REF-CODE", "代码为空", "The code is empty"))
    for field in ("code", "customs_code", "ciq_code"):
        text = value.get(field, "")
        if len(text) > LONGEST_CODE or not text.isprintable():
            problems.append(
                _row_problem(
                    line, "REF-CODE", f"代码“{text[:60]}”过长或含控制字符", f"{text[:60]!r} is too long or unprintable"
                )
            )
    if not value.get("name_zh") and not value.get("name_en"):
        problems.append(_row_problem(line, "REF-NAME", "名称为空", "The name is empty"))
    for field, longest in (("name_zh", LONGEST_NAME), ("name_en", LONGEST_NAME), ("note", LONGEST_NOTE)):
        if len(value.get(field, "")) > longest:
            problems.append(
                _row_problem(line, "REF-NAME", f"文字超过 {longest} 字", f"A text is longer than {longest} characters")
            )
    return problems


def _row_problem(line: int, code: str, zh: str, en: str) -> Problem:
    return Problem(
        code=code,
        pointer=f"/{line}",
        severity="error",
        zh=f"第 {line} 行：{zh}",
        en=f"Line {line}: {en}",
        fix_zh="更正该行后重新导入；整份文件在全部行正确之前不会写入",
        fix_en="Mend the line and import again; nothing of the file is written before every line is right",
    )


def _wrong_width(line: int, wanted: int, found: int) -> Problem:
    return _row_problem(
        line, "REF-WIDTH", f"应有 {wanted} 列，实有 {found} 列", f"{wanted} columns expected, {found} found"
    )


def _too_large(zh: str, en: str) -> Problem:
    return Problem(
        code="REF-SIZE",
        pointer="",
        severity="error",
        zh=f"文件超过上限（{zh}）",
        en=f"The file is larger than the limit of {en}",
        fix_zh="拆分后分别导入",
        fix_en="Split it and import the parts",
    )
