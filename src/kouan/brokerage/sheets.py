"""Spreadsheets of the libraries: the titles of the exported list are those that are read back, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kouan.records.problems import Problem
from kouan.screens.sheets import Limits, SheetNotReadable, read_rows

LIMITS = Limits(size=10 * 1024 * 1024, rows=20_000, columns=60)
CLIENT_TITLES = {
    "code": "海关编码", "name": "名称", "uscc": "信用代码", "owner_code": "消费使用／生产销售单位编码",
    "owner_name": "消费使用／生产销售单位名称", "overseas_party_name": "境外收发货人名称", "trade_mode": "监管方式",
    "customs_code": "申报地海关", "agreement_no": "书面委托协议编号",
}  # fmt: skip
ARTICLE_TITLES = {
    "article_no": "货号", "client_code": "委托方代码", "name": "商品名称", "hs_code": "商品编号",
    "specification": "申报要素", "ciq_code": "监管类别", "unit": "成交单位", "legal_unit": "法定第一单位",
    "second_unit": "法定第二单位", "origin_country": "原产国", "currency": "币制", "price": "单价",
    "district_code": "境内目的地／货源地", "duty_mode": "征免方式",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its number as Excel counts, and its values."""

    number: int
    values: dict[str, str]


def read_library(data: bytes, name: str, titles: Mapping[str, str]) -> list[Row]:
    """Read the first sheet of an xlsx or csv file. Raises SheetNotReadable."""
    rows = read_rows(data, name, LIMITS)
    words = {title: field for field, title in titles.items()}
    columns: dict[str, int] = {}
    for place, title in enumerate(rows[0]):
        if field := words.get(title.replace("*", "").strip()):
            columns.setdefault(field, place)
    needed = ["name", *(field for field in ("code", "article_no", "hs_code") if field in titles)]
    missing = [titles[field] for field in needed if field not in columns]
    if missing:
        raise SheetNotReadable(
            Problem("LIBRARY-COLUMNS", "", "error", f"缺少列：{'、'.join(missing)}",
                    f"Columns are missing: {', '.join(missing)}", "请使用导出表格的列名",
                    "Use the titles of an exported list")
        )  # fmt: skip
    found = []
    for number, row in enumerate(rows[1:], start=2):
        values = {field: row[place] if place < len(row) else "" for field, place in columns.items()}
        if any(values.values()):
            found.append(Row(number, values))
    return found
