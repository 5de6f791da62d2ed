"""From the blocks of the CEB standard to the rows of this app, as text for ``COPY``.

Values stay the characters that were declared; PostgreSQL reads the decimals. Personal data leaves only as keyed
digests, which tell whether two documents name the same person without saying whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.conf import settings

from kouan.declarations import export_rows
from kouan.declarations.copying import column, column_as, goods_digest, hex_of
from kouan.declarations.marking import PersonMarks
from kouan.gateway.standards.ceb import declarations as d
from kouan.kernel.copying import COPY_OPTIONS, DELIMITER, NULL, copy_lines, time_text, to_line

__all__ = [
    "COPY_OPTIONS", "DELIMITER", "LINE_COLUMNS", "NULL", "VERSION_COLUMNS", "Key", "column", "column_as", "copy_lines",
    "goods_digest", "goods_lines", "hex_of", "key_of", "person_digest", "time_text", "to_line", "version_line",
]  # fmt: skip

Key = tuple[str, str, str]
"""Owner, number, kind: the natural key of a document."""

VERSION_COLUMNS = (
    "document_id, number, kind, app_type, app_time, message_id, node_index, digest, received_at, internal_no, order_no,"
    " platform_code, merchant_code, declarant_code, payment_firm_code, transaction_no, carrier_code, waybill_no,"
    " bill_no, list_no, customs_code, port_code, place_code, trade_mode, transport_mode, country, currency,"
    " goods_value, freight, insurance, discount, tax_withheld, amount_paid, gross_weight_kg, net_weight_kg,"
    " line_count, buyer_digest, consignee_digest, goods_digest, identity_mark, telephone_mark, delegation_id"
)
LINE_COLUMNS = (
    "document_id, version, line_no, item_no, hs_code, name, model, country, currency, quantity, unit, quantity_1,"
    " unit_1, quantity_2, unit_2, price, total"
)


@lru_cache(maxsize=1)
def _key() -> bytes:
    return blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"kouan person").digest()


def person_digest(*parts: str | None) -> bytes:
    """Give the keyed digest (16 bytes) of what identifies a person."""
    return blake2b("\x1f".join(part or "" for part in parts).encode(), digest_size=16, key=_key()).digest()


def version_line(
    document_id: UUID, number: int, kind: str, head: Any, lines: Sequence[Any], message_id: UUID, index: int,
    digest: bytes, received_at: str, marks: PersonMarks, delegation_id: UUID | None,
) -> str:  # fmt: skip
    """Give the COPY line of one version of a document."""
    return to_line(
        (
            str(document_id), str(number), kind, head.app_type, head.app_time, str(message_id), str(index),
            hex_of(digest), received_at,
            *(_TYPED[kind](head, lines) if kind in _TYPED else export_rows.typed(kind, head, lines)),
            *(hex_of(mark) for mark in marks.of(kind, head)),
            str(delegation_id) if delegation_id else NULL,
        )
    )  # fmt: skip


def _typed_order(head: d.OrderHead, lines: Sequence[d.OrderLine]) -> tuple[str, ...]:
    return (
        "", head.order_no or "", head.platform_code or "", head.merchant_code or "", "", head.payment_firm_code or "",
        head.transaction_no or "", "", "", "", "", "", "", "", "", "", "", head.currency or "",
        head.goods_value or NULL, head.freight or NULL, NULL, head.discount or NULL, head.tax_total or NULL,
        head.actual_paid or NULL, NULL, NULL, str(len(lines)),
        hex_of(person_digest(head.buyer_id_number, head.buyer_name)),
        hex_of(person_digest(head.consignee_name, head.consignee_phone, head.consignee_address)),
        hex_of(goods_digest((line.item_name, line.quantity, line.unit) for line in lines)),
    )  # fmt: skip


def _typed_payment(head: d.PaymentHead, lines: Sequence[Any]) -> tuple[str, ...]:
    return (
        "", head.order_no or "", head.platform_code or "", "", "", head.payment_firm_code or "",
        head.transaction_no or "", "", "", "", "", "", "", "", "", "", "", head.currency or "",
        NULL, NULL, NULL, NULL, NULL, head.amount_paid or NULL, NULL, NULL, "0",
        hex_of(person_digest(head.payer_id_number, head.payer_name)), NULL, NULL,
    )  # fmt: skip


def _typed_waybill(head: d.WaybillHead, lines: Sequence[Any]) -> tuple[str, ...]:
    return (
        "", head.order_no or "", "", "", "", "", "", head.carrier_code or "", head.waybill_no or "",
        head.bill_no or "", "", "", "", "", "", "", "", head.currency or "",
        NULL, head.freight or NULL, head.insured_fee or NULL, NULL, NULL, NULL, head.weight_kg or NULL, NULL, "0",
        NULL, hex_of(person_digest(head.consignee_name, head.consignee_phone, head.consignee_address)), NULL,
    )  # fmt: skip


def _typed_waybill_status(head: d.WaybillStatusHead, lines: Sequence[Any]) -> tuple[str, ...]:
    return (
        "", "", "", "", "", "", "", head.carrier_code or "", head.waybill_no or "", *[""] * 9, *[NULL] * 8, "0",
        NULL, NULL, NULL,
    )  # fmt: skip


def _typed_list(head: d.ListHead, lines: Sequence[d.ListLine]) -> tuple[str, ...]:
    return (
        head.internal_no or "", head.order_no or "", head.platform_code or "", head.merchant_code or "",
        head.declarant_code or "", "", "", head.carrier_code or "", head.waybill_no or "", head.bill_no or "",
        head.list_no or "", head.customs_code or "", head.port_code or "", head.place_code or "",
        head.trade_mode or "", head.transport_mode or "", head.departure_country or "", head.currency or "",
        NULL, head.freight or NULL, head.insured_fee or NULL, NULL, NULL, NULL, head.gross_weight_kg or NULL,
        head.net_weight_kg or NULL, str(len(lines)),
        hex_of(person_digest(head.buyer_id_number, head.buyer_name)), NULL,
        hex_of(goods_digest((line.goods_name, line.quantity, line.unit) for line in lines)),
    )  # fmt: skip


def _typed_application(head: d.CancelHead | d.ReturnHead, lines: Sequence[Any]) -> tuple[str, ...]:
    return (
        head.internal_no or "", head.order_no or "", head.platform_code or "", head.merchant_code or "",
        head.declarant_code or "", "", "", head.carrier_code or "", head.waybill_no or "", "", head.list_no or "",
        head.customs_code or "", *[""] * 6, *[NULL] * 8, str(len(lines)),
        hex_of(person_digest(head.buyer_id_number, head.buyer_name)), NULL, NULL,
    )  # fmt: skip


def _typed_inbound(head: d.InboundHead, lines: Sequence[Any]) -> tuple[str, ...]:
    return (
        head.internal_no or "", "", "", "", "", "", "", head.carrier_code or "", "", head.bill_no or "", "",
        head.customs_code or "", "", "", "", head.transport_mode or "", "", "", *[NULL] * 8, str(len(lines)),
        NULL, NULL, NULL,
    )  # fmt: skip


_TYPED = {
    "311": _typed_order,
    "411": _typed_payment,
    "511": _typed_waybill,
    "513": _typed_waybill_status,
    "621": _typed_list,
    "623": _typed_application,
    "625": _typed_application,
    "711": _typed_inbound,
}


def goods_lines(document_id: UUID, number: int, kind: str, lines: Sequence[Any]) -> list[str]:
    """Give the COPY lines of the goods of one version of an order or a list."""
    if kind not in ("311", "621"):
        return export_rows.goods_lines(document_id, number, kind, lines)
    key, version = str(document_id), str(number)
    if kind == "311":
        return [
            to_line(
                (key, version, line.line_no, line.item_no or "", "", line.item_name, line.specification or "",
                 line.origin_country, line.currency, line.quantity, line.unit, NULL, "", NULL, "", line.price,
                 line.total_price)
            )
            for line in lines
        ]  # fmt: skip
    return [
        to_line(
            (key, version, line.line_no, line.item_no or "", line.hs_code or "", line.goods_name,
             line.specification or "", line.origin_country, line.currency, line.quantity, line.unit,
             line.legal_quantity or NULL, line.legal_unit or "", line.second_quantity or NULL,
             line.second_unit or "", line.price, line.total_price)
        )
        for line in lines
    ]  # fmt: skip


def key_of(kind: str, head: Any) -> tuple[str, str]:
    """Give owner and number of a business node: what makes it the same document the next time it comes."""
    match kind:
        case "311":
            return head.platform_code, head.order_no
        case "411":
            return head.payment_firm_code, head.transaction_no
        case "511" | "513":
            return head.carrier_code, head.waybill_no
        case "621":
            return head.declarant_code, head.internal_no or f"{head.platform_code}:{head.order_no}"[:64]
        case "623" | "625":
            return head.declarant_code, head.internal_no or head.list_no
        case "711":
            return head.operator_code, head.internal_no or head.bill_no
    return export_rows.key_of(kind, head)
