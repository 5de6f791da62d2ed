"""What has to agree between the four documents of one parcel. Pure: typed rows in, problems out.

Each rule is one function; its docstring is the clause in our words. Sources are the field descriptions of the customs
edition (海关跨境电商统一版 202205版, 311, 411, 511, 621) and the return texts that customs is known to send for the
same fault (Code 1322, 1327, 13127). The codes are Kouan's own range -920001 to -920099: a mismatch found here is our
check result, never an answer of customs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kouan.records.problems import Problem


@dataclass(frozen=True, slots=True)
class Side:
    """What one document of the four says, as far as the others must agree with it; ``None`` where it says nothing."""

    order_no: str
    platform_code: str
    merchant_code: str
    carrier_code: str
    waybill_no: str
    payment_firm_code: str
    transaction_no: str
    bill_no: str
    amount_paid: Decimal | None
    line_count: int
    buyer_digest: bytes | None
    consignee_digest: bytes | None
    goods_digest: bytes | None


IMPORT_COMPANIONS = ("order", "payment", "waybill")
EXPORT_COMPANIONS = ("order", "receipt", "waybill")


@dataclass(frozen=True, slots=True)
class Parcel:
    """The import list and what has come of its three companions."""

    import_list: Side
    order: Side | None
    payment: Side | None
    waybill: Side | None

    @property
    def missing(self) -> tuple[str, ...]:
        """Which companions have not come, in the order in which the page names them."""
        sides = (self.order, self.payment, self.waybill)
        return tuple(name for name, side in zip(IMPORT_COMPANIONS, sides, strict=True) if side is None)


def compare(parcel: Parcel) -> list[Problem]:
    """Compare every pair that is there; an empty list when all that has come agrees."""
    return [problem for rule in _RULES for problem in rule(parcel)]


def same_seller(parcel: Parcel) -> Iterator[Problem]:
    """电商企业一致：清单与订单的电商企业代码相同。The list and the order name the same e-commerce firm."""
    order, listed = parcel.order, parcel.import_list
    if order and order.merchant_code != listed.merchant_code:
        yield _problem(
            "-920001",
            "/InventoryHead/ebcCode",
            f"清单的电商企业代码 {listed.merchant_code} 与订单的 {order.merchant_code} 不一致",
            f"E-commerce firm {listed.merchant_code} on the list, {order.merchant_code} on the order",
            "请核对后变更清单或订单",
            "Check and amend the list or the order",
        )


def same_goods(parcel: Parcel) -> Iterator[Problem]:
    """商品项一一对应：清单商品项与订单商品项数量和序号一一对应。Each goods line of the list answers to one of the
    order, by number."""
    order, listed = parcel.order, parcel.import_list
    if order and order.line_count != listed.line_count:
        yield _problem(
            "-920002",
            "/InventoryList/gnum",
            f"清单有 {listed.line_count} 项商品，订单有 {order.line_count} 项",
            f"{listed.line_count} goods lines on the list, {order.line_count} on the order",
            "请使清单商品项与订单商品项一一对应",
            "Make the lines of list and order answer to each other one by one",
        )


def same_goods_names(parcel: Parcel) -> Iterator[Problem]:
    """商品名称与订单一致：清单的商品名称、数量应与电子订单一致。Names and quantities of the list follow the order.
    Told, not refused: the standard asks for agreement and names no fault."""
    order, listed = parcel.order, parcel.import_list
    if order and order.line_count == listed.line_count and order.goods_digest != listed.goods_digest:
        yield Problem(
            code="-920003",
            pointer="/InventoryList",
            severity="warning",
            zh="清单的商品名称或数量与订单不完全一致",
            en="Names or quantities of the goods differ between list and order",
            fix_zh="请核对逐项商品名称和数量",
            fix_en="Check name and quantity line by line",
        )


def same_buyer(parcel: Parcel) -> Iterator[Problem]:
    """订购人一致：清单订购人与订单订购人的姓名和证件号码相同。The buyer of the list is the buyer of the order."""
    order, listed = parcel.order, parcel.import_list
    if order and order.buyer_digest != listed.buyer_digest:
        yield _problem(
            "-920004",
            "/InventoryHead/buyerIdNumber",
            "清单订购人的姓名或证件号码与订单不一致",
            "Name or ID number of the buyer differ between list and order",
            "请修改订购人后重新申报",
            "Correct the buyer and declare again",
        )


def buyer_pays(parcel: Parcel) -> Iterator[Problem]:
    """订购人即支付人：订单订购人与支付凭证支付人的姓名和证件号码相同。The buyer of the order is the payer."""
    order, payment = parcel.order, parcel.payment
    if order and payment and order.buyer_digest != payment.buyer_digest:
        yield _problem(
            "-920005",
            "/PaymentHead/payerIdNumber",
            "订单订购人与支付凭证支付人的姓名或证件号码不一致",
            "Name or ID number differ between the buyer on the order and the payer",
            "请核对订单与支付凭证",
            "Check the order and the payment",
        )


def same_amount(parcel: Parcel) -> Iterator[Problem]:
    """实付金额一致：订单实际支付金额与支付凭证的支付金额相同。The amount paid on the order is that of the payment."""
    order, payment = parcel.order, parcel.payment
    if order and payment and order.amount_paid != payment.amount_paid:
        yield _problem(
            "-920006",
            "/PaymentHead/amountPaid",
            f"订单实际支付金额 {_plain(order.amount_paid)} 元，支付凭证为 {_plain(payment.amount_paid)} 元",
            f"{_plain(order.amount_paid)} yuan paid on the order, {_plain(payment.amount_paid)} on the payment",
            "请核对订单与支付凭证的金额",
            "Check the amounts of order and payment",
        )


def same_consignee(parcel: Parcel) -> Iterator[Problem]:
    """收货人一致：订单收货人的姓名、电话、地址与运单相同。Name, telephone and address of the consignee are the same
    on order and waybill."""
    order, waybill = parcel.order, parcel.waybill
    if order and waybill and order.consignee_digest != waybill.consignee_digest:
        yield _problem(
            "-920007",
            "/LogisticsHead/consignee",
            "订单收货人的姓名、电话或地址与运单不一致",
            "Name, telephone or address of the consignee differ between order and waybill",
            "请核对订单与运单的收货人",
            "Check the consignee on order and waybill",
        )


def waybill_names_the_order(parcel: Parcel) -> Iterator[Problem]:
    """运单对应订单：运单填写的订单编号即清单的订单编号。The waybill names the order of the list."""
    waybill, listed = parcel.waybill, parcel.import_list
    if waybill and waybill.order_no and waybill.order_no != listed.order_no:
        yield _problem(
            "-920008",
            "/LogisticsHead/orderNo",
            f"运单填写的订单编号 {waybill.order_no} 与清单的 {listed.order_no} 不一致",
            f"Order {waybill.order_no} on the waybill, {listed.order_no} on the list",
            "请核对运单的订单编号",
            "Check the order number on the waybill",
        )


def same_bill(parcel: Parcel) -> Iterator[Problem]:
    """提运单号一致：直购进口的清单与运单填写同一提运单号。List and waybill of a direct purchase name one bill."""
    waybill, listed = parcel.waybill, parcel.import_list
    if waybill and waybill.bill_no and listed.bill_no and waybill.bill_no != listed.bill_no:
        yield _problem(
            "-920009",
            "/InventoryHead/billNo",
            f"清单提运单号 {listed.bill_no} 与运单的 {waybill.bill_no} 不一致",
            f"Bill {listed.bill_no} on the list, {waybill.bill_no} on the waybill",
            "请核对提运单号",
            "Check the bill number",
        )


def same_payment(parcel: Parcel) -> Iterator[Problem]:
    """支付交易一致：订单填写了支付交易编号时，与支付凭证相同。Where the order names a payment, it is this one."""
    order, payment = parcel.order, parcel.payment
    if order and payment and order.transaction_no and order.transaction_no != payment.transaction_no:
        yield _problem(
            "-920010",
            "/OrderHead/payTransactionId",
            f"订单的支付交易编号 {order.transaction_no} 与支付凭证的 {payment.transaction_no} 不一致",
            f"Payment {order.transaction_no} on the order, {payment.transaction_no} on the payment",
            "请核对支付交易编号",
            "Check the payment number",
        )


_RULES = (
    same_seller,
    same_goods,
    same_goods_names,
    same_buyer,
    buyer_pays,
    same_amount,
    same_consignee,
    waybill_names_the_order,
    same_bill,
    same_payment,
)


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"


def _problem(code: str, pointer: str, zh: str, en: str, fix_zh: str, fix_en: str) -> Problem:
    return Problem(code=code, pointer=pointer, severity="error", zh=zh, en=en, fix_zh=fix_zh, fix_en=fix_en)
