"""Rows of notices: what was told to whom, what they chose, where machines are told, and letters.

A notice stands once for an organisation and an event; who reads it follows from the person's choices at the moment of
reading, so that a delegation that ends hides it at once and nothing is copied for every person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kouan.kernel.identifiers import uuid7
from kouan.notices.codes import DispatchState, EndpointState, MailState, Pace, Scope

if TYPE_CHECKING:
    from kouan.accounts.models import User

NOTHING = "00000000-0000-0000-0000-000000000000"


class Progress(models.Model):
    """The last event that has been told; one row, locked by whoever tells."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_event_id = models.UUIDField(_("最后已通知事件"), default=NOTHING)

    class Meta:
        verbose_name = _("通知进度")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_progress")]


class UntoldEvent(models.Model):
    """An event whose telling failed by itself; kept so that it is seen and can be told again."""

    id = models.UUIDField(primary_key=True, editable=False)
    error = models.TextField(_("错误"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("未能通知的事件")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> NoticeQuerySet:
        """What was told to the own organisation, and to those that have delegated everything to it."""
        return self.filter(organisation_id__in=user.acting_wholly)


class Notice(models.Model):
    """That something happened to a case which concerns an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(_("单位"))
    event_id = models.UUIDField(_("事件"))
    topic = models.CharField(_("通知事项"), max_length=40)
    subject_id = models.UUIDField(_("办件"))
    subject_kind = models.CharField(_("办件类型"), max_length=40)
    number = models.CharField(_("编号"), max_length=64)
    url = models.CharField(_("页面"), max_length=200)
    is_declarer = models.BooleanField(_("由本单位申报"))
    at = models.DateTimeField(_("时间"))

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知")
        constraints = [
            models.UniqueConstraint(fields=["event_id", "organisation_id"], name="one_notice_per_event"),
        ]
        indexes = [models.Index(fields=["organisation_id", "id"], name="notice_by_organisation")]


class Subscription(models.Model):
    """What a person wants to be told; for an organisation, what its people are told who have not chosen themselves."""

    owner_id = models.UUIDField(primary_key=True, editable=False)
    is_organisation = models.BooleanField(_("单位设置"))
    topics = ArrayField(models.CharField(max_length=40), verbose_name=_("通知事项"), default=list)
    scope = models.CharField(_("办件范围"), max_length=10, choices=Scope.choices, default=Scope.ALL)
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = _("订阅")


class Follow(models.Model):
    """That a person follows one case and is told everything about it."""

    pk = models.CompositePrimaryKey("person_id", "subject_id")
    person_id = models.UUIDField(_("人员"))
    subject_id = models.UUIDField(_("办件"))
    since = models.DateTimeField(_("起始时间"))

    class Meta:
        verbose_name = _("关注")
        indexes = [models.Index(fields=["subject_id"], name="follow_by_subject")]


class ReadMark(models.Model):
    """That a person has read one notice."""

    pk = models.CompositePrimaryKey("person_id", "notice_id")
    person_id = models.UUIDField(_("人员"))
    notice_id = models.UUIDField(_("通知"))

    class Meta:
        verbose_name = _("已读标记")


class Reader(models.Model):
    """How far a person has read, and where and how often the person gets mail."""

    person_id = models.UUIDField(primary_key=True, editable=False)
    read_up_to = models.UUIDField(_("已读至"), default=NOTHING)
    mail_address = models.EmailField(_("电子邮箱"), max_length=200, blank=True)
    is_confirmed = models.BooleanField(_("邮箱已确认"), default=False)
    pace = models.CharField(_("邮件频次"), max_length=10, choices=Pace.choices, default=Pace.NEVER)
    mailed_up_to = models.UUIDField(_("已发至"), default=NOTHING)
    mail_due_at = models.DateTimeField(_("下次汇总"), null=True)

    class Meta:
        verbose_name = _("收件设置")
        indexes = [
            models.Index(fields=["mail_due_at"], condition=Q(mail_due_at__isnull=False), name="reader_by_due_mail")
        ]


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def visible_to(self, user: User) -> EndpointQuerySet:
        """The system administrator and the port office see every endpoint, others those of their organisation."""
        if user.is_system_admin or user.sees_all_cases:
            return self
        return self.filter(organisation_id=user.organisation_id)


class Endpoint(models.Model):
    """An address of an organisation's own system to which events are posted, signed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(_("单位"), db_index=True)
    name = models.CharField(_("名称"), max_length=60)
    url = models.URLField(_("推送地址"), max_length=400)
    topics = ArrayField(models.CharField(max_length=40), verbose_name=_("通知事项"), default=list)
    scope = models.CharField(_("办件范围"), max_length=10, choices=Scope.choices, default=Scope.ALL)
    is_active = models.BooleanField(_("启用"), default=True)
    secret_number = models.PositiveIntegerField(_("密钥序号"), default=1)
    old_secret_until = models.DateTimeField(_("旧密钥有效至"), null=True)
    failing_since = models.DateTimeField(_("故障起始"), null=True)
    failures = models.PositiveIntegerField(_("连续失败次数"), default=0)
    retry_at = models.DateTimeField(_("下次重试"), null=True)
    last_error = models.CharField(_("最近错误"), max_length=300, blank=True)
    last_delivered_at = models.DateTimeField(_("最近送达"), null=True)
    delivered_count = models.PositiveBigIntegerField(_("已送达"), default=0)
    created_at = models.DateTimeField(_("登记时间"))

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("推送端点")

    @property
    def state(self) -> EndpointState:
        """How the endpoint fares."""
        if not self.is_active:
            return EndpointState.CLOSED
        return EndpointState.FAILING if self.failing_since else EndpointState.WORKING


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def visible_to(self, user: User) -> DispatchQuerySet:
        """As the endpoints."""
        if user.is_system_admin or user.sees_all_cases:
            return self
        return self.filter(organisation_id=user.organisation_id)


class Dispatch(models.Model):
    """One event for one endpoint, as it is posted: removed when it was delivered, kept when it was given up."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint_id = models.UUIDField(_("推送端点"))
    organisation_id = models.UUIDField(_("单位"))
    event_id = models.UUIDField(_("事件"))
    topic = models.CharField(_("通知事项"), max_length=40)
    number = models.CharField(_("编号"), max_length=64, blank=True)
    body = models.TextField(_("内容"))
    state = models.CharField(_("状态"), max_length=8, choices=DispatchState.choices, default=DispatchState.WAITING)
    attempts = models.PositiveIntegerField(_("尝试次数"), default=0)
    error = models.CharField(_("原因"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("生成时间"))
    given_up_at = models.DateTimeField(_("放弃时间"), null=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("推送事件")
        constraints = [
            models.UniqueConstraint(fields=["endpoint_id", "event_id"], name="one_dispatch_per_event"),
        ]
        indexes = [
            models.Index(
                fields=["endpoint_id", "id"], condition=Q(state=DispatchState.WAITING), name="dispatch_waiting"
            ),
            models.Index(fields=["organisation_id", "id"], condition=Q(state=DispatchState.DEAD), name="dispatch_dead"),
        ]


class MailQuerySet(models.QuerySet["Mail"]):
    def visible_to(self, user: User) -> MailQuerySet:
        """The system administrator sees the outbox, everybody else the own letters."""
        return self if user.is_system_admin else self.filter(person_id=user.pk)


class Mail(models.Model):
    """A letter in the outbox."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField(_("收件人"))
    address = models.EmailField(_("电子邮箱"), max_length=200)
    subject = models.CharField(_("主题"), max_length=200)
    body = models.TextField(_("正文"))
    state = models.CharField(_("状态"), max_length=8, choices=MailState.choices, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    error = models.CharField(_("原因"), max_length=300, blank=True)
    written_at = models.DateTimeField(_("写成时间"))
    due_at = models.DateTimeField(_("发送时间"))
    sent_at = models.DateTimeField(_("发出时间"), null=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("邮件")
        indexes = [models.Index(fields=["due_at"], condition=Q(state=MailState.WAITING), name="mail_due")]


class TrackingLook(models.Model):
    """One look at the public tracking page; kept as long as it counts against its address."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    address = models.GenericIPAddressField(_("来源地址"))
    is_found = models.BooleanField(_("查到"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("公开查询")
        indexes = [models.Index(fields=["address", "at"], name="look_by_address")]
