"""The declarant's pages: a new declaration by form or by spreadsheet, and what is still a draft."""

from __future__ import annotations

import base64
import io
from typing import Any
from uuid import UUID

import xlsxwriter
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kouan.accounts.access import NotAllowed, door
from kouan.accounts.codes import Role
from kouan.declarations import selectors
from kouan.declarations.forms import DeclarationForm, GoodsFormSet, SheetForm, values_of
from kouan.declarations.services.drafting import (
    check_parcels,
    check_values,
    declare_draft,
    declare_parcels,
    discard_draft,
    save_draft,
)
from kouan.declarations.sheets import (
    GOODS_COLUMNS,
    HEAD_COLUMNS,
    MOST_BYTES,
    SheetNotReadable,
    read_sheet,
)
from kouan.gateway.services.certificates import NoSigner
from kouan.records.problems import Problem, has_error
from kouan.screens.forms import checks
from kouan.screens.lists import ChoiceFilter, Column, ListPage, MainAct
from kouan.screens.pieces import Emptiness

TRADER = [Role.TRADER_CLERK]
_SHEET_SECONDS = 3600

DRAFTS = ListPage(
    key="drafts",
    title=gettext_lazy("申报草稿"),
    about=gettext_lazy("本企业正在填写或等待签名的申报"),
    columns=[
        Column("title", gettext_lazy("编号"), lambda row: row.title or _("未填编号"), kind="code"),
        Column("state", gettext_lazy("状态"), "get_state_display"),
        Column("updated", gettext_lazy("修改时间"), "updated_at", kind="when", sort="pk"),
        Column("created", gettext_lazy("建立时间"), "created_at", kind="when"),
    ],
    filters=[
        ChoiceFilter(
            "state",
            gettext_lazy("状态"),
            choices=[
                ("draft", gettext_lazy("草稿")),
                ("awaiting_signature", gettext_lazy("待签名")),
                ("declared", gettext_lazy("已申报")),
            ],
        )
    ],
    default_sort="-updated",
    row_url=lambda row: reverse("draft", args=[row.pk]),
    empty=Emptiness(gettext_lazy("没有草稿"), gettext_lazy("新建申报时会自动保存草稿")),
)


@door(roles=TRADER)
def list_drafts(request: HttpRequest) -> HttpResponse:
    """Show the drafts of the firm."""
    act = MainAct(_("新建申报"), reverse("new-declaration"))
    return DRAFTS.respond(request, selectors.list_drafts(request.user), main_act=act)  # type: ignore[arg-type]


@door(roles=TRADER)
def new_declaration(request: HttpRequest) -> HttpResponse:
    """Begin a draft and go to its form."""
    if request.method == "POST":
        values = values_of(DeclarationForm(request.POST), GoodsFormSet(request.POST, prefix="goods"))
        draft = save_draft(user=request.user, draft_id=None, values=values, at=timezone.now())  # type: ignore[arg-type]
        return redirect("draft", pk=draft.pk)
    draft = save_draft(user=request.user, draft_id=None, values={"goods": []}, at=timezone.now())  # type: ignore[arg-type]
    return redirect("draft", pk=draft.pk)


@door(roles=TRADER)
def edit_draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Fill in a draft, and declare it."""
    user: Any = request.user
    draft = selectors.get_draft(user=user, pk=pk)
    if draft.state != "draft":
        return render(request, "declarations/declared.html", _declared_context(draft))
    problems: list[Problem] = []
    if request.method == "POST":
        form, goods = DeclarationForm(request.POST), GoodsFormSet(request.POST, prefix="goods")
        values = values_of(form, goods)
        save_draft(user=user, draft_id=pk, values=values, at=timezone.now())
        if request.POST.get("do") == "save":
            return redirect("draft", pk=pk)
        problems = check_values(user=user, values=values, at=timezone.now())
        if not has_error(problems):
            try:
                declared = declare_draft(user=user, draft_id=pk, at=timezone.now())
                messages.success(request, _("已申报。") if declared.message_ids else _("已生成报文，等待签名。"))
                return redirect("draft", pk=pk)
            except NotAllowed as refusal:
                problems = [refusal.problem]
    else:
        form, goods = _forms_of(draft.values)
    context = {
        "draft": draft,
        "form": form,
        "lines": goods,
        "problems": problems,
        "title": _("新建申报"),
        "draft_url": reverse("save-draft", args=[pk]),
        "check_url": reverse("check-draft", args=[pk]),
        "back_url": reverse("drafts"),
        "submit_label": _("申报"),
    }
    return render(request, "declarations/form.html", context)


def _forms_of(values: dict[str, Any]) -> tuple[DeclarationForm, Any]:
    head = {name: value for name, value in values.items() if name != "goods"}
    return DeclarationForm(initial=head), GoodsFormSet(initial=values.get("goods") or [], prefix="goods")


def _declared_context(draft: Any) -> dict[str, Any]:
    return {
        "draft": draft,
        "cases": selectors.cases_of_messages(draft.message_ids),
        "findings": [finding for pk in draft.message_ids for finding in selectors.findings_of(pk)],
        "at": timezone.now(),
    }


@require_POST
@door(roles=TRADER)
def save_draft_of(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what is being typed."""
    values = values_of(DeclarationForm(request.POST), GoodsFormSet(request.POST, prefix="goods"))
    save_draft(user=request.user, draft_id=pk, values=values, at=timezone.now())  # type: ignore[arg-type]
    return JsonResponse({"saved": True})


@require_POST
@door(roles=TRADER)
def check_draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what is wrong with what is being typed, at its field."""
    user: Any = request.user
    selectors.get_draft(user=user, pk=pk)
    values = values_of(DeclarationForm(request.POST), GoodsFormSet(request.POST, prefix="goods"))
    return checks(check_values(user=user, values=values, at=timezone.now()))


@require_POST
@door(roles=TRADER)
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw a draft away."""
    discard_draft(user=request.user, draft_id=pk, at=timezone.now())  # type: ignore[arg-type]
    return redirect("drafts")


@door(roles=TRADER)
def copy_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin a draft with the goods and firms of an earlier declaration; numbers and persons are left out."""
    user: Any = request.user
    case = selectors.get_case(user=user, pk=pk)
    draft = save_draft(user=user, draft_id=None, values=selectors.values_to_copy(case), at=timezone.now())
    return redirect("draft", pk=draft.pk)


# Spreadsheets --------------------------------------------------------------------------------------------------------


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
        context["problems"] = [
            Problem("-950020", "", "error", "本企业没有委托代签，表格申报须先办理书面委托，或逐票申报后用卡签名",
                    "No key service is appointed for this firm", "请联系管理员登记代签委托",
                    "Ask the administrator to register the appointment")
        ]  # fmt: skip
        return render(request, "declarations/sheet.html", context)
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
