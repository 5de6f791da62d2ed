"""The machine's door for the systems of supervision places: arrivals, the gate, leaving."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from kouan.accounts.access import NotYours, machine_door
from kouan.audit.types import SystemActor
from kouan.clearance import selectors
from kouan.clearance.services.arrivals import record_arrivals
from kouan.clearance.services.gate import ask_gate, record_leaving
from kouan.gateway.admitting import TokenFor
from kouan.gateway.api import Moment
from kouan.gateway.codes import Scope, Side
from kouan.transport import selectors as transport

router = Router(tags=["监管场所 Supervision places"])


class ArrivalsIn(Schema):
    """同一提运单项下已入场的包裹 / parcels of one bill that were taken in"""

    place_code: str = Field(description="本企业经营的监管场所 / a supervision place of this operator")
    carrier_code: str = Field(description="物流企业代码 / code of the carrier")
    waybill_nos: list[str] = Field(description="运单编号，一次至多 5000 个 / waybills, at most 5000 at once")
    bill_no: str = Field("", description="提运单号 / bill of lading or air waybill")
    container_no: str = Field("", description="箱号（ISO 6346） / container number")
    location: str = Field("", description="库位 / where it stands")
    arrived_at: datetime | None = Field(None, description="到达时间，缺省为现在 / when it came, now by default")


class ArrivalsOut(Schema):
    """其中此前未登记的件数 / how many of them were not recorded before"""

    recorded: int


class GateIn(Schema):
    """卡口上的一个编号 / a number at a gate"""

    number: str = Field(
        description="清单、运单、提运单、箱号、报关单或企业内部编号 / "
        "list, waybill, bill, container, entry or internal number"
    )


class GateCaseOut(Schema):
    """答复所依据的一票申报 / one case that the answer rests on"""

    case_id: UUID
    internal_no: str
    list_no: str
    waybill_no: str
    direction: str = Field(description="I 进口，E 出口 / I in, E out")
    official_status: str
    reason: str


class GateGoodsOut(Schema):
    """答复所依据的一份报关单 / one goods declaration that the answer rests on"""

    declaration_id: UUID
    client_no: str
    entry_no: str = Field(description="海关编号 / number that customs gave")
    bill_no: str
    container_nos: list[str]
    direction: str = Field(description="I 进口，E 出口 / I in, E out")
    official_channel: str = Field(description="最近的官方回执状态 / the latest official channel")
    reason: str


class GateOut(Schema):
    """能否离场、为什么、截至何时 / may it leave, why, and as of when"""

    check_id: UUID = Field(description="登记离场时回传 / to be given when the goods leave")
    may_leave: bool
    reason: str = Field(
        description="released 已放行，not_released 未放行，never_answered 官方未答复，left_already 已离场，"
        "departed 已离境，withdrawn 已撤回，undeclared 有到货未见申报，too_many 票数过多，unknown 本场所没有 / why"
    )
    as_of: Moment
    cases: list[GateCaseOut]
    goods: list[GateGoodsOut]
    undeclared_waybills: list[str]


class LeavingIn(Schema):
    """凭肯定答复离场的货物 / goods that left on a positive answer"""

    check_id: UUID
    gate: str = ""
    vehicle_no: str = ""


class LeavingOut(Schema):
    """离场时间 / when they left"""

    check_id: UUID
    left_at: Moment


AT_SITE = TokenFor(Scope.SITE, side=Side.SITE)
"""Lets in the channel of a supervision place's own system; other channels do not open these doors."""


def _actor(channel: Any) -> SystemActor:
    return SystemActor(f"接口 {channel.name}", organisation_id=channel.organisation_id)


@router.post(
    "/site/arrivals",
    response=ArrivalsOut,
    summary="登记到货 Record arrivals",
    operation_id="recordArrivals",
    openapi_extra={"x-errors": [403, 404]},
)
@machine_door(AT_SITE)
def post_arrivals(request: HttpRequest, body: ArrivalsIn) -> dict[str, int]:
    """登记到达本企业监管场所的包裹。**幂等**：已登记的不再计入。场所不属于本企业答 404，箱号不合规答 403。

    Record parcels that arrived in one of the operator's own places. **Idempotent**: what is recorded already counts no
    more. Another's place is answered with 404, a container number that is none with 403.
    """
    channel = request.principal  # type: ignore[attr-defined]
    at = timezone.now()
    if body.place_code not in {place.code for place in transport.places_of(channel.organisation_id)}:
        raise NotYours("/place_code")
    recorded = record_arrivals(
        actor=_actor(channel),
        operator_id=channel.organisation_id,
        place_code=body.place_code,
        carrier_code=body.carrier_code,
        waybill_nos=body.waybill_nos[:5000],
        bill_no=body.bill_no,
        container_no=body.container_no,
        location=body.location,
        source="api",
        arrived_at=body.arrived_at or at,
        at=at,
    )
    return {"recorded": recorded}


@router.post("/site/gate", response=GateOut, summary="卡口核放 May this leave?", operation_id="askGate")
@machine_door(AT_SITE)
def post_gate(request: HttpRequest, body: GateIn) -> dict[str, Any]:
    """能否离场：只有收到对现版本的官方放行回执才答“能”；同一编号下的清单和报关单须全部放行。每次查询和答复都留存。

    Whether goods may leave: yes only on official releases of the current versions that were received, of every parcel
    and every goods declaration that the number stands for. Every question is kept with its answer.
    """
    channel = request.principal  # type: ignore[attr-defined]
    answer = ask_gate(actor=_actor(channel), operator_id=channel.organisation_id, number=body.number, at=timezone.now())
    return {
        "check_id": answer.check.pk,
        "may_leave": answer.may_leave,
        "reason": answer.check.reason,
        "as_of": answer.check.asked_at.isoformat(),
        "cases": [
            {
                "case_id": case.pk,
                "internal_no": case.internal_no,
                "list_no": case.list_no,
                "waybill_no": case.waybill_no,
                "direction": case.direction,
                "official_status": case.official_status,
                "reason": str(reason),
            }
            for case, reason in answer.cases
        ],
        "goods": [
            {
                "declaration_id": row.pk,
                "client_no": row.client_no,
                "entry_no": row.entry_no,
                "bill_no": row.bill_no,
                "container_nos": row.container_nos,
                "direction": row.direction,
                "official_channel": row.official_channel,
                "reason": str(reason),
            }
            for row, reason in answer.goods
        ],
        "undeclared_waybills": list(answer.undeclared),
    }


@router.post(
    "/site/leavings",
    response=LeavingOut,
    summary="登记离场 Record leaving",
    operation_id="recordLeaving",
    openapi_extra={"x-errors": [403, 404]},
)
@machine_door(AT_SITE)
def post_leavings(request: HttpRequest, body: LeavingIn) -> dict[str, Any]:
    """登记凭肯定答复离场；否定答复、或已登记过的，答 403。

    Record that the goods of a positive answer left through the gate; on a negative one, or when it was recorded
    already, the answer is 403.
    """
    channel = request.principal  # type: ignore[attr-defined]
    check = selectors.find_gate_check(check_id=body.check_id, operator_id=channel.organisation_id)
    if check is None:
        raise NotYours("/check_id")
    left = record_leaving(
        actor=_actor(channel), check=check, gate=body.gate, vehicle_no=body.vehicle_no, at=timezone.now()
    )
    return {"check_id": left.pk, "left_at": left.left_at.isoformat()}
