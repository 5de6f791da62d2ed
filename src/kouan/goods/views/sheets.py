"""The page of a spreadsheet of goods declarations: read, shown, sent."""

from __future__ import annotations

import base64
import io
from typing import Any

import xlsxwriter
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kouan.accounts.access import door
from kouan.checking.codes import CheckedKind
from kouan.checking.selectors import has_to_be_checked
from kouan.goods.forms import SheetForm, in_words
from kouan.goods.services.drafting import check_sheet, keep_many, send_many
from kouan.goods.sheets import HEAD_COLUMNS, LIMITS, LINE_COLUMNS, read_sheet
from kouan.goods.views import TRADER
from kouan.records.problems import has_error
from kouan.screens.sheets import SheetNotReadable

MOST_SHOWN = 300
_SHEET_SECONDS = 3600


@door(roles=TRADER)
def upload_sheet(request: HttpRequest) -> HttpResponse:
    """Read a spreadsheet, show what is wrong, and send what is right."""
    user: Any = request.user
    context: dict[str, Any] = {"form": SheetForm(), "at": timezone.now()}
    if request.method == "POST" and request.POST.get("do") == "send":
        return _send_sheet(request)
    if request.method == "POST":
        form = SheetForm(request.POST, request.FILES)
        context["form"] = form
        if form.is_valid():
            upload = form.cleaned_data["file"]
            data = upload.read(LIMITS.size + 1)
            try:
                made = read_sheet(data, upload.name)
            except SheetNotReadable as reason:
                return render(request, "goods/sheet.html", context | {"problems": [reason.problem]})
            check_sheet(user=user, made=made, at=timezone.now())
            is_checked = has_to_be_checked(user.organisation_id, CheckedKind.GOODS)
            context |= _result(made, upload.name, data, is_checked)
    return render(request, "goods/sheet.html", context)


def _result(made: list[Any], name: str, data: bytes, is_checked: bool) -> dict[str, Any]:
    """Give the dry run, and the file itself, sealed, so that sending needs no second upload."""
    unfit = [one for one in made if has_error(one.problems)]
    shown = [*unfit, *(one for one in made if not has_error(one.problems))][:MOST_SHOWN]
    for one in shown:
        one.problems = [in_words(problem) for problem in one.problems]
    return {
        "made": shown,
        "more": max(0, len(made) - MOST_SHOWN),
        "fit": len(made) - len(unfit),
        "unfit": len(unfit),
        "file_name": name,
        "is_checked": is_checked,
        "sealed": signing.dumps([name, base64.b85encode(data).decode()], salt="goods-sheet", compress=True),
    }


def _send_sheet(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    try:
        name, data = signing.loads(request.POST.get("sealed", ""), salt="goods-sheet", max_age=_SHEET_SECONDS)
        made = read_sheet(base64.b85decode(data), name)
    except signing.BadSignature:
        messages.warning(request, _("上传已过期，请重新上传表格。"))
        return redirect("goods-sheet")
    sets = [one.values for one in made if not has_error(one.problems)]
    if has_to_be_checked(user.organisation_id, CheckedKind.GOODS):
        drafts = keep_many(user=user, sets=sets, at=timezone.now())
        messages.success(request, _("已生成 %(count)s 份草稿并提交复核。") % {"count": len(drafts)})
        return redirect("goods-drafts")
    ids = send_many(user=user, sets=sets, at=timezone.now())
    messages.success(request, _("已发送 %(count)s 份，入库后显示在报关单列表。") % {"count": len(ids)})
    return redirect("goods")


@door(roles=TRADER)
def sheet_template(request: HttpRequest) -> HttpResponse:
    """Give an empty sheet with the titles."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("报关单")
    bold = book.add_format({"bold": True, "bg_color": "#e8f0f9", "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    for place, title in enumerate((*HEAD_COLUMNS.values(), *LINE_COLUMNS.values())):
        sheet.write_string(0, place, title, bold)
        sheet.set_column(place, place, 16, text)
    sheet.freeze_panes(1, 1)
    book.close()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(buffer.getvalue(), content_type=kind)
    response["Content-Disposition"] = 'attachment; filename="kouan-goods-declarations.xlsx"'
    return response
