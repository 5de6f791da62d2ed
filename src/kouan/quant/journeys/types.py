"""Stops, trips, truck legs, and the journeys over them. All times are whole seconds from the start of the timetable."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from kouan.quant.reading import UnusableProblem

NEVER = np.int64(2**60)


@dataclass(frozen=True, slots=True)
class Stop:
    """A place where goods change carrier.

    handling: seconds from arrival to boarding. opened: (since, until) windows, ascending; empty for always.
    clearance: (seconds, share cleared by then), ascending, the last share 1; empty where nothing is cleared.
    """

    name: str
    handling: int = 0
    opened: tuple[tuple[int, int], ...] = ()
    clearance: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Trip:
    """One run of a train, ship, barge or flight: stop numbers with arrival and departure, ascending in time.

    cutoff: seconds before departure by which goods must be handed over. boarding_cost once, leg_cost and leg_co2 for
    each leg (one less than the calls).
    """

    name: str
    mode: str
    stops: tuple[int, ...]
    arrivals: tuple[int, ...]
    departures: tuple[int, ...]
    cutoff: int = 0
    boarding_cost: float = 0.0
    leg_cost: tuple[float, ...] = ()
    leg_co2: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Truck:
    """A truck leg that may start whenever its origin is open."""

    origin: int
    destination: int
    seconds: int
    cost: float = 0.0
    co2: float = 0.0


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg: by a trip (number in the timetable) or, with trip -1, by truck."""

    mode: str
    name: str
    trip: int
    origin: int
    destination: int
    departure: int
    arrival: int


@dataclass(frozen=True, slots=True)
class Journey:
    """Legs in order with what they add up to; ``arrival`` is delivery at the destination, boardings count trips."""

    departure: int
    arrival: int
    boardings: int
    cost: float
    co2: float
    reliability: float
    legs: tuple[Leg, ...] = field(default=())

    @property
    def transfers(self) -> int:
        """Changes from one trip to another."""
        return max(0, self.boardings - 1)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Flat arrays for the kernels; made by ``timetable.join``.

    Connections (one leg of one trip each) are sorted by departure: origin, destination, departure, arrival, trip,
    deadline (last instant of handing over, in opening hours), cost and CO2 of the trip before and after this leg.
    Lines are the distinct sequences of stops; edges the distinct legs, with the least seconds, cost and CO2 of any
    trip on them.
    """

    stops: tuple[Stop, ...]
    trips: tuple[Trip, ...]
    trucks: tuple[Truck, ...]
    origin: np.ndarray
    destination: np.ndarray
    departure: np.ndarray
    arrival: np.ndarray
    trip: np.ndarray
    deadline: np.ndarray
    cost_before: np.ndarray
    cost_after: np.ndarray
    co2_before: np.ndarray
    co2_after: np.ndarray
    boarding_cost: np.ndarray
    handling: np.ndarray
    window_first: np.ndarray
    window_since: np.ndarray
    window_until: np.ndarray
    clear_first: np.ndarray
    clear_seconds: np.ndarray
    clear_share: np.ndarray
    truck_first: np.ndarray
    truck_number: np.ndarray
    truck_back_first: np.ndarray
    truck_back_number: np.ndarray
    truck_origin: np.ndarray
    truck_destination: np.ndarray
    truck_seconds: np.ndarray
    truck_cost: np.ndarray
    truck_co2: np.ndarray
    line_first: np.ndarray
    line_stop: np.ndarray
    edge_origin: np.ndarray
    edge_destination: np.ndarray
    edge_least: np.ndarray


def check_stop(number: int, stop: Stop) -> None:
    """Refuse a stop whose windows or clearance contradict themselves."""
    if stop.handling < 0:
        raise UnusableProblem(f"站点“{stop.name}”的作业时间为负", f"stop '{stop.name}' has a negative handling time")
    last = None
    for since, until in stop.opened:
        if until <= since or (last is not None and since < last):
            raise UnusableProblem(
                f"站点“{stop.name}”的开放时间重叠或倒置",
                f"opening hours of stop '{stop.name}' overlap or run backwards",
            )
        last = until
    share, seconds = 0.0, -1
    for after, reached in stop.clearance:
        if after <= seconds or not share <= reached <= 1.0 + 1e-9:
            raise UnusableProblem(
                f"站点“{stop.name}”的通关时间分布不单调", f"the clearance times of stop '{stop.name}' do not ascend"
            )
        seconds, share = after, reached
    if stop.clearance and abs(share - 1.0) > 1e-6:
        raise UnusableProblem(
            f"站点“{stop.name}”的通关时间分布未达 1", f"the clearance shares of stop '{stop.name}' do not end at 1"
        )


def check_trip(trip: Trip, stops: int) -> None:
    """Refuse a trip that goes back in time or to a stop that does not exist."""
    calls = len(trip.stops)
    if calls < 2 or len(trip.arrivals) != calls or len(trip.departures) != calls:
        raise UnusableProblem(
            f"班次“{trip.name}”停靠少于两站或时刻不全", f"trip '{trip.name}' has less than two calls or lacks times"
        )
    if any(not 0 <= stop < stops for stop in trip.stops):
        raise UnusableProblem(
            f"班次“{trip.name}”停靠不存在的站点", f"trip '{trip.name}' calls at a stop that does not exist"
        )
    if trip.cutoff < 0 or trip.boarding_cost < 0 or any(value < 0 for value in (*trip.leg_cost, *trip.leg_co2)):
        raise UnusableProblem(
            f"班次“{trip.name}”的截关时间、费用或排放为负", f"cut-off, cost or CO2 of trip '{trip.name}' is negative"
        )
    for values in (trip.leg_cost, trip.leg_co2):
        if values and (len(values) != calls - 1 or not np.isfinite(values).all()):
            raise UnusableProblem(
                f"班次“{trip.name}”的区段费用或排放个数不对",
                f"leg costs or CO2 of trip '{trip.name}' do not match its legs",
            )
    for place in range(calls - 1):
        if trip.arrivals[place + 1] < trip.departures[place]:
            raise UnusableProblem(
                f"班次“{trip.name}”第 {place + 2} 站的到达早于前一站的出发",
                f"trip '{trip.name}' arrives at call {place + 2} before it leaves call {place + 1}",
            )
        if trip.departures[place] < trip.arrivals[place]:
            raise UnusableProblem(
                f"班次“{trip.name}”第 {place + 1} 站先发后到",
                f"trip '{trip.name}' leaves call {place + 1} before it arrives",
            )
