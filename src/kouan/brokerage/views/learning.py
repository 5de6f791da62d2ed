"""Learning: clients and goods of declarations that the firm sent, taken into its libraries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kouan.accounts.access import NotYours, door
from kouan.brokerage.services.learning import MOST_LEARNED, Learned, learn
from kouan.brokerage.views import TRADER
from kouan.goods import selectors as goods
from kouan.screens.lists import BulkAct, Column, ListPage, TextFilter
from kouan.screens.pieces import Crumb, Emptiness

LEARN = ListPage(
    key="broker-learn",
    title=gettext_lazy("从报关单收录"),
    about=gettext_lazy("勾选本单位已发的报关单，把其中的客户和商品一键收入资料库；内容不变的不产生新版本"),
    columns=[
        Column("client_no", gettext_lazy("企业编号"), kind="code"),
        Column("trader", gettext_lazy("委托方"), "trader_name", note="trader_code"),
        Column("goods", gettext_lazy("商品"), "goods_summary"),
        Column("lines", gettext_lazy("项数"), "line_count", kind="count"),
        Column("received", gettext_lazy("收到时间"), "received_at", kind="when", sort="pk"),
    ],
    filters=[
        TextFilter("q", gettext_lazy("编号"), find=goods.with_number),
        TextFilter("trader", gettext_lazy("委托方"), fields=["trader_name"]),
    ],
    default_sort="-received",
    exact_to=1_000,
    bulk=[BulkAct("learn", gettext_lazy("收入资料库"), "learn-broker-library", icon="book")],
    bulk_limit=MOST_LEARNED,
    row_url=lambda row: reverse("goods-declaration", args=[row.pk]),
    empty=Emptiness(gettext_lazy("还没有已发的报关单")),
)


def _sent(user: Any) -> QuerySet:
    return goods.list_goods(user).filter(sender_id=user.organisation_id)


@door(roles=TRADER)
def list_to_learn(request: HttpRequest) -> HttpResponseBase:
    """Show the declarations from which clients and goods can be learned."""
    crumbs = [Crumb(_("商品资料"), reverse("broker-articles"))]
    return LEARN.respond(request, _sent(request.user), crumbs=crumbs)


@require_POST
@door(roles=TRADER)
def learn_from(request: HttpRequest) -> HttpResponse:
    """Learn from the chosen declarations."""
    user: Any = request.user
    chosen = LEARN.selection(request, _sent(user))
    done = learn(user=user, declaration_ids=[row.pk for row in chosen.rows], at=timezone.now())
    _say_what_was_learned(request, done)
    return redirect("broker-articles")


@require_POST
@door(roles=TRADER)
def learn_from_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Learn from the declaration on whose page the person is, and go back to it."""
    user: Any = request.user
    done = learn(user=user, declaration_ids=[pk], at=timezone.now())
    if not done.declarations:
        raise NotYours
    _say_what_was_learned(request, done)
    return redirect("goods-declaration", pk=pk)


def _say_what_was_learned(request: HttpRequest, done: Learned) -> None:
    messages.success(
        request,
        _("已从 %(declarations)s 份报关单收录客户 %(clients)s 个、商品 %(articles)s 项。")
        % {"declarations": done.declarations, "clients": done.clients, "articles": done.articles},
    )
