"""Readers of timetables: GTFS feeds, and Kouan's own YAML or JSON with cut-offs, hours, clearance, costs and CO2.

GTFS: General Transit Feed Specification, reference of gtfs.org (stops, routes, trips, stop_times, calendar,
calendar_dates, transfers). Kouan's format is defined by ``read_plan``; an example is in
docs/howto/solve-on-the-command-line.md.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping
from typing import Any

from kouan.quant.journeys.timetable import join
from kouan.quant.journeys.types import Stop, Timetable, Trip, Truck
from kouan.quant.reading import UnreadableInstance, UnusableProblem

DAY = 86_400
MOST_ROWS = 20_000_000
MOST_DAYS = 400
MODES = {
    "0": "tram",
    "1": "metro",
    "2": "rail",
    "3": "bus",
    "4": "ship",
    "5": "cable",
    "6": "cable",
    "7": "funicular",
    "11": "bus",
    "12": "rail",
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_gtfs(files: Mapping[str, str], first_day: dt.date, days: int) -> Timetable:
    """Read a GTFS feed, text by file name, for ``days`` days from ``first_day``.

    Transfers of type 2 within a stop are its handling time, between stops they are footpaths. Trips that start on the
    day before and run past midnight are there too. Raises UnreadableInstance with file and line.
    """
    _check_days(days)
    for name in ("stops.txt", "trips.txt", "stop_times.txt"):
        if name not in files:
            raise UnusableProblem(f"GTFS 缺少 {name}", f"the GTFS feed lacks {name}")
    names: dict[str, int] = {}
    labels: list[str] = []
    for line, row in _rows(files, "stops.txt", "stop_id"):
        if row["stop_id"] in names:
            raise UnreadableInstance(
                line, f"stops.txt：站点 {row['stop_id']} 重复", f"stops.txt: stop {row['stop_id']} is listed twice"
            )
        names[row["stop_id"]] = len(labels)
        labels.append(row.get("stop_name") or row["stop_id"])
    handling, walks = _transfers(files, names)
    modes = (
        {
            row["route_id"]: MODES.get(row.get("route_type", ""), "other")
            for _, row in _rows(files, "routes.txt", "route_id")
        }
        if "routes.txt" in files
        else {}
    )
    active = _service_days(files, first_day, days)
    calls = _calls(files, names)
    trips: list[Trip] = []
    for line, row in _rows(files, "trips.txt", "trip_id", "service_id"):
        visits = calls.get(row["trip_id"])
        if not visits or len(visits) < 2:
            continue
        for day in active.get(row["service_id"], ()):
            shift = day * DAY
            try:
                trips.append(
                    Trip(
                        row["trip_id"],
                        modes.get(row.get("route_id", ""), "other"),
                        tuple(visit[1] for visit in visits),
                        tuple(visit[2] + shift for visit in visits),
                        tuple(visit[3] + shift for visit in visits),
                    )
                )
            except UnusableProblem as fault:
                raise UnreadableInstance(line, f"trips.txt：{fault.zh}", f"trips.txt: {fault.en}") from None
    return join([Stop(label, handling.get(number, 0)) for number, label in enumerate(labels)], trips, walks)


def _rows(files: Mapping[str, str], name: str, *needed: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(files[name].removeprefix("\ufeff")))
    missing = [column for column in needed if column not in (reader.fieldnames or ())]
    if missing:
        raise UnreadableInstance(
            1, f"{name} 缺少列 {'、'.join(missing)}", f"{name} lacks the columns {', '.join(missing)}"
        )
    try:
        for number, row in enumerate(reader):
            if number >= MOST_ROWS:
                raise UnreadableInstance(
                    reader.line_num, f"{name} 超过 {MOST_ROWS} 行", f"{name} has more than {MOST_ROWS} rows"
                )
            if any(not row.get(column) for column in needed):
                raise UnreadableInstance(
                    reader.line_num,
                    f"{name}：{'、'.join(needed)} 不能为空",
                    f"{name}: {', '.join(needed)} must not be empty",
                )
            yield reader.line_num, row
    except csv.Error as fault:
        raise UnreadableInstance(
            reader.line_num, f"{name} 不是合规的 CSV", f"{name} is not proper CSV: {fault}"
        ) from None


def _seconds(text: str | None, line: int, name: str) -> int:
    parts = (text or "").strip().split(":")
    if (
        len(parts) == 3
        and all(part.isdigit() and len(part) <= 3 for part in parts)
        and int(parts[1]) < 60
        and int(parts[2]) < 60
    ):
        return int(parts[0]) * 3600 + int(parts[1]) * 60 + int(parts[2])
    raise UnreadableInstance(
        line, f"{name}：时刻“{text}”应为 时:分:秒", f"{name}: time '{text}' must be hours:minutes:seconds"
    )


def _calls(files: Mapping[str, str], names: Mapping[str, int]) -> dict[str, list[tuple[int, int, int, int]]]:
    calls: dict[str, list[tuple[int, int, int, int]]] = {}
    for line, row in _rows(files, "stop_times.txt", "trip_id", "stop_id", "stop_sequence"):
        if row["stop_id"] not in names:
            raise UnreadableInstance(
                line, f"stop_times.txt：站点 {row['stop_id']} 不存在", f"stop_times.txt: no stop {row['stop_id']}"
            )
        if not row["stop_sequence"].isdigit():
            raise UnreadableInstance(
                line, "stop_times.txt：stop_sequence 应为整数", "stop_times.txt: stop_sequence must be whole"
            )
        arrive, leave = row.get("arrival_time"), row.get("departure_time")
        if not arrive and not leave:
            raise UnreadableInstance(line, "stop_times.txt：缺少到发时刻", "stop_times.txt: both times are missing")
        calls.setdefault(row["trip_id"], []).append(
            (
                int(row["stop_sequence"]),
                names[row["stop_id"]],
                _seconds(arrive or leave, line, "stop_times.txt"),
                _seconds(leave or arrive, line, "stop_times.txt"),
            )
        )
    for trip, visits in calls.items():
        visits.sort()
        last = -1
        for _, _, arrive, leave in visits:
            if arrive < last or leave < arrive:
                raise UnusableProblem(
                    f"stop_times.txt：班次 {trip} 的时刻倒退", f"stop_times.txt: trip {trip} goes back in time"
                )
            last = leave
    return calls


def _transfers(files: Mapping[str, str], names: Mapping[str, int]) -> tuple[dict[int, int], list[Truck]]:
    handling: dict[int, int] = {}
    walks: list[Truck] = []
    if "transfers.txt" not in files:
        return handling, walks
    for line, row in _rows(files, "transfers.txt", "from_stop_id", "to_stop_id"):
        one, other = names.get(row["from_stop_id"]), names.get(row["to_stop_id"])
        if one is None or other is None:
            raise UnreadableInstance(line, "transfers.txt：站点不存在", "transfers.txt: a stop does not exist")
        least = row.get("min_transfer_time") or "0"
        if not least.isdigit():
            raise UnreadableInstance(
                line, "transfers.txt：换乘时间应为非负整数秒", "transfers.txt: min_transfer_time must be whole seconds"
            )
        if row.get("transfer_type") == "3":
            continue
        if one == other:
            handling[one] = int(least)
        else:
            walks.append(Truck(one, other, int(least)))
    return handling, walks


def _service_days(files: Mapping[str, str], first_day: dt.date, days: int) -> dict[str, list[int]]:
    """Service → numbers of days on which it runs, from the day before the first."""
    running: dict[str, set[int]] = {}
    if "calendar.txt" in files:
        for line, row in _rows(files, "calendar.txt", "service_id", "start_date", "end_date"):
            since, until = _date(row["start_date"], line, "calendar.txt"), _date(row["end_date"], line, "calendar.txt")
            for day in range(-1, days):
                date = first_day + dt.timedelta(days=day)
                if since <= date <= until and row.get(WEEKDAYS[date.weekday()]) == "1":
                    running.setdefault(row["service_id"], set()).add(day)
    if "calendar_dates.txt" in files:
        for line, row in _rows(files, "calendar_dates.txt", "service_id", "date", "exception_type"):
            day = (_date(row["date"], line, "calendar_dates.txt") - first_day).days
            if -1 <= day < days:
                listed = running.setdefault(row["service_id"], set())
                if row["exception_type"] == "1":
                    listed.add(day)
                elif row["exception_type"] == "2":
                    listed.discard(day)
                else:
                    raise UnreadableInstance(
                        line,
                        "calendar_dates.txt：exception_type 应为 1 或 2",
                        "calendar_dates.txt: exception_type is 1 or 2",
                    )
    return {service: sorted(numbers) for service, numbers in running.items()}


def _date(text: str, line: int, name: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y%m%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        raise UnreadableInstance(
            line, f"{name}：日期“{text}”应为 YYYYMMDD", f"{name}: date '{text}' must be YYYYMMDD"
        ) from None


def _check_days(days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise UnusableProblem(f"天数应在 1 至 {MOST_DAYS} 之间", f"the number of days lies between 1 and {MOST_DAYS}")


def read_plan(data: Any) -> tuple[Timetable, dt.date, dict[str, int]]:
    """Read Kouan's own format, parsed from YAML or JSON: (timetable, first day, stop number by id).

    ``start`` a date, ``days`` a number; ``stops``: id, name, handling_minutes, open ["08:00-18:00"] with weekdays
    [1..7] optional, clearance [[minutes, share], …]; ``services``: id, mode, weekdays, cutoff_minutes, boarding_cost,
    calls [{stop, arrive, depart, cost, co2}] with times "HH:MM" that may pass 24:00 (cost and CO2 of the leg to that
    call); ``trucks``: from, to, minutes, cost, co2, both_ways.
    """
    if not isinstance(data, dict):
        raise UnusableProblem("时刻表应为对象", "the timetable must be a mapping")
    start = data.get("start")
    if isinstance(start, str):
        try:
            start = dt.date.fromisoformat(start)
        except ValueError:
            start = None
    if not isinstance(start, dt.date) or isinstance(start, dt.datetime):
        raise UnusableProblem("缺少起始日期 start（YYYY-MM-DD）", "the date start (YYYY-MM-DD) is missing")
    days = data.get("days", 14)
    if not isinstance(days, int) or isinstance(days, bool):
        raise UnusableProblem("天数 days 应为整数", "days must be a whole number")
    _check_days(days)
    numbers: dict[str, int] = {}
    stops = []
    for entry in _entries(data, "stops"):
        name = str(_need(entry, "id", "站点", "stop"))
        if name in numbers:
            raise UnusableProblem(f"站点 {name} 重复", f"stop {name} is listed twice")
        numbers[name] = len(stops)
        stops.append(_plan_stop(entry, name, start, days))
    trips = [trip for entry in _entries(data, "services") for trip in _plan_trips(entry, numbers, start, days)]
    trucks = [truck for entry in _entries(data, "trucks", needed=False) for truck in _plan_trucks(entry, numbers)]
    return join(stops, trips, trucks), start, numbers


def _entries(data: dict[str, Any], field: str, *, needed: bool = True) -> list[dict[str, Any]]:
    entries = data.get(field, None if needed else [])
    if (
        not isinstance(entries, list)
        or (needed and not entries)
        or not all(isinstance(entry, dict) for entry in entries)
    ):
        raise UnusableProblem(f"{field} 应为对象的列表", f"{field} must be a list of mappings")
    return entries


def _need(entry: dict[str, Any], field: str, zh: str, en: str) -> Any:
    if entry.get(field) in (None, ""):
        raise UnusableProblem(f"{zh}缺少 {field}", f"a {en} lacks {field}")
    return entry[field]


def _amount(entry: dict[str, Any], field: str, where: str) -> float:
    value = entry.get(field, 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
        raise UnusableProblem(f"{where}：{field} 应为非负数", f"{where}: {field} must be a number, zero or more")
    return float(value)


def _clock(text: Any, where: str) -> int:
    hours, _, minutes = str(text).partition(":")
    if (
        isinstance(text, str)
        and hours.isdigit()
        and minutes.isdigit()
        and len(minutes) == 2
        and int(minutes) < 60
        and int(hours) < 24 * MOST_DAYS
    ):
        return int(hours) * 3600 + int(minutes) * 60
    raise UnusableProblem(
        f'{where}：时刻“{text}”应为加引号的 "时:分"', f"{where}: time '{text}' must be a quoted \"HH:MM\""
    )


def _weekdays(entry: dict[str, Any], where: str) -> set[int]:
    given = entry.get("weekdays", [1, 2, 3, 4, 5, 6, 7])
    if not isinstance(given, list) or not all(isinstance(day, int) and 1 <= day <= 7 for day in given):
        raise UnusableProblem(f"{where}：weekdays 应为 1 至 7 的列表", f"{where}: weekdays must be a list of 1 to 7")
    return set(given)


def _plan_stop(entry: dict[str, Any], name: str, start: dt.date, days: int) -> Stop:
    opened: list[tuple[int, int]] = []
    hours = entry.get("open", [])
    if not isinstance(hours, list):
        raise UnusableProblem(f"站点 {name}：open 应为列表", f"stop {name}: open must be a list")
    weekdays = _weekdays(entry, name)
    if hours or len(weekdays) < 7:
        spans = []
        for span in hours or ["00:00-24:00"]:
            since, _, until = str(span).partition("-")
            spans.append((_clock(since, name), _clock(until, name)))
        for day in range(-1, days + 30):
            if (start + dt.timedelta(days=day)).isoweekday() in weekdays:
                opened += [(day * DAY + since, day * DAY + until) for since, until in sorted(spans)]
    clearance = entry.get("clearance", [])
    if not isinstance(clearance, list) or not all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(v, int | float) for v in pair)
        for pair in clearance
    ):
        raise UnusableProblem(
            f"站点 {name}：clearance 应为 [分钟, 份额] 的列表",
            f"stop {name}: clearance must be a list of [minutes, share]",
        )
    return Stop(
        str(entry.get("name", name)),
        round(60 * _amount(entry, "handling_minutes", name)),
        tuple(opened),
        tuple((round(60 * minutes), float(share)) for minutes, share in clearance),
    )


def _plan_trips(entry: dict[str, Any], numbers: dict[str, int], start: dt.date, days: int) -> Iterator[Trip]:
    name = str(_need(entry, "id", "班次", "service"))
    calls = _entries(entry, "calls")
    stops, arrivals, departures = [], [], []
    for call in calls:
        stop = str(_need(call, "stop", f"班次 {name}", f"service {name}"))
        if stop not in numbers:
            raise UnusableProblem(
                f"班次 {name} 停靠不存在的站点 {stop}", f"service {name} calls at {stop}, which does not exist"
            )
        arrive, leave = call.get("arrive", call.get("depart")), call.get("depart", call.get("arrive"))
        stops.append(numbers[stop])
        arrivals.append(_clock(arrive, name))
        departures.append(_clock(leave, name))
    costs, emitted = (tuple(_amount(call, field, name) for call in calls[1:]) for field in ("cost", "co2"))
    cutoff, boarding = round(60 * _amount(entry, "cutoff_minutes", name)), _amount(entry, "boarding_cost", name)
    weekdays = _weekdays(entry, name)
    for day in range(-1, days):
        date = start + dt.timedelta(days=day)
        if date.isoweekday() in weekdays:
            shift = day * DAY
            yield Trip(
                f"{name} {date:%m-%d}",
                str(entry.get("mode", "other")),
                tuple(stops),
                tuple(at + shift for at in arrivals),
                tuple(at + shift for at in departures),
                cutoff,
                boarding,
                costs,
                emitted,
            )


def _plan_trucks(entry: dict[str, Any], numbers: dict[str, int]) -> Iterator[Truck]:
    ends = [str(_need(entry, field, "卡车区段", "truck leg")) for field in ("from", "to")]
    for end in ends:
        if end not in numbers:
            raise UnusableProblem(f"卡车区段指向不存在的站点 {end}", f"a truck leg names {end}, which does not exist")
    where = "–".join(ends)
    seconds = round(60 * _amount(entry, "minutes", where))
    one, other = numbers[ends[0]], numbers[ends[1]]
    yield Truck(one, other, seconds, _amount(entry, "cost", where), _amount(entry, "co2", where))
    if entry.get("both_ways"):
        yield Truck(other, one, seconds, _amount(entry, "cost", where), _amount(entry, "co2", where))
