"""The machine's door for the systems of supervision places: arrivals, the gate, leaving."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from kouan.accounts.access import NotYours, machine_door
from kouan.audit.types import SystemActor
from kouan.clearance import selectors
from kouan.clearance.services.arrivals import record_arrivals
from kouan.clearance.services.gate import ask_gate, record_leaving
from kouan.gateway.api import channel_of
from kouan.gateway.codes import Side
from kouan.transport import selectors as transport

router = Router(tags=["监管场所 Supervision places"])


class ArrivalsIn(Schema):
    """Parcels of one bill that were taken in."""

    place_code: str
    carrier_code: str
    waybill_nos: list[str]
    bill_no: str = ""
    container_no: str = ""
    location: str = ""
    arrived_at: datetime | None = None


class ArrivalsOut(Schema):
    """How many of them were not recorded before."""

    recorded: int


class GateIn(Schema):
    """A list, waybill, bill, container or internal number at a gate."""

    number: str


class GateCaseOut(Schema):
    """One case that the answer rests on."""

    case_id: UUID
    internal_no: str
    list_no: str
    waybill_no: str
    official_status: str
    reason: str


class GateOut(Schema):
    """May it leave: yes or no, why, and as of when."""

    check_id: UUID
    may_leave: bool
    reason: str
    as_of: str
    cases: list[GateCaseOut]
    undeclared_waybills: list[str]


class LeavingIn(Schema):
    """Goods that left on a positive answer."""

    check_id: UUID
    gate: str = ""
    vehicle_no: str = ""


class LeavingOut(Schema):
    """When they left."""

    check_id: UUID
    left_at: str


def site_of(request: HttpRequest) -> Any:
    """Find the channel of a supervision place's own system; other channels do not open these doors."""
    channel = channel_of(request)
    return channel if channel is not None and channel.side == Side.SITE else None


def _actor(channel: Any) -> SystemActor:
    return SystemActor(f"接口 {channel.name}", organisation_id=channel.organisation_id)


@router.post("/site/arrivals", response=ArrivalsOut, summary="登记到货 Record arrivals")
@machine_door(site_of)
def post_arrivals(request: HttpRequest, body: ArrivalsIn) -> dict[str, int]:
    """Record parcels that arrived in one of the operator's own places."""
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


@router.post("/site/gate", response=GateOut, summary="卡口核放 May this leave?")
@machine_door(site_of)
def post_gate(request: HttpRequest, body: GateIn) -> dict[str, Any]:
    """Answer whether goods may leave: yes only on an official release that was received."""
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
                "official_status": case.official_status,
                "reason": str(reason),
            }
            for case, reason in answer.cases
        ],
        "undeclared_waybills": list(answer.undeclared),
    }


@router.post("/site/leavings", response=LeavingOut, summary="登记离场 Record leaving")
@machine_door(site_of)
def post_leavings(request: HttpRequest, body: LeavingIn) -> dict[str, Any]:
    """Record that the goods of a positive answer left through the gate."""
    channel = request.principal  # type: ignore[attr-defined]
    check = selectors.find_gate_check(check_id=body.check_id, operator_id=channel.organisation_id)
    if check is None:
        raise NotYours("/check_id")
    left = record_leaving(
        actor=_actor(channel), check=check, gate=body.gate, vehicle_no=body.vehicle_no, at=timezone.now()
    )
    return {"check_id": left.pk, "left_at": left.left_at.isoformat()}
