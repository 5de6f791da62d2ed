"""Arrivals: parcels that the operator of a supervision place took in, at the desk, by its system, or by a 711."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kouan.accounts.access import NotAllowed
from kouan.audit import services as audit
from kouan.audit.types import Actor, SystemActor
from kouan.clearance.models import Arrival
from kouan.declarations.inbound import InboundDetail, inbound_details, places_of_parcels
from kouan.gateway.services.working import Claimed
from kouan.kernel.identifiers import uuid7
from kouan.kernel.numbers import is_container_number
from kouan.transport import selectors as transport
from kouan.transport.types import Place

_ACTOR = SystemActor("入库明细")


def record_arrivals(
    *,
    actor: Actor,
    operator_id: UUID,
    place_code: str,
    carrier_code: str,
    waybill_nos: Sequence[str],
    bill_no: str,
    location: str,
    source: str,
    arrived_at: datetime,
    at: datetime,
    container_no: str = "",
    document_id: UUID | None = None,
) -> int:
    """Record that parcels arrived; a parcel that was recorded already stays as it is. Return how many are new.

    document_id: the inbound detail that says so. Raises NotAllowed for a container number that is none.
    """
    container_no = _as_container(container_no)
    numbers = list(dict.fromkeys(number.strip() for number in waybill_nos if number.strip()))
    with transaction.atomic():
        known = set(
            Arrival.objects.filter(
                waybill_no__in=numbers, carrier_code=carrier_code, place_code=place_code
            ).values_list("waybill_no", flat=True)
        )
        new = [
            Arrival(
                id=uuid7(),
                waybill_no=number,
                carrier_code=carrier_code,
                bill_no=bill_no.strip(),
                container_no=container_no,
                place_code=place_code,
                operator_id=operator_id,
                arrived_at=arrived_at,
                location=location,
                source=source,
                document_id=document_id,
            )
            for number in numbers
            if number not in known
        ]
        Arrival.objects.bulk_create(new, ignore_conflicts=True)
        _tell_audit("record_arrivals", new, actor, at)
    return len(new)


def follow_inbound_details(messages: Sequence[Claimed], *, at: datetime) -> None:
    """Record what inbound details and arrivals among stored messages say, in the caller's transaction, once.

    The arrivals of a detail follow its version that counts: what a change or a deletion no longer names is taken back,
    unless somebody else recorded it too.
    """
    details = inbound_details(messages)
    if not details:
        return
    places = transport.load_places(timezone.localdate(at))
    for detail in details:
        _take_back(detail, at)
        for place_code, waybill_nos in _by_place(detail, places).items():
            record_arrivals(
                actor=_ACTOR,
                operator_id=detail.operator_id,
                place_code=place_code,
                carrier_code=detail.carrier_code,
                waybill_nos=waybill_nos,
                bill_no=detail.bill_no,
                location=detail.location,
                source=detail.kind,
                arrived_at=min(detail.arrived_at, at),
                at=at,
                document_id=detail.document_id,
            )


def _take_back(detail: InboundDetail, at: datetime) -> None:
    mine = Arrival.objects.filter(document_id=detail.document_id).exclude(
        waybill_no__in=detail.waybill_nos, carrier_code=detail.carrier_code
    )
    gone = list(mine)
    if gone:
        mine.delete()
        _tell_audit("take_back_arrivals", gone, _ACTOR, at)
    Arrival.objects.filter(document_id=detail.document_id).update(location=detail.location, bill_no=detail.bill_no)


def _by_place(detail: InboundDetail, places: Mapping[str, Place]) -> dict[str, list[str]]:
    """Say at which place each parcel came in: the message names only its operator.

    It is the place that the message names, if it is the operator's, else the one for which the parcel is declared, else
    the operator's only place under that customs office; where it has several and nothing tells, the place stays open.
    """
    own = [place for place in places.values() if place.operator_id == detail.operator_id]
    near = [place.code for place in own if place.customs_code == detail.customs_code] or [place.code for place in own]
    declared = places_of_parcels(carrier_code=detail.carrier_code, waybill_nos=detail.waybill_nos)
    otherwise = near[0] if len(near) == 1 else ""
    if detail.place_code in {place.code for place in own}:
        return {detail.place_code: list(detail.waybill_nos)} if detail.waybill_nos else {}
    found: dict[str, list[str]] = {}
    for number in detail.waybill_nos:
        place_code = declared.get(number, "")
        found.setdefault(place_code if place_code in near else otherwise, []).append(number)
    return found


def _tell_audit(act: str, arrivals: Sequence[Arrival], actor: Actor, at: datetime) -> None:
    if arrivals:
        audit.record_batch(
            act=act,
            subject_kind="arrival",
            ids_digest=audit.digest_of_ids([one.pk for one in arrivals]),
            count=len(arrivals),
            at=at,
            actor=actor,
        )


def _as_container(number: str) -> str:
    """Give a container number in one piece, empty where none is given."""
    together = re.sub(r"[\s-]", "", number).upper()
    if together and not is_container_number(together):
        raise NotAllowed(
            f"箱号 {number} 不正确（ISO 6346 校验位不符）。", f"{number} is no container number (ISO 6346).",
            "请核对箱号。", "Check the number.", code="-940021", pointer="container_no",
        )  # fmt: skip
    return together
