"""Plan journeys: earliest arrivals, profiles, and Pareto sets over the criteria that are asked for."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import numpy as np

from kouan.quant.journeys import choosing, scanning
from kouan.quant.journeys.types import Journey, Leg, Timetable
from kouan.quant.reading import UnusableProblem
from kouan.quant.solving import Stop

CRITERIA = ("time", "transfers", "cost", "co2", "reliability")
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Params:
    """horizon: seconds after the start within which trips may depart. most_boardings: of one journey. least: the
    smallest probability of timely clearance with which a connection is planned. most_labels: before giving up."""

    horizon: int = 30 * DAY
    most_boardings: int = 6
    least: float = 0.9
    most_labels: int = 4_000_000


class NotAllCompared(Exception):
    """The rule said stop: these journeys can be made, but others may beat them, and some may be missing."""

    def __init__(self, journeys: list[Journey]) -> None:
        super().__init__(f"{len(journeys)} journeys, not all compared")
        self.journeys = journeys


def earliest_arrivals(timetable: Timetable, source: int, start: int, params: Params = Params()) -> np.ndarray:
    """Earliest arrival at every stop, seconds ``(stops,)``; ``types.NEVER`` where there is none."""
    waits = wait_of(timetable, params.least)
    return scanning.scan_arrivals(
        connections_of(timetable), waits, windows_of(timetable), trucks_of(timetable), source, start, params.horizon
    )


def fastest(timetable: Timetable, source: int, target: int, start: int, params: Params = Params()) -> list[Journey]:
    """Journeys that none beats in both delivery and number of transfers, the quickest scan of a pair."""
    _check_pair(timetable, source, target, params)
    tables = scanning.scan_boardings(
        connections_of(timetable),
        wait_of(timetable, params.least),
        windows_of(timetable),
        trucks_of(timetable),
        fewest_of(timetable, target, params.most_boardings),
        source,
        target,
        start,
        params.horizon,
        params.most_boardings,
    )
    delivery = tables[0]
    return [
        replay(timetable, source, target, start, _trace(timetable, source, target, k, tables), params.least)
        for k in range(len(delivery))
        if delivery[k] < scanning.NEVER
    ]


def profile(
    timetable: Timetable, source: int, target: int, since: int, until: int, params: Params = Params()
) -> np.ndarray:
    """All (departure, delivery, boardings) of a range of departures that none beats, ``(answers, 3)`` by departure.

    A departure is the last instant at which the goods may be ready. The last row of each number of boardings may lie
    after the range: it answers the range's last instants. Direct truck legs are not listed; they leave at any time.
    """
    _check_pair(timetable, source, target, params)
    back = (timetable.truck_back_first, timetable.truck_back_number, timetable.truck_origin)
    answers = scanning.scan_profile(
        connections_of(timetable),
        wait_of(timetable, params.least),
        windows_of(timetable),
        trucks_of(timetable),
        back,
        source,
        target,
        since,
        until,
        params.horizon,
        params.most_boardings,
    )
    return answers[np.lexsort((answers[:, 2], answers[:, 0]))]


def choose(
    timetable: Timetable,
    source: int,
    target: int,
    start: int,
    criteria: tuple[str, ...] = CRITERIA,
    params: Params = Params(),
    stop: Stop | None = None,
) -> list[Journey]:
    """Journeys that none beats in all of the criteria, by delivery.

    With ``reliability`` among them, connections are planned down to a chance of 1 %; without it only those that
    clearance reaches with probability ``params.least``. Raises UnusableProblem for an unknown criterion, NotAllCompared
    where ``stop`` says so before all were compared.
    """
    _check_pair(timetable, source, target, params)
    strange = [name for name in criteria if name not in CRITERIA]
    if strange or not criteria:
        raise UnusableProblem(
            f"不认识的目标：{'、'.join(strange) or '空'}", f"unknown criteria: {', '.join(strange) or 'none given'}"
        )
    counts = np.array([name in criteria for name in CRITERIA])
    waits, timely = wait_of(timetable, params.least), min(0.01, params.least) if counts[choosing.RISK] else params.least
    to_go = fewest_of(timetable, target, params.most_boardings)
    least_left = choosing.least_to(
        target,
        len(timetable.stops),
        timetable.edge_origin,
        timetable.edge_destination,
        timetable.edge_least,
        timetable.truck_origin,
        timetable.truck_destination,
        np.column_stack([timetable.truck_seconds, timetable.truck_cost, timetable.truck_co2]),
    )
    inputs = (
        connections_of(timetable),
        (
            timetable.cost_before,
            timetable.cost_after,
            timetable.co2_before,
            timetable.co2_after,
            timetable.boarding_cost,
        ),
        waits,
        timetable.handling,
        windows_of(timetable),
        (timetable.clear_first, timetable.clear_seconds, timetable.clear_share),
        trucks_of(timetable),
        (timetable.truck_cost, timetable.truck_co2),
        to_go,
        least_left,
        source,
        target,
        start,
        params.horizon,
        params.most_boardings,
        timely - 1e-9,
        counts,
    )
    room = 1 << 14
    while True:
        state, found, _, parent, boarded, left, truck = _scan_until(stop, inputs, room)
        if state != 1:
            break
        room *= 8
        if room > 8 * params.most_labels:
            raise UnusableProblem(
                "可行方案过多，请减少目标或缩短时间范围",
                "too many journeys to compare: take fewer criteria or a shorter horizon",
            )
    journeys = []
    for label in found.tolist():
        steps: list[tuple[str, int, int]] = []
        while label > 0:
            steps.append(
                ("truck", int(truck[label]), 0)
                if truck[label] >= 0
                else ("trip", int(boarded[label]), int(left[label]))
            )
            label = int(parent[label])
        journeys.append(replay(timetable, source, target, start, steps[::-1], params.least))
    journeys.sort(key=lambda journey: (journey.arrival, journey.boardings, journey.cost))
    if state == 2:
        raise NotAllCompared(journeys)
    return journeys


def _scan_until(stop: Stop | None, inputs: tuple[Any, ...], room: int) -> tuple[Any, ...]:
    """Scan, with an eye on the rule: the scan runs in a thread of its own, so that signals are heard meanwhile."""
    told = np.zeros(1, dtype=np.bool_)
    if stop is None:
        return choosing.scan_choices(room, told, *inputs)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(choosing.scan_choices, room, told, *inputs)
        while not wait([answer], timeout=0.02).done:
            told[0] = stop()
        return answer.result()


def replay(
    timetable: Timetable, source: int, target: int, start: int, steps: list[tuple[str, int, int]], least: float
) -> Journey:
    """A journey from its steps, with times, sums and reliability."""
    wait = wait_of(timetable, least)
    first, since, until = windows_of(timetable)
    at, here, moved = start, source, False
    cost = co2 = 0.0
    chance, boardings = 1.0, 0
    legs = []
    for kind, number, last in steps:
        if kind == "truck":
            leg = timetable.trucks[number]
            if moved:
                chance *= _cleared(timetable, here, int(wait[here] - timetable.handling[here]))
            leave = int(scanning.next_open(here, at + (int(wait[here]) if moved else 0), first, since, until))
            at, here = leave + leg.seconds, leg.destination
            cost, co2 = cost + leg.cost, co2 + leg.co2
            legs.append(Leg("truck", "truck", -1, leg.origin, leg.destination, leave, at))
        else:
            trip = timetable.trips[timetable.trip[number]]
            if moved:
                chance *= _cleared(timetable, here, int(timetable.deadline[number] - at - timetable.handling[here]))
            cost += trip.boarding_cost + float(timetable.cost_after[last] - timetable.cost_before[number])
            co2 += float(timetable.co2_after[last] - timetable.co2_before[number])
            boardings += 1
            at, here = int(timetable.arrival[last]), int(timetable.destination[last])
            legs.append(
                Leg(
                    trip.mode,
                    trip.name,
                    int(timetable.trip[number]),
                    int(timetable.origin[number]),
                    here,
                    int(timetable.departure[number]),
                    at,
                )
            )
        moved = True
    delivered = int(scanning.next_open(target, at, first, since, until)) if moved else at
    return Journey(legs[0].departure if legs else start, delivered, boardings, cost, co2, chance, tuple(legs))


def _cleared(timetable: Timetable, stop: int, slack: int) -> float:
    return float(
        choosing.cleared_within(stop, slack, timetable.clear_first, timetable.clear_seconds, timetable.clear_share)
    )


def _trace(timetable: Timetable, source: int, target: int, boardings: int, tables: Any) -> list[tuple[str, int, int]]:
    _, _, boarded, left, by_truck = tables
    steps: list[tuple[str, int, int]] = []
    here, k, by_trip_only = target, boardings, False
    while not (here == source and k == 0):
        t = int(by_truck[here, k])
        if t >= 0 and not by_trip_only:
            steps.append(("truck", t, 0))
            here, by_trip_only = int(timetable.truck_origin[t]), True
        else:
            steps.append(("trip", int(boarded[here, k]), int(left[here, k])))
            here, k, by_trip_only = int(timetable.origin[boarded[here, k]]), k - 1, False
    return steps[::-1]


def wait_of(timetable: Timetable, least: float) -> np.ndarray:
    """Seconds from arrival to boarding at each stop: handling, and clearance as long as ``least`` of all goods take."""
    wait = timetable.handling.copy()
    for number in np.flatnonzero(np.diff(timetable.clear_first)):
        shares = timetable.clear_share[timetable.clear_first[number] : timetable.clear_first[number + 1]]
        wait[number] += timetable.clear_seconds[timetable.clear_first[number] + int(np.argmax(shares >= least - 1e-9))]
    return wait


def fewest_of(timetable: Timetable, target: int, most: int) -> np.ndarray:
    """Fewest boardings from each stop to the target, times aside."""
    return scanning.fewest_to(
        target,
        len(timetable.stops),
        timetable.line_first,
        timetable.line_stop,
        timetable.truck_origin,
        timetable.truck_destination,
        most,
    )


def connections_of(timetable: Timetable) -> tuple[Any, ...]:
    """The connections as the kernels take them."""
    return (
        timetable.origin,
        timetable.destination,
        timetable.departure,
        timetable.arrival,
        timetable.trip,
        timetable.deadline,
        len(timetable.trips),
    )


def windows_of(timetable: Timetable) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Opening windows as the kernels take them."""
    return timetable.window_first, timetable.window_since, timetable.window_until


def trucks_of(timetable: Timetable) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Truck legs by origin as the kernels take them."""
    return timetable.truck_first, timetable.truck_number, timetable.truck_destination, timetable.truck_seconds


def _check_pair(timetable: Timetable, source: int, target: int, params: Params) -> None:
    stops = len(timetable.stops)
    if not (0 <= source < stops and 0 <= target < stops):
        raise UnusableProblem("起点或终点不存在", "origin or destination does not exist")
    if source == target:
        raise UnusableProblem("起点与终点相同", "origin and destination are the same")
    if not (
        0 < params.least <= 1 and math.isfinite(params.horizon) and params.horizon > 0 and params.most_boardings >= 1
    ):
        raise UnusableProblem("参数超出范围", "a parameter is out of range")
