"""From the blocks of export documents to the rows of this app. The values stay the characters that were declared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from kouan.declarations.copying import goods_digest, hex_of
from kouan.gateway.standards.ceb.export_rules import FOREIGN_PLATFORM
from kouan.kernel.copying import NULL, to_line

_TEXTS = (
    "internal_no", "order_no", "platform_code", "merchant_code", "declarant_code", "payment_firm_code",
    "transaction_no", "carrier_code", "waybill_no", "bill_no", "list_no", "customs_code", "port_code", "place_code",
    "trade_mode", "transport_mode",
)  # fmt: skip
_AMOUNTS = ("goods_value", "freight", "insured_fee", "", "", "amount_received", "gross_weight_kg", "net_weight_kg")
_WITH_GOODS = ("303", "603")

PARCEL_COLUMNS = "document_id, version, line_no, waybill_no, list_no, package_no"
NAMING_PARCELS = ("507", "509", "607", "701")


def typed(kind: str, head: Any, lines: Sequence[Any]) -> tuple[str, ...]:
    """Give the typed columns of a version, in the order of ``VERSION_COLUMNS``."""
    country = getattr(head, "arrival_country", None) or getattr(head, "departure_country", None) or ""
    digest = NULL
    if kind in _WITH_GOODS:
        digest = hex_of(goods_digest((_name(line), line.quantity, line.unit) for line in lines))
    return (
        *(getattr(head, name, None) or "" for name in _TEXTS), country, getattr(head, "currency", None) or "",
        *(getattr(head, name, None) or NULL for name in _AMOUNTS), str(len(lines) if kind in _WITH_GOODS else 0),
        NULL, NULL, digest,
    )  # fmt: skip


def _name(line: Any) -> str | None:
    return line.item_name or getattr(line, "goods_name", None)


def goods_lines(document_id: UUID, number: int, kind: str, lines: Sequence[Any]) -> list[str]:
    """Give the COPY lines of the goods of one version of an export order or list."""
    if kind not in _WITH_GOODS:
        return []
    key, version = str(document_id), str(number)
    return [
        to_line(
            (key, version, line.line_no, line.item_no or "", getattr(line, "hs_code", None) or "",
             getattr(line, "goods_name", None) or line.item_name or "", getattr(line, "specification", None) or "",
             getattr(line, "destination_country", None) or "", line.currency, line.quantity, line.unit,
             getattr(line, "legal_quantity", None) or NULL, getattr(line, "legal_unit", None) or "",
             getattr(line, "second_quantity", None) or NULL, getattr(line, "second_unit", None) or "",
             line.price, line.total_price)
        )
        for line in lines
    ]  # fmt: skip


def parcel_lines(document_id: UUID, number: int, kind: str, lines: Sequence[Any]) -> list[str]:
    """Give the COPY lines of the parcels that one version of a transport document or a summary names."""
    if kind not in NAMING_PARCELS:
        return []
    key, version = str(document_id), str(number)
    return [
        to_line((key, version, str(place), getattr(line, "waybill_no", None) or "",
                      getattr(line, "list_no", None) or "", getattr(line, "package_no", None) or ""))
        for place, line in enumerate(lines, 1)
    ]  # fmt: skip


def key_of(kind: str, head: Any) -> tuple[str, str]:
    """Give owner and number of an export document; its receipt gives the same.

    A platform abroad has no code of its own, so the order is the seller's then. A document that is split over messages
    is one document a part.
    """
    match kind:
        case "303":
            platform = head.platform_code
            return (head.merchant_code if platform == FOREIGN_PLATFORM else platform), head.order_no
        case "403":
            return head.merchant_code, head.transaction_no or head.order_no
        case "505":
            return head.carrier_code, head.waybill_no
        case "603" | "605" | "213":
            return head.declarant_code, head.internal_no
        case "607" | "701":
            return head.declarant_code, _part(head)
        case "507":
            return head.operator_code, _part(head)
        case "509":
            return head.carrier_code, _part(head)
        case "215":
            return head.operator_code, head.internal_no
    raise ValueError(f"{kind} is not declared")


def _part(head: Any) -> str:
    part = (head.part_no or "1").strip()
    return head.internal_no if part in ("", "1") else f"{head.internal_no}#{part}"
