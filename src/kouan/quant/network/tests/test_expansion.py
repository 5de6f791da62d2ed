"""Building programmes equal those of trying every schedule."""

import itertools
import json

import numpy as np
import pytest

from kouan.quant.network import expansion
from kouan.quant.network.checker import check_programme
from kouan.quant.network.readers import read_expansion
from kouan.quant.network.types import Expansion, Programme
from kouan.quant.reading import UnusableProblem
from kouan.quant.solving import Stop

PLAN = {
    "sites": [{"name": "甲", "capacity": 10}, {"name": "乙", "capacity": 0}],
    "customers": [{"name": "进口", "unmet_cost": 50, "cost": {"甲": 2, "乙": 1}}],
    "periods": [{"budget": 100}, {"budget": 100}],
    "projects": [
        {"name": "扩建", "site": "甲", "adds": 10, "cost": 90},
        {"name": "新建", "site": "乙", "adds": 30, "cost": [180, 150], "after": ["扩建"]},
    ],
    "scenarios": [{"weight": 0.5, "demand": [[10], [20]]}, {"weight": 0.5, "demand": [[15], [40]]}],
}


def random_programme(seed: int) -> Expansion:
    """Three projects at two sites, two periods, two scenarios, three customers."""
    draw = np.random.default_rng(seed)
    return Expansion(
        np.array([0, 1, 1]),
        draw.integers(5, 20, 3).astype(float),
        draw.integers(20, 90, (3, 2)).astype(float),
        draw.integers(0, 15, 2).astype(float),
        draw.integers(40, 110, 2).astype(float),
        np.array([0.4, 0.6]),
        draw.integers(0, 15, (2, 2, 3)).astype(float),
        draw.integers(1, 9, (2, 3)).astype(float),
        draw.integers(10, 40, 3).astype(float),
        bool(seed % 2),
        ((1, 0),) if seed % 3 else (),
        ((1, 2),) if seed % 5 else (),
    )


@pytest.mark.parametrize("seed", range(12))
def test_it_equals_every_schedule(seed):
    from scipy.optimize import linprog

    problem, best = random_programme(seed), np.inf
    scenarios, periods, customers = problem.demand.shape
    for built in itertools.product((-1, 0, 1), repeat=3):
        spent = [sum(problem.build_cost[p, t] for p in range(3) if built[p] == t) for t in range(periods)]
        limit = np.cumsum(problem.budget) if problem.carries else problem.budget
        if (np.array(np.cumsum(spent) if problem.carries else spent) > limit).any():
            continue
        if any(built[a] >= 0 and not 0 <= built[b] <= built[a] for a, b in problem.after):
            continue
        if any(built[a] >= 0 and built[b] >= 0 for a, b in problem.never_both):
            continue
        total = sum(spent)
        for t in range(periods):
            room = problem.standing + np.array(
                [
                    sum(problem.adds[p] for p in range(3) if problem.site[p] == s and 0 <= built[p] <= t)
                    for s in range(2)
                ]
            )
            for w in range(scenarios):
                answer = linprog(
                    np.concatenate([problem.cost.ravel(), problem.unmet_cost]),
                    np.hstack([np.kron(np.eye(2), np.ones(customers)), np.zeros((2, customers))]),
                    room,
                    np.hstack([np.tile(np.eye(customers), 2), np.eye(customers)]),
                    problem.demand[w, t],
                )
                total += problem.weight[w] * answer.fun
        best = min(best, total)
    result = expansion.solve(problem, Stop(600))
    value, faults = check_programme(problem, result.found())
    assert result.status == "optimal" and not faults
    assert value == pytest.approx(best) == pytest.approx(result.objective)


def test_the_checker_rejects_an_overspent_plan():
    problem = random_programme(1)
    plan = expansion.solve(problem, Stop(600)).found()
    everything = Programme(np.zeros(3, int), plan.spent, plan.unmet, plan.flow)
    assert check_programme(problem, everything)[1]
    assert (
        check_programme(problem, Programme(plan.built_in, plan.spent, plan.unmet, plan.flow * 0.5))[1]
        or not plan.flow.any()
    )


def test_a_programme_from_json():
    problem = read_expansion(json.dumps(PLAN))
    result = expansion.solve(problem, Stop(600))
    assert result.status == "optimal" and result.found().built_in.tolist() == [0, -1]


def test_requirements_that_clash_are_named():
    data = json.loads(json.dumps(PLAN))
    data["projects"][1]["must"] = True
    result = expansion.solve(read_expansion(json.dumps(data)), Stop(600))
    assert (
        result.status == "infeasible" and "“新建”" in result.reasons[0][0] and "must be built" in result.reasons[0][1]
    )


def test_more_money_is_never_worth_less_than_nothing():
    assert min(expansion.worth_of_money(random_programme(2), Stop(600), 40.0)) >= 0


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("sites", 0, "capacity"), -1),
        (("sites", 1, "name"), "甲"),
        (("customers", 0, "cost"), {"丙": 1}),
        (("periods",), []),
        (("projects", 0, "cost"), [1]),
        (("projects", 0, "site"), "丙"),
        (("projects", 1, "after"), ["无"]),
        (("scenarios", 0, "weight"), 0.7),
        (("scenarios", 0, "demand"), [[1]]),
        (("scenarios", 0, "demand", 0, 0), "many"),
    ],
)
def test_a_contradiction_is_refused(path, value):
    data = json.loads(json.dumps(PLAN))
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(UnusableProblem):
        read_expansion(json.dumps(data))
