"""Opening hours against a count of minutes, night shifts, shifted working days, and texts that are no hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from kouan.quant.opening_hours import MICROSECONDS, NotHours, OpeningHours, meet, merge, open_time, read_hours

MONDAY = 1_704_038_400 * MICROSECONDS  # 2024-01-01 00:00 in Wuhan
MINUTE = 60 * MICROSECONDS


def open_minutes(hours: OpeningHours, days: int) -> list[int]:
    opens, closes = hours.expand(MONDAY, MONDAY + days * 1440 * MINUTE)
    return [m for m in range(days * 1440) if ((opens <= MONDAY + m * MINUTE) & (MONDAY + m * MINUTE < closes)).any()]


def test_office_hours_and_shifted_days():
    hours = read_hours({"mon-fri": "08:30-12:00 14:00-17:30", "2024-01-01": "closed", "2024-01-07": ["09:00-10:00"]})
    expected = [d * 1440 + m for d in range(1, 5) for m in (*range(510, 720), *range(840, 1050))] + list(
        range(6 * 1440 + 540, 6 * 1440 + 600)
    )
    assert open_minutes(hours, 7) == expected


def test_a_night_shift_runs_past_midnight_and_merges_with_the_day():
    hours = read_hours({"mon": "22:00-30:00", "tue": "06:00-08:00"})
    opens, closes = hours.expand(MONDAY, MONDAY + 7 * 1440 * MINUTE)
    assert [((o - MONDAY) // MINUTE, (c - MONDAY) // MINUTE) for o, c in zip(opens, closes, strict=True)] == [
        (1320, 1920)
    ]


def test_round_the_clock_is_one_span():
    assert read_hours("7x24").always
    assert open_minutes(read_hours({"daily": "00:00-24:00"}), 3) == list(range(3 * 1440))
    assert read_hours({"sat-mon": "open"}).week[2] == ()


def test_open_time_counts_like_a_clock():
    hours = read_hours({"daily": "09:00-12:00 13:00-17:00"})
    opens, closes = hours.expand(MONDAY, MONDAY + 3 * 1440 * MINUTE)
    moments = np.arange(MONDAY, MONDAY + 3 * 1440 * MINUTE, 7 * MINUTE)
    is_open = [m % 1440 in {*range(540, 720), *range(780, 1020)} for m in range(3 * 1440)]
    counted = [sum(is_open[:place]) for place in range(0, 3 * 1440, 7)]
    assert (open_time(moments, opens, closes) // MINUTE).tolist() == counted
    nothing = np.empty(0, dtype=np.int64)
    assert open_time(moments, nothing, nothing).tolist() == [0] * len(moments)


def test_union_and_meeting_of_spans_equal_sets_of_minutes():
    rng = np.random.default_rng(4)
    for _ in range(50):
        sets = []
        for _ in range(2):
            starts = rng.integers(0, 60, 6)
            ends = starts + rng.integers(1, 12, 6)
            sets.append((*merge(starts, ends), {m for s, e in zip(starts, ends, strict=True) for m in range(s, e)}))
        for starts, ends, minutes in sets:
            assert {m for s, e in zip(starts, ends, strict=True) for m in range(s, e)} == minutes
            assert (starts[1:] > ends[:-1]).all()
        both = meet(sets[0][0], sets[0][1], sets[1][0], sets[1][1])
        assert {m for s, e in zip(*both, strict=True) for m in range(s, e)} == sets[0][2] & sets[1][2]


def test_days_follow_the_local_calendar_in_a_zone_with_summer_time():
    hours = read_hours({"daily": "08:00-09:00", "zone": "Europe/Berlin"})
    since = datetime(2024, 3, 30, tzinfo=UTC)
    opens, _ = hours.expand(
        round(since.timestamp()) * MICROSECONDS, round((since + timedelta(days=3)).timestamp()) * MICROSECONDS
    )
    assert [datetime.fromtimestamp(o / MICROSECONDS, UTC).hour for o in opens] == [7, 6, 6]


@pytest.mark.parametrize(
    "given",
    [
        "sometimes",
        {},
        {"someday": "08:00-09:00"},
        {"mon": "8 to 9"},
        {"mon": "09:00-08:00"},
        {"mon": "08:61-09:00"},
        {"mon": "08:00-49:00"},
        {"2024-13-01": "closed"},
        7,
    ],
)
def test_texts_that_are_no_hours_are_refused(given):
    with pytest.raises(NotHours):
        read_hours(given)


def test_a_week_has_seven_days():
    with pytest.raises(NotHours):
        OpeningHours(((),))
    assert OpeningHours(((),) * 7, {date(2024, 1, 1): ((0, 1440),)}).always is False
