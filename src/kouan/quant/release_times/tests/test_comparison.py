"""Effects of a measure: against scipy's Welch test, under a changed mix, and coverage of the interval."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from scipy import stats

from kouan.quant.release_times.comparison import compare_same_periods, measure_effect
from kouan.quant.release_times.log import NotAsked

RNG = np.random.default_rng(3)


def test_one_stratum_is_welchs_test():
    before, after = RNG.gamma(2, 50, 40), RNG.gamma(2, 40, 55)
    effect = measure_effect(before, after)
    oracle = stats.ttest_ind(after, before, equal_var=False)
    bounds = oracle.confidence_interval(0.95)
    assert effect.p_value == pytest.approx(oracle.pvalue)
    assert (effect.difference.low, effect.difference.high) == pytest.approx((bounds.low, bounds.high))
    assert effect.plain == effect.difference


def test_a_change_of_mix_alone_is_no_effect():
    """More inspected cases after the measure: the plain mean rises by hours, within strata nothing has changed."""
    quick, slow = RNG.normal(100, 5, (2, 500)), RNG.normal(1000, 5, (2, 500))
    before = np.concatenate((quick[0], slow[0][:50]))
    after = np.concatenate((quick[1][:50], slow[1]))
    effect = measure_effect(before, after, np.repeat(["g", "r"], [500, 50]), np.repeat(["g", "r"], [50, 500]))
    assert effect.plain.low > 600
    assert abs(effect.difference.value) < 3
    assert [stratum.weight for stratum in effect.strata] == pytest.approx([50 / 550, 500 / 550])


def test_interval_of_the_stratified_effect_covers_the_truth():
    hits = relative = 0
    for _ in range(400):
        before = np.concatenate((RNG.exponential(10, 30), RNG.exponential(100, 30)))
        after = np.concatenate((RNG.exponential(8, 60), RNG.exponential(80, 30)))
        effect = measure_effect(before, after, np.repeat([0, 1], [30, 30]), np.repeat([0, 1], [60, 30]))
        hits += effect.difference.low <= -(2 * 2 + 20) / 3 <= effect.difference.high
        relative += effect.relative.low <= -0.2 <= effect.relative.high
    assert hits >= stats.binom.ppf(0.001, 400, 0.93)
    assert relative >= stats.binom.ppf(0.001, 400, 0.92)


def test_strata_without_a_counterpart_are_named_and_not_counted():
    effect = measure_effect(
        np.array([1.0, 2, 3]), np.array([1.0, 2, 9]), np.array(["a", "a", "b"]), np.array(["a", "a", "b"])
    )
    assert effect.left_out == ("b",)
    assert effect.covered == pytest.approx(2 / 3)
    assert effect.difference.value == 0
    with pytest.raises(NotAsked, match="no stratum"):
        measure_effect(np.array([1.0]), np.array([1.0, 2]))


def test_months_are_compared_with_the_same_months_by_local_time():
    def at(*moment: int) -> int:
        return round(datetime(*moment, tzinfo=UTC).timestamp() * 1e6)  # type: ignore[arg-type]

    began = np.array(
        [at(2017, 1, 5), at(2017, 1, 6), at(2017, 1, 31, 17), at(2024, 1, 3), at(2024, 1, 4), at(2024, 12, 31, 15)]
    )
    changes = compare_same_periods(np.array([10.0, 12, 99, 5, 7, 1]), began, base_year=2017, year=2024)
    assert [(c.month, c.count_base, c.count_now) for c in changes] == [(1, 2, 2), (2, 1, 0), (12, 0, 1)]
    assert changes[0].effect is not None
    assert changes[0].effect.difference.value == -5
    assert changes[1].effect is None
    with pytest.raises(NotAsked):
        compare_same_periods(np.array([1.0]), began[:1], base_year=2017, year=2017)
