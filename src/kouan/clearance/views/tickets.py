"""Coordination tickets: opened by the port office from a stuck case, seen and answered by both sides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotAllowed, door
from kouan.accounts.codes import Role
from kouan.clearance import selectors
from kouan.clearance.forms import AnswerForm, TicketForm
from kouan.clearance.services.coordinating import answer_ticket, open_ticket
from kouan.clearance.states import TICKET_NEXT, TicketAct, TicketState
from kouan.clearance.timeline import wait_words
from kouan.clearance.views.cases import SEERS
from kouan.declarations import selectors as declarations
from kouan.screens.lists import ChoiceFilter, Column, ListPage
from kouan.screens.pieces import Consequence, Crumb, Emptiness
from kouan.workflow.services import NotPossibleNow

TICKETS = ListPage(
    key="tickets",
    title=gettext_lazy("协调单"),
    about=gettext_lazy("口岸办就停滞的申报发起的协调，双方可见"),
    columns=[
        Column("question", gettext_lazy("协调事项"), "question"),
        Column("state", gettext_lazy("状态"), kind="chip", family="ticket"),
        Column("case", gettext_lazy("清单"), lambda row: row.number, kind="code"),
        Column("opened", gettext_lazy("发起时间"), "opened_at", kind="when", sort="pk"),
        Column("due", gettext_lazy("答复期限"), "due_at", kind="when"),
    ],
    filters=[
        ChoiceFilter(
            "state",
            gettext_lazy("状态"),
            choices=[
                ("open", gettext_lazy("待答复")),
                ("answered", gettext_lazy("已答复")),
                ("closed", gettext_lazy("已办结")),
            ],
        )
    ],
    default_sort="-opened",
    row_url=lambda row: reverse("ticket", args=[row.pk]),
    beside=True,
    empty=Emptiness(gettext_lazy("没有协调单"), gettext_lazy("口岸办可在申报详情页发起协调")),
)


@door(roles=SEERS)
def list_tickets(request: HttpRequest) -> HttpResponse:
    """Show the tickets that the person may see."""
    return TICKETS.respond(request, selectors.list_tickets(request.user))  # type: ignore[arg-type]


@door(roles=SEERS)
def show_ticket(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a ticket and answer it."""
    user: Any = request.user
    ticket = selectors.get_ticket(user=user, pk=pk)
    possible = [act for state, act in TICKET_NEXT if state == TicketState(ticket.state)]
    if not user.sees_all_cases:
        possible = [act for act in possible if act is TicketAct.ANSWER]
    form = AnswerForm(request.POST or None, possible=possible) if possible else None
    problems: list[Any] = []
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            act = TicketAct(form.cleaned_data["act"])
            answer_ticket(user=user, ticket_id=pk, act=act, text=form.cleaned_data["text"], at=timezone.now())
            return redirect("ticket", pk=pk)
        except NotAllowed as refusal:
            problems = [refusal.problem]
        except NotPossibleNow:
            messages.warning(request, _("状态已被他人改变，请查看最新情况。"))
            return redirect("ticket", pk=pk)
    context = {
        "ticket": ticket,
        "entries": selectors.entries_of(ticket),
        "case": declarations.get_case(user=user, pk=ticket.case_id),
        "parties": accounts.organisation_names(ticket.party_ids),
        "form": form,
        "problems": problems,
        "crumbs": [Crumb(_("协调单"), reverse("tickets"))],
        "at": timezone.now(),
    }
    return render(request, "clearance/ticket.html", context)


@door(roles=[Role.PORT_OFFICE_CLERK])
def open_ticket_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a ticket from a case: the parties of the case and the agencies concerned are offered."""
    user: Any = request.user
    case = declarations.get_case(user=user, pk=pk)
    names = accounts.organisation_names([*case.parties, *accounts.agency_organisation_ids(case.agencies)])
    form = TicketForm(request.POST or None, parties=[(str(key), name) for key, name in names.items()])
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            ticket = open_ticket(
                user=user,
                case_id=pk,
                question=values["question"],
                party_ids=[UUID(party) for party in values["party_ids"]],
                due_at=values["due_at"],
                at=timezone.now(),
            )
            return redirect("ticket", pk=ticket.pk)
        except NotAllowed as refusal:
            problems = [refusal.problem]
    context = {
        "title": _("发起协调"),
        "about": _("清单 %(number)s，当前等待：%(state)s") % {"number": case.internal_no, "state": wait_words(case)},
        "consequences": [Consequence(_("所选单位立即可见本协调单和往来内容"))],
        "act_label": _("发起"),
        "back_url": reverse("case", args=[pk]),
        "form": form,
        "problems": problems,
    }
    return render(request, "screens/confirm.html", context)
