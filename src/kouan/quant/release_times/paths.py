"""What follows what: the directly-follows graph, variants, rework and bottlenecks of a log."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kouan.quant.release_times.coding import count_followers, count_repeats, gather_gaps, match_paths
from kouan.quant.release_times.log import MICROSECONDS, EventLog, NotAsked

MOST_ACTIVITIES = 5_000
"""More different activities than this are a wrong column, not a process."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One step from an activity to the next: how often, and how long it took, in seconds."""

    before: str
    after: str
    count: int
    total_seconds: float
    mean_seconds: float
    median_seconds: float
    p90_seconds: float


@dataclass(frozen=True, slots=True)
class Graph:
    """The directly-follows graph: edges by falling total time, and where cases begin and end."""

    edges: tuple[Edge, ...]
    begins: dict[str, int]
    ends: dict[str, int]
    counts: dict[str, int]

    def bottlenecks(self, most: int = 5) -> tuple[Edge, ...]:
        """The edges on which cases spend the most time in all."""
        return self.edges[:most]


@dataclass(frozen=True, slots=True)
class Variant:
    """One path through the process and the cases that took it; ``case`` is the place of the first of them."""

    path: tuple[str, ...]
    count: int
    case: int


@dataclass(frozen=True, slots=True)
class Rework:
    """How often an activity is done again: cases touched, cases with a repeat, repeats at once, repeats in all."""

    activity: str
    cases: int
    cases_again: int
    at_once: int
    repeats: int


def draw_graph(log: EventLog) -> Graph:
    """Count and time the directly-follows graph. Raises NotAsked for more than MOST_ACTIVITIES activities."""
    _refuse_too_many(log)
    follows, begins, ends = count_followers(log.offsets, log.activity, len(log.activities))
    before, after = np.nonzero(follows)
    counts = follows[before, after]
    place_of = np.full(follows.shape, -1, dtype=np.int64)
    place_of[before, after] = np.arange(len(before))
    starts = np.concatenate(([0], np.cumsum(counts)))
    gaps = gather_gaps(log.offsets, log.activity, log.at, place_of, starts)
    edges = []
    for place in range(len(before)):
        part = gaps[starts[place] : starts[place + 1]]
        total = float(part.sum(dtype=np.float64)) / MICROSECONDS
        median, p90 = quantiles_in_place(part, (0.5, 0.9))
        edges.append(
            Edge(
                log.activities[before[place]],
                log.activities[after[place]],
                int(counts[place]),
                total,
                total / int(counts[place]),
                median / MICROSECONDS,
                p90 / MICROSECONDS,
            )
        )
    edges.sort(key=lambda edge: (-edge.total_seconds, edge.before, edge.after))
    return Graph(
        tuple(edges),
        _named(log, begins),
        _named(log, ends),
        _named(log, np.bincount(log.activity, minlength=len(log.activities))),
    )


def quantiles_in_place(values: np.ndarray, shares: tuple[float, ...]) -> list[float]:
    """Quantiles by linear interpolation between neighbours (the usual definition 7); reorders ``values``."""
    places = [share * (len(values) - 1) for share in shares]
    wanted = sorted({bound for place in places for bound in (int(place), min(int(place) + 1, len(values) - 1))})
    values.partition(wanted)
    return [_between(values, place) for place in places]


def _between(values: np.ndarray, place: float) -> float:
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return float(values[low] + (values[high] - values[low]) * (place - low))


def list_variants(log: EventLog) -> tuple[Variant, ...]:
    """List the different paths with their counts, most frequent first; equal means equal event by event."""
    _, chief, bearers = match_paths(log.offsets, log.activity)
    order = np.lexsort((chief, -bearers))
    return tuple(
        Variant(
            tuple(log.activities[code] for code in log.activity[log.offsets[chief[n]] : log.offsets[chief[n] + 1]]),
            int(bearers[n]),
            int(chief[n]),
        )
        for n in order
    )


def count_variants(log: EventLog) -> int:
    """Count the different paths without listing them."""
    return len(match_paths(log.offsets, log.activity)[1])


def find_rework(log: EventLog) -> tuple[Rework, ...]:
    """Tell which activities are repeated within a case, most repeats first."""
    counts = count_repeats(log.offsets, log.activity, len(log.activities))
    found = [
        Rework(name, *(int(n) for n in counts[code])) for code, name in enumerate(log.activities) if counts[code, 3]
    ]
    return tuple(sorted(found, key=lambda rework: (-rework.repeats, rework.activity)))


def _named(log: EventLog, counts: np.ndarray) -> dict[str, int]:
    return {log.activities[code]: int(counts[code]) for code in np.argsort(-counts, kind="stable") if counts[code]}


def _refuse_too_many(log: EventLog) -> None:
    if len(log.activities) > MOST_ACTIVITIES:
        raise NotAsked(
            f"不同的环节多达 {len(log.activities)} 个，超过 {MOST_ACTIVITIES}：环节列是否选错？",
            f"{len(log.activities)} different activities are more than {MOST_ACTIVITIES}: is this the right column?",
        )
