"""What the database knows of the keys, which lie outside it: how long they live, and which were destroyed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Retention(models.Model):
    """How long kept originals stay readable, as the office entered it with its ground; in force from a day on."""

    since = models.DateField(_("起始日期"), unique=True)
    months = models.PositiveSmallIntegerField(_("保存月数"))
    ground = models.CharField(_("依据"), max_length=300)
    entered_at = models.DateTimeField(_("录入时间"))

    class Meta:
        verbose_name = _("保存期限")
        constraints = [models.CheckConstraint(condition=models.Q(months__gte=1), name="retention_is_a_month_or_more")]


class DestroyedKey(models.Model):
    """The key of a month that was destroyed; what was kept under it cannot be read by anybody any more."""

    month = models.CharField(_("月份"), max_length=7, primary_key=True)
    due_date = models.DateField(_("可销毁日期"))
    ground = models.CharField(_("依据"), max_length=300)
    destroyed_at = models.DateTimeField(_("销毁时间"))

    class Meta:
        verbose_name = _("已销毁密钥")
