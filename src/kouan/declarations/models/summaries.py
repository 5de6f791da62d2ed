"""Summary applications of export lists, and the goods declarations that customs made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kouan.declarations.codes import EXPORTS, SummaryState

if TYPE_CHECKING:
    from kouan.accounts.models import User


class SummaryQuerySet(models.QuerySet["Summary"]):
    def visible_to(self, user: User) -> SummaryQuerySet:
        """The port office sees every summary application; a firm those to which it is a party."""
        if user.sees_all_cases:
            return self
        return self.filter(parties__overlap=list(user.acting_for(*EXPORTS)))


class Summary(models.Model):
    """A summary application: the export lists of a firm that customs is asked to sum up in one declaration.

    It shares the id of its document; the lists that it takes in name it (``Case.summary_id``). It names them one by
    one, or takes those that were closed from ``since`` to ``until``.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    internal_no = models.CharField(_("企业唯一编号"), max_length=80)
    declarant_code = models.CharField(_("申报企业代码"), max_length=18)
    declarant_name = models.CharField(_("申报企业"), max_length=100)
    merchant_code = models.CharField(_("收发货人代码"), max_length=18)
    merchant_name = models.CharField(_("收发货人"), max_length=100)
    customs_code = models.CharField(_("申报海关"), max_length=4)
    since = models.DateTimeField(_("汇总开始时间"), null=True)
    until = models.DateTimeField(_("汇总结束时间"), null=True)
    summary_no = models.CharField(_("汇总申请编号"), max_length=18, blank=True, default="")
    official_status = models.CharField(_("官方状态"), max_length=10, blank=True, default="")
    state = models.CharField(_("状态"), max_length=20, choices=SummaryState.choices, default=SummaryState.SENT)
    parties = ArrayField(models.UUIDField(), verbose_name=_("相关单位"), default=list)
    sender_id = models.UUIDField(_("报送单位"))
    connection_id = models.UUIDField(_("报送通道"))
    message_id = models.UUIDField(_("当前报文"))
    received_at = models.DateTimeField(_("收到时间"))

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("汇总申请")
        indexes = [
            models.Index(fields=["summary_no"], condition=~Q(summary_no=""), name="summary_by_number"),
            GinIndex(fields=["parties"], name="summary_by_party"),
        ]


class SummaryEntry(models.Model):
    """What customs made of a summary application: one goods declaration, and which lists are in it (792)."""

    entry_seq_no = models.CharField(_("汇总统一编号"), max_length=18, primary_key=True)
    summary_no = models.CharField(_("汇总申请编号"), max_length=18, db_index=True)
    processed_time = models.CharField(_("汇总处理时间"), max_length=17)
    entry_no = models.CharField(_("报关单编号"), max_length=18, blank=True, default="")
    entry_state = models.CharField(_("报关单状态"), max_length=3)
    gross_weight_kg = models.DecimalField(_("毛重"), max_digits=19, decimal_places=5)
    net_weight_kg = models.DecimalField(_("净重"), max_digits=19, decimal_places=5)
    list_nos = ArrayField(models.CharField(max_length=20), verbose_name=_("清单编号"), default=list)
    message_id = models.UUIDField(_("报文"))

    class Meta:
        verbose_name = _("汇总结果")
