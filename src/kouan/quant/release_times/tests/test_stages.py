"""Stages, whose time it was, and fit to an expected path, on cases small enough to be worked out by hand."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kouan.quant.opening_hours import read_hours
from kouan.quant.release_times.attribution import PARTS, After, Scheme, attribute_time
from kouan.quant.release_times.conformance import Step, check_path
from kouan.quant.release_times.intake import log_from_rows
from kouan.quant.release_times.log import EventLog, NotAsked
from kouan.quant.release_times.stages import Stage, measure_stage

HOUR = 3600.0
MIDNIGHT = 1_704_038_400.0  # Monday 2024-01-01 00:00 in Wuhan


def log_of(*cases: Sequence[tuple[str, float]]) -> EventLog:
    return log_from_rows(
        [(f"case {n}", name, MIDNIGHT + hour * HOUR) for n, stamps in enumerate(cases) for name, hour in stamps]
    )


def test_a_stage_runs_between_its_stamps_and_unfinished_ones_count_so_far():
    log = log_of(
        [("arrive", 0), ("release", 5)],
        [("arrive", 1), ("arrive", 2), ("release", 4), ("release", 6)],
        [("arrive", 7)],
        [("release", 3)],
        [("release", 8), ("arrive", 9)],
    )
    spans = measure_stage(log, Stage("clearance", ("arrive",), ("release",)))
    assert (spans.seconds / HOUR).tolist() == [5, 3, 2]
    assert spans.finished.tolist() == [True, True, False]
    assert {remark.code: remark.count for remark in spans.quality} == {
        "stage_not_entered": 1,
        "stage_negative": 1,
        "unfinished": 1,
    }
    last = measure_stage(log, Stage("to the last", ("arrive",), ("release",), "last", "last", anywhere=False))
    assert (last.seconds / HOUR).tolist() == [5, 4, 2, 0]
    assert last.finished.tolist() == [True, True, False, False]
    with pytest.raises(NotAsked, match="no activity 'depart'"):
        measure_stage(log, Stage("x", ("arrive",), ("depart",)))


def test_many_negative_spans_of_eight_hours_mean_two_clocks():
    log = log_of(*[[("arrive", n), ("release", n - 8 + 0.5)] for n in range(10, 20)])
    told = {remark.code: remark for remark in measure_stage(log, Stage("s", ("arrive",), ("release",))).quality}
    assert "-27000" in told["two_clocks_suspected"].en


SCHEME = Scheme(
    {
        "declared": After("customs", "await_agency"),
        "review": After("customs", "work"),
        "query": After("customs", "await_trader"),
        "answer": After("customs", "await_agency"),
        "done": After("customs", "idle"),
    },
    {"customs": read_hours({"mon-fri": "09:00-12:00 13:00-17:00"})},
)


def test_time_is_attributed_and_adds_up():
    log = log_of(
        # waits 1 h closed, 1 h while the other case is worked on, 0.5 h idle; work; trader; wait over lunch.
        [
            ("declared", 8),
            ("review", 10.5),
            ("query", 11),
            ("answer", 11.5),
            ("review", 13.5),
            ("done", 14),
            ("gate", 15),
        ],
        [("declared", 9), ("review", 9), ("done", 10)],
    )
    shares = attribute_time(log, SCHEME)
    first = dict(zip(PARTS, (shares.seconds[0] / HOUR).tolist(), strict=True))
    assert first == {
        "agency_work": 1.0,
        "agency_wait": 1.5,
        "queue": 1.0,
        "closed": 2.0,
        "trader_wait": 0.5,
        "other": 1.0,
    }
    assert shares.seconds.sum(axis=1) == pytest.approx(log.case_seconds())
    assert sum(shares.totals().values()) == pytest.approx(log.case_seconds().sum())


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["declared", "review", "query", "answer", "done", "b in", "b work", "else"]),
                st.floats(0, 200),
            ),
            min_size=1,
            max_size=12,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_parts_of_every_case_are_never_negative_and_add_up(cases):
    known = [
        ("declared", 0.0),
        ("review", 0.0),
        ("query", 0.0),
        ("answer", 0.0),
        ("done", 0.0),
        ("b in", 0.0),
        ("b work", 0.0),
    ]
    log = log_of(known, *cases)
    scheme = Scheme(
        {**SCHEME.meaning, "b in": After("border", "await_agency"), "b work": After("border", "work")}, SCHEME.hours
    )
    seconds = attribute_time(log, scheme).seconds
    assert (seconds >= -1e-6).all()
    assert seconds.sum(axis=1) == pytest.approx(log.case_seconds(), abs=1e-5)


def test_a_queue_is_told_by_an_oracle_that_looks_at_every_minute():
    rng = np.random.default_rng(2)
    cases = []
    for _ in range(12):
        begin = float(rng.integers(0, 60 * 40)) / 60
        start = begin + float(rng.integers(0, 600)) / 60
        cases.append([("declared", begin), ("review", start), ("done", start + float(rng.integers(1, 200)) / 60)])
    shares = attribute_time(
        log_of(*cases), Scheme({k: SCHEME.meaning[k] for k in ("declared", "review", "done")}, SCHEME.hours)
    )
    minutes = np.arange(0, 60 * 80)
    hour = (minutes % 1440) / 60
    is_open = ((hour >= 9) & (hour < 12)) | ((hour >= 13) & (hour < 17))
    busy = np.zeros(len(minutes), bool)
    for case in cases:
        busy |= (minutes >= round(case[1][1] * 60)) & (minutes < round(case[2][1] * 60))
    for case, parts in zip(cases, shares.seconds, strict=True):
        waits = (minutes >= round(case[0][1] * 60)) & (minutes < round(case[1][1] * 60))
        expected = [(waits & is_open & ~busy).sum(), (waits & is_open & busy).sum(), (waits & ~is_open).sum()]
        assert parts[1:4] / 60 == pytest.approx([float(n) for n in expected], abs=1e-6)


PATH = [Step("a"), (Step("b"), Step("c", optional=True)), Step("d", repeats=True)]


@pytest.mark.parametrize(
    ("stamps", "cost"),
    [
        ("abcd", 0),
        ("acbd", 0),
        ("abd", 0),
        ("abddd", 0),
        ("bd", 1),  # a is missing
        ("aabd", 1),  # a may not be repeated
        ("axbd", 1),  # x is not expected
        ("x", 4),  # all three mandatory steps are missing, and x is strange
        ("dba", 4),  # only one of the three can stay in place
    ],
)
def test_cost_is_what_is_missing_plus_what_is_strange(stamps, cost):
    fit = check_path(log_of([(name, place) for place, name in enumerate(stamps)]), PATH)
    assert fit.cost.tolist() == [cost]


def words_of_the_path(longest: int) -> set[str]:
    """Every stamp sequence that fits PATH exactly, up to a length."""
    return {
        "a" + middle + "d" * times
        for middle in ("b", "bc", "cb")
        for times in range(1, longest)
        if 1 + len(middle) + times <= longest
    }


@settings(max_examples=60, deadline=None)
@given(st.text("abcdx", min_size=1, max_size=6))
def test_cost_equals_the_least_edit_distance_to_any_fitting_sequence(stamps):
    def distance(one: str, other: str) -> int:
        row = list(range(len(other) + 1))
        for place, sign in enumerate(one, 1):
            last, row[0] = row[0], place
            for to, there in enumerate(other, 1):
                last, row[to] = row[to], last if sign == there else 1 + min(row[to], row[to - 1])
        return row[-1]

    expected = min(distance(stamps, word) for word in words_of_the_path(9))
    fit = check_path(log_of([(name, place) for place, name in enumerate(stamps)]), PATH)
    assert fit.cost[0] == expected
    assert sum(fit.missing.values()) + sum(fit.unexpected.values()) == expected


def test_what_is_missing_is_counted_over_cases():
    log = log_of(
        *[[("a", 0), ("b", 1), ("d", 2)]] * 3, [("a", 0), ("d", 2)], [("a", 0), ("z", 1), ("b", 1.5), ("d", 2)]
    )
    fit = check_path(log, PATH)
    assert (fit.missing, fit.unexpected) == ({"b": 1}, {"z": 1})
    assert fit.share_fitting == pytest.approx(0.6)


@pytest.mark.parametrize("path", [[], [()], [(Step("a"), Step("a"))], [tuple(Step(str(n)) for n in range(11))]])
def test_impossible_paths_are_refused(path):
    with pytest.raises(NotAsked):
        check_path(log_of([("a", 0)]), path)


def test_all_orders_of_a_block_fit():
    for order in itertools.permutations("abc"):
        fit = check_path(
            log_of([(name, place) for place, name in enumerate(order)]), [(Step("a"), Step("b"), Step("c"))]
        )
        assert fit.cost[0] == 0
