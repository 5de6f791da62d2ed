"""GTFS feeds and Kouan's own timetables are read, and refused with file, line and reason."""

import copy
import datetime as dt

import pytest

from kouan.quant.journeys import planning
from kouan.quant.journeys.readers import read_gtfs, read_plan
from kouan.quant.reading import UnusableProblem

MONDAY = dt.date(2026, 11, 23)
FEED = {
    "stops.txt": "stop_id,stop_name\nA,甲\nB,乙\nC,丙\n",
    "routes.txt": "route_id,route_type\nR,2\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "W,1,1,1,1,1,0,0,20261101,20261231\n",
    "calendar_dates.txt": "service_id,date,exception_type\nW,20261124,2\nW,20261128,1\n",
    "trips.txt": "route_id,service_id,trip_id\nR,W,T1\nR,W,T2\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "T1,08:00:00,08:00:00,A,1\nT1,10:00:00,10:10:00,B,2\nT2,10:30:00,10:30:00,B,1\nT2,25:00:00,25:00:00,C,2\n",
    "transfers.txt": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nB,B,2,1200\nA,B,2,600\n",
}
PLAN = {
    "start": "2026-11-23",
    "days": 7,
    "stops": [
        {"id": "wjs", "name": "演示站", "handling_minutes": 60},
        {"id": "als", "open": ["08:00-20:00"], "weekdays": [1, 2, 3, 4, 5], "clearance": [[60, 0.5], [240, 1.0]]},
        {"id": "ham"},
    ],
    "services": [
        {
            "id": "X8001",
            "mode": "rail",
            "weekdays": [1],
            "cutoff_minutes": 120,
            "boarding_cost": 100,
            "calls": [
                {"stop": "wjs", "depart": "20:00"},
                {"stop": "als", "arrive": "56:00", "depart": "58:00", "cost": 900, "co2": 3},
            ],
        },
        {
            "id": "D1",
            "mode": "rail",
            "calls": [{"stop": "als", "depart": "18:00"}, {"stop": "ham", "arrive": "300:00", "cost": 2000}],
        },
    ],
    "trucks": [{"from": "wjs", "to": "ham", "minutes": 20000, "cost": 90000, "both_ways": True}],
}


def test_a_gtfs_feed():
    table = read_gtfs(FEED, MONDAY, 7)
    (journey,) = planning.fastest(table, 0, 2, 0)
    assert [leg.name for leg in journey.legs] == ["truck", "T2"] and journey.arrival == 25 * 3600
    assert {trip.departures[0] // 86400 for trip in table.trips} == {0, 2, 3, 4, 5}


def test_a_plan_of_our_own():
    table, first, numbers = read_plan(PLAN)
    assert first == MONDAY
    journeys = planning.choose(table, numbers["wjs"], numbers["ham"], 0, ("time", "cost"))
    assert [journey.cost for journey in journeys] == [90000, 3000]
    assert [leg.mode for leg in journeys[1].legs] == ["rail", "rail"]


@pytest.mark.parametrize(
    ("name", "old", "new", "part"),
    [
        ("stop_times.txt", "10:30:00,10:30:00", "10:30,10:30", "line 4"),  # no seconds
        ("stop_times.txt", "T2,25:00:00,25:00:00", "T2,05:00:00,05:00:00", "back in time"),
        ("stop_times.txt", ",C,2", ",Z,2", "no stop Z"),
        ("stop_times.txt", ",C,2", ",C,x", "whole"),
        ("stop_times.txt", "stop_id,", "stop,", "lacks the columns"),
        ("stops.txt", "B,乙", "A,乙", "twice"),
        ("calendar.txt", "20261231", "2026-12-31", "YYYYMMDD"),
        ("calendar_dates.txt", "20261124,2", "20261124,7", "1 or 2"),
        ("transfers.txt", "B,B,2,1200", "B,B,2,-5", "whole seconds"),
    ],
)
def test_a_broken_feed_is_refused(name, old, new, part):
    feed = dict(FEED)
    assert old in feed[name]
    feed[name] = feed[name].replace(old, new)
    with pytest.raises(UnusableProblem) as fault:
        read_gtfs(feed, MONDAY, 7)
    assert part in fault.value.en


def test_a_feed_without_stops_is_refused():
    with pytest.raises(UnusableProblem):
        read_gtfs({"trips.txt": ""}, MONDAY, 7)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("start",), "tomorrow"),
        (("days",), 0),
        (("days",), 10**9),
        (("stops",), []),
        (("stops", 0, "handling_minutes"), -1),
        (("stops", 0, "handling_minutes"), float("nan")),
        (("stops", 1, "open"), ["20:00-08:00"]),
        (("stops", 1, "open"), "always"),
        (("stops", 1, "clearance"), [[60, 0.9], [30, 1.0]]),
        (("stops", 1, "id"), "wjs"),
        (("services", 0, "calls", 0, "stop"), "nowhere"),
        (("services", 0, "calls", 1, "arrive"), "10:00"),
        (("services", 0, "calls", 1, "arrive"), 3600),
        (("services", 0, "weekdays"), [8]),
        (("trucks", 0, "to"), "nowhere"),
        (("trucks", 0, "minutes"), "long"),
    ],
)
def test_a_broken_plan_is_refused(path, value):
    data = copy.deepcopy(PLAN)
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(UnusableProblem):
        read_plan(data)
