"""Until when something has to be done with a declaration, by which clause, and how near that day is.

Days are counted from the day after the one with which a period begins; where a period is not known for a day, or has
nothing to begin with, there is no deadline, and the page says why. How long early declaration may be before arrival is
in no text at hand: the office enters it as code ``import`` or ``export`` of the table ``early_arrival_days``, with the
days as its note.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from kouan.gateway.standards.dec.document_types import SUMMED_UP, prefix_of
from kouan.goods.codes import Deadline, Direction, Procedure, Reminder, Step, TaxKind
from kouan.goods.states import GoodsState
from kouan.law import figures
from kouan.law.figures.register import Strength
from kouan.reference import selectors as reference

EARLY_ARRIVAL = "early_arrival_days"
NEAR_DAYS = 3
"""So many days before its end people are reminded of a period."""
_LAW_OF_TAX = date(2024, 12, 1)
"""From this day the period for paying begins when the declaration is complete, before it began with the bill of tax."""


_TO_DECLARE_AGAIN = frozenset({GoodsState.RETURNED, GoodsState.NOT_ACCEPTED})
"""States in which customs has given a declaration back: the period for declaring runs on."""


class Declared(Protocol):
    """What of a declaration deadlines depend on."""

    direction: str
    procedure: str
    document_type: str
    step: str
    state: str
    tax: str
    entry_date: date | None


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline: for what, until which day inclusive, counted from which day, and by which clause."""

    what: Deadline
    until: date
    begins: date
    clause: str
    source: str
    is_weak: bool = False

    def days_left(self, today: date) -> int:
        """Say how many days are left; negative once the period is over."""
        return (self.until - today).days


def deadlines_of(
    row: Declared, *, declared: date | None, billed: date | None, arrival_days: int | None = None
) -> list[Due]:
    """Give the deadlines that run for a declaration, the nearest first.

    declared: when customs took the current version. billed: when customs said that tax is due. arrival_days: the
    office's period for early declaration.
    """
    found = [*_declaring(row, declared), *_paying(row, declared, billed), *_arriving(row, declared, arrival_days)]
    return sorted(found, key=lambda due: due.until)


def _declaring(row: Declared, declared: date | None) -> Iterator[Due]:
    if row.direction != Direction.IMPORT or row.entry_date is None or row.state == GoodsState.DELETED:
        return
    declared = None if row.state in _TO_DECLARE_AGAIN else declared
    if row.step == Step.OUTLINE or (row.step == Step.COMPLETE and declared is None):
        yield from _counted(Deadline.COMPLETE, "goods.two_step_complete_days", row.entry_date)
    if row.step != Step.COMPLETE and declared is None:
        yield from _counted(Deadline.DECLARE, "goods.import_declare_days", row.entry_date)


def _paying(row: Declared, declared: date | None, billed: date | None) -> Iterator[Due]:
    if row.tax != TaxKind.DUE or row.state == GoodsState.DELETED:
        return
    begins = declared if declared and declared >= _LAW_OF_TAX else billed
    if begins is None:
        return
    if prefix_of(row.document_type) not in SUMMED_UP:
        yield from _counted(Deadline.PAY, "goods.tax_pay_days", begins)
        return
    try:
        figure = figures.describe("goods.summed_tax_workday", begins)
    except figures.NoFigureOnDay:
        return
    until = workday_of_next_month(begins, int(figure.value or 0))
    yield Due(Deadline.PAY, until, begins, figure.clause, figure.source)


def _arriving(row: Declared, declared: date | None, days: int | None) -> Iterator[Due]:
    is_over = row.state in (GoodsState.RELEASED, GoodsState.CLOSED, GoodsState.DELETED)
    if row.procedure == Procedure.EARLY and declared and days is not None and not is_over:
        yield Due(Deadline.ARRIVE, declared + timedelta(days=days), declared, "", EARLY_ARRIVAL)


def _counted(what: Deadline, key: str, begins: date) -> Iterator[Due]:
    try:
        figure = figures.describe(key, begins)
    except figures.NoFigureOnDay:
        return
    until = begins + timedelta(days=int(figure.value or 0))
    yield Due(what, until, begins, figure.clause, figure.source, figure.strength == Strength.WEAK)


def workday_of_next_month(day: date, which: int) -> date:
    """Give the so-many-th day from Monday to Friday of the month after a day."""
    at = (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    for _count in range(which):
        at += timedelta(days=1)
        while at.weekday() >= 5:
            at += timedelta(days=1)
    return at


def arrival_days(direction: str, on_date: date) -> int | None:
    """Give the office's period between early declaration and arrival; None where it entered none."""
    code = "import" if direction == Direction.IMPORT else "export"
    found = reference.notes_of(EARLY_ARRIVAL, [code], on_date).get(code)
    return int(found.note) if found and found.note.isdecimal() else None


def reminder_of(until: date, today: date) -> Reminder | None:
    """Say of what people are to be reminded: the period is nearly over, ends today, or is over."""
    left = (until - today).days
    if left < 0:
        return Reminder.PASSED
    if left == 0:
        return Reminder.TODAY
    return Reminder.NEAR if left <= NEAR_DAYS else None
