"""A spreadsheet of goods declarations: one row a goods line, rows of one client number make one declaration."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kouan.records.problems import Problem
from kouan.screens.marking import Mark
from kouan.screens.sheets import Limits, SheetNotReadable, read_rows

LIMITS = Limits(size=20 * 1024 * 1024, rows=50_000, columns=200)

HEAD_COLUMNS: dict[str, str] = {
    "client_no": "企业编号", "direction": "进出口", "step": "申报步骤", "document_type": "单据类型前缀",
    "entry_type": "报关单类型", "list_no": "清单统一编号", "customs_code": "申报地海关", "port_code": "进出境关别",
    "entry_date": "进出口日期", "record_no": "备案号", "trader_code": "境内收发货人海关编码",
    "trader_uscc": "境内收发货人信用代码", "trader_name": "境内收发货人名称", "owner_code": "消费使用生产销售单位编码",
    "owner_uscc": "消费使用生产销售单位信用代码", "owner_name": "消费使用生产销售单位名称",
    "overseas_party_name": "境外收发货人名称", "transport_mode": "运输方式", "transport_name": "运输工具名称",
    "voyage_no": "航次号", "bill_no": "提运单号", "goods_place": "货物存放地点", "trade_mode": "监管方式",
    "levy_nature": "征免性质", "licence_no": "许可证号", "departure_port": "启运港", "contract_no": "合同协议号",
    "trading_country": "贸易国", "trade_country": "启运国运抵国", "port_of_call": "经停港指运港",
    "entry_port": "入境离境口岸", "package_type": "包装种类", "packages": "件数", "gross_weight_kg": "毛重千克",
    "net_weight_kg": "净重千克", "price_terms": "成交方式", "freight_mark": "运费标记", "freight_rate": "运费",
    "freight_currency": "运费币制", "insurance_mark": "保费标记", "insurance_rate": "保费",
    "insurance_currency": "保费币制", "marks": "标记唛码", "note": "备注", "typist_name": "录入员",
    "typist_card": "录入员IC卡号", "declarant_name": "申报人员",
}  # fmt: skip
LINE_COLUMNS: dict[str, str] = {
    "hs_code": "商品编号", "ciq_code": "监管类别", "goods_name": "商品名称", "specification": "规格型号",
    "quantity": "成交数量", "unit": "成交单位", "price": "单价", "total_price": "总价", "currency": "币制",
    "legal_quantity": "法定第一数量", "legal_unit": "法定第一单位", "second_quantity": "法定第二数量",
    "second_unit": "法定第二单位", "destination_country": "最终目的国", "origin_country": "原产国",
    "district_code": "境内目的地货源地", "duty_mode": "征免方式",
}  # fmt: skip
_LINE_POINTER = re.compile(r"goods-([0-9]+)-(\w+)")
_NEEDED = ("client_no", "direction", "trader_code", "trade_mode", "hs_code", "goods_name", "quantity", "price")
_WORDS = {
    "direction": {"进口": "I", "出口": "E"},
    "step": {"一次申报": "", "概要申报": "outline", "完整申报": "complete", "5": "outline", "6": "complete"},
}
"""Words that may be written in a column instead of the value."""


@dataclass(slots=True)
class SheetDeclaration:
    """One declaration of a sheet: its values, the rows it stands in, and what is wrong."""

    values: dict[str, Any]
    rows: list[int]
    problems: list[Problem] = field(default_factory=list)

    @property
    def client_no(self) -> str:
        return str(self.values["client_no"])


def read_sheet(data: bytes, name: str) -> list[SheetDeclaration]:
    """Read the first sheet of an xlsx or a csv file. Raises SheetNotReadable."""
    rows = read_rows(data, name, LIMITS)
    return _group(columns_of(rows[0]), rows[1:])


def marks_of(one: SheetDeclaration) -> list[Mark]:
    """Give the problems of a declaration at the rows and columns in which the values stand, each once."""
    found: dict[tuple[int, str, str], Mark] = {}
    for problem in one.problems:
        row, name = _place_of(problem, one.rows)
        title = (HEAD_COLUMNS | LINE_COLUMNS).get(name, "")
        found.setdefault((row, name, problem.zh), Mark(row, name, title, problem))
    return list(found.values())


def _place_of(problem: Problem, rows: Sequence[int]) -> tuple[int, str]:
    if line := _LINE_POINTER.fullmatch(problem.pointer):
        at = int(line[1])
        return rows[at] if at < len(rows) else rows[-1], line[2] if line[2] in LINE_COLUMNS else ""
    return rows[0], problem.pointer if problem.pointer in HEAD_COLUMNS else ""


def columns_of(titles: Sequence[str]) -> dict[str, int]:
    """Find the columns by their titles, in any order."""
    words = {title: name for name, title in (HEAD_COLUMNS | LINE_COLUMNS).items()}
    found: dict[str, int] = {}
    for place, title in enumerate(titles):
        if name := words.get(title.replace("*", "").strip()):
            found.setdefault(name, place)
    missing = [(HEAD_COLUMNS | LINE_COLUMNS)[name] for name in _NEEDED if name not in found]
    if missing:
        raise SheetNotReadable(
            _problem("-961040", f"缺少列：{'、'.join(missing)}", f"Columns are missing: {', '.join(missing)}",
                     "请使用模板的列名", "Use the titles of the template")
        )  # fmt: skip
    return found


def _group(columns: dict[str, int], rows: Sequence[Sequence[str]]) -> list[SheetDeclaration]:
    made: dict[str, SheetDeclaration] = {}
    for number, row in enumerate(rows, start=2):
        cells = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
        if not any(cells.values()):
            continue
        key = cells["client_no"] or f"#{number}"
        one, head = made.get(key), _head_of(cells)
        if one is None:
            one = made[key] = SheetDeclaration({**head, "goods": [], "containers": [], "documents": []}, [])
            if not cells["client_no"]:
                one.problems.append(
                    _problem("-961041", f"第 {number} 行缺少企业编号", f"Row {number} has no client number", "请填写",
                             "Fill it in", "client_no")
                )  # fmt: skip
        one.rows.append(number)
        if not head.items() <= one.values.items():
            _compare_head(one, head, number)
        one.values["goods"].append({name: cells.get(name, "") for name in LINE_COLUMNS})
    return list(made.values())


def _head_of(cells: dict[str, str]) -> dict[str, str]:
    """Give the head that a row says, with words in the place of values where they may stand."""
    head = {name: cells.get(name, "") for name in HEAD_COLUMNS}
    return head | {name: words.get(head[name], head[name]) for name, words in _WORDS.items()}


def _compare_head(one: SheetDeclaration, head: dict[str, str], number: int) -> None:
    for name, title in HEAD_COLUMNS.items():
        value = head[name]
        if value and one.values[name] and value != one.values[name]:
            one.problems.append(
                _problem("-961042", f"第 {number} 行的{title}与同一编号的前一行不同",
                         f"Row {number}: {name} differs from the row above of the same number",
                         "同一企业编号的表头各列应相同", "The head columns of one number have to agree", name)
            )  # fmt: skip
        one.values[name] = one.values[name] or value


def _problem(code: str, zh: str, en: str, fix_zh: str, fix_en: str, pointer: str = "") -> Problem:
    return Problem(code, pointer, "error", zh, en, fix_zh, fix_en)
