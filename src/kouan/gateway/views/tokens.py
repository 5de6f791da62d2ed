"""The tokens of a connection: issuing, replacing and revoking them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kouan.accounts.access import NotYours, PersonRequest, door
from kouan.accounts.forms import show_mistake
from kouan.accounts.rules import Mistake
from kouan.gateway import monitoring, rules
from kouan.gateway.key_forms import ReplaceTokenForm, TokenForm
from kouan.gateway.services import tokens
from kouan.gateway.views.connections import crumbs_of
from kouan.gateway.views.keeping import ask_first
from kouan.screens.pieces import Consequence


@door(roles=rules.OPENERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def issue_token(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Give the connection a token and show it this once."""
    channel = _held(request, pk)
    scopes = rules.scopes_for(channel.side)
    form = TokenForm(request.POST or None, scopes=scopes, initial=_first_terms(scopes))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        terms = tokens.Terms(
            name=given["name"], scopes=given["scopes"], kinds=given["kinds"], until=_end_of(given["last_day"])
        )
        try:
            text = tokens.issue_token_for(user=request.user, connection_id=pk, terms=terms, at=timezone.now())
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            return _show_once(request, channel, text)
    return _form(request, form, channel, _("发放接口令牌"))


@door(roles=rules.OPENERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def replace_token(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Issue the successor of a token and show it this once; the old one holds for a while."""
    token = monitoring.get_token(user=request.user, pk=pk)
    channel = _held(request, token.connection_id)
    form = ReplaceTokenForm(request.POST or None, initial={"last_day": _last_day(), "overlap": 7})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            text = tokens.replace_token(
                user=request.user,
                token_id=pk,
                until=_end_of(given["last_day"]),
                overlap=timedelta(days=given["overlap"]),
                at=timezone.now(),
            )
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            return _show_once(request, channel, text)
    return _form(request, form, channel, _("更换接口令牌"), about=f"{token.mark}… {token.name}".strip())


@door(roles=rules.OPENERS)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_token(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Let nobody in by a token any more."""
    token = monitoring.get_token(user=request.user, pk=pk)
    channel = monitoring.get_connection(user=request.user, pk=token.connection_id)
    if not rules.may_keep(request.user, channel):
        raise NotYours
    if request.method == "POST":
        tokens.revoke_token(user=request.user, token_id=pk, at=timezone.now())
        messages.success(request, _("接口令牌已作废"))
        return redirect("connection", pk=channel.pk)
    consequences = [
        Consequence(_("凭此令牌的报送和取回执几秒内被拒绝"), "final"),
        Consequence(_("已收到的报文不受影响，回执保留等待")),
        Consequence(_("其他令牌照常使用；可重新发放新令牌"), "undoable"),
    ]
    title = _("作废接口令牌")
    return ask_first(request, channel, title, consequences, _("作废"), is_danger=True, about=f"{token.mark}…")


def _held(request: PersonRequest, pk: UUID) -> Any:
    """The connection, for a person who may be shown its tokens. Raises NotYours."""
    channel = monitoring.get_connection(user=request.user, pk=pk)
    if not rules.may_hold_token(request.user, channel):
        raise NotYours
    return channel


def _first_terms(scopes: list[Any]) -> dict[str, Any]:
    return {"scopes": [str(scope) for scope in scopes], "last_day": _last_day()}


def _last_day() -> Any:
    return timezone.localdate() + timedelta(days=settings.KOUAN_TOKEN_DAYS)


def _end_of(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _show_once(request: PersonRequest, channel: Any, text: str) -> HttpResponse:
    return render(request, "gateway/token.html", {"channel": channel, "token": text, "crumbs": crumbs_of(request)})


def _form(request: PersonRequest, form: Any, channel: Any, title: str, about: str = "") -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "about": " · ".join(filter(None, [channel.name, about])),
        "submit_label": title,
        "back_url": reverse("connection", args=[channel.pk]),
        "crumbs": crumbs_of(request),
    }
    return render(request, "gateway/token_form.html", context, status=422 if form.errors else 200)
