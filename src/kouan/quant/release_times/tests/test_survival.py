"""The Kaplan-Meier curve against scipy's, against the plain empirical share, and its intervals against the truth."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from scipy import stats

from kouan.quant.release_times.log import NotAsked
from kouan.quant.release_times.survival import follow

RNG = np.random.default_rng(5)


def sample(cases: int) -> tuple[np.ndarray, np.ndarray]:
    times, limits = RNG.exponential(10, cases).round(1), RNG.exponential(20, cases).round(1)
    return np.minimum(times, limits), times <= limits


def test_curve_and_interval_are_those_of_scipy():
    seconds, released = sample(200)
    curve = follow(seconds, released)
    oracle = stats.ecdf(stats.CensoredData.right_censored(seconds, ~released)).sf
    at = oracle.quantiles[np.isin(oracle.quantiles, curve.seconds)]
    assert curve.seconds.tolist() == at.tolist()
    assert curve.open_share == pytest.approx(oracle.evaluate(curve.seconds))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy says that it has no bound where the curve is 1 or 0
        bounds = oracle.confidence_interval(0.95, method="log-log")
    inner = (curve.open_share > 0) & (curve.open_share < 1)
    assert curve.low[inner] == pytest.approx(bounds.low.evaluate(curve.seconds)[inner])
    assert curve.high[inner] == pytest.approx(bounds.high.evaluate(curve.seconds)[inner])


def test_without_unfinished_cases_it_is_the_plain_share_and_the_plain_mean():
    seconds = RNG.exponential(10, 101)
    curve = follow(seconds, np.ones(101, bool))
    assert curve.open_share == pytest.approx([(seconds > t).mean() for t in np.sort(seconds)], abs=1e-12)
    assert curve.restricted_mean(curve.longest).value == pytest.approx(seconds.mean())
    assert curve.quantile(0.5).value == pytest.approx(np.median(seconds))


def test_the_textbook_example_of_freireich_comes_out():
    """The 6-MP arm of Freireich 1963 (21 patients): S(6)=0.857, S(10)=0.753, S(23)=0.448, Greenwood 0.0764 at 6."""
    seconds = np.array([6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35], float)
    curve = follow(seconds, np.arange(21) < 9)
    shares = dict(zip(curve.seconds.tolist(), curve.open_share.tolist(), strict=True))
    assert [round(shares[t], 3) for t in (6, 7, 10, 13, 16, 22, 23)] == [0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448]
    assert curve.error[0] == pytest.approx(0.0764, abs=5e-5)
    assert curve.quantile(0.5).value == 23


@pytest.mark.parametrize("what", ["median", "restricted mean"])
def test_intervals_cover_the_truth_about_as_often_as_stated(what):
    truth = 10 * math.log(2) if what == "median" else 10 * (1 - math.exp(-1))
    hits = 0
    for _ in range(400):
        seconds, released = sample(80)
        curve = follow(seconds, released)
        estimate = curve.quantile(0.5) if what == "median" else curve.restricted_mean(10.0)
        hits += estimate.low <= truth <= (math.inf if math.isnan(estimate.high) else estimate.high)
    assert hits >= stats.binom.ppf(0.0005, 400, 0.94)


def test_leaving_unfinished_cases_out_would_look_faster():
    seconds, released = sample(2000)
    assert follow(seconds, released).quantile(0.5).value > np.median(seconds[released])


@pytest.mark.parametrize(
    ("seconds", "released"), [([], []), ([-1.0], [True]), ([math.nan], [True]), ([1.0, 2.0], [True])]
)
def test_impossible_times_are_refused(seconds, released):
    with pytest.raises(NotAsked):
        follow(np.array(seconds), np.array(released, bool))


def test_a_horizon_beyond_the_watch_is_refused():
    curve = follow(np.array([1.0, 2.0]), np.array([True, False]))
    with pytest.raises(NotAsked, match="longest time watched"):
        curve.restricted_mean(2.5)
    assert math.isnan(curve.quantile(0.9).value)
