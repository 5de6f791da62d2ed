"""Figures and intervals against numpy, against exact binomials and against the share of samples they should cover."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from scipy import stats

from kouan.quant.release_times.durations import OutlierRule, share_within, summarise, summarise_strata
from kouan.quant.release_times.intake import Layout, log_from_frame
from kouan.quant.release_times.log import NotAsked


def test_figures_are_those_of_numpy():
    seconds = np.random.default_rng(1).lognormal(8, 1.5, 1001)
    figures = summarise(seconds, target=5000)
    assert figures.mean.value == pytest.approx(seconds.mean())
    assert [figures.median.value, figures.p90.value, figures.p95.value] == pytest.approx(
        np.quantile(seconds, [0.5, 0.9, 0.95]).tolist()
    )
    assert figures.within is not None
    assert figures.within.value == (seconds <= 5000).mean()
    low, high = stats.t.interval(0.95, 1000, seconds.mean(), seconds.std(ddof=1) / math.sqrt(1001))
    assert (figures.mean.low, figures.mean.high) == pytest.approx((low, high))


@pytest.mark.parametrize("count", [6, 17, 40, 100])
@pytest.mark.parametrize("name", ["median", "p90"])
def test_interval_of_a_percentile_holds_it_at_least_as_often_as_stated(count, name):
    """The exact coverage of a pair of order statistics is a binomial sum; uniform numbers show which pair was taken."""
    share = {"median": 0.5, "p90": 0.9}[name]
    figures = summarise(np.arange(count, dtype=float))
    estimate = getattr(figures, name)
    low = -1 if math.isnan(estimate.low) else round(estimate.low)
    high = count if math.isnan(estimate.high) else round(estimate.high)
    hits = stats.binom.cdf(high, count, share) - stats.binom.cdf(low, count, share)
    missed_low, missed_high = stats.binom.cdf(low, count, share), stats.binom.sf(high, count, share)
    assert missed_low <= 0.025 or low == -1
    assert missed_high <= 0.025 or high == count
    assert hits >= 0.94


@pytest.mark.parametrize(("hits", "count"), [(0, 12), (12, 12), (5, 9), (300, 1000)])
def test_share_has_wilsons_interval(hits, count):
    expected = stats.binomtest(hits, count).proportion_ci(method="wilson")
    estimate = share_within(hits, count)
    assert (estimate.low, estimate.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_one_case_has_figures_without_intervals():
    figures = summarise(np.array([7.0]))
    assert (figures.mean.value, figures.median.value) == (7.0, 7.0)
    assert all(math.isnan(bound) for bound in (figures.mean.low, figures.median.low, figures.median.high))


@pytest.mark.parametrize(
    ("seconds", "options"),
    [
        ([], {}),
        ([1.0, math.nan], {}),
        ([1.0], {"level": 1.0}),
        ([1.0], {"target": -1.0}),
        ([1.0], {"target": math.nan}),
    ],
)
def test_questions_without_an_answer_are_refused(seconds, options):
    with pytest.raises(NotAsked):
        summarise(np.array(seconds), **options)


def test_outliers_go_by_the_stated_rule_and_are_told():
    seconds = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 1000])
    kept, remark = OutlierRule("tukey", 1.5).keep(seconds)
    assert kept.tolist() == [True] * 9 + [False]
    assert remark is not None
    assert remark.count == 1
    assert OutlierRule("ceiling", 5).keep(seconds)[0].sum() == 5
    assert OutlierRule().keep(seconds)[1] is None
    with pytest.raises(NotAsked):
        OutlierRule("tukey", -1)


def test_strata_stand_apart_and_cases_without_label_too():
    frame = pl.DataFrame(
        {
            "case": list("aabbccc"),
            "activity": list("xyxyxyz"),
            "time": [0, 1, 0, 3, 0, 5, 9],
            "channel": ["g", None, "r", "r", None, None, None],
        }
    )
    log = log_from_frame(frame, Layout(attributes=("channel",)))
    figures = summarise_strata(log, log.case_seconds(), "channel")
    assert {name: part.mean.value for name, part in figures.items()} == {"": 9.0, "g": 1.0, "r": 3.0}
    with pytest.raises(NotAsked, match="without the attribute"):
        summarise_strata(log, log.case_seconds(), "port")
