"""builds over several periods under budgets and scenarios of demand (JSON).

The format is that of ``kouan.quant.network.readers.read_expansion``.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from kouan.quant.drawing import COLOURS, Picture
from kouan.quant.solving import Result, Stop

if TYPE_CHECKING:
    from kouan.quant.network.types import Expansion, Programme


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what only this problem takes."""
    parser.add_argument(
        "--explain", action="store_true", help="附上各期多一成预算的价值 / add what a tenth more budget would save"
    )


def read(text: str, args: argparse.Namespace) -> Expansion:
    """Read the JSON."""
    from kouan.quant.network.readers import read_expansion

    return read_expansion(text)


def solve(problem: Expansion, stop: Stop, seed: int, args: argparse.Namespace) -> Result[Programme]:
    """Solve it."""
    from kouan.quant.network import expansion

    return expansion.solve(problem, stop, seed)


def check(problem: Expansion, solution: Programme) -> tuple[float, list[tuple[str, str]]]:
    """Recompute a plan."""
    from kouan.quant.network.checker import check_programme

    return check_programme(problem, solution)


def to_plain(problem: Expansion, solution: Programme) -> dict[str, Any]:
    """Period of building by project (from 1, null for never), money by period, unmet demand by scenario and period."""
    return {
        "built_in": {
            name: int(period) + 1 if period >= 0 else None
            for name, period in zip(problem.names, solution.built_in, strict=True)
        },
        "spent": solution.spent.tolist(),
        "unmet": solution.unmet.sum(axis=2).tolist(),
    }


def explain(problem: Expansion, solution: Programme) -> dict[str, Any]:
    """What a tenth more budget in each period would save in all."""
    from kouan.quant.network.expansion import worth_of_money

    step = max(float(problem.budget.max()) / 10, 1.0)
    return {"more_budget": step, "saves_if_in_period": worth_of_money(problem, Stop(60), step)}


def draw(problem: Expansion, result: Result[Programme]) -> Picture:
    """A bar from the period of building on for each project."""
    plan = result.found()
    periods = len(problem.budget)
    picture = Picture(780, 110 + 26 * len(problem.names), "建设方案 / building programme")
    picture.text(20, 28, "各项目自建成之期起 / each project from its period on", 14)
    for period in range(periods):
        x = 200 + 540 * period / periods
        picture.text(x + 4, 56, f"{period + 1}: {plan.spent[period]:,.0f} / {problem.budget[period]:,.0f}", 10)
        picture.line(x, 60, x, 76 + 26 * len(problem.names), "#ddd")
    for row, (name, period) in enumerate(zip(problem.names, plan.built_in.tolist(), strict=True)):
        y = 66 + 26 * row
        picture.text(190, y + 15, name[:24], 11, "end", "#222" if period >= 0 else "#999")
        if period >= 0:
            x = 200 + 540 * period / periods
            picture.rectangle(x, y, 740 - x, 20, COLOURS[row % len(COLOURS)], f"+{problem.adds[row]:g}")
    return picture
