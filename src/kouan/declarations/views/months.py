"""The page on which an export month is closed: which lists go into the summary declaration, which do not, and why."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kouan.accounts.access import door
from kouan.accounts.codes import Role
from kouan.declarations import selectors
from kouan.declarations.codes import SummaryState
from kouan.declarations.months import Standing, groups_of, month_of
from kouan.declarations.services.closing import close_month
from kouan.declarations.services.drafting import sender_of
from kouan.screens.pieces import Chip, Tone, register_chips

SEERS = (Role.TRADER_CLERK, Role.PORT_OFFICE_CLERK)
MOST_SHOWN = 200

STANDING_CHIPS = {
    Standing.READY: Chip(gettext_lazy("可汇总"), Tone.RUNNING),
    Standing.IN_SUMMARY: Chip(gettext_lazy("已在汇总申请中"), Tone.DONE),
    Standing.SIMPLIFIED: Chip(gettext_lazy("简化申报，不汇总"), Tone.IDLE),
    Standing.WITHDRAWN: Chip(gettext_lazy("已撤销，不汇总"), Tone.IDLE),
    Standing.NOT_RELEASED: Chip(gettext_lazy("海关尚未放行"), Tone.WAITING),
    Standing.WITHOUT_NUMBER: Chip(gettext_lazy("尚无清单编号"), Tone.WAITING),
}
SUMMARY_CHIPS = {
    SummaryState.SENT: Chip(SummaryState.SENT.label, Tone.RUNNING),
    SummaryState.RETURNED: Chip(SummaryState.RETURNED.label, Tone.REFUSED),
    SummaryState.EXAMINED: Chip(SummaryState.EXAMINED.label, Tone.RUNNING),
    SummaryState.DECLARED: Chip(SummaryState.DECLARED.label, Tone.DONE),
    SummaryState.WITHDRAWN: Chip(SummaryState.WITHDRAWN.label, Tone.IDLE),
    SummaryState.UNKNOWN_OFFICIAL: Chip(SummaryState.UNKNOWN_OFFICIAL.label, Tone.UNKNOWN),
}


def register() -> None:
    """Give lists of a month and summary applications their chips."""
    register_chips("month", STANDING_CHIPS)
    register_chips("summary", SUMMARY_CHIPS)


@door(roles=SEERS)
def show_month(request: HttpRequest) -> HttpResponse:
    """Show the export lists of a month by consignor and customs office, and the applications made of them."""
    user: Any = request.user
    first = month_of(request.GET.get("month", ""), timezone.localdate())
    own_code = sender_of(user).code if user.has_role(Role.TRADER_CLERK) else ""
    cases = selectors.list_cases(user)
    if own_code:
        cases = cases.filter(declarant_code=own_code)
    groups = groups_of(selectors.exports_of_month(cases, first))
    summaries = selectors.list_summaries(user, first)
    entries = selectors.entries_of(summaries)
    context = {
        "first": first,
        "month": f"{first:%Y-%m}",
        "groups": [(group, group.lists[:MOST_SHOWN], len(group.lists) - MOST_SHOWN) for group in groups],
        "summaries": [(one, entries.get(one.pk, [])) for one in summaries],
        "may_close": bool(own_code),
        "at": timezone.now(),
    }
    return render(request, "declarations/month.html", context)


@require_POST
@door(roles=[Role.TRADER_CLERK])
def close(request: HttpRequest) -> HttpResponse:
    """Declare the summary of what is ready."""
    user: Any = request.user
    at = timezone.now()
    first = month_of(request.POST.get("month", ""), timezone.localdate(at))
    close_month(
        user=user, first=first, merchant_code=request.POST.get("merchant_code", ""),
        customs_code=request.POST.get("customs_code", ""), at=at,
    )  # fmt: skip
    messages.success(request, _("汇总申请已签名并收妥，正在送国家标准版。"))
    return redirect(f"{reverse('export-month')}?month={first:%Y-%m}")
