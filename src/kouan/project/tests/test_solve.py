"""`./kouan solve` prints a checked plan as JSON, draws it, and refuses bad files with line and reason."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kouan.project.hub import main

CAP = "3 4\n10 50\n10 60\n10 70\n4\n1 9 9\n4\n1 9 9\n3\n9 1 9\n5\n9 9 2\n"
DOW = "T\n3 3 1\n1 2 1 10 5 1 1\n2 3 1 10 5 1 2\n1 3 5 10 1 1 3\n1 3 4\n"
GAP = "2 3\n1 2 3\n4 5 6\n1 1 1\n2 2 2\n2 4\n"
PACKING = "2 3\n5 4 3\n2\n1 2\n2\n2 3\n"
AWARDS = json.dumps(
    {"pots": {"p": 100}, "claims": [{"name": "甲", "applicant": "x", "pot": "p", "amount": 200, "score": 1}]}
)
PMED = "3 2 1\n1 2 4\n2 3 1\n"


@pytest.mark.parametrize(
    ("problem", "text", "value"),
    [
        ("location", CAP, None),
        ("location", PMED, 5),
        ("network", DOW, 18),
        ("allocation", GAP, 9),
        ("allocation", PACKING, 8),
        ("allocation", AWARDS, 0),
    ],
)
@pytest.mark.parametrize("picture", ["plan.svg", "plan.html"])
def test_it_works(problem, text, value, picture, tmp_path: Path, capsys):
    file, drawn = tmp_path / "instance", tmp_path / picture
    file.write_text(text, encoding="utf-8")
    assert main(["solve", problem, str(file), "--json", "--seconds", "600", "--draw", str(drawn)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {"objective", "bound", "gap", "seconds", "solution"} <= set(answer)
    assert answer["status"] == "optimal" and answer["objective"] == answer["bound"] and answer["gap"] == 0
    assert value is None or answer["objective"] == value
    assert "<svg" in drawn.read_text(encoding="utf-8")


@pytest.mark.parametrize("problem", ["location", "network", "allocation"])
@pytest.mark.parametrize("text", ["", "nan", "1 2 x", "\x00\x01", "9" * 400, "2 2\n1", "{"])
def test_garbage_is_refused_in_both_languages(problem, text, tmp_path: Path, capsys):
    file = tmp_path / "garbage"
    file.write_text(text)
    assert main(["solve", problem, str(file), "--json", "--seconds", "1"]) == 1
    said = capsys.readouterr()
    assert not said.out and len(said.err.strip().splitlines()) >= 2


@pytest.mark.parametrize("words", [["--seconds", "-1"], ["--seconds", "nan"], ["--gap", "2"], ["--draw", "x.pdf"]])
def test_bad_options_are_refused(words, tmp_path: Path, capsys):
    file = tmp_path / "instance"
    file.write_text(DOW)
    assert main(["solve", "network", str(file), *words]) == 1
    assert capsys.readouterr().err


def test_an_infeasible_problem_says_why(tmp_path: Path, capsys):
    file = tmp_path / "instance"
    file.write_text(DOW.replace("1 3 4", "1 3 40"))
    assert main(["solve", "network", str(file), "--json"]) == 4
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == "infeasible" and answer["reasons"][0]["zh"] and answer["solution"] is None


def test_a_missing_file_is_named(capsys):
    assert main(["solve", "network", "/does/not/exist"]) == 1
    assert "/does/not/exist" in capsys.readouterr().err


def test_a_signal_ends_the_search_with_the_best_plan(tmp_path: Path):
    import random

    draw = random.Random(1)
    agents, jobs = 20, 200
    use = [[draw.randint(1, 100) for _ in range(jobs)] for _ in range(agents)]
    cost = [[111 - size + draw.randint(-10, 10) for size in row] for row in use]
    room = [int(0.8 * sum(row) / agents) for row in use]
    file = tmp_path / "hard"
    file.write_text("\n".join([f"{agents} {jobs}", *(" ".join(map(str, row)) for row in [*cost, *use, room])]))
    command = [sys.executable, "-m", "kouan.project", "solve", "allocation", str(file), "--json", "--seconds", "300"]
    environment = dict(os.environ, PYTHONPATH=str(Path(__file__).parents[3]))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        time.sleep(1.0)
        while process.poll() is None:
            process.send_signal(signal.SIGTERM) if _is_searching(process.pid) else None
            time.sleep(0.5)
        out, err = process.communicate()
    assert process.returncode in (0, 3), err
    assert json.loads(out)["status"] in ("feasible", "unknown")


def _is_searching(pid: int) -> bool:
    """Whether the process catches SIGTERM by now (bit 15 of the mask of caught signals)."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return True
    line = next((line for line in status.read_text().splitlines() if line.startswith("SigCgt:")), "SigCgt: 0")
    return bool(int(line.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
