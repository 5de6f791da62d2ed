"""What inbound details (711) and export arrivals (507) say has come into a supervision place, for the app that records
arrivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection as database
from psycopg import Cursor

from kouan.declarations.codes import Kind
from kouan.declarations.models import Case
from kouan.gateway.services.unwrapping import unwrap
from kouan.gateway.services.working import Claimed
from kouan.gateway.standards.ceb.codec import decode
from kouan.kernel.dates import parse_time

INBOUND = (Kind.INBOUND_DETAIL, Kind.ARRIVAL)


@dataclass(frozen=True, slots=True)
class InboundDetail:
    """The version of one inbound detail or arrival that counts: which parcels of which carrier the operator took in.

    One that was deleted names no parcels any more. place_code: empty where it does not say at which place.
    """

    kind: str
    document_id: UUID
    operator_id: UUID
    customs_code: str
    place_code: str
    carrier_code: str
    bill_no: str
    location: str
    arrived_at: datetime
    waybill_nos: tuple[str, ...]


_VERSIONS = """
select v.message_id, v.node_index, v.kind, d.id, coalesce(d.organisation_id, d.sender_id), d.is_deleted
from declarations_documentversion v join declarations_document d on d.id = v.document_id
where v.message_id = any(%b) and v.kind in ('711', '507') and v.number = d.current_number order by d.id
"""


def inbound_details(messages: Sequence[Claimed]) -> list[InboundDetail]:
    """Read the inbound details that stored messages brought and that count now."""
    by_id = {one.id: one for one in messages if one.kind in INBOUND or one.standard == "dxp"}
    if not by_id:
        return []
    cursor = Cursor(database.connection)
    cursor.execute(_VERSIONS, (list(by_id),))
    details = []
    for message_id, index, kind, document_id, operator_id, is_deleted in cursor.fetchall():
        node = next(node for node in decode(unwrap(by_id[message_id]).raw).nodes if node.index == index)
        waybill_nos = () if is_deleted else tuple(dict.fromkeys(line.waybill_no for line in node.lines))
        details.append(_detail(kind, document_id, operator_id, node.head, waybill_nos))
    return details


def _detail(kind: str, document_id: UUID, operator_id: UUID, head: Any, waybill_nos: tuple[str, ...]) -> InboundDetail:
    return InboundDetail(
        kind=kind,
        document_id=document_id,
        operator_id=operator_id,
        customs_code=head.customs_code,
        place_code=getattr(head, "place_code", None) or "",
        carrier_code=head.carrier_code,
        bill_no=head.bill_no or "",
        location=getattr(head, "unload_location", None) or "",
        arrived_at=parse_time(head.app_time),
        waybill_nos=waybill_nos,
    )


def places_of_parcels(*, carrier_code: str, waybill_nos: Sequence[str]) -> dict[str, str]:
    """Tell for which place parcels are declared, by their waybill; a parcel without a list or a place is not named."""
    found = Case.objects.filter(carrier_code=carrier_code, waybill_no__in=list(waybill_nos)).exclude(place_code="")
    return dict(found.order_by("pk").values_list("waybill_no", "place_code"))
