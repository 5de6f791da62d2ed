"""Pages of joint inspections by members, and of government inspections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotAllowed, door
from kouan.accounts.codes import Role
from kouan.screens.lists import Column, ListPage, MainAct
from kouan.screens.pieces import Consequence, Crumb, Emptiness, NextStep
from kouan.supervision.codes import InspectionKind
from kouan.supervision.forms.coordination import (
    FindingsForm,
    InspectionForm,
    InspectionPlanForm,
    JointInspectionForm,
)
from kouan.supervision.rules import review_until
from kouan.supervision.selectors import conference as conferences
from kouan.supervision.selectors import coordination as selectors
from kouan.supervision.services import coordinating, inspecting
from kouan.supervision.states import FormalInspectionState
from kouan.supervision.views.acting import OFFICE, SEERS, UNITS, act_page, unit_choices
from kouan.supervision.views.ledger import measures_from
from kouan.supervision.views.records import act_of, names_of, show_record, text_act

_F = FormalInspectionState


INSPECTIONS = ListPage(
    key="formal-inspections",
    title=gettext_lazy("政府督查"),
    about=gettext_lazy("仅限市政府指定的督查：有指定文号、方案、结论，督查对象可在 30 日内申请复核"),
    columns=[
        Column("title", gettext_lazy("督查名称"), sort="title", note="designation_no"),
        Column("state", gettext_lazy("状态"), kind="chip", family="formal_inspection", sort="state"),
        Column("kind", gettext_lazy("类型"), "get_kind_display", sort="kind"),
        Column("since", gettext_lazy("期限起"), kind="date", sort="since"),
        Column("until", gettext_lazy("期限止"), kind="date", sort="until"),
    ],
    default_sort="-since",
    row_url=lambda row: reverse("formal-inspection", args=[row.pk]),
    empty=Emptiness(
        gettext_lazy("没有政府督查"),
        gettext_lazy("部门未经市政府指定不得开展督查；日常跟踪请用台账、提醒和督办函"),
        icon="gavel",
    ),
)


@require_GET
@door(roles=SEERS)
def list_inspections(request: HttpRequest) -> HttpResponseBase:
    """The government inspections that the person may see."""
    user: Any = request.user
    main_act = MainAct(_("登记指定"), reverse("new-formal-inspection")) if user.sees_all_cases else None
    return INSPECTIONS.respond(request, selectors.list_formal_inspections(user), main_act=main_act)


@door(roles=OFFICE)
def add_inspection(request: HttpRequest) -> HttpResponse:
    """Enter a designation."""
    user: Any = request.user

    def do(data: dict[str, Any]) -> str:
        subjects = [UUID(each) for each in data.pop("subject_ids")]
        row = inspecting.register_inspection(
            user=user, kind=InspectionKind(data.pop("kind")), subject_ids=subjects, at=timezone.now(), **data
        )
        return reverse("formal-inspection", args=[row.pk])

    return act_page(
        request,
        form=InspectionForm(request.POST or None, units=unit_choices()),
        do=do,
        title=_("登记指定"),
        about=_("部门未经本级人民政府指定不得开展政府督查"),
        act_label=_("登记"),
        back_url=reverse("formal-inspections"),
    )


@require_GET
@door(roles=SEERS)
def show_inspection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One government inspection with its next step."""
    user: Any = request.user
    row = selectors.get_formal_inspection(user=user, pk=pk)
    limit = review_until(row.fed_back_date) if row.fed_back_date else None
    notice = ""
    if row.state == _F.FED_BACK and limit:
        notice = _("督查对象可在 %(day)s 前申请复核") % {"day": limit}
    elif row.state == _F.UNDER_REVIEW and row.review_asked_date:
        notice = _("应在 %(day)s 前作出复核决定") % {"day": review_until(row.review_asked_date)}
    return show_record(
        request,
        row,
        "formal_inspection",
        title=row.title,
        notice=notice,
        next_step=_next_step(user, row),
        acts=[act_of(word, "step-inspection", pk, step) for step, word in _steps(user, row).items()],
        facts=[
            (_("督查类型"), row.get_kind_display()),
            (_("指定机关"), row.designated_by),
            (_("指定文号"), row.designation_no),
            (_("期限"), f"{row.since} — {row.until}"),
            (_("督查对象"), names_of(row.subject_ids)),
            (_("督查组组长"), row.leader),
            (_("反馈日期"), row.fed_back_date),
        ],
        passages=[
            {"heading": _("督查事项"), "text": row.matter},
            {"heading": _("督查范围"), "text": row.scope},
            {"heading": _("督查方案"), "text": row.plan},
            {"heading": _("督查结论"), "text": row.conclusion},
            {"heading": _("复核理由"), "text": row.review_reason},
            {"heading": _("复核决定"), "text": row.review_decision},
            {"heading": _("整改核查"), "text": row.rectification},
        ],
        lists=[],
        crumbs=[Crumb(_("政府督查"), reverse("formal-inspections"))],
    )


def _next_step(user: Any, row: Any) -> NextStep:
    if row.state == _F.CLOSED:
        return NextStep("over", _("督查已结束"))
    what = {
        _F.DESIGNATED: _("制定督查方案、确定组长"),
        _F.PLANNED: _("在指定期限内开始督查"),
        _F.RUNNING: _("查明情况，作出督查结论"),
        _F.CONCLUDED: _("向督查对象反馈结论"),
        _F.FED_BACK: _("督查对象可申请复核；期满或整改核查后结束"),
        _F.UNDER_REVIEW: _("由未参与作出结论的人员复核"),
        _F.REVIEWED: _("核查整改后结束"),
    }[_F(row.state)]
    basis = {
        _F.DESIGNATED: _("《政府督查工作条例》第十五条"),
        _F.RUNNING: _("《政府督查工作条例》第十六条"),
        _F.CONCLUDED: _("《政府督查工作条例》第十六条"),
        _F.FED_BACK: _("《政府督查工作条例》第十七条"),
        _F.UNDER_REVIEW: _("《政府督查工作条例》第十七条"),
        _F.REVIEWED: _("《政府督查工作条例》第十八条"),
    }.get(_F(row.state), _("《政府督查工作条例》第七条"))
    mine = bool(_steps(user, row)) and (user.sees_all_cases or row.state == _F.FED_BACK)
    whose = "" if mine else _("督查组")
    return NextStep("yours" if mine else "theirs", what, whose=whose, basis=basis)


def _steps(user: Any, row: Any) -> dict[str, Any]:
    """The steps that this person may take now, with their words."""
    if user.sees_all_cases:
        by_state: dict[str, dict[str, Any]] = {
            _F.DESIGNATED: {"plan": _("制定方案")},
            _F.PLANNED: {"begin": _("开始督查")},
            _F.RUNNING: {"conclude": _("作出结论")},
            _F.CONCLUDED: {"feed_back": _("反馈结论")},
            _F.FED_BACK: {"close": _("结束督查")},
            _F.UNDER_REVIEW: {"decide_review": _("作出复核决定")},
            _F.REVIEWED: {"close": _("结束督查")},
        }
        return by_state.get(row.state, {})
    is_subject = user.organisation_id in row.subject_ids and user.has_role(Role.LIAISON, Role.PRINCIPAL)
    return {"ask_review": _("申请复核")} if is_subject and row.state == _F.FED_BACK else {}


@door(roles=UNITS)
def step_inspection(request: HttpRequest, pk: UUID, step: str) -> HttpResponse:
    """Take the next step of a government inspection."""
    user: Any = request.user
    row = selectors.get_formal_inspection(user=user, pk=pk)
    steps = _steps(user, row)
    if step not in steps:
        raise NotAllowed
    now, back = timezone.now(), reverse("formal-inspection", args=[pk])
    words = {"title": steps[step], "about": row.title, "back_url": back}
    if step == "plan":
        return act_page(
            request,
            form=InspectionPlanForm(request.POST or None),
            do=lambda data: inspecting.plan_inspection(user=user, pk=pk, at=now, **data),
            act_label=_("保存"),
            **words,
        )
    if step in ("begin", "feed_back"):
        service = inspecting.begin_inspection if step == "begin" else inspecting.feed_back
        return act_page(
            request,
            form=Form(request.POST or None),
            do=lambda data: service(user=user, pk=pk, at=now),
            act_label=steps[step],
            **words,
        )
    writers: dict[str, Callable[[str], Any]] = {
        "conclude": lambda text: inspecting.conclude_inspection(user=user, pk=pk, conclusion=text, at=now),
        "ask_review": lambda text: inspecting.ask_review(user=user, pk=pk, reason=text, at=now),
        "decide_review": lambda text: inspecting.decide_review(user=user, pk=pk, decision=text, at=now),
        "close": lambda text: inspecting.close_inspection(user=user, pk=pk, rectification=text, at=now),
    }
    return text_act(request, writers[step], **words)


@door(roles=OFFICE)
def plan_joint_inspection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan a joint inspection by members."""
    user: Any = request.user
    conference = conferences.get_conference(user=user, pk=pk)

    def do(data: dict[str, Any]) -> str:
        row = coordinating.plan_joint_inspection(
            user=user,
            conference_id=pk,
            inspector_ids=[UUID(each) for each in data.pop("inspector_ids")],
            subject_ids=[UUID(each) for each in data.pop("subject_ids")],
            at=timezone.now(),
            **data,
        )
        return reverse("joint-inspection", args=[row.pk])

    return act_page(
        request,
        form=JointInspectionForm(request.POST or None, units=unit_choices()),
        do=do,
        title=_("安排联合检查"),
        about=conference.name,
        act_label=_("安排"),
        consequences=[Consequence(_("成员单位之间的检查，不是政府督查"))],
        back_url=reverse("conference", args=[pk]),
    )


@require_GET
@door(roles=SEERS)
def show_joint_inspection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One joint inspection."""
    user: Any = request.user
    row = selectors.get_joint_inspection(user=user, pk=pk)
    may_record = user.sees_all_cases and row.state == "planned"
    return show_record(
        request,
        row,
        "joint_inspection",
        title=row.title,
        acts=[act_of(_("登记检查情况"), "record-findings", pk)] if may_record else [],
        next_step=_step_of_visit(row, may_record=may_record),
        facts=[
            (_("检查日期"), row.on_date),
            (_("参加单位"), names_of(row.inspector_ids)),
            (_("受检单位"), names_of(row.subject_ids)),
        ],
        passages=[
            {"heading": _("检查内容"), "text": row.matter},
            {"heading": _("检查情况"), "text": row.findings},
        ],
        lists=[],
        crumbs=[Crumb(row.conference.name, reverse("conference", args=[row.conference.pk]))],
    )


def _step_of_visit(row: Any, *, may_record: bool) -> NextStep:
    if row.state == "done":
        return NextStep("over", _("检查情况已登记，需整改的已列入台账"))
    what = _("检查后登记检查情况")
    return NextStep("yours", what) if may_record else NextStep("theirs", what, whose=_("联席会议办公室"))


@door(roles=OFFICE)
def record_findings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write what a joint inspection found."""
    user: Any = request.user
    row = selectors.get_joint_inspection(user=user, pk=pk)
    names = accounts.organisation_names(row.subject_ids)

    def do(data: dict[str, Any]) -> str | None:
        task = coordinating.record_findings(
            user=user,
            pk=pk,
            findings=data["findings"],
            measures=measures_from(data["measures"]),
            names=names,
            at=timezone.now(),
        )
        return reverse("task", args=[task.pk]) if task else None

    return act_page(
        request,
        form=FindingsForm(request.POST or None),
        do=do,
        title=_("登记检查情况"),
        about=row.title,
        act_label=_("登记"),
        consequences=[Consequence(_("整改举措列入台账，由受检单位落实"))],
        back_url=reverse("joint-inspection", args=[pk]),
    )
