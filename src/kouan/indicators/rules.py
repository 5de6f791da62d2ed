"""What holds of readings, and what the year's end will bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from kouan.indicators.codes import Shape
from kouan.indicators.types import Forecast, Point
from kouan.records.problems import Problem

FEWEST_DAYS = 28
"""A pace is not carried to the year's end before so many days have been counted."""
FEWEST_POINTS = 4
"""A line is not drawn through fewer points."""


class TheReadingDoesNotFit(ValueError):
    """A reading that cannot stand: a problem that points at the field, in both languages."""

    def __init__(self, code: str, pointer: str, zh: str, en: str, fix_zh: str = "", fix_en: str = "") -> None:
        super().__init__(en)
        self.problem = Problem(code=code, pointer=pointer, severity="error", zh=zh, en=en, fix_zh=fix_zh, fix_en=fix_en)


def check_reading(*, since: dt.date, until: dt.date, today: dt.date, evidence: str, points: Sequence[Point]) -> None:
    """Raise TheReadingDoesNotFit: the time is past, does not cut into another, and there is evidence."""
    if until < since or until > today:
        raise TheReadingDoesNotFit(
            "INDICATOR-TIME",
            "until",
            "期间应在今天之前，且止日不早于起日。",
            "The time lies in the past and ends after it begins.",
        )
    if not evidence.strip():
        raise TheReadingDoesNotFit(
            "INDICATOR-EVIDENCE", "evidence", "请写明数据依据。", "Say where the figure comes from.",
            "如：民航局航班批复文号、统计月报名称。", "Such as the number of a permit or the name of a monthly return.",
        )  # fmt: skip
    for point in points:
        if (point.since, point.until) != (since, until) and point.since <= until and since <= point.until:
            raise TheReadingDoesNotFit(
                "INDICATOR-OVERLAP",
                "since",
                f"与 {point.since} 至 {point.until} 的读数重叠。",
                f"It overlaps the reading from {point.since} to {point.until}.",
                "更正已有读数请填写完全相同的期间。",
                "To correct a reading, enter exactly its time.",
            )


def forecast(*, points: Sequence[Point], shape: str, until: dt.date) -> Forecast | None:
    """What the year of a day will end with: a flow goes on at this year's pace, a level along its line.

    What was counted in whole things is forecast in whole things.

    points: of that year, in order, none later than ``until``. None where there is too little to say anything.
    """
    end = dt.date(until.year, 12, 31)
    if not points or until >= end:
        return None
    step = Decimal(1) if all(point.value == int(point.value) for point in points) else Decimal("0.1")
    if shape == Shape.FLOW:
        begin = dt.date(until.year, 1, 1)
        days = (until - begin).days + 1
        if days < FEWEST_DAYS:
            return None
        total = sum((point.value for point in points), Decimal(0))
        whole = (end - begin).days + 1
        return Forecast((total * whole / days).quantize(step), "pace")
    if len(points) < FEWEST_POINTS:
        return None
    days_of = [Decimal((point.until - points[0].until).days) for point in points]
    middle = sum(days_of, Decimal(0)) / len(points)
    mean = sum((point.value for point in points), Decimal(0)) / len(points)
    spread = sum(((day - middle) ** 2 for day in days_of), Decimal(0))
    if not spread:
        return None
    slope = (
        sum(((day - middle) * (point.value - mean) for day, point in zip(days_of, points, strict=True)), Decimal(0))
        / spread
    )
    at_end = mean + slope * (Decimal((end - points[0].until).days) - middle)
    return Forecast(at_end.quantize(step), "trend")
