"""What happens on the ground in the demonstration: parcels arrive in loads after they were declared, and leave after
their release."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from stdnum import iso6346

from kouan.audit.types import SystemActor
from kouan.clearance.services.arrivals import record_arrivals
from kouan.clearance.services.gate import ask_gate, record_leaving
from kouan.declarations import selectors as declarations
from kouan.transport import selectors as transport
from kouan.transport.types import Place

ACTOR = SystemActor("演示数据")
LOAD = timedelta(hours=6)
UNDECLARED = "YSW000000000UNDECL"
"""A parcel that came in the newest container of each place and that nobody declared."""


def arrive_and_leave(*, at: datetime, draw: random.Random) -> None:
    """Record arrivals for most parcels, and let most of the released ones leave through their gate."""
    for number, place in enumerate(transport.load_places(at.date()).values()):
        if place.operator_id is None:
            continue
        cases = declarations.cases_at_place(place.code)
        arrived = _arrive(place, place.operator_id, cases, number, at, draw)
        _leave(place.operator_id, place.gates, cases, arrived, at, draw)


def _arrive(
    place: Place, operator_id: UUID, cases: Sequence[Any], place_number: int, at: datetime, draw: random.Random
) -> dict[UUID, datetime]:
    """Let the parcels of one carrier that were declared within a few hours come together, an hour or more after the
    last of them; give when each came."""
    loads: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for case in cases:
        if draw.random() < 0.88:
            loads[case.carrier_code, int(case.received_at.timestamp() // LOAD.total_seconds())].append(case)
    arrived: dict[UUID, datetime] = {}
    ordered = sorted(loads.items(), key=lambda each: each[1][-1].received_at)
    for load_number, ((carrier_code, _), load) in enumerate(ordered):
        came = max(case.received_at for case in load) + timedelta(minutes=draw.randint(60, 300))
        if came > at:
            continue
        arrived |= dict.fromkeys((case.pk for case in load), came)
        by_sea = "air" not in place.kind and draw.random() < 0.5
        container = _container_number(place_number * 10_000 + load_number) if by_sea else ""
        is_last = load_number == len(ordered) - 1 or at - came < LOAD
        record_arrivals(
            actor=ACTOR,
            operator_id=operator_id,
            place_code=place.code,
            carrier_code=carrier_code,
            waybill_nos=[*(case.waybill_no for case in load), *([UNDECLARED] if container and is_last else [])],
            bill_no="",
            container_no=container,
            location=f"演示库位 {draw.randint(1, 30):02d}",
            source="demo",
            arrived_at=came,
            at=came,
        )
    return arrived


def _container_number(serial: int) -> str:
    body = f"YSDU{serial:06d}"
    return body + iso6346.calc_check_digit(body)


def _leave(
    operator_id: UUID,
    gates: Sequence[str],
    cases: Sequence[Any],
    arrived: Mapping[UUID, datetime],
    at: datetime,
    draw: random.Random,
) -> None:
    for case in cases:
        if not case.released_at or case.pk not in arrived or draw.random() > 0.85:
            continue
        moment = max(case.released_at, arrived[case.pk]) + timedelta(minutes=draw.randint(20, 600))
        if moment > at:
            continue
        answer = ask_gate(actor=ACTOR, operator_id=operator_id, number=case.waybill_no, at=moment)
        if answer.may_leave:
            record_leaving(
                actor=ACTOR,
                check=answer.check,
                gate=draw.choice(list(gates) or ["卡口"]),
                vehicle_no=f"鄂A·演{draw.randint(100, 999)}",
                at=moment,
            )
