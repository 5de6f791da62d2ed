"""plans joint boarding: which teams go aboard which ship together, and when (HHCRSP JSON, or Kouan's own).

The value of an HHCRSP file is (way travelled + sum of lateness + largest lateness) / 3. A file with “visits” is
Kouan's own form; its fields are those of BoardingProblem, Visit, Task and Team.
"""

from __future__ import annotations

import argparse
from typing import Any

from kouan.quant.boarding.problem import BoardingPlan, BoardingProblem
from kouan.quant.drawing import Picture
from kouan.quant.solving import Result, Stop


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what boarding takes besides the common arguments."""
    parser.add_argument("--workers", type=int, metavar="N", help="证明所用线程数 / threads of the proof")


def read(text: str, args: argparse.Namespace) -> BoardingProblem:
    """Read either format."""
    from kouan.quant.boarding.reading import read_hhcrsp
    from kouan.quant.plain_data import read_dataclass

    return read_dataclass(BoardingProblem, text) if '"visits"' in text else read_hhcrsp(text)


def warm_up() -> None:
    """Compile or load the compiled parts."""
    from kouan.quant.boarding.problem import Task, Team, Visit
    from kouan.quant.boarding.solver import BoardingParams, solve

    visits = tuple(Visit(str(i), 1, (Task("a", 1), Task("b", 1))) for i in range(2))
    teams = (Team("a", frozenset("a")), Team("b", frozenset("b")))
    solve(BoardingProblem(visits, teams, ((0, 1), (1, 0))), Stop(None), 0, BoardingParams(moves=1, workers=1))


def solve(problem: BoardingProblem, stop: Stop, seed: int, args: argparse.Namespace) -> Result[BoardingPlan]:
    """Solve it."""
    from kouan.quant.boarding import solver

    params = solver.BoardingParams(workers=args.workers) if args.workers else solver.BoardingParams()
    return solver.solve(problem, stop, seed, params)


def check(problem: BoardingProblem, solution: BoardingPlan) -> tuple[float, list[tuple[str, str]]]:
    """Recompute a plan."""
    from kouan.quant.boarding.checking import check_plan, cost_of

    faults = check_plan(problem, solution)
    return (0.0 if faults else float(cost_of(problem, solution) / problem.unit)), faults


def to_plain(problem: BoardingProblem, solution: BoardingPlan) -> dict[str, Any]:
    """Routes in the form of the HHCRSP solutions, times in the file's unit, and the visits left out."""
    routes = []
    for t, team in enumerate(problem.teams):
        stops = [
            (one.start, task, visit)
            for visit, placed in zip(problem.visits, solution.visits, strict=True)
            for task, one in zip(visit.tasks, placed or (), strict=False)
            if one.team == t
        ]
        locations = [
            {
                "patient": visit.name,
                "service": task.skill,
                "arrival_time": start / problem.unit,
                "departure_time": (start + task.duration) / problem.unit,
            }
            for start, task, visit in sorted(stops, key=lambda stop: stop[0])
        ]
        routes.append({"caregiver_id": team.name, "locations": locations})
    out = [v.name for v, placed in zip(problem.visits, solution.visits, strict=True) if placed is None]
    return {"routes": routes, "left_out": out}


def draw(problem: BoardingProblem, result: Result[BoardingPlan]) -> Picture:
    """A Gantt chart: a row per team, lines between the teams that are aboard together."""
    from kouan.quant.boarding.drawing import draw_plan

    return draw_plan(problem, result.found())
