"""Rows of the broker's desk: the view of what waits, the libraries of a firm, and batches of drafts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kouan.brokerage.codes import BatchAct, Document, RowResult, Waits
from kouan.kernel.identifiers import uuid7

if TYPE_CHECKING:
    from kouan.accounts.models import User


class WaitingQuerySet(models.QuerySet["Waiting"]):
    def visible_to(self, user: User) -> WaitingQuerySet:
        """What waits for a person's own firm."""
        return self.filter(holder_id=user.organisation_id)


class Waiting(models.Model):
    """One thing that waits for a firm: a row of a view over drafts, declarations and delegations (ADR 22).

    ``id`` is that of the thing itself. ``due_at``: until when the law or an agreement gives time; none where it cannot
    be told.
    """

    id = models.UUIDField(primary_key=True)
    document = models.CharField(_("单证"), max_length=12, choices=Document.choices)
    waits = models.CharField(_("待办事项"), max_length=12, choices=Waits.choices)
    holder_id = models.UUIDField(_("单位"))
    number = models.CharField(_("编号"), max_length=120)
    client_code = models.CharField(_("委托方代码"), max_length=18)
    client_name = models.CharField(_("委托方"), max_length=120)
    person_id = models.UUIDField(_("制单人"), null=True)
    since = models.DateTimeField(_("自"))
    due_at = models.DateTimeField(_("期限"), null=True)
    note = models.CharField(_("说明"), max_length=1000)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "brokerage_waiting"
        verbose_name = _("待办")


class OfFirmQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> OfFirmQuerySet:
        """A firm's library is seen in the firm and nowhere else."""
        return self.filter(firm_id=user.organisation_id)

    def on(self, day: date) -> OfFirmQuerySet:
        """The versions that stand on a day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)


class Entry(models.Model):
    """What the entries of both libraries share: whose they are, how they sound, and on which days they stand.

    A change of what an entry says is a new version; the one before ends on that day.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    firm_id = models.UUIDField(_("单位"))
    name = models.CharField(_("名称"), max_length=255)
    pinyin = models.CharField(_("拼音"), max_length=600, blank=True, default="")
    initials = models.CharField(_("首字母"), max_length=255, blank=True, default="")
    since = models.DateField(_("启用日期"))
    until = models.DateField(_("停用日期"), null=True)
    learned_from = models.UUIDField(_("收录自报关单"), null=True)
    changed_by_id = models.UUIDField(_("修改人"), null=True)
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        abstract = True


class Client(Entry):
    """A consignee or consignor for whom the firm declares, and what its declarations usually say."""

    code = models.CharField(_("海关编码"), max_length=18)
    uscc = models.CharField(_("信用代码"), max_length=18, blank=True, default="")
    owner_code = models.CharField(_("消费使用／生产销售单位编码"), max_length=18, blank=True, default="")
    owner_name = models.CharField(_("消费使用／生产销售单位名称"), max_length=100, blank=True, default="")
    overseas_party_name = models.CharField(_("境外收发货人名称"), max_length=150, blank=True, default="")
    trade_mode = models.CharField(_("监管方式"), max_length=4, blank=True, default="")
    customs_code = models.CharField(_("申报地海关"), max_length=4, blank=True, default="")
    agreement_no = models.CharField(_("书面委托协议编号"), max_length=60, blank=True, default="")

    objects = OfFirmQuerySet.as_manager()

    class Meta:
        verbose_name = _("客户资料")
        constraints = [
            models.UniqueConstraint(
                fields=["firm_id", "code"], condition=Q(until__isnull=True), name="one_client_version_stands"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="client_ends_after_it_began"
            ),
        ]
        indexes = [models.Index(fields=["firm_id", "initials", "id"], name="client_by_sound")]


class Article(Entry):
    """A kind of goods as the firm declares it for a client, under the client's own number."""

    client_code = models.CharField(_("委托方代码"), max_length=18, blank=True, default="")
    article_no = models.CharField(_("货号"), max_length=60)
    hs_code = models.CharField(_("商品编号"), max_length=10)
    ciq_code = models.CharField(_("监管类别"), max_length=20, blank=True, default="")
    specification = models.CharField(_("申报要素"), max_length=255, blank=True, default="")
    unit = models.CharField(_("成交单位"), max_length=3, blank=True, default="")
    legal_unit = models.CharField(_("法定第一单位"), max_length=3, blank=True, default="")
    second_unit = models.CharField(_("法定第二单位"), max_length=3, blank=True, default="")
    origin_country = models.CharField(_("原产国"), max_length=3, blank=True, default="")
    currency = models.CharField(_("币制"), max_length=3, blank=True, default="")
    price = models.CharField(_("单价"), max_length=20, blank=True, default="")
    district_code = models.CharField(_("境内目的地／货源地"), max_length=5, blank=True, default="")
    duty_mode = models.CharField(_("征免方式"), max_length=1, blank=True, default="")

    objects = OfFirmQuerySet.as_manager()

    class Meta:
        verbose_name = _("商品资料")
        constraints = [
            models.UniqueConstraint(
                fields=["firm_id", "client_code", "article_no"], condition=Q(until__isnull=True),
                name="one_article_version_stands",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="article_ends_after_it_began"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["firm_id", "initials", "id"], name="article_by_sound"),
            models.Index(
                fields=["firm_id", "article_no"], opclasses=["uuid_ops", "varchar_pattern_ops"], name="article_by_no"
            ),
        ]


class Batch(models.Model):
    """Many drafts that one person sends, or hands over to be checked, at once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    firm_id = models.UUIDField(_("单位"), db_index=True)
    author_id = models.UUIDField(_("办理人"))
    act = models.CharField(_("办理事项"), max_length=8, choices=BatchAct.choices)
    made_at = models.DateTimeField(_("开始时间"))
    touched_at = models.DateTimeField(_("最近进展"))
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    objects = OfFirmQuerySet.as_manager()

    class Meta:
        verbose_name = _("批量办理")
        indexes = [
            models.Index(fields=["touched_at"], condition=Q(finished_at__isnull=True), name="batch_unfinished"),
        ]


class BatchRow(models.Model):
    """One draft of a batch and what became of it."""

    pk = models.CompositePrimaryKey("batch_id", "place")
    batch_id: UUID
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows", verbose_name=_("批量办理"))
    place = models.PositiveIntegerField(_("序号"))
    draft_id = models.UUIDField(_("草稿"))
    document = models.CharField(_("单证"), max_length=12, choices=Document.choices)
    number = models.CharField(_("编号"), max_length=120)
    client_name = models.CharField(_("委托方"), max_length=120, blank=True, default="")
    result = models.CharField(_("结果"), max_length=8, choices=RowResult.choices, default=RowResult.WAITING)
    problem = models.JSONField(_("原因"), null=True)
    done_at = models.DateTimeField(_("办理时间"), null=True)

    class Meta:
        verbose_name = _("批量办理明细")
