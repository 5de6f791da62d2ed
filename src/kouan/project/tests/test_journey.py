"""`./kouan journey` prints checked journeys from YAML, JSON and GTFS, and refuses bad files."""

import json
import zipfile
from pathlib import Path

import pytest

from kouan.project.hub import main

PLAN = """
start: 2026-11-23
days: 3
stops: [{id: a}, {id: b, handling_minutes: 30, clearance: [[60, 0.5], [300, 1]]}, {id: c}]
services:
  - {id: in, mode: rail, calls: [{stop: a, depart: "08:00"}, {stop: b, arrive: "10:00", cost: 5, co2: 1}]}
  - {id: early, mode: barge, calls: [{stop: b, depart: "12:00"}, {stop: c, arrive: "20:00", cost: 5}]}
  - {id: late, mode: air, calls: [{stop: b, depart: "16:00"}, {stop: c, arrive: "18:00", cost: 50}]}
"""


def plan(tmp_path: Path) -> str:
    (tmp_path / "plan.yaml").write_text(PLAN)
    return str(tmp_path / "plan.yaml")


@pytest.mark.parametrize(
    ("by", "names"),
    [("time,transfers", ["late"]), ("time,reliability", ["late"]), ("time,cost,reliability", ["late", "early"])],
)
def test_it_works(by, names, tmp_path: Path, capsys):
    drawn = tmp_path / "plan.html"
    assert main(["journey", plan(tmp_path), "a", "c", "--by", by, "--json", "--draw", str(drawn)]) == 0
    journeys = json.loads(capsys.readouterr().out)["journeys"]
    found = [journey["legs"][-1]["name"].split()[0] for journey in journeys]
    assert set(names) <= set(found) and "<svg" in drawn.read_text()


def test_a_profile(tmp_path: Path, capsys):
    assert main(["journey", plan(tmp_path), "a", "c", "--at", "2026-11-23 00:00", "--profile", "30", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["profile"]
    assert [row["departure"] for row in rows][:2] == ["2026-11-23 08:00:00", "2026-11-24 08:00:00"]


def test_a_gtfs_zip(tmp_path: Path, capsys):
    from kouan.quant.journeys.tests.test_readers import FEED

    with zipfile.ZipFile(tmp_path / "feed.zip", "w") as packed:
        for name, text in FEED.items():
            packed.writestr(name, text)
    assert main(["journey", str(tmp_path / "feed.zip"), "甲", "丙", "--at", "2026-11-23", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["journeys"][0]["arrival"] == "2026-11-24 01:00:00"


@pytest.mark.parametrize("text", ["", "a: [1", "&x [*x]", "{", "start: 2026-11-23\nstops: 3", "\x00", "[" * 5000])
def test_a_bad_file_is_refused(text, tmp_path: Path, capsys):
    (tmp_path / "plan.yaml").write_text(text)
    assert main(["journey", str(tmp_path / "plan.yaml"), "a", "b"]) == 1
    said = capsys.readouterr()
    assert said.err and not said.out


@pytest.mark.parametrize(
    "words",
    [["x", "c"], ["a", "a"], ["a", "c", "--by", "beauty"], ["a", "c", "--at", "noon"], ["a", "c", "--least", "7"]],
)
def test_bad_questions_are_refused(words, tmp_path: Path, capsys):
    assert main(["journey", plan(tmp_path), *words]) == 1
    assert capsys.readouterr().err


def test_no_way_is_said(tmp_path: Path, capsys):
    assert main(["journey", plan(tmp_path), "c", "a", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["journeys"] == []
