"""The tasks of a reading as a workbook (任务分解表): a row for each measure, the units of its task beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kouan.screens.lists.columns import Column
from kouan.screens.lists.exports import write_rows
from kouan.supervision.reading.types import Deadline, DocumentReading, Figure, Measure, TaskReading, UnitRole

MOST_ROWS = 20_000
PERIODS = {
    "day": gettext_lazy("每日"),
    "week": gettext_lazy("每周"),
    "month": gettext_lazy("每月"),
    "quarter": gettext_lazy("每季度"),
    "half_year": gettext_lazy("每半年"),
    "year": gettext_lazy("每年"),
}


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A measure with its task; a task that is not parted has one row."""

    number: int
    task: TaskReading
    measure: Measure | None


def write_ledger_sheet(stream: IO[bytes], reading: DocumentReading, *, source: str) -> int:
    """Write the tasks of a reading as xlsx to a stream; return the number of rows."""

    def notes(count: int, is_cut: bool) -> list[tuple[str, str]]:
        head = reading.head
        pairs = [
            (_("文件"), head.title.value if head.title else source),
            (_("文号"), head.number.value if head.number else ""),
            (_("发文机关"), head.issuer.value if head.issuer else ""),
            (_("日期"), head.date.isoformat() if head.date else ""),
            (_("任务"), str(len(reading.tasks))),
            (_("措施"), str(count) + (_("（已截断）") if is_cut else "")),
        ]
        pairs += [(_("默认规则"), one.text) for one in reading.defaults]
        return pairs + [(_("提示"), one.zh) for one in reading.problems]

    file, count, _is_cut = write_rows("xlsx", ledger_columns(), ledger_rows(reading), limit=MOST_ROWS, notes=notes)
    with file:
        shutil.copyfileobj(file, stream)
    return count


def ledger_rows(reading: DocumentReading) -> Iterable[LedgerRow]:
    """Yield the rows in the order of the text."""
    number = 0
    for task in reading.tasks:
        for measure in task.measures or (None,):
            number += 1
            yield LedgerRow(number, task, measure)


def ledger_columns() -> list[Column]:
    """Give the columns of a task table as they are in use (牵头, 配合, 时限, 成果)."""
    return [
        Column("number", _("序号"), kind="count"),
        Column("clause", _("条款"), cell=lambda row: row.task.clause),
        Column("title", _("任务"), cell=lambda row: row.task.title, is_long=True),
        Column("measure", _("措施"), cell=lambda row: row.measure.text if row.measure else row.task.text, is_long=True),
        Column("lead", _("牵头单位"), cell=_named("lead"), is_long=True),
        Column("responsible", _("责任单位"), cell=_named("responsible", "unmarked"), is_long=True),
        Column("support", _("配合单位"), cell=_named("support"), is_long=True),
        Column("implement", _("落实单位"), cell=_named("implement"), is_long=True),
        Column("participate", _("参加单位"), cell=_named("participate"), is_long=True),
        Column("deadlines", _("完成时限"), cell=lambda row: deadline_words(_deadlines(row))),
        Column("figures", _("目标值"), cell=lambda row: figure_words(_figures(row))),
    ]


def deadline_words(deadlines: Iterable[Deadline]) -> str:
    """Name deadlines by the words of the text, with the day where there is one."""
    return "；".join(f"{one.text}（{one.date:%Y-%m-%d}）" if one.date else one.text for one in deadlines)


def figure_words(figures: Iterable[Figure]) -> str:
    """Name figures with bounds, unit and period: 3–5 条（每年）."""
    return "；".join(_figure(one) for one in figures)


def _figure(figure: Figure) -> str:
    low, high = (f"{one:f}" if one is not None else "" for one in (figure.low, figure.high))
    if low == high:
        amount = low
    elif low and high:
        amount = f"{low}–{high}"
    else:
        amount = f"≥{low}" if low else f"≤{high}"
    period = f"（{PERIODS[figure.period]}）" if figure.period else ""
    return f"{amount} {figure.unit}{period}"


def _named(*roles: UnitRole):
    def cell(row: LedgerRow) -> str:
        units = [unit for unit in row.task.units if unit.role in roles]
        return "、".join(f"{unit.name}（{unit.alias}）" if unit.alias else unit.name for unit in units)

    return cell


def _deadlines(row: LedgerRow) -> tuple[Deadline, ...]:
    """Give the deadlines of a measure; those that stand outside of all measures (in the note) are of each."""
    if row.measure is None:
        return row.task.deadlines
    inside = {one.span for measure in row.task.measures for one in measure.deadlines}
    return (*row.measure.deadlines, *(one for one in row.task.deadlines if one.span not in inside))


def _figures(row: LedgerRow) -> tuple[Figure, ...]:
    return row.measure.figures if row.measure else row.task.figures
