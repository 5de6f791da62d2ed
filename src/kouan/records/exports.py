"""What is said about exports of cross-border e-commerce, in typed values: Decimal, date, aware datetime, int.

The words are those of ``gateway.standards.ceb``. None stands for "not said". Amounts are in the currency that the
record names, weights in kilograms.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .parcels import Declared


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOrderItem:
    """One line of an export order."""

    line_no: int | None = None
    item_no: str | None = None
    item_name: str | None = None
    item_description: str | None = None
    barcode: str | None = None
    unit: str | None = None
    currency: str | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    total_price: Decimal | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOrder(Declared):
    """An export order 出口订单 or the booking of a warehouse abroad 订仓单."""

    order_type: str | None = None
    order_no: str | None = None
    platform_code: str | None = None
    platform_name: str | None = None
    merchant_code: str | None = None
    merchant_name: str | None = None
    goods_value: Decimal | None = None
    freight: Decimal | None = None
    currency: str | None = None
    note: str | None = None
    lines: tuple[ExportOrderItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptOfPayment(Declared):
    """A receipt of payment 收款单: what a firm was paid for which order."""

    platform_code: str | None = None
    platform_name: str | None = None
    merchant_code: str | None = None
    merchant_name: str | None = None
    order_no: str | None = None
    payment_firm_code: str | None = None
    payment_firm_name: str | None = None
    transaction_no: str | None = None
    amount_received: Decimal | None = None
    currency: str | None = None
    received_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWaybill(Declared):
    """An export waybill 出口运单."""

    carrier_code: str | None = None
    carrier_name: str | None = None
    waybill_no: str | None = None
    freight: Decimal | None = None
    insured_fee: Decimal | None = None
    currency: str | None = None
    gross_weight_kg: Decimal | None = None
    packages: int | None = None
    goods_info: str | None = None
    merchant_code: str | None = None
    merchant_name: str | None = None
    merchant_phone: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedWaybill:
    """One waybill that arrived."""

    line_no: int | None = None
    waybill_no: str | None = None
    package_no: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival(Declared):
    """What arrived at a supervision place 运抵单."""

    customs_code: str | None = None
    internal_no: str | None = None
    pre_entry_no: str | None = None
    operator_code: str | None = None
    operator_name: str | None = None
    place_code: str | None = None
    direction: str | None = None
    transport_mode: str | None = None
    bill_no: str | None = None
    domestic_transport_no: str | None = None
    carrier_code: str | None = None
    carrier_name: str | None = None
    part_count: int | None = None
    part_no: int | None = None
    note: str | None = None
    lines: tuple[ArrivedWaybill, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartedWaybill:
    """One waybill that left."""

    line_no: int | None = None
    package_no: str | None = None
    waybill_no: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure(Declared):
    """What left the country by one means of transport 离境单."""

    customs_code: str | None = None
    internal_no: str | None = None
    pre_entry_no: str | None = None
    carrier_code: str | None = None
    carrier_name: str | None = None
    transport_mode: str | None = None
    transport_name: str | None = None
    voyage_no: str | None = None
    bill_no: str | None = None
    left_at: datetime | None = None
    part_count: int | None = None
    part_no: int | None = None
    note: str | None = None
    lines: tuple[DepartedWaybill, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportListItem:
    """One goods line of an export list."""

    line_no: int | None = None
    item_no: str | None = None
    record_item_no: str | None = None
    item_name: str | None = None
    hs_code: str | None = None
    goods_name: str | None = None
    specification: str | None = None
    barcode: str | None = None
    destination_country: str | None = None
    currency: str | None = None
    quantity: Decimal | None = None
    legal_quantity: Decimal | None = None
    second_quantity: Decimal | None = None
    unit: str | None = None
    legal_unit: str | None = None
    second_unit: str | None = None
    price: Decimal | None = None
    total_price: Decimal | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportList(Declared):
    """An export list 出口清单: the goods declaration of one parcel."""

    customs_code: str | None = None
    platform_code: str | None = None
    platform_name: str | None = None
    order_no: str | None = None
    carrier_code: str | None = None
    carrier_name: str | None = None
    waybill_no: str | None = None
    internal_no: str | None = None
    pre_entry_no: str | None = None
    list_no: str | None = None
    direction: str | None = None
    port_code: str | None = None
    exit_date: date | None = None
    procedure: str | None = None
    declarant_code: str | None = None
    declarant_name: str | None = None
    merchant_code: str | None = None
    merchant_name: str | None = None
    producer_code: str | None = None
    producer_name: str | None = None
    zone_firm_code: str | None = None
    zone_firm_name: str | None = None
    account_book_no: str | None = None
    trade_mode: str | None = None
    transport_mode: str | None = None
    transport_name: str | None = None
    voyage_no: str | None = None
    bill_no: str | None = None
    package_no: str | None = None
    place_code: str | None = None
    licence_no: str | None = None
    arrival_country: str | None = None
    destination_port: str | None = None
    freight: Decimal | None = None
    freight_currency: str | None = None
    freight_mark: str | None = None
    insured_fee: Decimal | None = None
    insurance_currency: str | None = None
    insurance_mark: str | None = None
    package_type: str | None = None
    packages: int | None = None
    gross_weight_kg: Decimal | None = None
    net_weight_kg: Decimal | None = None
    note: str | None = None
    lines: tuple[ExportListItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportCancelRequest(Declared):
    """A request to cancel an export list 撤销申请单."""

    customs_code: str | None = None
    internal_no: str | None = None
    pre_entry_no: str | None = None
    list_no: str | None = None
    reason: str | None = None
    declarant_code: str | None = None
    declarant_name: str | None = None
    merchant_code: str | None = None
    merchant_name: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterBillItem:
    """One waybill under a master bill."""

    line_no: int | None = None
    package_no: str | None = None
    waybill_no: str | None = None
    list_no: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterBill(Declared):
    """A master bill and the waybills under it 清单总分单."""

    customs_code: str | None = None
    internal_no: str | None = None
    pre_entry_no: str | None = None
    declarant_code: str | None = None
    declarant_name: str | None = None
    place_code: str | None = None
    transport_mode: str | None = None
    transport_name: str | None = None
    voyage_no: str | None = None
    bill_no: str | None = None
    domestic_transport_no: str | None = None
    gross_weight_kg: Decimal | None = None
    carrier_code: str | None = None
    carrier_name: str | None = None
    part_count: int | None = None
    part_no: int | None = None
    note: str | None = None
    lines: tuple[MasterBillItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarisedList:
    """One list to be summed up."""

    list_no: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryApplication(Declared):
    """An application to sum up lists in one declaration 汇总申请单."""

    customs_code: str | None = None
    internal_no: str | None = None
    pre_entry_no: str | None = None
    summary_no: str | None = None
    declarant_code: str | None = None
    declarant_name: str | None = None
    merchant_code: str | None = None
    merchant_name: str | None = None
    broker_code: str | None = None
    broker_name: str | None = None
    period_start: datetime | None = None
    period_end: datetime | None = None
    place_code: str | None = None
    grouping: str | None = None
    name_grouping: str | None = None
    part_count: int | None = None
    part_no: int | None = None
    note: str | None = None
    lines: tuple[SummarisedList, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryResultItem:
    """One goods line of a list in the declaration."""

    list_no: str | None = None
    waybill_no: str | None = None
    result_line_no: int | None = None
    line_no: int | None = None
    hs_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryResult:
    """What customs made of an application 汇总结果单: one declaration and the lists in it."""

    guid: str | None = None
    customs_code: str | None = None
    summary_no: str | None = None
    processed_at: datetime | None = None
    entry_seq_no: str | None = None
    entry_draft_no: str | None = None
    entry_pre_no: str | None = None
    entry_no: str | None = None
    entry_state: str | None = None
    declarant_code: str | None = None
    declarant_name: str | None = None
    merchant_code: str | None = None
    merchant_name: str | None = None
    broker_code: str | None = None
    broker_name: str | None = None
    gross_weight_kg: Decimal | None = None
    net_weight_kg: Decimal | None = None
    part_count: int | None = None
    part_no: int | None = None
    note: str | None = None
    lines: tuple[SummaryResultItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReturnItem:
    """One line of a request to return exported goods."""

    line_no: int | None = None
    hs_code: str | None = None
    goods_name: str | None = None
    specification: str | None = None
    quantity: Decimal | None = None
    legal_quantity: Decimal | None = None
    unit: str | None = None
    legal_unit: str | None = None
    second_quantity: Decimal | None = None
    second_unit: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReturnRequest(Declared):
    """A request to return exported goods 出口退货申请单."""

    customs_code: str | None = None
    place_code: str | None = None
    platform_code: str | None = None
    platform_name: str | None = None
    merchant_code: str | None = None
    merchant_name: str | None = None
    waybill_no: str | None = None
    carrier_code: str | None = None
    carrier_name: str | None = None
    internal_no: str | None = None
    pre_entry_no: str | None = None
    list_no: str | None = None
    trade_mode: str | None = None
    declarant_code: str | None = None
    declarant_name: str | None = None
    bill_no: str | None = None
    direction: str | None = None
    transport_mode: str | None = None
    transport_name: str | None = None
    port_code: str | None = None
    reason: str | None = None
    departure_country: str | None = None
    voyage_no: str | None = None
    note: str | None = None
    lines: tuple[ExportReturnItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTally(Declared):
    """What a supervision place tallied of returned goods 退运理货明细单."""

    customs_code: str | None = None
    operator_code: str | None = None
    operator_name: str | None = None
    carrier_code: str | None = None
    carrier_name: str | None = None
    waybill_no: str | None = None
    list_no: str | None = None
    internal_no: str | None = None
    pre_entry_no: str | None = None
    bill_no: str | None = None
    direction: str | None = None
    transport_mode: str | None = None
    transport_name: str | None = None
    voyage_no: str | None = None
    unload_location: str | None = None
    note: str | None = None
