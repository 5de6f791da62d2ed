"""What is said about one parcel of cross-border e-commerce, in typed values: Decimal, date, aware datetime, int.

Named by the terms of the WCO data model and of the unified edition; the words are those of ``gateway.standards.ceb``.
None stands for "not said". Amounts are in yuan, weights in kilograms. ``action`` is new, change or delete; ``intent``
is store (keep it only) or declare.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Action = Literal["new", "change", "delete"]
Intent = Literal["store", "declare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What every document of a declarant begins with. guid: the sender's serial number of this version."""

    guid: str | None = None
    action: Action | None = None
    declared_at: datetime | None = None
    intent: Intent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderItem:
    """One line of an order 电子订单商品."""

    line_no: int | None = None
    item_no: str | None = None
    item_name: str | None = None
    specification: str | None = None
    item_description: str | None = None
    barcode: str | None = None
    unit: str | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    total_price: Decimal | None = None
    currency: str | None = None
    origin_country: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Declared):
    """An order 电子订单: who bought what from whom, for how much, and to whom it goes."""

    order_type: str | None = None
    order_no: str | None = None
    platform_code: str | None = None
    platform_name: str | None = None
    merchant_code: str | None = None
    merchant_name: str | None = None
    goods_value: Decimal | None = None
    freight: Decimal | None = None
    discount: Decimal | None = None
    tax_total: Decimal | None = None
    actual_paid: Decimal | None = None
    currency: str | None = None
    buyer_account: str | None = None
    buyer_name: str | None = None
    buyer_phone: str | None = None
    buyer_id_type: str | None = None
    buyer_id_number: str | None = None
    payment_firm_code: str | None = None
    payment_firm_name: str | None = None
    transaction_no: str | None = None
    batch_numbers: str | None = None
    consignee_name: str | None = None
    consignee_phone: str | None = None
    consignee_address: str | None = None
    consignee_district: str | None = None
    note: str | None = None
    lines: tuple[OrderItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentVoucher(Declared):
    """A payment voucher 支付凭证: who paid how much for which order."""

    payment_firm_code: str | None = None
    payment_firm_name: str | None = None
    transaction_no: str | None = None
    order_no: str | None = None
    platform_code: str | None = None
    platform_name: str | None = None
    payer_id_type: str | None = None
    payer_id_number: str | None = None
    payer_name: str | None = None
    payer_phone: str | None = None
    amount_paid: Decimal | None = None
    currency: str | None = None
    paid_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waybill(Declared):
    """A waybill 物流运单: which carrier brings which order to whom."""

    carrier_code: str | None = None
    carrier_name: str | None = None
    waybill_no: str | None = None
    bill_no: str | None = None
    order_no: str | None = None
    freight: Decimal | None = None
    insured_fee: Decimal | None = None
    currency: str | None = None
    weight_kg: Decimal | None = None
    packages: int | None = None
    goods_info: str | None = None
    consignee_name: str | None = None
    consignee_address: str | None = None
    consignee_phone: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaybillStatus(Declared):
    """What became of a waybill 物流运单状态. status: ``S``, delivered and signed for."""

    carrier_code: str | None = None
    carrier_name: str | None = None
    waybill_no: str | None = None
    status: str | None = None
    status_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportListItem:
    """One goods line of an import list 进口清单."""

    line_no: int | None = None
    record_item_no: str | None = None
    item_no: str | None = None
    item_name: str | None = None
    hs_code: str | None = None
    goods_name: str | None = None
    specification: str | None = None
    barcode: str | None = None
    origin_country: str | None = None
    trade_country: str | None = None
    currency: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    legal_quantity: Decimal | None = None
    legal_unit: str | None = None
    second_quantity: Decimal | None = None
    second_unit: str | None = None
    price: Decimal | None = None
    total_price: Decimal | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportList(Declared):
    """An import list 进口清单: the goods declaration of one parcel."""

    order_no: str | None = None
    platform_code: str | None = None
    platform_name: str | None = None
    merchant_code: str | None = None
    merchant_name: str | None = None
    waybill_no: str | None = None
    carrier_code: str | None = None
    carrier_name: str | None = None
    internal_no: str | None = None
    pre_entry_no: str | None = None
    guarantor_code: str | None = None
    account_book_no: str | None = None
    list_no: str | None = None
    direction: str | None = None
    declare_date: date | None = None
    customs_code: str | None = None
    port_code: str | None = None
    entry_date: date | None = None
    buyer_id_type: str | None = None
    buyer_id_number: str | None = None
    buyer_name: str | None = None
    buyer_phone: str | None = None
    consignee_address: str | None = None
    declarant_code: str | None = None
    declarant_name: str | None = None
    zone_firm_code: str | None = None
    zone_firm_name: str | None = None
    trade_mode: str | None = None
    transport_mode: str | None = None
    transport_name: str | None = None
    voyage_no: str | None = None
    bill_no: str | None = None
    place_code: str | None = None
    licence_no: str | None = None
    departure_country: str | None = None
    freight: Decimal | None = None
    insured_fee: Decimal | None = None
    currency: str | None = None
    package_type: str | None = None
    packages: int | None = None
    gross_weight_kg: Decimal | None = None
    net_weight_kg: Decimal | None = None
    note: str | None = None
    lines: tuple[ImportListItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRequest(Declared):
    """A request to cancel an import list 撤销申请单."""

    customs_code: str | None = None
    order_no: str | None = None
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
    buyer_id_type: str | None = None
    buyer_id_number: str | None = None
    buyer_name: str | None = None
    buyer_phone: str | None = None
    declarant_code: str | None = None
    declarant_name: str | None = None
    reason: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnItem:
    """One line of a request to return goods. line_no: of the line in the list."""

    line_no: int | None = None
    hs_code: str | None = None
    goods_name: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRequest(CancelRequest):
    """A request to return goods of a released list 退货申请单."""

    lines: tuple[ReturnItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundItem:
    """One waybill that came into a supervision place."""

    line_no: int | None = None
    waybill_no: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundDetail(Declared):
    """What came into a supervision place by one means of transport 入库明细单."""

    customs_code: str | None = None
    internal_no: str | None = None
    pre_entry_no: str | None = None
    inbound_no: str | None = None
    operator_code: str | None = None
    operator_name: str | None = None
    direction: str | None = None
    transport_mode: str | None = None
    transport_name: str | None = None
    voyage_no: str | None = None
    bill_no: str | None = None
    carrier_code: str | None = None
    carrier_name: str | None = None
    unload_location: str | None = None
    note: str | None = None
    lines: tuple[InboundItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessReceipt:
    """An answer to one document 业务回执. What it names depends on the kind of document that it answers."""

    guid: str | None = None
    platform_code: str | None = None
    merchant_code: str | None = None
    declarant_code: str | None = None
    payment_firm_code: str | None = None
    carrier_code: str | None = None
    operator_code: str | None = None
    customs_code: str | None = None
    order_no: str | None = None
    transaction_no: str | None = None
    waybill_no: str | None = None
    status: str | None = None
    internal_no: str | None = None
    pre_entry_no: str | None = None
    list_no: str | None = None
    inbound_no: str | None = None
    bill_no: str | None = None
    part_no: int | None = None
    procedure: str | None = None
    summary_no: str | None = None
    return_status: str | None = None
    issued_at: datetime | None = None
    return_info: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatReceipt:
    """An answer that a whole message was refused for its form 报文格式校验回执."""

    guid: str | None = None
    return_status: str | None = None
    return_info: str | None = None
    issued_at: datetime | None = None
    original_message_id: str | None = None
    original_type: str | None = None
    original: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxBillItem:
    """The taxes on one line of a list."""

    line_no: int | None = None
    hs_code: str | None = None
    dutiable_value: Decimal | None = None
    customs_duty: Decimal | None = None
    value_added_tax: Decimal | None = None
    consumption_tax: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxBill:
    """An electronic tax bill 电子税单. status: 1 made, 2 summed up, 3 void. A bill of status alone has no amounts."""

    guid: str | None = None
    issued_at: datetime | None = None
    list_no: str | None = None
    tax_no: str | None = None
    customs_duty: Decimal | None = None
    value_added_tax: Decimal | None = None
    consumption_tax: Decimal | None = None
    status: str | None = None
    payment_slip_no: str | None = None
    note: str | None = None
    guarantor_code: str | None = None
    merchant_code: str | None = None
    carrier_code: str | None = None
    declarant_code: str | None = None
    customs_code: str | None = None
    order_no: str | None = None
    waybill_no: str | None = None
    lines: tuple[TaxBillItem, ...] = ()
