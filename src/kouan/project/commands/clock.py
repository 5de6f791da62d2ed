"""measures time to release in an event log of cases (XES, CSV, Parquet, Arrow).

kouan clock stats LOG --json                    cases, variants, mean, median, P90, P95 with intervals
kouan clock stats LOG --full --by channel       also edges, variants, rework; figures per channel
kouan clock stats LOG --stage "arrive -> release" --target 24h --outliers tukey:3
kouan clock stats LOG --draw map.svg            the process map; .html adds figures and curves
kouan clock fit LOG --stage "review: begin -> end"   arrivals and steps fitted, as a model for `kouan simulate`
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from kouan.project.hub import CommandFailed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("act", choices=("stats", "fit"), help="统计、拟合 / sum a log up, or fit a model to it")
    parser.add_argument("file", metavar="LOG", help="事件日志 / the event log")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    parser.add_argument("--full", action="store_true", help="含流转图、路径、返工 / with graph, variants and rework")
    parser.add_argument(
        "--form", default="", choices=("", "xes", "csv", "parquet", "arrow"), help="文件格式 / the form of the file"
    )
    parser.add_argument("--case", default="", metavar="COLUMN", help="案件列 / the column of the case")
    parser.add_argument("--activity", default="", metavar="COLUMN", help="环节列 / the column of the activity")
    parser.add_argument("--time", default="", metavar="COLUMN", help="时间列 / the column of the time")
    parser.add_argument(
        "--zone", default="Asia/Shanghai", help="未写明时区的时间所用时区 / the zone of stamps that name none"
    )
    parser.add_argument(
        "--transitions", action="store_true", help="XES：区分开始与完成 / XES: tell start and completion apart"
    )
    parser.add_argument("--by", default="", metavar="COLUMN", help="按该属性分组 / figures per label of this attribute")
    parser.add_argument(
        "--stage", action="append", default=[], metavar="'NAME: A|B -> C'", help="统计一个阶段 / measure a stage"
    )
    parser.add_argument("--target", default="", metavar="24h", help="目标时长 / the target")
    parser.add_argument(
        "--outliers",
        default="none",
        metavar="RULE",
        help="极端值规则：none、tukey:3、ceiling:30d / the rule for outliers",
    )
    parser.add_argument("--level", type=float, default=0.95, help="置信水平 / the level of the intervals (0.95)")
    parser.add_argument("--seconds", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--draw", metavar="FILE.svg|html", help="画出流转图 / draw the process map")


def run(args: argparse.Namespace) -> int:
    """Read, measure, print, draw."""
    from kouan.quant.release_times.intake import Layout
    from kouan.quant.release_times.log import NotAsked, UnreadableLog
    from kouan.quant.release_times.reading import read_log
    from kouan.quant.release_times.report import read_rule, read_seconds, read_stage, report_log

    layout = Layout(args.case, args.activity, args.time, (args.by,) if args.by else (), args.zone)
    try:
        rule, stages = read_rule(args.outliers), [read_stage(text) for text in args.stage]
        target = read_seconds(args.target) if args.target else None
        log = read_log(args.file, layout, form=args.form, transitions=args.transitions)
        if args.act == "fit":
            print(fit(log, stages, args.zone), end="")
            return 0
        report = report_log(log, target=target, by=args.by, stages=stages, rule=rule, level=args.level, full=args.full)
        if args.draw:
            draw(log, report, Path(args.draw))
    except (UnreadableLog, NotAsked, OSError) as error:
        raise CommandFailed(str(error)) from None
    if args.json:
        json.dump(report, sys.stdout, ensure_ascii=False, indent=1, allow_nan=False)
        print()
    else:
        print_report(report)
    return 0


def fit(log: Any, stages: list[Any], zone: str) -> str:
    """Fit arrivals and the steps that the stages name; return a model file."""
    import yaml

    from kouan.quant.simulation.calibration import Stamps, fit_model

    if not stages:
        raise CommandFailed(
            "请用 --stage 'NAME: BEGIN -> END' 指明步骤\nname the steps with --stage 'NAME: BEGIN -> END'"
        )
    model = fit_model(log, [Stamps(stage.name, stage.begins[0], stage.ends[0]) for stage in stages], zone)
    near = "".join(
        f"# {name}: 样本 sample {one['sample']}，距离 distance {one['distance']}\n"
        for name, one in model.pop("fit").items()
    )
    head = "# 由事件日志拟合；请补充人员（agencies）与 needs。/ fitted to an event log; add agencies and needs.\n"
    return head + near + yaml.safe_dump(model, allow_unicode=True, sort_keys=False)


def draw(log: Any, report: dict[str, Any], path: Path) -> None:
    """Write the process map, and for HTML the figures and curves with it."""
    from kouan.quant.release_times.drawing import draw_map, draw_page

    if path.suffix == ".svg":
        path.write_text(draw_map(log), encoding="utf-8")
    elif path.suffix in (".html", ".htm"):
        path.write_text(draw_page(log, report), encoding="utf-8")
    else:
        raise CommandFailed("图的文件名应以 .svg 或 .html 结尾\nthe drawing's name ends in .svg or .html")


def print_report(report: dict[str, Any]) -> None:
    """Print what a person wants to see first."""
    print(
        f"事件 events {report['events']:,}   案件 cases {report['cases']:,}   环节 activities {report['activities']}   "
        f"路径 variants {report['variants']:,}   流转 edges {report['edges']:,}"
    )
    print_figures("全程 whole case", report["case_seconds"], report["level"])
    for name, figures in report.get("strata", {}).items():
        print_figures(name or "（无 none）", figures, report["level"])
    for name, stage in report.get("stages", {}).items():
        if "finished" in stage:
            print_figures(f"{name}（已结束 finished）", stage["finished"], report["level"])
        print(f"  {name}: {stage['cases']} 案 cases，未结束 unfinished {stage['unfinished']}")
        print_remarks(stage["quality"])
    for row in report.get("bottlenecks", []):
        print(f"  瓶颈 bottleneck {row['before']} → {row['after']}: {row['total_seconds'] / 3600:,.1f} h")
    print_remarks(report["quality"])


def print_figures(name: str, figures: dict[str, Any], level: float) -> None:
    """Print one row of figures in hours with their intervals."""
    print(f"{name}（{figures['count']:,} 案 cases，小时 hours，{level:.0%} 区间 interval）")
    for key, label in (("mean", "平均 mean"), ("median", "中位 median"), ("p90", "P90"), ("p95", "P95")):
        low, high = (("–" if bound is None else f"{bound / 3600:,.2f}") for bound in figures["intervals"][key])
        print(f"  {label:<12} {figures[key] / 3600:>14,.2f}   [{low}, {high}]")
    if "within" in figures:
        low, high = figures["intervals"]["within"]
        print(f"  {'达标 within':<12} {figures['within']:>14.1%}   [{low:.1%}, {high:.1%}]")


def print_remarks(quality: list[dict[str, Any]]) -> None:
    """Print what was left out or looks odd."""
    for remark in quality:
        mark = "剔除 left out" if remark["excluded"] else "注意 note"
        rows = f"（行 rows {', '.join(map(str, remark['rows']))}）" if remark["rows"] else ""
        print(f"  {mark} {remark['count']:,}: {remark['zh']} / {remark['en']}{rows}")
