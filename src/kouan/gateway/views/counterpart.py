"""The played national side of a demonstration: what it holds, what it decides, how it behaves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kouan.accounts.access import door
from kouan.accounts.codes import Role
from kouan.gateway.forms import DECISIONS, BehaviourForm, DecisionForm
from kouan.gateway.services.counterpart import behaviour, decide_as_played, list_held, set_behaviour
from kouan.gateway.standards.ceb.statuses import status_of
from kouan.gateway.views.messages import kind_words
from kouan.screens.formats import is_english
from kouan.screens.pieces import Chip, Tone

PLAYERS = (Role.PORT_OFFICE_CLERK,)
KINDS_HELD = (
    "621", "311", "411", "511", "513", "623", "625", "711",
    "603", "303", "403", "505", "605", "607", "507", "509", "701", "213", "215",
)  # fmt: skip
MOST_SHOWN = 100


@door(roles=PLAYERS)
def show_counterpart(request: HttpRequest) -> HttpResponse:
    """Show what the played side holds and how it behaves."""
    return _show(request)


@require_POST
@door(roles=PLAYERS)
def behave(request: HttpRequest) -> HttpResponse:
    """Set how the played side behaves."""
    form = BehaviourForm(request.POST)
    if not form.is_valid():
        return _show(request, form)
    set_behaviour(user=request.user, at=timezone.now(), **form.cleaned_data)  # type: ignore[arg-type]
    messages.success(request, _("对端行为已更改。"))
    return redirect("counterpart")


@require_POST
@door(roles=PLAYERS)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the played side give one document an answer."""
    form = DecisionForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        node = decide_as_played(
            user=request.user,  # type: ignore[arg-type]
            node_id=pk,
            status=values["status"],
            info=values["info"],
            at=timezone.now(),
        )
        words = {"number": node["number"], "status": DECISIONS[values["status"]]}
        messages.success(request, _("对端将答复 %(number)s：%(status)s。回执按通道返回，数秒后可见。") % words)
    else:
        messages.warning(request, _("没有这种回执状态，未作答复。"))
    goal = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure())
    return redirect(goal if is_ours else reverse("counterpart"))


def _show(request: HttpRequest, form: BehaviourForm | None = None) -> HttpResponse:
    q = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    kind = request.GET.get("kind", "621")
    kind = kind if kind in KINDS_HELD else ""
    now = behaviour()
    held = list_held(q=q, kind=kind, limit=MOST_SHOWN)
    context: dict[str, Any] = {
        "behaviour": now,
        "form": form or BehaviourForm(initial={"mode": now.mode, "seconds": now.seconds}),
        "held": [
            (node, datetime.fromtimestamp(node["taken_at"], UTC), _chip(node["last_status"]), kind_words(node["kind"]))
            for node in held
        ],
        "kinds": [(value, kind_words(value)) for value in KINDS_HELD],
        "decisions": list(DECISIONS.items()),
        "kind": kind,
        "q": q,
        "most": MOST_SHOWN,
        "is_full": len(held) == MOST_SHOWN,
        "at": timezone.now(),
    }
    return render(request, "gateway/counterpart.html", context)


def _chip(status: str) -> Chip:
    if not status:
        return Chip(_("未答复"), Tone.IDLE)
    meaning = status_of(status)
    return Chip(f"{status} {meaning.en if is_english() else meaning.zh}", Tone.RUNNING)
