"""The monitor: how channels fare, what still has to be done, what is parked and why."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST

from kouan.accounts.access import NotYours, PersonRequest, door
from kouan.gateway import monitoring, selectors
from kouan.gateway.codes import Carrier, Side, Step
from kouan.gateway.masking import MOST_SHOWN, masked, masked_words
from kouan.gateway.rules import KEEPERS, OPENERS, may_hold_token, may_keep
from kouan.gateway.services.mending import retry_group, retry_item
from kouan.safekeeping.safe import KeyGone
from kouan.screens.lists import ChoiceFilter, Column, ListPage, MainAct, Preset, TextFilter
from kouan.screens.pieces import Crumb, Emptiness
from kouan.workflow.services import NotPossibleNow

CONNECTIONS = ListPage(
    key="connections",
    title=pgettext_lazy("列表", "连接"),
    about=gettext_lazy("企业、监管场所和国家标准版的通道"),
    columns=[
        Column("name", gettext_lazy("名称"), sort="name", note="owner"),
        Column("health", gettext_lazy("状态"), kind="chip", family="connection"),
        Column("side", gettext_lazy("对端"), "get_side_display", sort="side"),
        Column("carrier", gettext_lazy("通道"), "get_carrier_display", sort="carrier"),
        Column("policy", gettext_lazy("验签要求"), "get_signature_policy_display"),
        Column("received", gettext_lazy("最近收到"), "received_at", kind="when", sort="received_at"),
        Column("delivered", gettext_lazy("最近送达"), "last_delivered_at", kind="when", sort="last_delivered_at"),
        Column("waiting", gettext_lazy("待投递"), kind="count", sort="waiting"),
        Column("failing", gettext_lazy("故障起始"), "failing_since", kind="when", sort="failing_since"),
        Column("error", gettext_lazy("最近错误"), "last_error", is_long=True),
    ],
    filters=[
        TextFilter("q", gettext_lazy("名称或代码"), fields=["name", "cop_code"]),
        ChoiceFilter(
            "health",
            gettext_lazy("状态"),
            choices=[
                ("working", gettext_lazy("正常")),
                ("failing", gettext_lazy("故障")),
                ("closed", gettext_lazy("停用")),
            ],
        ),
        ChoiceFilter("side", gettext_lazy("对端"), choices=Side.choices),
        ChoiceFilter("carrier", gettext_lazy("通道"), choices=Carrier.choices),
    ],
    presets=[Preset("failing", gettext_lazy("故障"), {"health": ["failing"]}, is_counted=True)],
    default_sort="name",
    row_url=lambda row: reverse("connection", args=[row.pk]),
    beside=True,
    empty=Emptiness(gettext_lazy("没有连接"), gettext_lazy("为企业、监管场所或国家标准版开通通道后显示在这里")),
)


@door(roles=KEEPERS)
def show_gateway(request: HttpRequest) -> HttpResponse:
    """Show how the gateway fares: the backlog by step, channels that fail, what is parked."""
    user: Any = request.user
    backlog = {row.step: row for row in selectors.list_backlog()}
    context = {
        "steps": [(step, backlog.get(str(step))) for step in Step],
        "failing": monitoring.list_failing(user),
        "groups": monitoring.list_parked_groups(),
        "at": timezone.now(),
    }
    return render(request, "gateway/gateway.html", context)


@door(roles=OPENERS)
def list_connections(request: PersonRequest) -> HttpResponseBase:
    """Show every channel with how it fares."""
    main_act = MainAct(_("开通连接"), reverse("new-connection"))
    return CONNECTIONS.respond(request, monitoring.list_connections(request.user), main_act=main_act)


@door(roles=OPENERS)
def show_connection(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show one channel: what is asked of it, what waits to go out, the latest traffic and attempts."""
    channel, at = monitoring.get_connection(user=request.user, pk=pk), timezone.now()
    context = {
        "channel": channel,
        "tokens": monitoring.list_tokens(pk, at=at),
        "may_keep": may_keep(request.user, channel),
        "may_hold_token": may_hold_token(request.user, channel),
        "sees_messages": request.user.has_role(*KEEPERS),
        "shows_credential": channel.side == Side.NATIONAL and channel.carrier == Carrier.HTTP,
        "credential": getattr(channel, "credential", None),
        "waiting": monitoring.waiting_items(pk),
        "received": monitoring.last_messages(pk),
        "deliveries": monitoring.last_deliveries(pk),
        "crumbs": crumbs_of(request),
        "at": at,
    }
    return render(request, "gateway/connection.html", context)


@door(roles=OPENERS)
def show_delivery(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Show one attempt and what the other side answered, as it came."""
    delivery = monitoring.get_delivery(user=request.user, pk=pk)
    answer, erased = b"", None
    try:
        answer = selectors.answer_of(delivery) or b""
    except KeyGone as gone:
        erased = gone.problem
    context = {
        "delivery": delivery,
        "channel": monitoring.get_connection(user=request.user, pk=delivery.connection_id),
        "text": masked(answer),
        "detail": masked_words(delivery.detail),
        "erased": erased,
        "is_cut": delivery.answer_size > min(len(answer), MOST_SHOWN),
        "sees_messages": request.user.has_role(*KEEPERS),
        "is_receipt": monitoring.is_receipt(delivery.item_id),
        "crumbs": crumbs_of(request),
        "at": timezone.now(),
    }
    return render(request, "gateway/delivery.html", context)


def crumbs_of(request: PersonRequest) -> list[Crumb]:
    """The way to a connection; a firm's administrator has no page of the gateway above it."""
    above = [Crumb(_("报文网关"), reverse("gateway"))] if request.user.has_role(*KEEPERS) else []
    return [*above, Crumb(pgettext("列表", "连接"), reverse("connections"))]


@door(roles=KEEPERS)
def list_parked(request: HttpRequest) -> HttpResponse:
    """Show what is parked: grouped by reason, and the oldest of it one by one."""
    context = {
        "groups": monitoring.list_parked_groups(),
        "parked": monitoring.list_parked(),
        "most": monitoring.MOST_PARKED,
        "crumbs": [Crumb(_("报文网关"), reverse("gateway"))],
        "at": timezone.now(),
    }
    return render(request, "gateway/parked.html", context)


@require_POST
@door(roles=KEEPERS)
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put one parked message or receipt back to work."""
    try:
        retry_item(user=request.user, item_id=pk, at=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("已重新排入处理。"))
    except NotPossibleNow:
        messages.warning(request, _("它已不在停放状态，请查看最新情况。"))
    return redirect("parked")


@require_POST
@door(roles=KEEPERS)
def retry_all(request: HttpRequest) -> HttpResponse:
    """Put back to work all that is parked in one step for one reason."""
    step = request.POST.get("step", "")
    groups = {group.key: group for group in monitoring.list_parked_groups()}
    group = groups.get(request.POST.get("group", ""))
    if step not in Step.values:
        raise NotYours
    if group is None or group.step != step:
        messages.warning(request, _("它已不在停放状态，请查看最新情况。"))
        return redirect("parked")
    count = retry_group(user=request.user, step=Step(step), error=group.error, at=timezone.now())  # type: ignore[arg-type]
    words = ngettext("已将 %(n)s 项重新排入处理。", "已将 %(n)s 项重新排入处理。", count)
    messages.success(request, words % {"n": count})
    return redirect("parked")
