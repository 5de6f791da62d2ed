"""Berth plans against brute force, and what the solver must never do."""

from __future__ import annotations

import dataclasses
import random

import pytest

from kouan.quant.berths.checking import check_plan, cost_of
from kouan.quant.berths.problem import Anchorage, BadBerthProblem, Berth, BerthProblem, Placing, Ship
from kouan.quant.berths.solver import BerthParams, solve
from kouan.quant.berths.tests.exhaustive import cheapest
from kouan.quant.solving import Stop

QUICK = BerthParams(more_runs=1, guided_runs=1)


def plain_problem(chance: random.Random, ships: int, berths: int) -> BerthProblem:
    """Arrivals close together, some berths forbidden, some berths alike."""
    like = [chance.randrange(2) for _ in range(berths)]
    calls = []
    for i in range(ships):
        times = [chance.choice([None, chance.randint(1, 9)]), chance.randint(1, 9)]
        handling = tuple(times[like[k]] for k in range(berths))
        handling = handling if any(handling) else (chance.randint(1, 9),) * berths
        calls.append(Ship(str(i), chance.randint(0, 12), handling, priority=chance.choice([1, 1, 2, 5])))
    return BerthProblem(tuple(calls), tuple(Berth(str(k), chance.randint(0, 4)) for k in range(berths)))


def rich_problem(chance: random.Random, ships: int, berths: int) -> BerthProblem:
    """Tides, draughts, closed periods, windows, limits, wishes and an earlier plan on top."""
    plain = plain_problem(chance, ships, berths)
    calls = []
    for ship in plain.ships:
        allowed = [k for k, h in enumerate(ship.handling) if h]
        change = {
            "latest_departure": chance.choice([None, None, ship.arrival + chance.randint(12, 30)]),
            "due": chance.choice([None, ship.arrival + chance.randint(3, 10)]),
            "lateness_cost": chance.choice([0, 3]),
            "draught_cm": chance.choice([0, 500, 700]),
            "length_cm": chance.choice([5000, 9000]),
            "enter": chance.choice([None, None, ((0, 9), (14, 20), (30, 60))]),
            "leave": chance.choice([None, None, ((4, 8), (12, 40), (50, 70))]),
            "planned": chance.choice([None, Placing(chance.choice(allowed), ship.arrival + chance.randint(0, 6))]),
            "berth_costs": tuple(chance.choice([0, 4]) for _ in range(berths)),
        }
        calls.append(dataclasses.replace(ship, **change))
    quays = tuple(
        dataclasses.replace(
            berth,
            closes=chance.choice([None, 45]),
            closed=chance.choice([(), ((10, 13),), ((6, 7), (18, 22))]),
            depth_cm=chance.choice([None, 600, 800]),
            length_cm=chance.choice([0, 8000]),
        )
        for berth in plain.berths
    )
    level = ((0, 0), (8, 150), (16, -50), (24, 200))
    return BerthProblem(tuple(calls), quays, level, 20, (), berth_change_cost=3, delay_cost=chance.choice([0, 2]))


@pytest.mark.parametrize("seed", range(15))
def test_plain_problems_reach_the_brute_force_optimum(seed):
    """Least cost, proved, on small random quays."""
    problem = plain_problem(random.Random(seed), 5, 2)
    result = solve(problem, Stop(None), seed, QUICK)
    assert result.status == "optimal"
    assert result.objective == result.bound == cheapest(problem, 80)
    assert result.solution is not None and not check_plan(problem, result.solution)
    assert cost_of(problem, result.solution) == result.objective


@pytest.mark.parametrize("seed", range(25))
def test_rich_problems_reach_the_brute_force_optimum(seed):
    """Least cost, or the proof that no plan exists, with every kind of restriction."""
    problem = rich_problem(random.Random(1000 + seed), 4, 2)
    least = cheapest(problem, 110)
    try:
        result = solve(problem, Stop(None), seed, QUICK)
    except BadBerthProblem:
        assert least is None
        return
    if least is None:
        assert result.status == "infeasible" and result.reasons
        return
    assert (result.status, result.objective, result.bound) == ("optimal", least, least)
    assert result.solution is not None and not check_plan(problem, result.solution)


def test_like_berths_and_like_ships():
    """Six equal ships at three equal berths: two after one another at each."""
    problem = BerthProblem(tuple(Ship(str(i), 0, (4, 4, 4)) for i in range(6)), tuple(Berth(b) for b in "abc"))
    result = solve(problem, Stop(None), 0, QUICK)
    assert (result.status, result.objective) == ("optimal", 3 * 4 + 3 * 8)


def test_no_time_still_gives_a_plan_and_an_honest_bound():
    """With a time limit of zero the first plan comes back, never called optimal without proof."""
    problem = plain_problem(random.Random(7), 12, 2)
    result = solve(problem, Stop(0), 0)
    assert result.solution is not None and not check_plan(problem, result.solution)
    assert result.bound is not None and result.objective is not None and result.bound <= result.objective
    assert result.status == "optimal" if result.bound == result.objective else result.status == "feasible"


def test_the_same_seed_gives_the_same_plan():
    """Without a clock a run is reproducible to the last bit."""
    problem = plain_problem(random.Random(3), 9, 3)
    one, two = (solve(problem, Stop(None), 5, QUICK) for _ in range(2))
    assert one.solution == two.solution and one.bound == two.bound


def test_fixed_decisions_that_collide_are_infeasible():
    """Two fixed ships at one berth at one time: proved, and said by name."""
    ships = tuple(Ship(name, 0, (5,), fixed=Placing(0, 2)) for name in ("甲", "乙"))
    result = solve(BerthProblem(ships, (Berth("1"),)), Stop(None), 0, QUICK)
    assert result.status == "infeasible"
    assert all(name in result.reasons[0][0] for name in ("甲", "乙"))


def test_the_ships_that_clash_are_named_and_no_others():
    """甲 and 乙 need the one quick berth at one time; 丙 and 丁 have nothing to do with it."""
    ships = (
        Ship("甲", 0, (10, 20), latest_departure=19),
        Ship("丙", 3, (10, 10), latest_departure=200),
        Ship("乙", 0, (10, None), latest_departure=12),
        Ship("丁", 5, (3, 4)),
    )
    result = solve(BerthProblem(ships, (Berth("1"), Berth("2"))), Stop(None), 0, QUICK)
    said = result.reasons[0][0]
    assert result.status == "infeasible"
    assert "甲（0，≤ 19）, 乙（0，≤ 12）" in said and "丙" not in said and "丁" not in said


@pytest.mark.parametrize(
    ("ship", "berth", "word"),
    [
        (Ship("甲", 0, (5,), draught_cm=900), Berth("1", depth_cm=800), "时段"),  # never enough water
        (Ship("甲", 0, (5,), length_cm=900), Berth("1", length_cm=800), "长度"),  # too long
        (Ship("甲", 0, (None,)), Berth("1"), "没有"),  # no berth at all
        (Ship("甲", 0, (5,), latest_departure=4), Berth("1"), "时段"),  # too late before it begins
    ],
)
def test_a_ship_with_nowhere_to_go_is_named(ship, berth, word):
    """The error names the ship and the reason."""
    with pytest.raises(BadBerthProblem, match=f"甲.*{word}"):
        solve(BerthProblem((ship,), (berth,)), Stop(None), 0, QUICK)


@pytest.mark.parametrize(
    "make",
    [
        lambda: BerthProblem((), ()),  # no berth
        lambda: BerthProblem((Ship("a", -1, (5,)),), (Berth("1"),)),  # negative time
        lambda: BerthProblem((Ship("a", 0, (0,)),), (Berth("1"),)),  # handling takes no time
        lambda: BerthProblem((Ship("a", 0, (5, 5)),), (Berth("1"),)),  # more handling times than berths
        lambda: BerthProblem((Ship("a", 0, (5,), fixed=Placing(3, 0)),), (Berth("1"),)),  # no such berth
        lambda: BerthProblem((Ship("a", 0, (5,), enter=((4, 4),)),), (Berth("1"),)),  # empty window
        lambda: BerthProblem((), (Berth("1", opens=5, closes=5),)),  # never open
        lambda: BerthProblem((), (Berth("1"),), water_level=((5, 1), (3, 1))),  # steps run backward
    ],
)
def test_contradictions_are_refused(make):
    """A problem that contradicts itself cannot be made."""
    with pytest.raises(BadBerthProblem):
        make()


def test_no_ship_at_all():
    """An empty list of ships costs nothing, and that is optimal."""
    result = solve(BerthProblem((), (Berth("1"),)), Stop(None))
    assert (result.status, result.objective) == ("optimal", 0)


@pytest.mark.parametrize("seed", range(8))
def test_waiting_areas_are_kept(seed):
    """With few places to wait every valid plan keeps them; none is cheaper than the best without areas."""
    chance = random.Random(50 + seed)
    free = plain_problem(chance, 5, 2)
    ships = tuple(dataclasses.replace(ship, length_cm=chance.choice([100, 200])) for ship in free.ships)
    areas = (Anchorage("东锚地", 1, longest_cm=150), Anchorage("西锚地", 2, room_cm=350, separation_cm=10))
    problem = dataclasses.replace(free, ships=ships, anchorages=areas)
    result = solve(problem, Stop(None), seed, QUICK)
    least = cheapest(free, 80)
    if result.solution is None:
        assert result.status == "unknown" and "锚地" in result.reasons[0][0]
        return
    assert not check_plan(problem, result.solution)
    assert least is not None and result.objective is not None and result.bound is not None
    assert result.bound <= least <= result.objective


def test_a_port_without_room_to_wait():
    """Two ships that cannot lie at the one berth at once, and nowhere to wait: said so, with the name."""
    ships = (Ship("甲", 0, (5,)), Ship("乙", 0, (5,)))
    result = solve(BerthProblem(ships, (Berth("1"),), anchorages=(Anchorage("锚地", 0),)), Stop(None), 0, QUICK)
    assert result.status == "unknown" and "锚地" in result.reasons[0][0]
