"""plans berths on DBAP files or generated quays, beside a plain CP-SAT and a plain HiGHS model in the same run.

kouan bench berths                        generated quays of 30 x 3, 40 x 5, 60 x 7 and 200 x 15
kouan bench berths FILE… --seconds 60     DBAP files
kouan bench berths --cpu                  count CPU seconds for Kouan's own rows (on a busy machine)

"start" is what loading the compiled parts took (the first time on a machine: compiling them); it is not in "seconds".
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

from kouan.quant.berths import door
from kouan.quant.berths.checking import check_plan
from kouan.quant.berths.problem import Berth, BerthProblem, Ship
from kouan.quant.berths.reading import read_dbap
from kouan.quant.berths.solver import solve
from kouan.quant.solving import Stop

SIZES = ((30, 3), (40, 5), (60, 7), (200, 15))


def main(words: list[str]) -> int:
    """Measure and print one table, or one JSON object."""
    parser = argparse.ArgumentParser(prog="kouan bench berths", description=__doc__)
    parser.add_argument("files", nargs="*", metavar="FILE", help="DBAP 文件 / DBAP files")
    parser.add_argument("--seconds", type=float, default=60.0, help="每题时限 / time limit of each (default 60)")
    parser.add_argument("--seed", type=int, default=0, help="随机种子 / seed")
    parser.add_argument("--cpu", action="store_true", help="以处理器时间计 / count CPU seconds")
    parser.add_argument("--no-peers", action="store_true", help="只跑口岸自己的 / without the peers")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    args = parser.parse_args(words)
    problems = [read_dbap(Path(name).read_text(encoding="utf-8"), Path(name).stem) for name in args.files]
    problems = problems or [make_quay(ships, berths, args.seed) for ships, berths in SIZES]
    began = time.perf_counter()
    door.warm_up()
    start = time.perf_counter() - began
    rows: list[dict[str, Any]] = []
    for problem in problems:
        rows.append(own_row(problem, args))
        if not args.no_peers:
            rows.append(cp_sat_row(problem, args.seconds))
            rows.append(highs_row(problem, args.seconds))
    print(json.dumps({"start": start, "rows": rows}) if args.json else table(rows, start))
    return 0


def make_quay(ships: int, berths: int, seed: int) -> BerthProblem:
    """A quay like those of the public files: arrivals over 140 hours, handling doubled at most of the berths."""
    chance = random.Random(f"{ships} {berths} {seed}")
    quick = max(2, berths // 2)
    calls = []
    for i in range(ships):
        base = 2 * chance.randint(3, 20)
        handling = [base if k < quick else 2 * base for k in range(berths)]
        handling = [None if chance.random() < 0.15 else h for h in handling]
        handling[chance.randrange(quick)] = base
        calls.append(Ship(str(i + 1), chance.randint(1, 140), tuple(handling), latest_departure=2000))
    return BerthProblem(tuple(calls), tuple(Berth(str(k + 1), 12) for k in range(berths)), name=f"{ships} x {berths}")


def own_row(problem: BerthProblem, args: argparse.Namespace) -> dict[str, Any]:
    """Kouan's planner; "within" is when it first had a plan within half a percent of its last bound."""
    clock = time.process_time if args.cpu else time.monotonic
    result = solve(problem, Stop(args.seconds, clock=clock), args.seed)
    assert not check_plan(problem, result.found())
    last = result.bound or 0.0
    close = [step.seconds for step in result.history if step.objective is not None and step.objective <= last * 1.005]
    return row(problem, "kouan", result.objective, result.bound, result.seconds, close[0] if close else None)


def cp_sat_row(problem: BerthProblem, seconds: float) -> dict[str, Any]:
    """The model that the manual suggests: optional intervals, one row of them per berth."""
    from ortools.sat.python import cp_model

    model, spent = cp_model.CpModel(), []
    horizon = max(ship.latest_departure or 0 for ship in problem.ships)
    rows: list[list[Any]] = [[] for _ in problem.berths]
    for ship in problem.ships:
        end, chosen = model.new_int_var(0, horizon, ""), []
        for k, berth in enumerate(problem.berths):
            hours = ship.handling[k]
            if hours is None:
                continue
            here, begin = model.new_bool_var(""), model.new_int_var(max(ship.arrival, berth.opens), horizon, "")
            rows[k].append(model.new_optional_interval_var(begin, hours, end, here, ""))
            chosen.append(here)
        model.add_exactly_one(chosen)
        spent.append(ship.priority * (end - ship.arrival))
    for intervals in rows:
        model.add_no_overlap(intervals)
    model.minimize(sum(spent))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    began = time.monotonic()
    found = solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    value = solver.objective_value if found else None
    return row(problem, "CP-SAT", value, solver.best_objective_bound, time.monotonic() - began)


def highs_row(problem: BerthProblem, seconds: float) -> dict[str, Any]:
    """One time-indexed model: a column per ship, berth and start within the longest first-come, first-served wait."""
    import numpy as np

    from kouan.quant import linear

    last = _last_start(problem)
    model, ship_rows, slot_rows = linear.Model(), [], []
    columns = 0
    costs: list[float] = []
    for i, ship in enumerate(problem.ships):
        for k, berth in enumerate(problem.berths):
            hours = ship.handling[k]
            if hours is None:
                continue
            for start in range(max(ship.arrival, berth.opens), last + 1):
                costs.append(ship.priority * (start + hours - ship.arrival))
                ship_rows.append((i, columns))
                slot_rows += [(k * (last + 200) + t, columns) for t in range(start, start + hours)]
                columns += 1
    if len(slot_rows) > 20_000_000:
        return row(problem, "HiGHS", None, None, 0.0, note="model too large")
    model.add_columns(np.array(costs), 0.0, 1.0, whole=True)
    ship_array, slot_array = np.array(ship_rows), np.array(slot_rows)
    model.add_rows(ship_array[:, 0], ship_array[:, 1], 1.0, 1.0, 1.0, len(problem.ships))
    model.add_rows(slot_array[:, 0], slot_array[:, 1], 1.0, -np.inf, 1.0, int(slot_array[:, 0].max()) + 1)
    began = time.monotonic()
    answer = linear.solve(model, Stop(seconds))
    return row(problem, "HiGHS", answer.objective, answer.bound, time.monotonic() - began)


def _last_start(problem: BerthProblem) -> int:
    """When the last ship begins if all are taken as they come."""
    free, last = [berth.opens for berth in problem.berths], 0
    for ship in sorted(problem.ships, key=lambda ship: ship.arrival):
        ends = [(max(f, ship.arrival) + h, k) for k, (f, h) in enumerate(zip(free, ship.handling, strict=True)) if h]
        end, k = min(ends)
        last, free[k] = max(last, end - (ship.handling[k] or 0)), end
    return last


def row(
    problem: BerthProblem,
    who: str,
    value: float | None,
    bound: float | None,
    seconds: float,
    close: float | None = None,
    note: str = "",
) -> dict[str, Any]:
    """One row of the table."""
    gap = None if value is None or bound is None or not value else (value - bound) / value
    found = {"problem": problem.name, "by": who, "value": value, "bound": bound, "gap": gap, "seconds": seconds}
    return found | {"within": close, "note": note}


def table(rows: list[dict[str, Any]], start: float) -> str:
    """The rows as text."""
    lines = [f"{'problem':<12} {'by':<7} {'value':>9} {'bound':>9} {'gap':>8} {'seconds':>8} {'0.5% at':>8}"]
    for one in rows:
        value, bound, gap, close = (one[key] for key in ("value", "bound", "gap", "within"))
        cells = ("–" if value is None else f"{value:,.0f}", "–" if bound is None else f"{bound:,.0f}")
        tail = ("–" if gap is None else f"{gap:.3%}", f"{one['seconds']:.1f}", "–" if close is None else f"{close:.1f}")
        lines.append(
            f"{one['problem']:<12} {one['by']:<7} {cells[0]:>9} {cells[1]:>9} {tail[0]:>8} {tail[1]:>8} {tail[2]:>8} "
            f"{one['note']}"
        )
    return "\n".join([*lines, f"start {start:.1f} s"])
