"""The clients of the demonstration's broker, in every standing of a delegation; all invented, all marked 演示."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from kouan.accounts import services
from kouan.accounts.codes import GOODS_DOCUMENTS, OrganisationKind, Role
from kouan.accounts.demo import DEMO_PASSWORD, SINCE, make_demo_uscc
from kouan.accounts.models import Delegation, DelegationRequest, Organisation, User
from kouan.audit.types import SystemActor

BROKER = "420196YS21"
_ACTOR = SystemActor("演示数据")
_FIRST_NUMBER = 800


@dataclass(frozen=True)
class _Client:
    name: str
    english: str
    begins: int | None
    ends: int | None = None
    scope: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()


_CLIENTS = (
    _Client("楚江光电科技（演示）", "Chujiang Photonics (demo)", -400),
    _Client("汉水汽车零部件（演示）", "Hanshui Auto Parts (demo)", -380),
    _Client("江夏生物医药（演示）", "Jiangxia Biopharma (demo)", -350),
    _Client("光谷精密仪器（演示）", "Optics Valley Instruments (demo)", -320, scope=(GOODS_DOCUMENTS,)),
    _Client("青山钢铁贸易（演示）", "Qingshan Steel Trading (demo)", -300, 9),
    _Client("黄陂茶业进出口（演示）", "Huangpi Tea (demo)", -280, 4),
    _Client("沌口整车进口（演示）", "Zhuankou Car Import (demo)", -260, acts=("declare", "tax")),
    _Client("阳逻粮油集散（演示）", "Yangluo Grain and Oil (demo)", -240, 200),
    _Client("东西湖冷链食品（演示）", "Dongxihu Cold Chain (demo)", -220, -1),
    _Client("武昌船舶设备（演示）", "Wuchang Marine Equipment (demo)", 5),
    _Client("知音文化用品（演示）", "Zhiyin Stationery (demo)", None),
    _Client("琴断口日化进出口（演示）", "Qinduankou Cosmetics (demo)", None),
)
"""Name, and from which day to which the delegation holds, counted from today; None: the broker has only asked."""
_PEOPLE = (
    ("broker2", "沈悦", [Role.TRADER_CLERK]),
    ("broker3", "高翔", [Role.TRADER_CLERK]),
    ("brokermgr", "韩立群", [Role.FIRM_MANAGER]),
)


def seed_clients(*, at: dt.datetime) -> list[Organisation]:
    """Enter the broker's colleagues and clients; return the clients in their order. Run twice, it adds nothing."""
    broker = Organisation.objects.get(customs_code=BROKER)
    fresh = [
        services.add_user(
            actor=_ACTOR, at=at, organisation_id=broker.pk, username=username, name=name, unit_id=None, roles=roles,
            is_demo=True,
        ).pk
        for username, name, roles in _PEOPLE
        if not User.objects.filter(username=username).exists()
    ]  # fmt: skip
    clients = [_enter(place, wanted, at, fresh) for place, wanted in enumerate(_CLIENTS)]
    User.objects.filter(pk__in=fresh).update(password=make_password(DEMO_PASSWORD))
    for place, (client, wanted) in enumerate(zip(clients, _CLIENTS, strict=True)):
        _delegate(client, broker, wanted, place, at)
    return clients


def _enter(place: int, wanted: _Client, at: dt.datetime, fresh: list[object]) -> Organisation:
    found = Organisation.objects.filter(name_zh=wanted.name, is_demo=True).first()
    if found:
        return found
    made = services.create_organisation(
        actor=_ACTOR, at=at, name_zh=wanted.name, name_en=wanted.english, kinds=[OrganisationKind.ECOMMERCE],
        agency_code="", uscc=make_demo_uscc(_FIRST_NUMBER + place), customs_code=f"42019681{place:02d}", dxp_id="",
        since=SINCE, is_demo=True,
    )  # fmt: skip
    if place < 2:
        fresh.append(
            services.add_user(
                actor=_ACTOR, at=at, organisation_id=made.pk, username=f"client{place + 1}",
                name=("贺琳", "涂志强")[place], unit_id=None, roles=[Role.TRADER_CLERK], is_demo=True,
            ).pk
        )  # fmt: skip
    return made


def _delegate(client: Organisation, broker: Organisation, wanted: _Client, place: int, at: dt.datetime) -> None:
    number = f"WT2026{place + 1:04d}（演示）"
    if wanted.begins is None:
        if not DelegationRequest.objects.filter(client=client, agent=broker).exists():
            person = User.objects.get(username="broker")
            services.ask_for_delegation(actor=person, at=at - dt.timedelta(days=2), client_id=client.pk,
                                        agreement_no=number)  # fmt: skip
    elif not Delegation.objects.filter(client=client, agent=broker).exists():
        begins = at + dt.timedelta(days=wanted.begins)
        ends = at + dt.timedelta(days=wanted.ends) if wanted.ends is not None else None
        services.delegate(
            actor=_ACTOR, at=min(at, begins), client_id=client.pk, agent_id=broker.pk, agreement_no=number,
            scope=wanted.scope, acts=wanted.acts, since=begins, until=ends,
        )  # fmt: skip
