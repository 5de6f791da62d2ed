"""plans journeys of goods over a timetable (GTFS zip or folder, or Kouan's YAML/JSON): fastest, Pareto set, profile.

Example: ./kouan journey plan.yaml wuhan hamburg --at "2026-11-23 08:00" --by time,cost,transfers,co2,reliability --json
Stops are named by their id or name. Times are those of the timetable.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kouan.project.hub import CommandFailed
from kouan.project.waiting import catch_signals

if TYPE_CHECKING:
    from kouan.quant.journeys.types import Journey, Timetable

MOST_BYTES = 1024 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "timetable", metavar="FILE", help="GTFS 压缩包或文件夹，或 YAML/JSON / GTFS zip or folder, or YAML/JSON"
    )
    parser.add_argument("origin", metavar="FROM", help="起点 / origin")
    parser.add_argument("destination", metavar="TO", help="终点 / destination")
    parser.add_argument(
        "--at", metavar="TIME", help='出发时刻 "YYYY-MM-DD HH:MM"，缺省为首日零时 / when the goods are ready'
    )
    parser.add_argument("--days", type=int, default=7, help="GTFS 读取的天数 / days of a GTFS feed to read (default 7)")
    parser.add_argument(
        "--by",
        metavar="LIST",
        default="time,transfers",
        help="目标：time,transfers,cost,co2,reliability / criteria, by commas",
    )
    parser.add_argument(
        "--profile",
        type=float,
        metavar="HOURS",
        help="列出此后若干小时内的全部最优出发 / all best departures of so many hours",
    )
    parser.add_argument(
        "--most", type=int, default=6, metavar="N", help="最多乘几班 / most trips of one journey (default 6)"
    )
    parser.add_argument(
        "--least",
        type=float,
        default=0.9,
        metavar="P",
        help="计划接续的最低把握 / smallest chance of clearance in time (default 0.9)",
    )
    parser.add_argument(
        "--horizon",
        type=float,
        default=30.0,
        metavar="DAYS",
        help="出发后考虑的天数 / days after the start (default 30)",
    )
    parser.add_argument(
        "--seconds", type=float, default=60.0, metavar="N", help="比较方案的时限（秒） / time limit of comparing (60)"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    parser.add_argument("--draw", metavar="FILE.svg|html", help="画出各方案的时间图 / draw the journeys over time")


def run(args: argparse.Namespace) -> int:
    """Read, plan, check, print, draw."""
    from kouan.quant.journeys import checker, planning
    from kouan.quant.reading import UnusableProblem
    from kouan.quant.solving import Stop

    if args.draw and not args.draw.endswith((".svg", ".html")):
        raise CommandFailed("--draw 的文件名应以 .svg 或 .html 结尾 / the file of --draw ends in .svg or .html")
    if not math.isfinite(args.seconds) or args.seconds < 0:
        raise CommandFailed("--seconds 应为非负数 / --seconds is 0 or more")
    at = moment(args.at) if args.at else None
    whole = True
    criteria = tuple(word.strip() for word in args.by.split(",") if word.strip())
    try:
        table, first_day, numbers = load(args.timetable, at.date() if at else None, args.days)
        source, target = find(table, numbers, args.origin), find(table, numbers, args.destination)
        start = 0 if at is None else int((at - dt.datetime.combine(first_day, dt.time(), at.tzinfo)).total_seconds())
        params = planning.Params(horizon=round(args.horizon * 86_400), most_boardings=args.most, least=args.least)
        began = time.perf_counter()
        if args.profile is not None:
            if not 0 <= args.profile <= 24 * 400:
                raise CommandFailed("--profile 应为 0 至 9600 小时 / --profile lies between 0 and 9600 hours")
            answers = planning.profile(table, source, target, start, start + round(args.profile * 3600), params)
            return show_profile(args, answers, first_day, time.perf_counter() - began)
        if set(criteria) == {"time", "transfers"}:
            journeys = planning.fastest(table, source, target, start, params)
        else:
            stop = Stop(args.seconds, cancelled=catch_signals().is_set)
            try:
                journeys = planning.choose(table, source, target, start, criteria, params, stop)
            except planning.NotAllCompared as early:
                journeys, whole = early.journeys, False
    except UnusableProblem as fault:
        raise CommandFailed(f"{fault.zh}\n{fault.en}") from None
    seconds = time.perf_counter() - began
    timely = min(0.01, args.least) if "reliability" in criteria else args.least
    for journey in journeys:
        faults = checker.check_journey(table, source, target, start, journey, args.least, timely)
        if faults:
            raise CommandFailed(
                f"行程未通过复核，不予输出：{faults[0][0]} / a journey failed its check and is withheld: {faults[0][1]}"
            )
    show(args, table, journeys, first_day, start, seconds, whole)
    return 0 if journeys else 3


def moment(text: str) -> dt.datetime:
    """A point in time of the timetable."""
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
    except ValueError:
        raise CommandFailed(
            f"--at 应为 YYYY-MM-DD HH:MM，却是 {text} / --at must be YYYY-MM-DD HH:MM, not {text}"
        ) from None


def load(name: str, day: dt.date | None, days: int) -> tuple[Timetable, dt.date, dict[str, int]]:
    """Read a timetable from a GTFS zip or folder, or from YAML or JSON."""
    from kouan.quant.journeys import readers
    from kouan.quant.plain_data import parse_yaml

    path = Path(name)
    try:
        if path.is_dir() or zipfile.is_zipfile(path):
            if day is None:
                raise CommandFailed("GTFS 需要 --at 给出日期 / a GTFS feed needs a date by --at")
            files = feed_of(path)
            return readers.read_gtfs(files, day, days), day, {}
        if path.stat().st_size > MOST_BYTES:
            raise CommandFailed(f"{name} 过大 / {name} is too large")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise CommandFailed(f"无法读取 {name}：{fault.strerror} / cannot read {name}: {fault.strerror}") from None
    except (UnicodeDecodeError, zipfile.BadZipFile):
        raise CommandFailed(f"{name} 不是 UTF-8 文本或已损坏 / {name} is not UTF-8 text or is damaged") from None
    return readers.read_plan(parse_yaml(text))


def feed_of(path: Path) -> dict[str, str]:
    """The text files of a GTFS feed by name."""
    wanted = (
        "stops.txt",
        "routes.txt",
        "trips.txt",
        "stop_times.txt",
        "calendar.txt",
        "calendar_dates.txt",
        "transfers.txt",
    )
    if path.is_dir():
        return {name: (path / name).read_text(encoding="utf-8-sig") for name in wanted if (path / name).is_file()}
    with zipfile.ZipFile(path) as packed:
        inside = {Path(info.filename).name: info for info in packed.infolist()}
        if sum(info.file_size for name, info in inside.items() if name in wanted) > 4 * MOST_BYTES:
            raise CommandFailed(f"{path} 解压后过大 / {path} is too large when unpacked")
        return {name: packed.read(inside[name]).decode("utf-8-sig") for name in wanted if name in inside}


def find(table: Timetable, numbers: dict[str, int], name: str) -> int:
    """The number of a stop by id or name."""
    from kouan.quant.reading import UnusableProblem

    if name in numbers:
        return numbers[name]
    matches = [number for number, stop in enumerate(table.stops) if stop.name == name]
    if len(matches) == 1:
        return matches[0]
    reason = ("有多个站点同名", "several stops have this name") if matches else ("站点不存在", "no such stop")
    raise UnusableProblem(f"“{name}”：{reason[0]}", f"'{name}': {reason[1]}")


def clock(first_day: dt.date, seconds: int) -> str:
    """A time of the timetable as people write it."""
    return (dt.datetime.combine(first_day, dt.time()) + dt.timedelta(seconds=seconds)).isoformat(sep=" ")


def plain(table: Timetable, journey: Journey, first_day: dt.date) -> dict[str, Any]:
    """A journey as JSON."""
    return {
        "departure": clock(first_day, journey.departure),
        "arrival": clock(first_day, journey.arrival),
        "seconds": journey.arrival - journey.departure,
        "transfers": journey.transfers,
        "boardings": journey.boardings,
        "cost": journey.cost,
        "co2": journey.co2,
        "reliability": round(journey.reliability, 6),
        "legs": [
            {
                "mode": leg.mode,
                "name": leg.name,
                "from": table.stops[leg.origin].name,
                "to": table.stops[leg.destination].name,
                "departure": clock(first_day, leg.departure),
                "arrival": clock(first_day, leg.arrival),
            }
            for leg in journey.legs
        ],
    }


def summary(journey: Journey, first_day: dt.date) -> str:
    """What a journey takes, in one line."""
    return (
        f"→ {clock(first_day, journey.arrival)}  换乘 / transfers {journey.transfers}  费用 / cost {journey.cost:g}"
        f"  CO2 {journey.co2:g}  可靠度 / reliability {journey.reliability:.0%}"
    )


def show(
    args: argparse.Namespace,
    table: Timetable,
    journeys: list[Journey],
    first_day: dt.date,
    start: int,
    seconds: float,
    whole: bool,
) -> None:
    """Print journeys and draw them where that was asked."""
    if args.draw:
        from kouan.quant.journeys.drawing import draw

        picture = draw(table, journeys, start)
        facts = [(clock(first_day, journey.departure), summary(journey, first_day)) for journey in journeys]
        Path(args.draw).write_text(
            picture.svg() if args.draw.endswith(".svg") else picture.page(facts), encoding="utf-8"
        )
    if args.json:
        listed = [plain(table, journey, first_day) for journey in journeys]
        answer = {"journeys": listed, "complete": whole, "seconds": round(seconds, 6)}
        print(json.dumps(answer, ensure_ascii=False, allow_nan=False))
        return
    if not whole:
        print("时间到，未比较完所有方案 / time was up before all journeys were compared")
    if not journeys:
        print("没有可行的行程 / there is no journey")
    for journey in journeys:
        print(f"{clock(first_day, journey.departure)} {summary(journey, first_day)}")
        for leg in journey.legs:
            ends = f"{table.stops[leg.origin].name} → {table.stops[leg.destination].name}"
            times = f"{clock(first_day, leg.departure)} → {clock(first_day, leg.arrival)}"
            print(f"    {leg.mode:<6} {leg.name}  {ends}  {times}")


def show_profile(args: argparse.Namespace, answers: Any, first_day: dt.date, seconds: float) -> int:
    """Print the best departures of a range."""
    rows = [
        {"departure": clock(first_day, int(d)), "arrival": clock(first_day, int(a)), "boardings": int(k)}
        for d, a, k in answers
    ]
    if args.json:
        print(json.dumps({"profile": rows, "seconds": round(seconds, 6)}, ensure_ascii=False))
    else:
        for row in rows:
            print(f"{row['departure']} → {row['arrival']}  {row['boardings']} 班 / trips")
    return 0 if rows else 3
