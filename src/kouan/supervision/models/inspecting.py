"""Rows of warnings, of formal government inspections, and of the rules that both follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from kouan.kernel.identifiers import uuid7
from kouan.supervision.codes import InspectionKind
from kouan.supervision.states import FormalInspectionState, WarningState

if TYPE_CHECKING:
    from kouan.accounts.models import User


class FollowUpRules(models.Model):
    """The office's settings of follow-up from one day on: report days, tolerance, steps of warning, the conference.

    ``content`` has the shape of ``rules.Rules``; rows never change, a later row takes over from its day.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    since = models.DateField(_("启用日期"), unique=True)
    content = models.JSONField(_("规则"))
    reason = models.CharField(_("依据"), max_length=300, blank=True)
    made_by_label = models.CharField(_("设定人"), max_length=120)
    made_at = models.DateTimeField(_("设定时间"))

    class Meta:
        verbose_name = _("督办规则")


class WarningQuerySet(models.QuerySet["Warning"]):
    def visible_to(self, user: User) -> WarningQuerySet:
        """The port office, and the unit that is warned."""
        return self if user.sees_all_cases else self.filter(organisation_id=user.organisation_id)


class Warning(models.Model):
    """A reminder or warning letter to a unit about one measure or one late report: one step, numbered in its year."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("编号"))
    organisation_id = models.UUIDField(_("单位"))
    measure = models.ForeignKey(
        "supervision.Measure", models.PROTECT, null=True, blank=True, related_name="warnings", verbose_name=_("举措")
    )
    report = models.ForeignKey(
        "supervision.Report", models.PROTECT, null=True, blank=True, related_name="warnings", verbose_name=_("进展报告")
    )
    step = models.CharField(_("级次"), max_length=20)
    word = models.CharField(_("名称"), max_length=40)
    tone = models.CharField(_("颜色"), max_length=10)
    reason = models.TextField(_("事由"))
    demand = models.TextField(_("要求"))
    about_date = models.DateField(_("所涉时限"))
    answer_by_date = models.DateField(_("答复期限"))
    state = models.CharField(
        _("状态"), max_length=10, choices=[(s.value, s.value) for s in WarningState], default=WarningState.ISSUED.value
    )
    state_since = models.DateTimeField(_("状态起始"))
    issued_at = models.DateTimeField(_("发出时间"))
    answer = models.TextField(_("答复"), blank=True)
    answered_by_label = models.CharField(_("答复人"), max_length=120, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    objects = WarningQuerySet.as_manager()

    class Meta:
        verbose_name = _("督办函")
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="one_warning_per_number"),
            models.UniqueConstraint(fields=["measure", "organisation_id", "step", "about_date"],
                                    name="one_warning_per_step",
                                    condition=models.Q(measure__isnull=False)),
            models.UniqueConstraint(fields=["report", "step"], name="one_warning_per_report_and_step",
                                    condition=models.Q(report__isnull=False)),
        ]  # fmt: skip
        indexes = [models.Index(fields=["organisation_id", "state", "-id"], name="warning_by_unit")]


class FormalInspectionQuerySet(models.QuerySet["FormalInspection"]):
    def visible_to(self, user: User) -> FormalInspectionQuerySet:
        """The port office; a unit inspected, once there is a plan."""
        if user.sees_all_cases:
            return self
        return self.filter(subject_ids__contains=[user.organisation_id]).exclude(state=FormalInspectionState.DESIGNATED)


class FormalInspection(models.Model):
    """A government inspection (政府督查工作条例): only with a designation, a plan, a conclusion and a review."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(_("督查名称"), max_length=200)
    kind = models.CharField(_("督查类型"), max_length=14, choices=InspectionKind.choices)
    designated_by = models.CharField(_("指定机关"), max_length=120)
    designation_no = models.CharField(_("指定文号"), max_length=60)
    designated_date = models.DateField(_("指定日期"))
    matter = models.TextField(_("督查事项"))
    scope = models.TextField(_("督查范围"))
    since = models.DateField(_("期限起"))
    until = models.DateField(_("期限止"))
    subject_ids = ArrayField(models.UUIDField(), verbose_name=_("督查对象"), default=list)
    task_ids = ArrayField(models.UUIDField(), verbose_name=_("涉及事项"), default=list)
    state = models.CharField(
        _("状态"),
        max_length=12,
        choices=[(s.value, s.value) for s in FormalInspectionState],
        default=FormalInspectionState.DESIGNATED.value,
    )
    state_since = models.DateTimeField(_("状态起始"))
    plan = models.TextField(_("督查方案"), blank=True)
    leader = models.CharField(_("督查组组长"), max_length=60, blank=True)
    conclusion = models.TextField(_("督查结论"), blank=True)
    concluded_by_id = models.UUIDField(_("作出结论人"), null=True)
    fed_back_date = models.DateField(_("反馈日期"), null=True)
    review_asked_date = models.DateField(_("申请复核日期"), null=True)
    review_reason = models.TextField(_("复核理由"), blank=True)
    review_by_id = models.UUIDField(_("申请复核单位"), null=True)
    review_decision = models.TextField(_("复核决定"), blank=True)
    rectification = models.TextField(_("整改核查"), blank=True)
    entered_by_id = models.UUIDField(_("登记人"))

    objects = FormalInspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("政府督查")
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="inspection_ends_in_time")
        ]
