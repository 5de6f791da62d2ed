"""HHCRSP files: what is read, what the published plans cost, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kouan.quant.boarding.checking import check_plan, cost_of
from kouan.quant.boarding.problem import BadBoardingProblem, BoardingPlan, Placed
from kouan.quant.boarding.reading import read_hhcrsp
from kouan.quant.boarding.solver import BoardingParams, solve
from kouan.quant.solving import Stop

BENCH = Path(__file__).parents[5] / "../shared/bench/boarding"
SMALL = {
    "patients": [
        {"id": "p1", "time_window": [0, 10.5], "required_caregivers": [{"service": "s1"}]},
        {
            "id": "p2",
            "time_window": [5, 9],
            "required_caregivers": [{"service": "s1", "duration": 2}, {"service": "s2", "duration": 3}],
            "synchronization": {"type": "sequential", "distance": [1, 4]},
        },
    ],
    "services": [{"id": "s1", "default_duration": 7}, {"id": "s2", "default_duration": 1}],
    "caregivers": [{"id": "c1", "abilities": ["s1"]}, {"id": "c2", "abilities": ["s1", "s2"]}],
    "central_offices": [{"id": "d", "location": [0, 0]}],
    "distances": [[0, 1.5, 2], [1.5, 0, 3], [2, 3, 0]],
}


def test_it_works():
    """Windows, durations with their defaults, distances between the tasks, ways in thousandths."""
    problem = read_hhcrsp(json.dumps(SMALL))
    assert problem.ways[0] == (0, 1500, 2000) and problem.divisor == 3
    assert [task.duration for visit in problem.visits for task in visit.tasks] == [7000, 2000, 3000]
    assert (problem.visits[1].tasks[1].after, problem.visits[1].tasks[1].within) == (1000, 4000)
    assert problem.visits[0].until == 10500


def broken(path: str, value: object) -> str:
    """The small file with one value replaced, or left out if the value is ``...``."""
    data = json.loads(json.dumps(SMALL))
    *way, last = [int(x) if x.isdigit() else x for x in path.split("/")]
    place = data
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (json.dumps(SMALL)[:200], "第1行"),  # cut off
        (broken("patients/0/time_window", [5, 1]), "/patients/0/time_window"),  # backward
        (broken("patients/0/time_window", [-1, 1]), "/patients/0/time_window/0"),
        (broken("patients/0/time_window/0", float("nan")), "NaN"),
        (broken("patients/0/required_caregivers/0/service", "s9"), "s9"),
        (broken("patients/1/synchronization", ...), "/patients/1：缺少 synchronization"),
        (broken("patients/1/synchronization/type", "never"), "never"),
        (broken("patients/1/required_caregivers", []), "/patients/1/required_caregivers"),
        (broken("caregivers/1/abilities", ["s1"]), "p2"),  # nobody does s2
        (broken("distances", [[0, 1], [1, 0]]), "/distances"),
        (broken("distances/1", [0, 1]), "/distances/1"),
        (broken("distances/1/1", "near"), "/distances/1/1"),
        (broken("services", ...), "缺少 services"),
        (broken("central_offices", []), "/central_offices"),
        ("[" * 100_000, "JSON|对象"),
    ],
)
def test_broken_files_are_refused(text, words):
    """Every refusal names the line or the path, and the reason."""
    with pytest.raises(BadBoardingProblem, match=words):
        read_hhcrsp(text)


@pytest.mark.skipif(not BENCH.is_dir(), reason="the public instances are not here")
@pytest.mark.parametrize(
    ("name", "cost"),
    [
        ("CPLEX_HCSRP_10_1", 218.199),
        ("CPLEX_HCSRP_25_1", 428.097),
        ("CPLEX_HCSRP_50_2", 569.388),
        ("VNS_HCSRP_100_2", 778.38),
    ],
)
def test_published_plans_cost_what_is_published(name, cost):
    """Our checker and cost agree with the published plans."""
    problem = read_hhcrsp((BENCH / f"Instanz{name}.json").read_text(encoding="utf-8"))
    [path] = BENCH.glob(f"solution_sol-Instanz{name}-*.json")
    teams = {team.name: t for t, team in enumerate(problem.teams)}
    placed = {}
    for route in json.loads(path.read_text(encoding="utf-8"))["routes"]:
        for stop in route.get("locations", ()):
            start = round(stop["arrival_time"] * problem.unit)
            placed[stop["patient"], stop["service"]] = Placed(teams[route["caregiver_id"]], start)
    plan = BoardingPlan(tuple(tuple(placed[v.name, task.skill] for task in v.tasks) for v in problem.visits))
    assert check_plan(problem, plan) == []
    assert float(cost_of(problem, plan) / problem.unit) == pytest.approx(cost, abs=0.01)


@pytest.mark.skipif(not BENCH.is_dir(), reason="the public instances are not here")
def test_ten_visits_are_proved():
    """The published value is the optimum."""
    problem = read_hhcrsp((BENCH / "InstanzCPLEX_HCSRP_10_1.json").read_text(encoding="utf-8"))
    result = solve(problem, Stop(None), 0, BoardingParams(workers=2))
    assert result.status == "optimal" and result.objective == pytest.approx(218.199, abs=0.001)
