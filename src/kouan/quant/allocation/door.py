"""assigns, packs or awards: generalised assignment (OR-Library), set packing (pb_*rnd*), claims for money (JSON)."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from kouan.quant.drawing import COLOURS, Picture
from kouan.quant.solving import Result, Stop

if TYPE_CHECKING:
    from kouan.quant.allocation.types import Assignment, Awarded, Awards, Packing

    Problem = Assignment | Packing | Awards


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what only this problem takes."""
    parser.add_argument(
        "--format", choices=("auto", "assignment", "packing", "awards"), default="auto", help="文件格式 / file format"
    )
    parser.add_argument(
        "--number",
        type=int,
        metavar="K",
        help="文件含多个算例时取第 K 个 / which instance of a file that holds several",
    )
    parser.add_argument(
        "--maximise", action="store_true", help="指派求最大收益（OR-Library gap1–12） / assignment of greatest profit"
    )


def read(text: str, args: argparse.Namespace) -> Problem:
    """Read one of the three formats."""
    from kouan.quant.allocation import readers

    kind = readers.guess_format(text) if args.format == "auto" else args.format
    if kind == "awards":
        return readers.read_awards(text)
    if kind == "packing":
        return readers.read_packing(text)
    return readers.read_assignment(text, number=args.number, maximise=args.maximise)


def solve(problem: Problem, stop: Stop, seed: int, args: argparse.Namespace) -> Result[Any]:
    """Solve whichever it is."""
    from kouan.quant.allocation import assignment, awards, packing
    from kouan.quant.allocation.types import Assignment, Packing

    if isinstance(problem, Assignment):
        return assignment.solve(problem, stop, seed)
    if isinstance(problem, Packing):
        return packing.solve(problem, stop, seed)
    return awards.solve(problem, stop, seed)


def warm_up() -> None:
    """Load the compiled parts."""
    import numpy as np

    from kouan.quant.allocation import assignment, packing
    from kouan.quant.allocation.types import Assignment, Packing

    draw = np.random.default_rng(0)
    use = draw.integers(5, 25, (5, 20)).astype(float)
    assignment.solve(
        Assignment(draw.integers(1, 50, (5, 20)).astype(float), use, np.floor(0.8 * use.sum(axis=1) / 5)), Stop(0.5)
    )
    packing.solve(Packing(np.ones(3), (np.array([0, 1]),)), Stop(0.05))


def check(problem: Problem, solution: Any) -> tuple[float, list[tuple[str, str]]]:
    """Recompute a plan."""
    from kouan.quant.allocation import checker
    from kouan.quant.allocation.types import Assignment, Packing

    if isinstance(problem, Assignment):
        return checker.check_assignment(problem, solution)
    if isinstance(problem, Packing):
        return checker.check_packing(problem, solution)
    return checker.check_awards(problem, solution)


def to_plain(problem: Problem, solution: Any) -> dict[str, Any]:
    """Numbers from 1 as in the files; awards by name, with the reasons of each refusal or cut."""
    from kouan.quant.allocation.types import Assignment, Packing

    if isinstance(problem, Assignment):
        return {"agent_of_job": [int(agent) + 1 for agent in solution]}
    if isinstance(problem, Packing):
        return {"items": [int(item) + 1 for item in solution]}
    return {
        "paid": solution.paid,
        "reasons": {name: [{"zh": zh, "en": en} for zh, en in reasons] for name, reasons in solution.reasons.items()},
        "smallest_share": solution.smallest_share,
    }


def draw(problem: Problem, result: Result[Any]) -> Picture:
    """Bars: load of each agent, values of the chosen items, or money by claim."""
    from kouan.quant.allocation.types import Assignment, Packing

    if isinstance(problem, Assignment):
        return _draw_loads(problem, result)
    if isinstance(problem, Packing):
        bars = [
            (f"{int(item) + 1}", float(problem.value[item]), float(problem.value[item]), "") for item in result.found()
        ]
        return _draw_bars(f"选中 {len(bars)} 项 / {len(bars)} items chosen", bars)
    awarded: Awarded = result.found()
    rows = [
        (
            claim.name,
            awarded.paid[claim.name] / 100,
            claim.amount / 100,
            "; ".join(zh for zh, _ in awarded.reasons.get(claim.name, ())),
        )
        for claim in problem.claims
    ]
    return _draw_bars("各申请所得（元），浅色为申请额 / paid by claim (yuan), pale is asked", rows)


def _draw_bars(title: str, bars: list[tuple[str, float, float, str]]) -> Picture:
    picture = Picture(780, 70 + 20 * len(bars), title)
    picture.text(20, 28, title, 14)
    most = max((whole for _, _, whole, _ in bars), default=1.0) or 1.0
    for row, (name, part, whole, hint) in enumerate(bars):
        y = 48 + 20 * row
        picture.text(150, y + 12, name[:20], 11, "end")
        picture.rectangle(160, y, 520 * whole / most, 15, "#d9e2e7", hint)
        picture.rectangle(160, y, 520 * part / most, 15, COLOURS[0], hint)
        picture.text(166 + 520 * whole / most, y + 12, f"{part:,.2f}".rstrip("0").rstrip("."), 11)
    return picture


def _draw_loads(problem: Assignment, result: Result[Any]) -> Picture:
    agents, jobs = problem.cost.shape
    picture = Picture(860, 70 + 26 * agents, "指派方案 / assignment")
    picture.text(
        20,
        28,
        f"{agents} 个单位、{jobs} 件任务；竖线为容量 / {agents} agents, {jobs} jobs; the line is the capacity",
        14,
    )
    widest = max(float(problem.capacity.max()), 1e-9)
    for agent in range(agents):
        y, x = 48 + 26 * agent, 90.0
        picture.text(80, y + 14, str(agent + 1), 11, "end")
        for job in range(jobs):
            if int(result.found()[job]) == agent:
                width = 700 * float(problem.use[agent, job]) / widest
                use, cost = problem.use[agent, job], problem.cost[agent, job]
                hint = f"任务 / job {job + 1}: 占用 / use {use:g}, 费用 / cost {cost:g}"
                picture.rectangle(x, y, width, 20, COLOURS[job % len(COLOURS)], hint, "#fff")
                x += width
        edge = 90 + 700 * float(problem.capacity[agent]) / widest
        picture.line(edge, y - 2, edge, y + 22, "#111", 2)
    return picture
