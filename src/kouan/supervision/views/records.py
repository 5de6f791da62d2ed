"""The page of one thing with a state: facts, texts, lists, acts, history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kouan.accounts import selectors as accounts
from kouan.supervision import timeline
from kouan.supervision.forms.coordination import TextForm
from kouan.supervision.views.acting import act_page


def names_of(ids: Any) -> str:
    return "、".join(accounts.organisation_names(ids).values())


def act_of(label: Any, name: str, *args: Any) -> dict[str, Any]:
    return {"label": label, "url": reverse(name, args=args)}


def show_record(request: HttpRequest, row: Any, family: str, **context: Any) -> HttpResponse:
    known = {"state": row.state, "family": family, "moments": timeline.moments_of(row.pk), "at": timezone.now()}
    return render(request, "supervision/record.html", known | context)


def text_act(request: HttpRequest, do: Callable[[str], Any], *, initial: str = "", **words: Any) -> HttpResponse:
    return act_page(
        request,
        form=TextForm(request.POST or None, initial={"text": initial}),
        do=lambda data: do(data["text"]) and None,
        act_label=words.pop("act_label", _("保存")),
        **words,
    )
