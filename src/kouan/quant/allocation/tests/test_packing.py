"""Packings equal those of brute force."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from kouan.quant import linear
from kouan.quant.allocation import packing
from kouan.quant.allocation.checker import check_packing
from kouan.quant.allocation.readers import guess_format, read_packing
from kouan.quant.allocation.types import Packing
from kouan.quant.reading import UnusableProblem
from kouan.quant.solving import Stop

BENCH = Path(__file__).parents[6] / "shared" / "bench" / "allocation"
SHORT = packing.Params(moves=200)


def small(seed: int) -> Packing:
    """Twelve items, ten rows."""
    draw = np.random.default_rng(seed)
    rows = tuple(np.sort(draw.choice(12, draw.integers(1, 5), replace=False)) for _ in range(10))
    return Packing(draw.integers(1, 20, 12).astype(float), rows)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("moves", [0, 200])
def test_it_equals_brute_force(seed, moves):
    problem = small(seed)
    truth = 0.0
    for inside in itertools.product((False, True), repeat=12):
        chosen = np.flatnonzero(inside)
        if all(np.isin(row, chosen).sum() <= 1 for row in problem.rows):
            truth = max(truth, float(problem.value[chosen].sum()))
    result = packing.solve(problem, Stop(600), seed, packing.Params(moves=moves))
    value, faults = check_packing(problem, result.found())
    assert not faults and result.status == "optimal" and value == truth == result.objective == result.bound


def test_cliques_and_rows_have_the_same_best():
    for seed in range(5):
        problem = small(seed)
        by_rows = linear.solve(packing.row_model(problem), Stop(600))
        by_cliques = linear.solve(packing.clique_model(problem, packing.conflicts_of(problem)), Stop(600))
        assert by_rows.objective == pytest.approx(by_cliques.objective)


def test_the_checker_rejects_conflicts():
    problem = Packing(np.array([1.0, 2.0]), (np.array([0, 1]),))
    assert check_packing(problem, np.array([0, 1]))[1]
    assert check_packing(problem, np.array([0, 0]))[1]
    assert check_packing(problem, np.array([7]))[1]


def test_a_stop_at_once_still_gives_an_honest_bound():
    result = packing.solve(small(1), Stop(0.0), 0, SHORT)
    assert result.bound is not None and result.objective is not None and result.bound >= result.objective
    assert result.status == "optimal" or result.bound > result.objective


@pytest.mark.parametrize(
    "text", ["2 3\n1 2 3\n2\n1", "2 3\n1 2 3\n2\n1 4\n1\n1", "2 3\n1 2 3\n2\n1 1\n1\n1", "1 2\n1 -1\n1\n1"]
)
def test_a_broken_file_is_refused(text):
    """Breaks off, an item that does not exist, one that stands twice, a negative value."""
    with pytest.raises(UnusableProblem):
        read_packing(text)


@pytest.mark.skipif(not BENCH.exists(), reason="no benchmark files beside the project")
def test_a_published_optimum_is_proved():
    text = (BENCH / "pb_100rnd0100.dat").read_text()
    assert guess_format(text) == "packing"
    result = packing.solve(read_packing(text), Stop(600), 0, SHORT)
    assert result.status == "optimal" and result.objective == 372
