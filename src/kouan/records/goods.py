"""What is said in one goods declaration 报关单, in typed values: Decimal, date, int.

Named by the terms of the WCO data model where it has one, with the words of ``gateway.standards.dec``. None stands for
"not said". Weights are in kilograms; amounts are in the currency beside them; codes are those of the alphabetic
generation (country CHN, currency CNY).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Direction = Literal["import", "export"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A cost beside the price: a rate in per cent, a price a ton, or a total. WCO: charge."""

    mark: Literal["rate", "unit_price", "total"]
    value: Decimal
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsItem:
    """One goods line 商品项. WCO: government agency goods item."""

    line_no: int | None = None
    hs_code: str | None = None
    ciq_code: str | None = None
    record_line_no: str | None = None
    goods_name: str | None = None
    goods_name_en: str | None = None
    specification: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    legal_quantity: Decimal | None = None
    legal_unit: str | None = None
    second_quantity: Decimal | None = None
    second_unit: str | None = None
    price: Decimal | None = None
    total_price: Decimal | None = None
    currency: str | None = None
    origin_country: str | None = None
    destination_country: str | None = None
    origin_region: str | None = None
    district_code: str | None = None
    destination_code: str | None = None
    preference_origin: str | None = None
    duty_mode: str | None = None
    use: str | None = None
    purpose: str | None = None
    item_no: str | None = None
    goods_attributes: str | None = None
    goods_brand: str | None = None
    goods_model: str | None = None
    un_code: str | None = None
    dangerous_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportEquipment:
    """A container and which goods lines it holds. WCO: transport equipment."""

    container_no: str | None = None
    container_type: str | None = None
    line_nos: tuple[int, ...] = ()
    is_shared: bool | None = None
    goods_weight_kg: Decimal | None = None
    tare_kg: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccompanyingDocument:
    """A licence or certificate that goes along 随附单证. WCO: additional document."""

    document_code: str | None = None
    document_no: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file that goes along 随附单据: its name in the packet, what it is, how large."""

    file_name: str | None = None
    document_kind: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsDeclaration:
    """A goods declaration: who brings what in or out, how, from where, and on which terms. WCO: declaration."""

    client_no: str | None = None
    seq_no: str | None = None
    entry_no: str | None = None
    direction: Direction | None = None
    document_type: str | None = None
    entry_type: str | None = None
    customs_code: str | None = None
    port_code: str | None = None
    entry_date: date | None = None
    trader_code: str | None = None
    trader_uscc: str | None = None
    trader_name: str | None = None
    owner_code: str | None = None
    owner_uscc: str | None = None
    owner_name: str | None = None
    agent_code: str | None = None
    agent_uscc: str | None = None
    agent_name: str | None = None
    declarant_name: str | None = None
    overseas_party_name: str | None = None
    overseas_shipper_code: str | None = None
    overseas_shipper_name: str | None = None
    overseas_consignee_code: str | None = None
    overseas_consignee_name: str | None = None
    trade_mode: str | None = None
    levy_nature: str | None = None
    record_no: str | None = None
    licence_no: str | None = None
    contract_no: str | None = None
    transport_mode: str | None = None
    transport_name: str | None = None
    voyage_no: str | None = None
    bill_no: str | None = None
    goods_place: str | None = None
    trade_country: str | None = None
    trading_country: str | None = None
    departure_port: str | None = None
    port_of_call: str | None = None
    entry_port: str | None = None
    departure_date: date | None = None
    discharge_date: date | None = None
    price_terms: str | None = None
    freight: Charge | None = None
    insurance: Charge | None = None
    other_fee: Charge | None = None
    packages: int | None = None
    package_type: str | None = None
    gross_weight_kg: Decimal | None = None
    net_weight_kg: Decimal | None = None
    price_statements: str | None = None
    marks: str | None = None
    note: str | None = None
    lines: tuple[GoodsItem, ...] = ()
    containers: tuple[TransportEquipment, ...] = ()
    documents: tuple[AccompanyingDocument, ...] = ()
    files: tuple[AttachedFile, ...] = ()
