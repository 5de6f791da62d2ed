"""Makers of rows for tests: channels of the demonstration firms, and parcels that came through them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import xlsxwriter
from django.utils import timezone

from kouan.accounts.factories import make_organisation
from kouan.accounts.models import Organisation
from kouan.audit.types import SystemActor
from kouan.declarations.sheet_layouts import LAYOUTS
from kouan.gateway.codes import Carrier, Side, SignaturePolicy
from kouan.gateway.models import Connection
from kouan.gateway.services.connections import open_connection
from kouan.gateway.services.receiving import receive
from kouan.gateway.standards.ceb.generate import SENDERS, Parcel, demo_resident_id, messages
from kouan.gateway.standards.ceb.generate_exports import PARCEL_KINDS, ExportParcel, export_messages
from kouan.gateway.standards.ceb.generate_exports import SENDERS as EXPORT_SENDERS

ACTOR = SystemActor("tests")
_KIND_OF_FIRM = {"311": "platform", "411": "payment", "511": "logistics", "621": "agent"}


def make_firms() -> dict[str, Organisation]:
    """Make the firms that generated parcels name, by the kind of document that they send."""
    return {
        kind: make_organisation(_KIND_OF_FIRM[kind], customs_code=code, name_zh=name)
        for kind, (code, name) in SENDERS.items()
    }


def make_channels(
    firms: dict[str, Organisation], *, policy: SignaturePolicy = SignaturePolicy.OFF, carrier: Carrier = Carrier.HTTP
) -> dict[str, Connection]:
    """Open one channel a firm."""
    return {
        kind: open_connection(
            actor=ACTOR,
            organisation_id=firm.pk,
            name=f"{firm.name_zh} 接口",
            carrier=carrier,
            at=timezone.now(),
            cop_code=SENDERS[kind][0],
            signature_policy=policy,
            address=f"firm-{kind}" if carrier == Carrier.FOLDER else "",
        )
        for kind, firm in firms.items()
    }


def make_national_channel(organisation_id: UUID, *, address: str = "national", wraps_dxp: bool = False) -> Connection:
    """Open the channel to the national side by folder."""
    return open_connection(
        actor=ACTOR,
        organisation_id=organisation_id,
        name="国家标准版（演示）",
        carrier=Carrier.FOLDER,
        side=Side.NATIONAL,
        at=timezone.now(),
        address=address,
        wraps_dxp=wraps_dxp,
        dxp_id="DXPENTDEMO000001",
    )


def send(
    channels: dict[str, Connection],
    parcels: Iterable[Parcel],
    *,
    at: datetime,
    per_message: int = 100,
    kinds: Iterable[str] = ("311", "411", "511", "621"),
    seed: int = 0,
) -> list[UUID]:
    """Let the firms send the documents of parcels; return the ids of the messages. The seed makes their guids."""
    sent = []
    for kind, raw in messages(parcels, per_message=per_message, kinds=kinds, seed=seed):
        sent += [one.message_id for one in receive(channel=channels[kind], body=raw, at=at)]
    return sent


def make_values() -> dict[str, Any]:
    """Give what a clerk types for one parcel that breaks no rule."""
    return {
        "internal_no": "C1", "trade_mode": "9610", "customs_code": "4722", "order_no": "D1",
        "platform_code": "420196YS11", "platform_name": "演示平台", "merchant_code": "420196YS14",
        "merchant_name": "演示电商", "transaction_no": "P1", "payment_firm_code": "310196YS15",
        "payment_firm_name": "演示支付", "waybill_no": "L1", "carrier_code": "420196YS17", "carrier_name": "演示物流",
        "transport_mode": "5", "transport_name": "YS8888", "voyage_no": "YS1", "bill_no": "112-10011004",
        "departure_country": "601", "gross_weight_kg": "1.2", "net_weight_kg": "1", "freight": "10", "tax_total": "9.1",
        "discount": "0", "buyer_name": "演示甲", "buyer_id_number": demo_resident_id(date(1990, 1, 1), 1),
        "buyer_phone": "19900000000", "consignee_name": "演示甲", "consignee_phone": "19900000000",
        "consignee_address": "武汉市演示路 1 号",
        "goods": [{"item_no": "A1", "hs_code": "2106909090", "name": "演示益生菌", "specification": "30 袋",
                   "country": "601", "quantity": "2", "unit": "140", "legal_quantity": "0.2", "legal_unit": "035",
                   "price": "50"}],
    }  # fmt: skip


def make_export_values(**changes: Any) -> dict[str, Any]:
    """Give what a clerk types for one export parcel that breaks no rule."""
    return {
        "direction": "E", "internal_no": "EC1", "trade_mode": "9610", "procedure": "B", "customs_code": "4700",
        "order_no": "EO1", "platform_code": "420196YS11", "platform_name": "演示平台", "merchant_code": "420196YS14",
        "merchant_name": "演示电商", "payment_firm_code": "310196YS15", "payment_firm_name": "演示支付",
        "transaction_no": "EP1", "carrier_code": "420196YS17", "carrier_name": "演示物流", "waybill_no": "EL1",
        "producer_code": "420196YS07", "producer_name": "演示制造", "transport_mode": "5", "arrival_country": "502",
        "destination_port": "502", "currency": "502", "freight": "3", "gross_weight_kg": "0.5", "net_weight_kg": "0.4",
        "goods": [{"item_no": "A1", "hs_code": "8518300000", "name": "演示蓝牙耳机", "specification": "YS-E1",
                   "country": "502", "quantity": "2", "unit": "007", "legal_quantity": "2", "legal_unit": "007",
                   "price": "19.9"}],
    } | changes  # fmt: skip


def make_sheet(parcels: Iterable[dict[str, Any]]) -> bytes:
    """Write value sets of one direction as a workbook under the titles of the template, a row a line of goods."""
    parcels = list(parcels)
    layout = LAYOUTS[parcels[0].get("direction", "I")]
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, [*layout.titles.values()])
    rows = [(parcel, line) for parcel in parcels for line in parcel["goods"]]
    for number, (head, line) in enumerate(rows, start=1):
        cells = [*(head.get(name, "") for name in layout.head), *(line.get(name, "") for name in layout.goods)]
        for place, cell in enumerate(cells):
            page.write_string(number, place, str(cell))
    book.close()
    return buffer.getvalue()


def send_exports(
    channels: dict[str, Connection],
    parcels: Iterable[ExportParcel],
    *,
    at: datetime,
    kinds: Iterable[str] = PARCEL_KINDS,
    seed: int = 0,
) -> list[UUID]:
    """Let the firms send the documents of export parcels; return the ids of the messages."""
    by_firm = {SENDERS[kind]: channel for kind, channel in channels.items()}
    sent = []
    for kind, raw in export_messages(parcels, kinds=kinds, seed=seed):
        sent += [one.message_id for one in receive(channel=by_firm[EXPORT_SENDERS[kind]], body=raw, at=at)]
    return sent
