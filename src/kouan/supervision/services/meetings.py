"""Meetings of the joint conference: topics, calls, attendance, decisions, minutes and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from kouan.accounts.access import NotAllowed, NotYours, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.accounts.selectors import local_date
from kouan.supervision.codes import AttendanceStatus, Frequency, MeetingKind, SeatRole, TaskSource, UnitRole
from kouan.supervision.models import Attendance, Conference, Decision, Meeting, Topic
from kouan.supervision.selectors.conference import year_of
from kouan.supervision.selectors.settings import rules_on
from kouan.supervision.services.acts import write_act
from kouan.supervision.services.entering import NewMeasure, NewUnit, enter_task
from kouan.supervision.services.warning import REMINDER
from kouan.supervision.states import (
    MEETING_NEXT,
    TOPIC_NEXT,
    MeetingAct,
    MeetingState,
    SeatState,
    TopicAct,
    TopicState,
)
from kouan.workflow.selectors import list_events
from kouan.workflow.services import move

if TYPE_CHECKING:
    from kouan.accounts.models import User
from kouan.supervision.services.conference import TheMeetingIsNotReady

LARGEST_PAPER = 20 * 1024 * 1024


def plan_meeting(
    *,
    user: User,
    conference_id: UUID,
    kind: MeetingKind,
    title: str,
    begins_at: datetime,
    place: str,
    chair: str,
    chair_by_delegation: bool,
    prepares_id: UUID | None,
    at: datetime,
) -> Meeting:
    """Plan a meeting: of all members, on one subject, or of the liaison officers to prepare another."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        conference: Conference = get_visible(Conference.objects, user, pk=conference_id)
        meeting = Meeting.objects.create(
            conference=conference,
            kind=kind,
            title=title.strip()[:200],
            begins_at=begins_at,
            place=place.strip()[:120],
            chair=chair.strip()[:120],
            chair_by_delegation=chair_by_delegation,
            prepares=get_visible(Meeting.objects, user, pk=prepares_id) if prepares_id else None,
            state_since=at,
            is_demo=conference.is_demo,
        )
        write_act(act="plan", row=meeting, subject_id=meeting.pk, actor=user, at=at)
    return meeting


def change_meeting(
    *,
    user: User,
    meeting_id: UUID,
    title: str,
    begins_at: datetime,
    place: str,
    chair: str,
    chair_by_delegation: bool,
    at: datetime,
) -> None:
    """Change when, where or under whom a meeting is held, until it was held; members of a called one are told."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        meeting: Meeting = get_visible(Meeting.objects.select_for_update(of=("self",)), user, pk=meeting_id)
        if meeting.state not in (MeetingState.PLANNED, MeetingState.CALLED):
            raise TheMeetingIsNotReady(
                "SUPERVISION-MEETING-OVER", "", "会议已召开或取消，不能再改。", "The meeting was held or cancelled."
            )
        before = meeting.begins_at
        meeting.title, meeting.begins_at, meeting.place = title.strip()[:200], begins_at, place.strip()[:120]
        meeting.chair, meeting.chair_by_delegation = chair.strip()[:120], chair_by_delegation
        meeting.save(update_fields=["title", "begins_at", "place", "chair", "chair_by_delegation"])
        moved = {"from": before.isoformat(), "to": begins_at.isoformat()} if before != begins_at else {}
        write_act(act="change", row=meeting, subject_id=meeting.pk, actor=user, at=at, data=moved)


def record_discussion(*, user: User, topic_id: UUID, text: str, at: datetime) -> None:
    """Write what was said about a topic, for the minutes; between the meeting and its minutes."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        topic: Topic = get_visible(Topic.objects.select_related("meeting"), user, pk=topic_id)
        if topic.meeting is None or topic.meeting.state != MeetingState.HELD:
            raise TheMeetingIsNotReady(
                "SUPERVISION-NOT-HELD", "", "会议召开后、印发纪要前才能登记审议情况。",
                "A discussion is recorded between the meeting and its minutes.",
            )  # fmt: skip
        topic.discussion = text.strip()
        topic.save(update_fields=["discussion"])
        write_act(act="record", row=topic, subject_id=topic.meeting.pk, actor=user, at=at)


def submit_topic(
    *, user: User, conference_id: UUID, title: str, summary: str, paper_name: str, paper: bytes, at: datetime
) -> Topic:
    """Hand in a topic with its paper; every unit with a seat may."""
    require_role(user, Role.LIAISON, Role.PRINCIPAL, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        conference: Conference = get_visible(Conference.objects, user, pk=conference_id)
        if len(paper) > LARGEST_PAPER:
            raise TheMeetingIsNotReady("SUPERVISION-PAPER", "paper", "会议材料超过 20 MB。", "The paper exceeds 20 MB.")
        topic = Topic.objects.create(
            conference=conference,
            organisation_id=user.organisation_id,
            title=title.strip()[:200],
            summary=summary.strip(),
            paper_name=paper_name[:200],
            paper=paper or None,
            state_since=at,
            submitted_by_label=user.audit_label[:120],
            submitted_at=at,
        )
        write_act(act="submit", row=topic, subject_id=topic.pk, actor=user, at=at)
    return topic


def place_topic(*, user: User, topic_id: UUID, meeting_id: UUID, at: datetime) -> None:
    """Put a topic on the agenda of a meeting that has not been held."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        meeting: Meeting = get_visible(Meeting.objects, user, pk=meeting_id)
        topic: Topic = get_visible(Topic.objects, user, pk=topic_id)
        if meeting.state not in (MeetingState.PLANNED, MeetingState.CALLED):
            raise TheMeetingIsNotReady(
                "SUPERVISION-AGENDA", "", "会议已召开或取消，不能再列入议题。", "The meeting was held or cancelled."
            )
        last = meeting.topics.aggregate(last=Max("number"))["last"] or 0
        move(
            row=topic, subject_id=meeting.pk, act=TopicAct.PUT_ON_AGENDA, table=TOPIC_NEXT, actor=user, at=at,
            meeting=meeting, number=last + 1,
        )  # fmt: skip


def defer_topic(*, user: User, topic_id: UUID, at: datetime) -> None:
    """Leave a topic for a later meeting."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        topic: Topic = get_visible(Topic.objects, user, pk=topic_id)
        move(
            row=topic, subject_id=topic.pk, act=TopicAct.DEFER, table=TOPIC_NEXT, actor=user, at=at,
            meeting=None, number=0,
        )  # fmt: skip


def call_meeting(*, user: User, meeting_id: UUID, at: datetime) -> None:
    """Call a meeting: its members see it from now on. The liaison officers meet before a plenary one."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        meeting: Meeting = get_visible(Meeting.objects, user, pk=meeting_id)
        if meeting.kind != MeetingKind.LIAISON and not meeting.topics.exists():
            raise TheMeetingIsNotReady(
                "SUPERVISION-NO-AGENDA", "", "会议还没有议题，不能发出通知。", "The meeting has no agenda yet."
            )
        needs_liaison = meeting.kind == MeetingKind.PLENARY and rules_on(local_date(at)).liaison_first
        if needs_liaison and not meeting.preparations.filter(state__in=["held", "minuted"]).exists():
            raise TheMeetingIsNotReady(
                "SUPERVISION-LIAISON-FIRST",
                "",
                "按议事规则，全体会议前须先召开联络员会议研究议题。",
                "The liaison officers discuss the agenda before a plenary meeting.",
                "请先安排并召开联络员会议，或在督办规则中取消该要求。",
                "Hold a liaison meeting first, or change the rule in the settings.",
            )
        move(row=meeting, subject_id=meeting.pk, act=MeetingAct.CALL, table=MEETING_NEXT, actor=user, at=at)
        seats = meeting.conference.seats.filter(state=SeatState.FIXED).exclude(role__in=[SeatRole.OFFICE])
        wanted = (
            seats.filter(role=SeatRole.LIAISON)
            if meeting.kind == MeetingKind.LIAISON
            else seats.exclude(role=SeatRole.LIAISON)
        )
        Attendance.objects.bulk_create(
            Attendance(
                meeting=meeting,
                organisation_id=seat.organisation_id,
                unit_name=seat.unit_as_written,
                person_name=seat.person_name,
                post=seat.post,
                status=AttendanceStatus.PRESENT,
            )
            for seat in wanted.order_by("id")
        )


def cancel_meeting(*, user: User, meeting_id: UUID, at: datetime) -> None:
    """Call a meeting off; its topics wait for another one."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        meeting: Meeting = get_visible(Meeting.objects, user, pk=meeting_id)
        move(row=meeting, subject_id=meeting.pk, act=MeetingAct.CANCEL, table=MEETING_NEXT, actor=user, at=at)
        for topic in meeting.topics.filter(state=TopicState.ON_AGENDA):
            move(
                row=topic, subject_id=meeting.pk, act=TopicAct.DEFER, table=TOPIC_NEXT, actor=user, at=at,
                meeting=None, number=0,
            )  # fmt: skip


def answer_call(
    *,
    user: User,
    attendance_id: UUID,
    status: AttendanceStatus,
    person_name: str,
    post: str,
    delegated_by: str,
    at: datetime,
) -> None:
    """Say who attends for a unit: itself, a delegate with the name of who delegates, or with leave."""
    require_role(user, Role.LIAISON, Role.PRINCIPAL, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        row = Attendance.objects.select_related("meeting").filter(pk=attendance_id).first()
        if row is None or (not user.sees_all_cases and row.organisation_id != user.organisation_id):
            raise NotYours
        if row.meeting.state not in (MeetingState.CALLED, MeetingState.HELD):
            raise NotAllowed("会议记录已定，不能再改。", "The record of the meeting stands.", "", "")
        if status == AttendanceStatus.DELEGATED and not delegated_by.strip():
            raise TheMeetingIsNotReady(
                "SUPERVISION-DELEGATE", "delegated_by", "委托出席须写明委托人。", "Say who delegated."
            )
        row.status, row.person_name, row.post = status, person_name.strip()[:60], post.strip()[:120]
        row.delegated_by = delegated_by.strip()[:60] if status == AttendanceStatus.DELEGATED else ""
        row.save(update_fields=["status", "person_name", "post", "delegated_by"])
        write_act(act="answer", row=row, subject_id=row.meeting.pk, actor=user, at=at, data={"status": str(status)})


def hold_meeting(*, user: User, meeting_id: UUID, at: datetime) -> None:
    """Say that a meeting was held: its topics were discussed."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        meeting: Meeting = get_visible(Meeting.objects, user, pk=meeting_id)
        move(row=meeting, subject_id=meeting.pk, act=MeetingAct.HOLD, table=MEETING_NEXT, actor=user, at=at)
        for topic in meeting.topics.filter(state=TopicState.ON_AGENDA):
            move(row=topic, subject_id=meeting.pk, act=TopicAct.DISCUSS, table=TOPIC_NEXT, actor=user, at=at)


def record_decision(
    *,
    user: User,
    meeting_id: UUID,
    topic_id: UUID | None,
    text: str,
    organisation_ids: Sequence[UUID],
    due_date: date | None,
    needs_approval: bool,
    at: datetime,
) -> Decision:
    """Write down what a meeting decided; the unit named first leads. It becomes a task with the minutes."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        meeting: Meeting = get_visible(Meeting.objects.select_for_update(), user, pk=meeting_id)
        if meeting.state != MeetingState.HELD:
            raise TheMeetingIsNotReady(
                "SUPERVISION-NOT-HELD", "", "会议召开后、印发纪要前才能登记议定事项。",
                "Decisions are recorded between the meeting and its minutes.",
            )  # fmt: skip
        if not text.strip() or not organisation_ids:
            raise TheMeetingIsNotReady(
                "SUPERVISION-DECISION",
                "text" if not text.strip() else "organisation_ids",
                "议定事项须有内容和责任单位。",
                "A decision has a text and a unit.",
            )
        last = meeting.decisions.aggregate(last=Max("number"))["last"] or 0
        decision = Decision.objects.create(
            meeting=meeting,
            topic=meeting.topics.filter(pk=topic_id).first() if topic_id else None,
            number=last + 1,
            text=text.strip(),
            organisation_ids=list(dict.fromkeys(organisation_ids)),
            due_date=due_date,
            needs_approval=needs_approval,
        )
        write_act(
            act="record", row=decision, subject_id=meeting.pk, actor=user, at=at, data={"number": decision.number}
        )
    return decision


def issue_minutes(*, user: User, meeting_id: UUID, opening: str, names: dict[UUID, str], at: datetime) -> int:
    """Issue the minutes: number them in their year, and make a task of every decision. Return the number.

    Minutes carry no seal. A decision that has to be approved by the government becomes a task when it is approved.
    """
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        meeting: Meeting = get_visible(
            Meeting.objects.select_for_update(of=("self",)).select_related("conference"), user, pk=meeting_id
        )
        conference = Conference.objects.select_for_update().get(pk=meeting.conference.pk)
        year = local_date(at).year
        last = conference.meetings.filter(minutes_year=year).aggregate(last=Max("minutes_number"))["last"] or 0
        move(
            row=meeting, subject_id=meeting.pk, act=MeetingAct.ISSUE_MINUTES, table=MEETING_NEXT, actor=user, at=at,
            minutes_year=year, minutes_number=last + 1, minutes_opening=opening.strip(), minutes_issued_at=at,
        )  # fmt: skip
        for decision in meeting.decisions.filter(needs_approval=False):
            _make_task(decision, meeting, names, user, at)
    return last + 1


def record_approval(
    *, user: User, decision_id: UUID, is_approved: bool, approval: str, names: dict[UUID, str], at: datetime
) -> None:
    """Write what the government said to a decision that needed its approval; an approved one becomes a task."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        decision = Decision.objects.select_related("meeting").filter(pk=decision_id, needs_approval=True).first()
        if decision is None or decision.task_id is not None or decision.approval:  # type: ignore[attr-defined]
            raise NotYours
        decision.approval = approval.strip()[:300]
        decision.save(update_fields=["approval"])
        write_act(
            act="approve" if is_approved else "turn_down",
            row=decision,
            subject_id=decision.meeting.pk,
            actor=user,
            at=at,
        )
        if is_approved and decision.meeting.state == MeetingState.MINUTED:
            _make_task(decision, decision.meeting, names, user, at)


def _make_task(decision: Decision, meeting: Meeting, names: dict[UUID, str], user: User, at: datetime) -> None:
    label = f"{meeting.title}（纪要〔{meeting.minutes_year}〕{meeting.minutes_number}号）"
    decision.task = enter_task(
        actor=user,
        at=at,
        source=TaskSource.MEETING,
        source_label=label,
        clause=str(decision.number),
        title=decision.text.split("。")[0][:80],
        text=decision.text,
        units=[
            NewUnit(names[each], UnitRole.LEAD if index == 0 else UnitRole.SUPPORT, each)
            for index, each in enumerate(decision.organisation_ids)
        ],
        measures=[NewMeasure(decision.text, decision.due_date)],
        frequency=Frequency.MONTHLY,
        is_demo=meeting.is_demo,
    )
    decision.save(update_fields=["task"])


def report_result(*, user: User, decision_id: UUID, meeting_id: UUID, result: str, at: datetime) -> None:
    """Lay what became of a decision before a later meeting of the same conference."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        meeting: Meeting = get_visible(Meeting.objects, user, pk=meeting_id)
        decision = Decision.objects.select_related("meeting").filter(
            pk=decision_id, meeting__conference=meeting.conference, meeting__begins_at__lt=meeting.begins_at
        ).first()  # fmt: skip
        if decision is None:
            raise NotYours
        if not result.strip():
            raise TheMeetingIsNotReady("SUPERVISION-RESULT", "result", "请写明落实情况。", "Say what became of it.")
        decision.result, decision.reported_to = result.strip(), meeting
        decision.save(update_fields=["result", "reported_to"])
        write_act(act="report", row=decision, subject_id=meeting.pk, actor=user, at=at)


def remind_of_meetings(*, at: datetime) -> int:
    """Write that a meeting which the rules ask for is due or overdue, once each; return how many. Notices tell it."""
    today = local_date(at)
    count = 0
    with transaction.atomic():
        for conference in Conference.objects.select_for_update().order_by("id"):
            known = {
                (event.data.get("year"), event.data.get("number"), event.data.get("word"))
                for event in list_events(subject_id=conference.pk)
                if event.act == "remind"
            }
            for due in year_of(conference, on=today):
                if due.state not in ("due", "overdue") or (today.year, due.number, due.state) in known:
                    continue
                write_act(
                    act="remind", row=conference, subject_id=conference.pk, actor=REMINDER, at=at,
                    data={"year": today.year, "number": due.number, "word": due.state, "due": due.due_date.isoformat()},
                )  # fmt: skip
                count += 1
    return count
