"""Reads of the joint conference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from kouan.accounts.access import NotYours, get_visible
from kouan.supervision.codes import MeetingKind
from kouan.supervision.models import Attendance, Conference, Decision, FollowUpRules, Meeting, Seat, Task, Topic
from kouan.supervision.plenaries import MeetingDue, PlenarySeen, meetings_due
from kouan.supervision.selectors.settings import rules_on
from kouan.supervision.states import MeetingState, SeatState

if TYPE_CHECKING:
    from kouan.accounts.models import User


def list_conferences(user: User) -> list[Conference]:
    """Give the conferences that a person may see."""
    return list(Conference.objects.visible_to(user).select_related("document").order_by("founded_date", "id"))


def get_conference(*, user: User, pk: UUID) -> Conference:
    """Give one conference; raises NotYours."""
    return get_visible(Conference.objects.select_related("document"), user, pk=pk)


def list_seats(conference: Conference) -> list[Seat]:
    """Give the seats of a conference that may be seen; ended ones last."""
    order = {SeatState.PROPOSED: 0, SeatState.FIXED: 1, SeatState.ENDED: 2}
    return sorted(conference.seats.all(), key=lambda seat: (order[SeatState(seat.state)], seat.pk))


def get_seat(*, user: User, pk: UUID) -> Seat:
    """Give one seat of a conference that may be seen; raises NotYours."""
    found = Seat.objects.select_related("conference").filter(pk=pk).first()
    if found is None:
        raise NotYours
    get_visible(Conference.objects, user, pk=found.conference.pk)
    return found


def member_counts(conferences: Sequence[Conference]) -> dict[UUID, int]:
    """Count the organisations with a standing seat in conferences that may be seen."""
    seats = Seat.objects.filter(conference__in=conferences).exclude(state=SeatState.ENDED)
    rows = seats.values("conference_id").annotate(count=Count("organisation_id", distinct=True))
    return {row["conference_id"]: row["count"] for row in rows}


def list_meetings(user: User) -> QuerySet[Meeting]:
    """Give the meetings that a person may see, with counts of topics and decisions."""
    return (
        Meeting.objects.visible_to(user)
        .select_related("conference")
        .annotate(topic_count=Count("topics", distinct=True), decision_count=Count("decisions", distinct=True))
    )


def meetings_between(user: User, *, since: date, until: date) -> list[Meeting]:
    """Give the meetings of a time that a person may see, without those that were called off."""
    rows = Meeting.objects.visible_to(user).filter(begins_at__date__gte=since, begins_at__date__lte=until)
    return list(rows.exclude(state=MeetingState.CANCELLED).order_by("begins_at", "id"))


def get_meeting(*, user: User, pk: UUID) -> Meeting:
    """Give one meeting; raises NotYours."""
    return get_visible(Meeting.objects.select_related("conference__document", "prepares"), user, pk=pk)


def preparations_of(meeting: Meeting, *, user: User) -> list[Meeting]:
    """Give the liaison meetings that prepare a meeting, as far as the person sees them."""
    rows = Meeting.objects.visible_to(user).filter(prepares=meeting).exclude(state=MeetingState.CANCELLED)
    return list(rows.order_by("begins_at", "id"))


def agenda_of(meeting: Meeting) -> list[Topic]:
    """Give the topics of a meeting that may be seen, in order, without their papers' bytes."""
    return list(meeting.topics.defer("paper").order_by("number", "id"))


def list_topics(user: User) -> QuerySet[Topic]:
    """Give the topics that a person may see."""
    return Topic.objects.visible_to(user).select_related("meeting", "conference").defer("paper")


def get_topic(*, user: User, pk: UUID) -> Topic:
    """Give one topic with its paper; raises NotYours."""
    return get_visible(Topic.objects.select_related("meeting", "conference"), user, pk=pk)


def free_topics(conference: Conference) -> list[Topic]:
    """Give the topics that wait for a meeting."""
    rows = conference.topics.filter(state__in=["submitted", "deferred"]).defer("paper")
    return list(rows.order_by("submitted_at"))


def attendance_of(meeting: Meeting) -> list[Attendance]:
    """Give who attends a meeting that may be seen."""
    return list(meeting.attendance.all())


def get_attendance(*, user: User, pk: UUID) -> Attendance:
    """Give one line of attendance: of one's own unit, or any for the port office; raises NotYours."""
    found = Attendance.objects.select_related("meeting").filter(pk=pk).first()
    if found is None or (not user.sees_all_cases and found.organisation_id != user.organisation_id):
        raise NotYours
    return found


def decisions_of(meeting: Meeting) -> list[Decision]:
    """Give what a meeting that may be seen decided."""
    return list(meeting.decisions.select_related("task", "topic", "reported_to"))


def get_decision(*, user: User, pk: UUID) -> Decision:
    """Give one decision of a meeting that may be seen; raises NotYours."""
    found = Decision.objects.select_related("meeting__conference", "task").filter(pk=pk).first()
    if found is None:
        raise NotYours
    get_visible(Meeting.objects, user, pk=found.meeting.pk)
    return found


def decision_behind(task: Task, *, user: User) -> Decision | None:
    """Give the decision that a task came from, where its meeting may be seen."""
    rows = Decision.objects.filter(task=task, meeting__in=Meeting.objects.visible_to(user))
    return rows.select_related("meeting").first()


def results_due(meeting: Meeting) -> list[Decision]:
    """Give the decisions of earlier meetings that are to be reported to this one: never reported, or reported here."""
    rows = Decision.objects.filter(
        meeting__conference=meeting.conference, meeting__begins_at__lt=meeting.begins_at,
        meeting__state=MeetingState.MINUTED,
    ).select_related("meeting", "task", "reported_to")  # fmt: skip
    return [row for row in rows.order_by("meeting__begins_at", "number") if row.reported_to in (None, meeting)]


def year_of(conference: Conference, *, on: date) -> list[MeetingDue]:
    """Give the plenary meetings that the rules ask for in the year of a day, of a conference that may be seen."""
    return years_of([conference], on=on)[conference.pk]


def years_of(conferences: Sequence[Conference], *, on: date) -> dict[UUID, list[MeetingDue]]:
    """Give the same for some conferences, in two queries."""
    before = Meeting.objects.filter(prepares=OuterRef("pk"), state__in=[MeetingState.HELD, MeetingState.MINUTED])
    rows = (
        Meeting.objects.filter(conference__in=conferences, kind=MeetingKind.PLENARY, begins_at__year=on.year)
        .exclude(state=MeetingState.CANCELLED)
        .annotate(is_prepared=Exists(before))
        .values_list("conference_id", "pk", "begins_at", "state", "is_prepared")
    )
    seen: dict[UUID, list[PlenarySeen]] = {each.pk: [] for each in conferences}
    for conference_id, pk, begins_at, state, is_prepared in rows:
        is_held = state in (MeetingState.HELD, MeetingState.MINUTED)
        seen[conference_id].append(PlenarySeen(pk, timezone.localdate(begins_at), is_held, is_prepared))
    rules = rules_on(on)
    return {
        each.pk: meetings_due(year=on.year, on=on, begun=each.founded_date, seen=seen[each.pk], rules=rules)
        for each in conferences
    }


def ground_of_rules(*, on: date) -> FollowUpRules | None:
    """Give the settings that hold on a day, with what they rest on; None where those of the system hold."""
    return FollowUpRules.objects.filter(since__lte=on).order_by("-since").first()
