"""The pages of the gallery."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kouan.screens import charts, errors, framing, pickers
from kouan.screens.gallery.forms import ReasonForm, SampleForm, SampleLine
from kouan.screens.gallery.listing import LIST, SAMPLE
from kouan.screens.gallery.samples import (
    COUNTRIES,
    NOW,
    agencies,
    chips,
    goods,
    moments,
    next_steps,
    problems,
    time_parts,
)
from kouan.screens.icons import ICONS
from kouan.screens.lists import MainAct
from kouan.screens.pieces import Consequence, Crumb


def may_see(user: Any) -> bool:
    """Whether a person may see the gallery: anybody in a demonstration, else administrators of the system."""
    return settings.DEBUG or getattr(settings, "DEMO", False) or "system_admin" in framing.roles_of(user)


RAW = """<ceb:CEB621Message guid="4CDE1CFD-EDED-46B1-946C-B8022E42FC94" version="1.0">
  <ceb:Inventory>…</ceb:Inventory>
</ceb:CEB621Message>"""


def show_pieces(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("界面样例"),
        "at": timezone.now(),
        "chips": chips(),
        "problems": problems(),
        "steps": next_steps(),
        "moment": NOW,
        "third_of_an_hour": timedelta(minutes=20, seconds=12),
        "long_time": timedelta(days=2, hours=3),
        "fen": 128_600,
        "amount": Decimal("1234567.891"),
        "pages": list(PAGES),
        "icons": ICONS,
    }
    return render(request, "screens/gallery/pieces.html", context)


def show_detail(request: HttpRequest) -> HttpResponse:
    lines = goods()
    for line in lines:
        line["total"] = line["count"] * line["price"]
    context = {
        "title": _("进口清单"),
        "number": "4722-2026-I-000318",
        "at": timezone.now(),
        "crumbs": [
            Crumb(_("样例"), reverse("design")),
            Crumb(_("列表"), reverse("design-page", args=["list"])),
            Crumb(_("进口清单")),
        ],
        "next_step": next_steps()[0],
        "moments": moments(),
        "agencies": agencies(),
        "goods": lines,
        "bar": charts.to_bar("", time_parts()),
        "state": chips()[2],
        "ok": chips()[0],
        "wait": chips()[1],
        "fen": 128_600,
        "tax": Decimal("117.03"),
        "now": NOW,
        "raw": RAW,
    }
    return render(request, "screens/gallery/detail.html", context)


def show_list(request: HttpRequest) -> HttpResponseBase:
    rows = SAMPLE.objects.none() if "nothing" in request.GET else SAMPLE.objects.all()
    return LIST.respond(request, rows, main_act=MainAct(_("新建申报"), reverse("design-page", args=["form"])))


def show_form(request: HttpRequest) -> HttpResponse:
    given = {"number": "JC-20261122-07", "buyer": "", "weight": "1.2.3"} if "wrong" in request.GET else None
    form = SampleForm(given, initial={"country": "601", "kind": "1"})
    lines = forms.formset_factory(SampleLine, extra=3)(prefix="goods")
    context = {
        "title": _("新建进口清单"),
        "about": _("按官方单证的顺序填写；草稿自动保存"),
        "crumbs": [Crumb(_("样例"), reverse("design")), Crumb(_("新建进口清单"))],
        "form": form,
        "lines": lines,
        "draft_key": "gallery",
        "problems": problems() if "wrong" in request.GET else [],
        "submit_label": _("提交申报"),
        "back_url": reverse("design"),
    }
    return render(request, "screens/gallery/form.html", context)


def show_picker(request: HttpRequest) -> HttpResponse:
    found = pickers.find(COUNTRIES, request.GET.get("q", ""))
    return pickers.respond(found)


def show_confirm(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("撤回申报"),
        "about": _("进口清单 4722-2026-I-000318（演示）"),
        "consequences": [
            Consequence(_("清单停止办理，已约的 15:00 查验台 3 释放给他人")),
            Consequence(_("海关入库的记录不受影响，须另行申请撤单"), "final"),
            Consequence(_("30 分钟内可恢复，原编号保留"), "undoable"),
        ],
        "act_label": _("撤回申报"),
        "back_url": reverse("design"),
        "form": ReasonForm(),
        "is_danger": True,
    }
    return render(request, "screens/confirm.html", context)


def show_charts(request: HttpRequest) -> HttpResponse:
    labels = charts.Labels(
        _("一半的清单在 2 小时 10 分内放行，九成在 6 小时内（演示）"),
        _("件"),
        _("演示数据"),
        "2026-10-23 – 2026-11-22",
        "#",
        "#",
    )
    hours = [3600 * hour for hour in range(13)]
    stages = [
        (
            _("海关"),
            [
                charts.Part(_("机关作业"), 44 * 60, 1),
                charts.Part(_("等待机关"), 53 * 60, 5),
                charts.Part(_("等待申报人"), 115 * 60, 2),
            ],
        ),
        (
            _("市场监管"),
            [
                charts.Part(_("机关作业"), 20 * 60, 1),
                charts.Part(_("等待机关"), 95 * 60, 5),
                charts.Part(_("等待申报人"), 12 * 60, 2),
            ],
        ),
        (_("边检"), [charts.Part(_("机关作业"), 9 * 60, 1), charts.Part(_("等待机关"), 6 * 60, 5)]),
    ]
    months = [f"2026-{month:02d}" for month in range(1, 12)]
    medians = [4.1, 3.9, 4.0, 3.6, 3.2, 3.3, 2.9, 2.7, 2.6, 2.4, 2.2]
    tails = [11.2, 11.0, 10.8, 10.9, 9.1, 8.7, 8.9, 7.6, 7.1, 6.6, 6.0]
    context = {
        "title": _("图表样例"),
        "bar": charts.to_bar("", time_parts()),
        "distribution": charts.to_distribution(
            labels,
            hours,
            [410, 890, 760, 520, 340, 210, 96, 60, 41, 22, 13, 6],
            marks=[(_("中位数"), 7800), ("P90", 21_600), (_("承诺"), 28_800)],
        ),
        "stacked": charts.to_stacked_bars(
            charts.Labels(_("海关环节近一半时间在等申报人（演示）"), _("时长"), _("演示数据"), "2026-11"), stages
        ),
        "interactive": charts.Interactive(
            "trend",
            charts.Labels(_("放行用时逐月缩短，长尾缩短更多（演示）"), _("小时"), _("演示数据"), "2026-01 – 2026-11"),
            {
                "tooltip": {"trigger": "axis"},
                "legend": {"top": 0, "left": 0},
                "xAxis": {"type": "category", "data": months},
                "yAxis": {"type": "value", "min": 0},
                "series": [
                    {"name": _("中位数"), "type": "line", "data": medians},
                    {"name": "P90", "type": "line", "data": tails},
                ],
            },
            [["", *months], [_("中位数"), *medians], ["P90", *tails]],
        ),
        "spark": medians,
        "eight": list(range(1, 9)),
    }
    return render(request, "screens/gallery/charts.html", context)


def show_errors(request: HttpRequest) -> HttpResponse:
    status = request.GET.get("status", "409")
    chosen = int(status) if status.isdigit() and int(status) in errors.TEXTS else 404
    return errors.show_error(request, chosen, problems=problems() if chosen == 400 else ())


def show_signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "screens/gallery/signed_out.html", {"form": ReasonForm()})


PAGES: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {
    "pieces": show_pieces,
    "list": show_list,
    "detail": show_detail,
    "form": show_form,
    "charts": show_charts,
    "confirm": show_confirm,
    "errors": show_errors,
    "signed-out": show_signed_out,
    "picker": show_picker,
}
