"""The page on which an export month is closed: which lists go into the summary declaration, which do not, and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from kouan.accounts.access import door
from kouan.accounts.codes import Role
from kouan.declarations import selectors
from kouan.declarations.codes import SummaryState
from kouan.declarations.months import ExportCase, Group, Standing, groups_of, month_before, month_of, next_month
from kouan.declarations.services.drafting import sender_of
from kouan.screens.pieces import Chip, Tone, register_chips

SEERS = (Role.TRADER_CLERK, Role.PORT_OFFICE_CLERK)
MOST_SHOWN = 200

STANDING_CHIPS = {
    Standing.READY: Chip(gettext_lazy("可汇总"), Tone.RUNNING),
    Standing.HELD: Chip(gettext_lazy("汇总申请待报送"), Tone.RUNNING),
    Standing.NOT_RELEASED: Chip(gettext_lazy("海关尚未放行"), Tone.WAITING),
    Standing.NOT_CLOSED: Chip(gettext_lazy("已放行，尚未结关"), Tone.WAITING),
    Standing.WITHOUT_NUMBER: Chip(gettext_lazy("尚无清单编号"), Tone.WAITING),
    Standing.IN_SUMMARY: Chip(gettext_lazy("已在汇总申请中"), Tone.DONE),
    Standing.SIMPLIFIED: Chip(gettext_lazy("简化申报，不汇总"), Tone.IDLE),
    Standing.WITHDRAWN: Chip(gettext_lazy("已撤销，不汇总"), Tone.IDLE),
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
        "before": f"{month_before(first):%Y-%m}",
        "after": f"{next_month(first):%Y-%m}",
        "groups": [(group, _shown(group), max(0, len(group.lists) - MOST_SHOWN)) for group in groups],
        "summaries": [(one, entries.get(one.summary_no, [])) for one in summaries],
        "may_close": bool(own_code),
        "at": timezone.now(),
    }
    return render(request, "declarations/month.html", context)


def _shown(group: Group) -> list[tuple[ExportCase, Standing]]:
    """Give the first lists of a group, those that may be summed up and those that are not ready yet at the top."""
    order = list(STANDING_CHIPS)
    return sorted(group.lists, key=lambda each: order.index(each[1]))[:MOST_SHOWN]
