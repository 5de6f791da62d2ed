"""The pages of replays: asked for on a version's page, shown while they run, and what they found."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kouan.accounts.access import NotYours, door
from kouan.audit.types import Actor
from kouan.decisions import grids, selectors
from kouan.decisions.forms import ReplayForm
from kouan.decisions.services import editing
from kouan.decisions.services.replaying import ask_replay
from kouan.decisions.types import TableContent, TableUnknown
from kouan.decisions.views.tables import READERS, find_version
from kouan.screens.formats import is_english
from kouan.screens.pieces import Crumb


@require_POST
@door(roles=editing.EDITORS)
def ask(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Have a version replayed."""
    find_version(key, number)
    form = ReplayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写 1 至 24 个月"))
        return redirect("decision-version", key=key, number=number)
    months = form.cleaned_data["months"]
    asked = ask_replay(actor=cast(Actor, request.user), at=timezone.now(), key=key, number=number, months=months)
    return redirect("decision-replay", pk=asked.pk)


@require_GET
@door(roles=READERS)
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far a replay is, and what it found."""
    try:
        found = selectors.get_replay(pk)
    except TableUnknown:
        raise NotYours from None
    version = found.version
    lang = get_language() or "zh-hans"
    content = TableContent.from_json(version.content)
    result = found.result or {}
    title = version.table.name_en if is_english() else version.table.name_zh
    context = {
        "replay": found,
        "version": version,
        "title": title,
        "result": result,
        "period": f"{_day(found.since_at)} – {_day(found.until_at)}",
        "share": f"{100 * result.get('changed', 0) / (result.get('cases') or 1):.1f} %",
        "took": _("%(n)s 秒") % {"n": f"{found.seconds or 0:.1f}"},
        "changes": grids.to_kinds_of_change(result.get("changes", {}), content, lang),
        "rows": grids.to_fired(result.get("rows", {}), content, lang, result.get("cases", 0)),
        "is_running": found.ended_at is None,
        "is_older": found.digest != version.digest,
        "crumbs": [
            Crumb(_("判定表"), reverse("decision-list")),
            Crumb(title, reverse("decision-version", args=[version.table_id, version.number])),
        ],
    }
    return render(request, "decisions/replay.html", context)


def _day(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d")
