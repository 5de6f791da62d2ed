"""plans berths: which ship lies where and when (DBAP text files, or Kouan's own JSON).

The value is the sum of departure minus arrival, weighted by priority, and the further costs that a JSON file names.
A file that begins with “{” is JSON; its fields are those of BerthProblem, Ship, Berth and Anchorage.
"""

from __future__ import annotations

import argparse
from typing import Any

from kouan.quant.berths.problem import BerthPlan, BerthProblem
from kouan.quant.drawing import Picture
from kouan.quant.solving import Result, Stop


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what berths take besides the common arguments."""
    parser.add_argument("--no-proof", action="store_true", help="只求方案与界 / no proof beyond the bound")


def read(text: str, args: argparse.Namespace) -> BerthProblem:
    """Read either format."""
    from kouan.quant.berths.reading import read_dbap
    from kouan.quant.plain_data import read_dataclass

    return read_dataclass(BerthProblem, text) if text.lstrip()[:1] == "{" else read_dbap(text)


def warm_up() -> None:
    """Compile or load the compiled parts."""
    from kouan.quant.berths.problem import Berth, Ship
    from kouan.quant.berths.solver import BerthParams, solve

    tiny = BerthProblem(tuple(Ship(str(i), i, (3, 4)) for i in range(3)), (Berth("1"), Berth("2")))
    solve(tiny, Stop(None), 0, BerthParams(moves=1))


def solve(problem: BerthProblem, stop: Stop, seed: int, args: argparse.Namespace) -> Result[BerthPlan]:
    """Solve it."""
    from kouan.quant.berths import solver

    return solver.solve(problem, stop, seed, solver.BerthParams(proof=not args.no_proof))


def check(problem: BerthProblem, solution: BerthPlan) -> tuple[float, list[tuple[str, str]]]:
    """Recompute a plan."""
    from kouan.quant.berths.checking import check_plan, cost_of

    faults = check_plan(problem, solution)
    return (0.0 if faults else float(cost_of(problem, solution))), faults


def to_plain(problem: BerthProblem, solution: BerthPlan) -> dict[str, Any]:
    """Ship by ship, with the names of the file."""
    rows = zip(problem.ships, solution.berths, solution.starts, solution.departures, solution.anchorages, strict=True)
    return {
        "ships": [
            {
                "ship": ship.name,
                "berth": problem.berths[k].name,
                "arrival": ship.arrival,
                "start": start,
                "departure": sails,
                **({} if area is None else {"anchorage": problem.anchorages[area].name}),
            }
            for ship, k, start, sails, area in rows
        ]
    }


def draw(problem: BerthProblem, result: Result[BerthPlan]) -> Picture:
    """A Gantt chart: berths from top to bottom, time to the right, a thin line for the wait before berthing."""
    from kouan.quant.berths.drawing import draw_plan

    assert result.solution is not None
    return draw_plan(problem, result.solution)
