"""The form of a goods declaration: drafts, live checks, files, copies and corrections."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kouan.accounts.access import NotAllowed, door
from kouan.checking.codes import CheckChoices, CheckedKind
from kouan.checking.selectors import standing_of
from kouan.checking.states import CheckState
from kouan.gateway.standards.dec.packing import LARGEST_FILE
from kouan.gateway.standards.dec.rules import number_of
from kouan.goods import selectors
from kouan.goods.codes import DraftState
from kouan.goods.composing import field_in_text
from kouan.goods.elements import known_of, missing_elements
from kouan.goods.forms import FORM_SETS, GRIDS, FileForm, GoodsHeadForm, at_rows, in_words, values_of
from kouan.goods.services.checking import submit_draft
from kouan.goods.services.drafting import (
    add_file,
    begin_draft,
    check_values,
    copy_declaration,
    correct_declaration,
    discard_draft,
    remove_file,
    save_draft,
    send_draft,
)
from kouan.goods.views import TRADER
from kouan.records.problems import Problem, has_error
from kouan.reference import selectors as reference
from kouan.safekeeping.selectors import why_unreadable
from kouan.screens.forms import checks
from kouan.screens.lists import ChoiceFilter, Column, ListPage, MainAct
from kouan.screens.pieces import Consequence, Emptiness

DRAFTS = ListPage(
    key="goods-drafts",
    title=gettext_lazy("报关单草稿"),
    about=gettext_lazy("本企业正在填写的报关单"),
    columns=[
        Column("title", gettext_lazy("企业编号"), lambda row: row.title or _("未填编号"), kind="code"),
        Column("client", gettext_lazy("委托方"), "client_name", note="client_code"),
        Column("state", gettext_lazy("状态"), "get_state_display"),
        Column("check", gettext_lazy("复核"), "check_state", kind="chip", family="check"),
        Column("corrects", gettext_lazy("更正"), lambda row: _("更正") if row.corrects else ""),
        Column("updated", gettext_lazy("修改时间"), "updated_at", kind="when", sort="updated_at"),
        Column("created", gettext_lazy("建立时间"), "created_at", kind="when", sort="pk"),
    ],
    filters=[
        ChoiceFilter("state", gettext_lazy("状态"), choices=DraftState.choices),
        ChoiceFilter("check", gettext_lazy("复核"), choices=CheckChoices.choices, field="check_state"),
    ],
    default_sort="-updated",
    row_url=lambda row: reverse("goods-draft", args=[row.pk]),
    empty=Emptiness(gettext_lazy("没有草稿"), gettext_lazy("新建报关单时会自动保存草稿")),
)


@door(roles=TRADER)
def list_drafts(request: HttpRequest) -> HttpResponse:
    """Show the drafts of the firm."""
    act = MainAct(_("新建报关单"), reverse("new-goods-draft"))
    return DRAFTS.respond(request, selectors.list_drafts(request.user), main_act=act)  # type: ignore[arg-type]


@door(roles=TRADER)
def new_draft(request: HttpRequest) -> HttpResponse:
    """Begin a draft and go to its form."""
    return redirect("goods-draft", pk=begin_draft(user=request.user, at=timezone.now()).pk)  # type: ignore[arg-type]


@door(roles=TRADER)
def edit_draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Fill in a draft, and send it."""
    user: Any = request.user
    draft = selectors.get_draft(user=user, pk=pk)
    if draft.state != DraftState.DRAFT:
        return _sent(request, draft)
    problems: list[Problem] = []
    data = request.POST if request.method == "POST" else None
    if data is None and why_unreadable(lambda: draft.values):
        return redirect("discard-goods-draft", pk=pk)
    if data is not None:
        try:
            if answer := _keep(request, draft, data):
                return answer
            problems = at_rows(check_values(user=user, values=values_of(data), at=timezone.now()), data)
        except NotAllowed as refusal:
            problems = [refusal.problem]
        draft.refresh_from_db()
    return render(request, "goods/form.html", _form_context(draft, data, problems, user))


def _keep(request: HttpRequest, draft: Any, data: Any) -> HttpResponse | None:
    """Keep what was typed and do what was asked with it; None where the checks found an error. Raises NotAllowed."""
    user: Any = request.user
    values, did, at = values_of(data), data.get("do"), timezone.now()
    save_draft(user=user, draft_id=draft.pk, values=values, at=at)
    if did == "save":
        messages.success(request, _("草稿已保存。"))
    elif has_error(check_values(user=user, values=values, at=at)):
        return None
    elif did == "submit":
        submit_draft(user=user, draft_id=draft.pk, at=at)
        messages.success(request, _("已提交复核。"))
    else:
        send_draft(user=user, draft_id=draft.pk, at=at)
        messages.success(request, _("已发送，正在入库并送国家单一窗口暂存。"))
    return redirect("goods-draft", pk=draft.pk)


def _form_context(draft: Any, data: Any, problems: list[Problem], user: Any) -> dict[str, Any]:
    codes = reference.load_codes(timezone.localdate())
    standing = standing_of(draft, CheckedKind.GOODS, user)
    heard = [*_what_the_checker_said(draft, standing), *_what_customs_said(draft)]
    values = draft.values if data is None else {}
    return {
        "draft": draft,
        "standing": standing,
        "form": GoodsHeadForm(data, codes=codes) if data is not None else GoodsHeadForm(initial=values, codes=codes),
        "grids": _grids(values, data, codes),
        "files": selectors.files_of_draft(draft),
        "file_form": FileForm(),
        "problems": [in_words(one) for one in [*heard, *problems]],
        "faulty_field": heard[0].pointer if heard and data is None else "",
        "is_checked": bool(problems),
        "title": _("更正报关单") if draft.corrects else _("新建报关单"),
        "draft_url": reverse("save-goods-draft", args=[draft.pk]),
        "check_url": reverse("check-goods-draft", args=[draft.pk]),
        "back_url": reverse("goods-drafts"),
        "submit_label": _("发送暂存"),
    }


def _grids(values: dict[str, Any], data: Any, codes: Any) -> list[tuple[str, Any, Any]]:
    words = {"goods": _("商品"), "containers": _("集装箱"), "documents": _("随附单证")}
    made = []
    for key in GRIDS:
        options: dict[str, Any] = {"prefix": key, "form_kwargs": {"codes": codes}}
        lines = FORM_SETS[key](data, **options) if data is not None else FORM_SETS[key](
            initial=values.get(key) or [], **options
        )  # fmt: skip
        made.append((key, words[key], lines))
    return made


def _what_the_checker_said(draft: Any, standing: Any) -> list[Problem]:
    """Give the reason for which a checker gave the draft back, at the field named."""
    if draft.stands is not CheckState.BOUNCED:
        return []
    return [Problem("CHECK-BOUNCED", draft.bounce_pointer, "error",
                    f"复核退回（{standing.checker}）：{draft.bounce_reason}",
                    f"Given back by {standing.checker}: {draft.bounce_reason}", "请修改后重新提交复核",
                    "Change it and hand it over again")]  # fmt: skip


def _what_customs_said(draft: Any) -> list[Problem]:
    """Give the official text for which a declaration was returned, at the field that it speaks of."""
    note = selectors.official_note_of(draft.corrects)
    if not note:
        return []
    return [Problem("OFFICIAL", field_in_text(note), "error", note, note, "请按官方意见修改后重新发送",
                    "Correct it as the official text says and send it again")]  # fmt: skip


def _sent(request: HttpRequest, draft: Any) -> HttpResponse:
    made = selectors.goods_of_messages([draft.message_id])
    if made:
        return redirect("goods-declaration", pk=made[0].pk)
    context = {"draft": draft, "check": selectors.check_of_message(draft.message_id), "at": timezone.now()}
    return render(request, "goods/sent.html", context)


@require_POST
@door(roles=TRADER)
def save_draft_of(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what is being typed; say why where it may not be kept any more."""
    try:
        save_draft(user=request.user, draft_id=pk, values=values_of(request.POST), at=timezone.now())  # type: ignore[arg-type]
    except NotAllowed as refusal:
        return checks([refusal.problem], status=refusal.status)
    return JsonResponse({"saved": True})


@require_POST
@door(roles=TRADER)
def check_draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what is wrong with what is being typed, at its field."""
    user: Any = request.user
    selectors.get_draft(user=user, pk=pk)
    problems = check_values(user=user, values=values_of(request.POST), at=timezone.now())
    return checks(at_rows(problems, request.POST))


@require_POST
@door(roles=TRADER)
def show_elements(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the declaration elements and rates of the HS codes that are being typed."""
    selectors.get_draft(user=request.user, pk=pk)  # type: ignore[arg-type]
    lines = values_of(request.POST)["goods"]
    known = {one.hs_code: one for one in known_of([line["hs_code"] for line in lines], timezone.localdate())}
    shown = []
    for place, line in enumerate(lines, 1):
        one = known.get(line["hs_code"])
        price, quantity = number_of(line["price"]), number_of(line["quantity"])
        value = price * quantity if price is not None and quantity is not None else None
        shown.append(
            {
                "place": place,
                "known": one,
                "missing": missing_elements(line["specification"], one.elements) if one and one.elements else [],
                "taxes": one.rates.taxes_on(value) if one and one.rates and value is not None else None,
                "currency": line["currency"],
            }
        )
    return render(request, "goods/elements.html", {"lines": shown})


@door(roles=TRADER)
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw a draft away, after asking."""
    user: Any = request.user
    draft = selectors.get_draft(user=user, pk=pk)
    if request.method == "POST":
        discard_draft(user=user, draft_id=pk, at=timezone.now())
        return redirect("goods-drafts")
    context = {
        "title": _("删除草稿"),
        "about": draft.title,
        "problems": why_unreadable(lambda: draft.values),
        "consequences": [Consequence(_("填写的内容和附件都会删除，不能恢复"))],
        "act_label": _("删除"),
        "back_url": reverse("goods-draft", args=[pk]),
        "is_danger": True,
    }
    return render(request, "screens/confirm.html", context)


@door(roles=TRADER)
def add_file_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Attach a PDF to a draft."""
    user: Any = request.user
    draft = selectors.get_draft(user=user, pk=pk)
    form = FileForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            add_file(user=user, draft_id=pk, firm_name=upload.name, document_kind=form.cleaned_data["document_kind"],
                     content=upload.read(LARGEST_FILE + 1), at=timezone.now())  # fmt: skip
            return redirect("goods-draft", pk=pk)
        except NotAllowed as refusal:
            problems = [refusal.problem]
    context = {"draft": draft, "form": form, "problems": problems, "is_upload": True, "title": _("添加随附单据"),
               "back_url": reverse("goods-draft", args=[pk]), "submit_label": _("添加")}  # fmt: skip
    return render(request, "goods/file.html", context)


@require_POST
@door(roles=TRADER)
def remove_file_of(request: HttpRequest, pk: UUID, file: UUID) -> HttpResponse:
    """Take a file away from a draft, and keep what was typed beside it."""
    user: Any = request.user
    draft, data, at = selectors.get_draft(user=user, pk=pk), request.POST, timezone.now()
    try:
        if "client_no" in data:
            save_draft(user=user, draft_id=pk, values=values_of(data), at=at)
        remove_file(user=user, draft_id=pk, file_id=file, at=at)
    except NotAllowed as refusal:
        context = _form_context(draft, data if "client_no" in data else None, [refusal.problem], user)
        return render(request, "goods/form.html", context, status=refusal.status)
    return redirect("goods-draft", pk=pk)


@require_POST
@door(roles=TRADER)
def copy_goods(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin a draft with what an earlier declaration says."""
    draft = copy_declaration(user=request.user, declaration_id=pk, at=timezone.now())  # type: ignore[arg-type]
    return redirect("goods-draft", pk=draft.pk)


@door(roles=TRADER)
def correct_goods(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open the form of the next version, at the field that the official text speaks of."""
    draft = correct_declaration(user=request.user, declaration_id=pk, at=timezone.now())  # type: ignore[arg-type]
    return redirect("goods-draft", pk=draft.pk)
