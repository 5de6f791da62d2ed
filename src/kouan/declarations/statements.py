"""What the versions of a declaration say, read from their originals, so that they can be compared.

Where the key of an original is destroyed, what was kept of it in columns is compared instead; of a person that is only
whether it is the same one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from kouan.declarations.models import DocumentVersion, GoodsLine
from kouan.gateway import selectors as gateway
from kouan.gateway.standards.ceb.codec import decode
from kouan.gateway.standards.ceb.types import Node, UnreadableMessage
from kouan.gateway.standards.dxp.codec import UnreadableEnvelope, open_message
from kouan.gateway.standards.statements import CEB, statement_of_node
from kouan.records.amendments import Fields, Statement

STANDARD = CEB

_HEAD = (
    "internal_no", "order_no", "platform_code", "merchant_code", "declarant_code", "carrier_code", "waybill_no",
    "bill_no", "list_no", "customs_code", "port_code", "place_code", "trade_mode", "transport_mode", "freight",
    "gross_weight_kg", "net_weight_kg",
)  # fmt: skip
_HEAD_NAMED = {"insurance": "insured_fee", "country": "departure_country"}
_PERSONS = {"buyer_digest": "buyer_name", "consignee_digest": "consignee_address"}
_LINE = {
    "item_no": "item_no", "hs_code": "hs_code", "name": "goods_name", "model": "specification",
    "country": "origin_country", "currency": "currency", "quantity": "quantity", "unit": "unit",
    "quantity_1": "legal_quantity", "unit_1": "legal_unit", "quantity_2": "second_quantity", "unit_2": "second_unit",
    "price": "price", "total": "total_price",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TwoStatements:
    """What two versions say; ``is_partial`` where only kept columns could be compared."""

    old: Statement
    new: Statement
    is_partial: bool = False


def statements_of(document_id: UUID, old: int, new: int) -> TwoStatements:
    """Give what two versions of a document say. The caller has made sure that it may be seen."""
    found = {
        version.number: version
        for version in DocumentVersion.objects.filter(document_id=document_id, number__in=[old, new])
    }
    read = {number: _from_original(version) for number, version in found.items()}
    if all(read.values()):
        return TwoStatements(read[old] or Statement(), read[new] or Statement())
    kept = {number: _from_columns(version) for number, version in found.items()}
    return TwoStatements(kept[old], kept[new], is_partial=True)


def original_of(document_id: UUID, number: int) -> Node | None:
    """Give the business node that a version came as; None where its original is gone. For the system's own use."""
    return _original(DocumentVersion.objects.get(document_id=document_id, number=number))


def _from_original(version: DocumentVersion) -> Statement | None:
    node = _original(version)
    return statement_of_node(node.head, node.lines) if node else None


def _original(version: DocumentVersion) -> Node | None:
    kept = gateway.get_message(message_id=version.message_id, organisation_ids=None)
    if kept.raw is None:
        return None
    try:
        envelope = decode(open_message(kept.raw).data if kept.kind == "DxpMsg" else kept.raw)
    except (UnreadableMessage, UnreadableEnvelope):
        return None
    return next((one for one in envelope.nodes if one.index == version.node_index), None)


def _from_columns(version: DocumentVersion) -> Statement:
    head = {name: _text(getattr(version, name)) for name in _HEAD}
    head |= {word: _text(getattr(version, name)) for name, word in _HEAD_NAMED.items()}
    head |= {word: _text(getattr(version, name)) for name, word in _PERSONS.items()}
    rows = GoodsLine.objects.filter(document_id=version.document_id, version=version.number).order_by("line_no")
    lines: Sequence[Fields] = tuple(
        _filled({word: _text(getattr(row, name)) for name, word in _LINE.items()}) for row in rows
    )
    return Statement(_filled(head), {"line": lines} if lines else {})


def _filled(fields: dict[str, str]) -> Fields:
    return {name: value for name, value in fields.items() if value}


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)
