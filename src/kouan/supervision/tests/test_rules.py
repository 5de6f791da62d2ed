"""Report days, classes of progress, lights, steps of warning; the roll-up; the regulation on inspection. Pure."""

from __future__ import annotations

from datetime import date

import pytest

from kouan.supervision import rules, states
from kouan.supervision.rules import Rules

DAY = date


@pytest.mark.parametrize(
    ("measures", "task"),
    [
        ([], "open"),
        (["open", "closed"], "open"),
        (["bounced", "closed"], "open"),
        (["claimed", "closed"], "claimed"),
        (["closed", "cancelled"], "closed"),
        (["cancelled", "cancelled"], "cancelled"),
    ],
)
def test_a_task_is_the_roll_up_of_its_measures(measures, task):
    assert states.state_of_task(measures) == task


@pytest.mark.parametrize(
    ("frequency", "on", "since", "until", "due"),
    [
        ("monthly", DAY(2026, 2, 10), DAY(2026, 2, 1), DAY(2026, 2, 28), DAY(2026, 2, 25)),
        ("quarterly", DAY(2026, 5, 10), DAY(2026, 4, 1), DAY(2026, 6, 30), DAY(2026, 6, 25)),
        ("weekly", DAY(2026, 11, 25), DAY(2026, 11, 23), DAY(2026, 11, 29), DAY(2026, 11, 27)),
    ],
)
def test_report_periods(frequency, on, since, until, due):
    found = rules.report_period(frequency, on=on, rules=Rules())
    assert (found.since, found.until, found.due_date) == (since, until, due)


@pytest.mark.parametrize(
    ("percent", "progress"),
    [(0, "behind"), (39, "behind"), (45, "on_track"), (60, "on_track"), (61, "ahead"), (100, "done")],
)
def test_progress_is_measured_by_elapsed_time(percent, progress):
    found = rules.seen_progress(
        percent=percent, begun=DAY(2026, 1, 1), due=DAY(2026, 1, 11), on=DAY(2026, 1, 6), rules=Rules()
    )
    assert found == progress


def test_without_a_deadline_time_says_nothing():
    light = rules.light_of(state="open", percent=0, begun=DAY(2026, 1, 1), due=None, on=DAY(2030, 1, 1), rules=Rules())
    assert (light.tone, light.word) == ("none", "未定时限")


@pytest.mark.parametrize(
    ("on", "percent", "word"),
    [
        (DAY(2026, 1, 2), 5, "按期推进"),
        (DAY(2026, 3, 1), 5, "进度滞后"),
        (DAY(2026, 4, 8), 99, "提醒"),
        (DAY(2026, 4, 12), 90, "警示"),
        (DAY(2026, 4, 30), 90, "督办"),
    ],
)
def test_a_light_always_has_its_word(on, percent, word):
    light = rules.light_of(
        state="open", percent=percent, begun=DAY(2026, 1, 1), due=DAY(2026, 4, 11), on=on, rules=Rules()
    )
    assert light.word == word
    assert light.word_en


def test_the_conclusion_may_be_reviewed_within_thirty_days():
    rules.check_review_request(fed_back=DAY(2026, 1, 1), on=DAY(2026, 1, 31))
    with pytest.raises(rules.TheLawForbidsIt):
        rules.check_review_request(fed_back=DAY(2026, 1, 1), on=DAY(2026, 2, 1))


def test_no_inspection_without_designation():
    with pytest.raises(rules.TheLawForbidsIt):
        rules.check_designation(designated_by="", designation_no="", since=DAY(2026, 1, 1), until=DAY(2026, 2, 1))


def test_who_concluded_does_not_review():
    with pytest.raises(rules.TheLawForbidsIt):
        rules.check_reviewer(concluded_by=1, reviewer=1)


def test_spellings_of_a_unit():
    assert rules.spellings("市商务局", "市口岸办") == ["市商务局", "武汉市商务局", "市口岸办", "武汉市口岸办"]
    assert rules.spellings("市商务局(市口岸办)") == ["市商务局（市口岸办）", "武汉市商务局（市口岸办）"]
