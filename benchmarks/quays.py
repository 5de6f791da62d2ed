"""plans continuous quays of made days, beside first come, first served and a plain CP-SAT model in the same run.

kouan bench quays                       8, 15, 30 and 100 ships on 1,200 m
kouan bench quays --ships 20 --seed 3   one size

"start" is what loading the compiled parts took (the first time on a machine: compiling them); it is not in "seconds".
"""

from __future__ import annotations

import argparse
import json
import random
import time
from typing import Any

from kouan.quant.quays import door
from kouan.quant.quays.checking import check_plan, cost_of
from kouan.quant.quays.problem import QuayPlan, QuayProblem, QuayShip, Spot
from kouan.quant.quays.solver import solve
from kouan.quant.solving import Stop

SIZES = (8, 15, 30, 100)


def main(words: list[str]) -> int:
    """Measure and print one table, or one JSON object."""
    parser = argparse.ArgumentParser(prog="kouan bench quays", description=__doc__)
    parser.add_argument("--ships", type=int, action="append", help="船舶数 / ships")
    parser.add_argument("--seconds", type=float, default=30.0, help="每题时限 / time limit of each (default 30)")
    parser.add_argument("--seed", type=int, default=0, help="随机种子 / seed")
    parser.add_argument("--cpu", action="store_true", help="以处理器时间计 / count CPU seconds for Kouan's own rows")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    args = parser.parse_args(words)
    began = time.perf_counter()
    door.warm_up()
    start = time.perf_counter() - began
    rows: list[dict[str, Any]] = []
    for ships in args.ships or SIZES:
        problem = make_day(ships, args.seed)
        clock = time.process_time if args.cpu else time.monotonic
        result = solve(problem, Stop(args.seconds, clock=clock), args.seed)
        assert not check_plan(problem, result.found())
        rows.append(row(problem, "kouan", result.objective, result.bound, result.seconds))
        rows.append(row(problem, "as they come", float(cost_of(problem, as_they_come(problem))), None, 0.0))
        rows.append(cp_sat_row(problem, args.seconds))
    print(json.dumps({"start": start, "rows": rows}) if args.json else table(rows, start))
    return 0


def make_day(ships: int, seed: int) -> QuayProblem:
    """Ships of 60 to 300 m that want some place on 1,200 m; so many an hour that the quay is nearly full."""
    chance = random.Random(f"{ships} {seed}")
    calls = []
    for i in range(ships):
        length, hours = 10 * chance.randint(6, 30), chance.randint(4, 24)
        wished = 10 * chance.randint(0, (1200 - length) // 10)
        arrival = chance.randint(0, max(1, 5 * ships // 2))
        calls.append(QuayShip(str(i + 1), arrival, hours, length, priority=100, wished=wished, away_cost=1))
    return QuayProblem(1200, tuple(calls), name=f"{ships} ships")


def as_they_come(problem: QuayProblem) -> QuayPlan:
    """Each ship in order of arrival at the earliest moment, as near to her wish as then fits."""
    spots: dict[int, Spot] = {}
    for i in sorted(range(len(problem.ships)), key=lambda i: problem.ships[i].arrival):
        ship = problem.ships[i]
        begin = ship.arrival
        while i not in spots:
            taken = [
                (spot.position, spot.position + problem.ships[j].length)
                for j, spot in spots.items()
                if spot.start < begin + ship.handling and begin < spot.start + problem.ships[j].handling
            ]
            edges = [ship.wished or 0, 0, problem.quay - ship.length, *(high for _, high in taken)]
            edges += [low - ship.length for low, _ in taken]
            free = [
                at
                for at in edges
                if 0 <= at <= problem.quay - ship.length
                and all(at >= high or at + ship.length <= low for low, high in taken)
            ]
            if free:
                spots[i] = Spot(min(free, key=lambda at: abs(at - (ship.wished or 0))), begin)
            begin += 1
    return QuayPlan(tuple(spots[i] for i in range(len(problem.ships))))


def cp_sat_row(problem: QuayProblem, seconds: float) -> dict[str, Any]:
    """The model that the manual suggests: rectangles that may not overlap."""
    from ortools.sat.python import cp_model

    model, spent, across, along = cp_model.CpModel(), [], [], []
    horizon = max(ship.arrival for ship in problem.ships) + sum(ship.handling for ship in problem.ships)
    for ship in problem.ships:
        begin = model.new_int_var(ship.arrival, horizon, "")
        place = model.new_int_var(0, problem.quay - ship.length, "")
        away = model.new_int_var(0, problem.quay, "")
        model.add_abs_equality(away, place - (ship.wished or 0))
        along.append(model.new_fixed_size_interval_var(begin, ship.handling, ""))
        across.append(model.new_fixed_size_interval_var(place, ship.length, ""))
        spent.append(ship.priority * (begin + ship.handling - ship.arrival) + ship.away_cost * away)
    model.add_no_overlap_2d(along, across)
    model.minimize(sum(spent))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    began = time.monotonic()
    found = solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    value = solver.objective_value if found else None
    return row(problem, "CP-SAT", value, solver.best_objective_bound, time.monotonic() - began)


def row(problem: QuayProblem, who: str, value: float | None, bound: float | None, seconds: float) -> dict[str, Any]:
    """One row of the table."""
    gap = None if value is None or bound is None or not value else (value - bound) / value
    return {"problem": problem.name, "by": who, "value": value, "bound": bound, "gap": gap, "seconds": seconds}


def table(rows: list[dict[str, Any]], start: float) -> str:
    """The rows as text."""
    lines = [f"{'problem':<12} {'by':<13} {'value':>10} {'bound':>10} {'gap':>8} {'seconds':>8}"]
    for one in rows:
        value, bound = (("–" if one[key] is None else f"{one[key]:,.0f}") for key in ("value", "bound"))
        gap = "–" if one["gap"] is None else f"{one['gap']:.2%}"
        lines.append(f"{one['problem']:<12} {one['by']:<13} {value:>10} {bound:>10} {gap:>8} {one['seconds']:>8.1f}")
    return "\n".join([*lines, f"start {start:.1f} s"])
