"""Model files, scenarios, studies, searches, and the way from a log to a model and back."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from kouan.quant.opening_hours import read_hours
from kouan.quant.release_times.intake import Layout, log_from_frame
from kouan.quant.release_times.log import NotAsked
from kouan.quant.release_times.stages import Stage, measure_stage
from kouan.quant.simulation import search as searching
from kouan.quant.simulation.calibration import (
    Stamps,
    fit_arrivals,
    fit_distribution,
    fit_model,
    fit_step,
    log_of_run,
    write_distribution,
)
from kouan.quant.simulation.distributions import Distribution, lognormal, weibull
from kouan.quant.simulation.drawing import draw_page
from kouan.quant.simulation.model import ImpossibleModel
from kouan.quant.simulation.plan import lay_out
from kouan.quant.simulation.reading import load_model
from kouan.quant.simulation.replications import compare, find_warm_up, run_once, simulate, simulate_all
from kouan.quant.simulation.search import read_search, solve
from kouan.quant.solving import Stop

EXAMPLE = (Path(__file__).parents[1] / "examples" / "river_port.yaml").read_text(encoding="utf-8")
SMALL = """
days: 20
warm_up: 2
cool_down: 1
target: 2 h
hours:
  day: {daily: "08:00-20:00"}
agencies:
  customs:
    staff:
      desk: {people: 2, skills: [review, tax], hours: day}
classes:
  a: {channels: {green: 0.8, red: 0.2}}
arrivals:
  trucks: {per_day: 40, classes: a}
steps:
  review: {needs: customs.review, takes: {exponential: 20 min}}
  open: {needs: [{customs.review: 2}], channels: red, takes: 30 min}
  tax: {needs: customs.tax, takes: 5 min, trader: {exponential: 1 h}}
scenarios:
  later: {steps.tax.stage: after, cost: 2}
  more: {builds_on: later, agencies.customs.staff.desk.people: 3}
  loop: {builds_on: loop}
search:
  minimise: mean
  measures: [later]
  staff:
    agencies.customs.staff.desk.people: {from: 2, to: 4, cost: 1}
  budget: 3
"""


def test_the_example_is_read_and_its_scenarios_run():
    file = load_model(EXAMPLE)
    model = file.model()
    assert model.target == 86400
    assert [one.people for one in model.staff] == [7, 6, 2]
    assert model.steps[3].needs[0].people == 2
    assert model.sources[1].timetable == (18000.0, 190800.0, 363600.0, 410400.0)
    for name in file.scenarios():
        study = simulate(replace(file.scenario(name).model(), days=3, warm_up=1, cool_down=1), replications=1)
        assert study.release("mean").value > 0


def test_a_scenario_changes_what_it_says_and_builds_on_others():
    file = load_model(SMALL)
    base, later, more = (file.scenario(name).model() for name in ("base", "later", "more"))
    assert [one.stage for one in base.steps] == ["on_site"] * 3
    assert later.steps[2].stage == more.steps[2].stage == "after"
    assert (later.staff[0].people, more.staff[0].people) == (2, 3)


@pytest.mark.parametrize(
    ("old", "new", "further", "word"),
    [
        ("days: 20", "days: -3", None, "days are above zero"),
        ("days: 20", "days: .nan", 0, "no number"),
        ("days: 20", "days: [", 2, "not valid YAML"),
        ("days: 20", "dayz: 20", 0, "'dayz' is not known"),
        ("days: 20", "days: 20\ndays: 3", 1, "twice"),
        ("people: 2, skills", "people: 0, skills", 0, "one or more"),
        ("per_day: 40, ", "", 0, "exactly one of"),
        ("per_day: 40", "per_day: 40, every: 5 min", 0, "exactly one of"),
        ("classes: a}", "classes: z}", 0, "unknown class 'z'"),
        ("exponential: 20 min", "exponential: -20 min", 0, "no time with a unit"),
        ("exponential: 20 min", "exponential: 20", 0, "no time with a unit"),
        ("exponential: 20 min", "lognormal: {mean: 20 min, cv: -1}", 0, "cv of zero or more"),
        ("exponential: 20 min", "gauss: 20 min", 0, "no distribution"),
        ("needs: customs.tax", "needs: border.tax", 0, "nobody has"),
        ("needs: customs.tax", "needs: tax", 0, "agency.skill"),
        ("channels: red", "channels: blue", 0, "unknown channel"),
        ("customs.review: 2", "customs.review: 5", 0, "more than any staff"),
        ("08:00-20:00", "08:00-07:00", 0, "no span of hours"),
        ("later: {steps.tax", "later: {steps.toll", 0, "leads nowhere"),
        ("builds_on: later", "builds_on: nothing", None, "no scenario"),
        ("takes: 5 min", "takes: 5 min, probability: 1.5", 0, "between 0 and 1"),
        ("takes: 5 min", "takes: 5 min, rework: {probability: 0.1, back_to: nowhere}", 0, "unknown step"),
    ],
)
def test_a_faulty_file_is_refused_with_line_and_reason(old, new, further, word):
    """``further``: lines below the changed one; ``None`` where no line is to blame."""
    line = 0 if further is None else SMALL[: SMALL.index(old)].count("\n") + 1 + further
    with pytest.raises(ImpossibleModel, match=word) as caught:
        file = load_model(SMALL.replace(old, new, 1))
        file.model()
        for name in ("later", "more"):
            file.scenario(name).model()
    assert caught.value.line == line
    assert "/" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[]", "table of keys"),
        ("", "table of keys"),
        ("a: &a [*a, *a]", "nested"),
        (
            "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
            + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(9)),
            "too much",
        ),
        ("[" * 300, "table of keys|YAML"),
        ("a: !!python/object/apply:os.system [ls]", "cannot be read|not known"),
        ("\x00", "YAML"),
        ("days: 1", "missing"),
    ],
)
def test_hostile_files_are_refused(text, word):
    with pytest.raises(ImpossibleModel, match=word):
        load_model(text).model()


def test_a_scenario_that_builds_on_itself_is_refused():
    with pytest.raises(ImpossibleModel, match="on itself"):
        load_model(SMALL).scenario("loop")


def test_the_same_seed_gives_the_same_study_and_time_only_its_length():
    model = load_model(SMALL).model()
    assert simulate(model, None, 5, replications=3).outcomes == simulate(model, None, 5, replications=3).outcomes
    assert (
        simulate(model, None, 5, replications=3, threads=2).outcomes
        == simulate(model, None, 5, replications=3).outcomes
    )
    ticks = itertools.count()
    stop = Stop(2.5, clock=lambda: float(next(ticks)))
    short = simulate(model, stop, 5, replications=50)
    assert 1 <= len(short.outcomes) < 5
    assert short.outcomes == simulate(model, None, 5, replications=len(short.outcomes)).outcomes
    assert "time was up" in short.notes[0][1]


def test_common_random_numbers_narrow_the_difference():
    file = load_model(SMALL)
    studies = simulate_all({name: file.scenario(name).model() for name in ("base", "later")}, None, 1, replications=12)
    found = compare(studies["base"], studies["later"])
    assert found.differences["mean"].high < 0
    assert found.saved_by_pairing > 0.3
    other = simulate(file.model(), None, 2, replications=2)
    with pytest.raises(ImpossibleModel, match="same seed"):
        compare(studies["base"], other)


def test_a_scenario_without_change_differs_by_nothing():
    model = load_model(SMALL).model()
    found = compare(simulate(model, replications=3), simulate(model, replications=3))
    assert all((one.low, one.value, one.high) == (0, 0, 0) for one in found.differences.values())


def test_figures_are_those_of_the_log_of_the_same_run():
    model = load_model(SMALL).model()
    outcome, cases, _ = run_once(model, lay_out(model), 0, 0)
    log = log_from_frame(log_of_run(model), Layout(attributes=("channel",)))
    spans = measure_stage(log, Stage("release", ("arrive",), ("release",)))
    assert log.cases == len(cases)
    begin = int(np.datetime64("2024-01-01T00:00", "us").astype(np.int64)) - 8 * 3600 * 10**6
    day = (spans.began_at - begin) / 86_400e6
    measured = (day >= 2) & (day < 22)
    assert float(spans.seconds[measured].mean()) == pytest.approx(outcome.release["mean"])
    assert set(log.attributes["channel"].labels) == {"green", "red"}


def test_an_overloaded_model_is_called_so():
    study = simulate(load_model(SMALL.replace("exponential: 20 min", "exponential: 60 min")).model(), replications=2)
    assert any("may not be stable" in en for _, en in study.notes)


def test_warm_up_is_found_where_a_queue_fills_up_first():
    text = (
        SMALL.replace("days: 20", "days: 120").replace("per_day: 40", "per_day: 46").replace("warm_up: 2", "warm_up: 0")
    )
    assert 0 <= find_warm_up(load_model(text).model()) < 61
    with pytest.raises(ImpossibleModel, match="too few"):
        find_warm_up(load_model(SMALL.replace("per_day: 40", "per_day: 1")).model())


def test_a_search_finds_what_playing_everything_finds():
    problem = read_search(load_model(SMALL))
    result = solve(problem, Stop(None), 3, {"replications": 6})
    assert result.solution is not None
    assert (result.status, result.bound) == ("feasible", None)
    choices = list(searching._choices(problem))
    assert sorted((len(one.measures), one.people[0]) for one in choices) == [(0, 2), (0, 3), (0, 4), (1, 2), (1, 3)]
    played = {
        one: simulate(searching.model_of(problem, one), None, 3, replications=6).release("mean").value
        for one in choices
    }
    assert result.solution.choice == min(played, key=lambda one: played[one])
    assert result.objective == pytest.approx(min(played.values()))
    assert result.solution.cost <= 3
    json.dumps(result.solution.to_json())


def test_a_large_search_climbs_and_stays_affordable(monkeypatch):
    monkeypatch.setattr(searching, "MOST_RACED", 2)
    problem = read_search(load_model(SMALL))
    result = solve(problem, Stop(None), 3, {"replications": 4})
    assert result.params["raced"] is False
    assert result.solution is not None
    assert result.solution.cost <= 3
    assert result.solution.choice.people[0] > 2


def test_a_search_without_an_affordable_choice_is_infeasible_and_says_why():
    result = solve(replace(read_search(load_model(SMALL)), budget=-1.0), Stop(None))
    assert result.status == "infeasible"
    assert "-1" in result.reasons[0][1]


def test_demands_that_no_choice_keeps_are_named():
    result = solve(replace(read_search(load_model(SMALL)), at_most_use=0.01), Stop(None), 0, {"replications": 3})
    assert result.status == "infeasible"
    assert result.solution is None
    assert "customs.desk" in result.reasons[0][1]


@pytest.mark.parametrize(
    "made",
    [
        Distribution("exponential", 600),
        lognormal(600, 0.8),
        weibull(600, 2.2),
        Distribution("erlang", 600, 5),
        Distribution("constant", 60),
    ],
    ids=lambda one: one.kind,
)
def test_a_fit_finds_the_family_again(made):
    random = np.random.default_rng(1)
    sample = {
        "exponential": lambda: random.exponential(600, 4000),
        "lognormal": lambda: random.lognormal(made.a, made.b, 4000),
        "weibull": lambda: made.a * random.weibull(2.2, 4000),
        "erlang": lambda: random.gamma(5, 120, 4000),
        "constant": lambda: np.full(9, 60.0),
    }[made.kind]()
    fit = fit_distribution(sample)
    assert fit.distribution.mean == pytest.approx(made.mean, rel=0.05)
    assert fit.distance < 0.03
    if made.kind != "exponential":  # an exponential is a Weibull of shape one as well
        assert fit.distribution.kind == made.kind
    assert yaml.safe_dump(write_distribution(fit.distribution))


def test_a_sample_of_no_family_is_kept_as_it_is():
    random = np.random.default_rng(1)
    sample = np.concatenate((random.normal(600, 10, 2000), random.normal(6000, 10, 2000)))
    fit = fit_distribution(sample)
    assert fit.distribution.kind == "empirical"
    assert fit.distribution.mean == pytest.approx(sample.mean(), rel=0.02)
    for bad in ([1.0], [1.0, -1.0], [1.0, math.nan]):
        with pytest.raises(NotAsked):
            fit_distribution(np.array(bad))


def test_a_model_is_recovered_from_its_own_log():
    text = SMALL.replace("days: 20", "days: 200").replace(
        "takes: 5 min", "takes: 5 min, rework: {probability: 0.25, at_most: 9}"
    )
    log = log_from_frame(log_of_run(load_model(text).model()))
    fitted = fit_model(log, [Stamps(name, f"{name} begin", f"{name} end") for name in ("review", "open", "tax")])
    assert fitted["arrivals"]["all"]["per_day"] == pytest.approx(40, rel=0.05)
    assert fitted["steps"]["open"]["probability"] == pytest.approx(0.2, abs=0.02)
    assert fitted["steps"]["tax"]["rework"]["probability"] == pytest.approx(0.25, abs=0.02)
    hours = read_hours({"daily": "08:00-20:00"})
    review = fit_step(log, Stamps("review", "review begin", "review end"), hours)
    made = next(iter(review["takes"].values()))
    mean = float(str(made["mean"] if isinstance(made, dict) else made).split()[0])
    assert mean == pytest.approx(1200, rel=0.04)
    fitted.pop("fit")
    again = yaml.safe_dump(fitted | {"days": 10}, allow_unicode=True)
    assert simulate(load_model(again).model(), replications=1).release("mean").value > 0
    with pytest.raises(NotAsked, match="no pair"):
        fit_step(log, Stamps("x", "release", "arrive"))


def test_profiles_of_arrivals_need_more_than_one_moment():
    with pytest.raises(NotAsked):
        fit_arrivals(np.array([5, 5]))


def test_a_page_is_drawn_with_every_scenario():
    file = load_model(SMALL)
    page = draw_page(simulate_all({name: file.scenario(name).model() for name in ("base", "later")}, replications=3))
    assert page.count("<svg") == 3
    assert "later" in page
    assert "nan" not in page
