"""Ports of entry and customs supervision places, with their days of validity."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kouan.kernel.identifiers import uuid7
from kouan.transport.codes import GoodsKind, PlaceKind, PortKind


class OpenRows(models.QuerySet):
    """Rows that hold nothing of anybody: whoever is signed in sees all of them."""

    def visible_to(self, user: Any) -> Self:
        return self


class Port(models.Model):
    """A port of entry or bonded zone of the city. ``code`` is Kouan's own short word, not an official code.

    ``domestic_port_code`` is the six-digit code of 国内口岸, ``unlocode`` the UN/LOCODE, where a source gives one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(_("标识"), max_length=40, unique=True)
    name_zh = models.CharField(_("中文名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    kind = models.CharField(_("类型"), max_length=16, choices=PortKind.choices)
    domestic_port_code = models.CharField(_("国内口岸代码"), max_length=6, blank=True)
    unlocode = models.CharField(_("UN/LOCODE"), max_length=5, blank=True)
    source = models.CharField(_("来源"), max_length=400, blank=True)

    objects = OpenRows.as_manager()

    class Meta:
        verbose_name = _("口岸")
        ordering = ["code"]


class SupervisionPlace(models.Model):
    """A customs supervision place, its operator and what it may receive, from ``since`` until the day before ``until``.

    ``code`` is the number of the place in messages (loctNo, up to 10 characters). ``operator_id`` names the operating
    organisation of accounts; it is a plain identifier, because this app knows no organisations.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(_("场所代码"), max_length=10)
    name_zh = models.CharField(_("中文名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    kind = models.CharField(_("类型"), max_length=16, choices=PlaceKind.choices)
    port = models.ForeignKey(
        Port, on_delete=models.PROTECT, null=True, blank=True, related_name="places", verbose_name=_("所在口岸")
    )
    customs_code = models.CharField(_("主管海关代码"), max_length=4)
    operator_id = models.UUIDField(_("运营单位"), null=True, blank=True)
    operator_label = models.CharField(_("运营单位名称"), max_length=120, blank=True)
    goods_kinds = ArrayField(
        models.CharField(max_length=20, choices=GoodsKind.choices), verbose_name=_("可接收货物"), default=list
    )
    gates = ArrayField(models.CharField(max_length=40), verbose_name=_("卡口"), default=list, blank=True)
    since = models.DateField(_("启用日期"))
    until = models.DateField(_("停用日期"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=400, blank=True)
    is_demo = models.BooleanField(_("演示"), default=False)

    objects = OpenRows.as_manager()

    class Meta:
        verbose_name = _("监管作业场所")
        ordering = ["code", "since"]
        constraints = [
            models.UniqueConstraint(fields=["code", "since"], name="place_begins_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="place_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(customs_code__regex=r"^[0-9]{2}[A-Z0-9]{2}$"), name="place_customs_code"
            ),
        ]
        indexes = [models.Index(fields=["operator_id"], name="place_by_operator")]
