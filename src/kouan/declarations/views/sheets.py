"""The pages of a spreadsheet of declarations: read, shown row by row, declared."""

from __future__ import annotations

import base64
import io
from typing import Any
from uuid import UUID

import xlsxwriter
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kouan.accounts.access import door
from kouan.declarations import selectors
from kouan.declarations.forms import SheetForm
from kouan.declarations.services.drafting import check_parcels, declare_parcels, keep_parcels_for_signing
from kouan.declarations.sheets import GOODS_COLUMNS, HEAD_COLUMNS, MOST_BYTES, SheetNotReadable, read_sheet
from kouan.declarations.views import TRADER
from kouan.gateway.services.certificates import NoSigner
from kouan.records.problems import has_error

_SHEET_SECONDS = 3600


@door(roles=TRADER)
def upload_sheet(request: HttpRequest) -> HttpResponse:
    """Read a spreadsheet, show what is wrong row by row, and declare what is right."""
    user: Any = request.user
    context: dict[str, Any] = {"form": SheetForm(), "at": timezone.now()}
    if request.method == "POST" and request.POST.get("do") == "declare":
        return _declare_sheet(request, context)
    if request.method == "POST":
        form = SheetForm(request.POST, request.FILES)
        context["form"] = form
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                parcels = read_sheet(upload.read(MOST_BYTES + 1), upload.name)
            except SheetNotReadable as reason:
                context["problems"] = [reason.problem]
                return render(request, "declarations/sheet.html", context)
            upload.seek(0)
            check_parcels(user=user, parcels=parcels, at=timezone.now())
            context |= _result(parcels, upload.name, upload.read())
    return render(request, "declarations/sheet.html", context)


def _result(parcels: list[Any], name: str, data: bytes) -> dict[str, Any]:
    """Give the dry run, and the file itself, sealed, so that declaring needs no second upload."""
    fit = [parcel for parcel in parcels if not has_error(parcel.problems)]
    return {
        "parcels": parcels,
        "fit": len(fit),
        "unfit": len(parcels) - len(fit),
        "file_name": name,
        "sealed": signing.dumps([name, base64.b85encode(data).decode()], salt="sheet", compress=True),
    }


def _declare_sheet(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    user: Any = request.user
    try:
        name, data = signing.loads(request.POST.get("sealed", ""), salt="sheet", max_age=_SHEET_SECONDS)
        parcels = read_sheet(base64.b85decode(data), name)
        check_parcels(user=user, parcels=parcels, at=timezone.now())
        ids = declare_parcels(user=user, parcels=parcels, at=timezone.now())
    except signing.BadSignature:
        messages.warning(request, _("上传已过期，请重新上传表格。"))
        return redirect("upload-sheet")
    except NoSigner:
        draft = keep_parcels_for_signing(user=user, parcels=parcels, title=name, at=timezone.now())
        messages.info(request, _("本企业没有委托代签，请用申报人的卡签名后传回。"))
        return redirect("draft", pk=draft.pk)
    messages.success(request, _("已申报 %(count)s 票。") % {"count": sum(not has_error(p.problems) for p in parcels)})
    return redirect(f"{reverse('sheet-result')}?messages={','.join(str(one) for one in ids)}")


@door(roles=TRADER)
def sheet_result(request: HttpRequest) -> HttpResponse:
    """Follow the messages of a sheet until their cases are there."""
    user: Any = request.user
    ids = [UUID(text) for text in request.GET.get("messages", "").split(",") if len(text) == 36][:200]
    ids = selectors.own_messages(user, ids)
    cases = selectors.cases_of_messages(ids)
    findings = [finding for pk in ids for finding in selectors.findings_of(pk)]
    return render(
        request,
        "declarations/sheet_result.html",
        {
            "cases": cases,
            "findings": findings,
            "is_waiting": bool(ids) and not cases and not findings,
            "at": timezone.now(),
        },
    )


@door(roles=TRADER)
def sheet_template(request: HttpRequest) -> HttpResponse:
    """Give an empty sheet with the titles, and what belongs into each column."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("申报")
    bold = book.add_format({"bold": True, "bg_color": "#e8f0f9", "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    for place, title in enumerate((*HEAD_COLUMNS.values(), *GOODS_COLUMNS.values())):
        sheet.write_string(0, place, title, bold)
        sheet.set_column(place, place, 16, text)
    sheet.freeze_panes(1, 1)
    book.close()
    response = HttpResponse(
        buffer.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = 'attachment; filename="kouan-declarations.xlsx"'
    return response
