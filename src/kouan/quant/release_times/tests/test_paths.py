"""Counts of what follows what, variants and rework against plain Python over the same events."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from statistics import mean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kouan.quant.release_times import paths
from kouan.quant.release_times.log import EventLog, NotAsked, build_log
from kouan.quant.release_times.paths import count_variants, draw_graph, find_rework, list_variants

NAMES = ("a", "b", "c", "d")
events = st.lists(st.tuples(st.integers(-1, 6), st.integers(-1, 3), st.integers(0, 20)), min_size=1, max_size=120)


def log_of(rows: list[tuple[int, int, int]]) -> EventLog:
    case, activity, at = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return build_log(case, activity, at * 1_000_000, [f"case {n}" for n in range(7)], NAMES)


def cases_of(rows: list[tuple[int, int, int]]) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for case, activity, at in rows:
        if case >= 0 and activity >= 0:
            found[f"case {case}"].append((NAMES[activity], at))
    return {name: sorted(stamps, key=lambda stamp: stamp[1]) for name, stamps in found.items()}


@settings(max_examples=150, deadline=None)
@given(events.filter(lambda rows: any(case >= 0 and activity >= 0 for case, activity, _ in rows)))
def test_log_graph_variants_and_rework_equal_plain_python(rows):
    log, cases = log_of(rows), cases_of(rows)
    assert list(log.names) == list(cases)
    assert log.case_seconds().tolist() == [stamps[-1][1] - stamps[0][1] for stamps in cases.values()]
    gaps: dict[tuple[str, str], list[int]] = defaultdict(list)
    for stamps in cases.values():
        for (before, start), (after, end) in pairwise(stamps):
            gaps[before, after].append(end - start)
    graph = draw_graph(log)
    assert {(e.before, e.after): e.count for e in graph.edges} == {edge: len(found) for edge, found in gaps.items()}
    for edge in graph.edges:
        found = gaps[edge.before, edge.after]
        assert edge.mean_seconds == pytest.approx(mean(found))
        assert edge.median_seconds == pytest.approx(np.median(found))
        assert edge.p90_seconds == pytest.approx(np.quantile(found, 0.9))
    assert graph.begins == Counter(stamps[0][0] for stamps in cases.values())
    assert graph.ends == Counter(stamps[-1][0] for stamps in cases.values())
    variants = Counter(tuple(name for name, _ in stamps) for stamps in cases.values())
    assert {variant.path: variant.count for variant in list_variants(log)} == variants
    assert count_variants(log) == len(variants)
    for found in find_rework(log):
        counts = [Counter(name for name, _ in stamps)[found.activity] for stamps in cases.values()]
        assert found.cases == sum(count > 0 for count in counts)
        assert found.cases_again == sum(count > 1 for count in counts)
        assert found.repeats == sum(count - 1 for count in counts if count)


def test_equal_hashes_would_not_merge_two_paths():
    """Many short paths over two activities: every one of the 2^12 different paths stays apart."""
    rows = [(case, (case >> place) & 1, place) for case in range(4096) for place in range(12)]
    case, activity, at = (np.array(column) for column in zip(*rows, strict=True))
    log = build_log(case, activity, at, [str(n) for n in range(4096)], ("a", "b"))
    assert count_variants(log) == 4096


def test_a_long_case_is_sorted_and_stays_stable():
    at = np.repeat(np.arange(100)[::-1], 3)
    log = build_log(np.zeros(300, int), np.tile([2, 0, 1], 100), at, ["only"], ("a", "b", "c"))
    assert (np.diff(log.at) >= 0).all()
    assert log.activity.tolist() == [2, 0, 1] * 100


def test_too_many_activities_are_refused(monkeypatch):
    monkeypatch.setattr(paths, "MOST_ACTIVITIES", 2)
    with pytest.raises(NotAsked, match="right column"):
        draw_graph(log_of([(0, 0, 0), (0, 1, 1), (0, 2, 2)]))


def test_bottleneck_is_the_edge_with_the_most_time():
    graph = draw_graph(log_of([(0, 0, 0), (0, 1, 1), (0, 2, 20), (1, 0, 0), (1, 1, 2)]))
    assert [(edge.before, edge.after) for edge in graph.bottlenecks(1)] == [("b", "c")]
