"""Journeys equal those of an oracle that walks every way, and every journey passes the checker."""

import random

import numpy as np
import pytest

from kouan.quant.journeys import planning, timetable
from kouan.quant.journeys.checker import check_journey
from kouan.quant.journeys.types import NEVER, Journey, Leg, Stop, Timetable, Trip, Truck
from kouan.quant.reading import UnusableProblem
from kouan.quant.solving import Stop as StopRule

HOUR = 3600


def random_table(seed: int, *, plain: bool = False) -> Timetable:
    """Six stops, some with hours, handling and clearance; twelve trips; four truck legs."""
    draw = random.Random(seed)
    stops = []
    for number in range(6):
        opened = (
            ()
            if plain or draw.random() < 0.5
            else tuple((day * 24 * HOUR + 8 * HOUR, day * 24 * HOUR + draw.choice([12, 18]) * HOUR) for day in range(4))
        )
        clearance = () if plain or draw.random() < 0.6 else ((HOUR // 2, 0.5), (2 * HOUR, 0.9), (6 * HOUR, 1.0))
        stops.append(Stop(f"s{number}", 0 if plain else draw.choice([0, 600, HOUR]), opened, clearance))
    trips = []
    for number in range(12):
        length = draw.randint(2, 4)
        way = draw.sample(range(6), length)
        time = draw.randrange(0, 48) * HOUR
        arrivals, departures = [], []
        for _ in range(length):
            arrivals.append(time)
            time += draw.choice([0, HOUR // 2])
            departures.append(time)
            time += draw.randint(0, 8) * HOUR // 2
        trips.append(
            Trip(
                f"t{number}",
                draw.choice(["rail", "barge", "air"]),
                tuple(way),
                tuple(arrivals),
                tuple(departures),
                0 if plain else draw.choice([0, HOUR]),
                float(draw.randint(0, 20)),
                tuple(float(draw.randint(1, 30)) for _ in range(length - 1)),
                tuple(float(draw.randint(1, 9)) for _ in range(length - 1)),
            )
        )
    trucks = [
        Truck(
            *draw.sample(range(6), 2), draw.randint(1, 6) * HOUR, float(draw.randint(5, 60)), float(draw.randint(5, 20))
        )
        for _ in range(4)
    ]
    return timetable.join(stops, trips, trucks)


def every_journey(table: Timetable, source: int, target: int, start: int, least: float, most: int) -> list[Journey]:
    """All journeys of at most ``most`` boardings that visit no stop twice, built from the trips themselves."""
    found: list[Journey] = []

    def is_open(stop: Stop, at: int) -> bool:
        return not stop.opened or any(since <= at <= until for since, until in stop.opened)

    def opening(stop: Stop, at: int) -> int | None:
        return at if is_open(stop, at) else min((since for since, _ in stop.opened if since > at), default=None)

    def closing(stop: Stop, at: int) -> int | None:
        return at if is_open(stop, at) else max((until for _, until in stop.opened if until < at), default=None)

    def cleared(stop: Stop, slack: int) -> float:
        return (
            1.0
            if not stop.clearance
            else max((share for seconds, share in stop.clearance if seconds <= slack), default=0.0)
        )

    def go(here: int, at: int, legs: tuple[Leg, ...], boardings: int, cost: float, co2: float, chance: float) -> None:
        if here == target:
            delivered = opening(table.stops[target], at)
            if delivered is not None:
                found.append(Journey(legs[0].departure, delivered, boardings, cost, co2, chance, legs))
            return
        stop = table.stops[here]
        handled = at + (stop.handling if legs else 0)
        if not legs or legs[-1].trip >= 0:
            planned = (
                next((seconds, share) for seconds, share in stop.clearance if share >= max(least, 0.9))
                if legs and stop.clearance
                else (0, 1.0)
            )
            leave = opening(stop, handled + planned[0])
            if leave is not None:
                for truck in table.trucks:
                    if truck.origin == here:
                        leg = Leg("truck", "truck", -1, here, truck.destination, leave, leave + truck.seconds)
                        go(
                            truck.destination,
                            leg.arrival,
                            (*legs, leg),
                            boardings,
                            cost + truck.cost,
                            co2 + truck.co2,
                            chance * planned[1],
                        )
        if boardings == most:
            return
        for number, trip in enumerate(table.trips):
            for k in range(len(trip.stops) - 1):
                if trip.stops[k] != here:
                    continue
                due = closing(stop, trip.departures[k] - trip.cutoff)
                if due is None or due < handled:
                    continue
                timely = cleared(stop, due - handled) if legs else 1.0
                if timely < least - 1e-9 or timely == 0:
                    continue
                for end in range(k + 1, len(trip.stops)):
                    leg = Leg(
                        trip.mode, trip.name, number, here, trip.stops[end], trip.departures[k], trip.arrivals[end]
                    )
                    go(
                        trip.stops[end],
                        leg.arrival,
                        (*legs, leg),
                        boardings + 1,
                        cost + trip.boarding_cost + sum(trip.leg_cost[k:end]),
                        co2 + sum(trip.leg_co2[k:end]),
                        chance * timely,
                    )

    go(source, start, (), 0, 0.0, 0.0, 1.0)
    return found


def measured(journey: Journey, criteria: tuple[str, ...]) -> tuple[float, ...]:
    """What counts of a journey, smaller is better."""
    of = {
        "time": journey.arrival,
        "transfers": journey.boardings,
        "cost": journey.cost,
        "co2": journey.co2,
        "reliability": -journey.reliability,
    }
    return tuple(round(of[name], 6) for name in criteria)


def unbeaten(points: set[tuple[float, ...]]) -> set[tuple[float, ...]]:
    return {
        one
        for one in points
        if not any(other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in points)
    }


@pytest.mark.parametrize("seed", range(40))
def test_fastest_equals_the_oracle(seed):
    table, start = random_table(seed), 5 * HOUR
    params = planning.Params(most_boardings=4)
    for target in range(1, 6):
        truth = unbeaten({measured(j, ("time", "transfers")) for j in every_journey(table, 0, target, start, 0.9, 4)})
        found = planning.fastest(table, 0, target, start, params)
        assert {measured(j, ("time", "transfers")) for j in found} == truth
        assert not [fault for j in found for fault in check_journey(table, 0, target, start, j, 0.9)]


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize(
    "criteria",
    [
        ("time", "cost", "transfers"),
        ("time", "transfers", "cost", "co2", "reliability"),
        ("cost",),
        ("time", "reliability"),
    ],
)
def test_choices_equal_the_oracle(seed, criteria):
    table, start = random_table(seed), 5 * HOUR
    least = 0.01 if "reliability" in criteria else 0.9
    for target in (2, 5):
        truth = unbeaten({measured(j, criteria) for j in every_journey(table, 0, target, start, least, 3)})
        found = planning.choose(table, 0, target, start, criteria, planning.Params(most_boardings=3))
        assert {measured(j, criteria) for j in found} == truth
        assert not [fault for j in found for fault in check_journey(table, 0, target, start, j, 0.9, least)]


@pytest.mark.parametrize("seed", range(30))
def test_earliest_arrivals_equal_the_oracle(seed):
    table, start = random_table(seed), 5 * HOUR
    reached = planning.earliest_arrivals(table, 0, start)
    for target in range(1, 6):
        journeys = every_journey(table, 0, target, start, 0.9, 5)
        assert reached[target] == min((j.legs[-1].arrival for j in journeys), default=NEVER)


@pytest.mark.parametrize("seed", range(30))
def test_a_profile_holds_the_answer_of_every_instant(seed):
    table = random_table(seed)
    params = planning.Params(most_boardings=3)
    for target in (3, 4):
        answers = planning.profile(table, 0, target, 0, 60 * HOUR, params)
        for start in range(0, 60 * HOUR, 5400):
            truth = {(j.arrival, j.boardings) for j in planning.fastest(table, 0, target, start, params)}
            by_truck = min((arrival for arrival, boardings in truth if boardings == 0), default=NEVER)
            options = {(int(a), int(k)) for d, a, k in answers if d >= start and a < by_truck}
            assert {pair for pair in truth if pair[1]} == unbeaten(options)


def test_a_cut_off_and_closed_hours_are_kept():
    port = Stop("port", HOUR, ((8 * HOUR, 18 * HOUR), (32 * HOUR, 42 * HOUR)))
    train = Trip("train", "rail", (0, 1), (0, 10 * HOUR), (2 * HOUR, 10 * HOUR))
    early = Trip("early", "sea", (1, 2), (11 * HOUR, 20 * HOUR), (11 * HOUR, 20 * HOUR), cutoff=HOUR)
    night = Trip("night", "sea", (1, 2), (31 * HOUR, 40 * HOUR), (31 * HOUR, 40 * HOUR))
    table = timetable.join([Stop("a"), port, Stop("b")], [train, early, night])
    (journey,) = planning.fastest(table, 0, 2, 0)
    assert [leg.name for leg in journey.legs] == ["train", "night"]


def test_a_tighter_connection_is_less_reliable():
    border = Stop("border", 0, (), ((HOUR, 0.5), (4 * HOUR, 0.9), (9 * HOUR, 1.0)))
    trips = [Trip("in", "rail", (0, 1), (0, HOUR), (0, HOUR))]
    for hour in (2, 3, 6, 12):
        times = (hour * HOUR, (hour + 1) * HOUR)
        trips.append(Trip(f"out{hour}", "rail", (1, 2), times, times))
    table = timetable.join([Stop("a"), border, Stop("b")], trips)
    found = planning.choose(table, 0, 2, 0, ("time", "reliability"))
    assert [(j.legs[-1].name, j.reliability) for j in found] == [("out2", 0.5), ("out6", 0.9), ("out12", 1.0)]
    assert [j.legs[-1].name for j in planning.choose(table, 0, 2, 0, ("time",))] == ["out6"]


def test_the_checker_rejects_wrong_journeys():
    table = random_table(3, plain=True)
    target = next(t for t in range(1, 6) if any(j.boardings for j in planning.fastest(table, 0, t, 0)))
    journey = next(j for j in planning.fastest(table, 0, target, 0) if j.boardings)
    assert not check_journey(table, 0, target, 0, journey, 0.9)
    assert check_journey(table, 0, target, journey.departure + 1, journey, 0.9)
    assert check_journey(table, 0, (target + 1) % 6, 0, journey, 0.9)
    cheaper = Journey(
        journey.departure, journey.arrival, journey.boardings, journey.cost - 1, journey.co2, 1.0, journey.legs
    )
    assert check_journey(table, 0, target, 0, cheaper, 0.9)


@pytest.mark.parametrize(
    "parts",
    [
        ([Stop("a", -1)], []),  # negative handling
        ([Stop("a", 0, ((5, 3),))], []),  # hours that run backwards
        ([Stop("a", 0, ((0, 5), (3, 9)))], []),  # hours that overlap
        ([Stop("a", 0, (), ((5, 0.9),))], []),  # shares that do not end at 1
        ([Stop("a"), Stop("b")], [Trip("t", "rail", (0, 5), (0, 9), (0, 9))]),  # no such stop
        ([Stop("a"), Stop("b")], [Trip("t", "rail", (0, 1), (0, 3), (5, 5))]),  # back in time
        ([Stop("a"), Stop("b")], [Trip("t", "rail", (0, 1), (5, 9), (3, 9))]),  # leaves before it arrives
        ([Stop("a"), Stop("b")], [Trip("t", "rail", (0, 1), (0, 9), (0, 9), leg_cost=(float("nan"),))]),  # not a number
    ],
)
def test_contradictions_are_refused(parts):
    with pytest.raises(UnusableProblem):
        timetable.join(*parts)


def test_a_pair_without_any_way_is_empty():
    table = timetable.join([Stop("a"), Stop("b")], [Trip("t", "rail", (1, 0), (0, 9), (0, 9))])
    assert planning.fastest(table, 0, 1, 0) == [] and planning.choose(table, 0, 1, 0) == []
    assert len(planning.profile(table, 0, 1, 0, 100)) == 0
    assert planning.earliest_arrivals(table, 0, 0)[1] == NEVER


def test_unknown_criteria_and_equal_ends_are_refused():
    table = timetable.join([Stop("a"), Stop("b")], [])
    with pytest.raises(UnusableProblem):
        planning.choose(table, 0, 1, 0, ("beauty",))
    with pytest.raises(UnusableProblem):
        planning.fastest(table, 0, 0, 0)
    assert np.asarray(table.origin).shape == (0,)


def test_a_scan_that_is_told_to_end_hands_over_what_can_be_made():
    table = random_table(3)
    whole = planning.choose(table, 0, 1, 0, stop=StopRule(60))
    assert whole == planning.choose(table, 0, 1, 0)
    try:
        found = planning.choose(table, 0, 1, 0, stop=StopRule(0))
    except planning.NotAllCompared as early:
        found = early.journeys
    for journey in found:
        assert not check_journey(table, 0, 1, 0, journey, 0.9, 0.01)
