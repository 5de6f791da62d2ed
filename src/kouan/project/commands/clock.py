"""measures time to release in an event log of cases (XES, CSV, Parquet, Arrow).

kouan clock stats LOG --json                    cases, variants, mean, median, P90, P95 with intervals
kouan clock stats LOG --full --by channel       also edges, variants, rework; figures per channel
kouan clock stats LOG --stage "arrive -> release" --target 24h --outliers tukey:3
kouan clock stats LOG --draw map.svg            the process map; .html adds figures and curves
kouan clock attribute LOG --scheme SCHEME.yaml  whose time it was: agency, queue, closed hours, trader
kouan clock conform LOG --path "declare -> review+ & inspect? -> release"     fit to an expected path
kouan clock effect LOG --measure-at 2026-03-01 --by channel                   before and after a measure
kouan clock compare LOG --base-year 2017 --year 2026                          month by month with a base year
kouan clock fit LOG --stage "review: begin -> end"   arrivals and steps fitted, as a model for `kouan simulate`

Every act takes --json, --seconds N (reading and counting end there, with a sentence and status 3) and, but for fit,
--draw FILE.svg or FILE.html.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from kouan.project.hub import CommandFailed
from kouan.project.waiting import catch_signals

ACTS = {
    "stats": "统计 / sums a log up",
    "attribute": "时间归因 / whose time it was",
    "conform": "路径符合度 / fit to an expected path",
    "effect": "措施前后比较 / before and after a measure",
    "compare": "与基年同期比较 / month by month with a base year",
    "fit": "拟合模型 / fits a model to it",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes: one subcommand for each act."""
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True, title="操作 / acts")
    made = {name: acts.add_parser(name, help=text, description=text) for name, text in ACTS.items()}
    for name, one in made.items():
        add_reading(one)
        if name in ("stats", "effect", "compare"):
            add_durations(one)
    made["stats"].add_argument(
        "--full", action="store_true", help="含流转图、路径、返工 / with graph, variants and rework"
    )
    made["stats"].add_argument("--target", default="", metavar="24h", help="目标时长 / the target")
    made["fit"].add_argument("--stage", action="append", default=[], metavar="'NAME: A -> B'", help="一个步骤 / a step")
    made["attribute"].add_argument(
        "--scheme",
        required=True,
        metavar="FILE.yaml",
        help="各环节含义与开放时间 / what stamps mean, when agencies open",
    )
    made["conform"].add_argument(
        "--path", required=True, metavar="'A -> B & C? -> D+'", help="预期路径 / the expected path"
    )
    made["effect"].add_argument(
        "--measure-at", required=True, metavar="2026-03-01", help="措施开始时刻 / when the measure began"
    )
    made["effect"].add_argument(
        "--horizon", default="", metavar="10d", help="未结束案件的比较期限 / up to when the unfinished are compared"
    )
    made["compare"].add_argument("--base-year", type=int, required=True, metavar="2017", help="基年 / the base year")
    made["compare"].add_argument("--year", type=int, required=True, metavar="2026", help="比较年 / the year compared")
    for name in ("stats", "attribute", "conform", "effect", "compare"):
        made[name].add_argument("--draw", metavar="FILE.svg|html", help="画图 / draw")


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Declare how a log is read."""
    parser.add_argument("file", metavar="LOG", help="事件日志 / the event log")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    parser.add_argument("--seconds", type=float, default=3600.0, metavar="N", help="时限（秒） / time limit (3600)")
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


def add_durations(parser: argparse.ArgumentParser) -> None:
    """Declare which durations are measured, and in which strata."""
    parser.add_argument("--by", default="", metavar="COLUMN", help="按该属性分组 / figures per label of this attribute")
    parser.add_argument(
        "--stage", action="append", default=[], metavar="'NAME: A|B -> C'", help="统计一个阶段 / measure a stage"
    )
    parser.add_argument(
        "--outliers",
        default="none",
        metavar="RULE",
        help="极端值规则：none、tukey:3、ceiling:30d / the rule for outliers",
    )
    parser.add_argument("--level", type=float, default=0.95, help="置信水平 / the level of the intervals (0.95)")


def run(args: argparse.Namespace) -> int:
    """Read, measure, print, draw."""
    from kouan.quant.release_times.intake import Layout, ReadingStopped
    from kouan.quant.release_times.log import NotAsked, UnreadableLog
    from kouan.quant.release_times.reading import read_log
    from kouan.quant.solving import Stop

    if not math.isfinite(args.seconds) or args.seconds < 0:
        raise CommandFailed("--seconds 应为非负数 / --seconds is 0 or more")
    if getattr(args, "draw", None) and Path(args.draw).suffix not in (".svg", ".html", ".htm"):
        raise CommandFailed("图的文件名应以 .svg 或 .html 结尾\nthe drawing's name ends in .svg or .html")
    by = getattr(args, "by", "")
    layout = Layout(args.case, args.activity, args.time, (by,) if by else (), args.zone)
    told = catch_signals()
    try:
        answer = prepare(args)
        stop = Stop(args.seconds, cancelled=told.is_set)
        log = read_log(args.file, layout, form=args.form, transitions=args.transitions, stop=stop)
        return answer(log)
    except ReadingStopped as error:
        print(error, file=sys.stderr)
        return 3
    except BrokenPipeError:
        raise
    except (UnreadableLog, NotAsked, OSError) as error:
        raise CommandFailed(str(error)) from None


def prepare(args: argparse.Namespace) -> Any:
    """Read what the act was asked for before the log, which may be large; returns what answers it."""
    from kouan.quant.release_times import studies
    from kouan.quant.release_times.report import read_rule, read_seconds, read_stage, report_log
    from kouan.quant.release_times.schemes import read_path, read_scheme

    if args.act == "attribute":
        scheme = read_scheme(read_text(args.scheme), args.zone)
        return lambda log: tell(args, log, studies.report_attribution(log, scheme))
    if args.act == "conform":
        path = read_path(args.path)
        return lambda log: tell(args, log, studies.report_conformance(log, path))
    stages = [read_stage(text) for text in args.stage]
    if args.act == "fit":
        return lambda log: fit(args, log, stages)
    rule = read_rule(args.outliers)
    if args.act == "stats":
        target = read_seconds(args.target) if args.target else None
        options = {"target": target, "by": args.by, "stages": stages, "rule": rule, "level": args.level}
        return lambda log: tell(args, log, report_log(log, **options, full=args.full))
    if len(stages) > 1:
        raise CommandFailed("只能比较一个阶段 / only one stage is compared")
    stage = stages[0] if stages else None
    if args.act == "effect":
        at = studies.read_moment(args.measure_at, args.zone)
        options = {"level": args.level, "horizon": read_seconds(args.horizon) if args.horizon else None}
        return lambda log: tell(
            args,
            log,
            studies.report_effect(log, studies.watch(log, stage=stage, by=args.by, rule=rule), at, **options),
        )
    years = {"base_year": args.base_year, "year": args.year, "zone": args.zone, "level": args.level}
    return lambda log: tell(
        args,
        log,
        studies.report_same_periods(log, studies.watch(log, stage=stage, by=args.by, rule=rule), **years),
    )


def read_text(name: str) -> str:
    """The text of a small file."""
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CommandFailed(f"{name} 不是 UTF-8 文本 / {name} is not UTF-8 text") from None


def fit(args: argparse.Namespace, log: Any, stages: list[Any]) -> int:
    """Fit arrivals and the steps that the stages name; print a model file, or with --json what stands in it."""
    import yaml

    from kouan.quant.simulation.calibration import Stamps, fit_model

    if not stages:
        raise CommandFailed(
            "请用 --stage 'NAME: BEGIN -> END' 指明步骤\nname the steps with --stage 'NAME: BEGIN -> END'"
        )
    model = fit_model(log, [Stamps(stage.name, stage.begins[0], stage.ends[0]) for stage in stages], args.zone)
    if args.json:
        print(json.dumps(model, ensure_ascii=False, allow_nan=False, default=str))
        return 0
    near = "".join(
        f"# {name}: 样本 sample {one['sample']}，距离 distance {one['distance']}\n"
        for name, one in model.pop("fit").items()
    )
    head = "# 由事件日志拟合；请补充人员（agencies）与 needs。/ fitted to an event log; add agencies and needs.\n"
    print(head + near + yaml.safe_dump(model, allow_unicode=True, sort_keys=False), end="")
    return 0


def tell(args: argparse.Namespace, log: Any, report: dict[str, Any]) -> int:
    """Draw where that was asked, and print for a machine or a person."""
    if args.draw:
        draw(args, log, report)
    if args.json:
        json.dump(report, sys.stdout, ensure_ascii=False, indent=1, allow_nan=False)
        print()
        return 0
    PRINT[args.act](report)
    print_remarks(report["quality"])
    return 0


def draw(args: argparse.Namespace, log: Any, report: dict[str, Any]) -> None:
    """Write the process map or the picture of a study; HTML has the figures with it."""
    from kouan.quant.release_times import drawing, study_drawing

    path = Path(args.draw)
    plain = path.suffix == ".svg"
    if args.act == "stats":
        path.write_text(drawing.draw_map(log) if plain else drawing.draw_page(log, report), encoding="utf-8")
        return
    picture = {
        "attribute": study_drawing.draw_attribution,
        "conform": study_drawing.draw_conformance,
        "effect": study_drawing.draw_effect,
        "compare": study_drawing.draw_same_periods,
    }[args.act](report)
    facts = [
        ("事件 / events", f"{log.events:,}"),
        ("案件 / cases", f"{log.cases:,}"),
        ("日志 / log", Path(args.file).name),
    ]
    path.write_text(picture.svg() if plain else picture.page(facts), encoding="utf-8")


def print_stats(report: dict[str, Any]) -> None:
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


def print_attribution(report: dict[str, Any]) -> None:
    """Print the shares of all cases and of each agency."""
    from kouan.quant.release_times.study_drawing import PART_NAMES

    print(f"案件 cases {report['cases']:,}   合计 total {report['seconds'] / 3600:,.1f} h")
    for part, name in PART_NAMES.items():
        found = report["parts"][part]
        share = "–" if found["share"] is None else f"{found['share']:.1%}"
        print(f"  {name:<26} {share:>7}   每案平均 mean {found['mean'] / 3600:>10,.2f} h")
    for agency, seconds in report["agencies"].items():
        words = "  ".join(
            f"{PART_NAMES[part].split()[0]} {seconds[part] / 3600:,.1f} h" for part in list(PART_NAMES)[:5]
        )
        print(f"  {agency}: {words}")


def print_conformance(report: dict[str, Any]) -> None:
    """Print the share of cases that fit, and what did not."""
    share = report["share_fitting"]
    print(
        f"案件 cases {report['cases']:,}   符合 fitting {report['fitting']:,}（{share['value']:.1%} "
        f"[{share['low']:.1%}, {share['high']:.1%}]）   平均符合度 mean fitness {report['mean_fitness']:.3f}"
    )
    for key, label in (("missing", "缺少 missing"), ("unexpected", "意外 unexpected")):
        for name, count in sorted(report[key].items(), key=lambda pair: -pair[1]):
            print(f"  {label} {name}: {count:,}")
    for name in report["never_seen"]:
        print(f"  日志中从未出现 never seen in the log: {name}")


def print_effect(report: dict[str, Any]) -> None:
    """Print the difference within strata, without them, and with the unfinished."""
    for name, side in (("之前 before", report["before"]), ("之后 after", report["after"])):
        mean, median = (("–" if value is None else f"{value / 3600:,.2f}") for value in (side["mean"], side["median"]))
        print(
            f"{name}: {side['cases']:,} 案 cases（未结束 unfinished {side['unfinished']:,}）  "
            f"平均 mean {mean} h  中位 median {median} h"
        )
    print(f"  分层后差异 within strata {hours(report['difference'])}   p = {report['p_value']:.3g}")
    relative = report["relative"]
    if relative["value"] is not None:
        print(f"  相对 relative {relative['value']:+.1%} [{relative['low']:+.1%}, {relative['high']:+.1%}]")
    print(f"  不分层 plain {hours(report['plain'])}   可比 covered {report['covered']:.1%}")
    if report["restricted_mean"]:
        found = report["restricted_mean"]
        print(f"  含未结束，{found['horizon'] / 3600:,.0f} h 内 with the unfinished {hours(found['difference'])}")


def print_periods(report: dict[str, Any]) -> None:
    """Print month by month."""
    for month in report["months"]:
        sides = []
        for side in (month["base"], month["now"]):
            median = "–" if side["median"] is None else f"{side['median'] / 3600:,.2f}"
            sides.append(f"{median} h（{side['cases']:,} 案 cases）")
        effect = "–" if month["effect"] is None else hours(month["effect"]["difference"])
        print(
            f"{month['month']:>2} 月  {report['base_year']} {sides[0]}  {report['year']} {sides[1]}  "
            f"平均差异 difference of means {effect}"
        )


def hours(found: dict[str, float | None]) -> str:
    """An estimate in hours with its interval."""
    value, low, high = (
        ("–" if number is None else f"{number / 3600:+,.2f}") for number in map(found.get, ("value", "low", "high"))
    )
    return f"{value} h [{low}, {high}]"


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


PRINT = {
    "stats": print_stats,
    "attribute": print_attribution,
    "conform": print_conformance,
    "effect": print_effect,
    "compare": print_periods,
}
