"""The engine against simpy, visit by visit, over models of every feature; and against closed forms."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kouan.quant.opening_hours import ROUND_THE_CLOCK, read_hours
from kouan.quant.simulation import engine
from kouan.quant.simulation.arrivals import make_cases, model_span
from kouan.quant.simulation.distributions import Distribution, lognormal
from kouan.quant.simulation.engine import RunStopped, run_plan
from kouan.quant.simulation.model import CaseClass, ImpossibleModel, Model, Need, Rework, Source, Staff, Step
from kouan.quant.simulation.plan import lay_out
from kouan.quant.simulation.tests.simpy_oracle import Oracle
from kouan.quant.solving import Stop

HOUR = 3600.0


def spread(mean: float) -> Distribution:
    return Distribution("exponential", mean)


def compare_with_simpy(model: Model, seed: int = 0) -> int:
    """Run both; every visit, release and end must be the same microsecond. Returns the number of visits."""
    laid, cases = lay_out(model), make_cases(model, seed, 0)
    _, first, last, _ = model_span(model)
    run = run_plan(laid.plan, cases, first, last, traced=True)
    oracle = Oracle(model, cases, laid.watched_until)
    oracle.run()
    visits = sorted(
        (int(c), laid.steps[s], *(int(t) for t in times))
        for c, s, times in zip(run.visit_case, run.visit_step, run.visit_at, strict=True)
    )
    assert visits == sorted(oracle.visits)
    assert run.release.tolist() == [oracle.release.get(n, -1) for n in range(len(cases))]
    assert run.ended.tolist() == [oracle.ended.get(n, -1) for n in range(len(cases))]
    return len(visits)


PORT = Model(
    starts=date(2024, 1, 1),
    days=4,
    warm_up=1,
    cool_down=1,
    classes=(
        CaseClass("general", 5, {"green": 0.6, "red": 0.4}),
        CaseClass("perishable", 1),
    ),
    sources=(
        Source(
            "ship",
            {"general": 4, "perishable": 1},
            every=spread(9 * HOUR),
            batch=Distribution("uniform", 5, 25),
            ahead=Distribution("uniform", 0, 30 * HOUR),
        ),
        Source(
            "train",
            {"general": 1},
            timetable=(6 * HOUR, 54 * HOUR),
            late=spread(HOUR),
            batch=Distribution("constant", 12),
        ),
        Source(
            "truck",
            {"general": 1, "perishable": 2},
            per_day=30,
            by_hour=(0,) * 8 + (2,) * 10 + (1,) * 6,
            by_weekday=(1, 1, 1, 1, 1, 0, 0.5),
        ),
    ),
    steps=(
        Step(
            "review",
            "before",
            lognormal(20 * 60, 1.0),
            (Need("customs", "review"),),
            rework=Rework(0.2, spread(HOUR), 2),
        ),
        Step(
            "quarantine",
            "on_site",
            Distribution("triangular", 300, 900, 3600),
            (Need("customs", "inspect"),),
            probability=0.5,
            side_by_side="yard",
        ),
        Step(
            "border",
            "on_site",
            spread(600),
            (Need("border", "check"),),
            trader=Distribution("uniform", 0, HOUR),
            side_by_side="yard",
        ),
        Step(
            "open box",
            "on_site",
            Distribution("erlang", HOUR, 3),
            (Need("customs", "inspect", 2), Need("border", "check")),
            channels=("red",),
            priority=-2,
            rework=Rework(0.3, Distribution("constant", 1800), 2, "quarantine"),
        ),
        Step("weigh", "on_site", Distribution("constant", 0.0), (Need("customs", "inspect"),)),
        Step("fetch", "after", Distribution("weibull", 2 * HOUR, 0.8), classes=("general",)),
        Step(
            "tax",
            "after",
            Distribution("empirical", values=(60.0, 120.0, 600.0)),
            (Need("customs", "review"),),
            takes_by_class={"perishable": Distribution("constant", 60.0)},
        ),
    ),
    staff=(
        Staff("customs", "officers", 2, ("review",), read_hours({"mon-fri": "08:30-12:00 14:00-17:30"}), "pause"),
        Staff("customs", "all-round", 3, ("inspect", "review"), read_hours({"daily": "06:00-22:00"}), "finish"),
        Staff("customs", "night", 2, ("inspect",), read_hours({"daily": "22:00-30:00"}), "pause"),
        Staff("border", "guards", 2, ("check",), read_hours({"daily": "00:00-11:00 12:00-24:00"}), "pause"),
    ),
)


@pytest.mark.parametrize("seed", [0, 1])
def test_every_visit_is_that_of_simpy(seed):
    assert compare_with_simpy(PORT, seed) > 500


@st.composite
def models(draw) -> Model:
    times = st.sampled_from([0.0, 60.0, 600.0, 1800.0, 7200.0])
    spans = st.one_of(st.builds(lambda t: Distribution("constant", t), times), st.builds(spread, times))
    hours = st.sampled_from(
        [
            ROUND_THE_CLOCK,
            read_hours({"daily": "08:00-12:00 13:00-17:00"}),
            read_hours({"mon-tue": "22:00-30:00", "wed-sun": "09:00-21:00"}),
        ]
    )
    staff = tuple(
        Staff(
            "x",
            f"g{n}",
            draw(st.integers(1, 3)),
            tuple(skills),
            draw(hours),
            draw(st.sampled_from(["pause", "finish"])),
        )
        for n, skills in enumerate(
            draw(
                st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True), min_size=1, max_size=4)
            )
        )
    )
    skills = sorted({skill for one in staff for skill in one.skills})
    needs = st.lists(st.builds(lambda s: Need("x", s), st.sampled_from(skills)), max_size=2, unique=True)
    names = [f"s{n}" for n in range(draw(st.integers(1, 5)))]
    stages = sorted(
        draw(st.lists(st.sampled_from(["before", "on_site", "after"]), min_size=len(names), max_size=len(names))),
        key=["before", "on_site", "after"].index,
    )
    steps = []
    for n, (name, stage) in enumerate(zip(names, stages, strict=True)):
        rework = None
        if draw(st.booleans()):
            back = draw(st.sampled_from(["", *[names[k] for k in range(n + 1) if stages[k] == stage]]))
            rework = Rework(draw(st.sampled_from([0.3, 0.9])), draw(st.none() | spans), draw(st.integers(0, 2)), back)
        steps.append(
            Step(
                name,
                stage,
                draw(spans),
                tuple(draw(needs)),
                draw(st.sampled_from([1.0, 0.5])),
                trader=draw(st.none() | spans),
                rework=rework,
                side_by_side=draw(st.sampled_from(["", "p"])),
                priority=draw(st.integers(-1, 1)),
            )
        )
    sources = (
        Source(
            "a",
            {"u": 1, "v": 1},
            every=spread(2000.0),
            batch=draw(st.sampled_from([Distribution("constant", 1), Distribution("uniform", 0, 4)])),
            ahead=draw(st.none() | spans),
        ),
        Source("b", {"v": 1}, timetable=(0.0, 3600.0, 3600.0, 50000.0), batch=Distribution("constant", 3)),
    )
    classes = (CaseClass("u", 0), CaseClass("v", draw(st.integers(-1, 1))))
    return Model(classes, sources, tuple(steps), staff, days=0.6, warm_up=0, cool_down=0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(models(), st.integers(0, 5))
def test_any_model_gives_the_visits_of_simpy(model, seed):
    try:
        lay_out(model)
    except ImpossibleModel:
        return
    compare_with_simpy(model, seed)


def test_arrays_that_fill_up_are_widened_without_a_trace(monkeypatch):
    """A burst of 5,000 cases at one moment overfills every array of the loop."""
    model = Model(
        (CaseClass("a"),),
        (Source("s", {"a": 1}, timetable=(0.0,), batch=Distribution("constant", 5000)),),
        (
            Step("one", "on_site", spread(60), (Need("x", "k"),), side_by_side="p"),
            Step("two", "on_site", spread(60), side_by_side="p"),
        ),
        (Staff("x", "g", 40, ("k",)),),
        days=1,
        warm_up=0,
        cool_down=0,
    )
    laid, cases = lay_out(model), make_cases(model, 0, 0)
    run = run_plan(laid.plan, cases, 0, engine.NEVER, traced=True)
    assert len(run.visit_case) == 10_000
    assert (run.ended >= 0).all()
    busy = run.visit_at[run.visit_step == 0]
    edges = np.concatenate((busy[:, 1], busy[:, 2]))
    change = np.concatenate((np.ones(5000), -np.ones(5000)))[np.lexsort((np.repeat([1, 0], 5000), edges))]
    assert np.cumsum(change).max() == 40


def queue_model(rate: float, takes: list[Distribution], people: list[int], days: float) -> Model:
    return Model(
        (CaseClass("a"),),
        (Source("s", {"a": 1}, every=spread(HOUR / rate)),),
        tuple(Step(f"q{n}", "on_site", one, (Need("x", f"k{n}"),)) for n, one in enumerate(takes)),
        tuple(Staff("x", f"g{n}", count, (f"k{n}",)) for n, count in enumerate(people)),
        days=days,
        warm_up=30,
        cool_down=0,
    )


def mean_waits(model: Model, replications: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Mean wait of each step in hours over replications, and its standard error."""
    laid = lay_out(model)
    _, first, last, _ = model_span(model)
    waits = []
    for number in range(replications):
        run = run_plan(laid.plan, make_cases(model, 3, number), first, last)
        waits.append(run.sums[:, 1] / run.sums[:, 0] / HOUR / 1e6)
    return np.mean(waits, axis=0), np.std(waits, axis=0, ddof=1) / math.sqrt(replications)


def erlang_c_wait(rate: float, mean: float, people: int) -> float:
    load = rate * mean
    last = load**people / math.factorial(people) / (1 - load / people)
    return last / (sum(load**k / math.factorial(k) for k in range(people)) + last) / (people / mean - rate)


def test_tandem_queues_wait_as_erlang_burke_and_jackson_say():
    rate, means, people = 3.4, [1.0, 0.7, 1.5], [4, 3, 6]
    waits, errors = mean_waits(queue_model(rate, [spread(m * HOUR) for m in means], people, 3000))
    expected = [erlang_c_wait(rate, m, c) for m, c in zip(means, people, strict=True)]
    assert (np.abs(waits - expected) < 4.5 * errors + 0.01).all(), (waits, expected, errors)


@pytest.mark.parametrize(
    "takes", [Distribution("constant", 0.8 * HOUR), lognormal(0.8 * HOUR, 1.5), Distribution("erlang", 0.8 * HOUR, 4)]
)
def test_a_single_server_waits_as_pollaczek_and_khinchine_say(takes):
    waits, errors = mean_waits(queue_model(1.0, [takes], [1], 4000))
    squared = {"constant": 0.0, "lognormal": 1.5**2, "erlang": 0.25}[takes.kind]
    expected = 0.8 * 0.8 * (1 + squared) / 2 / (1 - 0.8)
    assert abs(waits[0] - expected) < 4.5 * errors[0] + 0.01, (waits, expected)


def test_priorities_wait_as_cobham_says():
    """M/M/1 with two classes, not pre-empting: W_k = R / ((1 - s_{k-1}) (1 - s_k))."""
    model = Model(
        (CaseClass("first", 0), CaseClass("second", 1)),
        (Source("a", {"first": 1}, every=spread(2.5 * HOUR)), Source("b", {"second": 1}, every=spread(2.5 * HOUR))),
        (
            Step("q1", "on_site", spread(HOUR), (Need("x", "k"),), classes=("first",)),
            Step("q2", "on_site", spread(HOUR), (Need("x", "k"),), classes=("second",)),
        ),
        (Staff("x", "g", 1, ("k",)),),
        days=5000,
        warm_up=30,
        cool_down=0,
    )
    waits, errors = mean_waits(model)
    assert (np.abs(waits - [0.8 / 0.6, 0.8 / 0.6 / 0.2]) < 4.5 * errors + 0.02).all(), waits


def test_littles_law_holds_in_the_trace():
    laid, cases = lay_out(PORT), make_cases(PORT, 0, 0)
    begin, _, _, last = model_span(PORT)
    run = run_plan(laid.plan, cases, begin, last, traced=True)
    waits = run.visit_at[:, 1] - run.visit_at[:, 0]
    moments = np.linspace(begin, int(run.ended.max()), 200_001)
    ready, started = np.sort(run.visit_at[:, 0]), np.sort(run.visit_at[:, 1])
    length = np.searchsorted(ready, moments, "right") - np.searchsorted(started, moments, "right")
    assert length.mean() * (moments[-1] - begin) == pytest.approx(float(waits.sum()), rel=0.01)


def test_work_is_never_begun_off_shift_nor_by_more_than_there_are():
    laid, cases = lay_out(PORT), make_cases(PORT, 2, 0)
    run = run_plan(laid.plan, cases, 0, engine.NEVER, traced=True)
    for number, step in enumerate(laid.steps):
        mine = run.visit_at[run.visit_step == number]
        assert (mine[:, 0] <= mine[:, 1]).all()
        assert (mine[:, 1] <= mine[:, 2]).all()
        if step == "review":
            hour = (mine[:, 1] / 3.6e9 + 8) % 24
            assert ((hour >= 6) & (hour < 22)).all()


def test_people_who_never_meet_are_refused():
    with pytest.raises(ImpossibleModel, match="never on duty together"):
        lay_out(
            Model(
                (CaseClass("a"),),
                (Source("s", {"a": 1}, per_day=1),),
                (Step("joint", "on_site", spread(60), (Need("x", "a"), Need("x", "b"))),),
                (
                    Staff("x", "day", 1, ("a",), read_hours({"daily": "08:00-20:00"})),
                    Staff("x", "night", 1, ("b",), read_hours({"daily": "20:00-32:00"})),
                ),
            )
        )


def test_a_run_may_be_asked_at_any_moment_and_ends_when_told(monkeypatch):
    laid, cases = lay_out(PORT), make_cases(PORT, 0, 0)
    _, first, last, _ = model_span(PORT)
    whole = run_plan(laid.plan, cases, first, last)
    monkeypatch.setattr(engine, "STRETCH", 7)
    asked: list[int] = []
    patient = Stop(None, cancelled=lambda: bool(asked.append(1)))
    stretched = run_plan(laid.plan, cases, first, last, stop=patient)
    assert len(asked) > 20
    for one, other in zip(whole, stretched, strict=True):
        assert np.array_equal(one, other)
    with pytest.raises(RunStopped):
        run_plan(laid.plan, cases, first, last, stop=Stop(None, cancelled=lambda: True))
