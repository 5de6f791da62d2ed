"""Pages of meetings: the list, planning and calling them, the agenda, attendance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotYours, door
from kouan.screens.lists import ChoiceFilter, Column, DateRangeFilter, ListPage
from kouan.screens.pieces import Consequence, Crumb, Emptiness, NextStep
from kouan.supervision import timeline
from kouan.supervision.codes import AttendanceStatus, MeetingKind
from kouan.supervision.forms.conference import (
    AttendanceForm,
    MeetingChangeForm,
    MeetingForm,
    PlaceTopicForm,
)
from kouan.supervision.selectors import conference as selectors
from kouan.supervision.services import meetings as services
from kouan.supervision.states import MeetingState
from kouan.supervision.views.acting import OFFICE, SEERS, UNITS, act_page

MEETINGS = ListPage(
    key="meetings",
    title=gettext_lazy("会议"),
    about=gettext_lazy("联席会议全体会议、专题会议和联络员会议"),
    columns=[
        Column("title", gettext_lazy("会议"), sort="title", note="conference.name"),
        Column("state", gettext_lazy("状态"), kind="chip", family="meeting", sort="state"),
        Column("kind", gettext_lazy("类型"), "get_kind_display", sort="kind"),
        Column("begins", gettext_lazy("时间"), "begins_at", kind="when", sort="begins_at"),
        Column("topics", gettext_lazy("议题"), "topic_count", kind="count", sort="topic_count"),
        Column("decisions", gettext_lazy("议定事项"), "decision_count", kind="count", sort="decision_count"),
    ],
    filters=[
        ChoiceFilter("kind", gettext_lazy("类型"), choices=MeetingKind.choices),
        DateRangeFilter("begins", gettext_lazy("时间"), field="begins_at"),
    ],
    default_sort="-begins",
    row_url=lambda row: reverse("meeting", args=[row.pk]),
    empty=Emptiness(gettext_lazy("还没有会议"), gettext_lazy("在联席会议页面安排会议"), icon="calendar"),
)


@require_GET
@door(roles=SEERS)
def list_meetings(request: HttpRequest) -> HttpResponseBase:
    """The meetings that the person may see."""
    user: Any = request.user
    return MEETINGS.respond(request, selectors.list_meetings(user))


@door(roles=OFFICE)
def plan_meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan a meeting."""
    user: Any = request.user
    conference = selectors.get_conference(user=user, pk=pk)
    to_come = selectors.list_meetings(user).filter(conference=conference, state=MeetingState.PLANNED)
    form = MeetingForm(
        request.POST or None,
        meetings=[(str(row.pk), row.title) for row in to_come.exclude(kind=MeetingKind.LIAISON)],
        initial={"begins_at": timezone.localtime() + timedelta(days=14), "title": conference.name} | _prepared(request),
    )

    def do(data: dict[str, Any]) -> str:
        prepares = data.pop("prepares_id")
        meeting = services.plan_meeting(
            user=user,
            conference_id=pk,
            kind=MeetingKind(data.pop("kind")),
            prepares_id=UUID(prepares) if prepares else None,
            at=timezone.now(),
            **data,
        )
        return reverse("meeting", args=[meeting.pk])

    return act_page(
        request,
        form=form,
        do=do,
        title=_("安排会议"),
        about=conference.name,
        act_label=_("安排"),
        back_url=reverse("conference", args=[pk]),
    )


def _prepared(request: HttpRequest) -> dict[str, Any]:
    """What is known where a liaison meeting is planned from the meeting that it prepares."""
    asked = request.GET.get("prepares", "")
    return {"prepares_id": asked, "kind": MeetingKind.LIAISON, "title": _("联络员会议")} if asked else {}


@require_GET
@door(roles=SEERS)
def show_meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One meeting: agenda, attendance, decisions, results of earlier meetings."""
    user: Any = request.user
    meeting = selectors.get_meeting(user=user, pk=pk)
    agenda = selectors.agenda_of(meeting)
    attendance = selectors.attendance_of(meeting)
    decisions = selectors.decisions_of(meeting)
    due = selectors.results_due(meeting)
    names = accounts.organisation_names(
        [
            *(topic.organisation_id for topic in agenda),
            *(each for row in (*decisions, *due) for each in row.organisation_ids),
        ]
    )
    is_office = user.sees_all_cases
    context = {
        "meeting": meeting,
        "title": meeting.title,
        "agenda": [{"row": topic, "unit": names.get(topic.organisation_id, "")} for topic in agenda],
        "attendance": [
            {"row": row, "is_mine": is_office or row.organisation_id == user.organisation_id} for row in attendance
        ],
        "present": sum(1 for row in attendance if row.status in (AttendanceStatus.PRESENT, AttendanceStatus.DELEGATED)),
        "decisions": [_shown_decision(row, names) for row in decisions],
        "results": [_shown_decision(row, names) for row in due],
        "is_office": is_office,
        "may_change": is_office and meeting.state in (MeetingState.PLANNED, MeetingState.CALLED),
        "preparations": selectors.preparations_of(meeting, user=user),
        "may_answer": meeting.state in (MeetingState.CALLED, MeetingState.HELD) and user.has_role(*UNITS),
        "may_place": is_office and meeting.state in (MeetingState.PLANNED, MeetingState.CALLED),
        "may_decide": is_office and meeting.state == MeetingState.HELD,
        "acts": _meeting_acts(meeting) if is_office else [],
        "next_step": _meeting_step(
            meeting, is_office, sum(1 for row in decisions if row.needs_approval and not row.approval)
        ),
        "moments": timeline.moments_of(meeting.pk),
        "crumbs": [
            Crumb(_("联席会议"), reverse("conferences")),
            Crumb(meeting.conference.name, reverse("conference", args=[meeting.conference.pk])),
        ],
    }
    return render(request, "supervision/meeting.html", context)


def _shown_decision(row: Any, names: dict[UUID, str]) -> dict[str, Any]:
    units = [names[each] for each in row.organisation_ids if each in names]
    return {"row": row, "lead": units[0] if units else "", "others": units[1:]}


_ACTS: dict[str, tuple[Any, Any, tuple[MeetingState, ...]]] = {
    "call": (gettext_lazy("发出会议通知"), services.call_meeting, (MeetingState.PLANNED,)),
    "hold": (gettext_lazy("登记已召开"), services.hold_meeting, (MeetingState.CALLED,)),
    "cancel": (gettext_lazy("取消会议"), services.cancel_meeting, (MeetingState.PLANNED, MeetingState.CALLED)),
}


def _meeting_acts(meeting: Any) -> list[dict[str, Any]]:
    return [
        {"key": key, "label": label, "is_danger": key == "cancel"}
        for key, (label, _service, states) in _ACTS.items()
        if meeting.state in states
    ]


def _meeting_step(meeting: Any, is_office: bool, awaiting: int) -> NextStep:
    kind = "yours" if is_office else "theirs"
    whose = "" if is_office else _("联席会议办公室")
    if meeting.state == MeetingState.PLANNED:
        return NextStep(kind, _("列入议题后发出会议通知"), whose=whose)
    if meeting.state == MeetingState.CALLED:
        return NextStep(kind, _("各单位反馈出席人员；会后登记已召开"), whose=whose)
    if meeting.state == MeetingState.HELD:
        url = reverse("issue-minutes", args=[meeting.pk])
        return NextStep(kind, _("登记议定事项，印发纪要"), whose=whose, url=url if is_office else "", act=_("印发纪要"))
    if meeting.state == MeetingState.MINUTED and awaiting:
        what = _("纪要已印发；%(n)s 项议定事项待市政府批准后列入台账") % {"n": awaiting}
        return NextStep(kind, what, whose=whose)
    return NextStep(
        "over", _("纪要已印发，议定事项已入台账") if meeting.state == MeetingState.MINUTED else _("会议已取消")
    )


@door(roles=OFFICE)
def act_on_meeting(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Call a meeting, say that it was held, or call it off."""
    user: Any = request.user
    meeting = selectors.get_meeting(user=user, pk=pk)
    if act not in _ACTS:
        raise NotYours
    label, service, _states = _ACTS[act]
    consequences = {
        "call": [Consequence(_("成员单位即可看到会议和议题，并反馈出席人员"))],
        "hold": [Consequence(_("议题转为已审议，可登记议定事项"))],
        "cancel": [Consequence(_("已列入的议题转为暂缓，等待下次会议"))],
    }[act]
    return act_page(
        request,
        form=Form(request.POST or None),
        do=lambda data: service(user=user, meeting_id=pk, at=timezone.now()),
        title=label,
        about=meeting.title,
        act_label=label,
        consequences=consequences,
        back_url=reverse("meeting", args=[pk]),
        is_danger=act == "cancel",
    )


@door(roles=OFFICE)
def change_meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change when, where or under whom a meeting is held."""
    user: Any = request.user
    meeting = selectors.get_meeting(user=user, pk=pk)
    known = {name: getattr(meeting, name) for name in ("title", "place", "chair", "chair_by_delegation")}
    form = MeetingChangeForm(request.POST or None, initial=known | {"begins_at": timezone.localtime(meeting.begins_at)})
    told = meeting.state == MeetingState.CALLED
    return act_page(
        request,
        form=form,
        do=lambda data: services.change_meeting(user=user, meeting_id=pk, at=timezone.now(), **data),
        title=_("更改会议安排"),
        about=meeting.title,
        act_label=_("更改"),
        consequences=[Consequence(_("已收到会议通知的单位会收到更改通知"))] if told else [],
        back_url=reverse("meeting", args=[pk]),
    )


@door(roles=OFFICE)
def place_topic(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a topic on the agenda."""
    user: Any = request.user
    meeting = selectors.get_meeting(user=user, pk=pk)
    topics = [(str(row.pk), row.title) for row in selectors.free_topics(meeting.conference)]
    return act_page(
        request,
        form=PlaceTopicForm(request.POST or None, topics=topics),
        do=lambda data: services.place_topic(
            user=user, topic_id=UUID(data["topic_id"]), meeting_id=pk, at=timezone.now()
        ),
        title=_("列入议题"),
        about=meeting.title if topics else _("没有待列入的议题，请先由成员单位提交"),
        act_label=_("列入"),
        back_url=reverse("meeting", args=[pk]),
    )


@door(roles=OFFICE)
def defer_topic(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Leave a topic for a later meeting."""
    user: Any = request.user
    topic = selectors.get_topic(user=user, pk=pk)
    back = (
        reverse("meeting", args=[topic.meeting.pk])
        if topic.meeting
        else reverse("conference", args=[topic.conference.pk])
    )
    return act_page(
        request,
        form=Form(request.POST or None),
        do=lambda data: services.defer_topic(user=user, topic_id=pk, at=timezone.now()),
        title=_("暂缓议题"),
        about=topic.title,
        act_label=_("暂缓"),
        back_url=back,
    )


@door(roles=UNITS)
def answer_call(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say who attends for a unit."""
    user: Any = request.user
    row = selectors.get_attendance(user=user, pk=pk)
    initial = {name: getattr(row, name) for name in ("status", "person_name", "post", "delegated_by")}
    return act_page(
        request,
        form=AttendanceForm(request.POST or None, initial=initial),
        do=lambda data: services.answer_call(
            user=user, attendance_id=pk, at=timezone.now(), status=AttendanceStatus(data.pop("status")), **data
        ),
        title=_("反馈出席人员"),
        about=row.unit_name,
        act_label=_("保存"),
        back_url=reverse("meeting", args=[row.meeting.pk]),
    )
