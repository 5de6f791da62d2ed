"""Draws against scipy's quantiles and moments; arrivals against their rates; common random numbers."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy import stats

from kouan.quant.simulation.arrivals import make_cases, model_span
from kouan.quant.simulation.distributions import Distribution, NotADistribution, Table, lognormal, weibull
from kouan.quant.simulation.draws import mix, normal_quantile, sample, uniform
from kouan.quant.simulation.model import CaseClass, ImpossibleModel, Model, Source, Step

HOUR = 3_600_000_000


def draw_many(distribution: Distribution, count: int = 20_000) -> np.ndarray:
    table = Table()
    row = table.add(distribution)
    arrays = table.arrays()
    return np.array([sample(*arrays, row, np.uint64(mix(7, number))) for number in range(count)])


def test_the_normal_quantile_is_scipys_to_the_last_digits():
    shares = np.concatenate((10.0 ** np.arange(-15, -1), np.linspace(0.01, 0.99, 99), 1 - 10.0 ** np.arange(-15, -1)))
    assert [normal_quantile(share) for share in shares] == pytest.approx(
        stats.norm.ppf(shares).tolist(), rel=1e-13, abs=1e-15
    )


@pytest.mark.parametrize(
    ("made", "family"),
    [
        (Distribution("uniform", 2, 5), stats.uniform(2, 3)),
        (Distribution("exponential", 3), stats.expon(scale=3)),
        (Distribution("triangular", 1, 2, 6), stats.triang(0.2, 1, 5)),
        (lognormal(3, 0.7), stats.lognorm(math.sqrt(math.log1p(0.49)), scale=3 / math.sqrt(1.49))),
        (weibull(3, 0.7), stats.weibull_min(0.7, scale=3 / math.gamma(1 + 1 / 0.7))),
        (Distribution("erlang", 3, 4), stats.erlang(4, scale=0.75)),
        (
            Distribution("empirical", values=(1.0, 2.0, 4.0)),
            stats.rv_histogram((np.array([1.0, 1.0]), np.array([1.0, 2.0, 4.0])), density=False),
        ),
    ],
)
def test_draws_follow_the_distribution_and_its_mean(made, family):
    drawn = draw_many(made)
    assert stats.kstest(drawn, family.cdf).pvalue > 1e-4
    assert made.mean == pytest.approx(family.mean(), rel=1e-9)
    assert made.scaled(2.5).mean == pytest.approx(2.5 * made.mean)


def test_neighbouring_keys_are_independent():
    shares = np.array(
        [[uniform(np.uint64(mix(np.uint64(mix(1, case)), step))) for step in range(4)] for case in range(5000)]
    )
    assert stats.kstest(shares.ravel(), "uniform").pvalue > 1e-4
    apart = np.corrcoef(shares.T) - np.eye(4)
    assert np.abs(apart).max() < 0.06
    assert abs(np.corrcoef(shares[:-1, 0], shares[1:, 0])[0, 1]) < 0.06


@pytest.mark.parametrize(
    "words",
    [
        ("constant", -1.0),
        ("uniform", 3, 2),
        ("exponential", math.nan),
        ("triangular", 1, 0, 2),
        ("lognormal", 0, -1),
        ("weibull", 1, 0),
        ("erlang", 1, 1.5),
        ("empirical",),
        ("gauss", 1),
        ("exponential", math.inf),
    ],
)
def test_impossible_parameters_are_refused(words):
    with pytest.raises(NotADistribution):
        Distribution(*words)


def model(source: Source, days: float = 70) -> Model:
    classes = (CaseClass("a", channels={"green": 3, "red": 1}), CaseClass("b"))
    step = Step("wait", "before" if source.ahead else "on_site", Distribution("constant", 60))
    return Model(classes, (source,), (step,), (), days=days, warm_up=0, cool_down=0, starts=date(2024, 1, 1))


def test_a_rate_has_its_profile_over_hours_and_weekdays():
    by_hour = (0.0,) * 8 + (3.0,) * 4 + (1.0,) * 12
    source = Source("s", {"a": 1}, per_day=240, by_hour=by_hour, by_weekday=(1, 1, 1, 1, 1, 0.5, 0))
    cases = make_cases(model(source), 0, 0)
    local = cases.arrives // HOUR + 8
    days = np.bincount((local // 24 + 3) % 7, minlength=7) / 10
    expected = 240 * 7 / 5.5 * np.array([1, 1, 1, 1, 1, 0.5, 0])
    assert (np.abs(days - expected) <= 5 * np.sqrt(expected / 10)).all()
    hours = np.bincount(local % 24, minlength=24)
    assert hours[:8].sum() == 0
    assert hours[8:12].sum() / len(local) == pytest.approx(0.5, abs=0.02)
    mean = 3600 / (10 * 3 * 7 / 5.5)
    gaps = np.diff(cases.arrives[(local % 24 >= 8) & (local % 24 < 12) & ((local // 24 + 3) % 7 < 5)])
    assert stats.kstest(gaps[gaps < HOUR] / 1e6, stats.truncexpon(3600 / mean, scale=mean).cdf).pvalue > 1e-4


def test_a_timetable_brings_batches_on_its_days():
    source = Source("s", {"a": 3, "b": 1}, timetable=(5 * 3600.0, 3 * 86400.0), batch=Distribution("constant", 40))
    cases = make_cases(model(source, 21), 0, 0)
    assert len(cases) == 6 * 40
    moments = sorted({(int(at) - model_span(model(source))[0]) // HOUR for at in cases.arrives})
    assert moments == [5, 72, 173, 240, 341, 408]
    assert (cases.kind == 0).mean() == pytest.approx(0.75, abs=0.1)
    assert (cases.channel[cases.kind == 0] == 2).mean() == pytest.approx(0.25, abs=0.1)
    assert (cases.channel[cases.kind == 1] == 0).all()


def test_a_case_is_declared_ahead_but_not_before_the_model_begins():
    source = Source("s", {"a": 1}, every=Distribution("exponential", 3600), ahead=Distribution("constant", 86400.0))
    cases = make_cases(model(source), 0, 0)
    begin = model_span(model(source))[0]
    assert (np.diff(cases.begins) >= 0).all()
    assert (cases.begins == np.maximum(begin, cases.arrives - 24 * HOUR)).all()


def test_a_source_keeps_its_cases_when_another_changes_or_the_run_grows_longer():
    first = Source("s", {"a": 1, "b": 1}, every=Distribution("exponential", 3600), batch=Distribution("uniform", 1, 5))
    short = make_cases(model(first, 10), 4, 2)
    both = replace(model(first, 20), sources=(Source("other", {"b": 1}, per_day=50), first))
    long = make_cases(both, 4, 2)
    mine = long.source == 1
    for name in ("arrives", "kind", "channel", "key"):
        assert (getattr(long, name)[mine][: len(short)] == getattr(short, name)).all()
    assert set(make_cases(model(first, 10), 4, 3).key.tolist()).isdisjoint(short.key.tolist())


def test_arrivals_without_end_are_refused():
    with pytest.raises(ImpossibleModel, match="too often"):
        make_cases(model(Source("s", {"a": 1}, per_day=9e7)), 0, 0)
