"""Rows of the ledger: tasks, their measures, who answers for them, and what proves that they are done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kouan.kernel.identifiers import uuid7
from kouan.supervision.codes import Frequency, Progress, TaskSource, UnitRole
from kouan.supervision.states import AnnualPlanState, ExtensionState, MeasureState, TaskState

if TYPE_CHECKING:
    from kouan.accounts.models import User


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> TaskQuerySet:
        """The port office sees all; a unit the tasks that it has to do with, once they hold."""
        if user.sees_all_cases:
            return self
        return self.in_force().filter(organisation_ids__contains=[user.organisation_id])

    def in_force(self) -> TaskQuerySet:
        """Without the priorities of a year that the conference has not adopted."""
        return self.exclude(plan__state=AnnualPlanState.DRAFT)


class Task(models.Model):
    """A thing to be done that a document, a meeting, a letter, an inspection or a plan gave to units.

    The state is the roll-up of its measures (``states.state_of_task``); units attach here unless the text gives a
    measure units of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(_("来源"), max_length=12, choices=TaskSource.choices)
    source_label = models.CharField(_("来源名称"), max_length=300)
    document = models.ForeignKey(
        "supervision.PolicyDocument",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("文件"),
    )
    plan = models.ForeignKey(
        "supervision.AnnualPlan",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("年度重点"),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subtasks", verbose_name=_("上级事项")
    )
    clause = models.CharField(_("条款"), max_length=60, blank=True)
    position = models.PositiveIntegerField(_("在文件中的位置"), default=0)
    title = models.CharField(_("事项"), max_length=300)
    text = models.TextField(_("内容"))
    result_form = models.CharField(_("成果形式"), max_length=200, blank=True)
    frequency = models.CharField(_("报送周期"), max_length=10, choices=Frequency.choices, default=Frequency.MONTHLY)
    organisation_ids = ArrayField(models.UUIDField(), verbose_name=_("责任单位"), default=list)
    lead_id = models.UUIDField(_("牵头单位"), null=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=[(s.value, s.value) for s in TaskState], default=TaskState.OPEN.value
    )
    due_date = models.DateField(_("时限"), null=True, blank=True)
    entered_at = models.DateTimeField(_("入账时间"))
    entered_by_id = models.UUIDField(_("入账人"))
    is_demo = models.BooleanField(_("演示数据"), default=False)
    search = SearchVectorField(_("检索词"), null=True, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("事项")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "clause"], condition=Q(document__isnull=False, parent__isnull=True),
                name="one_task_per_clause",
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="task_is_not_its_own_parent"),
        ]  # fmt: skip
        indexes = [
            GinIndex(fields=["search"], name="task_by_words"),
            GinIndex(fields=["organisation_ids"], name="task_by_organisation"),
            models.Index(fields=["state", "due_date", "id"], name="task_by_state"),
        ]

    def __str__(self) -> str:
        return self.title


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, user: User) -> MeasureQuerySet:
        """The port office sees all; a unit the measures that it has to do with, once they hold."""
        if user.sees_all_cases:
            return self
        return self.in_force().filter(organisation_ids__contains=[user.organisation_id])

    def in_force(self) -> MeasureQuerySet:
        """Without those of priorities that the conference has not adopted."""
        return self.exclude(task__plan__state=AnnualPlanState.DRAFT)


class Measure(models.Model):
    """One measure of a task: what the ledger tracks.

    ``percent`` and ``progress`` are as last reported; ``seen_progress`` is what time and percentage show.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="measures", verbose_name=_("事项"))
    number = models.PositiveSmallIntegerField(_("序号"))
    text = models.TextField(_("举措"))
    organisation_ids = ArrayField(models.UUIDField(), verbose_name=_("责任单位"), default=list)
    lead_id = models.UUIDField(_("牵头单位"), null=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=[(s.value, s.value) for s in MeasureState], default=MeasureState.OPEN.value
    )
    state_since = models.DateTimeField(_("状态起始"))
    begun_date = models.DateField(_("起算日期"))
    due_date = models.DateField(_("时限"), null=True, blank=True)
    first_due_date = models.DateField(_("原时限"), null=True, blank=True)
    due_text = models.CharField(_("时限原文"), max_length=200, blank=True)
    percent = models.PositiveSmallIntegerField(_("完成比例"), default=0)
    progress = models.CharField(_("自报进度"), max_length=10, choices=Progress.choices, default=Progress.NONE)
    progress_text = models.TextField(_("最近进展"), blank=True)
    reported_at = models.DateTimeField(_("最近报送"), null=True)
    extension_count = models.PositiveSmallIntegerField(_("延期次数"), default=0)
    delay_days = models.PositiveIntegerField(_("延期天数"), default=0)
    bounce_count = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    note = models.TextField(_("退回或取消原因"), blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("举措")
        ordering = ["task", "number"]
        constraints = [
            models.UniqueConstraint(fields=["task", "number"], name="one_measure_per_number"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="percent_is_a_share"),
        ]
        indexes = [
            GinIndex(fields=["organisation_ids"], name="measure_by_organisation"),
            models.Index(fields=["state", "due_date", "id"], name="measure_by_state"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Responsibility(models.Model):
    """That a unit answers for a task, or for one measure of it, with its role and the name that the text uses.

    ``is_lead_by_order``: the text marks no lead, this unit stands first and a person confirmed it as lead.
    ``department`` is the second level inside the unit. A unit that handed over keeps its row with ``until_date``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="responsibilities", verbose_name=_("事项"))
    measure = models.ForeignKey(
        Measure, models.CASCADE, null=True, blank=True, related_name="responsibilities", verbose_name=_("举措")
    )
    number = models.PositiveSmallIntegerField(_("序号"))
    organisation_id = models.UUIDField(_("单位"), null=True)
    name_as_written = models.CharField(_("文件所用名称"), max_length=200)
    role = models.CharField(_("角色"), max_length=12, choices=UnitRole.choices)
    is_lead_by_order = models.BooleanField(_("按排序确认为牵头"), default=False)
    department = models.CharField(_("承办处室"), max_length=120, blank=True)
    since_date = models.DateField(_("起"))
    until_date = models.DateField(_("止"), null=True)

    class Meta:
        verbose_name = _("任务分工")
        ordering = ["task", "number"]
        indexes = [models.Index(fields=["organisation_id", "task"], name="responsibility_by_unit")]


class Node(models.Model):
    """A step on the way of a measure, with its own date."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="nodes", verbose_name=_("举措"))
    title = models.CharField(_("节点"), max_length=200)
    due_date = models.DateField(_("时限"))
    reached_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("节点")
        ordering = ["due_date", "id"]


class Evidence(models.Model):
    """What proves a measure: a file or a text, and who else looked at it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="evidence", verbose_name=_("举措"))
    organisation_id = models.UUIDField(_("单位"))
    title = models.CharField(_("材料名称"), max_length=200)
    text = models.TextField(_("说明"), blank=True)
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    raw = models.BinaryField(_("文件"), null=True)
    digest = models.CharField(_("文件摘要"), max_length=64, blank=True)
    given_by_id = models.UUIDField(_("提交人"))
    given_by_label = models.CharField(_("提交人"), max_length=120)
    given_at = models.DateTimeField(_("提交时间"))
    verified_by_id = models.UUIDField(_("核验人"), null=True)
    verified_by_label = models.CharField(_("核验人"), max_length=120, blank=True)
    verified_at = models.DateTimeField(_("核验时间"), null=True)
    is_accepted = models.BooleanField(_("是否采信"), null=True)
    verdict = models.CharField(_("核验意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("佐证材料")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_by_id__isnull=True) | ~Q(verified_by_id=F("given_by_id")),
                name="nobody_verifies_own_evidence",
            )
        ]


class Extension(models.Model):
    """A request for more time, with its reason and what was decided."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="extensions", verbose_name=_("举措"))
    organisation_id = models.UUIDField(_("申请单位"))
    from_date = models.DateField(_("原时限"))
    to_date = models.DateField(_("申请延至"))
    reason = models.TextField(_("延期理由"))
    state = models.CharField(
        _("状态"),
        max_length=8,
        choices=[(s.value, s.value) for s in ExtensionState],
        default=ExtensionState.ASKED.value,
    )
    state_since = models.DateTimeField(_("状态起始"))
    asked_by_id = models.UUIDField(_("申请人"))
    asked_by_label = models.CharField(_("申请人"), max_length=120)
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by_label = models.CharField(_("审批人"), max_length=120, blank=True)
    decision = models.CharField(_("审批意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("延期申请")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(to_date__gt=F("from_date")), name="an_extension_leads_later"),
            models.UniqueConstraint(
                fields=["measure"], condition=Q(state="asked"), name="one_open_extension_per_measure"
            ),
        ]


class HandOver(models.Model):
    """That a task went from one unit to another, from a day on, with the reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="hand_overs", verbose_name=_("事项"))
    from_organisation_id = models.UUIDField(_("移出单位"))
    to_organisation_id = models.UUIDField(_("移入单位"))
    on_date = models.DateField(_("移交日期"))
    reason = models.TextField(_("移交原因"))
    made_by_label = models.CharField(_("经办"), max_length=120)
    made_at = models.DateTimeField(_("办理时间"))

    class Meta:
        verbose_name = _("移交")
        ordering = ["id"]


class Target(models.Model):
    """A figure that a task has to reach, and the indicator that measures it.

    ``low`` and ``high`` bound the wanted value of one ``period``; ``indicator_key`` is empty until somebody binds it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="targets", verbose_name=_("事项"))
    text = models.CharField(_("指标原文"), max_length=300)
    low = models.DecimalField(_("下限"), max_digits=20, decimal_places=4, null=True)
    high = models.DecimalField(_("上限"), max_digits=20, decimal_places=4, null=True)
    unit = models.CharField(_("单位"), max_length=40, blank=True)
    period = models.CharField(_("期间"), max_length=20, blank=True)
    indicator_key = models.CharField(_("指标"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("目标值")
        ordering = ["id"]
