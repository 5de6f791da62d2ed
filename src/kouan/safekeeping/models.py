"""What the database knows of the keys, which lie outside it: how long they live, which were destroyed; and who may see
personal data in full just now."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kouan.kernel.identifiers import uuid7
from kouan.safekeeping.codes import Purpose


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
    forgotten_at = models.DateTimeField(_("摘要清除时间"), null=True)

    class Meta:
        verbose_name = _("已销毁密钥")


class Unmasking(models.Model):
    """That a person stated a purpose and may see the personal data of one record until a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField(_("查看人"))
    subject_kind = models.CharField(_("对象类型"), max_length=64)
    subject_id = models.UUIDField(_("对象编号"))
    purpose = models.CharField(_("用途"), max_length=20, choices=Purpose.choices)
    words = models.CharField(_("事由"), max_length=150)
    since = models.DateTimeField(_("起"))
    until = models.DateTimeField(_("止"))

    class Meta:
        verbose_name = _("明文查看")
        indexes = [models.Index(fields=["user_id", "subject_id", "-until"], name="unmasking_by_user")]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="unmasking_ends_later")
        ]
