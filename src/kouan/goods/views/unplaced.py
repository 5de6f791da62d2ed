"""The pages of official answers for which no declaration was found: seen, placed or explained by the port office."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kouan.accounts.access import NotAllowed, door
from kouan.accounts.codes import Role
from kouan.goods import selectors
from kouan.goods.codes import UnplacedState
from kouan.goods.forms import ExplainForm, PlaceForm
from kouan.goods.looks import channel_chip
from kouan.goods.services.unplaced import explain_answer, place_answer
from kouan.screens.lists import Column, ListPage, Preset, TextFilter, YesNoFilter
from kouan.screens.pieces import Crumb, Emptiness

OFFICE = [Role.PORT_OFFICE_CLERK]
UNPLACED = ListPage(
    key="unplaced-goods",
    title=gettext_lazy("待落位的报关单回执"),
    about=gettext_lazy("官方回执所载编号在本平台没有对应的报关单；编号出现后自动落位，也可在此落位或说明"),
    columns=[
        Column("seq_no", gettext_lazy("统一编号"), lambda row: row.seq_no or "—", kind="code"),
        Column("entry_no", gettext_lazy("海关编号"), lambda row: row.entry_no or "—", kind="code"),
        Column("client_no", gettext_lazy("企业编号"), lambda row: row.client_no or "—", kind="code"),
        Column("code", gettext_lazy("回执"), lambda row: channel_chip(row.kind, row.code), kind="chip"),
        Column("note", gettext_lazy("官方说明")),
        Column("state", gettext_lazy("办理"), lambda row: _state_of(row), kind="chip", family="goods_unplaced"),
        Column("received", gettext_lazy("收到时间"), "received_at", kind="when", sort="received_at"),
    ],
    filters=[
        TextFilter("q", gettext_lazy("编号"), fields=["seq_no", "entry_no", "client_no"]),
        YesNoFilter("waiting", gettext_lazy("未说明"), field="explained_at__isnull"),
    ],
    presets=[Preset("waiting", gettext_lazy("待落位"), {"waiting": ["yes"]}, is_counted=True)],
    default_sort="-received",
    row_url=lambda row: reverse("unplaced-goods-answer", args=[row.message_id, row.place]),
    empty=Emptiness(gettext_lazy("没有待落位的回执"), gettext_lazy("每份官方回执都找到了它的报关单")),
)


def _state_of(row: Any) -> UnplacedState:
    if row.declaration_id:
        return UnplacedState.PLACED
    return UnplacedState.EXPLAINED if row.explained_at else UnplacedState.WAITING


@door(roles=OFFICE)
def list_unplaced(request: HttpRequest) -> HttpResponseBase:
    """Show the answers that fit no declaration."""
    return UNPLACED.respond(request, selectors.list_unplaced(request.user))  # type: ignore[arg-type]


@door(roles=OFFICE)
def show_unplaced(request: HttpRequest, message: UUID, place: int) -> HttpResponse:
    """Show one of them, and place or explain it."""
    user: Any = request.user
    answer = selectors.get_unplaced(user=user, message_id=message, place=place)
    do = request.POST.get("do", "")
    placing = PlaceForm(request.POST if do == "place" else None)
    explaining = ExplainForm(request.POST if do == "explain" else None)
    problems: list[Any] = []
    try:
        if do == "place" and placing.is_valid():
            pk = place_answer(user=user, message_id=message, place=place, at=timezone.now(), **placing.cleaned_data)
            messages.success(request, _("回执已落位。"))
            return redirect("goods-declaration", pk=pk)
        if do == "explain" and explaining.is_valid():
            explain_answer(user=user, message_id=message, place=place, at=timezone.now(), **explaining.cleaned_data)
            messages.success(request, _("说明已登记。"))
            return redirect("unplaced-goods")
    except NotAllowed as refusal:
        problems = [refusal.problem]
    context = {
        "answer": answer,
        "chip": channel_chip(answer.kind, answer.code),
        "state": _state_of(answer),
        "placing": placing,
        "explaining": explaining,
        "problems": problems,
        "crumbs": [Crumb(_("待落位的报关单回执"), reverse("unplaced-goods"))],
        "at": timezone.now(),
    }
    return render(request, "goods/unplaced.html", context)
