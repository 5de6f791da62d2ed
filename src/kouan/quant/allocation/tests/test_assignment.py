"""Assignments equal those of brute force, and bounds never pass the truth."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from kouan.quant import linear
from kouan.quant.allocation import assignment
from kouan.quant.allocation.checker import check_assignment
from kouan.quant.allocation.readers import guess_format, read_assignment
from kouan.quant.allocation.types import Assignment
from kouan.quant.reading import UnusableProblem
from kouan.quant.solving import Stop

BENCH = Path(__file__).parents[6] / "shared" / "bench" / "allocation"


def small(
    seed: int, *, agents: int = 3, jobs: int = 7, maximise: bool = False, tightness: float = 0.9, scale: float = 1.0
) -> Assignment:
    """A random problem, costs falling with use as in the hard family."""
    draw = np.random.default_rng(seed)
    use = draw.integers(1, 20, (agents, jobs)).astype(float)
    cost = (25 - use + draw.integers(-4, 5, (agents, jobs))) * scale
    return Assignment(cost, use, np.floor(tightness * use.sum(axis=1) / agents), maximise)


def by_trying_all(problem: Assignment) -> float | None:
    """The best value over all assignments, ``None`` without any."""
    agents, jobs = problem.cost.shape
    values = []
    for plan in itertools.product(range(agents), repeat=jobs):
        index = np.array(plan)
        load = np.bincount(index, problem.use[index, np.arange(jobs)], agents)
        if (load <= problem.capacity).all():
            values.append(problem.cost[index, np.arange(jobs)].sum())
    return None if not values else float(max(values) if problem.maximise else min(values))


@pytest.mark.parametrize("seed", range(15))
@pytest.mark.parametrize("kind", [{}, {"maximise": True}, {"tightness": 0.7}, {"scale": 0.37}])
def test_it_equals_brute_force(seed, kind):
    problem = small(seed, **kind)
    truth = by_trying_all(problem)
    result = assignment.solve(problem, Stop(600), seed)
    if truth is None:
        assert result.status == "infeasible" and result.reasons
        return
    value, faults = check_assignment(problem, result.found())
    assert result.status == "optimal" and not faults
    assert value == pytest.approx(truth) and result.bound == pytest.approx(truth)


@pytest.mark.parametrize("seed", range(3))
def test_it_agrees_with_highs_on_larger_ones(seed):
    problem = small(seed, agents=5, jobs=30)
    answer = linear.solve(assignment.whole_model(problem), Stop(600))
    result = assignment.solve(problem, Stop(600))
    assert result.status == "optimal" and result.objective == pytest.approx(answer.objective)


@pytest.mark.parametrize("steps", [0, 1, 5, 40])
def test_a_search_cut_short_gives_bounds_that_hold(steps):
    problem = small(1, agents=5, jobs=30)
    best = assignment.solve(problem, Stop(600)).objective or 0.0
    asked = itertools.count()
    result = assignment.solve(problem, Stop(60, cancelled=lambda: next(asked) >= steps))
    assert result.bound is None or result.bound <= best
    assert result.objective is None or result.objective >= best
    assert result.status != "optimal" or result.objective == best


def test_the_same_seed_gives_the_same_plan():
    problem = small(2, agents=6, jobs=40)
    one, two = (assignment.solve(problem, Stop(600), 5) for _ in range(2))
    assert one.objective == two.objective and (one.solution == two.solution).all()


def test_the_checker_rejects_wrong_plans():
    problem = small(0)
    assert check_assignment(problem, np.zeros(7, int))[1]
    assert check_assignment(problem, np.zeros(6, int))[1]
    assert check_assignment(problem, np.full(7, 9))[1]


def test_a_job_that_fits_nowhere_is_named():
    problem = Assignment(np.ones((2, 2)), np.array([[9.0, 1.0], [9.0, 1.0]]), np.array([5.0, 5.0]))
    result = assignment.solve(problem, Stop(600))
    assert result.status == "infeasible" and "任务 1" in result.reasons[0][0]


def test_files_with_one_or_several_instances():
    one = "2 3\n1 2 3\n4 5 6\n1 1 1\n2 2 2\n3 4\n"
    assert guess_format(one) == "assignment" and read_assignment(one).cost.shape == (2, 3)
    several = "2\n" + one + one.replace("3 4", "5 6")
    assert guess_format(several) == "assignment"
    assert read_assignment(several, number=2).capacity.tolist() == [5, 6]
    with pytest.raises(UnusableProblem):
        read_assignment(several)
    with pytest.raises(UnusableProblem):
        read_assignment(several, number=3)


@pytest.mark.parametrize(
    "text",
    [
        "2 3\n1 2 3\n4 5",
        "2 3\n1 2 3\n4 5 6\n1 1 1\n2 -2 2\n3 4\n",
        "2 3\n1 2 3\n4 5 nan\n1 1 1\n2 2 2\n3 4\n",
        "2 3\n1 2 3\n4 5 6\n1 1 1\n2 2 2\n3 4 7\n",
    ],
)
def test_a_broken_file_is_refused_with_its_line(text):
    with pytest.raises(UnusableProblem) as fault:
        read_assignment(text)
    assert "line" in fault.value.en


@pytest.mark.skipif(not BENCH.exists(), reason="no benchmark files beside the project")
def test_a_published_optimum_is_proved():
    result = assignment.solve(read_assignment((BENCH / "c10100").read_text()), Stop(600))
    assert result.status == "optimal" and result.objective == 1402
