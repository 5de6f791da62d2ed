"""What has to agree between the four documents of one export parcel. Pure: typed rows in, problems out.

Each rule is one function; its docstring is the clause in our words. Source: field descriptions of the customs edition
(海关跨境电商统一版 202205版, 303, 403, 505, 603). The codes are Kouan's own range -920100 to -920199: a mismatch found
here is our check result, never an answer of customs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kouan.declarations.rules import EXPORT_COMPANIONS
from kouan.records.problems import Problem

BETWEEN_FIRMS = frozenset({"9710", "9810"})
"""Exports between firms: direct, and to a warehouse abroad."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one document of the four says, as far as the others must agree with it."""

    merchant_code: str
    transaction_no: str
    currency: str
    goods_value: Decimal | None
    freight: Decimal | None
    amount_received: Decimal | None
    gross_weight_kg: Decimal | None
    line_count: int
    goods_digest: bytes | None
    trade_mode: str


@dataclass(frozen=True, slots=True)
class ExportParcel:
    """The export list and what has come of its three companions."""

    listed: Side
    order: Side | None
    receipt: Side | None
    waybill: Side | None

    @property
    def missing(self) -> tuple[str, ...]:
        """Which companions have not come. Between firms no receipt of payment is waited for: goods on their way to a
        warehouse abroad are not sold yet, and trade between firms is paid on its own terms."""
        waits = {"receipt"} if self.listed.trade_mode in BETWEEN_FIRMS else set()
        sides = (self.order, self.receipt, self.waybill)
        named = zip(EXPORT_COMPANIONS, sides, strict=True)
        return tuple(name for name, side in named if side is None and name not in waits)


def compare(parcel: ExportParcel) -> list[Problem]:
    """Compare every pair that is there; an empty list when all that has come agrees."""
    return [problem for rule in _RULES for problem in rule(parcel)]


def same_seller(parcel: ExportParcel) -> Iterator[Problem]:
    """收发货人一致：清单的收发货人即订单、收款单的电商企业，运单填写时也相同。The consignor of the list is the firm
    of the order and of the receipt of payment, and of the waybill where that names one."""
    sides = (
        (parcel.order, "订单", "order"),
        (parcel.receipt, "收款单", "receipt of payment"),
        (parcel.waybill, "运单", "waybill"),
    )
    for side, zh, en in sides:
        if side and side.merchant_code and side.merchant_code != parcel.listed.merchant_code:
            yield _problem(
                "-920101", "/InventoryHead/ebcCode", "error",
                f"清单的收发货人代码 {parcel.listed.merchant_code} 与{zh}的 {side.merchant_code} 不一致",
                f"Consignor {parcel.listed.merchant_code} on the list, {side.merchant_code} on the {en}",
                "请核对后变更清单或单证", "Check and amend the list or the other document",
            )  # fmt: skip


def same_goods(parcel: ExportParcel) -> Iterator[Problem]:
    """商品项一一对应：清单商品序号与订单商品序号关联对应。Each goods line of the list answers to one of the order."""
    order, listed = parcel.order, parcel.listed
    if order and order.line_count != listed.line_count:
        yield _problem(
            "-920102", "/InventoryList/gnum", "error",
            f"清单有 {listed.line_count} 项商品，订单有 {order.line_count} 项",
            f"{listed.line_count} goods lines on the list, {order.line_count} on the order",
            "请使清单商品项与订单商品项一一对应", "Make the lines of list and order answer to each other one by one",
        )  # fmt: skip


def same_goods_names(parcel: ExportParcel) -> Iterator[Problem]:
    """商品名称与数量应与订单一致。Names and quantities of the list follow the order. Told, not refused."""
    order, listed = parcel.order, parcel.listed
    if order and order.line_count == listed.line_count and order.goods_digest != listed.goods_digest:
        yield _problem(
            "-920103", "/InventoryList", "warning",
            "清单的商品名称或数量与订单不完全一致", "Names or quantities of the goods differ between list and order",
            "请核对逐项商品名称和数量", "Check name and quantity line by line",
        )  # fmt: skip


def same_amount(parcel: ExportParcel) -> Iterator[Problem]:
    """收款金额与订单一致：同一币制时，收款金额为商品金额加运杂费。In one currency, what was received is goods value
    plus freight of the order. Told, not refused: several receipts may belong to one order."""
    order, receipt = parcel.order, parcel.receipt
    if not order or not receipt or order.currency != receipt.currency or order.goods_value is None:
        return
    expected = order.goods_value + (order.freight or Decimal(0))
    if receipt.amount_received != expected:
        yield _problem(
            "-920104", "/Receipts/charge", "warning",
            f"收款金额 {_plain(receipt.amount_received)}，订单商品金额与运杂费合计 {_plain(expected)}",
            f"{_plain(receipt.amount_received)} received; the order amounts to {_plain(expected)}",
            "请核对收款单与订单的金额", "Check the amounts of receipt and order",
        )  # fmt: skip


def same_weight(parcel: ExportParcel) -> Iterator[Problem]:
    """毛重一致：清单毛重与运单毛重相同。List and waybill give one gross weight. Told, not refused."""
    waybill, listed = parcel.waybill, parcel.listed
    if waybill and waybill.gross_weight_kg != listed.gross_weight_kg:
        yield _problem(
            "-920105", "/InventoryHead/grossWeight", "warning",
            f"清单毛重 {_plain(listed.gross_weight_kg)} 千克，运单毛重 {_plain(waybill.gross_weight_kg)} 千克",
            f"{_plain(listed.gross_weight_kg)} kg on the list, {_plain(waybill.gross_weight_kg)} kg on the waybill",
            "请核对毛重", "Check the gross weight",
        )  # fmt: skip


_RULES = (same_seller, same_goods, same_goods_names, same_amount, same_weight)


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"


def _problem(code: str, pointer: str, severity: str, zh: str, en: str, fix_zh: str, fix_en: str) -> Problem:
    return Problem(code, pointer, severity, zh, en, fix_zh, fix_en)  # type: ignore[arg-type]
