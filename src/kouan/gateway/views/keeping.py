"""Keeping connections: opening, changing and closing them, and what they show the other side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kouan.accounts.access import NotAllowed, NotYours, PersonRequest, door
from kouan.accounts.codes import Role
from kouan.accounts.forms import say, show_mistake
from kouan.accounts.rules import Mistake
from kouan.gateway import monitoring, rules
from kouan.gateway.codes import Carrier, Carries, CredentialKind, Side, SignaturePolicy
from kouan.gateway.key_forms import ConnectionForm, CredentialForm, bytes_of
from kouan.gateway.services import connections, credentials
from kouan.gateway.services.connections import Wanted
from kouan.gateway.views.connections import crumbs_of
from kouan.screens.pieces import Consequence


@door(roles=rules.OPENERS)
@require_http_methods(["GET", "HEAD", "POST"])
def open_connection(request: PersonRequest) -> HttpResponse:
    """Open a connection."""
    user = request.user
    sides = rules.sides_for(user)
    form = ConnectionForm(
        request.POST or None,
        request.FILES or None,
        sides=sides,
        policies=_policies(user, sides),
        asks_owner=user.is_system_admin,
        initial={"cop_code": _code_of(user), "dxp_id": user.organisation.dxp_id, "only_saves": True},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = connections.open_asked(user=user, wanted=_wanted(form.cleaned_data), at=timezone.now())
        except (Mistake, NotAllowed) as refused:
            _show(form, refused)
        else:
            messages.success(request, _("连接已开通"))
            return redirect("connection", pk=made.pk)
    return _form(request, form, _("开通连接"), reverse("connections"))


@door(roles=rules.OPENERS)
@require_http_methods(["GET", "HEAD", "POST"])
def change_connection(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Change a connection."""
    user, channel = request.user, _kept(request, pk)
    side = Side(channel.side)
    policies = rules.policies_for(user, side=side)
    if channel.signature_policy not in policies:
        policies = [*policies, SignaturePolicy(channel.signature_policy)]
    initial = {name: getattr(channel, name) for name in ConnectionForm.base_fields if hasattr(channel, name)}
    form = ConnectionForm(
        request.POST or None, request.FILES or None, sides=[side], policies=policies, channel=channel, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        wanted = _wanted(form.cleaned_data | {"side": side, "carrier": channel.carrier})
        try:
            connections.change_connection(user=user, connection_id=pk, wanted=wanted, at=timezone.now())
        except (Mistake, NotAllowed) as refused:
            _show(form, refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect("connection", pk=pk)
    return _form(request, form, _("修改连接"), reverse("connection", args=[pk]), about=channel.name)


@door(roles=rules.OPENERS)
@require_http_methods(["GET", "HEAD", "POST"])
def close_connection(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Close a connection, after saying what that does."""
    channel = _kept(request, pk)
    if request.method == "POST":
        connections.close_connection(user=request.user, connection_id=pk, at=timezone.now())
        messages.success(request, _("连接已停用"))
        return redirect("connection", pk=pk)
    consequences = [
        Consequence(_("对方几秒内不能再报送或取回执")),
        Consequence(_("待投递的报文和回执保留原样，按次序等待")),
        Consequence(_("可随时重新启用，等待的继续投递"), "undoable"),
    ]
    return ask_first(request, channel, _("停用连接"), consequences, _("停用"), is_danger=True)


@door(roles=rules.OPENERS)
@require_POST
def reopen_connection(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Use a closed connection again."""
    try:
        connections.reopen_connection(user=request.user, connection_id=pk, at=timezone.now())
        messages.success(request, _("连接已启用"))
    except Mistake as mistake:
        messages.error(request, say(mistake.problem))
    return redirect("connection", pk=pk)


# What it shows the other side ----------------------------------------------------------------------------------------


@door(roles=rules.KEEPERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_credential(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Enter what the connection shows the other side; it is not shown again."""
    channel = _outgoing(request, pk)
    form = CredentialForm(request.POST or None, request.FILES or None, initial={"kind": CredentialKind.BEARER})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        who: dict[str, Any] = {"user": request.user, "connection_id": pk, "at": timezone.now()}
        try:
            if given["kind"] == CredentialKind.BEARER:
                credentials.set_bearer(token=given["token"], **who)
            else:
                credentials.set_client_certificate(content=bytes_of(given["file"]), password=given["password"], **who)
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            messages.success(request, _("通道凭证已登记，等待的报文随即再试"))
            return redirect("connection", pk=pk)
    context = {
        "form": form,
        "channel": channel,
        "is_upload": True,
        "title": _("登记通道凭证"),
        "about": channel.name,
        "submit_label": _("登记"),
        "back_url": reverse("connection", args=[pk]),
        "crumbs": crumbs_of(request),
    }
    return render(request, "gateway/credential_form.html", context, status=422 if form.errors else 200)


@door(roles=rules.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_credential(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Let the connection show nothing any more."""
    channel = _outgoing(request, pk)
    if request.method == "POST":
        credentials.remove_credential(user=request.user, connection_id=pk, at=timezone.now())
        messages.success(request, _("通道凭证已移除"))
        return redirect("connection", pk=pk)
    consequences = [
        Consequence(_("此后不带凭证发送，对方可能不予接收，报文按次序等待")),
        Consequence(_("本平台不留副本，需要时重新登记"), "final"),
    ]
    return ask_first(request, channel, _("移除通道凭证"), consequences, _("移除"), is_danger=True)


# Pieces --------------------------------------------------------------------------------------------------------------


def _kept(request: PersonRequest, pk: UUID) -> Any:
    """The connection, for a person who may keep it. Raises NotYours."""
    channel = monitoring.get_connection(user=request.user, pk=pk)
    if not rules.may_keep(request.user, channel):
        raise NotYours
    return channel


def _outgoing(request: PersonRequest, pk: UUID) -> Any:
    """The connection, where it goes out by HTTP to the national side. Raises NotYours."""
    channel = _kept(request, pk)
    if channel.side != Side.NATIONAL or channel.carrier != Carrier.HTTP:
        raise NotYours
    return channel


def _policies(user: Any, sides: list[Side]) -> list[SignaturePolicy]:
    allowed = {policy for side in sides for policy in rules.policies_for(user, side=side)}
    return [policy for policy in SignaturePolicy if policy in allowed]


def _code_of(user: Any) -> str:
    """What a firm's messages call it; an administrator opens connections of others."""
    return user.organisation.customs_code if user.has_role(Role.FIRM_MANAGER) else ""


def _wanted(given: dict[str, Any]) -> Wanted:
    return Wanted(
        name=given["name"],
        side=Side(given["side"]),
        carrier=Carrier(given["carrier"]),
        signature_policy=SignaturePolicy(given["signature_policy"]),
        owner_code=given.get("owner_code", ""),
        cop_code=given["cop_code"],
        dxp_id=given["dxp_id"],
        address=given.get("address", ""),
        authorities=bytes_of(given.get("authorities")),
        carries=Carries(given.get("carries") or Carries.PARCELS),
        wraps_dxp=given.get("wraps_dxp", False),
        only_saves=given.get("only_saves", True),
    )


def _show(form: ConnectionForm, refused: Mistake | NotAllowed) -> None:
    """Put a refusal at its field, or above the form."""
    problem = refused.problem
    form.add_error(problem.pointer if problem.pointer in form.fields else None, say(problem))


def _form(request: PersonRequest, form: ConnectionForm, title: str, back_url: str, about: str = "") -> HttpResponse:
    context = {
        "form": form,
        "is_upload": True,
        "title": title,
        "about": about,
        "submit_label": title if not about else _("保存"),
        "back_url": back_url,
        "crumbs": crumbs_of(request),
    }
    return render(request, "gateway/connection_form.html", context, status=422 if form.errors else 200)


def ask_first(
    request: PersonRequest, channel: Any, title: str, consequences: list[Consequence], act: str,
    is_danger: bool = False, about: str = "",
) -> HttpResponse:  # fmt: skip
    """Ask before something is done with a connection, saying what that does."""
    context = {
        "title": title,
        "about": " · ".join(filter(None, [channel.name, about])),
        "consequences": consequences,
        "act_label": act,
        "is_danger": is_danger,
        "back_url": reverse("connection", args=[channel.pk]),
    }
    return render(request, "screens/confirm.html", context)
