"""How often the conference meets: 国函〔2018〕144号 asks for two meetings a year in principle, prepared beforehand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kouan.supervision import owing
from kouan.supervision.codes import MeetingKind
from kouan.supervision.factories import Town
from kouan.supervision.plenaries import PlenarySeen, meetings_due
from kouan.supervision.rules import Rules
from kouan.supervision.selectors import conference as selectors
from kouan.supervision.services import meetings
from kouan.workflow.selectors import list_events


def states(on, *seen, begun=None, rules=None):
    return [
        (due.due_date.isoformat()[5:], due.state, due.liaison)
        for due in meetings_due(year=on.year, on=on, begun=begun, seen=seen, rules=rules or Rules())
    ]


def test_it_works():
    spring = PlenarySeen(1, date(2026, 4, 2), is_held=True, is_prepared=True)
    autumn = PlenarySeen(2, date(2026, 11, 2), is_held=False, is_prepared=False)
    assert states(date(2026, 9, 1), autumn, spring) == [("06-30", "held", "held"), ("12-31", "planned", "due")]


def test_what_nobody_planned_becomes_due_and_then_overdue():
    assert states(date(2026, 4, 1)) == [("06-30", "ahead", ""), ("12-31", "ahead", "")]
    assert states(date(2026, 5, 2))[0] == ("06-30", "due", "")
    assert states(date(2026, 7, 1))[0] == ("06-30", "overdue", "")


def test_a_planned_meeting_after_its_day_is_overdue_until_it_is_held():
    late = PlenarySeen(1, date(2026, 7, 20), is_held=False, is_prepared=True)
    assert states(date(2026, 7, 1), late)[0] == ("06-30", "overdue", "held")


def test_a_plenary_without_its_liaison_meeting_shows():
    held = PlenarySeen(1, date(2026, 4, 2), is_held=True, is_prepared=False)
    assert states(date(2026, 5, 1), held)[0] == ("06-30", "held", "overdue")
    assert states(date(2026, 5, 1), held, rules=Rules(liaison_first=False))[0] == ("06-30", "held", "")


def test_parts_before_the_conference_began_ask_for_nothing():
    assert states(date(2026, 8, 1), begun=date(2026, 7, 20)) == [("12-31", "ahead", "")]


def test_the_number_is_a_setting():
    days = [day for day, _, _ in states(date(2026, 1, 5), rules=Rules(plenary_a_year=4))]
    assert days == ["03-31", "06-30", "09-30", "12-31"]


@pytest.mark.django_db
def test_the_office_sees_and_is_reminded_once():
    town = Town(at=timezone.now())
    conference = town.conference
    wanted = selectors.year_of(conference, on=date(2026, 12, 20))
    assert [due.state for due in wanted][-1] == "due"
    client = Client()
    client.force_login(town.office)
    page = client.get(reverse("conference", args=[conference.pk]))
    assert "国函〔2018〕144号" in page.content.decode()
    at = town.at.replace(month=12, day=20)
    first = meetings.remind_of_meetings(at=at)
    assert first >= 1
    assert meetings.remind_of_meetings(at=at) == 0
    assert meetings.remind_of_meetings(at=at + timedelta(hours=20)) == 0
    reminded = [event.data["number"] for event in list_events(subject_id=conference.pk) if event.act == "remind"]
    assert len(reminded) == first
    kinds = [each.what for each in owing.owed_by(town.office, on=at.date())]
    assert any("全体会议" in what for what in kinds)
    assert not any("全体会议" in each.what for each in owing.owed_by(town.liaison, on=at.date()))


@pytest.mark.django_db
def test_a_meeting_that_is_planned_is_asked_for_its_liaison_meeting():
    town = Town(at=timezone.now())
    plenary = meetings.plan_meeting(
        user=town.office, conference_id=town.conference.pk, kind=MeetingKind.PLENARY, title="全体会议",
        begins_at=town.at, place="", chair="", chair_by_delegation=False, prepares_id=None, at=town.at,
    )  # fmt: skip
    today = timezone.localdate(town.at)
    found = [due for due in selectors.year_of(town.conference, on=today) if due.meeting]
    assert found
    assert found[-1].meeting.pk == plenary.pk or found[-1].liaison
    assert any("联络员会议" in each.what for each in owing.owed_by(town.office, on=today))


@pytest.mark.django_db
def test_the_calendar_shows_every_period_that_it_covers():
    """November's report is due on 25 November even where the page also shows the first days of December."""
    town = Town(at=timezone.now())
    assert town.document
    since, until = date(2026, 10, 26), date(2026, 12, 6)
    days = [each.day for each in owing.calendar_of(town.liaison, since=since, until=until) if "报告" in str(each.kind)]
    assert date(2026, 11, 25) in days
