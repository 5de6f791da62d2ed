"""The declarant's drafts: a new declaration by form, and what is not declared yet."""

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
from kouan.declarations import selectors
from kouan.declarations.codes import DraftState
from kouan.declarations.export_forms import ExportForm, ExportGoodsFormSet
from kouan.declarations.forms import DeclarationForm, GoodsFormSet, filled_rows, in_words, values_of
from kouan.declarations.models import Draft
from kouan.declarations.pointers import at_form_fields
from kouan.declarations.services.checking import submit_for_check
from kouan.declarations.services.drafting import (
    begin_draft,
    check_values,
    declare_draft,
    discard_draft,
    save_draft,
)
from kouan.declarations.views import TRADER
from kouan.declarations.views.card_signing import show_signing
from kouan.records.problems import Problem, has_error
from kouan.reference import selectors as reference
from kouan.reference.types import Codes
from kouan.safekeeping.selectors import why_unreadable
from kouan.screens.forms import checks
from kouan.screens.lists import ChoiceFilter, Column, ListPage, MainAct
from kouan.screens.pieces import Consequence, Crumb, Emptiness

DRAFTS = ListPage(
    key="drafts",
    title=gettext_lazy("申报草稿"),
    about=gettext_lazy("本企业正在填写或等待签名的申报"),
    columns=[
        Column("title", gettext_lazy("编号"), lambda row: row.title or _("未填编号"), kind="code"),
        Column("client", gettext_lazy("委托方"), "client_name", note="client_code"),
        Column("state", gettext_lazy("状态"), "get_state_display"),
        Column("check", gettext_lazy("复核"), "check_state", kind="chip", family="check"),
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
        ),
        ChoiceFilter("check", gettext_lazy("复核"), choices=CheckChoices.choices, field="check_state"),
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
    """Go to the form of a new draft; one that this clerk began and left empty is taken up again."""
    direction = "E" if request.GET.get("direction") == "E" else "I"
    draft = begin_draft(user=request.user, direction=direction, at=timezone.now())  # type: ignore[arg-type]
    return redirect("draft", pk=draft.pk)


@door(roles=TRADER)
def edit_draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Fill in a draft, and declare it."""
    user: Any = request.user
    draft = selectors.get_draft(user=user, pk=pk)
    if draft.state == DraftState.AWAITING_SIGNATURE:
        return show_signing(request, draft)
    if draft.state == DraftState.DECLARED:
        return render(request, "declarations/declared.html", _declared_context(draft))
    problems: list[Problem] = []
    codes = reference.load_codes(timezone.localdate())
    if request.method == "POST":
        form, goods = _forms_typed(request, draft, codes)
        values = values_of(form, goods)
        try:
            if answer := _keep(request, draft, values):
                return answer
            problems = at_form_fields(check_values(user=user, values=values, at=timezone.now()), filled_rows(goods))
        except NotAllowed as refusal:
            problems = [refusal.problem]
        draft.refresh_from_db()
    elif why_unreadable(lambda: draft.values):
        return redirect("discard-draft", pk=pk)
    else:
        form, goods = forms_of(draft.values, codes)
    standing = standing_of(draft, CheckedKind.PARCELS, user)
    problems = [*_what_the_checker_said(draft, standing), *problems]
    context = {
        "draft": draft,
        "standing": standing,
        "form": form,
        "lines": goods,
        "problems": [in_words(problem, form, goods) for problem in problems],
        "is_checked": request.method == "POST" and bool(problems),
        "declared_on": timezone.localdate(),
        "title": _("新建出口申报") if form.direction == "E" else _("新建进口申报"),
        "is_export": form.direction == "E",
        "draft_url": reverse("save-draft", args=[pk]),
        "check_url": reverse("check-draft", args=[pk]),
        "back_url": reverse("drafts"),
        "submit_label": _("申报"),
    }
    return render(request, "declarations/form.html", context)


def _forms_for(values: dict[str, Any]) -> tuple[type[DeclarationForm], Any]:
    """Give the forms of the direction in which a draft declares."""
    return (ExportForm, ExportGoodsFormSet) if values.get("direction") == "E" else (DeclarationForm, GoodsFormSet)


def _keep(request: HttpRequest, draft: Any, values: dict[str, Any]) -> HttpResponse | None:
    """Keep what was typed and do what was asked with it; None where the checks found an error. Raises NotAllowed."""
    user: Any = request.user
    at, did = timezone.now(), request.POST.get("do")
    save_draft(user=user, draft_id=draft.pk, values=values, at=at)
    if did == "save":
        return redirect("draft", pk=draft.pk)
    if has_error(check_values(user=user, values=values, at=at)):
        return None
    if did == "submit":
        submit_for_check(user=user, pk=draft.pk, at=at)
        messages.success(request, _("已提交复核。"))
    else:
        declared = declare_draft(user=user, draft_id=draft.pk, at=at)
        messages.success(request, _("已申报。") if declared.message_ids else _("已生成报文，等待签名。"))
    return redirect("draft", pk=draft.pk)


def _what_the_checker_said(draft: Any, standing: Any) -> list[Problem]:
    """Give the reason for which a checker gave the draft back, at the field named."""
    if draft.stands is not CheckState.BOUNCED:
        return []
    return [Problem("CHECK-BOUNCED", draft.bounce_pointer, "error",
                    f"复核退回（{standing.checker}）：{draft.bounce_reason}",
                    f"Given back by {standing.checker}: {draft.bounce_reason}", "请修改后重新提交复核",
                    "Change it and hand it over again")]  # fmt: skip


def forms_of(values: dict[str, Any], codes: Codes) -> tuple[DeclarationForm, Any]:
    """Give the forms of a draft as it was kept."""
    head_form, lines_form = _forms_for(values)
    head = {name: value for name, value in values.items() if name != "goods"}
    lines = values.get("goods") or []
    return (
        head_form(initial=head, codes=codes),
        lines_form(initial=lines, prefix="goods", form_kwargs={"codes": codes}),
    )


def _forms_typed(request: HttpRequest, draft: Draft, codes: Codes | None = None) -> tuple[DeclarationForm, Any]:
    """Give the forms of a draft as they are being typed."""
    head_form, lines_form = _forms_for(draft.values)
    return (
        head_form(request.POST, codes=codes),
        lines_form(request.POST, prefix="goods", form_kwargs={"codes": codes}),
    )


def _declared_context(draft: Any) -> dict[str, Any]:
    return {
        "draft": draft,
        "crumbs": [Crumb(_("申报草稿"), reverse("drafts"))],
        "cases": selectors.cases_of_messages(draft.message_ids),
        "findings": [finding for pk in draft.message_ids for finding in selectors.findings_of(pk)],
        "at": timezone.now(),
    }


@require_POST
@door(roles=TRADER)
def save_draft_of(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what is being typed."""
    user: Any = request.user
    draft = selectors.get_draft(user=user, pk=pk)
    values = values_of(*_forms_typed(request, draft))
    try:
        save_draft(user=user, draft_id=pk, values=values, at=timezone.now())
    except NotAllowed as refusal:
        return checks([refusal.problem], status=refusal.status)
    return JsonResponse({"saved": True})


@require_POST
@door(roles=TRADER)
def check_draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what is wrong with what is being typed, at its field."""
    user: Any = request.user
    form, goods = _forms_typed(request, selectors.get_draft(user=user, pk=pk))
    problems = check_values(user=user, values=values_of(form, goods), at=timezone.now())
    return checks(at_form_fields(problems, filled_rows(goods)))


@door(roles=TRADER)
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw a draft away, after asking."""
    user: Any = request.user
    draft = selectors.get_draft(user=user, pk=pk)
    if request.method == "POST":
        discard_draft(user=user, draft_id=pk, at=timezone.now())
        messages.success(request, _("草稿已删除。"))
        return redirect("drafts")
    context = {
        "title": _("删除草稿"),
        "about": draft.title or _("未填编号"),
        "problems": why_unreadable(lambda: draft.values),
        "consequences": [
            Consequence(_("填写的内容和未报送的报文一并删除，不能恢复"), "final"),
            Consequence(_("本次操作记入审计")),
        ],
        "act_label": _("删除草稿"),
        "back_url": reverse("draft", args=[pk]),
        "is_danger": True,
    }
    return render(request, "screens/confirm.html", context)


@require_POST
@door(roles=TRADER)
def copy_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin a draft with the goods and firms of an earlier declaration; numbers and persons are left out."""
    user: Any = request.user
    case = selectors.get_case(user=user, pk=pk)
    draft = save_draft(user=user, draft_id=None, values=selectors.values_to_copy(case), at=timezone.now())
    return redirect("draft", pk=draft.pk)
