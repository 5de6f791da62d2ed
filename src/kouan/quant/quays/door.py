"""plans a continuous quay: where along it and when each ship lies (JSON with the fields of QuayProblem)."""

from __future__ import annotations

import argparse
from typing import Any

from kouan.quant.drawing import Picture
from kouan.quant.quays.problem import QuayPlan, QuayProblem
from kouan.quant.solving import Result, Stop


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what quays take besides the common arguments."""
    parser.add_argument("--workers", type=int, metavar="N", help="证明所用线程数 / threads of the proof")


def read(text: str, args: argparse.Namespace) -> QuayProblem:
    """Read the problem."""
    from kouan.quant.plain_data import read_dataclass

    return read_dataclass(QuayProblem, text)


def warm_up() -> None:
    """Compile or load the compiled parts."""
    from kouan.quant.quays.problem import QuayShip
    from kouan.quant.quays.solver import QuayParams, solve

    ships = tuple(QuayShip(str(i), i, 2, 2) for i in range(3))
    solve(QuayProblem(3, ships), Stop(None), 0, QuayParams(moves=1, workers=1))


def solve(problem: QuayProblem, stop: Stop, seed: int, args: argparse.Namespace) -> Result[QuayPlan]:
    """Solve it."""
    from kouan.quant.quays import solver

    params = solver.QuayParams(workers=args.workers) if args.workers else solver.QuayParams()
    return solver.solve(problem, stop, seed, params)


def check(problem: QuayProblem, solution: QuayPlan) -> tuple[float, list[tuple[str, str]]]:
    """Recompute a plan."""
    from kouan.quant.quays.checking import check_plan, cost_of

    return float(cost_of(problem, solution)), check_plan(problem, solution)


def to_plain(problem: QuayProblem, solution: QuayPlan) -> dict[str, Any]:
    """Ship by ship."""
    return {
        "ships": [
            {
                "ship": ship.name,
                "position": spot.position,
                "arrival": ship.arrival,
                "start": spot.start,
                "departure": spot.start + ship.handling,
            }
            for ship, spot in zip(problem.ships, solution.spots, strict=True)
        ]
    }


def draw(problem: QuayProblem, result: Result[QuayPlan]) -> Picture:
    """The quay from top to bottom, time to the right."""
    from kouan.quant.quays.drawing import draw_plan

    return draw_plan(problem, result.found())
