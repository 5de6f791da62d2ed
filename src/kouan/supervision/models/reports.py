"""Rows of reports: what a unit says of its measures in one period, and who looked at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kouan.kernel.identifiers import uuid7
from kouan.supervision.codes import Frequency, Progress
from kouan.supervision.states import ReportState

if TYPE_CHECKING:
    from kouan.accounts.models import User


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> ReportQuerySet:
        """The unit sees its own; the port office those that a principal has approved, and its own."""
        own = Q(organisation_id=user.organisation_id)
        if user.sees_all_cases:
            handed_in = (ReportState.APPROVED, ReportState.BOUNCED, ReportState.RECEIVED)
            return self.filter(own | Q(state__in=handed_in) | Q(handed_in_at__isnull=False))
        return self.filter(own)


class Report(models.Model):
    """One unit's report of one week, month or quarter: written by its liaison, approved by its principal."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(_("单位"))
    frequency = models.CharField(_("报送周期"), max_length=10, choices=Frequency.choices)
    since = models.DateField(_("期间起"))
    until = models.DateField(_("期间止"))
    due_date = models.DateField(_("报送截止"))
    state = models.CharField(
        _("状态"), max_length=10, choices=[(s.value, s.value) for s in ReportState], default=ReportState.DRAFT.value
    )
    state_since = models.DateTimeField(_("状态起始"))
    written_by_id = models.UUIDField(_("填报人"), null=True)
    written_by_label = models.CharField(_("填报人"), max_length=120, blank=True)
    approved_by_id = models.UUIDField(_("审核负责人"), null=True)
    approved_by_label = models.CharField(_("审核负责人"), max_length=120, blank=True)
    handed_in_at = models.DateTimeField(_("报出时间"), null=True)
    note = models.TextField(_("退回原因"), blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("进展报告")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "frequency", "since"], name="one_report_per_unit_and_period"
            ),
            models.CheckConstraint(
                condition=Q(approved_by_id__isnull=True) | ~Q(approved_by_id=models.F("written_by_id")),
                name="nobody_approves_own_report",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_date", "id"], name="report_by_state")]


class ReportLine(models.Model):
    """What a report says of one measure."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="lines", verbose_name=_("进展报告"))
    measure = models.ForeignKey("supervision.Measure", models.PROTECT, related_name="lines", verbose_name=_("举措"))
    percent = models.PositiveSmallIntegerField(_("完成比例"), default=0)
    progress = models.CharField(_("进度"), max_length=10, choices=Progress.choices, default=Progress.NONE)
    text = models.TextField(_("进展情况"), blank=True)
    trouble = models.TextField(_("问题和需协调事项"), blank=True)

    class Meta:
        verbose_name = _("报告内容")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "measure"], name="one_line_per_measure"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="line_percent_is_a_share"),
        ]
