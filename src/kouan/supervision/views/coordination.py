"""Pages of disagreements between units."""

from __future__ import annotations

import contextlib
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotYours, door
from kouan.clearance import selectors as clearance
from kouan.declarations import selectors as declarations
from kouan.screens.lists import Column, ListPage, MainAct
from kouan.screens.pieces import Consequence, Crumb, Emptiness, NextStep
from kouan.screens.related import Link
from kouan.supervision.forms.coordination import (
    CoordinationForm,
)
from kouan.supervision.selectors import conference as conferences
from kouan.supervision.selectors import coordination as selectors
from kouan.supervision.selectors import ledger
from kouan.supervision.services import coordinating
from kouan.supervision.states import CoordinationAct, CoordinationState
from kouan.supervision.views.acting import OFFICE, SEERS, UNITS, act_page, unit_choices
from kouan.supervision.views.records import act_of, show_record, text_act

COORDINATION = ListPage(
    key="coordination",
    title=gettext_lazy("部门协调"),
    about=gettext_lazy("单位之间意见不一致的事项：各方意见、方案比选和结果"),
    columns=[
        Column("title", gettext_lazy("协调事项"), sort="title"),
        Column("state", gettext_lazy("状态"), kind="chip", family="coordination", sort="state"),
        Column("positions", gettext_lazy("意见"), "position_count", kind="count", sort="position_count"),
        Column("due", gettext_lazy("协调时限"), "due_date", kind="date", sort="due_date"),
        Column("opened", gettext_lazy("发起时间"), "opened_at", kind="when", sort="opened_at"),
    ],
    default_sort="-opened",
    row_url=lambda row: reverse("coordination-case", args=[row.pk]),
    empty=Emptiness(gettext_lazy("没有需要协调的事项"), gettext_lazy("在联席会议页面发起"), icon="hand"),
)


@require_GET
@door(roles=SEERS)
def list_coordination(request: HttpRequest) -> HttpResponseBase:
    """The disagreements that the person may see."""
    user: Any = request.user
    main_act = MainAct(_("发起"), reverse("open-coordination")) if user.sees_all_cases else None
    return COORDINATION.respond(request, selectors.list_coordination(user), main_act=main_act)


@door(roles=OFFICE)
def open_coordination(request: HttpRequest) -> HttpResponse:
    """Open a case on which units disagree: by itself, or from a task, a ticket or a declaration."""
    user: Any = request.user
    known, initial = conferences.list_conferences(user), _initial(user, request)

    def do(data: dict[str, Any]) -> str:
        parties = [UUID(each) for each in data.pop("party_ids")]
        conference = UUID(data.pop("conference_id"))
        case = coordinating.open_coordination(
            user=user, conference_id=conference, party_ids=parties, at=timezone.now(), **data
        )
        return reverse("coordination-case", args=[case.pk])

    form = CoordinationForm(
        request.POST or None,
        units=unit_choices(),
        conferences=[(str(row.pk), row.name) for row in known],
        initial=initial,
    )
    return act_page(
        request,
        form=form,
        do=do,
        title=_("发起部门协调"),
        about=initial.get("about") or (_("由联席会议办公室协调") if known else _("请先按文件建立联席会议")),
        act_label=_("发起"),
        consequences=[Consequence(_("有关单位即可看到并发表意见"))],
        back_url=initial.get("back_url") or reverse("coordination"),
    )


def _initial(user: Any, request: HttpRequest) -> dict[str, Any]:
    """Fill in what is known of the thing that the address names; a thing that the person may not see is not found."""
    asked = {key: _uuid(request.GET[key]) for key in ("conference", "task", "ticket", "case") if key in request.GET}
    if "task" in asked:
        task = ledger.get_task(user=user, pk=asked["task"])
        return {
            "task_id": task.pk,
            "title": task.title[:200],
            "party_ids": [str(each) for each in task.organisation_ids],
            "about": _("事项：%(title)s") % {"title": task.title},
            "back_url": reverse("task", args=[task.pk]),
        }
    if "ticket" in asked:
        ticket = clearance.get_ticket(user=user, pk=asked["ticket"])
        return {
            "ticket_id": ticket.pk,
            "title": ticket.question[:80],
            "question": ticket.question,
            "party_ids": [str(each) for each in ticket.party_ids],
            "about": _("协调单：%(question)s") % {"question": ticket.question[:60]},
            "back_url": reverse("ticket", args=[ticket.pk]),
        }
    if "case" in asked:
        case = declarations.get_case(user=user, pk=asked["case"])
        return {
            "case_id": case.pk,
            "title": _("清单 %(number)s 的办理") % {"number": case.internal_no},
            "party_ids": [str(each) for each in accounts.agency_organisation_ids(case.agencies)],
            "about": _("清单 %(number)s") % {"number": case.internal_no},
            "back_url": reverse("case", args=[case.pk]),
        }
    if "conference" in asked:
        return {
            "conference_id": str(asked["conference"]),
            "back_url": reverse("conference", args=[asked["conference"]]),
        }
    return {}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotYours from None


@require_GET
@door(roles=SEERS)
def show_coordination(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One disagreement: positions, options, outcome."""
    user: Any = request.user
    case = selectors.get_coordination(user=user, pk=pk)
    positions = list(case.positions.all())
    names = accounts.organisation_names([*case.party_ids, *(each.organisation_id for each in positions)])
    acts = []
    if case.state != CoordinationState.SETTLED and user.has_role(*UNITS):
        acts.append(act_of(_("发表意见"), "say-position", pk))
    if user.sees_all_cases:
        words = {
            CoordinationAct.WEIGH: _("方案比选"),
            CoordinationAct.ESCALATE: _("提请市政府"),
            CoordinationAct.SETTLE: _("协调一致"),
        }
        possible = {act for state, act in coordinating.COORDINATION_NEXT if state == case.state}
        acts += [act_of(word, "move-coordination", pk, act) for act, word in words.items() if act in possible]
    return show_record(
        request,
        case,
        "coordination",
        title=case.title,
        acts=acts,
        facts=[
            (_("有关单位"), "、".join(names[each] for each in case.party_ids if each in names)),
            (_("协调时限"), case.due_date),
            (_("发起人"), case.opened_by_label),
        ],
        sources=_sources(user, case),
        next_step=_next_step(user, case, {each.organisation_id for each in positions}),
        passages=[
            {"heading": _("分歧"), "text": case.question},
            {"heading": _("方案比选"), "text": case.options},
            {"heading": _("协调结果"), "text": case.outcome},
        ],
        lists=[
            {
                "heading": _("单位意见"),
                "items_shown": [
                    {
                        "label": names.get(each.organisation_id, ""),
                        "text": each.text,
                        "note": each.said_by_label,
                        "at": each.said_at,
                    }
                    for each in positions
                ],
            }
        ],
        crumbs=[Crumb(_("部门协调"), reverse("coordination"))],
    )


@door(roles=UNITS)
def say_position(request: HttpRequest, pk: UUID) -> HttpResponse:
    """State what the person's unit thinks."""
    user: Any = request.user
    case = selectors.get_coordination(user=user, pk=pk)
    return text_act(
        request,
        lambda text: coordinating.say_position(user=user, case_id=pk, text=text, at=timezone.now()),
        title=_("发表意见"),
        about=case.title,
        back_url=reverse("coordination-case", args=[pk]),
    )


@door(roles=OFFICE)
def move_coordination(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Weigh options, settle, or put the case to the government."""
    user: Any = request.user
    case = selectors.get_coordination(user=user, pk=pk)
    titles = {"weigh": _("方案比选"), "settle": _("协调一致"), "escalate": _("提请市政府")}
    if act not in titles:
        raise NotYours
    return text_act(
        request,
        lambda text: coordinating.move_coordination(
            user=user, case_id=pk, act=CoordinationAct(act), text=text, at=timezone.now()
        ),
        initial=case.options if act == "weigh" else case.outcome,
        title=titles[act],
        about=case.title,
        back_url=reverse("coordination-case", args=[pk]),
    )


def _next_step(user: Any, case: Any, have_spoken: set[UUID]) -> NextStep:
    if case.state == CoordinationState.SETTLED:
        return NextStep("over", _("已协调一致"))
    is_asked = user.organisation_id in case.party_ids and user.organisation_id not in have_spoken
    if case.state == CoordinationState.OPEN and is_asked and user.has_role(*UNITS):
        url = reverse("say-position", args=[case.pk])
        return NextStep("yours", _("说明本单位意见和理由"), url=url, act=_("发表意见"))
    what = {
        CoordinationState.OPEN: _("听取各方意见后比选方案；意见一致的登记结果"),
        CoordinationState.WEIGHED: _("按比选方案协调一致，协调不成的提请市政府"),
        CoordinationState.ESCALATED: _("登记市政府的协调结果"),
    }[CoordinationState(case.state)]
    late = bool(case.due_date and case.due_date < timezone.localdate())
    if user.sees_all_cases:
        return NextStep("late" if late else "yours", what)
    return NextStep("theirs", what, whose=_("联席会议办公室"))


def _sources(user: Any, case: Any) -> list[Link]:
    """What a disagreement arose from, as far as the person may see it."""
    found = [Link(case.conference.name, reverse("conference", args=[case.conference.pk]), note=_("联席会议"))]
    if case.task is not None:
        found.append(Link(case.task.title, reverse("task", args=[case.task.pk]), case.task.state, "task", _("事项")))
    with contextlib.suppress(NotYours):
        if case.ticket_id is not None:
            ticket = clearance.get_ticket(user=user, pk=case.ticket_id)
            url = reverse("ticket", args=[ticket.pk])
            found.append(Link(ticket.question[:60], url, ticket.state, "ticket", _("协调单")))
    with contextlib.suppress(NotYours):
        if case.case_id is not None:
            listed = declarations.get_case(user=user, pk=case.case_id)
            url = reverse("case", args=[listed.pk])
            found.append(Link(listed.internal_no, url, listed.state, "case", _("清单")))
    return found
