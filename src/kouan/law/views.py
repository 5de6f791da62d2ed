"""The page of safeguards: what norms of protection ask for, what answers it, and whose duty the rest is."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kouan.accounts.access import door
from kouan.accounts.codes import Role
from kouan.law.safeguards import Answer, Safeguard, all_safeguards
from kouan.screens.formats import is_english
from kouan.screens.pieces import Chip, Tone

READERS = (Role.PORT_OFFICE_CLERK, Role.OFFICER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
ANSWERS = {
    Answer.PRODUCT: Chip(gettext_lazy("系统已具备"), Tone.DONE),
    Answer.SHARED: Chip(gettext_lazy("系统与运营方共同"), Tone.RUNNING),
    Answer.OPERATOR: Chip(gettext_lazy("运营方职责"), Tone.WAITING),
}


@require_GET
@door(roles=READERS)
def list_safeguards(request: HttpRequest) -> HttpResponse:
    """Show the demands, narrowed by norm and by who answers; with ``?export=xlsx`` as a workbook."""
    norm, answer = request.GET.get("norm", ""), request.GET.get("answer", "")
    rows = [
        _told(one) for one in all_safeguards() if norm in ("", one.norm) and answer in ("", str(one.answer))
    ]  # fmt: skip
    if request.GET.get("export") == "xlsx":
        return _workbook(rows)
    norms = {one.norm: one.norm_en if is_english() else one.norm_zh for one in all_safeguards()}
    context = {
        "title": _("安全合规对照"),
        "rows": rows,
        "norms": norms.items(),
        "answers": [(str(key), chip.word) for key, chip in ANSWERS.items()],
        "norm": norm,
        "answer": answer,
        "query": request.GET.urlencode(),
    }
    return render(request, "law/safeguards.html", context)


def _told(one: Safeguard) -> dict[str, Any]:
    english = is_english()
    return {
        "norm": one.norm_en if english else one.norm_zh,
        "area": one.area_en if english else one.area,
        "demand": one.en if english else one.zh,
        "standing": ANSWERS[one.answer],
        "screens": [reverse(name) for name in one.screens],
        "code": one.code,
        "tests": one.tests,
        "duty": one.duty_en if english else one.duty_zh,
    }


def _workbook(rows: list[dict[str, Any]]) -> HttpResponse:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bg_color": "#EBEFF4", "border": 1})
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    heads = [(_("规范"), 30), (_("领域"), 24), (_("要求"), 40), (_("由谁落实"), 16), (_("页面"), 24), (_("代码"), 28),
             (_("测试"), 60), (_("运营方职责"), 50)]  # fmt: skip
    for column, (head, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    for at, row in enumerate(rows, start=1):
        cells = [row["norm"], row["area"], row["demand"], str(row["standing"].word), "\n".join(row["screens"]),
                 "\n".join(row["code"]), "\n".join(row["tests"]), row["duty"]]  # fmt: skip
        for column, text in enumerate(cells):
            sheet.write_string(at, column, text, cell)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
    book.close()
    response = HttpResponse(
        buffer.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = 'attachment; filename="kouan-safeguards.xlsx"'
    return response
