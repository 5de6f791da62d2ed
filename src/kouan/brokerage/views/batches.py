"""Batches: the dry run, the start, and what became of each draft."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kouan.accounts.access import door
from kouan.brokerage import selectors
from kouan.brokerage.codes import BatchAct
from kouan.brokerage.services.batching import MOST_AT_ONCE, begin_batch, take_up, try_batch
from kouan.brokerage.views import TRADER
from kouan.brokerage.views.queue import page_of, queue_of
from kouan.goods.forms import in_words
from kouan.records.problems import Problem
from kouan.screens.lists import ChoiceFilter, Column, ListPage
from kouan.screens.pieces import Crumb, Emptiness

BATCHES = ListPage(
    key="broker-batches",
    title=gettext_lazy("批量办理"),
    about=gettext_lazy("从待办队列勾选草稿批量提交复核或发送，每份的结果都留在这里"),
    columns=[
        Column("made", gettext_lazy("开始时间"), "made_at", kind="when", sort="made_at"),
        Column("act", gettext_lazy("办理事项"), "get_act_display"),
        Column("total", gettext_lazy("份数"), kind="count"),
        Column("done", gettext_lazy("完成"), kind="count"),
        Column("refused", gettext_lazy("未办理"), kind="count"),
        Column("waiting", gettext_lazy("等待"), kind="count"),
        Column("person", gettext_lazy("办理人"), "person"),
        Column("finished", gettext_lazy("完成时间"), "finished_at", kind="when"),
    ],
    filters=[ChoiceFilter("act", gettext_lazy("办理事项"), choices=BatchAct.choices)],
    default_sort="-made",
    row_url=lambda row: reverse("broker-batch", args=[row.pk]),
    empty=Emptiness(gettext_lazy("还没有批量办理"), gettext_lazy("在待办队列中勾选草稿，先试算，再一次办理")),
)


@door(roles=TRADER)
def list_batches(request: HttpRequest) -> HttpResponseBase:
    """Show the batches of the firm."""
    return BATCHES.respond(request, selectors.list_batches(request.user))  # type: ignore[arg-type]


@require_POST
@door(roles=TRADER)
def submit_many(request: HttpRequest) -> HttpResponse:
    """Try, or begin, handing the chosen drafts over to be checked."""
    return _new(request, BatchAct.SUBMIT)


@require_POST
@door(roles=TRADER)
def send_many(request: HttpRequest) -> HttpResponse:
    """Try, or begin, sending the chosen drafts."""
    return _new(request, BatchAct.SEND)


def _new(request: HttpRequest, act: BatchAct) -> HttpResponse:
    user: Any = request.user
    chosen = queue_of(user).selection(request, selectors.list_waiting(user))
    drafts = selectors.waiting_drafts(chosen.rows)
    at = timezone.now()
    if request.POST.get("do") == "begin" and drafts:
        return redirect("broker-batch", pk=begin_batch(user=user, act=act, rows=drafts, at=at).pk)
    tried = try_batch(user=user, act=act, rows=drafts[:MOST_AT_ONCE], at=at)
    fit = [one.row for one in tried if one.problem is None]
    context = {
        "act": act,
        "tried": [
            (one.row, in_words(one.problem) if one.problem else None, page_of(one.row))
            for one in sorted(tried, key=lambda one: one.problem is None)
        ],
        "fit": fit,
        "unfit_count": len(tried) - len(fit),
        "left_out": chosen.asked_count - len(drafts),
        "crumbs": [Crumb(_("待办队列"), reverse("broker-queue"))],
        "at": at,
    }
    return render(request, "brokerage/try.html", context)


@door(roles=TRADER)
def show_batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far a batch is, and what became of each draft; a stopped one goes on from here."""
    user: Any = request.user
    if request.method == "POST":
        take_up(user=user, batch_id=pk, at=timezone.now())
        messages.success(request, _("已继续办理。"))
        return redirect("broker-batch", pk=pk)
    batch = selectors.get_batch(user=user, pk=pk)
    context = {
        "batch": batch,
        "rows": [
            (row, in_words(Problem(**row.problem)) if row.problem else None, page_of_draft(row))
            for row in selectors.rows_of_batch(batch)
        ],
        "share": round(100 * (batch.total - batch.waiting) / batch.total) if batch.total else 100,
        "crumbs": [Crumb(_("批量办理"), reverse("broker-batches"))],
        "at": timezone.now(),
    }
    return render(request, "brokerage/batch.html", context)


def page_of_draft(row: Any) -> str:
    """Where a draft of a batch is found."""
    return reverse("goods-draft" if row.document == "goods_draft" else "draft", args=[row.draft_id])
