"""Applications about export lists: to sum a month up, to cancel a list, to bring goods back in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kouan.accounts.access import NotAllowed, door
from kouan.declarations import selectors
from kouan.declarations.codes import DraftState
from kouan.declarations.forms import CancelForm, MonthForm, ReturnForm
from kouan.declarations.models import Case, Draft
from kouan.declarations.months import month_of
from kouan.declarations.services.applying import apply_for_cancellation, apply_for_return, close_month
from kouan.declarations.views import TRADER
from kouan.records.problems import Problem
from kouan.reference import selectors as reference
from kouan.screens.pieces import Consequence, Crumb


@door(roles=TRADER)
def close(request: HttpRequest) -> HttpResponse:
    """Apply for the summary of what is ready, after asking."""
    user: Any = request.user
    at = timezone.now()
    form = MonthForm(request.POST or request.GET)
    first = month_of(form.data.get("month", ""), timezone.localdate(at))
    back_url = f"{reverse('export-month')}?month={first:%Y-%m}"
    if not form.is_valid():
        return redirect(back_url)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            codes = {name: form.cleaned_data[name] for name in ("merchant_code", "customs_code")}
            draft = close_month(user=user, first=first, at=at, **codes)
            return _go_on(request, draft, back_url, _("汇总申请已签名并收妥，正在送国家标准版。"))
        except NotAllowed as refusal:
            problems = [refusal.problem]
    context = {
        "title": _("汇总申报 %(month)s") % {"month": f"{first:%Y-%m}"},
        "about": _("把本月已结关、选择汇总申报的清单列入一份汇总申请（CEB701）"),
        "consequences": [
            Consequence(_("清单列入申请后，不能再列入另一份申请")),
            Consequence(_("申请由申报企业签名后送海关，由海关生成报关单")),
            Consequence(_("本次操作记入审计")),
        ],
        "form": form,
        "problems": problems,
        "act_label": _("汇总申报"),
        "back_url": back_url,
    }
    return render(request, "screens/confirm.html", context, status=422 if problems else 200)


@door(roles=TRADER)
def cancel_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Apply to customs to cancel an export list, with the reason."""
    user: Any = request.user
    case = selectors.get_export(user=user, pk=pk)
    form = CancelForm(request.POST or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        try:
            draft = apply_for_cancellation(user=user, case_id=pk, reason=form.cleaned_data["reason"], at=timezone.now())
            return _go_on(request, draft, reverse("case", args=[pk]), _("撤销申请已签名并收妥，正在送国家标准版。"))
        except NotAllowed as refusal:
            problems = [refusal.problem]
    context = {
        "title": _("申请撤销出口清单"),
        "about": case.list_no or case.internal_no,
        "consequences": [
            Consequence(_("海关审结同意后，清单撤销，货物不得出口"), "final"),
            Consequence(_("申请（CEB605）由申报企业签名后送海关")),
            Consequence(_("本次操作记入审计")),
        ],
        "form": form,
        "problems": problems,
        "act_label": _("申请撤销"),
        "back_url": reverse("case", args=[pk]),
        "is_danger": True,
    }
    return render(request, "screens/confirm.html", context, status=422 if problems else 200)


@door(roles=TRADER)
def return_goods(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Apply to customs to bring exported goods back in."""
    user: Any = request.user
    case = selectors.get_export(user=user, pk=pk)
    goods = selectors.goods_of(case)
    codes = reference.load_codes(timezone.localdate())
    typed = request.POST if request.method == "POST" else None
    form = ReturnForm(typed, lines=goods, codes=codes, initial=None if typed else _from_list(case))
    problems: list[Problem] = []
    if typed and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ReturnForm.base_fields}
        try:
            draft = apply_for_return(
                user=user, case_id=pk, values=values, quantities=form.quantities(), at=timezone.now()
            )
            return _go_on(request, draft, reverse("case", args=[pk]), _("退货申请已签名并收妥，正在送国家标准版。"))
        except NotAllowed as refusal:
            problems = [refusal.problem]
    context = {
        "case": case,
        "crumbs": [Crumb(_("进出口清单"), reverse("cases")), Crumb(case.internal_no, reverse("case", args=[pk]))],
        "form": form,
        "lines": [(line, form[f"quantity_{line.line_no}"]) for line in goods],
        "problems": problems,
        "back_url": reverse("case", args=[pk]),
        "submit_label": _("申请退货"),
    }
    return render(request, "declarations/return_form.html", context, status=422 if problems else 200)


def _from_list(case: Case) -> dict[str, str]:
    """Give what may be taken over from the list; goods come back from where they went."""
    return {
        "carrier_code": case.carrier_code,
        "bill_no": case.bill_no,
        "port_code": case.customs_code,
        "departure_country": case.departure_country,
    }


def _go_on(request: HttpRequest, draft: Draft, url: str, said: str) -> HttpResponse:
    """Go on to the page that was left, or to where the application waits for the card."""
    if draft.state == DraftState.AWAITING_SIGNATURE:
        messages.info(request, _("本企业没有委托代签，请用申报人的卡签名后传回。"))
        return redirect("draft", pk=draft.pk)
    messages.success(request, said)
    return redirect(url)
