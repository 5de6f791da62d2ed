"""The problem as arrays: berths that are alike in one group, and for every ship and group the starts that are allowed.

A pair (ship, group) whose allowed starts are one unbroken run and whose ship sails as soon as she is handled needs
two numbers, the earliest and the latest start. Every other pair has a *profile*: for each time, the next allowed
start and the departure that follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kouan.quant.berths.annealing import (
    ARRIVAL,
    DELAY,
    DUE,
    EARLIEST,
    EXTRA,
    HANDLING,
    LATE,
    LATEST,
    PLANNED,
    PROFILE,
    WEIGHT,
)
from kouan.quant.berths.problem import BadBerthProblem, Berth, BerthProblem, Ship

LARGEST_CELLS = 60_000_000
NEVER = 2**30


@dataclass(frozen=True, slots=True)
class Tables:
    """Arrays of one problem. Shapes: n ships, m berths, G groups of like berths, P profiles, T times 0..horizon.

    group (m); copies, opens (G); cards (G, n, 11), columns as named in ``annealing``, handling -1 where she may not
    lie, profile -1 for none; next_start, departure (P, T+2).
    """

    horizon: int
    group: NDArray[np.int64]
    copies: NDArray[np.int64]
    opens: NDArray[np.int64]
    cards: NDArray[np.int64]
    next_start: NDArray[np.int64]
    departure: NDArray[np.int64]

    def column(self, name: int) -> NDArray[np.int64]:
        """One column of the cards, (G, n)."""
        return self.cards[:, :, name]


def build_tables(problem: BerthProblem) -> Tables:
    """Compile the problem. Raises BadBerthProblem where a ship has no allowed start anywhere."""
    n, m = len(problem.ships), len(problem.berths)
    horizon = _horizon(problem)
    if n * m * (horizon + 2) > LARGEST_CELLS * 20:
        raise BadBerthProblem(
            "规划期过长：请用更粗的时间单位", "the planning period is too long: use a coarser unit of time"
        )
    level = _water(problem, horizon)
    earliest = np.zeros((m, n), np.int64)
    latest = np.full((m, n), -1, np.int64)
    handling = np.full((m, n), -1, np.int64)
    extra = np.zeros((m, n), np.int64)
    profile = np.full((m, n), -1, np.int64)
    profiles: dict[bytes, int] = {}
    rows: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    for i, ship in enumerate(problem.ships):
        reasons: list[tuple[str, str]] = []
        for k, berth in enumerate(problem.berths):
            hours = ship.handling[k]
            if hours is None or (ship.fixed is not None and ship.fixed.berth != k):
                continue
            refusal = _refused(ship, berth)
            if refusal is not None:
                reasons.append(refusal)
                continue
            starts, sails = _starts(problem, ship, berth, hours, horizon, level)
            if not len(starts):
                reasons.append((f"{berth.name}无可行时段", f"{berth.name} has no time that fits"))
                continue
            handling[k, i], earliest[k, i], latest[k, i] = hours, starts[0], starts[-1]
            extra[k, i] = _extra(problem, ship, k)
            unbroken = len(starts) == starts[-1] - starts[0] + 1
            if not (unbroken and np.array_equal(sails, starts + hours)):
                nxt, dep = _profile(starts, sails, horizon)
                key = nxt.tobytes() + dep.tobytes()
                if key not in profiles:
                    profiles[key] = len(rows)
                    rows.append((nxt, dep))
                profile[k, i] = profiles[key]
        if (handling[:, i] < 0).all():
            zh = "；".join(z for z, _ in reasons) or "没有允许的泊位"
            en = "; ".join(e for _, e in reasons) or "no berth is allowed"
            raise BadBerthProblem(f"船舶{ship.name}无处可靠：{zh}", f"ship {ship.name} cannot be berthed: {en}")
    columns: dict[bytes, int] = {}
    group = np.zeros(m, np.int64)
    members: list[int] = []
    opens = np.array([b.opens for b in problem.berths], np.int64)
    for k in range(m):
        key = b"".join(x[k].tobytes() for x in (earliest, latest, handling, extra, profile)) + opens[k].tobytes()
        if key not in columns:
            columns[key] = len(members)
            members.append(k)
        group[k] = columns[key]
    cards = np.empty((len(members), n, 11), np.int64)
    for column, each in zip(
        (HANDLING, EARLIEST, LATEST, EXTRA, PROFILE), (handling, earliest, latest, extra, profile), strict=True
    ):
        cards[:, :, column] = each[members]
    far = horizon + 1
    ships = problem.ships
    cards[:, :, WEIGHT] = [s.priority for s in ships]
    cards[:, :, ARRIVAL] = [s.arrival for s in ships]
    cards[:, :, DUE] = [far if s.due is None else min(s.due, far) for s in ships]
    cards[:, :, LATE] = [s.lateness_cost for s in ships]
    cards[:, :, PLANNED] = [far if s.planned is None else min(s.planned.start, far) for s in ships]
    cards[:, :, DELAY] = [problem.delay_cost if s.planned else 0 for s in ships]
    return Tables(
        horizon=horizon,
        group=group,
        copies=np.bincount(group, minlength=len(members)).astype(np.int64),
        opens=opens[members],
        cards=cards,
        next_start=np.array([r[0] for r in rows], np.int64).reshape(len(rows), horizon + 2),
        departure=np.array([r[1] for r in rows], np.int64).reshape(len(rows), horizon + 2),
    )


def _horizon(problem: BerthProblem) -> int:
    """A time by which every ship can be gone: the last limit that is stated, or all handling in one row."""
    stated = [s.latest_departure for s in problem.ships if s.latest_departure is not None]
    closings = [b.closes for b in problem.berths if b.closes is not None]
    edges = [0, *(b.opens for b in problem.berths), *(s.arrival for s in problem.ships)]
    edges += [until for b in problem.berths for _, until in b.closed]
    edges += [w[1] for s in problem.ships for w in (*(s.enter or ()), *(s.leave or ()))]
    edges += [since for since, _ in problem.water_level]
    edges += [s.fixed.start for s in problem.ships if s.fixed]
    work = sum(max((h for h in s.handling if h is not None), default=0) for s in problem.ships)
    horizon = max(edges) + work
    if len(stated) == len(problem.ships) and stated:
        horizon = min(horizon, max(stated))
    if len(closings) == len(problem.berths):
        horizon = min(horizon, max(closings))
    if horizon > LARGEST_CELLS:
        raise BadBerthProblem(
            "规划期过长：请用更粗的时间单位", "the planning period is too long: use a coarser unit of time"
        )
    return horizon


def _water(problem: BerthProblem, horizon: int) -> NDArray[np.int64] | None:
    if not problem.water_level:
        return None
    level = np.empty(horizon + 1, np.int64)
    level[:] = problem.water_level[0][1]
    for since, centimetres in problem.water_level:
        level[max(0, since) :] = centimetres
    return level


def _refused(ship: Ship, berth: Berth) -> tuple[str, str] | None:
    if berth.length_cm and ship.length_cm > berth.length_cm:
        return (
            f"{berth.name}泊位长度不足（{berth.length_cm}<{ship.length_cm}厘米）",
            f"{berth.name} is too short ({berth.length_cm} < {ship.length_cm} cm)",
        )
    return None


def _starts(
    problem: BerthProblem, ship: Ship, berth: Berth, hours: int, horizon: int, level: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Allowed starts of a ship at a berth, increasing, and the departure that follows from each."""
    times = np.arange(horizon + 1, dtype=np.int64)
    usable = np.ones(horizon + 1, bool)  # the ship may lie there during [t, t+1)
    usable[: berth.opens] = False
    if berth.closes is not None:
        usable[max(0, berth.closes) :] = False
    for since, until in berth.closed:
        usable[since:until] = False
    if berth.depth_cm is not None:
        water = berth.depth_cm + (level if level is not None else 0)
        usable &= water >= ship.draught_cm + problem.keel_clearance_cm
    usable[horizon] = False
    sail = times + hours
    if ship.leave is not None:
        may = _mask(ship.leave, horizon)
        following = np.where(may, times, NEVER)
        following = np.minimum.accumulate(following[::-1])[::-1]
        sail = np.where(sail <= horizon, following[np.minimum(sail, horizon)], NEVER)
    spoiled = np.concatenate([[0], np.cumsum(~usable)])
    allowed = (times >= ship.arrival) & (sail <= horizon)
    if ship.latest_departure is not None:
        allowed &= sail <= ship.latest_departure
    if ship.enter is not None:
        allowed &= _mask(ship.enter, horizon)
    allowed &= spoiled[np.minimum(sail, horizon)] - spoiled[times] == 0
    if ship.fixed is not None:
        allowed &= times == ship.fixed.start
    return times[allowed], sail[allowed]


def _mask(windows: tuple[tuple[int, int], ...], horizon: int) -> NDArray[np.bool_]:
    mask = np.zeros(horizon + 1, bool)
    for since, until in windows:
        mask[since:until] = True
    return mask


def _profile(
    starts: NDArray[np.int64], sails: NDArray[np.int64], horizon: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    following = np.full(horizon + 2, NEVER, np.int64)
    following[starts] = starts
    following = np.minimum.accumulate(following[::-1])[::-1]
    departure = np.full(horizon + 2, NEVER, np.int64)
    departure[starts] = sails
    return following, departure


def _extra(problem: BerthProblem, ship: Ship, berth: int) -> int:
    moved = ship.planned is not None and ship.planned.berth != berth
    return (ship.berth_costs[berth] if ship.berth_costs else 0) + (problem.berth_change_cost if moved else 0)
