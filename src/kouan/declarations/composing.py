"""Composing: the values of a form or a sheet become the four documents of one parcel, and are checked by the same
rules as any message. Pure: values in, nodes and problems out.

A value set is flat: names of the fields below, and ``goods``, a list of lines. Every value is text as typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from kouan.declarations import export_composing
from kouan.declarations.amounts import amounts_of, text_of, total_of
from kouan.declarations.types import Sender
from kouan.gateway.standards.ceb import declarations as d
from kouan.gateway.standards.ceb.checks import Context, check
from kouan.gateway.standards.ceb.codec import decode, encode
from kouan.gateway.standards.ceb.types import Envelope, Node
from kouan.kernel.dates import format_date, format_time
from kouan.kernel.identifiers import uuid7
from kouan.records.problems import Problem

KINDS = ("311", "411", "511", "621", *export_composing.KINDS)
"""The kinds that a form or a sheet becomes, order first, list last."""
_IMPORT_KINDS = ("311", "411", "511", "621")
_HEADS: dict[str, type] = {"311": d.OrderHead, "411": d.PaymentHead, "511": d.WaybillHead, "621": d.ListHead}
CNY = "142"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One value set as nodes, by kind, and what is wrong with each."""

    nodes: Mapping[str, Node]
    problems: Sequence[Problem]


def compose(values: Mapping[str, Any], *, sender: Sender, at: datetime) -> Parcel:
    """Compose the documents of one parcel; ``direction`` E among the values makes it an export."""
    goods = [line for line in values.get("goods", []) if any(str(value).strip() for value in line.values())]
    totals = amounts_of(values, goods)
    common = {"guid": "", "app_type": "1", "app_time": format_time(at), "app_status": "2", "currency": CNY}
    given = {name: str(value).strip() for name, value in values.items() if name != "goods"}
    if given.get("direction") == export_composing.EXPORT:
        nodes = export_composing.nodes_of(given, goods, totals, sender=sender, guid=new_guid, at=at)
        return Parcel(nodes, ())
    known = {**given, **totals, **common, **_standing(given, sender, at)}
    nodes = {}
    for kind in _IMPORT_KINDS:
        head = _HEADS[kind](**{f.name: known.get(f.name) or None for f in fields(_HEADS[kind])})
        head.guid = new_guid()
        nodes[kind] = Node(1, head, _lines(kind, goods), b"")
    return Parcel(nodes, ())


def _standing(given: Mapping[str, str], sender: Sender, at: datetime) -> dict[str, str]:
    """Give what a clerk need not type: the fixed values, the declarant, and what one document takes from another."""
    return {
        "order_type": "I",
        "direction": "I",
        "packages": "1",
        "buyer_id_type": "1",
        "payer_id_type": "1",
        "declare_date": format_date(at),
        "declarant_code": sender.code,
        "declarant_name": sender.name,
        "payer_name": given.get("buyer_name", ""),
        "payer_id_number": given.get("buyer_id_number", ""),
        "payer_phone": given.get("buyer_phone", ""),
        "paid_time": given.get("paid_time") or format_time(at),
        "weight_kg": given.get("gross_weight_kg", ""),
        "insured_fee": given.get("insured_fee") or "0",
        "freight": given.get("freight") or "0",
        "buyer_account": given.get("buyer_account") or given.get("buyer_phone", ""),
        "guarantor_code": given.get("guarantor_code") or given.get("carrier_code", ""),
        "port_code": given.get("port_code") or given.get("customs_code", ""),
        "departure_country": given.get("departure_country") or (CNY if given.get("trade_mode") == "1210" else ""),
    }


def _lines(kind: str, goods: Sequence[Mapping[str, Any]]) -> list[Any]:
    if kind == "311":
        return [
            d.OrderLine(
                line_no=str(place), item_no=text_of(line, "item_no"), item_name=text_of(line, "name"),
                specification=text_of(line, "specification"), unit=text_of(line, "unit"),
                quantity=text_of(line, "quantity"), price=text_of(line, "price"), total_price=total_of(line),
                currency=CNY, origin_country=text_of(line, "country"),
            )
            for place, line in enumerate(goods, start=1)
        ]  # fmt: skip
    if kind != "621":
        return []
    return [
        d.ListLine(
            line_no=str(place), record_item_no=text_of(line, "record_item_no"), item_no=text_of(line, "item_no"),
            hs_code=text_of(line, "hs_code"), goods_name=text_of(line, "name"),
            specification=text_of(line, "specification"), origin_country=text_of(line, "country"), currency=CNY,
            quantity=text_of(line, "quantity"), unit=text_of(line, "unit"),
            legal_quantity=text_of(line, "legal_quantity"), legal_unit=text_of(line, "legal_unit"),
            second_quantity=text_of(line, "second_quantity"), second_unit=text_of(line, "second_unit"),
            price=text_of(line, "price"), total_price=total_of(line),
        )
        for place, line in enumerate(goods, start=1)
    ]  # fmt: skip


def envelope_of(kind: str, nodes: Sequence[Node], sender: Sender, *, guid: str) -> bytes:
    """Write the message of one kind for a firm's own pages; nodes are numbered in their order."""
    for index, node in enumerate(nodes, start=1):
        node.index = index
    transfer = d.BaseTransfer(sender.code, sender.name, "DXP", sender.dxp_id or "DXPENT0000000000")
    return encode(Envelope(kind, guid, "1.0", list(nodes), transfer), strict=False)


def new_guid() -> str:
    """Make the serial number of a message or document, in capitals as the standard wants it."""
    return str(uuid7()).upper()


def problems_of(parcel: Parcel, sender: Sender, context: Context) -> list[Problem]:
    """Check a parcel exactly as its messages will be read and checked when they arrive."""
    found: list[Problem] = []
    for kind, node in parcel.nodes.items():
        envelope = decode(envelope_of(kind, [node], sender, guid=new_guid()))
        check(envelope, context)
        found += envelope.all_problems()
    return found
