"""What a study is given beside its log, and its answers as tables, on logs whose answers are known."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kouan.quant.release_times.attribution import PARTS
from kouan.quant.release_times.conformance import Step
from kouan.quant.release_times.durations import OutlierRule
from kouan.quant.release_times.intake import Layout, ReadingStopped, log_from_frame, log_from_rows
from kouan.quant.release_times.log import EventLog, NotAsked
from kouan.quant.release_times.reading import read_log
from kouan.quant.release_times.schemes import read_path, read_scheme
from kouan.quant.release_times.stages import Stage
from kouan.quant.release_times.studies import (
    read_moment,
    report_attribution,
    report_conformance,
    report_effect,
    report_same_periods,
    watch,
)
from kouan.quant.solving import Stop

DAY = 86400.0
BEGIN = 1_704_038_400.0  # 2024-01-01 00:00 in Wuhan
MEASURE = read_moment("2024-01-31", "Asia/Shanghai")
SCHEME = """
agencies:
  海关: {hours: {mon-fri: "09:00-12:00 13:00-17:00"}}
stamps:
  declared: {agency: 海关, state: await_agency}
  review: {agency: 海关, state: work}
  released: {agency: 海关, state: idle}
"""


def log_of_a_measure(unfinished: int = 0) -> EventLog:
    """Cases of two channels: green take 10 h before day 30 and 8 h after, red 100 h and 70 h; the mix turns round."""
    rows, number = [], 0
    for channel, spans, counts in (("green", (10, 8), (30, 10)), ("red", (100, 70), (10, 30))):
        for late, (span, count) in enumerate(zip(spans, counts, strict=True)):
            for case in range(count):
                begin = BEGIN + DAY * (30 * late) + 3600 * case
                rows.append({"case": f"c{number}", "activity": "in", "time": begin, "channel": channel})
                if not late or channel == "green" or case >= unfinished:
                    jitter = 3600 * (span + (case % 3 - 1))
                    rows.append({"case": f"c{number}", "activity": "out", "time": begin + jitter, "channel": channel})
                number += 1
    return log_from_rows(rows, Layout(attributes=("channel",)))


def test_the_effect_is_that_within_strata_not_that_of_the_mix():
    log = log_of_a_measure()
    report = report_effect(log, watch(log, by="channel"), MEASURE)
    assert report["difference"]["value"] / 3600 == pytest.approx((10 * -2 + 30 * -30) / 40, abs=0.2)
    assert report["plain"]["value"] > 0
    assert (report["before"]["cases"], report["after"]["cases"]) == (40, 40)
    assert report["restricted_mean"] is None
    assert [stratum["label"] for stratum in report["strata"]] == ["green", "red"]


def test_unfinished_cases_count_in_the_restricted_mean():
    log = log_of_a_measure(unfinished=10)
    stage = Stage("clearance", ("in",), ("out",))
    watched = watch(log, stage=stage, by="channel")
    assert int((~watched.finished).sum()) == 10
    report = report_effect(log, watched, MEASURE, horizon=60 * 3600.0)
    found = report["restricted_mean"]
    assert found["horizon"] == 60 * 3600
    # Within 60 hours every red case is open the whole time, before and after; green ones take 10 and 8.
    assert found["difference"]["value"] / 3600 == pytest.approx(10 / 40 * -2, abs=0.1)
    assert report["after"]["unfinished"] == 10


def test_outliers_leave_by_the_rule_and_are_told():
    log = log_of_a_measure()
    watched = watch(log, rule=OutlierRule("ceiling", 50 * 3600))
    assert len(watched.seconds) == 40
    assert [(remark.code, remark.count) for remark in watched.quality] == [("outlier", 40)]


def test_a_moment_without_cases_on_one_side_is_refused():
    log = log_of_a_measure()
    for at in ("2023-01-01", "2025-01-01"):
        with pytest.raises(NotAsked, match="no case began"):
            report_effect(log, watch(log), read_moment(at, "Asia/Shanghai"))
    with pytest.raises(NotAsked, match="no moment"):
        read_moment("soon", "Asia/Shanghai")
    assert read_moment("2024-01-31 08:00", "Asia/Shanghai") == datetime(
        2024, 1, 31, 8, tzinfo=ZoneInfo("Asia/Shanghai")
    )


def test_months_stand_beside_those_of_the_base_year():
    rows = [
        (f"{year}-{case}", name, datetime(year, 3, 1 + case, hour, tzinfo=ZoneInfo("Asia/Shanghai")))
        for year, span in ((2017, 6), (2024, 4))
        for case in range(5)
        for name, hour in (("in", 8), ("out", 8 + span))
    ]
    log = log_from_rows(rows)
    report = report_same_periods(log, watch(log), base_year=2017, year=2024)
    (march,) = report["months"]
    assert (march["month"], march["base"], march["now"]) == (
        3,
        {"cases": 5, "median": 6 * 3600},
        {"cases": 5, "median": 4 * 3600},
    )
    assert march["effect"]["difference"]["value"] == -2 * 3600
    with pytest.raises(NotAsked, match="no case of 2018"):
        report_same_periods(log, watch(log), base_year=2018, year=2024)


def test_a_scheme_is_read_and_its_parts_add_up():
    log = log_from_rows(
        [("a", "declared", BEGIN + 8 * 3600), ("a", "review", BEGIN + 10 * 3600), ("a", "released", BEGIN + 11 * 3600)]
    )
    report = report_attribution(log, read_scheme(SCHEME))
    assert {part: found["seconds"] / 3600 for part, found in report["parts"].items()} == dict(
        zip(PARTS, (1, 1, 0, 1, 0, 0), strict=True)
    )
    assert report["agencies"]["海关"]["closed"] == 3600


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a: 1\nstamps: [\n", "line 3"),
        ("- a", "table"),
        ("stamps: {a: {agency: x, state: sleeps}}", "one of work"),
        ("stamps: {a: {agency: x, state: work, more: 1}}", "no 'more'"),
        ("agencies: {x: {hours: {mon: 25:00}}}\nstamps: {a: {agency: x, state: work}}", "agencies.x"),
        ("agencies: {y: {hours: 7x24}}\nstamps: {a: {agency: x, state: work}}", "has no stamp"),
        ("agencies: &a {y: 1}\nstamps: *a", "aliases"),
        ("other: 1\nstamps: {}", "no 'other'"),
        ("[" * 5000, "line 1|nested"),
    ],
)
def test_a_bad_scheme_is_refused_with_the_place(text, word):
    with pytest.raises(NotAsked, match=word):
        read_scheme(text)


def test_a_path_is_read():
    assert read_path('declare -> review+ & inspect? -> "a -> b & c"*') == [
        Step("declare"),
        (Step("review", repeats=True), Step("inspect", optional=True)),
        Step("a -> b & c", optional=True, repeats=True),
    ]
    assert read_path("申报->放行") == [Step("申报"), Step("放行")]
    for bad in ("", "a ->", "a & -> b", "?", '"a'):
        with pytest.raises(NotAsked, match="no step"):
            read_path(bad)


def test_conformance_names_what_is_missing_unexpected_and_never_seen():
    log = log_from_rows(
        [(f"c{n}", name, BEGIN + at) for n, word in enumerate(("ab", "ab", "b", "axb")) for at, name in enumerate(word)]
    )
    report = report_conformance(log, read_path("a -> b -> z?"))
    assert (report["fitting"], report["missing"], report["unexpected"]) == (2, {"a": 1}, {"x": 1})
    assert report["never_seen"] == ["z"]
    assert {row["case"] for row in report["worst"]} == {"c2", "c3"}


def test_reading_ends_when_told(tmp_path):
    rows = "".join(f"{n % 7},{'ab'[n % 2]},2024-01-01 00:00:{n % 60:02d}\n" for n in range(50_000))
    path = tmp_path / "log.csv"
    path.write_text("case,activity,time\n" + rows)
    with pytest.raises(ReadingStopped):
        read_log(path, stop=Stop(0.0))
    xes = tmp_path / "log.xes"
    xes.write_text("<log/>")
    with pytest.raises(ReadingStopped):
        read_log(xes, stop=Stop(None, cancelled=lambda: True))
    assert read_log(path, stop=Stop(60)).events == 50_000


def test_an_arrow_table_and_any_rows_give_the_same_log():
    import polars as pl

    rows = [("a", "in", "2024-01-01 00:00:00"), ("b", "in", "2024-01-01 01:00:00"), ("a", "out", "2024-01-01 02:00:00")]
    frame = pl.DataFrame(rows, schema=["case", "activity", "time"], orient="row")
    logs = [log_from_rows(iter(rows)), log_from_frame(pl.from_arrow(frame.to_arrow())), log_from_frame(frame.lazy())]  # type: ignore[arg-type]
    for log in logs:
        assert (log.offsets.tolist(), log.activities, list(log.names)) == ([0, 2, 3], ("in", "out"), ["a", "b"])
        assert np.array_equal(log.at, logs[0].at)
