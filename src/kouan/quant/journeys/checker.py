"""Replay a journey against the stops, trips and truck legs themselves, not against the arrays of the scans."""

from __future__ import annotations

import math

from kouan.quant.journeys.types import Journey, Stop, Timetable

Faults = list[tuple[str, str]]


def check_journey(
    timetable: Timetable,
    source: int,
    target: int,
    start: int,
    journey: Journey,
    least: float,
    timely: float | None = None,
) -> Faults:
    """The faults of a journey. Truck legs wait as long as clearance takes with probability ``least``; trips are to be
    reached with probability ``timely``, or ``least`` where it is not given."""
    faults: Faults = []
    timely = least if timely is None else timely

    def fault(zh: str, en: str) -> None:
        faults.append((zh, en))

    at, here, boardings, cost, co2, chance = start, source, 0, 0.0, 0.0, 1.0
    last_mode = ""
    for number, leg in enumerate(journey.legs, 1):
        if leg.origin != here:
            fault(f"第 {number} 段不从上一段终点出发", f"leg {number} does not start where the last one ended")
        stop = timetable.stops[leg.origin]
        handled = at + (stop.handling if number > 1 else 0)
        if leg.trip < 0:
            if last_mode == "truck":
                fault(f"第 {number} 段卡车接卡车", f"leg {number} is a truck after a truck")
            matches = [
                t
                for t in timetable.trucks
                if (t.origin, t.destination, t.seconds) == (leg.origin, leg.destination, leg.arrival - leg.departure)
            ]
            if not matches or not _is_open(stop, leg.departure) or leg.departure < handled:
                fault(
                    f"第 {number} 段卡车不存在、未开放或过早",
                    f"truck leg {number} does not exist, or leaves closed or too early",
                )
            else:
                chosen = min(matches, key=lambda t: abs(journey.cost - cost - t.cost))
                cost, co2 = cost + chosen.cost, co2 + chosen.co2
            if number > 1:
                part = _share(stop, leg.departure - handled)
                planned = next((share for _, share in stop.clearance if share >= least - 1e-9), 1.0)
                if part < planned - 1e-9:
                    fault(f"第 {number} 段通关时间不足", f"leg {number} leaves too little time for clearance")
                chance *= planned
        else:
            trip = timetable.trips[leg.trip]
            calls = [
                k
                for k in range(len(trip.stops) - 1)
                if trip.stops[k] == leg.origin and trip.departures[k] == leg.departure
            ]
            ends = [
                k
                for k in range(1, len(trip.stops))
                if trip.stops[k] == leg.destination and trip.arrivals[k] == leg.arrival
            ]
            if not calls or not ends or ends[-1] <= calls[0]:
                fault(f"第 {number} 段与班次不符", f"leg {number} does not match its trip")
                continue
            due = _last_open(stop, leg.departure - trip.cutoff)
            if handled > due:
                fault(f"第 {number} 段错过截关", f"leg {number} misses the cut-off")
            if number > 1:
                part = _share(stop, due - handled)
                if part < timely - 1e-9:
                    fault(
                        f"第 {number} 段按时通关概率仅 {part}", f"leg {number} is reached with probability {part} only"
                    )
                chance *= part
            between = range(calls[0], ends[-1])
            cost += trip.boarding_cost + sum(trip.leg_cost[k] for k in between if trip.leg_cost)
            co2 += sum(trip.leg_co2[k] for k in between if trip.leg_co2)
            boardings += 1
        at, here, last_mode = leg.arrival, leg.destination, "truck" if leg.trip < 0 else "trip"
    if here != target:
        fault("未到达终点", "the journey does not end at the destination")
    delivered = (
        at
        if _is_open(timetable.stops[target], at)
        else min((since for since, _ in timetable.stops[target].opened if since >= at), default=-1)
    )
    for name, given, found in (
        ("到达 / arrival", journey.arrival, delivered),
        ("班次数 / boardings", journey.boardings, boardings),
        ("费用 / cost", journey.cost, cost),
        ("CO2", journey.co2, co2),
        ("可靠度 / reliability", journey.reliability, chance),
    ):
        if not math.isclose(given, found, rel_tol=1e-9, abs_tol=1e-6):
            fault(f"{name} 为 {given}，应为 {found}", f"{name} is {given}, not {found}")
    return faults


def _is_open(stop: Stop, at: int) -> bool:
    return not stop.opened or any(since <= at <= until for since, until in stop.opened)


def _last_open(stop: Stop, at: int) -> int:
    return at if _is_open(stop, at) else max((until for _, until in stop.opened if until <= at), default=-(2**60))


def _share(stop: Stop, slack: int) -> float:
    if not stop.clearance:
        return 1.0
    return max((share for seconds, share in stop.clearance if seconds <= slack), default=0.0)
