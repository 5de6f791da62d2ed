"""opens lines for many flows: fixed-charge multicommodity network design (Canad .dow files)."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any

from kouan.quant.drawing import COLOURS, Picture
from kouan.quant.solving import Result, Stop

if TYPE_CHECKING:
    from kouan.quant.network.types import Design, Lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what only this problem takes."""
    parser.add_argument(
        "--explain",
        action="store_true",
        help="附上解释：满载的线、加一单位能力的价值 / add full lines and the worth of one more unit",
    )


def read(text: str, args: argparse.Namespace) -> Design:
    """Read a ``.dow`` file."""
    from kouan.quant.network.readers import read_canad

    return read_canad(text)


def solve(problem: Design, stop: Stop, seed: int, args: argparse.Namespace) -> Result[Lines]:
    """Solve it."""
    from kouan.quant.network import design

    return design.solve(problem, stop, seed)


def check(problem: Design, solution: Lines) -> tuple[float, list[tuple[str, str]]]:
    """Recompute a plan."""
    from kouan.quant.network.checker import check_lines

    return check_lines(problem, solution)


def to_plain(problem: Design, solution: Lines) -> dict[str, Any]:
    """Arcs and commodities numbered from 1, as in the file; flows as [commodity, arc, amount]."""
    return {
        "open": [arc + 1 for arc in solution.open.tolist()],
        "flows": [
            [k + 1, arc + 1, float(solution.flow[k, arc])]
            for k, arc in zip(*(i.tolist() for i in solution.flow.nonzero()), strict=True)
        ],
    }


def explain(problem: Design, solution: Lines) -> dict[str, Any]:
    """Full lines and what one more unit of capacity on them is worth."""
    from kouan.quant.network.explaining import explain_lines

    return explain_lines(problem, solution)


def draw(problem: Design, result: Result[Lines]) -> Picture:
    """Nodes on a circle, open arcs as wide as their load, full ones in red."""
    plan = result.solution
    assert plan is not None
    picture = Picture(780, 820, "线网方案 / network of lines")
    picture.text(
        40,
        30,
        f"开通 {len(plan.open)} 条弧，线宽为流量，红色为满载 / {len(plan.open)} arcs open, width is load, red is full",
        14,
    )
    place = [
        (
            390 + 320 * math.sin(2 * math.pi * node / problem.nodes),
            430 - 320 * math.cos(2 * math.pi * node / problem.nodes),
        )
        for node in range(problem.nodes)
    ]
    load = plan.flow.sum(axis=0)
    most = max(float(load.max(initial=0.0)), 1e-9)
    for arc in plan.open.tolist():
        (x1, y1), (x2, y2) = place[problem.tail[arc]], place[problem.head[arc]]
        length = max(math.hypot(x2 - x1, y2 - y1), 1e-9)
        aside_x, aside_y = 3 * (y2 - y1) / length, -3 * (x2 - x1) / length
        full = load[arc] >= problem.capacity[arc] * (1 - 1e-6)
        hint = f"{problem.tail[arc] + 1} → {problem.head[arc] + 1}: {load[arc]:g} / {problem.capacity[arc]:g}"
        picture.line(
            x1 + aside_x,
            y1 + aside_y,
            x2 + aside_x,
            y2 + aside_y,
            COLOURS[1] if full else COLOURS[0],
            0.8 + 7 * load[arc] / most,
            hint,
        )
    for node, (x, y) in enumerate(place):
        picture.circle(x, y, 11, "#fff", stroke="#222")
        picture.text(x, y + 4, str(node + 1), 11, "middle")
    return picture
