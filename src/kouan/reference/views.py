"""The pages of the code tables, and what pickers of forms ask."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kouan.accounts.access import NotYours, door
from kouan.reference import selectors
from kouan.reference.codes import Generation
from kouan.reference.types import CodeTableUnknown
from kouan.screens import pickers
from kouan.screens.formats import is_english
from kouan.screens.lists import ChoiceFilter, Column, ListPage, Preset, TextFilter, YesNoFilter
from kouan.screens.pieces import Chip, Crumb, Emptiness, Tone


def _table_name(table: Any) -> str:
    return (is_english() and table.name_en) or table.name_zh


def _completeness(table: Any) -> Chip:
    if table.is_complete:
        return Chip(_("完整"), Tone.DONE, hint=_("表中没有的代码可以判为错误"))
    return Chip(_("选录"), Tone.IDLE, "half", hint=_("表中没有的代码不一定有误，不据此拒收"))


def _second_line(row: Any) -> str:
    """The name in the other language, and what is to be known about the code."""
    return " · ".join(part for part in (row.name_zh if is_english() else row.name_en, row.note) if part)


def _name(row: Any) -> str:
    return (row.name_en or row.name_zh) if is_english() else (row.name_zh or row.name_en)


def _validity(row: Any, today: date) -> Chip:
    if row.since > today:
        return Chip(_("尚未启用"), Tone.WAITING)
    if row.until is not None and row.until <= today:
        return Chip(_("已停用"), Tone.IDLE, "minus")
    return Chip(_("现行有效"), Tone.DONE)


def _narrow_validity(rows: QuerySet, chosen: list[str], today: date) -> QuerySet:
    conditions = {
        "standing": Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gt=today)),
        "ended": Q(until__lte=today),
        "future": Q(since__gt=today),
    }
    wanted = Q()
    for name in chosen:
        wanted |= conditions[name]
    return rows.filter(wanted)


FAMILIES = [
    ("main", gettext_lazy("报关与跨境电商")),
    ("road", gettext_lazy("公路舱单")),
    ("cit", gettext_lazy("单一窗口字典")),
]
"""What the tables are for, by the beginning of their keys; ``main`` is the rest."""


def _narrow_family(rows: QuerySet, chosen: list[str]) -> QuerySet:
    if chosen == ["main"]:
        return rows.exclude(key__startswith="road_").exclude(key__startswith="cit_")
    return rows.filter(key__startswith=f"{chosen[0]}_")


TABLES = ListPage(
    key="code-tables",
    title=gettext_lazy("代码表"),
    about=gettext_lazy("申报与报文使用的代码；每个代码有启用和停用日期，按申报日期取用"),
    columns=[
        Column("name", gettext_lazy("代码表"), _table_name, sort="key"),
        Column("key", gettext_lazy("标识"), kind="code", sort="key"),
        Column("in_force", gettext_lazy("现行代码"), "in_force_count", kind="count", sort="in_force_count"),
        Column("rows", gettext_lazy("全部记录"), "row_count", kind="count", sort="row_count"),
        Column("complete", gettext_lazy("完整程度"), _completeness, kind="chip", sort="is_complete"),
        Column("newest", gettext_lazy("最近启用"), "newest_since", kind="date", sort="newest_since"),
    ],
    filters=[
        TextFilter("q", gettext_lazy("名称或标识"), fields=["key", "name_zh", "name_en"]),
        ChoiceFilter("family", gettext_lazy("用于"), choices=FAMILIES, find=_narrow_family, is_multiple=False),
        YesNoFilter("complete", gettext_lazy("完整"), field="is_complete"),
    ],
    presets=[Preset(key, label, {"family": key}) for key, label in FAMILIES],
    default_sort="name",
    page_size=100,
    row_url=lambda table: reverse("code-table", args=[table.pk]),
    empty=Emptiness(gettext_lazy("还没有代码表"), gettext_lazy("由系统管理员用 kouan codes import 导入"), icon="table"),
)


@require_GET
@door()
def list_code_tables(request: HttpRequest) -> HttpResponseBase:
    """All code tables, with how many codes stand today."""
    return TABLES.respond(request, selectors.list_tables(timezone.localdate()).visible_to(request.user))


@require_GET
@door()
def show_code_table(request: HttpRequest, key: str) -> HttpResponseBase:
    """The rows of one table, past and future ones too, with their sources."""
    table = _find_table(key)
    today = timezone.localdate()
    brought_by = selectors.last_import(key)
    page = _codes_page(table, brought_by, today)
    return page.respond(
        request,
        selectors.list_codes(key).visible_to(request.user),
        crumbs=[Crumb(_("代码表"), reverse("code-table-list"))],
        extra={"table": table, "completeness": _completeness(table), "brought_by": brought_by},
    )


def _codes_page(table: Any, brought_by: Any, today: date) -> ListPage:
    source = _("来源：%(source)s") % {"source": brought_by.source} if brought_by else ""
    return replace(
        CODES,
        title=_table_name(table),
        about=source or CODES.about,
        columns=[
            *CODES.columns,
            Column("validity", gettext_lazy("效力"), partial(_validity, today=today), kind="chip"),
            Column(
                "source", gettext_lazy("来源"), "brought_by.source", note="brought_by.sheet", is_long=True, shown=False
            ),
        ],
        filters=[
            *CODES.filters,
            ChoiceFilter(
                "validity",
                gettext_lazy("效力"),
                choices=[
                    ("standing", gettext_lazy("现行有效")),
                    ("ended", gettext_lazy("已停用")),
                    ("future", gettext_lazy("尚未启用")),
                ],
                find=partial(_narrow_validity, today=today),
            ),
        ],
    )


CODES = ListPage(
    key="codes",
    title=gettext_lazy("代码"),
    about=gettext_lazy("同一事物在现行报关单、原报关和原报检中的代码并列"),
    columns=[
        Column("code", gettext_lazy("现行代码"), kind="code", sort="code"),
        Column("name", gettext_lazy("名称"), _name, note=_second_line, sort="name_zh"),
        Column("customs_code", gettext_lazy("原报关代码"), kind="code", sort="customs_code"),
        Column("ciq_code", gettext_lazy("原报检代码"), kind="code", sort="ciq_code"),
        Column("since", gettext_lazy("启用日期"), kind="date", sort="since"),
        Column("until", gettext_lazy("停用日期"), kind="date", sort="until"),
    ],
    filters=[
        TextFilter(
            "q",
            gettext_lazy("代码、名称或拼音"),
            find=selectors.matching,
            placeholder=gettext_lazy("如 142、人民币、rmb"),
        ),
    ],
    presets=[
        Preset("standing", gettext_lazy("现行有效"), {"validity": "standing"}),
        Preset("ended", gettext_lazy("已停用"), {"validity": "ended"}),
        Preset("future", gettext_lazy("尚未启用"), {"validity": "future"}),
    ],
    default_sort="code",
    page_size=100,
    template="reference/codes.html",
    empty=Emptiness(
        gettext_lazy("这张表还没有代码"), gettext_lazy("由系统管理员用 kouan codes import 导入"), icon="table"
    ),
)


@require_GET
@door()
def pick_codes(request: HttpRequest, key: str) -> HttpResponse:
    """What a picker shows for a few typed characters: ?q=rmb&generation=customs&on=2026-11-23."""
    _find_table(key)
    try:
        generation = Generation(request.GET.get("generation", Generation.CURRENT))
        on_date = date.fromisoformat(request.GET["on"]) if request.GET.get("on") else timezone.localdate()
    except ValueError:
        return JsonResponse({"options": []}, status=400)
    found = selectors.find_codes(
        key,
        request.GET.get("q", "").replace("\x00", ""),
        on_date=on_date,
        generation=generation,
        limit=pickers.MOST_SHOWN,
    )
    return pickers.respond([pickers.Option(each.code, _name(each), each.note) for each in found])


def _find_table(key: str) -> Any:
    try:
        return selectors.get_table(key)
    except CodeTableUnknown:
        raise NotYours from None
