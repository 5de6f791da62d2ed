"""Applications to correct or withdraw: the declarant asks, customs answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from kouan.accounts.access import NotAllowed, door
from kouan.accounts.codes import Role
from kouan.goods import selectors
from kouan.goods.codes import ApplicationKind
from kouan.goods.forms import AnswerForm, ApplicationForm
from kouan.goods.services.applying import answer_application, ask_for_application, take_back_application
from kouan.goods.states import ApplicationState
from kouan.goods.views import SEERS, TRADER
from kouan.screens.lists import ChoiceFilter, Column, ListPage, Preset, TextFilter
from kouan.screens.pieces import Consequence, Crumb, Emptiness, to_chip
from kouan.workflow.services import NotPossibleNow

APPLICATIONS = ListPage(
    key="goods-applications",
    title=pgettext_lazy("列表", "修撤单申请"),
    about=gettext_lazy("海关接收后修改或撤销报关单的申请"),
    columns=[
        Column("client_no", gettext_lazy("企业编号"), kind="code"),
        Column("kind", gettext_lazy("申请事项"), "get_kind_display"),
        Column("state", gettext_lazy("状态"), kind="chip", family="goods_application"),
        Column("reason", gettext_lazy("理由")),
        Column("asked", gettext_lazy("提出时间"), "asked_at", kind="when", sort="asked_at"),
        Column("since", gettext_lazy("状态起始"), "state_since", kind="when"),
    ],
    filters=[
        TextFilter("q", gettext_lazy("企业编号"), fields=["client_no__istartswith"]),
        ChoiceFilter(
            "state",
            gettext_lazy("状态"),
            choices=lambda _request: [(str(one), to_chip(one, "goods_application").word) for one in ApplicationState],
        ),
        ChoiceFilter("kind", gettext_lazy("申请事项"), choices=ApplicationKind.choices),
    ],
    presets=[Preset("asked", gettext_lazy("待海关答复"), {"state": ["asked"]}, is_counted=True)],
    default_sort="-asked",
    row_url=lambda row: reverse("goods-application", args=[row.pk]),
    empty=Emptiness(gettext_lazy("没有修撤单申请"), gettext_lazy("在已由海关接收的报关单页面提出")),
)


@door(roles=SEERS)
def list_applications(request: HttpRequest) -> HttpResponse:
    """Show the applications that the person may see."""
    return APPLICATIONS.respond(request, selectors.list_applications(request.user))  # type: ignore[arg-type]


@door(roles=TRADER)
def ask_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask customs to let a declaration be corrected or withdrawn."""
    user: Any = request.user
    row = selectors.get_goods(user=user, pk=pk)
    form = ApplicationForm(request.POST or None)
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = ask_for_application(user=user, declaration_id=pk, kind=values["kind"], reason=values["reason"],
                                       changes=values["changes"], at=timezone.now())  # fmt: skip
            return redirect("goods-application", pk=made.pk)
        except NotAllowed as refusal:
            problems = [refusal.problem]
    context = {
        "title": _("申请修改或撤销"),
        "about": _("报关单 %(number)s 第 %(version)s 版") % {"number": row.client_no, "version": row.version},
        "consequences": [
            Consequence(_("海关经办人在本平台可见；海关同意后方可发送修改后的报关单")),
            Consequence(_("修撤单的国家报文没有公开规范，请同时在国家单一窗口页面办理")),
        ],
        "act_label": _("提出申请"),
        "back_url": reverse("goods-declaration", args=[pk]),
        "form": form,
        "problems": problems,
    }
    return render(request, "screens/confirm.html", context)


@door(roles=SEERS)
def show_application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an application, and let customs answer it."""
    user: Any = request.user
    one = selectors.get_application(user=user, pk=pk)
    may_answer = user.has_role(Role.OFFICER) and user.agency_code == "customs" and one.state == ApplicationState.ASKED
    form = AnswerForm(request.POST or None) if may_answer else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            answer_application(user=user, application_id=pk, is_approved=form.cleaned_data["answer"] == "approve",
                               opinion=form.cleaned_data["opinion"], at=timezone.now())  # fmt: skip
        except NotPossibleNow:
            messages.warning(request, _("状态已被他人改变，请查看最新情况。"))
        return redirect("goods-application", pk=pk)
    row = selectors.get_goods(user=user, pk=one.declaration_id)
    is_open = one.state in (ApplicationState.ASKED, ApplicationState.APPROVED)
    context = {
        "one": one,
        "row": row,
        "form": form,
        "may_take_back": is_open and user.has_role(Role.TRADER_CLERK),
        "may_correct": one.state == ApplicationState.APPROVED
        and one.kind == ApplicationKind.CORRECT
        and user.has_role(Role.TRADER_CLERK),
        "crumbs": [Crumb(pgettext("列表", "修撤单申请"), reverse("goods-applications"))],
        "at": timezone.now(),
    }
    return render(request, "goods/application.html", context)


@door(roles=TRADER)
def take_back_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an application back, after asking."""
    user: Any = request.user
    one = selectors.get_application(user=user, pk=pk)
    if request.method == "POST":
        try:
            take_back_application(user=user, application_id=pk, at=timezone.now())
        except NotPossibleNow:
            messages.warning(request, _("状态已被他人改变，请查看最新情况。"))
        return redirect("goods-application", pk=pk)
    context = {
        "title": _("收回申请"),
        "about": one.client_no,
        "consequences": [Consequence(_("海关不再办理这份申请"))],
        "act_label": _("收回"),
        "back_url": reverse("goods-application", args=[pk]),
        "is_danger": True,
    }
    return render(request, "screens/confirm.html", context)
