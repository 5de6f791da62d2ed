"""The gate: may this leave? And every question that was asked there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kouan.accounts.access import NotAllowed, door
from kouan.accounts.codes import Role
from kouan.clearance import selectors
from kouan.clearance.forms import GateForm, LeavingForm
from kouan.clearance.looks import GATE_REASONS
from kouan.clearance.rules import GateReason
from kouan.clearance.services.gate import GateAnswer, ask_gate_as, record_leaving_as
from kouan.declarations.codes import Direction
from kouan.screens.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, MainAct, TextFilter, YesNoFilter
from kouan.screens.pieces import Emptiness

KEEPERS = [Role.GATE_CLERK, Role.SITE_CLERK]
MOST_SHOWN = 200

CHECKS = ListPage(
    key="gate-checks",
    title=gettext_lazy("卡口查询记录"),
    about=gettext_lazy("每次查询的号码、结果和依据的时间，以及登记的离场"),
    columns=[
        Column("asked", gettext_lazy("查询时间"), "asked_at", kind="when", sort="pk"),
        Column("number", gettext_lazy("查询号码"), kind="code"),
        Column("result", gettext_lazy("结果"), lambda row: row.reason, kind="chip", family="gate"),
        Column("parcels", gettext_lazy("票数"), lambda row: len(row.case_ids) + len(row.goods_ids), kind="count"),
        Column("left", gettext_lazy("离场时间"), "left_at", kind="when"),
        Column("gate", gettext_lazy("卡口")),
        Column("vehicle", gettext_lazy("车牌"), "vehicle_no"),
        Column("asker", gettext_lazy("查询人"), lambda row: row.asker or _("场所系统")),
    ],
    filters=[
        TextFilter("q", gettext_lazy("查询号码"), fields=["number"]),
        YesNoFilter("may", gettext_lazy("可以离场"), field="may_leave"),
        ChoiceFilter(
            "reason", gettext_lazy("原因"), choices=[(str(reason), word) for reason, word in GATE_REASONS.items()]
        ),
        DateRangeFilter("asked", gettext_lazy("查询日期"), field="asked_at"),
    ],
    default_sort="-asked",
    empty=Emptiness(gettext_lazy("还没有查询"), gettext_lazy("在卡口核放页或由场所系统查询后显示在这里"), icon="gate"),
)


@door(roles=KEEPERS)
def gate(request: HttpRequest) -> HttpResponse:
    """Ask whether goods may leave, in letters that can be read from the booth; record that they left."""
    user: Any = request.user
    answer: GateAnswer | None = None
    form = GateForm(request.POST if request.POST.get("do") == "ask" else None)
    problems: list[Any] = []
    if request.POST.get("do") == "ask" and form.is_valid():
        answer = ask_gate_as(user=user, number=form.cleaned_data["number"], at=timezone.now())
    if request.POST.get("do") == "leave":
        leaving = LeavingForm(request.POST)
        if leaving.is_valid():
            try:
                record_leaving_as(user=user, at=timezone.now(), **leaving.cleaned_data)
                messages.success(request, _("已登记离场。"))
                return redirect("gate")
            except NotAllowed as refusal:
                problems = [refusal.problem]
    context = {
        "form": form,
        "answer": answer,
        "why": GATE_REASONS[GateReason(answer.check.reason)] if answer else "",
        "shown": _in_the_way_first(answer.cases)[:MOST_SHOWN] if answer else [],
        "goods": _in_the_way_first(answer.goods)[:MOST_SHOWN] if answer else [],
        "count": len(answer.cases) + len(answer.goods) if answer else 0,
        "leaving": LeavingForm(initial={"check_id": answer.check.pk}) if answer and answer.may_leave else None,
        "exports": bool(answer) and any(case.direction == Direction.EXPORT for case, _reason in answer.cases),
        "recent": selectors.list_gate_checks(user).order_by("-pk")[:12],
        "problems": problems,
        "at": timezone.now(),
    }
    return render(request, "clearance/gate.html", context)


def _in_the_way_first(judged: Sequence[tuple[Any, GateReason]]) -> list[Any]:
    """Give what an answer rests on, what keeps the goods from leaving before the others."""
    return sorted(judged, key=lambda each: each[1] is GateReason.RELEASED)


@door(roles=[*KEEPERS, Role.PORT_OFFICE_CLERK])
def list_checks(request: HttpRequest) -> HttpResponseBase:
    """Show every question at the gates, with its answer."""
    user: Any = request.user
    act = MainAct(_("卡口核放"), reverse("gate")) if user.has_role(*KEEPERS) else None
    return CHECKS.respond(request, selectors.list_gate_checks(user), main_act=act)
