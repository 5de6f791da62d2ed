"""The machine's door to goods declarations: where one stands, and what customs last said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.params.functions import Query
from pydantic import Field

from kouan.accounts.access import machine_door
from kouan.gateway.admitting import TokenFor
from kouan.gateway.api import Moment
from kouan.gateway.codes import Scope
from kouan.goods.facts import find_goods_by_number

router = Router(tags=["报关单 Goods declarations"])

MOST_FOUND = 200


class GoodsOut(Schema):
    """一份报关单办到哪里 / where one goods declaration stands"""

    declaration_id: UUID
    client_no: str = Field(description="企业编号 / the firm's own number")
    seq_no: str = Field(description="统一编号，数据中心生成，此前为空 / number of the data centre, empty before")
    entry_no: str = Field(description="海关编号，此前为空 / number that customs gave, empty before")
    direction: str = Field(description="I 进口，E 出口 / I in, E out")
    version: int = Field(description="现版本 / the version that counts")
    step: str = Field(description="两步申报：outline 概要，complete 完整；其他为空 / step of a two-step declaration")
    state: str = Field(
        description="状态，见文档“状态” / where it stands; new words may come, treat unknown ones as text"
    )
    waits_for: str = Field(description="等待谁 / whose turn it is")
    state_since: Moment
    official_channel: str = Field(
        description="最近的官方回执状态（channel），空为尚无 / the latest official channel, empty for none"
    )
    official_at: Moment | None
    tax: str = Field(description="税款：due 待缴，paid 已缴等，空为无 / where the tax stands, empty for none")
    due_date: str | None = Field(description="须办理的期限（日期）/ the day by which to act")
    due_for: str = Field(description="期限事项：declare、complete、arrive、pay / what is due by then")
    declared_at: Moment | None = Field(description="海关接受申报 / when customs accepted it")
    released_at: Moment | None
    left_at: Moment | None = Field(description="离开监管场所 / when it left its place")


@router.get("/goods", response=list[GoodsOut], summary="查询报关单 Where goods declarations stand",
            operation_id="findGoods")  # fmt: skip
@machine_door(TokenFor(Scope.LOOK))
def get_goods(
    request: HttpRequest,
    number: str = Query(
        description="企业编号、统一编号、海关编号、提运单号或箱号 / client, unified, customs, bill or container number"
    ),
) -> list[dict[str, Any]]:
    """按编号查本企业作为当事人的报关单，至多 200 份，没有则为空列表。不分页：编号足以确定。

    Find the goods declarations to which this channel's firm is a party by a number; at most 200, an empty list where
    there is none. Not paged.
    """
    channel = request.principal  # type: ignore[attr-defined]
    return [
        {
            "declaration_id": row.pk,
            "client_no": row.client_no,
            "seq_no": row.seq_no,
            "entry_no": row.entry_no,
            "direction": row.direction,
            "version": row.version,
            "step": row.step,
            "state": row.state,
            "waits_for": row.waits_for,
            "state_since": row.state_since.isoformat(),
            "official_channel": row.official_channel,
            "official_at": _moment(row.official_at),
            "tax": row.tax,
            "due_date": row.due_date.isoformat() if row.due_date else None,
            "due_for": row.due_for,
            "declared_at": _moment(row.declared_at),
            "released_at": _moment(row.released_at),
            "left_at": _moment(row.left_at),
        }
        for row in find_goods_by_number(number=number, party_id=channel.organisation_id, most=MOST_FOUND)
    ]


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
