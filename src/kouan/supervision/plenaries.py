"""Which plenary meetings of the conference a year asks for, and what stands against each. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kouan.supervision.rules import Rules

AHEAD_DAYS = 60
"""How long before its day a meeting that nobody has planned is asked for."""


@dataclass(frozen=True, slots=True)
class PlenarySeen:
    """A plenary meeting of a year as it stands: its day, whether it was held, whether liaison officers prepared it."""

    pk: Any
    on_date: dt.date
    is_held: bool
    is_prepared: bool


@dataclass(frozen=True, slots=True)
class MeetingDue:
    """One plenary meeting that the rules ask for, and what stands against it.

    state: ``held``, ``planned``, ``overdue``, ``due`` (within AHEAD_DAYS) or ``ahead``. liaison: how its liaison
    meeting stands: ``held``, ``due``, ``overdue`` (the plenary met without one), or empty where none is asked for yet.
    """

    number: int
    due_date: dt.date
    state: str
    liaison: str = ""
    meeting: PlenarySeen | None = None


def meetings_due(
    *, year: int, on: dt.date, begun: dt.date | None, seen: Iterable[PlenarySeen], rules: Rules
) -> list[MeetingDue]:
    """The plenary meetings of a year: each falls into its equal part of the year and is due on that part's last day.

    国函〔2018〕144号 asks for two in principle; ``Rules`` sets how many, and that liaison officers meet before. Parts
    that ended before the conference began ask for nothing.
    """
    coming = sorted(seen, key=lambda each: (not each.is_held, each.on_date))
    found = []
    for number in range(1, rules.plenary_a_year + 1):
        month = 12 * number // rules.plenary_a_year
        due = dt.date(year, month, calendar.monthrange(year, month)[1])
        if begun is not None and due < begun:
            continue
        meeting = coming.pop(0) if coming else None
        found.append(_meeting_due(number, due, meeting, on, rules))
    return found


def _meeting_due(number: int, due: dt.date, meeting: PlenarySeen | None, on: dt.date, rules: Rules) -> MeetingDue:
    if meeting is None:
        is_near = (due - on).days <= AHEAD_DAYS
        return MeetingDue(number, due, "overdue" if on > due else "due" if is_near else "ahead")
    state = "held" if meeting.is_held else "overdue" if on > due else "planned"
    liaison = ""
    if rules.liaison_first:
        liaison = "held" if meeting.is_prepared else "overdue" if meeting.is_held else "due"
    return MeetingDue(number, due, state, liaison, meeting)
