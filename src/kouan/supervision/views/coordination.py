"""Pages of priorities, disagreements, joint and government inspections, and the yearly evaluation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotAllowed, NotYours, door
from kouan.accounts.codes import Role
from kouan.screens.lists import Column, ListPage, MainAct
from kouan.screens.pieces import Consequence, Crumb, Emptiness
from kouan.supervision import timeline
from kouan.supervision.codes import InspectionKind
from kouan.supervision.forms import (
    ChooseMeetingForm,
    CoordinationForm,
    FindingsForm,
    InspectionForm,
    InspectionPlanForm,
    JointInspectionForm,
    PlanForm,
    PriorityForm,
    TextForm,
)
from kouan.supervision.rules import review_until
from kouan.supervision.selectors import conference as conferences
from kouan.supervision.selectors import coordination as selectors
from kouan.supervision.services import coordinating, inspecting
from kouan.supervision.states import AnnualPlanState, CoordinationAct, CoordinationState, FormalInspectionState
from kouan.supervision.views.acting import OFFICE, SEERS, UNITS, act_page, unit_choices
from kouan.supervision.views.ledger import measures_from

_F = FormalInspectionState


def _names(ids: Any) -> str:
    return "、".join(accounts.organisation_names(ids).values())


def _act(label: Any, name: str, *args: Any) -> dict[str, Any]:
    return {"label": label, "url": reverse(name, args=args)}


def _show(request: HttpRequest, row: Any, family: str, **context: Any) -> HttpResponse:
    known = {"state": row.state, "family": family, "moments": timeline.moments_of(row.pk), "at": timezone.now()}
    return render(request, "supervision/record.html", known | context)


# Priorities of a year -------------------------------------------------------------------------------------------------


@door(roles=OFFICE)
def draft_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin the priorities of a year."""
    user: Any = request.user
    conference = conferences.get_conference(user=user, pk=pk)
    year = timezone.localdate().year + 1
    initial = {"year": year, "title": f"{year}年度重点工作"}

    def do(data: dict[str, Any]) -> str:
        plan = coordinating.draft_plan(user=user, conference_id=pk, at=timezone.now(), **data)
        return reverse("annual-plan", args=[plan.pk])

    return act_page(
        request,
        form=PlanForm(request.POST or None, initial=initial),
        do=do,
        title=_("拟定年度重点"),
        about=conference.name,
        act_label=_("拟定"),
        back_url=reverse("conference", args=[pk]),
    )


@require_GET
@door(roles=SEERS)
def show_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The priorities of a year, each with its state."""
    user: Any = request.user
    plan = selectors.get_plan(user=user, pk=pk)
    tasks = selectors.priorities_of(plan)
    acts = []
    if user.sees_all_cases and plan.state == AnnualPlanState.DRAFT:
        acts = [_act(_("增加重点"), "add-priority", pk), _act(_("会议确定"), "adopt-plan", pk)]
    elif user.sees_all_cases and plan.state == AnnualPlanState.ADOPTED:
        acts = [_act(_("年终总结"), "review-plan", pk)]
    done = sum(1 for task in tasks if task.state == "closed")
    names = accounts.organisation_names(task.lead_id for task in tasks if task.lead_id)
    return _show(
        request,
        plan,
        "annual_plan",
        title=plan.title,
        acts=acts,
        facts=[
            (_("年度"), str(plan.year)),
            (_("事项"), len(tasks)),
            (_("已办结"), done),
            (_("确定于"), plan.adopted_at_meeting.title if plan.adopted_at_meeting else ""),
        ],
        texts=[{"heading": _("年终总结"), "text": plan.review}],
        lists=[
            {
                "heading": _("年度重点"),
                "items_shown": [
                    {
                        "label": task.title,
                        "url": reverse("task", args=[task.pk]),
                        "state": task.state,
                        "family": "task",
                        "note": names.get(task.lead_id, ""),
                        "at": task.due_date,
                    }
                    for task in tasks
                ],
            }
        ],
        crumbs=[Crumb(plan.conference.name, reverse("conference", args=[plan.conference.pk]))],
    )


@door(roles=OFFICE)
def add_priority(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter one priority."""
    user: Any = request.user
    plan = selectors.get_plan(user=user, pk=pk)
    units = unit_choices()
    names = {UUID(key): name for key, name in units}

    def do(data: dict[str, Any]) -> None:
        ids = [UUID(data["lead_id"]), *(UUID(each) for each in data["organisation_ids"])]
        coordinating.add_priority(
            user=user,
            plan_id=pk,
            title=data["title"],
            measures=measures_from(data["measures"]),
            organisation_ids=list(dict.fromkeys(ids)),
            names=names,
            at=timezone.now(),
        )

    return act_page(
        request,
        form=PriorityForm(request.POST or None, units=units),
        do=do,
        title=_("增加重点"),
        about=plan.title,
        act_label=_("增加"),
        back_url=reverse("annual-plan", args=[pk]),
    )


@door(roles=OFFICE)
def adopt_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write which meeting adopted the priorities."""
    user: Any = request.user
    plan = selectors.get_plan(user=user, pk=pk)
    held = conferences.list_meetings(user).filter(conference=plan.conference, state__in=["held", "minuted"])
    choices = [(str(row.pk), row.title) for row in held.order_by("-begins_at")]
    return act_page(
        request,
        form=ChooseMeetingForm(request.POST or None, meetings=choices),
        do=lambda data: coordinating.adopt_plan(
            user=user, plan_id=pk, meeting_id=UUID(data["meeting_id"]), at=timezone.now()
        ),
        title=_("会议确定"),
        about=plan.title if choices else _("还没有已召开的会议"),
        act_label=_("确定"),
        consequences=[Consequence(_("成员单位即可看到；此后不再增减"), "final")],
        back_url=reverse("annual-plan", args=[pk]),
    )


@door(roles=OFFICE)
def review_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look back on the year."""
    user: Any = request.user
    plan = selectors.get_plan(user=user, pk=pk)
    return _text_act(
        request,
        lambda text: coordinating.review_plan(user=user, plan_id=pk, review=text, at=timezone.now()),
        title=_("年终总结"),
        about=plan.title,
        back_url=reverse("annual-plan", args=[pk]),
    )


def _text_act(request: HttpRequest, do: Callable[[str], Any], *, initial: str = "", **words: Any) -> HttpResponse:
    return act_page(
        request,
        form=TextForm(request.POST or None, initial={"text": initial}),
        do=lambda data: do(data["text"]) and None,
        act_label=words.pop("act_label", _("保存")),
        **words,
    )


# Disagreements --------------------------------------------------------------------------------------------------------

COORDINATION = ListPage(
    key="coordination",
    title=gettext_lazy("部门协调"),
    about=gettext_lazy("单位之间意见不一致的事项：各方意见、方案比选和结果"),
    columns=[
        Column("title", gettext_lazy("协调事项"), sort="title"),
        Column("state", gettext_lazy("状态"), kind="chip", family="coordination", sort="state"),
        Column("positions", gettext_lazy("意见"), "position_count", kind="count", sort="position_count"),
        Column("due", gettext_lazy("协调时限"), "due_date", kind="date", sort="due_date"),
        Column("opened", gettext_lazy("发起时间"), "opened_at", kind="when", sort="opened_at"),
    ],
    default_sort="-opened",
    row_url=lambda row: reverse("coordination-case", args=[row.pk]),
    empty=Emptiness(gettext_lazy("没有需要协调的事项"), gettext_lazy("在联席会议页面发起"), icon="hand"),
)


@require_GET
@door(roles=SEERS)
def list_coordination(request: HttpRequest) -> HttpResponseBase:
    """The disagreements that the person may see."""
    user: Any = request.user
    return COORDINATION.respond(request, selectors.list_coordination(user))


@door(roles=OFFICE)
def open_coordination(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a case on which units disagree."""
    user: Any = request.user
    conference = conferences.get_conference(user=user, pk=pk)

    def do(data: dict[str, Any]) -> str:
        parties = [UUID(each) for each in data.pop("party_ids")]
        case = coordinating.open_coordination(
            user=user, conference_id=pk, party_ids=parties, task_id=None, at=timezone.now(), **data
        )
        return reverse("coordination-case", args=[case.pk])

    return act_page(
        request,
        form=CoordinationForm(request.POST or None, units=unit_choices()),
        do=do,
        title=_("发起部门协调"),
        about=conference.name,
        act_label=_("发起"),
        consequences=[Consequence(_("有关单位即可看到并发表意见"))],
        back_url=reverse("conference", args=[pk]),
    )


@require_GET
@door(roles=SEERS)
def show_coordination(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One disagreement: positions, options, outcome."""
    user: Any = request.user
    case = selectors.get_coordination(user=user, pk=pk)
    positions = list(case.positions.all())
    names = accounts.organisation_names([*case.party_ids, *(each.organisation_id for each in positions)])
    acts = []
    if case.state != CoordinationState.SETTLED and user.has_role(*UNITS):
        acts.append(_act(_("发表意见"), "say-position", pk))
    if user.sees_all_cases:
        words = {
            CoordinationAct.WEIGH: _("方案比选"),
            CoordinationAct.ESCALATE: _("提请市政府"),
            CoordinationAct.SETTLE: _("协调一致"),
        }
        possible = {act for state, act in coordinating.COORDINATION_NEXT if state == case.state}
        acts += [_act(word, "move-coordination", pk, act) for act, word in words.items() if act in possible]
    return _show(
        request,
        case,
        "coordination",
        title=case.title,
        acts=acts,
        facts=[
            (_("有关单位"), "、".join(names[each] for each in case.party_ids if each in names)),
            (_("协调时限"), case.due_date),
            (_("发起人"), case.opened_by_label),
        ],
        texts=[
            {"heading": _("分歧"), "text": case.question},
            {"heading": _("方案比选"), "text": case.options},
            {"heading": _("协调结果"), "text": case.outcome},
        ],
        lists=[
            {
                "heading": _("单位意见"),
                "items_shown": [
                    {
                        "label": names.get(each.organisation_id, ""),
                        "text": each.text,
                        "note": each.said_by_label,
                        "at": each.said_at,
                    }
                    for each in positions
                ],
            }
        ],
        crumbs=[Crumb(_("部门协调"), reverse("coordination"))],
    )


@door(roles=UNITS)
def say_position(request: HttpRequest, pk: UUID) -> HttpResponse:
    """State what the person's unit thinks."""
    user: Any = request.user
    case = selectors.get_coordination(user=user, pk=pk)
    return _text_act(
        request,
        lambda text: coordinating.say_position(user=user, case_id=pk, text=text, at=timezone.now()),
        title=_("发表意见"),
        about=case.title,
        back_url=reverse("coordination-case", args=[pk]),
    )


@door(roles=OFFICE)
def move_coordination(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Weigh options, settle, or put the case to the government."""
    user: Any = request.user
    case = selectors.get_coordination(user=user, pk=pk)
    titles = {"weigh": _("方案比选"), "settle": _("协调一致"), "escalate": _("提请市政府")}
    if act not in titles:
        raise NotYours
    return _text_act(
        request,
        lambda text: coordinating.move_coordination(
            user=user, case_id=pk, act=CoordinationAct(act), text=text, at=timezone.now()
        ),
        initial=case.options if act == "weigh" else case.outcome,
        title=titles[act],
        about=case.title,
        back_url=reverse("coordination-case", args=[pk]),
    )


# Inspections ----------------------------------------------------------------------------------------------------------

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
    return _show(
        request,
        row,
        "formal_inspection",
        title=row.title,
        notice=notice,
        acts=[_act(word, "step-inspection", pk, step) for step, word in _steps(user, row).items()],
        facts=[
            (_("督查类型"), row.get_kind_display()),
            (_("指定机关"), row.designated_by),
            (_("指定文号"), row.designation_no),
            (_("期限"), f"{row.since} — {row.until}"),
            (_("督查对象"), _names(row.subject_ids)),
            (_("督查组组长"), row.leader),
            (_("反馈日期"), row.fed_back_date),
        ],
        texts=[
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
    return _text_act(request, writers[step], **words)


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
    return _show(
        request,
        row,
        "joint_inspection",
        title=row.title,
        acts=[_act(_("登记检查情况"), "record-findings", pk)] if may_record else [],
        facts=[
            (_("检查日期"), row.on_date),
            (_("参加单位"), _names(row.inspector_ids)),
            (_("受检单位"), _names(row.subject_ids)),
        ],
        texts=[
            {"heading": _("检查内容"), "text": row.matter},
            {"heading": _("检查情况"), "text": row.findings},
        ],
        lists=[],
        crumbs=[Crumb(row.conference.name, reverse("conference", args=[row.conference.pk]))],
    )


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


@require_GET
@door(roles=OFFICE)
def show_evaluation(request: HttpRequest) -> HttpResponse:
    """Every unit's year, counted from the ledger."""
    today = timezone.localdate()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 2018 <= int(asked) <= today.year else today.year
    context = {
        "title": _("年度评估"),
        "about": _("%(year)s 年，全部由台账数据计算，不打印象分") % {"year": year},
        "rows": selectors.evaluate_year(year=year, on=today),
        "year": year,
        "years": range(today.year, max(today.year - 4, 2017), -1),
        "at": timezone.now(),
    }
    return render(request, "supervision/evaluation.html", context)
