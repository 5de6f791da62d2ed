"""plays a model of clearance (YAML) many times and says how long release takes, with intervals.

kouan simulate MODEL.yaml                              the base model
kouan simulate MODEL.yaml --scenario NAME              a scenario of the file, compared with the base
kouan simulate MODEL.yaml --set steps.tax.stage=after  a change of your own, compared with the base
kouan simulate MODEL.yaml --warm-up                    how many days the model takes to settle
kouan simulate MODEL.yaml --search                     the best measures and staffing within the file's budget
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from kouan.project.hub import CommandFailed
from kouan.project.waiting import Progress, add_progress, catch_signals


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", metavar="MODEL.yaml", help="模型文件 / the model file")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    parser.add_argument("--seconds", type=float, default=60.0, help="时限（秒） / the time limit in seconds (60)")
    parser.add_argument("--replications", type=int, default=20, help="重复次数 / replications (20)")
    parser.add_argument("--threads", type=int, default=1, help="同时运行的重复次数 / replications at a time (1)")
    parser.add_argument("--seed", type=int, default=0, help="随机种子 / the seed (0)")
    parser.add_argument("--scenario", action="append", default=[], metavar="NAME", help="方案，可多次给出 / a scenario")
    parser.add_argument(
        "--set", action="append", default=[], metavar="PATH=VALUE", dest="changes", help="改动 / a change"
    )
    parser.add_argument("--warm-up", action="store_true", help="判断预热天数 / suggest the days of warm-up")
    parser.add_argument("--search", action="store_true", help="寻找最佳措施与人员 / search measures and staffing")
    parser.add_argument(
        "--log", metavar="FILE.csv|parquet", help="写出事件日志 / write one replication as an event log"
    )
    add_progress(parser)
    parser.add_argument("--draw", metavar="FILE.svg|html", help="画图 / draw")


def run(args: argparse.Namespace) -> int:
    """Read the model, play it, print and draw."""
    from kouan.quant.simulation.model import ImpossibleModel
    from kouan.quant.simulation.reading import load_model
    from kouan.quant.simulation.replications import RunStopped, prepare
    from kouan.quant.solving import Stop

    told = catch_signals()
    try:
        file = load_model(Path(args.file).read_text(encoding="utf-8-sig"))
        prepare()
        stop = Stop(args.seconds, cancelled=told.is_set, watch=Progress(args.progress).step)
        if args.warm_up:
            report = suggest_warm_up(file, args)
        elif args.search:
            report = search(file, args, stop)
        else:
            report = play(file, args, stop)
    except RunStopped:
        print(
            f"{args.seconds:g} 秒的时限或信号到达时尚无一次完整的重复 / "
            f"no replication came to its end within {args.seconds:g} s or before the signal",
            file=sys.stderr,
        )
        return 3
    except BrokenPipeError:
        raise
    except UnicodeDecodeError:
        raise CommandFailed(f"{args.file} 不是 UTF-8 文本 / {args.file} is not UTF-8 text") from None
    except (ImpossibleModel, OSError, ValueError) as error:
        raise CommandFailed(str(error)) from None
    if args.json:
        json.dump(report, sys.stdout, ensure_ascii=False, indent=1, allow_nan=False)
        print()
    else:
        print_report(report)
    return 0


def suggest_warm_up(file: Any, args: argparse.Namespace) -> dict[str, Any]:
    """Say how long the model takes to settle."""
    from kouan.quant.simulation.replications import find_warm_up

    return {"warm_up_days": find_warm_up(file.model(), args.seed)}


def play(file: Any, args: argparse.Namespace, stop: Any) -> dict[str, Any]:
    """Play the base and each scenario on common random numbers."""
    from kouan.quant.simulation.replications import compare, simulate_all

    variants = {name: file.scenario(name) for name in args.scenario}
    if args.changes:
        variants["--set"] = file.changed(dict(read_change(text) for text in args.changes))
    models = {"base": file.model(), **{name: variant.model() for name, variant in variants.items()}}
    shown = Progress(args.progress)
    studies = simulate_all(
        models,
        stop,
        args.seed,
        replications=args.replications,
        threads=args.threads,
        progress=lambda done: shown.count(done, args.replications),
    )
    base = studies["base"]
    report = base.to_json() | {"model": base.model.name, "seconds": stop.elapsed(), "scenarios": {}}
    for name, study in studies.items():
        if name == "base":
            continue
        found = compare(base, study)
        saved = found.saved_by_pairing
        report["scenarios"][name] = study.to_json() | {
            "difference": {figure: estimate.to_json() for figure, estimate in found.differences.items()},
            "saved_by_pairing": saved if saved == saved else None,
        }
    if args.log:
        write_log(base.model, args)
    if args.draw:
        draw(studies, Path(args.draw))
    return report


def search(file: Any, args: argparse.Namespace, stop: Any) -> dict[str, Any]:
    """Search measures and staffing."""
    from kouan.quant.simulation.search import read_search, solve

    result = solve(read_search(file), stop, args.seed, {"replications": args.replications})
    best = result.solution
    report = {
        "status": result.status, "objective": result.objective, "bound": result.bound, "gap": result.gap,
        "seconds": result.seconds, "reasons": [{"zh": zh, "en": en} for zh, en in result.reasons],
        "params": result.params,
        "solution": None if best is None else best.to_json(),
    }  # fmt: skip
    if args.draw and best is not None:
        draw({"base": best.base, "best": best.study}, Path(args.draw))
    return report


def read_change(text: str) -> tuple[str, Any]:
    """Read ``path=value``; the value is YAML."""
    import yaml

    path, sign, value = text.partition("=")
    if not sign:
        raise CommandFailed(f"改动“{text}”应写作 路径=值\nthe change '{text}' should be written as path=value")
    try:
        return path, yaml.safe_load(value)
    except yaml.YAMLError:
        raise CommandFailed(f"“{value}”不是有效的值\n'{value}' is no value") from None


def write_log(model: Any, args: argparse.Namespace) -> None:
    """Write the first replication as an event log that ``kouan clock`` reads."""
    from kouan.quant.simulation.calibration import log_of_run

    frame = log_of_run(model, args.seed)
    path = Path(args.log)
    if path.suffix == ".csv":
        frame.write_csv(path)
    elif path.suffix == ".parquet":
        frame.write_parquet(path)
    else:
        raise CommandFailed("日志的文件名应以 .csv 或 .parquet 结尾\nthe log's name ends in .csv or .parquet")


def draw(studies: dict[str, Any], path: Path) -> None:
    """Write the comparison as a picture, or as a page with it."""
    from kouan.quant.simulation.drawing import draw_page, draw_release

    if path.suffix not in (".svg", ".html", ".htm"):
        raise CommandFailed("图的文件名应以 .svg 或 .html 结尾\nthe drawing's name ends in .svg or .html")
    path.write_text(draw_release(studies) if path.suffix == ".svg" else draw_page(studies), encoding="utf-8")


def print_report(report: dict[str, Any]) -> None:
    """Print what a person wants to see first."""
    if "warm_up_days" in report:
        print(f"预热 warm-up: {report['warm_up_days']:.1f} 天 days")
        return
    if "status" in report:
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return
    print(f"{report['model']}  （{report['replications']} 次重复 replications，{report['level']:.0%} 区间 intervals）")
    print_release("基准 base", report)
    for name, found in report["scenarios"].items():
        print_release(name, found)
        for figure, estimate in found["difference"].items():
            scale = 100 if figure == "within" else 1 / 3600
            unit = "%" if figure == "within" else "h"
            print(f"    Δ {figure:<8} {estimate['value'] * scale:>+10.2f} {unit}  {bounds(estimate, scale)}")
    print("步骤 steps（每天 per day；等待、作业 wait, work，分钟 minutes）")
    for name, step in report["steps"].items():
        wait, work = (step[key]["value"] / 60 if key in step else 0.0 for key in ("wait", "work"))
        print(f"  {name:<24} {step['visits']['value']:>9.1f} {wait:>9.1f} {work:>9.1f}")
    print("人员利用 staff in use")
    for name, use in report["staff_use"].items():
        print(f"  {name:<24} {use['value']:>9.1%}")
    for note in report["notes"]:
        print(f"  注意 note: {note['zh']} / {note['en']}")


def print_release(name: str, report: dict[str, Any]) -> None:
    """Print the time from arrival to release in hours."""
    print(f"  {name}：到港至放行 arrival to release（小时 hours）")
    for figure, estimate in report["release_seconds"].items():
        if figure in ("cases", "unfinished"):
            continue
        scale, unit = (100, "%") if figure == "within" else (1 / 3600, "h")
        print(f"    {figure:<10} {estimate['value'] * scale:>10.2f} {unit}  {bounds(estimate, scale)}")


def bounds(estimate: dict[str, Any], scale: float) -> str:
    """An interval in brackets."""
    if estimate["low"] is None:
        return "[–]"
    return f"[{estimate['low'] * scale:.2f}, {estimate['high'] * scale:.2f}]"
