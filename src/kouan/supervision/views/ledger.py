"""Pages of the ledger: tasks, who answers for them, and what they aim at."""

from __future__ import annotations

import re
from datetime import date
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
from kouan.accounts.access import door
from kouan.accounts.codes import Role
from kouan.indicators import selectors as indicators
from kouan.screens.formats import is_english
from kouan.screens.lists import (
    ChoiceFilter,
    Column,
    DateRangeFilter,
    ListPage,
    MainAct,
    Preset,
    TextFilter,
    YesNoFilter,
)
from kouan.screens.pieces import Consequence, Crumb, Emptiness, NextStep
from kouan.supervision import timeline
from kouan.supervision.codes import Frequency, TaskSource
from kouan.supervision.forms.ledger import (
    BindForm,
    DepartmentForm,
    HandOverForm,
    ResolveForm,
    TaskForm,
)
from kouan.supervision.selectors import conference, coordination
from kouan.supervision.selectors import ledger as selectors
from kouan.supervision.services import entering, keeping
from kouan.supervision.states import MeasureState, TaskState
from kouan.supervision.views.acting import OFFICE, SEERS, UNITS, act_page, unit_choices

TASKS = ListPage(
    key="tasks",
    title=gettext_lazy("事项台账"),
    about=gettext_lazy("各类来源的事项及其举措的办理情况；举措是跟踪单位，事项由举措汇总"),
    columns=[
        Column("title", gettext_lazy("事项"), sort="title", note="source_label", is_long=True),
        Column("state", gettext_lazy("状态"), kind="chip", family="task", sort="state"),
        Column("clause", gettext_lazy("条款"), sort="position"),
        Column("due", gettext_lazy("时限"), "due_date", kind="date", sort="due_date"),
        Column("measures", gettext_lazy("举措"), "measure_count", kind="count", sort="measure_count"),
        Column("closed", gettext_lazy("已办结"), "closed_count", kind="count", sort="closed_count"),
        Column("bounced", gettext_lazy("被退回"), "bounced_count", kind="count", sort="bounced_count", shown=False),
        Column("delay", gettext_lazy("延期天数"), "delay_total", kind="count", sort="delay_total", shown=False),
        Column("frequency", gettext_lazy("报送周期"), "get_frequency_display", sort="frequency", shown=False),
        Column("source", gettext_lazy("来源"), "get_source_display", sort="source", shown=False),
    ],
    filters=[
        TextFilter("q", gettext_lazy("事项或内容"), find=selectors.find_tasks),
        ChoiceFilter(
            "state",
            gettext_lazy("状态"),
            choices=[
                (TaskState.OPEN.value, gettext_lazy("办理中")),
                (TaskState.CLAIMED.value, gettext_lazy("待核验")),
                (TaskState.CLOSED.value, gettext_lazy("已办结")),
                (TaskState.CANCELLED.value, gettext_lazy("已取消")),
            ],
        ),
        ChoiceFilter("source", gettext_lazy("来源"), choices=TaskSource.choices),
        DateRangeFilter("due", gettext_lazy("时限"), field="due_date"),
    ],
    default_sort="clause",
    row_url=lambda row: reverse("task", args=[row.pk]),
    empty=Emptiness(
        gettext_lazy("台账里还没有事项"), gettext_lazy("确认一份文件，或登记来函、检查、计划中的事项"), icon="table"
    ),
)


def _narrow_overdue(rows: Any, value: Any) -> Any:
    late = selectors.overdue(rows, on=timezone.localdate())
    return late if value else rows.exclude(pk__in=late.values("pk"))


@require_GET
@door(roles=SEERS)
def list_tasks(request: HttpRequest) -> HttpResponseBase:
    """The tasks that the person may see."""
    user: Any = request.user
    today = timezone.localdate()
    units = [(str(row.pk), row.name) for row in accounts.list_duty_units(on=today)][:100]
    page = ListPage(
        **{name: getattr(TASKS, name) for name in ("key", "title", "about", "default_sort", "row_url", "empty")},
        columns=[
            *TASKS.columns[:2],
            Column("units", gettext_lazy("责任单位"), _unit_cell(), is_long=True),
            *TASKS.columns[2:],
        ],
        filters=[
            *TASKS.filters,
            ChoiceFilter("unit", gettext_lazy("责任单位"), choices=units, find=selectors.tasks_of_unit),
            YesNoFilter("late", gettext_lazy("有逾期举措"), find=_narrow_overdue),
        ],
        presets=[
            Preset("late", gettext_lazy("有逾期"), {"late": "yes"}, is_counted=True),
            Preset("claimed", gettext_lazy("待核验"), {"state": TaskState.CLAIMED.value}, is_counted=True),
        ],
    )
    main_act = MainAct(_("登记事项"), reverse("new-task")) if user.sees_all_cases else None
    return page.respond(request, selectors.list_tasks(user), main_act=main_act)


def _unit_cell() -> Any:
    """The units of a row by name, with the lead first; the names are asked once for the page."""
    names: dict[UUID, str] = {row.pk: row.name for row in accounts.list_duty_units(on=timezone.localdate())}

    def cell(row: Any) -> str:
        ordered = sorted(row.organisation_ids, key=lambda each: each != row.lead_id)
        words = [names.get(each, "") + (_("（牵头）") if each == row.lead_id else "") for each in ordered]
        return (", " if is_english() else "、").join(word for word in words if word)

    return cell


@require_GET
@door(roles=SEERS)
def show_task(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One task: its measures with their lights, who answers for it, its targets, its history."""
    user: Any = request.user
    task = selectors.get_task(user=user, pk=pk)
    today = timezone.localdate()
    measures = selectors.measures_of(task, on=today)
    duties = selectors.duties_of(task)
    names = accounts.organisation_names(
        [*task.organisation_ids, *(duty.organisation_id for duty in duties if duty.organisation_id)]
    )
    targets = []
    for target in selectors.list_targets(task):
        standing = None
        if target.indicator_key:
            standing = indicators.standing_of(key=target.indicator_key)
        targets.append({"row": target, "standing": standing, "reach": timeline.reach_of(target, standing)})
    open_measures = [each for each in measures if each.row.state in selectors.OPEN_STATES]
    context = {
        "task": task,
        "title": task.title,
        "measures": measures,
        "duties": [
            {"row": duty, "name": names.get(duty.organisation_id) if duty.organisation_id else None} for duty in duties
        ],
        "names": names,
        "lead": names.get(task.lead_id) if task.lead_id else "",
        "targets": targets,
        "subtasks": selectors.list_subtasks(task, user),
        "decided": conference.decision_behind(task, user=user),
        "coordination": coordination.coordination_about(user, task_id=task.pk),
        "moments": timeline.moments_of(task.pk),
        "percent": round(sum(each.row.percent for each in measures) / len(measures)) if measures else 0,
        "delay_days": sum(each.row.delay_days for each in measures),
        "bounced": sum(each.row.bounce_count for each in measures),
        "is_mine": user.organisation_id in task.organisation_ids and user.has_role(*UNITS),
        "next_step": _next_step(user, task, open_measures),
        "crumbs": [Crumb(_("事项台账"), reverse("tasks"))],
        "at": timezone.now(),
    }
    return render(request, "supervision/task.html", context)


def _next_step(user: Any, task: Any, measures: list[Any]) -> NextStep:
    claimed = [each for each in measures if each.row.state == MeasureState.CLAIMED]
    if claimed and user.sees_all_cases:
        url = reverse("measure", args=[claimed[0].row.pk])
        return NextStep("yours", _("核验佐证材料，办结或退回"), url=url, act=_("去核验"))
    if not measures:
        return NextStep("over", _("全部举措已办结"))
    late = [each for each in measures if each.light.days_late > 0]
    mine = user.organisation_id in task.organisation_ids
    what = _("%(n)s 项举措已逾期") % {"n": len(late)} if late else _("按周期报送进展，完成后提交佐证材料申请办结")
    if mine and user.has_role(Role.LIAISON, Role.PRINCIPAL):
        return NextStep("late" if late else "yours", what, url=reverse("reports"), act=_("去报送"))
    return NextStep("theirs", what, whose=_("责任单位"))


_DATED = re.compile(r"[\s，,；;]*(\d{4}-\d{1,2}-\d{1,2})\s*$")


def measures_from(text: str) -> list[entering.NewMeasure]:
    """Read measures from lines; a day at the end of a line is its deadline."""
    found = []
    for line in text.splitlines():
        match = _DATED.search(line)
        due = None
        if match:
            year, month, day = (int(part) for part in match[1].split("-"))
            try:
                due = date(year, month, day)
            except ValueError:
                match = None
        words = line[: match.start()] if match else line
        if words.strip():
            found.append(entering.NewMeasure(words.strip(), due))
    return found


@door(roles=OFFICE)
def add_task(request: HttpRequest, parent: UUID | None = None) -> HttpResponse:
    """Enter a task by hand."""
    user: Any = request.user
    above = selectors.get_task(user=user, pk=parent) if parent else None
    units = unit_choices()
    initial = {"source": above.source, "source_label": above.source_label} if above else {}
    form = TaskForm(request.POST or None, units=units, initial=initial)
    if above:
        form.fields["source"].choices = [(above.source, above.get_source_display())]  # type: ignore[attr-defined]
    names = {UUID(pk): name for pk, name in units}

    def do(data: dict[str, Any]) -> str:
        lead = [UUID(data["lead_id"])] if data["lead_id"] else []
        others = [UUID(each) for each in data["organisation_ids"]]
        task = entering.add_task(
            user=user,
            at=timezone.now(),
            source=TaskSource(data["source"]),
            source_label=data["source_label"],
            title=data["title"],
            text=data["text"],
            organisation_ids=list(dict.fromkeys([*lead, *others])),
            names=names,
            measures=measures_from(data["measures"]),
            has_lead=bool(lead),
            frequency=Frequency(data["frequency"]),
            result_form=data["result_form"],
            parent_id=parent,
        )
        return reverse("task", args=[task.pk])

    return act_page(
        request,
        form=form,
        do=do,
        title=_("登记子事项") if above else _("登记事项"),
        about=above.title if above else _("来自来函、检查、年度计划等；来自文件的请上传文件，来自会议的由纪要生成"),
        act_label=_("登记"),
        back_url=reverse("task", args=[parent]) if parent else reverse("tasks"),
    )


def _task_act(request: HttpRequest, task: Any, form: Form, do: Any, **words: Any) -> HttpResponse:
    return act_page(request, form=form, do=do, about=task.title, back_url=reverse("task", args=[task.pk]), **words)


@door(roles=OFFICE)
def hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let another unit answer for a task."""
    user: Any = request.user
    task = selectors.get_task(user=user, pk=pk)
    names = accounts.organisation_names(task.organisation_ids)
    units = unit_choices()
    form = HandOverForm(
        request.POST or None,
        units=units,
        current=[(str(key), name) for key, name in names.items()],
        initial={"on_date": timezone.localdate()},
    )
    return _task_act(
        request,
        task,
        form,
        lambda data: keeping.hand_over(
            user=user,
            task_id=pk,
            from_id=UUID(data["from_id"]),
            to_id=UUID(data["to_id"]),
            to_name=dict(units)[data["to_id"]],
            on_date=data["on_date"],
            reason=data["reason"],
            at=timezone.now(),
        ),
        title=_("移交责任单位"),
        act_label=_("移交"),
        consequences=[Consequence(_("原单位不再看到本事项；移交记录保留"))],
    )


@door(roles=OFFICE)
def resolve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say which organisation a name means."""
    user: Any = request.user
    duty = selectors.get_duty(user=user, pk=pk)
    return act_page(
        request,
        form=ResolveForm(request.POST or None, units=unit_choices()),
        do=lambda data: keeping.resolve_unit(
            user=user, responsibility_id=pk, organisation_id=UUID(data["organisation_id"]), at=timezone.now()
        ),
        title=_("对应单位"),
        about=duty.name_as_written,
        act_label=_("确定"),
        back_url=reverse("task", args=[duty.task.pk]),
    )


@door(roles=UNITS)
def assign_department(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name the department within the person's own unit."""
    user: Any = request.user
    task = selectors.get_task(user=user, pk=pk)
    return _task_act(
        request,
        task,
        DepartmentForm(request.POST or None),
        lambda data: keeping.assign_department(user=user, task_id=pk, department=data["department"], at=timezone.now()),
        title=_("指定承办处室"),
        act_label=_("确定"),
    )


@door(roles=OFFICE)
def bind_target(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let an indicator measure a target."""
    user: Any = request.user
    target = selectors.get_target(user=user, pk=pk)
    choices = [(each.key, f"{each.name}（{each.unit}）") for each in indicators.list_indicators(user=user)]
    return act_page(
        request,
        form=BindForm(request.POST or None, indicators=choices, initial={"indicator_key": target.indicator_key}),
        do=lambda data: keeping.bind_target(
            user=user, target_id=pk, indicator_key=data["indicator_key"], at=timezone.now()
        ),
        title=_("绑定指标"),
        about=target.text,
        act_label=_("确定"),
        back_url=reverse("task", args=[target.task.pk]),
    )
