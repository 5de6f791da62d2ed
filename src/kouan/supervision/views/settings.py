"""The settings of follow-up: report days, tolerance, steps of warning with their words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kouan.accounts.access import door
from kouan.screens.pieces import Crumb
from kouan.supervision.forms.rules import RulesForm, StepFormSet
from kouan.supervision.paper.layout import fonts_in_use
from kouan.supervision.rules import Rules, Unfit
from kouan.supervision.selectors.settings import list_rules, rules_on
from kouan.supervision.services.warning import set_rules
from kouan.supervision.views.acting import OFFICE


@door(roles=OFFICE)
def edit_rules(request: HttpRequest) -> HttpResponse:
    """Show the rules of today and set those of a day."""
    user: Any = request.user
    today = timezone.localdate()
    known = rules_on(today).to_dict()
    form = RulesForm(request.POST or None, initial=known | {"since": today})
    steps = StepFormSet(request.POST or None, initial=[dict(step) for step in known["steps"]], prefix="steps")
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid() and steps.is_valid():
        data = form.cleaned_data
        since, reason = data.pop("since"), data.pop("reason")
        wanted = sorted((step for step in steps.cleaned_data if step), key=lambda step: step["after_days"])
        try:
            set_rules(
                user=user,
                rules=Rules.from_dict(data | {"steps": wanted}),
                since=since,
                reason=reason,
                at=timezone.now(),
            )
            messages.success(request, _("督办规则已设定"))
            return redirect("follow-up-rules")
        except Unfit as refusal:
            problems = [refusal.problem]
    context = {
        "form": form,
        "steps": steps,
        "problems": problems,
        "title": _("督办规则"),
        "about": _("各地做法不同，由本办设定；每一级提醒都有名称，不单用颜色"),
        "history": list_rules(),
        "fonts": [
            {"use": style.use, "standard": style.standard, "family": family, "is_own": family in style.own}
            for style, family in fonts_in_use()
        ],
        "submit_label": _("设定"),
        "back_url": reverse("tasks"),
        "crumbs": [Crumb(_("事项台账"), reverse("tasks"))],
    }
    is_faulty = bool(form.errors or problems or (steps.is_bound and not steps.is_valid()))
    return render(request, "supervision/rules.html", context, status=422 if is_faulty else 200)
