"""journeys over a synthetic timetable against nigiri and networkx: the same answers, time per answer.

The timetable is made here (lines of 12 stops, several speeds, transfers of two minutes) and given to each as it likes:
Kouan from arrays, nigiri (pynigiri) from the same as GTFS, networkx as a time-expanded graph of one day. A peer that is
not installed is left out and said so: `pip install pynigiri networkx` in an environment of your own.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import itertools
import json
import math
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kouan.quant.journeys import planning, timetable
from kouan.quant.journeys.types import NEVER, Stop, Timetable, Trip, Truck

DAY, TRANSFER = 86_400, 120
FIRST = dt.date(2026, 11, 23)


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark and print one table."""
    parser = argparse.ArgumentParser(prog="bench journeys", description=__doc__)
    parser.add_argument("--stops", type=int, default=600)
    parser.add_argument("--lines", type=int, default=150)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--large", type=int, default=1_000_000, help="connections of the one-to-all row")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    table = make(args.stops, args.lines, 1, priced=True)
    draw = random.Random(2)
    questions = [
        (*draw.sample(range(args.stops), 2), draw.randrange(6, 20) * 3600 + draw.randrange(60) * 60)
        for _ in range(args.queries)
    ]
    rows: list[dict[str, Any]] = []
    params = planning.Params(horizon=DAY, most_boardings=7)
    began = time.perf_counter()
    warm(table, params)
    rows.append(row("kouan", "cold start (compile or cache)", 1, time.perf_counter() - began, ""))
    ours = ask(
        "kouan",
        "Pareto time, transfers: one departure",
        questions,
        rows,
        lambda s, t, at: planning.fastest(table, s, t, at, params),
    )
    ask(
        "kouan",
        "Pareto time, transfers, cost: one departure",
        questions,
        rows,
        lambda s, t, at: planning.choose(table, s, t, at, ("time", "transfers", "cost"), params),
    )
    ask(
        "kouan",
        "Pareto of all five criteria",
        questions[:50],
        rows,
        lambda s, t, at: planning.choose(table, s, t, at, planning.CRITERIA, params),
    )
    ask(
        "kouan",
        "profile of 2 hours: time, transfers",
        questions,
        rows,
        lambda s, t, at: planning.profile(table, s, t, at, at + 7200, params),
    )
    began = time.perf_counter()
    for s, _, at in questions:
        planning.earliest_arrivals(table, s, at, params)
    rows.append(
        row(
            "kouan",
            "one-to-all earliest arrival",
            len(questions),
            time.perf_counter() - began,
            f"{len(table.origin)} connections",
        )
    )
    large = make(2000, max(1, args.large // (12 * 11 * 50)), 3, runs=600)
    planning.earliest_arrivals(large, 0, 6 * 3600, params)
    began = time.perf_counter()
    for s in range(20):
        planning.earliest_arrivals(large, s, 0, params)
    rows.append(
        row("kouan", "one-to-all earliest arrival", 20, time.perf_counter() - began, f"{len(large.origin)} connections")
    )
    with_nigiri(table, questions, ours, rows)
    with_networkx(table, questions[:20], rows)
    if args.json:
        print(json.dumps(rows))
        return 0
    print(f"{len(table.stops)} stops, {len(table.trips)} trips, {len(table.origin)} connections; median per answer")
    for line in rows:
        print(f"{line['who']:<10} {line['what']:<46} {line['median_ms']:>10} ms  {line['note']}")
    return 0


def make(stops: int, lines: int, seed: int, *, runs: int = 60, priced: bool = False) -> Timetable:
    """A synthetic network: places on a plane, lines through near places, both directions all day."""
    draw = random.Random(seed)
    places = [(draw.random(), draw.random()) for _ in range(stops)]
    trips = []
    for line in range(lines):
        here = draw.randrange(stops)
        way = [here]
        goal = places[draw.randrange(stops)]
        for _ in range(11):
            near = sorted(
                (p for p in range(stops) if p not in way),
                key=lambda p: math.dist(places[p], places[way[-1]]) + 0.3 * math.dist(places[p], goal),
            )[:4]
            way.append(draw.choice(near))
        pace = draw.choice([2500, 4000, 8000])
        for direction in (way, way[::-1]):
            offset = draw.randrange(1800)
            for run in range(runs):
                at = 5 * 3600 + offset + run * (18 * 3600 // runs)
                at -= at % 60
                arrivals, departures = [], []
                for place, stop in enumerate(direction):
                    if place:
                        at += max(1, round(pace * math.dist(places[stop], places[direction[place - 1]]) / 60)) * 60
                    arrivals.append(at)
                    at += 60 if 0 < place < 11 else 0
                    departures.append(at)
                cost = tuple(float(round(9000 / pace, 1)) for _ in range(11)) if priced else ()
                trips.append(
                    Trip(
                        f"{line}-{direction is way}-{run}",
                        "rail",
                        tuple(direction),
                        tuple(arrivals),
                        tuple(departures),
                        0,
                        2.0 if priced else 0.0,
                        cost,
                        cost,
                    )
                )
    trucks: list[Truck] = []
    return timetable.join([Stop(str(n), TRANSFER) for n in range(stops)], trips, trucks)


def warm(table: Timetable, params: planning.Params) -> None:
    """Load or compile the kernels."""
    planning.fastest(table, 0, 1, 0, params)
    planning.choose(table, 0, 1, 8 * 3600, ("time",), params)
    planning.profile(table, 0, 1, 0, 60, params)
    planning.earliest_arrivals(table, 0, 0, params)


def ask(who: str, what: str, questions: list[Any], rows: list[dict[str, Any]], answer: Any) -> list[Any]:
    """Ask every question, note the times."""
    answers, spent = [], []
    for question in questions:
        began = time.perf_counter()
        answers.append(answer(*question))
        spent.append(time.perf_counter() - began)
    rows.append(
        row(
            who,
            what,
            len(questions),
            statistics.median(spent) * len(questions),
            f"{sum(len(a) for a in answers) / len(answers):.1f} answers each",
        )
    )
    return answers


def row(who: str, what: str, count: int, seconds: float, note: str) -> dict[str, Any]:
    """One line of the table."""
    return {"who": who, "what": what, "median_ms": round(1000 * seconds / count, 3), "note": note}


def with_nigiri(table: Timetable, questions: list[Any], ours: list[Any], rows: list[dict[str, Any]]) -> None:
    """The same questions to nigiri, and how many answers are the same."""
    try:
        import pynigiri as nigiri  # pyright: ignore[reportMissingImports]
    except ImportError:
        rows.append(row("nigiri", "not installed (pip install pynigiri)", 1, 0.0, ""))
        return
    with tempfile.TemporaryDirectory() as folder:
        write_gtfs(table, Path(folder))
        source = nigiri.TimetableSource("bench", folder, nigiri.LoaderConfig())
        with quiet():
            loaded = nigiri.load_timetable([source], "2026-11-22", "2026-11-26")
        index = [loaded.find_location(str(n)) for n in range(len(table.stops))]
    zero = int(dt.datetime.combine(FIRST, dt.time(), dt.UTC).timestamp()) // 60

    def pareto(s: int, t: int, at: int) -> Any:
        query = nigiri.Query()
        query.start = [nigiri.Offset(index[s], 0, 0)]
        query.destination = [nigiri.Offset(index[t], 0, 0)]
        query.start_time = zero + at // 60
        query.max_transfers = 6
        return nigiri.route(loaded, query)

    theirs = ask("nigiri", "Pareto time, transfers: one departure", questions, rows, pareto)
    same = sum(
        {(j.arrival // 60, j.boardings) for j in mine} == {(j.arrival_time() - zero, j.transfers + 1) for j in other}
        for mine, other in zip(ours, theirs, strict=True)
    )
    rows[-1]["note"] += f", {same} of {len(questions)} as ours"


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep what a library in C++ writes to standard error out of the table."""
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def write_gtfs(table: Timetable, folder: Path) -> None:
    """The timetable as a GTFS feed."""
    numbers = range(len(table.stops))
    files = {
        "agency.txt": ["agency_id,agency_name,agency_url,agency_timezone", "a,a,about:blank,UTC"],
        "stops.txt": [
            "stop_id,stop_name,stop_lat,stop_lon",
            *(f"{n},{n},{30 + n * 1e-3:.4f},{100 + n * 1e-3:.4f}" for n in numbers),
        ],
        "routes.txt": ["route_id,agency_id,route_short_name,route_type", "r,a,r,2"],
        "calendar.txt": [
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
            "w,1,0,0,0,0,0,0,20261123,20261123",
        ],
        "trips.txt": ["route_id,service_id,trip_id", *(f"r,w,{n}" for n in range(len(table.trips)))],
        "stop_times.txt": ["trip_id,arrival_time,departure_time,stop_id,stop_sequence"],
        "transfers.txt": [
            "from_stop_id,to_stop_id,transfer_type,min_transfer_time",
            *(f"{n},{n},2,{TRANSFER}" for n in numbers),
        ],
    }
    for n, trip in enumerate(table.trips):
        for k, (stop, arrive, leave) in enumerate(zip(trip.stops, trip.arrivals, trip.departures, strict=True)):
            files["stop_times.txt"].append(f"{n},{clock(arrive)},{clock(leave)},{stop},{k}")
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n")


def clock(at: int) -> str:
    """GTFS time."""
    return f"{at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}"


def with_networkx(table: Timetable, questions: list[Any], rows: list[dict[str, Any]]) -> None:
    """Earliest arrival by Dijkstra over time in networkx, on the same connections."""
    try:
        import networkx
    except ImportError:
        rows.append(row("networkx", "not installed (pip install networkx)", 1, 0.0, ""))
        return
    graph = networkx.DiGraph()
    at_stop: dict[int, set[int]] = {}
    for c in range(len(table.origin)):
        s, t, leave, arrive, run = (
            int(column[c]) for column in (table.origin, table.destination, table.departure, table.arrival, table.trip)
        )
        graph.add_edge(("on", run, s), ("off", run, t, arrive), weight=arrive - leave)
        graph.add_edge(("off", run, t, arrive), ("at", t, arrive + TRANSFER), weight=TRANSFER)
        graph.add_edge(("at", s, leave), ("on", run, s), weight=0)
        at_stop.setdefault(s, set()).add(leave)
        at_stop.setdefault(t, set()).add(arrive + TRANSFER)
    for run, trip in enumerate(table.trips):
        for k in range(1, len(trip.stops) - 1):
            graph.add_edge(
                ("off", run, trip.stops[k], trip.arrivals[k]),
                ("on", run, trip.stops[k]),
                weight=trip.departures[k] - trip.arrivals[k],
            )
    for stop, times in at_stop.items():
        ordered = sorted(times)
        for one, other in itertools.pairwise(ordered):
            graph.add_edge(("at", stop, one), ("at", stop, other), weight=other - one)

    def earliest(s: int, t: int, at: int) -> list[float]:
        begin = min((moment for moment in at_stop.get(s, ()) if moment >= at), default=None)
        if begin is None:
            return []
        lengths = networkx.single_source_dijkstra_path_length(graph, ("at", s, begin))
        reached = [begin + length for node, length in lengths.items() if node[0] == "off" and node[2] == t]
        return [min(reached)] if reached else []

    theirs = ask("networkx", "earliest arrival of one pair", questions, rows, earliest)
    same = 0  # networkx has no limit of boardings, and neither has this scan
    for (s, t, at), other in zip(questions, theirs, strict=True):
        mine = int(planning.earliest_arrivals(table, s, at, planning.Params(horizon=DAY))[t])
        same += [mine] == other if other else mine >= NEVER
    rows[-1]["note"] += f", {same} of {len(questions)} as ours"


if __name__ == "__main__":
    raise SystemExit(main())
