"""A review of a goods declaration: what an officer sees of it, and the opinion."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import Role
from kouan.clearance import selectors
from kouan.clearance.authority import GOODS_AUTHORITIES
from kouan.clearance.forms import ReviewForm
from kouan.clearance.services.goods_reviewing import record_goods_review
from kouan.clearance.states import ABOUT_EARLIER, REVIEW_NEXT, ReviewAct, ReviewState
from kouan.goods import selectors as goods
from kouan.goods.timeline import timeline_of
from kouan.screens.pieces import Crumb
from kouan.workflow.services import NotPossibleNow


def show_goods_review(request: HttpRequest, review: Any) -> HttpResponse:
    """Show a review that the person may see, and record an opinion where it is recorded here."""
    user: Any = request.user
    now = timezone.now()
    row = goods.get_goods(user=user, pk=review.case_id)
    is_current = review.version == row.version
    possible = [
        act
        for state, act in REVIEW_NEXT
        if state == ReviewState(review.state) and act not in ABOUT_EARLIER and is_current
    ]
    may_record = review.way == "recorded" and user.has_role(Role.OFFICER) and bool(possible)
    form = ReviewForm(request.POST or None, possible=possible) if may_record else None
    problems: list[Any] = []
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            record_goods_review(user=user, review_id=review.pk, act=ReviewAct(form.cleaned_data["act"]),
                                opinion=form.cleaned_data["opinion"], at=now)  # fmt: skip
            messages.success(request, _("意见已登记。"))
            return redirect("review", pk=review.pk)
        except NotAllowed as refusal:
            problems = [refusal.problem]
        except NotPossibleNow:
            messages.warning(request, _("状态已被他人改变，请查看最新情况。"))
            return redirect("review", pk=review.pk)
    context = {
        "review": review,
        "row": row,
        "is_replaced": not is_current,
        "form": form,
        "problems": problems,
        "agency": selectors.agency_name(review.agency),
        "authority": GOODS_AUTHORITIES.get(review.agency),
        "items": goods.items_of(row),
        "timeline": timeline_of(row, user=user, now=now),
        "crumbs": [Crumb(_("审核"), reverse("reviews"))],
        "at": now,
    }
    return render(request, "clearance/goods_review.html", context)
