"""Pages of the priorities of a year, and of the yearly evaluation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kouan.accounts import selectors as accounts
from kouan.accounts.access import door
from kouan.screens.pieces import Consequence, Crumb, NextStep
from kouan.supervision import sheets
from kouan.supervision.forms.coordination import (
    ChooseMeetingForm,
    PlanForm,
    PriorityForm,
)
from kouan.supervision.selectors import conference as conferences
from kouan.supervision.selectors import coordination as selectors
from kouan.supervision.selectors import evaluation
from kouan.supervision.services import coordinating
from kouan.supervision.states import AnnualPlanState
from kouan.supervision.views.acting import OFFICE, SEERS, act_page, unit_choices
from kouan.supervision.views.documents import file_response
from kouan.supervision.views.ledger import measures_from
from kouan.supervision.views.records import act_of, show_record, text_act


@door(roles=OFFICE)
def draft_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin the priorities of a year."""
    user: Any = request.user
    conference = conferences.get_conference(user=user, pk=pk)
    year = timezone.localdate().year + 1
    initial = {"year": year, "title": f"{year}年度重点工作"}

    def do(data: dict[str, Any]) -> str:
        plan = coordinating.draft_plan(user=user, conference_id=pk, at=timezone.now(), **data)
        return reverse("annual-plan", args=[plan.pk])

    return act_page(
        request,
        form=PlanForm(request.POST or None, initial=initial),
        do=do,
        title=_("拟定年度重点"),
        about=conference.name,
        act_label=_("拟定"),
        back_url=reverse("conference", args=[pk]),
    )


@require_GET
@door(roles=SEERS)
def show_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The priorities of a year, each with its state."""
    user: Any = request.user
    plan = selectors.get_plan(user=user, pk=pk)
    tasks = selectors.priorities_of(plan)
    acts = []
    if user.sees_all_cases and plan.state == AnnualPlanState.DRAFT:
        acts = [act_of(_("增加重点"), "add-priority", pk), act_of(_("会议确定"), "adopt-plan", pk)]
    elif user.sees_all_cases and plan.state == AnnualPlanState.ADOPTED:
        acts = [act_of(_("年终总结"), "review-plan", pk)]
    done = sum(1 for task in tasks if task.state == "closed")
    names = accounts.organisation_names(task.lead_id for task in tasks if task.lead_id)
    return show_record(
        request,
        plan,
        "annual_plan",
        title=plan.title,
        acts=acts,
        next_step=_next_step(user, plan),
        facts=[
            (_("年度"), str(plan.year)),
            (_("事项"), len(tasks)),
            (_("已办结"), done),
            (_("确定于"), plan.adopted_at_meeting.title if plan.adopted_at_meeting else ""),
        ],
        passages=[{"heading": _("年终总结"), "text": plan.review}],
        lists=[
            {
                "heading": _("年度重点"),
                "items_shown": [
                    {
                        "label": task.title,
                        "url": reverse("task", args=[task.pk]),
                        "state": task.state,
                        "family": "task",
                        "note": names.get(task.lead_id, ""),
                        "at": task.due_date,
                    }
                    for task in tasks
                ],
            }
        ],
        crumbs=[Crumb(plan.conference.name, reverse("conference", args=[plan.conference.pk]))],
    )


def _next_step(user: Any, plan: Any) -> NextStep:
    if plan.state == AnnualPlanState.REVIEWED:
        return NextStep("over", _("本年度已总结"))
    what = (
        _("列入重点后，由联席会议确定")
        if plan.state == AnnualPlanState.DRAFT
        else _("各单位按事项办理；年终对账并总结")
    )
    if user.sees_all_cases:
        return NextStep("yours", what)
    return NextStep("theirs", what, whose=_("联席会议办公室"))


@door(roles=OFFICE)
def add_priority(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter one priority."""
    user: Any = request.user
    plan = selectors.get_plan(user=user, pk=pk)
    units = unit_choices()
    names = {UUID(key): name for key, name in units}

    def do(data: dict[str, Any]) -> None:
        ids = [UUID(data["lead_id"]), *(UUID(each) for each in data["organisation_ids"])]
        coordinating.add_priority(
            user=user,
            plan_id=pk,
            title=data["title"],
            measures=measures_from(data["measures"]),
            organisation_ids=list(dict.fromkeys(ids)),
            names=names,
            at=timezone.now(),
        )

    return act_page(
        request,
        form=PriorityForm(request.POST or None, units=units),
        do=do,
        title=_("增加重点"),
        about=plan.title,
        act_label=_("增加"),
        back_url=reverse("annual-plan", args=[pk]),
    )


@door(roles=OFFICE)
def adopt_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write which meeting adopted the priorities."""
    user: Any = request.user
    plan = selectors.get_plan(user=user, pk=pk)
    held = conferences.list_meetings(user).filter(conference=plan.conference, state__in=["held", "minuted"])
    choices = [(str(row.pk), row.title) for row in held.order_by("-begins_at")]
    return act_page(
        request,
        form=ChooseMeetingForm(request.POST or None, meetings=choices),
        do=lambda data: coordinating.adopt_plan(
            user=user, plan_id=pk, meeting_id=UUID(data["meeting_id"]), at=timezone.now()
        ),
        title=_("会议确定"),
        about=plan.title if choices else _("还没有已召开的会议"),
        act_label=_("确定"),
        consequences=[Consequence(_("成员单位即可看到；此后不再增减"), "final")],
        back_url=reverse("annual-plan", args=[pk]),
    )


@door(roles=OFFICE)
def review_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look back on the year."""
    user: Any = request.user
    plan = selectors.get_plan(user=user, pk=pk)
    return text_act(
        request,
        lambda text: coordinating.review_plan(user=user, plan_id=pk, review=text, at=timezone.now()),
        title=_("年终总结"),
        about=plan.title,
        back_url=reverse("annual-plan", args=[pk]),
    )


@require_GET
@door(roles=OFFICE)
def show_evaluation(request: HttpRequest) -> HttpResponse:
    """Every unit's year, counted from the ledger."""
    today = timezone.localdate()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 2018 <= int(asked) <= today.year else today.year
    rows = evaluation.evaluate_year(year=year, on=today)
    if request.GET.get("as") == "xlsx":
        title = _("%(year)s 年度评估") % {"year": year}
        return file_response(sheets.evaluation_sheet(title, [(name, one) for _pk, name, one in rows]), f"{title}.xlsx")
    context = {
        "title": _("年度评估"),
        "about": _("%(year)s 年，全部由台账数据计算，不打印象分") % {"year": year},
        "rows": rows,
        "year": year,
        "years": range(today.year, max(today.year - 4, 2017), -1),
        "at": timezone.now(),
    }
    return render(request, "supervision/evaluation.html", context)
