"""Rules about amounts, quantities and the numbering of lines. The docstring of each is the clause in our words."""

from __future__ import annotations

from decimal import Context as Arithmetic
from decimal import Decimal
from typing import Any

from .lexical import shown
from .reports import ONE, ZERO, Report, Rule, amount, number

_EXACT = Arithmetic(prec=80)
_HALF_FEN = Decimal("0.005")
_HALF_LAST_DECIMAL = Decimal("0.000005")  # of a price, which may have five


def actual_paid_is_the_sum(head: Any, lines: list[Any], report: Report) -> None:
    """What was paid is goods value plus freight plus withheld tax less what was not paid in cash."""
    expected = amount(head.goods_value) + amount(head.freight) + amount(head.tax_total) - amount(head.discount)
    paid = number(head.actual_paid)
    if paid is not None and paid != expected:
        report.head("acturalPaid", zh=f"实付 {paid}，应为 商品价格＋运杂费＋代扣税款－非现金抵扣 ＝ {expected}。",
                    en=f"{paid} was paid, but goods + freight + tax − discount are {expected}.",
                    fix_zh="核对各项金额。", fix_en="Check the amounts.")  # fmt: skip


def goods_value_is_the_sum_of_lines(head: Any, lines: list[Any], report: Report) -> None:
    """The goods value of an order is the sum of the total prices of its lines."""
    total = sum((amount(line.total_price) for line in lines), ZERO)
    value = number(head.goods_value)
    if value is not None and lines and value != total:
        report.head("goodsValue", zh=f"商品价格 {value}，表体总价合计 {total}。",
                    en=f"The goods value is {value}, but the lines amount to {total}.",
                    fix_zh="使商品价格等于表体总价之和。", fix_en="Make it the sum of the lines.")  # fmt: skip


def total_price_is_price_times_quantity(head: Any, lines: list[Any], report: Report) -> None:
    """The total price of a line is its price times its quantity.

    A price has five decimals at most, so the product may miss the total by half of the fifth decimal for each piece
    and by half a fen.
    """
    for place, line in enumerate(lines):
        quantity, price, total = number(line.quantity), number(line.price), number(line.total_price)
        if quantity is None or price is None or total is None:
            continue
        product = _EXACT.multiply(quantity, price)
        if product != total and abs(product - total) > _EXACT.multiply(quantity, _HALF_LAST_DECIMAL) + _HALF_FEN:
            report.line(place, "totalPrice", zh=f"总价 {total}，单价×数量为 {product.normalize():f}。",
                        en=f"The total price is {total}, but price times quantity is {product.normalize():f}.",
                        fix_zh="核对单价、数量和总价。", fix_en="Check price, quantity and total.")  # fmt: skip


def not_negative(*names: tuple[str, str]) -> Rule:
    def rule(head: Any, lines: list[Any], report: Report) -> None:
        for name, element in names:
            value = getattr(head, name)
            if value and "-" in value and amount(value) < 0:
                report.head(element, **is_negative(value))

    rule.__doc__ = "Amounts are zero or more: " + ", ".join(element for _, element in names) + "."
    return rule


def positive(*names: tuple[str, str]) -> Rule:
    def rule(head: Any, lines: list[Any], report: Report) -> None:
        for name, element in names:
            value = number(getattr(head, name))
            if value is not None and value <= 0:
                report.head(element, **is_not_positive(value))

    rule.__doc__ = "These are more than zero: " + ", ".join(element for _, element in names) + "."
    return rule


def quantities_are_positive(head: Any, lines: list[Any], report: Report) -> None:
    """The quantity of a line is more than zero; its price is zero (a gift) or more."""
    for place, line in enumerate(lines):
        quantity = number(line.quantity)
        if quantity is not None and quantity <= 0:
            report.line(place, "qty", **is_not_positive(quantity))
        for name, element in (("price", "price"), ("total_price", "totalPrice")):
            value = getattr(line, name, None)
            if value and "-" in value and amount(value) < 0:
                report.line(place, element, **is_negative(value))


def is_negative(value: str) -> dict[str, str]:
    return {"zh": f"金额 {shown(value)} 小于 0。", "en": f"The amount {shown(value)} is below zero.",
            "fix_zh": "填写 0 或正数。", "fix_en": "Give zero or more."}  # fmt: skip


def is_not_positive(value: Decimal) -> dict[str, str]:
    return {"zh": f"数值 {value} 应大于 0。", "en": f"The value {value} must be more than zero.",
            "fix_zh": "填写正数。", "fix_en": "Give a positive number."}  # fmt: skip


def one_purchase_keeps_the_limit(head: Any, lines: list[Any], report: Report) -> None:
    """One purchase (goods, freight and insurance) keeps the limit of its day.

    Above it only a single piece that cannot be divided may come in, with the full tax; that is told as a warning. On a
    day for which no limit is known nothing is compared, and that is told too.
    """
    limit = report.context.figures.get("single_limit")
    if limit is None:
        report.head("declTime", "-911011")
        return
    total = sum((amount(line.total_price) for line in lines), ZERO) + amount(head.freight) + amount(head.insured_fee)
    if total <= limit:
        return
    single = len(lines) == 1 and number(lines[0].quantity) == ONE
    if single:
        report.head("orderNo", "-621005", severity="warning",
                    zh=f"清单金额 {total} 元，超过单笔限额 {limit} 元；仅一件不可分割商品，按全额征税。",
                    en=f"{total} yuan are above the limit of {limit}; a single piece comes in with the full tax.",
                    fix_zh="确认为不可分割的单件商品。", fix_en="Make sure that it cannot be divided.")  # fmt: skip
    else:
        report.head("orderNo", "-621005", amount=total, limit=limit)


def line_numbers_run_from_one(head: Any, lines: list[Any], report: Report) -> None:
    """Lines are numbered from 1 without gap, and no number is used twice."""
    if all(line.line_no == str(place) for place, line in enumerate(lines, 1)):
        return
    seen: set[str] = set()
    for place, line in enumerate(lines):
        written = (line.line_no or "").strip()
        if not written:
            continue
        if written in seen:
            report.line(place, "gnum", report.kind.faults.repeated_line, **_repeated(report, written))
        elif written != str(place + 1):
            report.line(place, "gnum", zh=f"序号 {shown(written)}，应为 {place + 1}。",
                        en=f"The line number is {shown(written)}; it should be {place + 1}.",
                        fix_zh="序号从 1 起连续编排。", fix_en="Number the lines from 1 without gap.")  # fmt: skip
        seen.add(written)


def line_numbers_are_used_once(head: Any, lines: list[Any], report: Report) -> None:
    """A request to return names lines of the list by their numbers there, each once."""
    seen: set[str] = set()
    for place, line in enumerate(lines):
        written = (line.line_no or "").strip()
        if written and written in seen:
            report.line(place, "gnum", report.kind.faults.repeated_line, **_repeated(report, written))
        if (value := number(written)) is not None and value <= 0:
            report.line(place, "gnum", **is_not_positive(value))
        seen.add(written)


def _repeated(report: Report, written: str) -> dict[str, str]:
    if report.kind.faults.repeated_line != report.kind.faults.field:
        return {}
    return {"zh": f"序号 {shown(written)} 重复。", "en": f"The line number {shown(written)} is used twice.",
            "fix_zh": "每个序号只用一次。", "fix_en": "Use each number once."}  # fmt: skip


def second_quantity_goes_with_its_unit(head: Any, lines: list[Any], report: Report) -> None:
    """Without a second unit there is no second quantity; with one, the second quantity is positive."""
    for place, line in enumerate(lines):
        quantity, unit = line.second_quantity, line.second_unit
        if bool(quantity) != bool(unit) or (quantity and amount(quantity) <= 0):
            report.line(place, "qty2", zh="第二数量与第二计量单位应成对填写，且数量为正数。",
                        en="Second quantity and second unit go together, and the quantity is positive.",
                        fix_zh="两项都填或都不填。", fix_en="Give both or neither.")  # fmt: skip


def legal_quantities_are_positive(head: Any, lines: list[Any], report: Report) -> None:
    """The quantity in the legal unit is more than zero."""
    for place, line in enumerate(lines):
        value = number(line.legal_quantity)
        if value is not None and value <= 0:
            report.line(place, "qty1", **is_not_positive(value))


def waybills_are_named_once(head: Any, lines: list[Any], report: Report) -> None:
    """An inbound detail names each waybill once."""
    seen: set[str] = set()
    for place, line in enumerate(lines):
        if line.waybill_no in seen:
            report.line(place, "logisticsNo", "-911022", number=shown(line.waybill_no))
        if line.waybill_no:
            seen.add(line.waybill_no)
