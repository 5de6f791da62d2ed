"""Where everybody's day begins: what waits for the person, and for the port office how everything stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kouan.accounts.access import door
from kouan.clearance.home import OPEN_STATES, duties_of, stages_of
from kouan.clearance.timeline import wait_words
from kouan.declarations import selectors as declarations
from kouan.gateway import monitoring
from kouan.screens import navigation


@door()
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person."""
    user: Any = request.user
    now = timezone.now()
    duties = duties_of(user)
    context = {
        "duties": duties,
        "is_clear": not any(duty.is_waiting for duty in duties),
        "links": [link for duty in navigation.list_duties(user) for link in duty.links] if not duties else [],
        "at": now,
    }
    if user.sees_all_cases:
        context |= {
            "stages": stages_of(user),
            "stuck": [
                (case, wait_words(case), now - case.state_since)
                for case in declarations.longest_waiting(user, states=OPEN_STATES)
            ],
            "failing": monitoring.list_failing(user),
        }
    return render(request, "clearance/home.html", context)
