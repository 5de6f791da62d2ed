"""Logs of every form give the same events; what cannot be used is named with line and reason."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kouan.quant.release_times.durations import summarise
from kouan.quant.release_times.intake import Layout, log_from_frame, log_from_rows
from kouan.quant.release_times.log import EventLog, UnreadableLog
from kouan.quant.release_times.paths import count_variants, draw_graph
from kouan.quant.release_times.reading import read_log

BENCH = Path(__file__).parents[6] / "shared" / "bench" / "events"
needs_bench = pytest.mark.skipif(not BENCH.is_dir(), reason="the public logs are not laid beside the project")

ROWS = [
    ("MW1", "arrive", "2024-01-01T00:00:00Z"),
    ("MW2", "arrive", "2024-01-01T01:00:00Z"),
    ("MW1", "release", "2024-01-01T05:30:00.25Z"),
    ("MW1", "declare", "2024-01-01T02:00:00Z"),
    ("MW2", "declare", "2024-01-01T09:00:00+08:00"),
]


def events_of(log: EventLog) -> list[tuple[str, str, int]]:
    return [
        (log.names[case], log.activities[log.activity[row]], int(log.at[row]))
        for case in range(log.cases)
        for row in range(log.offsets[case], log.offsets[case + 1])
    ]


def micro(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000_000)


EXPECTED = [
    ("MW1", "arrive", micro("2024-01-01T00:00:00+00:00")),
    ("MW1", "declare", micro("2024-01-01T02:00:00+00:00")),
    ("MW1", "release", micro("2024-01-01T05:30:00.250+00:00")),
    ("MW2", "arrive", micro("2024-01-01T01:00:00+00:00")),
    ("MW2", "declare", micro("2024-01-01T01:00:00+00:00")),
]


@needs_bench
@pytest.mark.parametrize(
    ("name", "events", "cases", "activities", "variants", "edges", "median", "mean"),
    [
        ("08_receipt.xes.gz", 8577, 1434, 27, 116, 99, 2868.583, 467263.915),
        ("03_repairExample.xes.gz", 11855, 1104, 8, 77, 23, 3690.0, 3950.5),
    ],
)
def test_public_logs_come_out_exactly(name, events, cases, activities, variants, edges, median, mean):
    log = read_log(BENCH / name)
    figures = summarise(log.case_seconds())
    assert (log.events, log.cases, len(log.activities)) == (events, cases, activities)
    assert (count_variants(log), len(draw_graph(log).edges)) == (variants, edges)
    assert figures.median.value == pytest.approx(median, abs=1e-3)
    assert figures.mean.value == pytest.approx(mean, abs=0.05)


def test_rows_are_sorted_by_case_and_time():
    log = log_from_rows(ROWS)
    assert events_of(log) == EXPECTED
    assert [remark.code for remark in log.quality] == ["stamps_out_of_order"]


def test_aware_moments_and_seconds_since_1970_are_read():
    moments = [datetime.fromisoformat(at) for *_, at in ROWS]
    assert events_of(log_from_rows([(c, a, at) for (c, a, _), at in zip(ROWS, moments, strict=True)])) == EXPECTED
    numbers = [(c, a, at.timestamp()) for (c, a, _), at in zip(ROWS, moments, strict=True)]
    log = log_from_rows(numbers)
    assert events_of(log) == EXPECTED
    assert "unit_guessed" in [remark.code for remark in log.quality]


@pytest.fixture
def frame() -> pl.DataFrame:
    return pl.DataFrame(ROWS, schema=["case_id", "activity", "timestamp"], orient="row")


def test_csv_parquet_and_arrow_agree(frame, tmp_path):
    typed = frame.with_columns(pl.Series("timestamp", [datetime.fromisoformat(at) for *_, at in ROWS]))
    frame.write_csv(tmp_path / "a.csv")
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress((tmp_path / "a.csv").read_bytes()))
    frame.write_csv(tmp_path / "c.tsv", separator="\t")
    typed.write_parquet(tmp_path / "d.parquet")
    typed.write_ipc(tmp_path / "e.arrow")
    typed.write_ipc_stream(tmp_path / "f.ipc")
    for path in sorted(tmp_path.iterdir()):
        assert events_of(read_log(path)) == EXPECTED, path.name


def test_chinese_csv_in_gb18030_is_read(tmp_path):
    path = tmp_path / "日志.csv"
    path.write_bytes("案件号,环节,时间\n甲,到港,2024-01-01 08:00:00\n甲,放行,2024-01-01 09:30:00\n".encode("gb18030"))
    log = read_log(path)
    assert log.activities == ("到港", "放行")
    assert log.case_seconds().tolist() == [5400.0]
    assert log.began_at().tolist() == [micro("2024-01-01T00:00:00+00:00")]


XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="DEFAULT"/></global>
  <string key="concept:name" value="the log's own name"/>
  <trace><string key="concept:name" value="MW1"/><string key="channel" value="green"/>
    <event><date key="time:timestamp" value="2024-01-01T00:00:00Z"/><string key="concept:name" value="arrive">
      <string key="concept:name" value="nested"/></string></event>
    <event><date key="time:timestamp" value="2024-01-01T05:30:00.250Z"/>
      <string key="concept:name" value="release"/></event>
    <event><date key="time:timestamp" value="2024-01-01T02:00:00Z"/><string key="concept:name" value="declare"/></event>
  </trace>
  <trace><string key="concept:name" value="MW2"/>
    <event><date key="time:timestamp" value="2024-01-01T01:00:00Z"/><string key="concept:name" value="arrive"/></event>
    <event><date key="time:timestamp" value="2024-01-01T09:00:00+08:00"/>
      <string key="concept:name" value="declare"/></event>
  </trace>
  <trace><string key="concept:name" value="MW3"/></trace>
</log>"""


def test_xes_takes_what_stands_directly_in_event_and_trace(tmp_path):
    path = tmp_path / "log.xes"
    path.write_text(XES)
    log = read_log(path, Layout(attributes=("channel",)))
    assert events_of(log) == EXPECTED
    assert log.attributes["channel"].labels == ("green",)
    assert log.attributes["channel"].codes.tolist() == [0, -1]
    assert {remark.code: remark.count for remark in log.quality}["trace_without_events"] == 1


def test_two_traces_of_one_name_stay_two_cases(tmp_path):
    path = tmp_path / "log.xes"
    path.write_text(XES.replace("MW2", "MW1"))
    log = read_log(path)
    assert log.cases == 2
    assert "trace_name_repeated" in [remark.code for remark in log.quality]


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        (XES[:905], 13, "breaks off"),  # cut off inside an event
        (XES.replace("</trace>", "</trees>", 1), 11, "not well-formed"),  # a tag that does not close
        (XES.replace("<log", "<!DOCTYPE log [<!ENTITY a 'aaaa'>]>\n<log", 1), 2, "DOCTYPE"),  # entities
        ("<html></html>", 1, "root must be log"),  # not XES at all
        ("<log/>", 0, "no event"),  # an empty log
        ("", 0, "empty"),  # an empty file
    ],
)
def test_broken_xes_is_refused_with_line_and_reason(tmp_path, content, line, word):
    path = tmp_path / "log.xes"
    path.write_text(content)
    with pytest.raises(UnreadableLog, match=word) as caught:
        read_log(path)
    assert caught.value.line == line


def test_a_cut_off_gzip_file_is_refused(tmp_path):
    path = tmp_path / "log.xes.gz"
    path.write_bytes(gzip.compress(XES.encode())[:-40])
    with pytest.raises(UnreadableLog, match=r"packed file|breaks off"):
        read_log(path)


def test_what_is_left_out_is_counted_once_with_reason_and_row():
    log = log_from_frame(
        pl.DataFrame(
            {
                "case": ["a", None, "", "a", "a", "a"],
                "activity": ["x", "x", "x", None, "y", "z"],
                "time": [
                    "2024-01-01 00:00:00",
                    "2024-01-01 00:00:00",
                    "nonsense",
                    "2024-01-01 00:00:00",
                    "noon",
                    "0001-01-01 00:00:00",
                ],
            }
        )
    )
    assert log.events == 1
    told = {remark.code: (remark.count, remark.rows) for remark in log.quality if remark.excluded}
    assert told == {
        "case_missing": (2, (2, 3)),
        "activity_missing": (1, (4,)),
        "time_unreadable": (1, (5,)),
        "time_implausible": (1, (6,)),
    }


def test_stamps_of_a_rare_form_far_down_the_file_are_still_read():
    times = ["2024-01-01 00:00:00"] * 6000 + ["2024/01/02 03:04:05", "2024-01-02T03:04:05Z", "??"]
    log = log_from_frame(
        pl.DataFrame({"case": [str(n // 2) for n in range(6003)], "activity": ["x"] * 6003, "time": times})
    )
    assert log.events == 6002
    told = {remark.code: remark.count for remark in log.quality}
    assert told == {"time_unreadable": 1, "two_clocks": 1}
    assert log.at[-2:].tolist() == [micro("2024-01-02T03:04:05+08:00"), micro("2024-01-02T03:04:05+00:00")]


def test_a_mixture_of_zoned_and_plain_stamps_is_called_two_clocks():
    log = log_from_rows([("a", "x", "2024-01-01T00:00:00Z"), ("a", "y", "2024-01-01T09:00:00")])
    assert log.case_seconds().tolist() == [3600.0]
    assert {remark.code: remark.count for remark in log.quality} == {"two_clocks": 1}


@pytest.mark.parametrize(
    ("frame", "word"),
    [
        (pl.DataFrame({"a": ["1"], "b": ["2"]}), "looks like the case"),
        (pl.DataFrame({"case": ["1"], "activity": ["2"], "time": [True]}), "not a time"),
        (pl.DataFrame({"case": ["1"], "activity": ["2"], "time": ["?"]}), "no usable event"),
        (pl.DataFrame({"case": [], "activity": [], "time": []}), "no usable event"),
        (pl.DataFrame({"case": ["1"], "activity": ["2"], "time": [float("nan")]}), "no usable event"),
    ],
)
def test_unusable_columns_are_refused(frame, word):
    with pytest.raises(UnreadableLog, match=word):
        log_from_frame(frame)


@pytest.mark.parametrize("name", ["garbage.csv", "garbage.parquet", "garbage.arrow", "garbage.xes"])
def test_garbage_of_any_name_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(np.random.default_rng(0).bytes(100_000))
    with pytest.raises(UnreadableLog):
        read_log(path)


def test_an_unknown_name_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(UnreadableLog, match="does not tell the form"):
        read_log(tmp_path / "log.doc")
    with pytest.raises(FileNotFoundError):
        read_log(tmp_path / "log.csv")


def test_numbers_of_every_unit_are_told_by_their_size():
    for factor in (1, 10**3, 10**6, 10**9):
        times = [1_704_067_200 * factor, 1_704_067_260 * factor]
        log = log_from_frame(pl.DataFrame({"case": ["a", "a"], "activity": ["x", "y"], "time": times}))
        assert log.case_seconds().tolist() == [60.0]
        assert log.at[0] == round(datetime(2024, 1, 1, tzinfo=UTC).timestamp() * 1e6)
