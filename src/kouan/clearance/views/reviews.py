"""The desk of an officer whose agency has no connected system: worklist and opinion."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kouan.accounts.access import NotAllowed, door
from kouan.accounts.codes import Role
from kouan.clearance import selectors
from kouan.clearance.amended import stale_opinion
from kouan.clearance.authority import PARCEL_AUTHORITIES
from kouan.clearance.codes import SubjectKind
from kouan.clearance.forms import ReviewForm
from kouan.clearance.scopes import scopes
from kouan.clearance.services.reviewing import confirm_opinion, record_review
from kouan.clearance.states import ABOUT_EARLIER, REVIEW_NEXT, ReviewAct, ReviewState
from kouan.clearance.timeline import timeline_of
from kouan.clearance.views.goods_reviews import show_goods_review
from kouan.declarations import selectors as declarations
from kouan.screens.formats import is_english
from kouan.screens.lists import ChoiceFilter, Column, ListPage, Preset, YesNoFilter
from kouan.screens.pieces import Crumb, Emptiness, to_chip
from kouan.workflow.services import NotPossibleNow

_FAMILY = {SubjectKind.PARCEL: "case", SubjectKind.GOODS: "goods"}


def version_words(row: Any) -> str:
    """Say which version a review looks at, which one counts now, and on which one its opinion was written."""
    words = {"number": row.version, "now": row.case_version, "old": row.opinion_version or row.spoken_version}
    if row.version != row.case_version:
        return _("第 %(number)s 版，现为第 %(now)s 版") % words
    if row.opinion_version and row.opinion_version < row.version:
        return _("第 %(number)s 版，沿用第 %(old)s 版意见") % words
    if row.spoken_version and row.state in selectors.SILENT:
        return _("第 %(number)s 版，原意见针对第 %(old)s 版") % words
    return _("第 %(number)s 版") % words


REVIEWS = ListPage(
    key="reviews",
    title=gettext_lazy("审核"),
    about=gettext_lazy("涉及本机关的申报；官方系统回执的只供查看，须在本平台登记意见的排在待办里"),
    columns=[
        Column("case", gettext_lazy("办件"), lambda row: row.number, kind="code", note="get_subject_kind_display"),
        Column("state", gettext_lazy("本机关"), kind="chip", family="review"),
        Column("version", gettext_lazy("所针对的版本"), version_words),
        Column(
            "case_state",
            gettext_lazy("申报状态"),
            lambda row: to_chip(row.case_state, _FAMILY[row.subject_kind]),
            kind="chip",
        ),
        Column("goods", gettext_lazy("商品"), lambda row: row.goods),
        Column("way", gettext_lazy("答复方式"), "get_way_display"),
        Column("opened", gettext_lazy("收到时间"), "opened_at", kind="when", sort="pk"),
        Column("since", gettext_lazy("状态起始"), "state_since", kind="when"),
    ],
    filters=[
        ChoiceFilter("about", gettext_lazy("办件类型"), choices=SubjectKind.choices, field="subject_kind"),
        ChoiceFilter(
            "state",
            gettext_lazy("状态"),
            choices=[
                ("pending", gettext_lazy("待办理")),
                ("to_confirm", gettext_lazy("原意见待确认")),
                ("asking", gettext_lazy("询问中")),
                ("inspecting", gettext_lazy("查验中")),
                ("cleared", gettext_lazy("无意见")),
                ("cleared_with_conditions", gettext_lazy("附条件同意")),
                ("objected", gettext_lazy("有异议")),
            ],
        ),
        ChoiceFilter(
            "way",
            gettext_lazy("答复方式"),
            choices=[("recorded", gettext_lazy("在本平台登记")), ("relayed", gettext_lazy("官方系统回执"))],
        ),
        YesNoFilter("current", gettext_lazy("针对现版本"), find=selectors.of_current_version),
    ],
    presets=[
        Preset(
            "mine",
            gettext_lazy("待我登记"),
            {"state": ["pending", "to_confirm"], "way": ["recorded"], "current": ["yes"]},
            is_counted=True,
        )
    ],
    default_sort="-opened",
    row_url=lambda row: reverse("review", args=[row.pk]),
    beside=True,
    empty=Emptiness(gettext_lazy("没有涉及本机关的申报"), gettext_lazy("判定表认为涉及本机关的申报会显示在这里")),
)


@door(roles=[Role.OFFICER, Role.PORT_OFFICE_CLERK])
def list_reviews(request: HttpRequest) -> HttpResponse:
    """Show the worklist of an agency."""
    return REVIEWS.respond(request, selectors.list_reviews(request.user))  # type: ignore[arg-type]


@door(roles=[Role.OFFICER, Role.PORT_OFFICE_CLERK])
def show_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one review with its case, and record an opinion where it is recorded here."""
    user: Any = request.user
    now = timezone.now()
    review = selectors.get_review(user=user, pk=pk)
    if review.subject_kind == SubjectKind.GOODS:
        return show_goods_review(request, review)
    case = declarations.get_case(user=user, pk=review.case_id)
    is_current = review.version == case.version
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
            act = ReviewAct(form.cleaned_data["act"])
            record_review(user=user, review_id=pk, act=act, opinion=form.cleaned_data["opinion"], at=now)
            messages.success(request, _("意见已登记。"))
            return redirect("review", pk=pk)
        except NotAllowed as refusal:
            problems = [refusal.problem]
        except NotPossibleNow:
            messages.warning(request, _("状态已被他人改变，请查看最新情况。"))
            return redirect("review", pk=pk)
    stale = stale_opinion(review, case) if review.way == "recorded" else None
    context = {
        "review": review,
        "stale": stale,
        "replaced_by": None
        if is_current
        else selectors.review_of_version(case_id=case.pk, agency=review.agency, version=case.version),
        "may_confirm": bool(stale and stale.waits and may_record),
        "scope": scopes().get(review.agency),
        "case": case,
        "form": form,
        "problems": problems,
        "agency": selectors.agency_name(review.agency),
        "authority": PARCEL_AUTHORITIES.get(review.agency),
        "goods": declarations.goods_of(case),
        "timeline": timeline_of(case, now=now),
        "crumbs": [Crumb(_("审核"), reverse("reviews"))],
        "at": now,
    }
    return render(request, "clearance/review.html", context)


@require_POST
@door(roles=[Role.OFFICER])
def confirm_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm that the opinion of an earlier version holds for this one."""
    user: Any = request.user
    try:
        confirm_opinion(user=user, review_id=pk, at=timezone.now())
        messages.success(request, _("已确认：原意见对现版本仍然有效。"))
    except NotAllowed as refusal:
        messages.warning(request, refusal.problem.en if is_english() else refusal.problem.zh)
    except NotPossibleNow:
        messages.warning(request, _("状态已被他人改变，请查看最新情况。"))
    return redirect("review", pk=pk)
