"""Pages that do one thing: they show a form, call one service, and say in the page's words what stands against it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import Role
from kouan.screens.pieces import Consequence
from kouan.supervision.rules import Unfit
from kouan.workflow.services import NotPossibleNow

OFFICE = (Role.PORT_OFFICE_CLERK,)
UNITS = (Role.PORT_OFFICE_CLERK, Role.LIAISON, Role.PRINCIPAL)
SEERS = (*UNITS, Role.OFFICER)


def unit_choices() -> list[tuple[str, str]]:
    """The units that can answer for a duty today, for a form."""
    return [(str(row.pk), row.name) for row in accounts.list_duty_units(on=timezone.localdate())]


def act_page(
    request: HttpRequest,
    *,
    form: forms.Form,
    do: Callable[[dict[str, Any]], Any],
    title: Any,
    act_label: Any,
    back_url: str,
    about: Any = "",
    consequences: Sequence[Consequence] = (),
    is_danger: bool = False,
    is_upload: bool = False,
    done: Any = "",
) -> HttpResponse:
    """Show the form, or do the act with what was filled in and go where it says, or back.

    do: takes the cleaned data; a string that it returns is the address to go to.
    """
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            goal = do(form.cleaned_data)
        except (Unfit, NotAllowed) as refusal:
            problems = [refusal.problem]
        except NotPossibleNow:
            messages.warning(request, _("状态已被他人改变，请查看最新情况。"))
            return redirect(back_url)
        else:
            if done:
                messages.success(request, str(done))
            return redirect(goal if isinstance(goal, str) else back_url)
    context = {
        "title": title,
        "about": about,
        "consequences": consequences,
        "act_label": act_label,
        "back_url": back_url,
        "form": form,
        "problems": problems,
        "is_danger": is_danger,
        "is_upload": is_upload,
    }
    return render(request, "screens/confirm.html", context)
