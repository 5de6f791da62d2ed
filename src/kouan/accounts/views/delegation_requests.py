"""Requests for delegations: a broker asks, the client grants or declines; both sides see what became of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from kouan.accounts import selectors, services
from kouan.accounts.access import PersonRequest, door
from kouan.accounts.codes import RequestState, Role
from kouan.accounts.forms import AskForm, GrantForm, ReasonForm, show_mistake
from kouan.accounts.rules import Mistake
from kouan.accounts.views.delegations import act_words, main_act_of, scope_words
from kouan.screens.lists import ChoiceFilter, Column, ListPage, TextFilter
from kouan.screens.pieces import Consequence, Crumb, Emptiness

TRADER = [Role.TRADER_CLERK]
REQUESTS = ListPage(
    key="delegation-requests",
    title=gettext_lazy("委托申请"),
    about=gettext_lazy("报关企业提出，由委托方同意后成为委托"),
    columns=[
        Column("client", gettext_lazy("委托方"), "client.name", sort="client__name_zh"),
        Column("agent", gettext_lazy("受托方"), "agent.name", sort="agent__name_zh"),
        Column("state", gettext_lazy("状态"), kind="chip", family="delegation_request"),
        Column("agreement", gettext_lazy("委托协议编号"), "agreement_no", kind="code"),
        Column("scope", gettext_lazy("范围"), scope_words),
        Column("asked", gettext_lazy("申请时间"), "asked_at", kind="when", sort="asked_at"),
        Column("answered", gettext_lazy("答复时间"), "answered_at", kind="when", sort="answered_at"),
    ],
    filters=[
        TextFilter("q", gettext_lazy("单位"), fields=["client__name_zh", "agent__name_zh"]),
        ChoiceFilter("state", gettext_lazy("状态"), choices=RequestState.choices),
    ],
    default_sort="-asked",
    row_url=lambda row: reverse("delegation-request", args=[row.pk]),
    beside=True,
    empty=Emptiness(gettext_lazy("没有委托申请"), gettext_lazy("报关企业申请委托后显示在这里")),
)


@door(roles=TRADER)
@require_GET
def list_requests(request: PersonRequest) -> HttpResponseBase:
    """The requests that one's own firm made or has to answer."""
    crumbs = [Crumb(_("委托"), reverse("delegations"))]
    rows = selectors.list_requests(user=request.user)
    return REQUESTS.respond(request, rows, main_act=main_act_of(request), crumbs=crumbs)


@door(roles=TRADER)
@require_GET
def show_request(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One request, with what the person may do."""
    asked = selectors.get_request(user=request.user, pk=pk)
    is_open = asked.state == RequestState.ASKED
    context = {
        "asked": asked,
        "scope": scope_words(asked),
        "acts": act_words(asked),
        "moments": selectors.list_request_moments(request=asked),
        "may_answer": is_open and asked.client_id == request.user.organisation_id,
        "may_take_back": is_open and asked.agent_id == request.user.organisation_id,
        "crumbs": _crumbs(),
        "at": timezone.now(),
    }
    return render(request, "accounts/delegation_request.html", context)


def _crumbs() -> list[Crumb]:
    return [Crumb(_("委托"), reverse("delegations")), Crumb(_("委托申请"), reverse("delegation-requests"))]


@door(roles=TRADER)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PersonRequest) -> HttpResponse:
    """Ask a firm for a delegation."""
    form = AskForm(request.POST or None, initial={"client": request.GET.get("client", "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        client = selectors.organisation_ids_by_code([given["client"].strip()]).get(given["client"].strip())
        if client is None:
            form.add_error("client", _("平台上没有此代码的单位，请核对，或请对方先办理登记"))
        else:
            try:
                made = services.ask_for_delegation(
                    actor=request.user,
                    at=timezone.now(),
                    client_id=client,
                    agreement_no=given["agreement_no"],
                    scope=given["scope"],
                    acts=given["acts"],
                    until=given["until"],
                )
            except Mistake as mistake:
                show_mistake(form, mistake)
            else:
                messages.success(request, _("已提出申请，等待委托方答复"))
                return redirect("delegation-request", pk=made.pk)
    context = {
        "form": form,
        "title": _("申请委托"),
        "about": _("委托方同意后，本企业方可代其办理；委托方可以缩小范围或不同意"),
        "submit_label": _("提出申请"),
        "back_url": reverse("delegations"),
        "crumbs": _crumbs(),
    }
    return render(request, "accounts/plain_form.html", context, status=422 if form.errors else 200)


@door(roles=TRADER)
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Grant a request, in the same or in narrower terms."""
    asked = selectors.get_request(user=request.user, pk=pk)
    terms = {
        "agreement_no": asked.agreement_no,
        "scope": asked.scope,
        "acts": asked.acts,
        "until": timezone.localdate(asked.until) if asked.until else None,
    }
    form = GrantForm(request.POST or None, initial=terms)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.grant_delegation(actor=request.user, at=timezone.now(), request_id=pk, **form.cleaned_data)
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            messages.success(request, _("委托已生效") if made.state == "running" else _("已同意，委托到日生效"))
            return redirect("delegation", pk=made.pk)
    context = {
        "form": form,
        "title": _("同意委托"),
        "about": _("%(agent)s 申请代本单位办理；可以修改条款，随时可以撤销") % {"agent": asked.agent.name},
        "submit_label": _("同意委托"),
        "back_url": reverse("delegation-request", args=[pk]),
        "crumbs": _crumbs(),
    }
    return render(request, "accounts/plain_form.html", context, status=422 if form.errors else 200)


@door(roles=TRADER)
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Decline a request, with a reason."""
    asked = selectors.get_request(user=request.user, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.decline_delegation(
            actor=request.user, at=timezone.now(), request_id=pk, reason=form.cleaned_data["reason"]
        )
        return redirect("delegation-request", pk=pk)
    return render(
        request, "screens/confirm.html", _confirm(asked, _("不同意委托"), form, _("对方看到理由，可以重新申请"))
    )


@door(roles=TRADER)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Take a request back."""
    asked = selectors.get_request(user=request.user, pk=pk)
    if request.method == "POST":
        services.take_back_request(actor=request.user, at=timezone.now(), request_id=pk)
        return redirect("delegation-request", pk=pk)
    return render(request, "screens/confirm.html", _confirm(asked, _("收回申请"), None, _("可以重新申请")))


def _confirm(asked: Any, title: str, form: Any, consequence: str) -> dict[str, Any]:
    return {
        "title": title,
        "about": _("%(client)s 委托 %(agent)s") % {"client": asked.client.name, "agent": asked.agent.name},
        "consequences": [Consequence(consequence, "undoable")],
        "act_label": title,
        "form": form,
        "back_url": reverse("delegation-request", args=[asked.pk]),
    }
