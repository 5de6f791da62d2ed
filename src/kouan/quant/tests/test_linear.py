"""HiGHS models give bounds that hold, and share a process with ortools in both orders of import."""

import subprocess
import sys

import numpy as np
import pytest

from kouan.quant import linear
from kouan.quant.solving import Stop


def knapsack() -> linear.Model:
    """A knapsack of four things whose relaxation is not whole: best -9, relaxed -9.5."""
    model = linear.Model()
    taken = model.add_columns(np.array([-5.0, -4.0, -3.0, -1.0]), 0, 1, whole=True)
    model.add_rows(0, taken, np.array([4.0, 3.0, 2.0, 2.0]), -np.inf, 7.5, 1)
    return model


def test_it_works():
    answer = linear.solve(knapsack(), Stop(600))
    assert answer.outcome == "optimal" and answer.objective == -9 and answer.bound == pytest.approx(-9)


def test_the_bound_of_a_relaxation_comes_from_its_duals():
    answer = linear.solve(knapsack(), Stop(600), relax=True)
    assert answer.objective is not None and answer.objective < -9
    assert answer.bound == pytest.approx(answer.objective)


def test_any_duals_give_a_bound_that_holds():
    parts = knapsack().arrays()
    draw = np.random.default_rng(0)
    for _ in range(50):
        bound = linear.dual_bound(parts, parts["lower"], parts["upper"], draw.normal(0, 3, 1))
        assert bound is None or bound <= -9 + 1e-9


def test_contradicting_rows_are_infeasible():
    model = linear.Model()
    x = model.add_columns(np.array([1.0]), 0, 1, whole=True)
    model.add_rows(0, x, 1.0, 2.0, np.inf, 1)
    assert linear.solve(model, Stop(600)).outcome == "infeasible"


def test_a_cancelled_rule_ends_the_search_without_a_false_proof():
    draw = np.random.default_rng(1)
    model = linear.Model()
    taken = model.add_columns(-draw.integers(50, 100, 60).astype(float), 0, 1, whole=True)
    for _ in range(30):
        model.add_rows(0, taken, draw.integers(50, 100, 60).astype(float), -np.inf, 1500.0, 1)
    answer = linear.solve(model, Stop(60, cancelled=lambda: True))
    assert answer.outcome != "optimal" or answer.objective == pytest.approx(answer.bound)


@pytest.mark.parametrize(
    "order",
    [
        "import highspy; from ortools.sat.python import cp_model",
        "from ortools.sat.python import cp_model; import highspy",
    ],
)
def test_highspy_and_ortools_share_a_process(order):
    solving = (
        "h = highspy.Highs(); h.silent(); m = cp_model.CpModel(); m.new_bool_var('x'); "
        "assert cp_model.CpSolver().solve(m) == cp_model.OPTIMAL"
    )
    done = subprocess.run([sys.executable, "-c", f"{order}; {solving}"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
