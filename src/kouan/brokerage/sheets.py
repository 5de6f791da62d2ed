"""Spreadsheets of the libraries: the titles of the exported list are those that are read back, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kouan.records.problems import Problem
from kouan.screens.sheets import Limits, SheetNotReadable, read_rows

LIMITS = Limits(size=10 * 1024 * 1024, rows=20_000, columns=60)
CLIENT_TITLES: dict[str, Any] = {
    "code": _("海关编码"), "name": _("名称"), "uscc": _("信用代码"), "owner_code": _("消费使用／生产销售单位编码"),
    "owner_name": _("消费使用／生产销售单位名称"), "overseas_party_name": _("境外收发货人名称"),
    "trade_mode": _("监管方式"), "customs_code": _("申报地海关"), "agreement_no": _("书面委托协议编号"),
}  # fmt: skip
ARTICLE_TITLES: dict[str, Any] = {
    "article_no": _("货号"), "client_code": _("委托方代码"), "name": _("商品名称"), "hs_code": _("商品编号"),
    "specification": _("申报要素"), "ciq_code": _("监管类别"), "unit": _("成交单位"), "legal_unit": _("法定第一单位"),
    "second_unit": _("法定第二单位"), "origin_country": _("原产国"), "currency": _("币制"), "price": _("单价"),
    "district_code": _("境内目的地／货源地"), "duty_mode": _("征免方式"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its number as Excel counts, and its values."""

    number: int
    values: dict[str, str]


def read_library(data: bytes, name: str, titles: Mapping[str, Any]) -> list[Row]:
    """Read the first sheet of an xlsx or csv file, its titles in either language. Raises SheetNotReadable."""
    rows = read_rows(data, name, LIMITS)
    chinese, english = _in("zh-hans", titles), _in("en", titles)
    words = {title: field for said in (english, chinese) for field, title in said.items()}
    columns: dict[str, int] = {}
    for place, title in enumerate(rows[0]):
        if field := words.get(title.replace("*", "").strip()):
            columns.setdefault(field, place)
    needed = ["name", *(field for field in ("code", "article_no", "hs_code") if field in titles)]
    missing = [field for field in needed if field not in columns]
    if missing:
        raise SheetNotReadable(
            Problem("LIBRARY-COLUMNS", "", "error", f"缺少列：{'、'.join(chinese[field] for field in missing)}",
                    f"Columns are missing: {', '.join(english[field] for field in missing)}", "请使用导出表格的列名",
                    "Use the titles of an exported list")
        )  # fmt: skip
    found = []
    for number, row in enumerate(rows[1:], start=2):
        values = {field: row[place] if place < len(row) else "" for field, place in columns.items()}
        if any(values.values()):
            found.append(Row(number, values))
    return found


def _in(language: str, titles: Mapping[str, Any]) -> dict[str, str]:
    with override(language):
        return {field: str(title) for field, title in titles.items()}
