"""Sites are placed as well as by trying every set, and no bound ever lies above the truth."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from kouan.quant import linear
from kouan.quant.network import location
from kouan.quant.network.checker import check_sites
from kouan.quant.network.explaining import explain_sites
from kouan.quant.network.readers import read_capacitated, read_median
from kouan.quant.network.serving import serve, whole_model
from kouan.quant.network.types import Location, Sites
from kouan.quant.reading import UnusableProblem
from kouan.quant.solving import Stop

BENCH = Path(__file__).parents[6] / "shared" / "bench" / "location"


def small(seed: int, *, capacitated: bool = True, single_source: bool = False, exactly: int | None = None) -> Location:
    """A random problem of six sites and eight customers."""
    draw = np.random.default_rng(seed)
    demand = draw.integers(1, 10, 8).astype(float)
    capacity = draw.integers(12, 30, 6).astype(float) if capacitated else np.full(6, np.inf)
    places, sites = draw.random((8, 2)), draw.random((6, 2))
    cost = 100 * np.linalg.norm(sites[:, None] - places[None], axis=2) * demand
    return Location(
        draw.integers(50, 200, 6).astype(float), capacity, demand, np.round(cost, 3), single_source, exactly
    )


def by_trying_every_set(problem: Location) -> float:
    """The least cost over all sets of sites; the customers of one-site problems by trying every assignment."""
    best = np.inf
    sites, customers = problem.cost.shape
    for size in range(1, sites + 1):
        if problem.exactly not in (None, size):
            continue
        for chosen in itertools.combinations(range(sites), size):
            index = np.array(chosen)
            if problem.capacity[index].sum() < problem.demand.sum():
                continue
            if problem.single_source:
                served = _assign_all(problem, chosen)
            else:
                from scipy.optimize import linprog

                limit = np.minimum(problem.capacity[index], 1e6)
                answer = linprog(
                    problem.cost[index].ravel(),
                    np.kron(np.eye(size), problem.demand),
                    limit,
                    np.kron(np.ones(size), np.eye(customers)),
                    np.ones(customers),
                )
                served = answer.fun if answer.status == 0 else np.inf
            best = min(best, float(problem.fixed[index].sum()) + served)
    return best


def _assign_all(problem: Location, chosen: tuple[int, ...]) -> float:
    best = {tuple([0.0] * len(chosen)): 0.0}
    for customer in range(len(problem.demand)):
        following: dict[tuple[float, ...], float] = {}
        for loads, cost in best.items():
            for place, site in enumerate(chosen):
                load = list(loads)
                load[place] += problem.demand[customer]
                if load[place] <= problem.capacity[site]:
                    key, total = tuple(load), cost + problem.cost[site, customer]
                    if total < following.get(key, np.inf):
                        following[key] = total
        best = following
    return min(best.values(), default=np.inf)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "kind", [{}, {"capacitated": False}, {"single_source": True}, {"capacitated": False, "exactly": 3}, {"exactly": 4}]
)
def test_it_finds_the_best_set(seed, kind):
    problem = small(seed, **kind)
    truth = by_trying_every_set(problem)
    result = location.solve(problem, Stop(600), seed)
    if not np.isfinite(truth):
        assert result.status == "infeasible" and result.reasons
        return
    value, faults = check_sites(problem, result.found())
    assert not faults and result.status == "optimal"
    assert value == pytest.approx(truth) and result.objective == pytest.approx(value)
    assert result.bound is not None and result.bound <= truth + 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_it_agrees_with_the_whole_model_of_highs(seed):
    draw = np.random.default_rng(seed)
    demand = draw.integers(5, 35, 40).astype(float)
    sites, places = draw.random((15, 2)), draw.random((40, 2))
    problem = Location(
        draw.integers(300, 900, 15).astype(float),
        draw.integers(100, 160, 15).astype(float),
        demand,
        10 * np.linalg.norm(sites[:, None] - places[None], axis=2) * demand,
    )
    answer = linear.solve(whole_model(problem)[0], Stop(600))
    result = location.solve(problem, Stop(600))
    assert result.status == "optimal" and result.objective == pytest.approx(answer.objective, rel=1e-7)


def test_a_stop_at_once_never_says_optimal_wrongly():
    problem = small(3)
    result = location.solve(problem, Stop(0.0))
    truth = by_trying_every_set(problem)
    assert result.bound is None or result.bound <= truth + 1e-6
    assert result.status != "optimal" or result.objective == pytest.approx(truth)


def test_too_little_capacity_is_said_with_both_figures():
    problem = small(0)
    poor = Location(problem.fixed, problem.capacity / 100, problem.demand, problem.cost)
    result = location.solve(poor, Stop(600))
    assert result.status == "infeasible" and "总需求" in result.reasons[0][0] and "total demand" in result.reasons[0][1]


def test_the_checker_rejects_wrong_plans():
    problem = small(1)
    plan = location.solve(problem, Stop(600)).found()
    assert plan is not None
    assert check_sites(problem, Sites(plan.open[:-1], plan.served_by, plan.customer, plan.share))[1]
    assert check_sites(problem, Sites(plan.open, plan.served_by, plan.customer, plan.share * 0.9))[1]
    everyone = np.arange(8)
    one = Sites(np.array([0]), np.zeros(8, int), everyone, np.ones(8))
    assert check_sites(problem, one)[1]


def test_shadow_prices_are_what_a_unit_of_room_saves():
    problem = small(4)
    plan = location.solve(problem, Stop(600)).found()
    told = explain_sites(problem, plan)
    now, _, _ = serve(problem, plan.open, Stop(600))
    for place, site in enumerate(plan.open):
        roomier = problem.capacity.copy()
        roomier[site] += 1e-3
        more, _, _ = serve(Location(problem.fixed, roomier, problem.demand, problem.cost), plan.open, Stop(600))
        assert told["open_sites"][place]["worth_of_one_more_unit"] * 1e-3 == pytest.approx(now - more, abs=1e-6)
    assert all(
        site["change_if_opened_too"] >= -1e-6
        for site in told["closed_sites"]
        if site["change_if_opened_too"] is not None
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("2 1\n10 5\n10 5\n3\n1", "line 5"),  # a cost is missing
        ("2 1\n10 5\n10 -5\n3\n1 1", "line 3"),  # a negative fixed cost
        ("2 1\ncapacity 5\n10 5\n3\n1 1", "--capacity"),  # capacity left open
        ("2 1\n10 5\n10 5\n3\n1 nan", "line 5"),  # not a number
        ("2 1\n10 5\n10 5\n3\n1 1 1", "line 5"),  # too much
        ("0 1\n", "line 1"),  # no site
        ("", "breaks off"),  # nothing at all
    ],
)
def test_a_broken_cap_file_is_named_with_line_and_reason(text, part):
    with pytest.raises(UnusableProblem) as fault:
        read_capacitated(text)
    assert part in fault.value.en


@pytest.mark.parametrize("text", ["3 1 1\n1 2 4", "3 2 4\n1 2 4\n2 3 1", "3 2 1\n1 2 4\n2 9 1", "2 1 1\n1 2 -3"])
def test_a_broken_median_file_is_refused(text):
    """Apart, more medians than nodes, an end that does not exist, a negative length."""
    with pytest.raises(UnusableProblem):
        read_median(text)


@pytest.mark.skipif(not BENCH.exists(), reason="no benchmark files beside the project")
def test_published_optima_are_proved():
    for name, truth in (("cap131.txt", 793439.562), ("pmed1.txt", 5819)):
        text = (BENCH / name).read_text()
        result = location.solve(read_median(text) if name.startswith("pmed") else read_capacitated(text), Stop(600))
        assert result.status == "optimal" and result.objective == pytest.approx(truth, abs=1e-3)
