"""Composing exports: the values of a form or a sheet become order, receipt of payment, waybill and list of one parcel.
Pure; the counterpart of ``composing``, which checks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from kouan.declarations.amounts import text_of, total_of
from kouan.declarations.export_rules import BETWEEN_FIRMS
from kouan.declarations.types import Sender
from kouan.gateway.standards.ceb import export_declarations as e
from kouan.gateway.standards.ceb.types import Node
from kouan.kernel.dates import format_date, format_time

EXPORT = "E"
KINDS = ("303", "403", "505", "603")
_HEADS: dict[str, type] = {
    "303": e.ExportOrderHead, "403": e.ReceiptHead, "505": e.ExportWaybillHead, "603": e.ExportListHead,
}  # fmt: skip
_ORDER_TYPES = {"9710": "B", "9810": "W"}
_TOTAL, _WITHOUT_CODE, _NO_BARCODE, _DOLLAR = "3", "NO", "无", "502"


def kinds_of(given: Mapping[str, str]) -> tuple[str, ...]:
    """Give the kinds of documents of a parcel: between firms a receipt of payment only where one is filled in."""
    is_paid = given.get("transaction_no") or given.get("payment_firm_name")
    waits = given.get("trade_mode") not in BETWEEN_FIRMS
    return tuple(kind for kind in KINDS if kind != "403" or waits or is_paid)


def nodes_of(
    given: Mapping[str, str], goods: Sequence[Mapping[str, Any]], amounts: Mapping[str, str], *, sender: Sender,
    guid: Any, at: datetime,
) -> dict[str, Node]:  # fmt: skip
    """Write the documents of one parcel. given: the head values as typed; amounts: what follows from the goods."""
    known = {**given, **amounts, **_standing(given, goods, sender, at)}
    nodes = {}
    for kind in kinds_of(given):
        head = _HEADS[kind](**{field.name: known.get(field.name) or None for field in fields(_HEADS[kind])})
        head.guid = guid()
        nodes[kind] = Node(1, head, _lines(kind, given, goods, known["currency"]), b"")
    return nodes


def _standing(
    given: Mapping[str, str], goods: Sequence[Mapping[str, Any]], sender: Sender, at: datetime
) -> dict[str, str]:
    """Give what a clerk need not type: the fixed values, the declarant, and what one document takes from another."""
    currency = given.get("currency") or _DOLLAR
    return {
        "app_type": "1",
        "app_time": format_time(at),
        "app_status": "2",
        "order_type": _ORDER_TYPES.get(given.get("trade_mode", ""), "E"),
        "direction": EXPORT,
        "exit_date": given.get("exit_date") or format_date(at),
        "received_time": given.get("received_time") or format_time(at),
        "declarant_code": sender.code,
        "declarant_name": sender.name,
        "producer_code": given.get("producer_code") or _WITHOUT_CODE,
        "producer_name": given.get("producer_name") or given.get("merchant_name", ""),
        "port_code": given.get("port_code") or given.get("customs_code", ""),
        "currency": currency,
        "freight": given.get("freight") or "0",
        "freight_currency": currency,
        "freight_mark": _TOTAL,
        "insured_fee": given.get("insured_fee") or "0",
        "insurance_currency": currency,
        "insurance_mark": _TOTAL,
        "packages": given.get("packages") or "1",
        "package_type": given.get("package_type") or "2",
        "goods_info": "、".join(dict.fromkeys(str(line.get("name", "")).strip() for line in goods))[:200],
    }


def _lines(kind: str, given: Mapping[str, str], goods: Sequence[Mapping[str, Any]], currency: str) -> list[Any]:
    if kind == "303":
        return [
            e.ExportOrderLine(
                line_no=str(place), item_no=text_of(line, "item_no"), item_name=text_of(line, "name"),
                item_description=text_of(line, "specification"), barcode=None, unit=text_of(line, "unit"),
                currency=currency, quantity=text_of(line, "quantity"), price=text_of(line, "price"),
                total_price=total_of(line),
            )
            for place, line in enumerate(goods, start=1)
        ]  # fmt: skip
    if kind != "603":
        return []
    return [
        e.ExportListLine(
            line_no=str(place), item_no=text_of(line, "item_no"), record_item_no=text_of(line, "record_item_no"),
            item_name=text_of(line, "name"), hs_code=text_of(line, "hs_code"), goods_name=text_of(line, "name"),
            specification=text_of(line, "specification"), barcode=text_of(line, "barcode") or _NO_BARCODE,
            destination_country=text_of(line, "country") or given.get("arrival_country"), currency=currency,
            quantity=text_of(line, "quantity"), legal_quantity=text_of(line, "legal_quantity"),
            second_quantity=text_of(line, "second_quantity"), unit=text_of(line, "unit"),
            legal_unit=text_of(line, "legal_unit"), second_unit=text_of(line, "second_unit"),
            price=text_of(line, "price"), total_price=total_of(line),
        )
        for place, line in enumerate(goods, start=1)
    ]  # fmt: skip
