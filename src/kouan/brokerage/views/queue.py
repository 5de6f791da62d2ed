"""The queue: everything that waits for the firm, over all its clients."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kouan.accounts.access import door
from kouan.brokerage import selectors
from kouan.brokerage.codes import Document, Waits
from kouan.brokerage.models import Waiting
from kouan.brokerage.views import TRADER
from kouan.screens.lists import BulkAct, ChoiceFilter, Column, ListPage, MainAct, Preset, TextFilter
from kouan.screens.pieces import Chip, Emptiness, Tone

_PAGES = {
    Document.GOODS_DRAFT: "goods-draft", Document.GOODS: "goods-declaration", Document.PARCEL_DRAFT: "draft",
    Document.PARCEL_SHEET: "sheet", Document.PARCEL: "case", Document.DELEGATION: "delegation",
    Document.REQUEST: "delegation-request", Document.GOODS_HELD: "held-goods",
}  # fmt: skip
_REVIEWS = {Document.GOODS_DRAFT: "review-goods-draft", Document.PARCEL_DRAFT: "review-draft"}
_DUE = {
    "late": _("已逾期"), "today": _("今天到期"), "week": _("七天内到期"), "later": _("七天以后"), "none": _("无期限"),
}  # fmt: skip
SOON = timedelta(days=3)


def page_of(row: Waiting) -> str:
    """Where a row leads: to the checker's page where a check waits, else to the thing itself."""
    document = Document(row.document)
    if row.waits == Waits.TO_CHECK and document in _REVIEWS:
        return reverse(_REVIEWS[document], args=[row.pk])
    return reverse(_PAGES[document], args=[row.pk])


def _due(row: Waiting) -> Any:
    """The deadline with its urgency: late, within three days, later."""
    if row.due_at is None:
        return Chip(_DUE["none"], Tone.IDLE, "minus")
    day, left = f"{timezone.localtime(row.due_at):%Y-%m-%d %H:%M}", row.due_at - timezone.now()
    tone = Tone.OVERDUE if left < timedelta(0) else Tone.WAITING if left < SOON else Tone.RUNNING
    return Chip(day, tone, "clock" if tone is not Tone.OVERDUE else "")


def _by_due(rows: QuerySet, wanted: list[str]) -> QuerySet:
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    week = midnight + timedelta(days=6)
    ranges = {
        "late": {"due_at__lt": now}, "today": {"due_at__gte": now, "due_at__lt": midnight},
        "week": {"due_at__gte": now, "due_at__lt": week}, "later": {"due_at__gte": week}, "none": {"due_at": None},
    }  # fmt: skip
    return rows.filter(**ranges[wanted[-1]])


QUEUE = ListPage(
    key="broker-queue",
    title=_("待办队列"),
    about=_("各委托方的报关单、清单和委托中等待本单位办理的全部事项"),
    columns=[
        Column("number", _("编号"), lambda row: row.number or _("未填编号"), kind="code"),
        Column("waits", _("待办事项"), kind="chip", family="waits", note="note"),
        Column("client", _("委托方"), "client_name", sort="client_name", note="client_code"),
        Column("document", _("单证"), "get_document_display"),
        Column("due", _("期限"), _due, kind="chip", sort="due_at"),
        Column("since", _("待办起始"), "since", kind="when", sort="since"),
        Column("person", _("制单人"), "person"),
    ],
    presets=[
        Preset("to_check", _("待复核"), {"waits": [Waits.TO_CHECK]}, is_counted=True),
        Preset("to_send", _("待发送签名"), {"waits": [Waits.TO_SEND, Waits.TO_SIGN]}, is_counted=True),
        Preset("returned", _("退回"), {"waits": [Waits.RETURNED, Waits.BOUNCED]}, is_counted=True),
        Preset("tax", _("税费"), {"waits": [Waits.TAX]}, is_counted=True),
        Preset("late", _("已逾期"), {"due": ["late"]}, is_counted=True),
    ],
    bulk=[
        BulkAct("submit", _("批量提交复核"), "new-broker-batch-submit", icon="users"),
        BulkAct("send", _("批量发送"), "new-broker-batch-send", icon="arrow-out"),
    ],
    default_sort="-since",
    exact_to=1_000,
    row_url=page_of,
    beside=True,
    empty=Emptiness(_("没有待办"), _("制单、复核、退回、税费和委托到期的事项会集中在这里")),
)


def queue_of(user: Any) -> ListPage:
    """The list as one person filters it: by the clients and people of the own firm."""
    clients = cache(lambda: selectors.clients_waiting(user))
    filters = [
        TextFilter(
            "q", _("编号或委托方"), placeholder=_("编号、名称、拼音或首字母"),
            find=lambda rows, words: selectors.find_waiting(user, rows, words),
        ),
        ChoiceFilter("waits", _("待办事项"), choices=Waits.choices),
        ChoiceFilter("client", _("委托方"), choices=lambda _request: clients(), field="client_code"),
        ChoiceFilter("document", _("单证"), choices=Document.choices),
        ChoiceFilter("due", _("期限"), choices=list(_DUE.items()), find=_by_due, is_multiple=False),
        ChoiceFilter(
            "person", _("制单人"), choices=lambda _request: selectors.people_waiting(user), field="person_id"
        ),
    ]  # fmt: skip
    return replace(QUEUE, filters=filters)


@door(roles=TRADER)
def show_queue(request: HttpRequest) -> HttpResponseBase:
    """Show what waits for the firm."""
    user: Any = request.user
    act = MainAct(_("新建报关单"), reverse("new-goods-draft"))
    return queue_of(user).respond(request, selectors.list_waiting(user), main_act=act)
