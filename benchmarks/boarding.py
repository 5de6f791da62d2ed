"""plans joint boarding on HHCRSP files or generated days, beside a plain CP-SAT model in the same run.

kouan bench boarding                       generated days of 10, 25, 50 and 100 visits
kouan bench boarding FILE… --seconds 60    HHCRSP files
kouan bench boarding --cpu                 count CPU seconds instead of wall time, for Kouan's own rows
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from pathlib import Path
from typing import Any

import numpy as np

from kouan.quant.boarding import bounding, door
from kouan.quant.boarding.checking import check_plan
from kouan.quant.boarding.problem import BoardingProblem, Task, Team, Visit
from kouan.quant.boarding.reading import read_hhcrsp
from kouan.quant.boarding.solver import solve
from kouan.quant.boarding.tables import build_tables
from kouan.quant.solving import Stop

SIZES = (10, 25, 50, 100)


def main(words: list[str]) -> int:
    """Measure and print one table, or one JSON object."""
    parser = argparse.ArgumentParser(prog="kouan bench boarding", description=__doc__)
    parser.add_argument("files", nargs="*", metavar="FILE", help="HHCRSP 文件 / HHCRSP files")
    parser.add_argument("--seconds", type=float, default=60.0, help="每题时限 / time limit of each (default 60)")
    parser.add_argument("--seed", type=int, default=0, help="随机种子 / seed")
    parser.add_argument("--cpu", action="store_true", help="以处理器时间计 / count CPU seconds")
    parser.add_argument("--no-peers", action="store_true", help="只跑口岸自己的 / without the peers")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    args = parser.parse_args(words)
    problems = [read_hhcrsp(Path(name).read_text(encoding="utf-8"), Path(name).stem) for name in args.files]
    problems = problems or [make_day(visits, args.seed) for visits in SIZES]
    began = time.perf_counter()
    door.warm_up()
    start = time.perf_counter() - began
    rows: list[dict[str, Any]] = []
    for problem in problems:
        rows.append(own_row(problem, args))
        if not args.no_peers:
            rows.append(cp_sat_row(problem, args.seconds))
    print(json.dumps({"start": start, "rows": rows}) if args.json else table(rows, start))
    return 0


def make_day(visits: int, seed: int) -> BoardingProblem:
    """A day like those of the public files: a third of the visits need two teams, half of these at one moment."""
    chance = random.Random(f"{visits} {seed}")
    points = [(chance.uniform(0, 100), chance.uniform(0, 100)) for _ in range(visits + 1)]
    ways = tuple(tuple(round(1000 * math.dist(a, b)) for b in points) for a in points)
    teams = []
    for t in range(max(3, visits // 5)):
        skills = ("s1", "s2", "s3") if t % 2 == 0 else ("s4", "s5", "s6")
        teams.append(Team(f"c{t + 1}", frozenset(skills if t < 2 else chance.sample(skills, chance.randint(1, 3)))))
    calls = []
    for v in range(visits):
        tasks = [Task(f"s{chance.randint(1, 6)}", 14_000)]
        if chance.random() < 0.3:
            other = chance.randint(4, 6) if tasks[0].skill in ("s1", "s2", "s3") else chance.randint(1, 3)
            gap = chance.choice([0, chance.randint(5, 60) * 1000])
            tasks.append(Task(f"s{other}", 14_000, gap, 2 * gap))
        since = chance.randint(0, 480) * 1000
        calls.append(Visit(f"p{v + 1}", v + 1, tuple(tasks), since, since + 120_000))
    return BoardingProblem(tuple(calls), tuple(teams), ways, 1000, divisor=3, name=f"{visits} visits")


def own_row(problem: BoardingProblem, args: argparse.Namespace) -> dict[str, Any]:
    """Kouan's planner; "last" is when it found its last improvement."""
    clock = time.process_time if args.cpu else time.monotonic
    result = solve(problem, Stop(args.seconds, clock=clock), args.seed)
    assert not check_plan(problem, result.found())
    last = next(step.seconds for step in result.history if step.objective == result.objective)
    return row(problem, "kouan", result.objective, result.bound, result.seconds, last)


def cp_sat_row(problem: BoardingProblem, seconds: float) -> dict[str, Any]:
    """The plain model: a circuit per team, without a first plan and without a limit on the cost."""
    from ortools.sat.python import cp_model

    tables = build_tables(problem)
    model = bounding.BoardingModel(cp_model, tables, None)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    began = time.monotonic()
    found = solver.solve(model.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    parts = problem.divisor * problem.unit
    value = solver.objective_value / parts if found else None
    bound = solver.best_objective_bound / parts
    return row(problem, "CP-SAT", value, bound if np.isfinite(bound) else None, time.monotonic() - began, None)


def row(
    problem: BoardingProblem,
    who: str,
    value: float | None,
    bound: float | None,
    seconds: float,
    last: float | None,
) -> dict[str, Any]:
    """One row of the table."""
    gap = None if value is None or bound is None or not value else (value - bound) / value
    found = {"problem": problem.name, "by": who, "value": value, "bound": bound, "gap": gap, "seconds": seconds}
    return found | {"last": last}


def table(rows: list[dict[str, Any]], start: float) -> str:
    """The rows as text."""
    lines = [f"{'problem':<26} {'by':<7} {'value':>10} {'bound':>10} {'gap':>8} {'seconds':>8} {'last':>6}"]
    for one in rows:
        cells = ["–" if one[key] is None else f"{one[key]:,.3f}" for key in ("value", "bound")]
        cells += ["–" if one["gap"] is None else f"{one['gap']:.2%}", f"{one['seconds']:.1f}"]
        cells += ["–" if one["last"] is None else f"{one['last']:.1f}"]
        cells = [f"{one['problem']:<26} {one['by']:<7} {cells[0]:>10} {cells[1]:>10}", *cells[2:]]
        lines.append(f"{cells[0]} {cells[1]:>8} {cells[2]:>8} {cells[3]:>6}")
    return "\n".join([*lines, f"start {start:.1f} s"])
