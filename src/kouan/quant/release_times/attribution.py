"""Whose time was it: agency work, agency wait, queue, closed hours, trader wait, or none of these.

Each stamp puts its agency's thread of the case into a state; the state lasts until the thread's next stamp. Where an
agency is awaited, the wait is split by what the agency did meanwhile: hours in which it was closed are *closed*, open
hours in which it worked on other cases of the log are *queue*, and the remaining open hours are *agency wait*.
Where several threads of a case run side by side, each moment is counted once, in this order: work, awaited agency,
trader, other. The parts of a case add up to its whole duration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from kouan.quant.opening_hours import ROUND_THE_CLOCK, OpeningHours, meet, merge, open_time
from kouan.quant.release_times.log import MICROSECONDS, EventLog, NotAsked

PARTS = ("agency_work", "agency_wait", "queue", "closed", "trader_wait", "other")
STATES = {"work": 0, "await_agency": 1, "await_trader": 2, "idle": 3}


@dataclass(frozen=True, slots=True)
class After:
    """The state into which a stamp puts the thread of an agency: work, await_agency, await_trader or idle."""

    agency: str
    state: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """What each stamp means, and when the agencies are open. Stamps that are not named change nothing."""

    meaning: Mapping[str, After]
    hours: Mapping[str, OpeningHours] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for activity, after in self.meaning.items():
            if after.state not in STATES:
                raise NotAsked(f"“{activity}”的状态“{after.state}”无效", f"'{after.state}' of '{activity}' is no state")


@dataclass(frozen=True, slots=True)
class Shares:
    """Seconds of every case by part, float64 ``(cases, 6)`` in the order of PARTS, and the same by agency.

    by_agency: for each agency the totals over all cases, float64 ``(6,)``.
    """

    seconds: np.ndarray
    by_agency: dict[str, np.ndarray]

    def totals(self) -> dict[str, float]:
        return {part: float(total) for part, total in zip(PARTS, self.seconds.sum(axis=0), strict=True)}


def attribute_time(log: EventLog, scheme: Scheme) -> Shares:
    """Split the duration of every case into parts. Raises NotAsked for activities that the log does not have."""
    agencies = sorted({after.agency for after in scheme.meaning.values()})
    thread = np.full(len(log.activities), -1, dtype=np.int64)
    state = np.full(len(log.activities), 3, dtype=np.int64)
    for activity, after in scheme.meaning.items():
        code = log.code_of(activity)
        thread[code], state[code] = agencies.index(after.agency), STATES[after.state]
    if not agencies:
        raise NotAsked("未说明任何环节的含义", "no stamp has been given a meaning")
    starts, ends, cases, owners, states = _govern(log.offsets, log.activity, log.at, thread, state, len(agencies))
    work_of = _work_spans(log, thread, state, len(agencies))
    seconds = np.zeros((log.cases, len(PARTS)))
    by_agency = {}
    begin, finish = int(log.at.min()), int(log.at.max()) + 1
    for number, agency in enumerate(agencies):
        own = owners == number
        parts = np.zeros((int(own.sum()), len(PARTS)))
        span = (ends[own] - starts[own]) / MICROSECONDS
        kind = states[own]
        parts[kind == 0, 0] = span[kind == 0]
        parts[kind == 2, 4] = span[kind == 2]
        parts[kind == 3, 5] = span[kind == 3]
        waits = kind == 1
        opens, closes = scheme.hours.get(agency, ROUND_THE_CLOCK).expand(begin, finish)
        busy_opens, busy_closes = meet(opens, closes, *work_of[number])
        low, high = starts[own][waits], ends[own][waits]
        is_open = (open_time(high, opens, closes) - open_time(low, opens, closes)) / MICROSECONDS
        queue = (open_time(high, busy_opens, busy_closes) - open_time(low, busy_opens, busy_closes)) / MICROSECONDS
        parts[waits, 1], parts[waits, 2], parts[waits, 3] = is_open - queue, queue, span[waits] - is_open
        np.add.at(seconds, cases[own], parts)
        by_agency[agency] = parts.sum(axis=0)
    nobody = owners < 0
    np.add.at(seconds[:, 5], cases[nobody], (ends[nobody] - starts[nobody]) / MICROSECONDS)
    return Shares(seconds, by_agency)


@njit(cache=True, nogil=True)
def _govern(offsets, activity, at, thread, state, agencies):
    """For each gap between neighbouring stamps: the agency whose thread governs it (or -1), and its state."""
    gaps = activity.size - (offsets.size - 1)
    starts = np.empty(gaps, np.int64)
    ends = np.empty(gaps, np.int64)
    cases = np.empty(gaps, np.int64)
    owners = np.empty(gaps, np.int64)
    states = np.empty(gaps, np.int64)
    now = np.empty(agencies, np.int64)
    filled = 0
    for case in range(offsets.size - 1):
        now[:] = 4
        for row in range(offsets[case], offsets[case + 1] - 1):
            owner = thread[activity[row]]
            if owner >= 0:
                now[owner] = state[activity[row]]
            best = np.int64(4)
            chosen = np.int64(-1)
            for agency in range(agencies):
                if now[agency] < best:
                    best, chosen = now[agency], np.int64(agency)
            starts[filled], ends[filled], cases[filled] = at[row], at[row + 1], case
            owners[filled], states[filled] = chosen, best
            filled += 1
    return starts, ends, cases, owners, states


def _work_spans(
    log: EventLog, thread: np.ndarray, state: np.ndarray, agencies: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    begin, end, owner = _find_work(log.offsets, log.activity, log.at, thread, state, agencies)
    return [merge(begin[owner == number], end[owner == number]) for number in range(agencies)]


@njit(cache=True, nogil=True)
def _find_work(offsets, activity, at, thread, state, agencies):
    """Spans in which some case is in the work of an agency, whichever thread governs the case."""
    begin = np.empty(activity.size, np.int64)
    end = np.empty(activity.size, np.int64)
    owner = np.empty(activity.size, np.int64)
    since = np.empty(agencies, np.int64)
    filled = 0
    none = np.iinfo(np.int64).min
    for case in range(offsets.size - 1):
        since[:] = none
        for row in range(offsets[case], offsets[case + 1]):
            agency = thread[activity[row]]
            if agency < 0:
                continue
            if since[agency] != none:
                begin[filled], end[filled], owner[filled] = since[agency], at[row], agency
                filled += 1
                since[agency] = none
            if state[activity[row]] == 0:
                since[agency] = at[row]
    return begin[:filled].copy(), end[:filled].copy(), owner[:filled].copy()
