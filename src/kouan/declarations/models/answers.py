"""What the official side said: answers, tax bills, and answers for which no document was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    pass


class OfficialAnswer(models.Model):
    """One official answer to one document, as it was received; never created from anything but a message.

    ``moved`` says whether it moved the official state; a late or out-of-order answer is kept and moves nothing.
    """

    pk = models.CompositePrimaryKey("document_id", "message_id", "node_index")
    document_id = models.UUIDField()
    message_id = models.UUIDField(_("回执报文"))
    node_index = models.PositiveIntegerField(_("报文内序号"))
    version = models.PositiveIntegerField(_("所答版本"))
    status = models.CharField(_("回执状态"), max_length=10)
    return_time = models.CharField(_("回执时间"), max_length=17)
    info = models.TextField(_("回执信息"))
    list_no = models.CharField(_("清单编号"), max_length=20, blank=True, default="")
    pre_no = models.CharField(_("预录入编号"), max_length=18, blank=True, default="")
    received_at = models.DateTimeField(_("收到时间"))
    moved = models.BooleanField(_("改变状态"))

    class Meta:
        verbose_name = _("官方回执")


class TaxBill(models.Model):
    """One electronic tax bill (816) as received, and its later status (818)."""

    pk = models.CompositePrimaryKey("list_no", "tax_no")
    list_no = models.CharField(_("清单编号"), max_length=20)
    tax_no = models.CharField(_("税单编号"), max_length=50)
    customs_tax = models.DecimalField(_("关税"), max_digits=19, decimal_places=5)
    value_added_tax = models.DecimalField(_("增值税"), max_digits=19, decimal_places=5)
    consumption_tax = models.DecimalField(_("消费税"), max_digits=19, decimal_places=5)
    status = models.CharField(_("税单状态"), max_length=1)
    return_time = models.CharField(_("回执时间"), max_length=17)
    message_id = models.UUIDField(_("报文"))

    class Meta:
        verbose_name = _("电子税单")


class UnplacedAnswer(models.Model):
    """An official answer for which no document was found; it waits in the open."""

    pk = models.CompositePrimaryKey("message_id", "node_index")
    message_id = models.UUIDField(_("回执报文"))
    node_index = models.PositiveIntegerField(_("报文内序号"))
    kind = models.CharField(_("回执类型"), max_length=3)
    keys = models.JSONField(_("单证键"), default=dict)
    received_at = models.DateTimeField(_("收到时间"))

    class Meta:
        verbose_name = _("未能对应的回执")
