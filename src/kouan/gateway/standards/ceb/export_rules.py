"""Rules about export documents. The docstring of each is the clause in our words.

Sources: field descriptions of the handbook of 2022-05 (303, 403, 505, 507, 509, 603, 605, 607, 701, 213, 215).
"""

from __future__ import annotations

from typing import Any

from kouan.kernel import numbers

from .amount_rules import is_not_positive
from .lexical import shown
from .list_rules import needed
from .reports import ZERO, Report, amount, number

ZONE = "1210"
CHINA = "142"
FOREIGN_PLATFORM, UNREGISTERED = "无", "NO"  # the standard's own words where a firm abroad, or a producer, has no code
_SIMPLIFIED = "A"


def goods_value_is_the_sum_in_its_currency(head: Any, lines: list[Any], report: Report) -> None:
    """The goods value of an order is the sum of its lines, as far as all of them are in the currency of the head."""
    value = number(head.goods_value)
    if value is None or not lines or any(line.currency != head.currency for line in lines):
        return
    total = sum((amount(line.total_price) for line in lines), ZERO)
    if value != total:
        report.head("goodsValue", zh=f"商品金额 {value}，表体总价合计 {total}。",
                    en=f"The goods value is {value}, but the lines amount to {total}.",
                    fix_zh="使商品金额等于表体总价之和。", fix_en="Make it the sum of the lines.")  # fmt: skip


def list_is_for_export(head: Any, lines: list[Any], report: Report) -> None:
    """An export list number carries the direction E."""
    if head.list_no:
        _export_number(head.list_no, report, "invtNo")


def lines_name_export_lists(head: Any, lines: list[Any], report: Report) -> None:
    """Where lines name lists, they name export lists, each once."""
    seen: set[str] = set()
    for place, line in enumerate(lines):
        if not line.list_no:
            continue
        parts = numbers.list_number_parts(line.list_no)
        if parts is None or parts[2] != "E":
            report.line(place, "invtNo", "-912006")
        if line.list_no in seen:
            report.line(place, "invtNo", zh=f"清单 {shown(line.list_no)} 重复列出。",
                        en=f"The list {shown(line.list_no)} is named twice.",
                        fix_zh="每份清单只列一次。", fix_en="Name each list once.")  # fmt: skip
        seen.add(line.list_no)


def _export_number(list_no: str, report: Report, element: str) -> None:
    parts = numbers.list_number_parts(list_no)
    if parts is None or parts[2] != "E":
        report.head(element, "-912006")


def zone_export_names_its_account(head: Any, lines: list[Any], report: Report) -> None:
    """Export from a special zone (1210) names the account book, the firm in the zone and each item's record number."""
    pairs = ((head.account_book_no, "emsNo"), (head.zone_firm_code, "iacCode"), (head.zone_firm_name, "iacName"))
    if head.trade_mode != ZONE:
        for value, element in pairs:
            if value:
                report.head(element, "-912008", name=element)
        return
    zh, en = "特殊区域出口（1210）", "Zone export (1210)"
    for value, element in pairs:
        if not value:
            report.head(element, **needed(zh, en, element))
    for place, line in enumerate(lines):
        if not line.record_item_no:
            report.line(place, "itemRecordNo", **needed(zh, en, "itemRecordNo"))


def simplified_export_has_no_licence(head: Any, lines: list[Any], report: Report) -> None:
    """Simplified declaration (A) is for goods without licence; goods with one are summed up (B)."""
    if head.procedure == _SIMPLIFIED and head.licence_no:
        report.head("statisticsFlag", zh="简化申报（A）的商品不得涉及许可证。",
                    en="Simplified declaration (A) is for goods that need no licence.",
                    fix_zh="改为汇总申报（B），或核对许可证号。",
                    fix_en="Use summary declaration (B), or check the licence number.")  # fmt: skip


def packages_are_counted(head: Any, lines: list[Any], report: Report) -> None:
    """There is at least one package."""
    value = number(head.packages)
    if value is not None and value <= 0:
        report.head("packNo", **is_not_positive(value))


def parts_are_in_order(head: Any, lines: list[Any], report: Report) -> None:
    """A document that is split over messages counts its parts from 1 to their number."""
    count, part = number(head.part_count), number(head.part_no)
    if count is not None and count < 1:
        report.head("msgCount", **is_not_positive(count))
    elif part is not None and (part < 1 or (count is not None and part > count)):
        report.head("msgSeqNo", zh=f"报文序号 {part} 不在 1 至 {count} 之间。",
                    en=f"Part {part} is not between 1 and {count}.",
                    fix_zh="未拆分填 1；拆分的从 1 起连续编号。",
                    fix_en="Give 1 if it is not split; else number the parts from 1.")  # fmt: skip


def arrival_says_what_arrived(head: Any, lines: list[Any], report: Report) -> None:
    """An arrival names waybills; without any it names the bill under which everything arrived."""
    if not lines and not head.bill_no:
        report.head("billNo", zh="运抵单没有运单表体时必须填写提运单号。",
                    en="An arrival without waybills names the bill of lading.",
                    fix_zh="填写提运单号或运单表体。", fix_en="Give the bill number, or the waybills.")  # fmt: skip


def summary_names_lists_or_a_period(head: Any, lines: list[Any], report: Report) -> None:
    """A summary application names a period by both its ends, the later not before the earlier, or lists by number.

    With a period the numbers in its lines have no effect; that is told as a warning.
    """
    start, end = head.period_start, head.period_end
    if bool(start) != bool(end):
        report.head("endTime" if start else "startTime", zh="汇总开始时间和结束时间必须成对填写。",
                    en="Beginning and end of the period go together.",
                    fix_zh="两项都填或都不填。", fix_en="Give both or neither.")  # fmt: skip
    elif start and end and end < start:
        report.head("endTime", zh="汇总结束时间早于开始时间。", en="The period ends before it begins.",
                    fix_zh="核对时间范围。", fix_en="Check the period.")  # fmt: skip
    elif start and lines:
        report.head("startTime", "-912007")
    elif not start and not lines:
        report.head("startTime", zh="汇总申请既没有时间范围，也没有清单编号。",
                    en="The application names neither a period nor lists.",
                    fix_zh="填写时间范围或清单编号。", fix_en="Give a period or list numbers.")  # fmt: skip


def returns_come_from_abroad(head: Any, lines: list[Any], report: Report) -> None:
    """Returned goods come from another country than China (142)."""
    if head.departure_country == CHINA:
        report.head("country", zh="启运国（地区）不能为中国。", en="The country of departure cannot be China.",
                    fix_zh="填写退回的起运国（地区）。", fix_en="Give the country from which they return.")  # fmt: skip
