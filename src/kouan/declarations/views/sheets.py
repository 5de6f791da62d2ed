"""The pages of a spreadsheet of declarations: uploaded, tried out row by row, given back annotated, declared."""

from __future__ import annotations

import io
from pathlib import PurePath
from typing import Any
from urllib.parse import quote
from uuid import UUID

import xlsxwriter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kouan.accounts.access import NotAllowed, door
from kouan.checking.codes import CheckedKind
from kouan.checking.selectors import standing_of
from kouan.checking.services.checking import SomebodyWasQuicker
from kouan.declarations import selectors
from kouan.declarations.forms import SheetForm
from kouan.declarations.models import Sheet
from kouan.declarations.services.checking import give_back, let_pass, submit_for_check, take_back_from_check
from kouan.declarations.services.declaring_sheets import annotate_sheet, declare_sheet, keep_sheet, try_sheet
from kouan.declarations.sheet_layouts import EXPORT, IMPORT
from kouan.declarations.sheet_marks import marks_of
from kouan.declarations.sheets import LIMITS
from kouan.declarations.views import TRADER
from kouan.records.problems import Problem, has_error
from kouan.screens.formats import is_english
from kouan.screens.pieces import Crumb
from kouan.screens.sheets import SheetNotReadable

MOST_SHOWN = 300
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@door(roles=TRADER)
def upload_sheet(request: HttpRequest) -> HttpResponse:
    """Take a spreadsheet, and go on to what is wrong with it."""
    user: Any = request.user
    form = SheetForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            data = upload.read(LIMITS.size + 1)
            sheet = keep_sheet(user=user, name=upload.name, data=data, at=timezone.now())
            return redirect("sheet", pk=sheet.pk)
        except SheetNotReadable as reason:
            problems = [reason.problem]
    return render(request, "declarations/sheet.html", {"form": form, "problems": problems, "at": timezone.now()})


@door(roles=TRADER)
def show_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what is wrong with a sheet row by row, and declare what is right."""
    user: Any = request.user
    now = timezone.now()
    sheet = selectors.get_sheet(user=user, pk=pk)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            sheet = _do(request, sheet, now)
        except (NotAllowed, SomebodyWasQuicker) as refusal:
            problems = [refusal.problem]
            sheet.refresh_from_db()
    if sheet.declared_at:
        return _to_what_became_of_it(request, sheet)
    parcels = try_sheet(user=user, sheet=sheet, at=now)
    bad = [parcel for parcel in parcels if has_error(parcel.problems)]
    told = [
        (parcel, [(mark.row, in_sheet(mark)) for mark in marks_of(parcel)]) for parcel in parcels if parcel.problems
    ]
    told.sort(key=lambda each: not has_error(each[0].problems))
    context = {
        "form": SheetForm(),
        "problems": problems,
        "standing": standing_of(sheet, CheckedKind.PARCELS, user),
        "sheet": sheet,
        "crumbs": [Crumb(_("表格申报"), reverse("upload-sheet"))],
        "told": told[:MOST_SHOWN],
        "hidden": max(0, len(told) - MOST_SHOWN),
        "fit": len(parcels) - len(bad),
        "unfit": len(bad),
        "at": now,
    }
    return render(request, "declarations/sheet.html", context)


def _do(request: HttpRequest, sheet: Sheet, at: Any) -> Sheet:
    """Do what was asked with a sheet: declare it, or an act between maker and checker."""
    user: Any = request.user
    did = request.POST.get("do", "declare")
    revision = sheet.revision
    if did == "submit":
        submit_for_check(user=user, pk=sheet.pk, at=at, is_sheet=True)
    elif did == "take_back":
        take_back_from_check(user=user, pk=sheet.pk, at=at, is_sheet=True)
    elif did == "pass":
        let_pass(user=user, pk=sheet.pk, revision=revision, at=at, is_sheet=True)
    elif did == "bounce":
        reason = request.POST.get("reason", "")
        give_back(user=user, pk=sheet.pk, revision=revision, stands=sheet.check_state, reason=reason, at=at,
                  is_sheet=True)  # fmt: skip
    else:
        return declare_sheet(user=user, sheet_id=sheet.pk, at=at)
    sheet.refresh_from_db()
    return sheet


def _to_what_became_of_it(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    if sheet.draft_id:
        messages.info(request, _("本企业没有委托代签，请用申报人的卡签名后传回。"))
        return redirect("draft", pk=sheet.draft_id)
    return redirect(f"{reverse('sheet-result')}?messages={','.join(str(one) for one in sheet.message_ids)}")


def in_sheet(mark: Any) -> Problem:
    """Say at which column of the sheet a problem stands."""
    found = mark.problem
    return Problem(found.code, mark.title, found.severity, found.zh, found.en, found.fix_zh, found.fix_en)


def in_a_line(problem: Problem) -> str:
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
    data = annotate_sheet(user=user, sheet=sheet, say=in_a_line, at=timezone.now())
    response = HttpResponse(data, content_type=XLSX)
    name = quote(f"{PurePath(sheet.name).stem}-{_('校验结果')}.xlsx")
    response["Content-Disposition"] = f"attachment; filename=\"checked.xlsx\"; filename*=UTF-8''{name}"
    return response


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
    """Give an empty sheet with the titles of imports, or of exports where these are asked for."""
    layout = EXPORT if request.GET.get("direction") == EXPORT.direction else IMPORT
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("申报")
    bold = book.add_format({"bold": True, "bg_color": "#e8f0f9", "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    for place, title in enumerate(layout.titles.values()):
        sheet.write_string(0, place, title, bold)
        sheet.set_column(place, place, 16, text)
    sheet.freeze_panes(1, 1)
    book.close()
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    kind = "exports" if layout is EXPORT else "declarations"
    response["Content-Disposition"] = f'attachment; filename="kouan-{kind}.xlsx"'
    return response
