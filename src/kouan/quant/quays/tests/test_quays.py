"""Continuous quays against brute force over every metre and hour, the checker, and refusals."""

from __future__ import annotations

import dataclasses
import itertools
import random

import pytest

from kouan.quant.plain_data import read_dataclass
from kouan.quant.quays.checking import check_plan, cost_of
from kouan.quant.quays.problem import BadQuayProblem, Closure, QuayPlan, QuayProblem, QuayShip, Section, Spot
from kouan.quant.quays.solver import QuayParams, solve
from kouan.quant.solving import Stop

QUICK = QuayParams(runs=2, rounds=60, workers=2)


def make_quay(chance: random.Random) -> QuayProblem:
    """Three ships at a quay of five metres, with wishes, depths, a closure and an earlier plan."""
    ships = []
    for i in range(3):
        length, arrival, handling = chance.randint(1, 4), chance.randint(0, 4), chance.randint(1, 4)
        spot = Spot(chance.randint(0, 5 - length), arrival + chance.randint(0, 3))
        ships.append(
            QuayShip(
                *(str(i), arrival, handling, length),
                draught=chance.choice([0, 0, 8]),
                priority=chance.choice([1, 3]),
                latest_departure=chance.choice([None, None, arrival + handling + 3]),
                wished=chance.choice([None, chance.randint(0, 5 - length)]),
                away_cost=chance.choice([0, 1, 2]),
                planned=chance.choice([None, spot]),
                fixed=spot if i == 0 and chance.random() < 0.3 else None,
            )
        )
    low = chance.randint(0, 3)
    closures = chance.choice([(), (Closure(low, low + 2, 2, 6),)])
    sections = chance.choice([(), (Section(0, 1, 7), Section(1, 5, 9))])
    ships = [dataclasses.replace(s, draught=0) if sections and s.length > 4 else s for s in ships]
    return QuayProblem(5, tuple(ships), closures, sections, shift_cost=2, delay_cost=chance.choice([0, 1]))


def cheapest(problem: QuayProblem, horizon: int) -> int | None:
    """Least cost over every position and start of every ship, by brute force."""
    choices = []
    for ship in problem.ships:
        alone = dataclasses.replace(problem, ships=(ship,))
        spots = [Spot(x, t) for x in range(problem.quay - ship.length + 1) for t in range(ship.arrival, horizon)]
        good = [(cost_of(alone, QuayPlan((s,))), s) for s in spots if not check_plan(alone, QuayPlan((s,)))]
        choices.append(sorted(good, key=lambda pair: pair[0]))
    sums = sorted(((sum(c for c, _ in way), way) for way in itertools.product(*choices)), key=lambda pair: pair[0])
    for total, way in sums:
        if not check_plan(problem, QuayPlan(tuple(spot for _, spot in way))):
            return total
    return None


@pytest.mark.parametrize("seed", range(16))
def test_small_quays_reach_the_brute_force_optimum(seed):
    """Least cost, proved, or the proof that there is no plan."""
    problem = make_quay(random.Random(seed))
    least = cheapest(problem, 14)
    result = solve(problem, Stop(None), seed, QUICK)
    if least is None:
        assert result.status == "infeasible" and result.reasons
        return
    assert (result.status, result.objective, result.bound) == ("optimal", least, least)
    assert check_plan(problem, result.found()) == []


def test_a_larger_quay_has_an_honest_bound():
    """Twenty-five ships: a valid plan, and a bound above what the ships cost alone but not above the plan."""
    chance = random.Random(1)
    ships = tuple(
        QuayShip(str(i), chance.randint(0, 40), chance.randint(4, 12), chance.randint(8, 30)) for i in range(25)
    )
    result = solve(QuayProblem(80, ships), Stop(None, gap=0.25), 0, QuayParams(moves=5))
    assert check_plan(QuayProblem(80, ships), result.found()) == []
    assert result.bound is not None and sum(s.handling for s in ships) < result.bound <= (result.objective or 0)


@pytest.mark.parametrize(
    ("spots", "word"),
    [
        ((Spot(0, 1), Spot(2, 1)), "重叠"),
        ((Spot(0, 0), Spot(3, 1)), "到港"),
        ((Spot(8, 1), Spot(3, 1)), "超出岸线"),
        ((Spot(0, 1), Spot(3, 9)), "最晚"),
        ((Spot(6, 1), Spot(3, 1)), "水深"),
        ((Spot(0, 7), Spot(3, 1)), "封闭"),
        ((Spot(0, 1),), "船舶数"),
    ],
)
def test_wrong_plans_are_rejected(spots, word):
    """Each plan breaks one rule, and the checker says which."""
    ships = (QuayShip("甲", 1, 5, 3, draught=9), QuayShip("乙", 1, 5, 3, latest_departure=12))
    problem = QuayProblem(10, ships, (Closure(0, 2, 8, 10),), (Section(7, 10, 8),))
    assert check_plan(problem, QuayPlan((Spot(0, 1), Spot(3, 1)))) == []
    assert any(word in zh for zh, _ in check_plan(problem, QuayPlan(spots)))


@pytest.mark.parametrize(
    "text",
    [
        '{"quay": 0, "ships": []}',
        '{"quay": 9, "ships": [{"name": "甲", "arrival": -1, "handling": 2, "length": 3}]}',
        '{"quay": 9, "ships": [{"name": "甲", "arrival": 1, "handling": 2, "length": 10}]}',
        '{"quay": 9, "ships": [{"name": "甲", "arrival": 1, "handling": 0, "length": 3}]}',
        '{"quay": 9, "ships": [{"name": "甲", "arrival": 1, "handling": 2, "length": 3, "latest_departure": 2}]}',
        '{"quay": 9, "ships": [{"name": "甲", "arrival": 1, "handling": 2, "length": 3, "draught": 5}],'
        ' "sections": [{"low": 0, "high": 9, "depth": 4}]}',
        '{"quay": 9, "ships": [], "closures": [{"low": 4, "high": 2, "since": 0, "until": 3}]}',
    ],
)
def test_contradictions_are_refused(text):
    """A problem that contradicts itself cannot be read."""
    with pytest.raises(BadQuayProblem):
        read_dataclass(QuayProblem, text)


def test_the_ships_that_clash_are_named_and_no_others():
    """Two of 60 m on 100 m until the same hour; a third one later and a small one have nothing to do with it."""
    ships = (
        QuayShip("甲", 0, 10, 60, latest_departure=12),
        QuayShip("丙", 1, 10, 20, latest_departure=99),
        QuayShip("乙", 0, 10, 60, latest_departure=12),
        QuayShip("丁", 50, 10, 60),
    )
    result = solve(QuayProblem(100, ships), Stop(None), 0, QUICK)
    said = result.reasons[0][0]
    assert result.status == "infeasible"
    assert "甲" in said and "乙" in said and "丙" not in said and "丁" not in said
