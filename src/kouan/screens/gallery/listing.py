"""The gallery's list page, over a table that every database has."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kouan.screens.gallery.samples import COUNTRIES, chips
from kouan.screens.lists import (
    BulkAct,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    ListPage,
    NumberRangeFilter,
    PickFilter,
    Preset,
    TextFilter,
)
from kouan.screens.pieces import Chip, Emptiness

SAMPLE = MigrationRecorder.Migration
"""A table that every database has, with times: the gallery's list pages, sorts and filters truly work."""

FIRMS = ("江城优选电商（演示）", "汉江报关行（演示）", "楚天跨境（演示）", "东湖云仓（演示）", "长江物流（演示）")


def _chip_of(row: Any) -> Chip:
    return chips()[row.pk % 7]


LIST = ListPage(
    key="gallery",
    title=_("进口清单样例"),
    about=_("演示列表：每一行都是编造的"),
    columns=[
        Column("number", _("清单编号"), lambda row: f"4722-2026-I-{row.pk:06d}", kind="code", sort="pk"),
        Column("firm", _("申报企业"), lambda row: FIRMS[row.pk % 5], note="name"),
        Column("state", _("状态"), _chip_of, kind="chip"),
        Column("app", _("监管方式"), lambda row: f"1210 {row.app}", sort="app"),
        Column("buyer", _("订购人"), lambda row: "演示甲", mask="name"),
        Column("received", _("收到时间"), "applied", kind="when", sort="applied"),
        Column("waited", _("已等待"), lambda row: timedelta(minutes=7 * row.pk), kind="duration"),
        Column(
            "value",
            _("总价"),
            lambda row: 12_345 * (row.pk % 17),
            kind="money",
            unit=_("元"),
            sort="id",
            total="id",
        ),
        Column("weight", _("毛重"), lambda row: Decimal(row.pk) / 8, kind="quantity", unit=_("千克")),
        Column("remark", _("备注"), lambda row: "", shown=False, is_long=True),
    ],
    filters=[
        TextFilter("q", _("编号或企业"), fields=["name"], placeholder=_("输入几个字")),
        ChoiceFilter(
            "app",
            _("监管方式"),
            choices=lambda request: [
                (label, f"1210 {label}")
                for label in SAMPLE.objects.order_by("app").values_list("app", flat=True).distinct()
            ],
            field="app",
        ),
        ChoiceFilter(
            "kind",
            _("类别"),
            choices=[("0001_initial", _("一般")), ("0002_remove_content_type_name", _("其他"))],
            field="name",
            is_multiple=False,
        ),
        PickFilter(
            "country",
            _("起运国（地区）"),
            picker_url=lambda: reverse("design-page", args=["picker"]),
            name_of=lambda value, request: next((each.name for each in COUNTRIES if each.code == value), None),
            field="name",
        ),
        DateRangeFilter("received", _("收到日期"), field="applied"),
        NumberRangeFilter("value", _("总价"), field="id", unit=_("元")),
    ],
    presets=[
        Preset("mine", _("待我处理"), {"app": "accounts"}, is_counted=True),
        Preset("late", _("已逾期"), {"app": "auth"}, is_counted=True),
    ],
    bulk=[
        BulkAct("claim", _("领取"), "design", "hand"),
        BulkAct("refuse", _("退回"), "design", "undo", is_danger=True),
    ],
    default_sort="-number",
    row_url=lambda row: reverse("design-page", args=["detail"]),
    beside=True,
    page_size=25,
    empty=Emptiness(
        _("还没有收到清单"),
        _("企业申报后会出现在这里；也可以先导入一份表格"),
        _("从表格导入"),
        "#",
    ),
)
