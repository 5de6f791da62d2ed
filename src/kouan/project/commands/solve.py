"""solves a planning problem from a public file format and prints value, bound and plan.

Every plan is recomputed by an independent checker before it is shown. With --json one object is printed:
{"status", "objective", "bound", "gap", "seconds", "solution", "reasons"}. Ctrl-C or SIGTERM ends the search and still
prints the best plan found. Status of the process: 0 a plan, 3 no plan was found in time, 4 proved to be infeasible.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from kouan.project.hub import CommandFailed
from kouan.project.waiting import Progress, add_progress, catch_signals

DOORS = {
    "berths": "kouan.quant.berths.door",
    "boarding": "kouan.quant.boarding.door",
    "quays": "kouan.quant.quays.door",
    "location": "kouan.quant.network.location_door",
    "network": "kouan.quant.network.design_door",
    "expansion": "kouan.quant.network.expansion_door",
    "allocation": "kouan.quant.allocation.door",
}
"""Name of a problem → the module that reads, solves, checks and draws it.

Such a module has a docstring whose first line is the help and five functions: ``add_arguments(parser)``,
``read(text, args) -> problem`` (raises UnusableProblem), ``solve(problem, stop, seed, args) -> Result``,
``check(problem, solution) -> (objective, faults)``, ``to_plain(problem, solution) -> dict`` and
``draw(problem, result) -> Picture``. It may have ``warm_up()``, which loads compiled parts before the clock starts,
and, with an argument ``--explain``, ``explain(problem, solution) -> dict``.
"""
MOST_BYTES = 512 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes: one subcommand for each problem."""
    problems = parser.add_subparsers(dest="problem", metavar="PROBLEM", required=True, title="问题 / problems")
    for name, path in DOORS.items():
        module = importlib.import_module(path)
        text = module.__doc__ or ""
        one = problems.add_parser(
            name, help=text.partition("\n")[0], description=text, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        one.add_argument("file", metavar="FILE", help="实例文件，- 为标准输入 / instance file, - for standard input")
        one.add_argument(
            "--seconds", type=float, default=60.0, metavar="N", help="时间上限（秒） / time limit (default 60)"
        )
        one.add_argument(
            "--gap", type=float, default=0.0, metavar="G", help="可接受的相对差距 / relative gap that is good enough"
        )
        one.add_argument("--seed", type=int, default=0, help="随机种子 / seed of random choices")
        one.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
        one.add_argument("--draw", metavar="FILE.svg|html", help="把方案画到文件 / draw the plan")
        add_progress(one)
        module.add_arguments(one)


def run(args: argparse.Namespace) -> int:
    """Read, solve, check, print, draw."""
    from kouan.quant.reading import UnusableProblem
    from kouan.quant.solving import Stop

    if not math.isfinite(args.seconds) or args.seconds < 0 or not 0 <= args.gap < 1:
        raise CommandFailed(
            "--seconds 应为非负数，--gap 应在 0 与 1 之间 / --seconds is 0 or more, --gap between 0 and 1"
        )
    if args.draw and not args.draw.endswith((".svg", ".html")):
        raise CommandFailed("--draw 的文件名应以 .svg 或 .html 结尾 / the file of --draw ends in .svg or .html")
    door = importlib.import_module(DOORS[args.problem])
    text = read_text(args.file)
    try:
        problem = door.read(text, args)
    except UnusableProblem as fault:
        raise CommandFailed(f"{args.file}：{fault.zh}\n{args.file}: {fault.en}") from None
    told = catch_signals()
    began = time.monotonic()
    if hasattr(door, "warm_up"):
        door.warm_up()
    warmed = time.monotonic() - began
    try:
        watch = Progress(args.progress).step
        stop = Stop(args.seconds, gap=args.gap, cancelled=told.is_set, watch=watch)
        result = door.solve(problem, stop, args.seed, args)
    except UnusableProblem as fault:
        raise CommandFailed(f"{args.file}：{fault.zh}\n{args.file}: {fault.en}") from None
    if result.solution is not None:
        value, faults = door.check(problem, result.solution)
        if faults or not math.isclose(value, result.objective, rel_tol=1e-6, abs_tol=1e-6):
            listed = "; ".join(f"{zh} / {en}" for zh, en in faults[:5])
            raise CommandFailed(
                f"方案未通过复核，不予输出 / the plan failed its check and is withheld: {listed or value}"
            )
    show(args, door, problem, result, warmed)
    return 0 if result.solution is not None else 4 if result.status == "infeasible" else 3


def read_text(name: str) -> str:
    """The text of a file of at most MOST_BYTES, or of standard input."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(MOST_BYTES + 1)
    except OSError as fault:
        raise CommandFailed(f"无法读取 {name}：{fault.strerror} / cannot read {name}: {fault.strerror}") from None
    if len(data) > MOST_BYTES:
        raise CommandFailed(f"{name} 超过 {MOST_BYTES} 字节 / {name} is larger than {MOST_BYTES} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise CommandFailed(f"{name} 第 {line} 行不是 UTF-8 文本 / {name}, line {line}: not UTF-8 text") from None


def show(args: argparse.Namespace, door: ModuleType, problem: Any, result: Any, warmed: float) -> None:
    """Print a result and draw it where that was asked."""
    answer = {
        "status": result.status,
        "objective": plain(result.objective),
        "bound": plain(result.bound),
        "gap": plain(result.gap),
        "seconds": round(result.seconds, 3),
        "warm_up_seconds": round(warmed, 3),
        "solution": None if result.solution is None else door.to_plain(problem, result.solution),
        "reasons": [{"zh": zh, "en": en} for zh, en in result.reasons],
    }
    if getattr(args, "explain", False) and result.solution is not None:
        answer["explanation"] = door.explain(problem, result.solution)
    facts = [
        ("状态 / status", result.status),
        (
            "目标值 / objective",
            "–"
            if result.objective is None
            else f"{result.objective:,.6g}"
            if abs(result.objective) < 1e5
            else f"{result.objective:,.3f}",
        ),
        ("界 / bound", "–" if result.bound is None else f"{result.bound:,.3f}"),
        ("差距 / gap", "–" if result.gap is None else f"{100 * result.gap:.3f} %"),
        ("用时 / seconds", f"{result.seconds:.2f}"),
    ]
    if args.draw and result.solution is not None:
        picture = door.draw(problem, result)
        Path(args.draw).write_text(
            picture.svg() if args.draw.endswith(".svg") else picture.page(facts), encoding="utf-8"
        )
    if args.json:
        print(json.dumps(answer, ensure_ascii=False, allow_nan=False))
        return
    for name, value in facts:
        print(f"{name}: {value}")
    for zh, en in result.reasons:
        print(f"- {zh}\n  {en}")


def plain(number: float | None) -> float | None:
    """A number that JSON can hold; whole ones without a fraction."""
    if number is None or not math.isfinite(number):
        return None
    return int(number) if float(number).is_integer() else float(number)
