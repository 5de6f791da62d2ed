"""The doors of the statistics and the simulation: what they print, draw and refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kouan.project.hub import main

MODEL = Path(__file__).parents[2] / "quant" / "simulation" / "examples" / "river_port.yaml"
ROWS = "case_id,activity,timestamp,channel\n" + "".join(
    f"{case},{name},2024-01-01 {8 + hour:02d}:{case:02d}:00,{'red' if case % 3 else 'green'}\n"
    for case in range(40)
    for hour, name in enumerate(("arrive", "declare", "release"))
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_clock_stats_prints_the_agreed_json(log, capsys):
    assert main(["clock", "stats", str(log), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {name: report[name] for name in ("events", "cases", "activities", "variants", "edges")} == {
        "events": 120,
        "cases": 40,
        "activities": 3,
        "variants": 1,
        "edges": 2,
    }
    assert {name: report["case_seconds"][name] for name in ("mean", "median", "p90", "p95")} == dict.fromkeys(
        ("mean", "median", "p90", "p95"), 7200.0
    )


def test_clock_stats_speaks_to_a_person_and_draws(log, capsys, tmp_path):
    words = [
        "--by",
        "channel",
        "--stage",
        "通关: declare -> release",
        "--target",
        "2h",
        "--full",
        "--outliers",
        "tukey:3",
    ]
    for name in ("map.svg", "map.html"):
        assert main(["clock", "stats", str(log), *words, "--draw", str(tmp_path / name)]) == 0
        assert "<svg" in (tmp_path / name).read_text(encoding="utf-8")
    printed = capsys.readouterr().out
    for word in ("案件 cases 40", "green", "通关", "瓶颈", "100.0%"):
        assert word in printed


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (["--target", "soon"], "span of time"),
        (["--stage", "arrive"], "name: from -> to"),
        (["--stage", "arrive -> leave"], "no activity 'leave'"),
        (["--outliers", "magic"], "none, tukey"),
        (["--level", "2"], "between 0 and 1"),
        (["--case", "nothing"], "no column 'nothing'"),
        (["--by", "port"], "no column 'port'"),
        (["--draw", "map.bmp"], ".svg or .html"),
    ],
)
def test_clock_stats_refuses_with_a_sentence(log, capsys, words, word):
    assert main(["clock", "stats", str(log), *words]) == 1
    assert word in capsys.readouterr().err


SCHEME = """
agencies: {海关: {hours: 7x24}}
stamps:
  declare: {agency: 海关, state: await_agency}
  release: {agency: 海关, state: idle}
"""


def test_the_acts_of_the_clock_answer_people_and_machines(log, capsys, tmp_path):
    scheme = tmp_path / "scheme.yaml"
    scheme.write_text(SCHEME, encoding="utf-8")
    later = log.read_text().replace("2024-", "2025-").replace("\n", "\nlater-").removesuffix("later-")
    log.write_text(log.read_text() + later.partition("\n")[2], encoding="utf-8")
    asked = {
        "attribute": (
            ["--scheme", str(scheme)],
            "等待单位 agency wait",
            lambda r: r["parts"]["agency_wait"]["share"],
            0.5,
        ),
        "conform": (["--path", "arrive -> declare -> tax? -> release"], "100.0%", lambda r: r["fitting"], 80),
        "effect": (["--measure-at", "2024-06-01", "--by", "channel"], "分层", lambda r: r["difference"]["value"], 0),
        "compare": (["--base-year", "2024", "--year", "2025"], "1 月", lambda r: r["months"][0]["now"]["cases"], 40),
    }
    for act, (words, printed, read, value) in asked.items():
        picture = tmp_path / f"{act}.svg"
        assert main(["clock", act, str(log), *words, "--json", "--draw", str(picture)]) == 0
        assert read(json.loads(capsys.readouterr().out)) == value
        assert "<svg" in picture.read_text(encoding="utf-8")
        assert main(["clock", act, str(log), *words]) == 0
        assert printed in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "status", "word"),
    [
        (["stats", "--seconds", "0"], 3, "not read to its end"),
        (["stats", "--seconds", "nan"], 1, "0 or more"),
        (["conform", "--path", "a -> ?"], 1, "no step"),
        (["effect", "--measure-at", "soon"], 1, "no moment"),
        (["effect", "--measure-at", "2030-01-01"], 1, "no case began"),
        (["compare", "--base-year", "2017", "--year", "2024"], 1, "no case of 2017"),
        (["attribute", "--scheme", "nowhere.yaml"], 1, "nowhere.yaml"),
    ],
)
def test_the_acts_of_the_clock_refuse_with_a_sentence(log, capsys, words, status, word):
    assert main(["clock", words[0], str(log), *words[1:]]) == status
    assert word in capsys.readouterr().err


def test_clock_fit_prints_a_model_that_simulate_plays(tmp_path, capsys):
    log = tmp_path / "log.parquet"
    assert main(["simulate", str(MODEL), "--replications", "1", "--log", str(log)]) == 0
    capsys.readouterr()
    assert main(["clock", "fit", str(log), "--stage", "review: review begin -> review end"]) == 0
    fitted = tmp_path / "model.yaml"
    fitted.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["simulate", str(fitted), "--replications", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["release_seconds"]["mean"]["value"] > 0


def test_simulate_compares_scenarios_within_its_time(tmp_path, capsys):
    page = tmp_path / "page.html"
    words = ["--seconds", "1", "--scenario", "tax later", "--set", "agencies.customs.staff.desk.people=9"]
    assert main(["simulate", str(MODEL), *words, "--draw", str(page), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report["scenarios"]) == {"tax later", "--set"}
    assert report["seconds"] < 20
    assert page.read_text(encoding="utf-8").count("<svg") == 3
    assert main(["simulate", str(MODEL), "--replications", "2"]) == 0
    assert "customs.desk" in capsys.readouterr().out


def test_simulate_searches_and_says_that_nothing_is_proved(capsys):
    assert main(["simulate", str(MODEL), "--search", "--seconds", "2", "--replications", "2", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["status"] in ("feasible", "unknown")
    assert report["bound"] is None


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (["--scenario", "nothing"], "no scenario 'nothing'"),
        (["--set", "steps.tax"], "path=value"),
        (["--set", "steps.toll.stage=after"], "leads nowhere"),
        (["--set", "steps.tax.stage=later"], "one of before"),
        (["--replications", "0"], "at least one"),
        (["--seconds", "-1"], "time limit"),
        (["--draw", "x.bmp"], ".svg or .html"),
    ],
)
def test_simulate_refuses_with_a_sentence(capsys, words, word):
    assert (
        main(["simulate", str(MODEL), *(["--replications", "1"] if "--replications" not in words else []), *words]) == 1
    )
    assert word in capsys.readouterr().err


def test_simulate_that_cannot_play_once_in_time_says_so(capsys):
    assert main(["simulate", str(MODEL), "--seconds", "0", "--set", "days=400"]) in (0, 3)
    said = capsys.readouterr()
    assert "no replication" in said.err or "base" in said.out
