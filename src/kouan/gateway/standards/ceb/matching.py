"""What order, payment voucher, waybill and list of one parcel have to say alike.

One function per clause; its docstring is the clause in our words. The codes are Kouan's (-912…): customs compares the
documents itself and answers in its own words.
"""

from __future__ import annotations

from typing import Any

from kouan.records.problems import Problem

from . import codes
from .declarations import ListHead, ListLine, OrderHead, OrderLine, PaymentHead, WaybillHead
from .reports import number

_LIST = "/CEB621Message/Inventory/InventoryHead"
_ORDER = "/CEB311Message/Order/OrderHead"
_PAYMENT = "/CEB411Message/Payment/PaymentHead"


def match(
    order: OrderHead | None,
    order_lines: list[OrderLine],
    payment: PaymentHead | None,
    waybill: WaybillHead | None,
    list_head: ListHead | None,
    list_lines: list[ListLine],
) -> list[Problem]:
    """Compare the documents of one parcel, as far as they are there; give what does not agree."""
    problems: list[Problem] = []
    if order and payment:
        problems += payment_settles_the_order(order, payment)
        problems += buyer_is_the_payer(order, payment)
    if order and waybill:
        problems += consignee_is_the_same(order, waybill)
    if order and list_head:
        problems += list_names_the_order(order, list_head)
        problems += buyer_is_the_same(order, list_head)
        problems += lines_match_one_to_one(order_lines, list_lines)
    if waybill and list_head:
        problems += list_names_the_waybill(waybill, list_head)
    return problems


def payment_settles_the_order(order: OrderHead, payment: PaymentHead) -> list[Problem]:
    """The voucher is for this order of this platform, and its amount is what the order says was paid."""
    problems = []
    for name, element, zh in (("order_no", "orderNo", "订单编号"), ("platform_code", "ebpCode", "电商平台代码")):
        if getattr(order, name) != getattr(payment, name):
            problems.append(_part("-912003", f"{_PAYMENT}/{element}", zh, name))
    for name, element, zh in (
        ("payment_firm_code", "payCode", "支付企业代码"),
        ("transaction_no", "payTransactionId", "支付交易编号"),
    ):
        stated = getattr(order, name)
        if stated and stated != getattr(payment, name):
            problems.append(_part("-912003", f"{_PAYMENT}/{element}", zh, name))
    paid, ordered = number(payment.amount_paid), number(order.actual_paid)
    if paid != ordered:
        problems.append(codes.problem("-912001", f"{_PAYMENT}/amountPaid", paid=paid, ordered=ordered))
    return problems


def buyer_is_the_payer(order: OrderHead, payment: PaymentHead) -> list[Problem]:
    """The buyer of the order and the payer of the voucher are one person."""
    pairs = (
        (order.buyer_name, payment.payer_name, "payerName", "姓名", "name"),
        (order.buyer_id_number, payment.payer_id_number, "payerIdNumber", "证件号码", "identity number"),
    )
    return [
        codes.problem("-912008", f"{_PAYMENT}/{element}", part=zh, part_en=en)
        for ours, theirs, element, zh, en in pairs
        if ours != theirs
    ]


def consignee_is_the_same(order: OrderHead, waybill: WaybillHead) -> list[Problem]:
    """The consignee of the order is the consignee of the waybill: name, telephone and address."""
    problems = []
    if order.order_no != waybill.order_no:
        problems.append(_part("-912004", "/CEB511Message/Logistics/LogisticsHead/orderNo", "订单编号", "order_no"))
    parts = (
        ("consignee_name", "consignee", "姓名", "name"),
        ("consignee_phone", "consigneeTelephone", "电话", "telephone"),
        ("consignee_address", "consigneeAddress", "地址", "address"),
    )
    for name, element, zh, en in parts:
        if getattr(order, name) != getattr(waybill, name):
            problems.append(codes.problem("-912002", f"{_ORDER}/{element}", part=zh, part_en=en))
    return problems


def list_names_the_order(order: OrderHead, list_head: ListHead) -> list[Problem]:
    """The list names the order, its platform and its merchant."""
    parts = (
        ("order_no", "orderNo", "订单编号"),
        ("platform_code", "ebpCode", "电商平台代码"),
        ("merchant_code", "ebcCode", "电商企业代码"),
    )
    return [
        _part("-912004", f"{_LIST}/{element}", zh, name, "订单", "order")
        for name, element, zh in parts
        if getattr(order, name) != getattr(list_head, name)
    ]


def buyer_is_the_same(order: OrderHead, list_head: ListHead) -> list[Problem]:
    """The buyer of the list is the buyer of the order."""
    parts = (
        ("buyer_name", "buyerName", "姓名", "name"),
        ("buyer_id_number", "buyerIdNumber", "证件号码", "identity number"),
    )
    return [
        codes.problem("-912007", f"{_LIST}/{element}", part=zh, part_en=en)
        for name, element, zh, en in parts
        if getattr(order, name) != getattr(list_head, name)
    ]


def list_names_the_waybill(waybill: WaybillHead, list_head: ListHead) -> list[Problem]:
    """The list names the waybill, its carrier and its order."""
    parts = (
        ("waybill_no", "logisticsNo", "物流运单编号"),
        ("carrier_code", "logisticsCode", "物流企业代码"),
        ("order_no", "orderNo", "订单编号"),
    )
    return [
        _part("-912004", f"{_LIST}/{element}", zh, name, "运单", "waybill")
        for name, element, zh in parts
        if getattr(waybill, name) != getattr(list_head, name)
    ]


def lines_match_one_to_one(order_lines: list[OrderLine], list_lines: list[ListLine]) -> list[Problem]:
    """Every line of the list is the line of the same number in the order: quantity, price, total and country."""
    ordered = {line.line_no: line for line in order_lines}
    if len(order_lines) != len(list_lines) or {line.line_no for line in list_lines} != set(ordered):
        return [codes.problem("-912005", "/CEB621Message/Inventory/InventoryList")]
    problems = []
    for place, line in enumerate(list_lines, 1):
        problems += _line_differences(place, ordered[line.line_no], line)
    return problems


def _line_differences(place: int, order: OrderLine, line: ListLine) -> list[Problem]:
    pointer = f"/CEB621Message/Inventory/InventoryList[{place}]"
    problems = []
    for name, element, zh, en in (
        ("quantity", "qty", "数量", "quantity"),
        ("price", "price", "单价", "price"),
        ("total_price", "totalPrice", "总价", "total price"),
    ):
        if number(getattr(order, name)) != number(getattr(line, name)):
            problems.append(codes.problem("-912009", f"{pointer}/{element}", line=line.line_no, part=zh, part_en=en))
    for name, element, zh, en in (
        ("unit", "unit", "计量单位", "unit"),
        ("origin_country", "country", "原产国", "origin"),
    ):
        if getattr(order, name) != getattr(line, name):
            problems.append(codes.problem("-912009", f"{pointer}/{element}", line=line.line_no, part=zh, part_en=en))
    if order.item_name != line.goods_name:
        problems.append(codes.problem("-912006", f"{pointer}/gname"))
    return problems


def _part(code: str, pointer: str, zh: str, name: str, other: str = "订单", other_en: str = "order") -> Problem:
    named: dict[str, Any] = {"part": zh, "part_en": name.replace("_", " "), "other": other, "other_en": other_en}
    return codes.problem(code, pointer, **named)
