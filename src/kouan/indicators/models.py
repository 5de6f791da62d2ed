"""Rows of indicators that people enter, and of their readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kouan.indicators.codes import Period, Shape
from kouan.kernel.identifiers import uuid7

if TYPE_CHECKING:
    from kouan.accounts.models import User


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def visible_to(self, user: User) -> IndicatorQuerySet:
        """Definitions and figures are open to everybody who is signed in and answers for something."""
        return self if user.roles else self.none()


class Indicator(models.Model):
    """An indicator that no part of the system computes yet: the unit that owns it enters its readings."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(_("标识"), max_length=60, unique=True)
    name_zh = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    meaning = models.TextField(_("定义和口径"))
    unit = models.CharField(_("计量单位"), max_length=40)
    period = models.CharField(_("报送周期"), max_length=8, choices=Period.choices)
    shape = models.CharField(_("性质"), max_length=8, choices=Shape.choices)
    source = models.CharField(_("数据来源"), max_length=200)
    fresh_days = models.PositiveSmallIntegerField(_("时效（天）"), default=45)
    owner_id = models.UUIDField(_("填报单位"))
    is_demo = models.BooleanField(_("演示数据"), default=False)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("指标")
        constraints = [
            models.CheckConstraint(condition=Q(key__regex=r"^[a-z][a-z0-9_]*$"), name="indicator_key_has_its_form")
        ]

    def __str__(self) -> str:
        return self.name_zh


class Reading(models.Model):
    """A value of an indicator for a time, with its evidence; a correction is a later row for the same time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="readings", verbose_name=_("指标"))
    since = models.DateField(_("期间起"))
    until = models.DateField(_("期间止"))
    value = models.DecimalField(_("数值"), max_digits=20, decimal_places=4)
    evidence = models.TextField(_("依据"))
    file_name = models.CharField(_("佐证文件"), max_length=200, blank=True)
    raw = models.BinaryField(_("佐证文件内容"), null=True)
    entered_by_id = models.UUIDField(_("填报人"))
    entered_by_label = models.CharField(_("填报人"), max_length=120)
    entered_at = models.DateTimeField(_("填报时间"))

    class Meta:
        verbose_name = _("指标读数")
        ordering = ["since", "id"]
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("since")), name="reading_ends_after_it_began")]
        indexes = [models.Index(fields=["indicator", "since", "id"], name="reading_by_time")]


class ComputedMonth(models.Model):
    """What an app computed for one month, kept so that a page need not count again; counted anew by a job.

    until: the last day that was counted, before the month's end while it runs. value: None where there was nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(_("标识"), max_length=60)
    since = models.DateField(_("期间起"))
    until = models.DateField(_("期间止"))
    value = models.DecimalField(_("数值"), max_digits=20, decimal_places=4, null=True)
    computed_at = models.DateTimeField(_("计算时间"))

    class Meta:
        verbose_name = _("指标月度值")
        constraints = [models.UniqueConstraint(fields=["key", "since"], name="one_value_a_month")]
