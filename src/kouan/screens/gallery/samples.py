"""What the gallery's cases are made of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kouan.records.problems import Problem
from kouan.screens import charts, pickers
from kouan.screens.pieces import Agency, Chip, Moment, NextStep, Tone

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=timezone.get_fixed_timezone(480))


def chips() -> list[Chip]:
    return [
        Chip(_("已放行"), Tone.DONE),
        Chip(_("待答复"), Tone.WAITING),
        Chip(_("查验中"), Tone.RUNNING, "eye"),
        Chip(_("退单"), Tone.REFUSED),
        Chip(_("逾期 2 天"), Tone.OVERDUE),
        Chip(_("草稿"), Tone.IDLE, "edit"),
        Chip(_("未知状态 999"), Tone.UNKNOWN),
    ]


def problems() -> list[Problem]:
    return [
        Problem(
            "SCR-901",
            "InventoryHead/buyerIdNumber",
            "error",
            "订购人身份证号校验位不对（演示）",
            "The check digit of the buyer’s identity number is wrong (demo)",
            "请核对原件后重新录入 18 位号码",
            "Check the document and enter all 18 characters again",
        ),
        Problem(
            "SCR-902",
            "InventoryList[2]/gcode",
            "warning",
            "商品编码 2106909090 自 2026-01-01 起已拆分（演示）",
            "Commodity code 2106909090 was split on 2026-01-01 (demo)",
            "请改用 2106909095 或 2106909099",
            "Use 2106909095 or 2106909099",
        ),
    ]


def next_steps() -> list[NextStep]:
    return [
        NextStep(
            "yours",
            _("海关询问第 2 项商品规格，请答复"),
            by_at=NOW + timedelta(hours=4),
            basis=_("查验通知 CX-0091（演示）"),
            url="#",
            act=_("答复海关询问"),
        ),
        NextStep("late", _("补交原产地证书"), by_at=NOW - timedelta(days=2), url="#", act=_("去补交")),
        NextStep("theirs", _("市场监管联合查验"), whose=_("市场监管员（演示）"), by_at=NOW + timedelta(hours=1)),
        NextStep("over", _("货物已于 2026-11-22 16:40 出卡口")),
    ]


def moments() -> list[Moment]:
    return [
        Moment(
            _("收到申报"),
            NOW - timedelta(hours=4),
            took=timedelta(seconds=0.4),
            who=_("HTTP 接口"),
            note="CEB621 · JC-20261122-07",
        ),
        Moment(_("四单对碰一致"), NOW - timedelta(hours=4), note=_("订单、支付单、运单、清单")),
        Moment(
            _("海关入库"), NOW - timedelta(hours=3, minutes=59), took=timedelta(seconds=41), who=_("国家标准版回执 120")
        ),
        Moment(
            _("抽中查验"),
            NOW - timedelta(hours=3),
            took=timedelta(minutes=43),
            note=_("判定表“电商食品”第 14 行 · 随机 2%"),
        ),
        Moment(
            _("海关询问规格"),
            NOW - timedelta(minutes=115),
            Tone.WAITING,
            who=_("海关查验员（演示）"),
            note=_("请补充第 2 项规格与配料"),
            took=timedelta(minutes=115),
            waiting_for=_("申报人"),
            is_long=True,
        ),
        Moment(_("查验结果"), None, Tone.IDLE, note=_("预约 15:00 查验台 3，海关与市场监管一次完成")),
        Moment(_("放行"), None, Tone.IDLE),
    ]


def agencies() -> list[Agency]:
    return [
        Agency(
            _("海关"), Chip(_("询问"), Tone.WAITING), [_("查验 · 等待答复")], _("海关查验员（演示）"), NOW, is_mine=True
        ),
        Agency(_("市场监管"), Chip(_("待联合查验"), Tone.RUNNING), [_("15:00 查验台 3")], _("市场监管员（演示）")),
        Agency(_("税务"), Chip(_("已办结"), Tone.DONE), [_("税款担保有效")], _("系统"), NOW - timedelta(hours=4)),
    ]


def goods() -> list[dict[str, Any]]:
    return [
        {
            "at": 1,
            "code": "1901101000",
            "name": _("婴幼儿配方奶粉 900 g"),
            "was": "",
            "origin": ("601", _("澳大利亚")),
            "count": 4,
            "unit": _("罐"),
            "price": 23800,
        },
        {
            "at": 2,
            "code": "2106909090",
            "name": _("益生菌粉 30 袋 × 2 g"),
            "was": _("益生菌粉 30 袋"),
            "origin": ("601", _("澳大利亚")),
            "count": 2,
            "unit": _("盒"),
            "price": 12800,
        },
        {
            "at": 3,
            "code": "3304990099",
            "name": _("婴儿润肤霜 100 g"),
            "was": "",
            "origin": ("304", _("德国")),
            "count": 1,
            "unit": _("支"),
            "price": 7800,
        },
    ]


def time_parts() -> list[charts.Part]:
    return [
        charts.Part(_("系统处理"), 42, 6),
        charts.Part(_("机关作业"), 44 * 60, 1),
        charts.Part(_("等待机关"), 53 * 60, 5),
        charts.Part(_("等待申报人"), 115 * 60, 2),
    ]


COUNTRIES = [
    pickers.Option("601", "澳大利亚", "AUS"),
    pickers.Option("304", "德国", "DEU"),
    pickers.Option("502", "美国", "USA"),
    pickers.Option("609", "新西兰", "NZL"),
    pickers.Option("116", "日本", "JPN"),
    pickers.Option("142", "中国", "CHN"),
]
