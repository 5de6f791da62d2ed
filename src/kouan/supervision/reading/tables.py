"""Task tables (任务分解表, 台账): rows with a task, its content and its units; as CSV, tabs or bars."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from kouan.supervision.reading.deadlines import deadlines_in
from kouan.supervision.reading.figures import figures_in
from kouan.supervision.reading.layout import WIDTHS, Sheet
from kouan.supervision.reading.measures import measures_in
from kouan.supervision.reading.notes import role_of, units_of
from kouan.supervision.reading.types import Deadline, Figure, Measure, TaskReading, UnitMention, UnitRole

_UNITS = re.compile(
    r"(?:第一|主要|市|省|区|县)?(?:(?:牵头|责任|配合|落实|主办|协办|参加|参与|实施|承办|协同|主责|负责)(?:和|及|、|/|\([^()]*\))?)+"
    r"(?:单位|部门|机构|主体|处室|科室)(?:\([^()]*\))?$"
)
_NUMBERS = re.compile(r"(?:序 *号|编 *号|No\.?)$", re.IGNORECASE)
_TITLES = re.compile(r"(?:重点|主要|年度|具体|目标)?(?:工作)?(?:任务|事项|项目|工作|举措|领域|条目)(?:名称|分解)?$")
_CONTENTS = re.compile(
    r"(?:主要|工作|具体|任务|重点)?(?:工作|任务)?(?:内容|措施|要求|目标|举措|目标任务|分工)(?:及要求)?$"
)
_TIMES = re.compile(r"(?:完成|工作|办理|责任|推进)?(?:时限|时间|期限|进度|时间节点|节点)(?:要求|安排)?$")
_NOTHING = {"", "/", "-", "—", "无", "——"}
_FEWEST_CELLS = 3
_MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its words in one width, and its place in the text."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with columns of units. left_out: columns that share work out within one unit (内牵头处室)."""

    start: int
    end: int
    units: tuple[tuple[int, UnitRole], ...]
    number: int | None
    title: int | None
    content: int | None
    time: int | None
    rows: tuple[tuple[Cell, ...], ...]
    left_out: tuple[str, ...] = ()
    uneven: int = 0


def tables_in(raw: str) -> list[Table]:
    """Find the task tables of a text: a row that heads a column with units, and the rows of that shape below it."""
    even = raw.translate(WIDTHS)
    found: list[Table] = []
    at = 0
    while at < len(raw):
        stop = raw.find("\n", at)
        stop = len(raw) if stop < 0 else stop
        table = _table_at(raw, even, at, stop) if _may_head(raw, at, stop) else None
        if table:
            found.append(table)
            stop = max(stop, table.end)
        at = stop + 1
    return found


def tasks_of_tables(raw: str, tables: list[Table], issued_on: date | None, first_part: int) -> list[TaskReading]:
    """Read each row of the tables as a task; each table is a part of the document, counted from ``first_part``."""
    tasks: list[TaskReading] = []
    for part, table in enumerate(tables, start=first_part):
        seen: dict[str, int] = {}
        for index, row in enumerate(table.rows, start=1):
            task = _task(raw, table, row, str(index), issued_on, part)
            if task is None:
                continue
            label = task.clause
            while seen.setdefault(task.clause, 0):
                seen[label] += 1
                task = replace(task, clause=f"{label}-{seen[label]}")
            seen[task.clause] = 1
            tasks.append(task)
    return tasks


def _may_head(raw: str, start: int, stop: int) -> bool:
    words = raw[start : min(stop, start + 1000)]
    return any(sign in words for sign in "\t|,") and ("单位" in words or "部门" in words or "主体" in words)


def _table_at(raw: str, even: str, start: int, stop: int) -> Table | None:
    for sign in "\t|,":
        if raw.count(sign, start, stop) < _FEWEST_CELLS - 1:
            continue
        head, after = _row(raw, even, start, sign)
        if len(head) < _FEWEST_CELLS or max(len(cell.words) for cell in head) > 40:
            continue
        units: list[tuple[int, UnitRole]] = [
            (index, role_of(cell.words)) for index, cell in enumerate(head) if _UNITS.fullmatch(cell.words)
        ]
        if not units or len({cell.words for cell in head}) < len(head):
            continue
        rows, end, uneven = _rows(raw, even, after, sign, len(head))
        inner = tuple(cell.words for cell in head if re.search(r"内(?:牵头|配合|责任|落实)", cell.words))
        return Table(
            start,
            end,
            tuple(units),
            _column(head, _NUMBERS),
            _column(head, _TITLES),
            _column(head, _CONTENTS),
            _column(head, _TIMES),
            tuple(rows),
            inner,
            uneven,
        )
    return None


def _column(head: list[Cell], pattern: re.Pattern[str]) -> int | None:
    return next((index for index, cell in enumerate(head) if pattern.match(cell.words.replace(" ", ""))), None)


def _rows(raw: str, even: str, at: int, sign: str, width: int) -> tuple[list[tuple[Cell, ...]], int, int]:
    """Read the rows below a head until one that is none; count those with another number of cells."""
    rows: list[tuple[Cell, ...]] = []
    uneven = 0
    end = at
    while at < len(raw) and len(rows) < _MOST_ROWS:
        row, after = _row(raw, even, at, sign)
        if len(row) < 2:
            break
        if not all(set(cell.words) <= set("-: ") for cell in row):
            if len(row) == width:
                rows.append(tuple(row))
            else:
                uneven += 1
        end = at = after
    return rows, end, uneven


def _row(raw: str, even: str, start: int, sign: str) -> tuple[list[Cell], int]:
    """Read one row: its cells and where the next row begins. A cell in quotation marks may hold line ends."""
    cells: list[Cell] = []
    at = start
    while True:
        quoted = sign == "," and raw.startswith('"', at)
        stop = _end_of_quoted(raw, at + 1) if quoted else _end_of_plain(raw, at, sign)
        first, last = (at + 1, stop - 1) if quoted else (at, stop)
        while first < last and even[first] in " \ufeff":
            first += 1
        while last > first and even[last - 1] in " \r":
            last -= 1
        cells.append(Cell(first, last, even[first:last]))
        if stop >= len(raw) or raw[stop] != sign:
            break
        at = stop + 1
    after = raw.find("\n", stop)
    if sign == "|":
        cells = cells[1 if not cells[0].words else 0 :]
        cells = cells[: -1 if cells and not cells[-1].words else None]
    return cells, len(raw) if after < 0 else after + 1


def _end_of_quoted(raw: str, at: int) -> int:
    while (stop := raw.find('"', at)) >= 0:
        if not raw.startswith('""', stop):
            return stop + 1
        at = stop + 2
    return len(raw)


def _end_of_plain(raw: str, at: int, sign: str) -> int:
    line = raw.find("\n", at)
    line = len(raw) if line < 0 else line
    stop = raw.find(sign, at, line)
    return line if stop < 0 else stop


def _task(
    raw: str, table: Table, row: tuple[Cell, ...], number: str, issued_on: date | None, part: int
) -> TaskReading | None:
    units: list[UnitMention] = []
    for column, role in table.units:
        units += _units(raw, row[column], role)
    title = row[table.title] if table.title is not None else None
    content = row[table.content] if table.content is not None else title
    if content is None or (not content.words and not units):
        return None
    sheet = Sheet(raw[content.start : content.end], content.start)
    length = len(sheet.flow)
    deadlines: list[Deadline] = deadlines_in(sheet, 0, length, issued_on)
    figures: list[Figure] = figures_in(sheet, 0, length)
    measures = [
        Measure(
            sheet.words(*stretch),
            sheet.span(*stretch),
            tuple(each for each in deadlines if each.lies_in(sheet.span(*stretch))),
            tuple(figures_in(sheet, *stretch)),
        )
        for stretch in measures_in(sheet, 0, length, [])
    ]
    if table.time is not None:
        cell = row[table.time]
        times = Sheet(raw[cell.start : cell.end], cell.start)
        deadlines += deadlines_in(times, 0, len(times.flow), issued_on, only_times=True)
    named = row[table.number].words if table.number is not None else ""
    return TaskReading(
        clause=named or number,
        title=(title.words if title else content.words[:40]).strip("。 "),
        text=raw[content.start : content.end],
        span=(row[0].start, row[-1].end),
        units=tuple(units),
        deadlines=tuple(deadlines),
        figures=tuple(figures),
        measures=tuple(measures),
        notes=tuple((row[column].start, row[column].end) for column, _ in table.units if row[column].words),
        part=part,
    )


def _units(raw: str, cell: Cell, role: UnitRole) -> Iterator[UnitMention]:
    if cell.words.strip() in _NOTHING:
        return
    sheet = Sheet(raw[cell.start : cell.end], cell.start)
    for unit in units_of(sheet, 0, len(sheet.flow), role):
        name = unit.name
        yield UnitMention(name.name, unit.role, sheet.span(name.start, name.end), name.alias)


def is_flattened(flow: str) -> bool:
    """True if the head of a task table stands in the text one cell a line, so that its rows cannot be told apart."""
    lines = [line.strip(" *#|") for line in flow.split("\n")]
    heads = [index for index, line in enumerate(lines) if _UNITS.fullmatch(line)]
    return any(second - first <= 2 for first, second in pairwise(heads))
