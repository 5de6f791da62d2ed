"""Demonstration data of the broker's desk: drafts in every state of making and checking, libraries, and a batch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from kouan.accounts import selectors as accounts
from kouan.accounts.demo_clients import seed_clients
from kouan.audit.types import SystemActor
from kouan.brokerage import selectors
from kouan.brokerage.codes import BatchAct
from kouan.brokerage.services.batching import begin_batch, run_batch
from kouan.brokerage.services.keeping import keep_articles, keep_clients
from kouan.brokerage.services.learning import learn
from kouan.checking.codes import CheckedKind
from kouan.checking.services.ruling import set_rule
from kouan.declarations.services import drafting as parcels
from kouan.gateway.codes import Carrier, Step
from kouan.gateway.services.connections import open_connection
from kouan.gateway.services.receiving import receive
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.dec.codec import encode
from kouan.gateway.standards.dec.generate import make_declaration
from kouan.goods import selectors as goods
from kouan.goods.composing import compose, values_of
from kouan.goods.services import checking, drafting
from kouan.goods.services.holding import refuse_held
from kouan.goods.services.storing import store_goods

ACTOR = SystemActor("演示数据")
_MAKING, _TO_CHECK, _BOUNCED, _CHECKED = 4, 5, 2, 3
_ARTICLES = (
    ("CG-1001", "8541430000", "光伏组件"),
    ("CG-1002", "9001909090", "光学透镜"),
    ("HS-2001", "8708299000", "车身冲压件"),
    ("HS-2002", "8409919990", "发动机活塞"),
    ("JX-3001", "3002120090", "人血白蛋白试剂"),
    ("GG-4001", "9027500090", "光谱仪"),
)


def seed_desk(*, at: datetime, say: Callable[[str], None] = print) -> int:
    """Fill the desk of the demonstration's broker; return how many things wait. Run twice, it adds nothing."""
    maker = accounts.get_demo_person("broker")
    clients = seed_clients(at=at)
    checker = accounts.get_demo_person("broker2")
    if not selectors.list_clients(maker).exists():
        others = [checker.pk, accounts.get_demo_person("broker3").pk, maker.pk]
        set_rule(
            actor=ACTOR, organisation_id=maker.organisation_id, kinds=CheckedKind.values, checker_ids=others,
            holds_machine=True, at=at,
        )  # fmt: skip
        _keep_libraries(maker, clients, at)
        _draft(maker, checker, clients, at)
        _draft_parcels(maker, clients, at)
        _send_by_system(maker, checker, clients, at)
        say("演示报关行工作台就绪")
    return selectors.count_waiting(maker)


def _keep_libraries(maker: Any, clients: list[Any], at: datetime) -> None:
    """Enter the clients and some goods, and learn more from what the firm declared."""
    keep_clients(
        user=maker, at=at,
        sets=[{"code": one.customs_code, "uscc": one.uscc, "name": one.name_zh, "trade_mode": "0110",
               "customs_code": "4700"} for one in clients],
    )  # fmt: skip
    keep_articles(
        user=maker, at=at,
        sets=[{"article_no": number, "hs_code": hs_code, "name": f"{name}（演示）", "unit": "001", "legal_unit": "001",
               "currency": "USD", "origin_country": "DEU", "price": "100", "duty_mode": "1",
               "specification": "0|0|演示用途|演示型号", "client_code": clients[place // 2].customs_code}
              for place, (number, hs_code, name) in enumerate(_ARTICLES)],
    )  # fmt: skip
    sent = goods.list_goods(maker).filter(sender_id=maker.organisation_id).order_by("-pk")[:10]
    learn(user=maker, declaration_ids=[row.pk for row in sent], at=at)


def _draft(maker: Any, checker: Any, clients: list[Any], at: datetime) -> None:
    """Write drafts for the clients whose delegation holds, and leave them in every state."""
    count = _MAKING + _TO_CHECK + _BOUNCED + _CHECKED
    sets = [_values(place, clients[place % 8], at) for place in range(count)]
    made = []
    for place, values in enumerate(sets):
        moment = at - timedelta(hours=3 * (count - place))
        draft = drafting.begin_draft(user=maker, at=moment)
        made.append(drafting.save_draft(user=maker, draft_id=draft.pk, values=values, at=moment))
    ready = [one.pk for one in made[_MAKING:]]
    rows = selectors.waiting_drafts(selectors.list_waiting(maker).filter(pk__in=ready).order_by("pk"))
    batch = begin_batch(user=maker, act=BatchAct.SUBMIT, rows=rows, at=at)
    run_batch(batch_id=batch.pk, at=at)
    for place, draft in enumerate(made[_MAKING + _TO_CHECK :]):
        draft.refresh_from_db()
        if draft.check_state != "to_check":
            continue
        if place < _BOUNCED:
            checking.bounce_draft(
                user=checker, draft_id=draft.pk, revision=draft.revision, at=at, pointer="goods-0-hs_code",
                reason="第 1 项商品编号与申报要素不符，请核对归类（演示）",
            )  # fmt: skip
        else:
            checking.pass_draft(user=checker, draft_id=draft.pk, revision=draft.revision, at=at)


def _values(place: int, client: Any, at: datetime) -> dict[str, Any]:
    values = {**values_of(make_declaration(900 + place, day=timezone.localdate(at), lines=2 + place % 4)),
              "procedure": "ordinary"}  # fmt: skip
    for name in ("agent_code", "agent_uscc", "agent_name"):
        values.pop(name)
    return values | {
        "client_no": drafting.new_client_no(at), "trader_code": client.customs_code, "trader_uscc": client.uscc,
        "trader_name": client.name_zh, "owner_code": client.customs_code, "owner_uscc": client.uscc,
        "owner_name": client.name_zh,
    }  # fmt: skip


def _send_by_system(maker: Any, checker: Any, clients: list[Any], at: datetime) -> None:
    """Let the firm's own system send declarations: two wait for the checker, one was refused."""
    firm = maker.organisation
    channel = open_connection(
        actor=ACTOR, organisation_id=firm.pk, name=f"{firm.name_zh} 业务系统", carrier=Carrier.HTTP, at=at, is_demo=True
    )
    sent = []
    for place in range(3):
        made = compose(_values(40 + place, clients[place], at), sender=drafting.sender_of(maker))
        sent += receive(channel=channel, body=encode(made), at=at - timedelta(hours=place + 2))
    while run_step(step=Step.STORE_GOODS, handle=store_goods, at=at):
        pass
    refuse_held(
        user=checker, message_id=sent[0].message_id, revision=0, at=at, pointer="goods-0-hs_code",
        reason="第 1 项商品编号与申报要素不符（演示）",
    )  # fmt: skip


def _draft_parcels(maker: Any, clients: list[Any], at: datetime) -> None:
    for place in range(3):
        values = {
            "order_no": f"演示{place + 1:04d}", "internal_no": f"QT{place + 1:06d}", "goods": [],
            "merchant_code": clients[place].customs_code, "merchant_name": clients[place].name_zh,
        }  # fmt: skip
        parcels.save_draft(user=maker, draft_id=None, values=values, at=at - timedelta(hours=place + 1))
