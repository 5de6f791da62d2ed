"""Join stops, trips and truck legs into the flat arrays of a timetable."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

import numpy as np

from kouan.quant.journeys.types import Stop, Timetable, Trip, Truck, check_stop, check_trip
from kouan.quant.reading import UnusableProblem

LONG_AGO = -(2**60)
LATEST = 2**31 - 1


def join(stops: Sequence[Stop], trips: Sequence[Trip], trucks: Sequence[Truck] = ()) -> Timetable:
    """Make a timetable; raises UnusableProblem where the parts contradict themselves."""
    for number, stop in enumerate(stops):
        check_stop(number, stop)
    for trip in trips:
        check_trip(trip, len(stops))
        if trip.arrivals[-1] > LATEST or trip.arrivals[0] < -LATEST:
            raise UnusableProblem(f"班次“{trip.name}”的时刻超出范围", f"times of trip '{trip.name}' are out of range")
    for truck in trucks:
        if (
            not (0 <= truck.origin < len(stops) and 0 <= truck.destination < len(stops))
            or truck.origin == truck.destination
        ):
            raise UnusableProblem("卡车区段的端点不存在或相同", "a truck leg names no stop or goes nowhere")
        if truck.seconds < 0 or not np.isfinite([truck.cost, truck.co2]).all() or min(truck.cost, truck.co2) < 0:
            raise UnusableProblem("卡车区段的时间、费用或排放不合规", "time, cost or CO2 of a truck leg is not allowed")
    rows, money = _connections(stops, trips)
    order = np.lexsort((np.arange(len(rows)), rows[:, 3], rows[:, 2]))
    rows, money = rows[order], money[order]
    windows, window_first = _listed([stop.opened for stop in stops], 2)
    clear, clear_first = _listed([stop.clearance for stop in stops], 2)
    ends = np.array([(truck.origin, truck.destination, truck.seconds) for truck in trucks], dtype=np.int64).reshape(
        -1, 3
    )
    price = np.array([(truck.cost, truck.co2) for truck in trucks], dtype=np.float64).reshape(-1, 2)
    first, number = _by_end(ends[:, 0], len(stops))
    back_first, back_number = _by_end(ends[:, 1], len(stops))
    packed = np.clip(rows, -LATEST, LATEST).astype(np.int32)  # half the memory to scan
    origin, destination, departure, arrival, run, deadline = (np.ascontiguousarray(column) for column in packed.T)
    cost_before, cost_after, co2_before, co2_after = (np.ascontiguousarray(column) for column in money.T)
    line_first, line_stop = _lines(trips)
    edge_origin, edge_destination, edge_least = _edges(rows, money, len(stops))
    return Timetable(
        tuple(stops),
        tuple(trips),
        tuple(trucks),
        origin,
        destination,
        departure,
        arrival,
        run,
        deadline,
        cost_before,
        cost_after,
        co2_before,
        co2_after,
        np.array([trip.boarding_cost for trip in trips], dtype=np.float64),
        np.array([stop.handling for stop in stops], dtype=np.int64),
        window_first,
        windows[:, 0].astype(np.int64),
        windows[:, 1].astype(np.int64),
        clear_first,
        clear[:, 0].astype(np.int64),
        clear[:, 1].copy(),
        first,
        number,
        back_first,
        back_number,
        ends[:, 0].copy(),
        ends[:, 1].copy(),
        ends[:, 2].copy(),
        price[:, 0].copy(),
        price[:, 1].copy(),
        line_first,
        line_stop,
        edge_origin,
        edge_destination,
        edge_least,
    )


def _connections(stops: Sequence[Stop], trips: Sequence[Trip]) -> tuple[np.ndarray, np.ndarray]:
    rows: list[tuple[int, ...]] = []
    money: list[tuple[float, ...]] = []
    for number, trip in enumerate(trips):
        cost = co2 = 0.0
        for leg in range(len(trip.stops) - 1):
            more_cost = cost + (trip.leg_cost[leg] if trip.leg_cost else 0.0)
            more_co2 = co2 + (trip.leg_co2[leg] if trip.leg_co2 else 0.0)
            deadline = last_open(stops[trip.stops[leg]], trip.departures[leg] - trip.cutoff)
            rows.append(
                (trip.stops[leg], trip.stops[leg + 1], trip.departures[leg], trip.arrivals[leg + 1], number, deadline)
            )
            money.append((cost, more_cost, co2, more_co2))
            cost, co2 = more_cost, more_co2
    return np.array(rows, dtype=np.int64).reshape(-1, 6), np.array(money, dtype=np.float64).reshape(-1, 4)


def _lines(trips: Sequence[Trip]) -> tuple[np.ndarray, np.ndarray]:
    lines = list(dict.fromkeys(trip.stops for trip in trips))
    first = np.concatenate([[0], np.cumsum([len(line) for line in lines])]).astype(np.int64)
    return first, np.array([stop for line in lines for stop in line], dtype=np.int64)


def _edges(rows: np.ndarray, money: np.ndarray, stops: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    pairs, where = np.unique(rows[:, 0] * stops + rows[:, 1], return_inverse=True)
    least = np.full((len(pairs), 3), np.inf)
    spent = np.column_stack([rows[:, 3] - rows[:, 2], money[:, 1] - money[:, 0], money[:, 3] - money[:, 2]])
    np.minimum.at(least, where.ravel(), spent)
    return pairs // max(stops, 1), pairs % max(stops, 1), least


def last_open(stop: Stop, at: int) -> int:
    """The last instant not after ``at`` at which a stop is open."""
    if not stop.opened:
        return at
    place = bisect.bisect_right(stop.opened, (at, 2**62)) - 1
    return LONG_AGO if place < 0 else min(at, stop.opened[place][1])


def _listed(tables: Sequence[tuple[tuple[float, ...], ...]], width: int) -> tuple[np.ndarray, np.ndarray]:
    first = np.concatenate([[0], np.cumsum([len(table) for table in tables])]).astype(np.int64)
    rows = [row for table in tables for row in table]
    return np.array(rows, dtype=np.float64).reshape(-1, width), first


def _by_end(ends: np.ndarray, stops: int) -> tuple[np.ndarray, np.ndarray]:
    first = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=stops))]).astype(np.int64)
    return first, np.argsort(ends, kind="stable").astype(np.int64)
