"""Messages and receipts: the lists, and one of them readable and raw; personal data is masked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from kouan.accounts.access import NotAllowed, door
from kouan.accounts.codes import Role
from kouan.gateway import monitoring, selectors
from kouan.gateway.codes import Issuer, Side
from kouan.gateway.masking import MOST_SHOWN, masked
from kouan.gateway.rules import KEEPERS
from kouan.gateway.services.mending import resend_message, resend_receipt
from kouan.gateway.standards.ceb.types import KINDS
from kouan.kernel.identifiers import first_uuid7_at
from kouan.safekeeping.safe import KeyGone
from kouan.screens.lists import ChoiceFilter, Column, DateRangeFilter, ListPage
from kouan.screens.pieces import Consequence, Crumb, Emptiness
from kouan.workflow.services import NotPossibleNow

SEERS = (Role.TRADER_CLERK, Role.OFFICER, Role.PORT_OFFICE_CLERK, Role.SYSTEM_ADMIN)
LISTERS = (*KEEPERS, Role.TRADER_CLERK)
"""Who finds messages and receipts in a list: the keepers all of them, a firm its own."""


class DayOfReceipt(DateRangeFilter):
    """The days on which messages came; their ids sort by time, so that earlier months are not looked at."""

    def narrow(self, rows: QuerySet, value: tuple[date | None, date | None]) -> QuerySet:
        rows = super().narrow(rows, value)
        since, _to = value
        if since is None:
            return rows
        midnight = timezone.make_aware(datetime.combine(since, time.min))
        return rows.filter(pk__gte=first_uuid7_at(midnight - timedelta(hours=1)))


def kind_words(kind: str) -> str:
    """Name a kind of message: its number in the customs edition and what it is."""
    if kind == "check":
        return _("校验结果")
    known = KINDS.get(kind)
    if known is None:
        return kind
    return f"CEB{kind} {known.en if (get_language() or '').startswith('en') else known.zh}"


def _kinds(request: HttpRequest) -> list[tuple[str, str]]:
    return [(kind, kind_words(kind)) for kind in KINDS]


def _channels(request: HttpRequest) -> list[tuple[str, str]]:
    return monitoring.choices_of_channels(request.user)  # type: ignore[arg-type]


_CHANNEL_FILTER = ChoiceFilter("channel", gettext_lazy("通道"), choices=_channels, field="connection_id")
_KIND_FILTER = ChoiceFilter("kind", gettext_lazy("报文类型"), choices=_kinds)

MESSAGES = ListPage(
    key="messages",
    title=pgettext_lazy("列表", "报文"),
    about=gettext_lazy("收到的报文，原文照存，按收到次序排列"),
    columns=[
        Column("kind", gettext_lazy("报文类型"), lambda row: kind_words(row.kind), note="guid"),
        Column("progress", gettext_lazy("进度"), kind="chip", family="progress"),
        Column("channel", gettext_lazy("通道")),
        Column("side", gettext_lazy("来自"), "get_side_display"),
        Column("size", gettext_lazy("大小"), "raw_size", kind="count", unit=gettext_lazy("字节")),
        Column("file", gettext_lazy("文件名"), "file_name", kind="code", shown=False),
        Column("received", gettext_lazy("收到时间"), "received_at", kind="when", sort="pk"),
    ],
    filters=[
        _KIND_FILTER,
        ChoiceFilter("side", gettext_lazy("来自"), choices=Side.choices),
        _CHANNEL_FILTER,
        DayOfReceipt("received", gettext_lazy("收到日期"), field="received_at"),
    ],
    default_sort="-received",
    row_url=lambda row: reverse("message", args=[row.pk]),
    beside=True,
    empty=Emptiness(gettext_lazy("没有报文"), gettext_lazy("由接口、文件夹或页面报送后显示在这里")),
)
RECEIPTS = ListPage(
    key="receipts",
    title=gettext_lazy("回执"),
    about=gettext_lazy("回到申报通道的回执：本平台的校验结果和原样转达的官方回执"),
    columns=[
        Column("kind", gettext_lazy("回执类型"), lambda row: kind_words(row.kind)),
        Column("issuer", gettext_lazy("出具方"), "get_issuer_display"),
        Column("progress", gettext_lazy("投递"), kind="chip", family="delivery"),
        Column("channel", gettext_lazy("回到通道")),
        Column("nodes", gettext_lazy("单证数"), "node_count", kind="count"),
        Column("refused", gettext_lazy("未通过数"), "refused_count", kind="count"),
        Column("issued", gettext_lazy("出具时间"), "issued_at", kind="when", sort="pk"),
    ],
    filters=[
        _KIND_FILTER,
        ChoiceFilter("issuer", gettext_lazy("出具方"), choices=Issuer.choices),
        _CHANNEL_FILTER,
        DayOfReceipt("issued", gettext_lazy("出具日期"), field="issued_at"),
    ],
    default_sort="-issued",
    row_url=lambda row: reverse("receipt", args=[row.pk]),
    beside=True,
    empty=Emptiness(gettext_lazy("没有回执"), gettext_lazy("报文校验后或收到官方回执后显示在这里")),
)


@door(roles=LISTERS)
def list_messages(request: HttpRequest) -> HttpResponseBase:
    """Show the messages that came."""
    return MESSAGES.respond(request, monitoring.list_messages(request.user))  # type: ignore[arg-type]


@door(roles=LISTERS)
def list_receipts(request: HttpRequest) -> HttpResponseBase:
    """Show the receipts on their way back."""
    return RECEIPTS.respond(request, monitoring.list_receipts(request.user))  # type: ignore[arg-type]


@door(roles=SEERS)
def show_message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one message as it was kept, with how far it is."""
    user: Any = request.user
    message = monitoring.see_message(user=user, pk=pk)
    context = {
        "message": message,
        "text": masked(message.raw or b""),
        "erased": message.gone and message.gone.problem,
        "is_cut": len(message.raw or b"") > MOST_SHOWN,
        "traffic": selectors.traffic_of([pk]),
        "deliveries": selectors.deliveries_of(pk),
        "sees_answers": user.has_role(*KEEPERS),
        "channel": selectors.channel_name(message.connection_id),
        "may_resend": user.has_role(*KEEPERS) and monitoring.may_be_resent(item_id=pk, is_receipt=False),
        "crumbs": [Crumb(pgettext("列表", "报文"), reverse("messages"))] if user.has_role(*LISTERS) else [],
        "at": timezone.now(),
    }
    return render(request, "gateway/message.html", context)


@door(roles=SEERS)
def show_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one receipt: who issued it, what it answers, its words."""
    user: Any = request.user
    receipt = monitoring.see_receipt(user=user, pk=pk)
    try:
        text, erased = masked(selectors.body_of(receipt)), None
    except KeyGone as gone:
        text, erased = "", gone.problem
    context = {
        "receipt": receipt,
        "text": text,
        "erased": erased,
        "deliveries": selectors.deliveries_of(pk),
        "channel": selectors.channel_name(receipt.connection_id),
        "may_resend": user.has_role(*KEEPERS) and monitoring.may_be_resent(item_id=pk, is_receipt=True),
        "crumbs": [Crumb(_("回执"), reverse("receipts"))] if user.has_role(*LISTERS) else [],
        "at": timezone.now(),
    }
    return render(request, "gateway/receipt.html", context)


@door(roles=KEEPERS)
def resend_message_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what sending a message again does, and do it."""
    user: Any = request.user
    monitoring.see_message(user=user, pk=pk)
    return _resend(request, "message", pk, lambda at: resend_message(user=user, message_id=pk, at=at))


@door(roles=KEEPERS)
def resend_receipt_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what sending a receipt again does, and do it."""
    user: Any = request.user
    monitoring.see_receipt(user=user, pk=pk)
    return _resend(request, "receipt", pk, lambda at: resend_receipt(user=user, receipt_id=pk, at=at))


def _resend(request: HttpRequest, kind: str, pk: UUID, act: Callable[[datetime], None]) -> HttpResponse:
    problems: list[Any] = []
    if request.method == "POST":
        try:
            act(timezone.now())
            notes.success(request, _("已排入投递。"))
            return redirect(kind, pk=pk)
        except NotAllowed as refusal:
            problems = [refusal.problem]
        except NotPossibleNow:
            notes.warning(request, _("它正在等待投递，无须重发。"))
            return redirect(kind, pk=pk)
    context = {
        "title": _("重发报文") if kind == "message" else _("重发回执"),
        "about": _("用于对方未收到或丢失的情况。"),
        "consequences": [
            Consequence(_("原文一字不改，以与首次相同的文件名再次投递，对方可凭名称和编号识别重复")),
            Consequence(_("投递排在该通道现有待投递之前或之中，通道故障时等待恢复")),
            Consequence(_("本次操作记入审计")),
        ],
        "act_label": _("重发"),
        "back_url": reverse(kind, args=[pk]),
        "problems": problems,
    }
    return render(request, "screens/confirm.html", context)
