"""Delegations: what one's firm has given to agents, or holds for clients."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from kouan.accounts import selectors, services
from kouan.accounts.access import PersonRequest, door
from kouan.accounts.codes import DOCUMENT_KINDS, DelegatedAct, DelegationState, OrganisationKind, Role
from kouan.accounts.forms import DelegationForm, show_mistake
from kouan.accounts.rules import Mistake
from kouan.screens.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, MainAct, TextFilter
from kouan.screens.pieces import Consequence, Crumb, Emptiness

_WORDS = dict(DOCUMENT_KINDS)


def scope_words(row: Any) -> str:
    """The kinds of documents that a delegation covers, in words."""
    return "、".join(str(_WORDS.get(kind, kind)) for kind in row.scope) or _("全部单证")


def act_words(row: Any) -> str:
    """The acts that a delegation covers, in words."""
    return "、".join(str(DelegatedAct(act).label) for act in row.acts) or _("全部事项")


DELEGATIONS = ListPage(
    key="delegations",
    title=gettext_lazy("委托"),
    about=gettext_lazy("本单位委托报关企业办理，或受托代其他单位办理"),
    columns=[
        Column("client", gettext_lazy("委托方"), "client.name", sort="client__name_zh"),
        Column("agent", gettext_lazy("受托方"), "agent.name", sort="agent__name_zh"),
        Column("agreement", gettext_lazy("委托协议编号"), "agreement_no", kind="code", sort="agreement_no"),
        Column("scope", gettext_lazy("范围"), scope_words),
        Column("acts", gettext_lazy("委托事项"), act_words, shown=False),
        Column("since", gettext_lazy("生效时间"), kind="when", sort="since"),
        Column("until", gettext_lazy("终止时间"), kind="when", sort="until"),
        Column("state", gettext_lazy("状态"), kind="chip", family="delegation"),
    ],
    filters=[
        TextFilter(
            "q",
            gettext_lazy("单位或协议编号"),
            fields=["client__name_zh", "agent__name_zh", "agreement_no__istartswith"],
        ),
        ChoiceFilter(
            "state",
            gettext_lazy("状态"),
            choices=DelegationState.choices,
            find=lambda rows, states: rows.in_states(states, timezone.now()),
        ),
        DateRangeFilter("until", gettext_lazy("终止日期")),
    ],
    default_sort="-since",
    template="accounts/delegations.html",
    row_url=lambda row: reverse("delegation", args=[row.pk]),
    beside=True,
    empty=Emptiness(
        gettext_lazy("还没有委托"),
        gettext_lazy("委托报关企业后，对方即可代本单位申报，可随时撤销"),
        gettext_lazy("新增委托"),
        reverse_lazy("new-delegation"),  # type: ignore[arg-type]
        "hand",
    ),
)


@door(roles=[Role.TRADER_CLERK])
@require_GET
def list_delegations(request: PersonRequest) -> HttpResponseBase:
    """The delegations of one's own firm."""
    rows = selectors.list_delegations(user=request.user)
    return DELEGATIONS.respond(request, rows, main_act=main_act_of(request))


def main_act_of(request: PersonRequest) -> MainAct:
    """What a firm does first here: a broker asks for a delegation, everybody else gives one."""
    if OrganisationKind.AGENT in request.user.organisation.kinds:
        return MainAct(_("申请委托"), reverse("ask-delegation"))
    return MainAct(_("新增委托"), reverse("new-delegation"))


@door(roles=[Role.TRADER_CLERK])
@require_GET
def show_delegation(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One delegation."""
    delegation = selectors.get_delegation(user=request.user, pk=pk)
    context = {
        "delegation": delegation,
        "scope": scope_words(delegation),
        "acts": act_words(delegation),
        "moments": selectors.list_delegation_moments(delegation=delegation),
        "crumbs": [Crumb(_("委托"), reverse("delegations"))],
        "at": timezone.now(),
    }
    return render(request, "accounts/delegation.html", context)


@door(roles=[Role.TRADER_CLERK])
@require_http_methods(["GET", "HEAD", "POST"])
def add_delegation(request: PersonRequest) -> HttpResponse:
    """Delegate to an agent."""
    at = timezone.now()
    form = DelegationForm(request.POST or None, agents=selectors.list_agents(user=request.user, at=at))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.delegate(
                actor=request.user,
                at=at,
                client_id=request.user.organisation_id,
                agent_id=UUID(given["agent"]),
                agreement_no=given["agreement_no"],
                scope=given["scope"],
                acts=given["acts"],
                since=given["since"],
                until=given["until"],
            )
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            messages.success(request, _("委托已生效"))
            return redirect("delegation", pk=made.pk)
    context = {
        "form": form,
        "title": _("新增委托"),
        "about": _("受托方可代本单位办理所选单证和事项，可随时撤销"),
        "submit_label": _("确认委托"),
        "back_url": reverse("delegations"),
        "crumbs": [Crumb(_("委托"), reverse("delegations"))],
    }
    return render(request, "accounts/plain_form.html", context, status=422 if form.errors else 200)


@door(roles=[Role.TRADER_CLERK])
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_delegation(request: PersonRequest, pk: UUID) -> HttpResponse:
    """End a delegation at once."""
    delegation = selectors.get_delegation(user=request.user, pk=pk)
    if request.method == "POST":
        services.revoke_delegation(actor=request.user, at=timezone.now(), delegation_id=delegation.id)
        messages.success(request, _("委托已撤销"))
        return redirect("delegation", pk=delegation.pk)
    context = {
        "title": _("撤销委托"),
        "about": _("%(client)s 委托 %(agent)s") % {"client": delegation.client.name, "agent": delegation.agent.name},
        "consequences": [
            Consequence(_("受托方立即不能再代为办理，正在填写的页面提交时也会被拒绝")),
            Consequence(_("受托方不再看到委托方自己的单证；受托期间由其办理的仍可查看，不能再改")),
            Consequence(_("已报送的单证不受影响")),
            Consequence(_("需要时可重新委托"), "undoable"),
        ],
        "act_label": _("撤销委托"),
        "is_danger": True,
        "back_url": reverse("delegation", args=[delegation.pk]),
    }
    return render(request, "screens/confirm.html", context)
