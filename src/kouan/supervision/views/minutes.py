"""Pages of what a meeting came to: discussions, decisions, minutes, approval, and what became of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotYours, door
from kouan.screens.pieces import Consequence
from kouan.supervision.forms.conference import (
    ApprovalForm,
    DecisionForm,
    DiscussionForm,
    MinutesForm,
    ResultForm,
)
from kouan.supervision.selectors import conference as selectors
from kouan.supervision.services import meetings as services
from kouan.supervision.views.acting import OFFICE, act_page, unit_choices


@door(roles=OFFICE)
def record_discussion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write what was said about a topic."""
    user: Any = request.user
    topic = selectors.get_topic(user=user, pk=pk)
    if topic.meeting is None:
        raise NotYours
    return act_page(
        request,
        form=DiscussionForm(request.POST or None, initial={"text": topic.discussion}),
        do=lambda data: services.record_discussion(user=user, topic_id=pk, text=data["text"], at=timezone.now()),
        title=_("登记审议情况"),
        about=topic.title,
        act_label=_("登记"),
        back_url=reverse("meeting", args=[topic.meeting.pk]),
    )


@door(roles=OFFICE)
def record_decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down what a meeting decided."""
    user: Any = request.user
    meeting = selectors.get_meeting(user=user, pk=pk)
    topics = [(str(topic.pk), topic.title) for topic in selectors.agenda_of(meeting)]
    form = DecisionForm(request.POST or None, units=unit_choices(), topics=topics)

    def do(data: dict[str, Any]) -> None:
        others = [UUID(each) for each in data["organisation_ids"]]
        services.record_decision(
            user=user,
            meeting_id=pk,
            topic_id=UUID(data["topic_id"]) if data["topic_id"] else None,
            text=data["text"],
            organisation_ids=[UUID(data["lead_id"]), *others],
            due_date=data["due_date"],
            needs_approval=data["needs_approval"],
            at=timezone.now(),
        )

    return act_page(
        request,
        form=form,
        do=do,
        title=_("登记议定事项"),
        about=meeting.title,
        act_label=_("登记"),
        consequences=[Consequence(_("印发纪要时自动列入台账"))],
        back_url=reverse("meeting", args=[pk]),
    )


@door(roles=OFFICE)
def issue_minutes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Issue the minutes of a meeting."""
    user: Any = request.user
    meeting = selectors.get_meeting(user=user, pk=pk)
    decisions = selectors.decisions_of(meeting)
    names = accounts.organisation_names(each for row in decisions for each in row.organisation_ids)
    day = timezone.localtime(meeting.begins_at)
    opening = (
        f"{day.year}年{day.month}月{day.day}日，{meeting.chair or '召集人'}主持召开{meeting.title}。会议纪要如下："
    )
    count = sum(1 for row in decisions if not row.needs_approval)
    waiting = len(decisions) - count
    consequences = [Consequence(_("%(n)s 项议定事项列入台账，责任单位即可看到") % {"n": count})]
    if waiting:
        consequences.append(Consequence(_("%(n)s 项须报市政府，批准后列入") % {"n": waiting}))
    consequences.append(Consequence(_("纪要编号后不能修改；纪要不加盖印章"), "final"))
    return act_page(
        request,
        form=MinutesForm(request.POST or None, initial={"opening": meeting.minutes_opening or opening}),
        do=lambda data: services.issue_minutes(
            user=user, meeting_id=pk, opening=data["opening"], names=names, at=timezone.now()
        ),
        title=_("印发纪要"),
        about=meeting.title,
        act_label=_("印发"),
        consequences=consequences,
        back_url=reverse("meeting", args=[pk]),
    )


@door(roles=OFFICE)
def record_approval(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write what the government said to a decision."""
    user: Any = request.user
    decision = selectors.get_decision(user=user, pk=pk)
    names = accounts.organisation_names(decision.organisation_ids)
    return act_page(
        request,
        form=ApprovalForm(request.POST or None),
        do=lambda data: services.record_approval(
            user=user,
            decision_id=pk,
            is_approved=data["is_approved"] == "yes",
            approval=data["approval"],
            names=names,
            at=timezone.now(),
        ),
        title=_("登记报批结果"),
        about=decision.text,
        act_label=_("登记"),
        back_url=reverse("meeting", args=[decision.meeting.pk]),
    )


@door(roles=OFFICE)
def report_result(request: HttpRequest, pk: UUID, meeting: UUID) -> HttpResponse:
    """Lay before a meeting what became of an earlier decision."""
    user: Any = request.user
    decision = selectors.get_decision(user=user, pk=pk)
    selectors.get_meeting(user=user, pk=meeting)
    known = decision.result
    if not known and decision.task:
        known = "；".join(row.progress_text for row in decision.task.measures.all() if row.progress_text)
    return act_page(
        request,
        form=ResultForm(request.POST or None, initial={"result": known}),
        do=lambda data: services.report_result(
            user=user, decision_id=pk, meeting_id=meeting, result=data["result"], at=timezone.now()
        ),
        title=_("报告落实情况"),
        about=decision.text,
        act_label=_("报告"),
        back_url=reverse("meeting", args=[meeting]),
    )
