"""Pages of disagreements between units."""

from __future__ import annotations

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
from kouan.screens.lists import Column, ListPage
from kouan.screens.pieces import Consequence, Crumb, Emptiness
from kouan.supervision.forms.coordination import (
    CoordinationForm,
)
from kouan.supervision.selectors import conference as conferences
from kouan.supervision.selectors import coordination as selectors
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
    return COORDINATION.respond(request, selectors.list_coordination(user))


@door(roles=OFFICE)
def open_coordination(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a case on which units disagree."""
    user: Any = request.user
    conference = conferences.get_conference(user=user, pk=pk)

    def do(data: dict[str, Any]) -> str:
        parties = [UUID(each) for each in data.pop("party_ids")]
        case = coordinating.open_coordination(
            user=user, conference_id=pk, party_ids=parties, task_id=None, at=timezone.now(), **data
        )
        return reverse("coordination-case", args=[case.pk])

    return act_page(
        request,
        form=CoordinationForm(request.POST or None, units=unit_choices()),
        do=do,
        title=_("发起部门协调"),
        about=conference.name,
        act_label=_("发起"),
        consequences=[Consequence(_("有关单位即可看到并发表意见"))],
        back_url=reverse("conference", args=[pk]),
    )


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
        texts=[
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
