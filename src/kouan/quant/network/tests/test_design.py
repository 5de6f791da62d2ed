"""Lines are opened as well as by trying every set of arcs."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from kouan.quant.network import design
from kouan.quant.network.checker import check_lines
from kouan.quant.network.explaining import explain_lines
from kouan.quant.network.readers import read_canad
from kouan.quant.network.types import Design, Lines
from kouan.quant.reading import UnusableProblem
from kouan.quant.solving import Stop

BENCH = Path(__file__).parents[6] / "shared" / "bench" / "network"
TEXT = "TITLE\n 3 3 1\n 1 2 1 10 5 1 1\n 2 3 1 10 5 1 2\n 1 3 5 10 1 1 3\n 1 3 4\n"


def small(seed: int, capacity: float = 12.0) -> Design:
    """Four nodes, nine arcs, three flows."""
    draw = np.random.default_rng(seed)
    pairs = list(itertools.permutations(range(4), 2))
    arcs = np.array([pairs[k] for k in draw.choice(len(pairs), 9, replace=False)])
    ends = np.array([pairs[k] for k in draw.choice(len(pairs), 3, replace=False)])
    return Design(
        4,
        arcs[:, 0],
        arcs[:, 1],
        draw.integers(1, 9, 9).astype(float),
        np.full(9, capacity),
        draw.integers(5, 60, 9).astype(float),
        ends[:, 0],
        ends[:, 1],
        draw.integers(2, 8, 3).astype(float),
    )


def by_trying_every_set(problem: Design) -> float:
    """The least cost over all sets of arcs, each routed by scipy."""
    from scipy.optimize import linprog

    arcs, flows, best = len(problem.tail), len(problem.amount), np.inf
    balance = np.zeros((problem.nodes, arcs))
    balance[problem.head, np.arange(arcs)] += 1
    balance[problem.tail, np.arange(arcs)] -= 1
    need = np.zeros((flows, problem.nodes))
    need[np.arange(flows), problem.destination] += problem.amount
    need[np.arange(flows), problem.origin] -= problem.amount
    for opened in itertools.product((0.0, 1.0), repeat=arcs):
        fixed = float(np.dot(opened, problem.fixed))
        if fixed >= best:
            continue
        answer = linprog(
            np.tile(problem.unit_cost, flows),
            np.tile(np.eye(arcs), flows),
            problem.capacity * opened,
            np.kron(np.eye(flows), balance),
            need.ravel(),
        )
        if answer.status == 0:
            best = min(best, fixed + answer.fun)
    return best


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("whole_up_to", [0, 1000])
def test_it_finds_the_best_set_of_arcs(seed, whole_up_to):
    problem = small(seed)
    truth = by_trying_every_set(problem) if whole_up_to else None
    result = design.solve(problem, Stop(600), 0, design.Params(whole_up_to=whole_up_to))
    again = design.solve(problem, Stop(600))
    assert (
        result.status == again.status and result.objective == pytest.approx(again.objective)
        if result.objective
        else not again.objective
    )
    if result.status == "infeasible":
        assert truth is None or not np.isfinite(truth)
        assert result.reasons
        return
    value, faults = check_lines(problem, result.found())
    assert not faults and result.status == "optimal" and result.objective == pytest.approx(value)
    assert truth is None or value == pytest.approx(truth)


def test_flows_that_do_not_fit_together_are_named():
    problem = read_canad("T\n2 1 3\n1 2 1 10 5 1 1\n1 2 6\n1 2 3\n1 2 5\n")
    result = design.solve(problem, Stop(600))
    assert result.status == "infeasible"
    zh, en = result.reasons[0]
    assert "1 (1 to 2, 6)" in en and "3 (1 to 2, 5)" in en and "2 (1 to 2, 3)" not in en and "流" in zh


def test_the_checker_rejects_wrong_plans():
    problem = read_canad(TEXT)
    plan = design.solve(problem, Stop(600)).found()
    assert not check_lines(problem, plan)[1]
    assert check_lines(problem, Lines(plan.open[:0], plan.flow))[1]
    assert check_lines(problem, Lines(plan.open, plan.flow * 0.5))[1]


def test_a_unit_of_a_full_line_is_worth_the_detour_it_saves():
    problem = read_canad("T\n3 3 1\n1 2 1 10 0 1 1\n2 3 1 10 0 1 2\n1 3 1 3 0 1 3\n1 3 5\n")
    told = explain_lines(problem, design.solve(problem, Stop(600)).found())
    full = next(arc for arc in told["arcs"] if arc["from"] == 1 and arc["to"] == 3)
    assert full["binding"] and full["worth_of_one_more_unit"] == pytest.approx(1.0)
    assert told["flows"][0]["cost_of_one_more_unit"] == pytest.approx(2.0)


@pytest.mark.parametrize(
    "text",
    [
        "T\n3 3 1\n1 2 1 10 5 1 1\n",  # breaks off
        "T\n3 1 1\n1 4 1 10 5 1 1\n1 3 4",  # a node that does not exist
        "T\n3 1 1\n1 2 -1 10 5 1 1\n1 3 4",  # a negative cost
        "T\n3 1 1\n1 2 1 10 5 1 1\n2 2 4",  # a flow that goes nowhere
        "T\n3 1 1\n1 2 1 nan 5 1 1\n1 2 4",  # not a number
    ],
)
def test_a_broken_file_is_refused_with_its_line(text):
    with pytest.raises(UnusableProblem) as fault:
        read_canad(text)
    assert "line" in fault.value.en and "行" in fault.value.zh


@pytest.mark.skipif(not BENCH.exists(), reason="no benchmark files beside the project")
def test_a_published_optimum_is_proved():
    result = design.solve(read_canad((BENCH / "c33.dow").read_text()), Stop(600))
    assert result.status == "optimal" and result.objective == pytest.approx(423848)
