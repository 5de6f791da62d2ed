"""The joint conference: founded from a document, prepared by liaison officers, decided, minuted, heard of again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.selectors import local_date
from kouan.supervision.codes import AttendanceStatus, MeetingKind, SeatRole
from kouan.supervision.factories import Town
from kouan.supervision.models import Attendance, Seat, Task
from kouan.supervision.paper import composing
from kouan.supervision.selectors import conference as selectors
from kouan.supervision.services import conference, meetings
from kouan.supervision.states import SeatAct

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Town(at=timezone.now())


def names(town):
    return {town.bureau.pk: "市交通局", town.airport.pk: "临江机场集团"}


def test_it_works(town):
    assert town.decision
    number = meetings.issue_minutes(
        user=town.office, meeting_id=town.meeting.pk, opening="会议纪要如下：", names=names(town), at=town.at
    )
    task = Task.objects.get(source="meeting")
    assert number == 1
    assert (task.lead_id, task.due_date) == (town.bureau.pk, local_date(town.at) + timedelta(days=60))
    assert f"〔{local_date(town.at).year}〕1号" in task.source_label
    due = selectors.results_due(town.next_meeting)
    assert [row.pk for row in due] == [town.decision.pk]
    meetings.report_result(
        user=town.office, decision_id=town.decision.pk, meeting_id=town.next_meeting.pk, result="已印发", at=town.at
    )
    assert selectors.results_due(town.next_meeting)[0].result == "已印发"


def test_the_document_names_the_members(town):
    roles = list(Seat.objects.filter(conference=town.conference).values_list("role", "unit_as_written"))
    assert [unit for role, unit in roles if role == "member"] == ["市商务局", "市交通局", "临江机场集团"]
    assert town.conference.office_id == town.office_home.pk
    with pytest.raises(conference.TheConferenceStands):
        conference.found_conference(user=town.office, document_id=town.document.pk, body=0, at=town.at)


def test_liaison_officers_meet_before_a_plenary_meeting(town):
    plenary = town.plan(MeetingKind.PLENARY, "第一次全体会议", days=30)
    meetings.place_topic(user=town.office, topic_id=town.topic.pk, meeting_id=plenary.pk, at=town.at)
    with pytest.raises(conference.TheMeetingIsNotReady) as refused:
        meetings.call_meeting(user=town.office, meeting_id=plenary.pk, at=town.at)
    assert refused.value.problem.code == "SUPERVISION-LIAISON-FIRST"
    before = town.plan(MeetingKind.LIAISON, "联络员会议", days=10, prepares=plenary.pk)
    meetings.call_meeting(user=town.office, meeting_id=before.pk, at=town.at)
    meetings.hold_meeting(user=town.office, meeting_id=before.pk, at=town.at)
    meetings.call_meeting(user=town.office, meeting_id=plenary.pk, at=town.at)
    assert Attendance.objects.filter(meeting=plenary).count() == 4  # convenor and three members


def test_a_meeting_without_topics_is_not_called(town):
    meeting = town.plan(MeetingKind.SPECIAL, "专题会议", days=5)
    with pytest.raises(conference.TheMeetingIsNotReady):
        meetings.call_meeting(user=town.office, meeting_id=meeting.pk, at=town.at)


def test_members_see_a_meeting_only_when_it_is_called(town):
    meeting = town.plan(MeetingKind.SPECIAL, "专题会议", days=5)
    assert not selectors.list_meetings(town.liaison).filter(pk=meeting.pk).exists()
    assert selectors.list_meetings(town.liaison).filter(pk=town.meeting.pk).exists()


def test_a_delegate_names_who_delegated(town):
    answer = {
        "user": town.liaison, "attendance_id": town.attendance.pk, "status": AttendanceStatus.DELEGATED,
        "person_name": "李四", "post": "副局长", "at": town.at,
    }  # fmt: skip
    with pytest.raises(conference.TheMeetingIsNotReady):
        meetings.answer_call(delegated_by="", **answer)
    meetings.answer_call(delegated_by="王局长", **answer)
    town.attendance.refresh_from_db()
    assert (town.attendance.status, town.attendance.delegated_by) == ("delegated", "王局长")


def test_a_unit_answers_for_itself_alone(town):
    other = Attendance.objects.get(meeting=town.meeting, organisation_id=town.airport.pk)
    with pytest.raises(NotYours):
        meetings.answer_call(
            user=town.liaison, attendance_id=other.pk, status=AttendanceStatus.ABSENT, person_name="", post="",
            delegated_by="", at=town.at,
        )  # fmt: skip


def test_what_needs_approval_waits_for_it(town):
    decision = meetings.record_decision(
        user=town.office, meeting_id=town.meeting.pk, topic_id=None, text="增加经费", organisation_ids=[town.bureau.pk],
        due_date=None, needs_approval=True, at=town.at,
    )  # fmt: skip
    meetings.issue_minutes(user=town.office, meeting_id=town.meeting.pk, opening="x", names=names(town), at=town.at)
    assert not Task.objects.filter(source="meeting").exists()
    meetings.record_approval(
        user=town.office,
        decision_id=decision.pk,
        is_approved=True,
        approval="市政府批复3号",
        names=names(town),
        at=town.at,
    )
    assert Task.objects.filter(source="meeting").count() == 1


def test_a_new_person_ends_the_former_one(town):
    today = local_date(town.at)

    def propose(name):
        return conference.propose_seat(
            user=town.liaison, conference_id=town.conference.pk, organisation_id=town.bureau.pk, unit_name="市交通局",
            role=SeatRole.LIAISON, person_name=name, post="", since_date=today,
            until_date=today + timedelta(days=365), at=town.at,
        )  # fmt: skip

    first, second = propose("甲"), propose("乙")
    for seat in (first, second):
        conference.decide_seat(user=town.office, seat_id=seat.pk, act=SeatAct.FIX, at=town.at)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("ended", "fixed")


def test_a_unit_proposes_its_own_people_alone(town):
    with pytest.raises(NotAllowed):
        conference.propose_seat(
            user=town.liaison, conference_id=town.conference.pk, organisation_id=town.airport.pk, unit_name="x",
            role=SeatRole.MEMBER, person_name="丙", post="", since_date=local_date(town.at), until_date=None,
            at=town.at,
        )  # fmt: skip


def test_a_cancelled_meeting_gives_its_topics_back(town):
    meeting = town.plan(MeetingKind.SPECIAL, "专题会议", days=5)
    meetings.place_topic(user=town.office, topic_id=town.topic.pk, meeting_id=meeting.pk, at=town.at)
    meetings.cancel_meeting(user=town.office, meeting_id=meeting.pk, at=town.at)
    town.topic.refresh_from_db()
    assert (town.topic.state, town.topic.meeting_id) == ("deferred", None)


def test_what_was_said_about_a_topic_stands_in_the_minutes(town):
    assert town.decision
    meetings.record_discussion(user=town.office, topic_id=town.topic.pk, text="会议认为应突出全货机。", at=town.at)
    topic = selectors.agenda_of(town.meeting)[0]
    paper = composing.minutes_of(
        town.meeting, agenda=[topic], decisions=selectors.decisions_of(town.meeting), attendance=[], names=names(town),
        office="办公室",
    )  # fmt: skip
    assert "会议认为应突出全货机。" in [block.text for block in paper.blocks]
    meetings.issue_minutes(user=town.office, meeting_id=town.meeting.pk, opening="x", names=names(town), at=town.at)
    with pytest.raises(conference.TheMeetingIsNotReady):
        meetings.record_discussion(user=town.office, topic_id=town.topic.pk, text="改写", at=town.at)


def test_a_meeting_changes_until_it_is_held(town):
    change = {
        "user": town.office, "title": "改期的会议", "begins_at": town.at + timedelta(days=9), "place": "一号会议室",
        "chair": "副秘书长", "chair_by_delegation": True, "at": town.at,
    }  # fmt: skip
    meetings.change_meeting(meeting_id=town.next_meeting.pk, **change)
    town.next_meeting.refresh_from_db()
    assert (town.next_meeting.title, town.next_meeting.place) == ("改期的会议", "一号会议室")
    with pytest.raises(conference.TheMeetingIsNotReady):
        meetings.change_meeting(meeting_id=town.meeting.pk, **change)
    with pytest.raises(NotAllowed):
        meetings.change_meeting(meeting_id=town.next_meeting.pk, **change | {"user": town.liaison})
