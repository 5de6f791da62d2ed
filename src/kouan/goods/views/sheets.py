"""The pages of a spreadsheet of goods declarations: uploaded, tried out, given back annotated, sent."""

from __future__ import annotations

import io
from pathlib import PurePath
from typing import Any
from urllib.parse import quote
from uuid import UUID

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kouan.accounts.access import door
from kouan.goods import selectors
from kouan.goods.codes import SheetState
from kouan.goods.forms import SheetForm
from kouan.goods.services.sheeting import annotate_sheet, ask_to_send, keep_sheet, marks_from
from kouan.goods.sheets import HEAD_COLUMNS, LIMITS, LINE_COLUMNS
from kouan.goods.views import TRADER
from kouan.records.problems import Problem
from kouan.screens.formats import is_english
from kouan.screens.pieces import Crumb

MOST_SHOWN = 300
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNDER_WAY = (SheetState.READING, SheetState.SENDING)


@door(roles=TRADER)
def upload_sheet(request: HttpRequest) -> HttpResponse:
    """Take a spreadsheet, and show those that were taken before."""
    user: Any = request.user
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        data = upload.read(LIMITS.size + 1)
        sheet = keep_sheet(user=user, name=upload.name, data=data, at=timezone.now())
        return redirect("goods-sheet-trial", pk=sheet.pk)
    earlier = selectors.list_sheets(user).order_by("-uploaded_at")[:20]
    return render(request, "goods/sheet.html", {"form": form, "earlier": earlier, "at": timezone.now()})


@door(roles=TRADER)
def show_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far a sheet is, what is wrong with it row by row, and have what is right sent."""
    user: Any = request.user
    if request.method == "POST":
        ask_to_send(user=user, sheet_id=pk, at=timezone.now())
        return redirect("goods-sheet-trial", pk=pk)
    sheet = selectors.get_sheet(user=user, pk=pk)
    is_sent = sheet.state in (SheetState.SENDING, SheetState.SENT) and not sheet.awaits_check
    outcome = selectors.outcome_of_sheet(sheet) if is_sent else None
    shown = sheet.problems[:MOST_SHOWN]
    context = {
        "sheet": sheet,
        "crumbs": [Crumb(_("报关单表格"), reverse("goods-sheet"))],
        "told": [(one, [(mark.row, _at_title(mark)) for mark in marks_from(one)]) for one in shown],
        "hidden": max(0, len(sheet.problems) - MOST_SHOWN),
        "unfit": max(0, sheet.total - sheet.fit),
        "outcome": outcome,
        "is_under_way": sheet.state in _UNDER_WAY or bool(outcome and outcome["waiting"]),
        "at": timezone.now(),
    }
    return render(request, "goods/sheet_trial.html", context)


def _at_title(mark: Any) -> Problem:
    found = mark.problem
    return Problem(found.code, mark.title, found.severity, found.zh, found.en, found.fix_zh, found.fix_en)


def _in_a_line(problem: Problem) -> str:
    """Say a problem and the way to mend it in one line, in the language of the page."""
    if is_english():
        return f"{problem.en} {problem.fix_en} [{problem.code}]"
    return f"{problem.zh}{problem.fix_zh}〔{problem.code}〕"


@require_GET
@door(roles=TRADER)
def annotated_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the workbook back with what is wrong written into it."""
    user: Any = request.user
    sheet = selectors.get_sheet(user=user, pk=pk)
    if sheet.state in (SheetState.READING, SheetState.UNREADABLE):
        return redirect("goods-sheet-trial", pk=pk)
    response = HttpResponse(annotate_sheet(user=user, sheet_id=pk, say=_in_a_line), content_type=XLSX)
    name = quote(f"{PurePath(sheet.name).stem}-{_('校验结果')}.xlsx")
    response["Content-Disposition"] = f"attachment; filename=\"checked.xlsx\"; filename*=UTF-8''{name}"
    return response


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
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="kouan-goods-declarations.xlsx"'
    return response
