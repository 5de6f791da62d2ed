"""Arrivals: parcels that the operator of a supervision place took in, at the desk, by its system, or by a 711."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kouan.audit import services as audit
from kouan.audit.types import Actor
from kouan.clearance.models import Arrival
from kouan.kernel.identifiers import uuid7


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
) -> int:
    """Record that parcels arrived; a parcel that was recorded already stays as it is. Return how many are new."""
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
                bill_no=bill_no,
                place_code=place_code,
                operator_id=operator_id,
                arrived_at=arrived_at,
                location=location,
                source=source,
            )
            for number in numbers
            if number not in known
        ]
        Arrival.objects.bulk_create(new, ignore_conflicts=True)
        if new:
            audit.record_batch(
                act="record_arrivals",
                subject_kind="arrival",
                ids_digest=audit.digest_of_ids([one.pk for one in new]),
                count=len(new),
                at=at,
                actor=actor,
            )
    return len(new)
