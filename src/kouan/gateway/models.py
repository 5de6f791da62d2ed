"""Rows of the gateway.

Three tables, never one row with four meanings: a ``Message`` is the bytes that came or went and never changes, a
``Delivery`` is one attempt to hand something over, a ``Receipt`` is one answer on its way back. What is still to be
done stands apart in the narrow ``Work``; a row of it disappears when the step is done.

Messages, deliveries and receipts are partitioned by month on their UUIDv7 (see ``kouan.audit.partitions``);
uniqueness across months lives in ``EnvelopeKey`` and ``Forwarding``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import GOODS_DOCUMENTS
from kouan.gateway.codes import (
    Carrier,
    Carries,
    CredentialKind,
    Heard,
    Issuer,
    Outcome,
    Scope,
    Side,
    SignaturePolicy,
    SignerKind,
    Step,
)
from kouan.gateway.standards.dec.types import ROOT as GOODS_ROOT
from kouan.kernel.identifiers import uuid7

if TYPE_CHECKING:
    from datetime import datetime

    from kouan.accounts.models import User


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def visible_to(self, user: User) -> ConnectionQuerySet:
        """The port office and the system administrator see every channel, others those of their own organisation."""
        if user.sees_all_cases or user.is_system_admin:
            return self
        return self.filter(organisation_id=user.organisation_id)


class Connection(models.Model):
    """A channel to one party: who it is, what moves the bytes, and how strict the door is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(_("单位"), db_index=True)
    name = models.CharField(_("名称"), max_length=100)
    side = models.CharField(_("对端"), max_length=12, choices=Side.choices, default=Side.ENTERPRISE)
    carrier = models.CharField(_("通道"), max_length=8, choices=Carrier.choices)
    cop_code = models.CharField(_("传输企业代码"), max_length=18, blank=True)
    dxp_id = models.CharField(_("报文传输编号"), max_length=30, blank=True)
    wraps_dxp = models.BooleanField(_("使用 DXP 信封"), default=False)
    signature_policy = models.CharField(
        _("验签要求"), max_length=8, choices=SignaturePolicy.choices, default=SignaturePolicy.REQUIRE
    )
    address = models.CharField(_("地址或文件夹"), max_length=300, blank=True)
    authorities = models.TextField(_("信任的服务器证书"), blank=True)
    carries = models.CharField(_("承载业务"), max_length=4, choices=Carries.choices, default=Carries.PARCELS)
    only_saves = models.BooleanField(_("只接受暂存"), default=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    created_at = models.DateTimeField(_("建立时间"))
    retry_at = models.DateTimeField(_("下次重试"), null=True, blank=True)
    failing_since = models.DateTimeField(_("故障起始"), null=True, blank=True)
    last_error = models.TextField(_("最近错误"), blank=True)
    last_delivered_at = models.DateTimeField(_("最近送达"), null=True, blank=True)
    last_received_at = models.DateTimeField(_("最近收到"), null=True, blank=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("连接")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id"], condition=Q(carrier="desk"), name="one_desk_channel_per_organisation"
            ),
            models.UniqueConstraint(fields=["address"], condition=Q(carrier="folder"), name="one_channel_per_folder"),
        ]

    def __str__(self) -> str:
        return self.name


class Token(models.Model):
    """What lets a machine in at a channel, for some operations and some time. Only its digest is kept.

    mark: its first letters, by which people tell tokens apart. kinds: the documents that may be sent, by the number of
    their message; empty for all. successor: the token that was issued to take its place; both hold until ``until``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection_id: UUID
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="tokens", verbose_name=_("连接"))
    name = models.CharField(_("名称"), max_length=60, blank=True)
    digest = models.BinaryField(_("接口令牌摘要"), unique=True, max_length=32)
    mark = models.CharField(_("开头"), max_length=16)
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope.choices), verbose_name=_("可用操作"))
    kinds = ArrayField(models.CharField(max_length=12), default=list, blank=True, verbose_name=_("可报送单证"))
    since = models.DateTimeField(_("发放时间"))
    until = models.DateTimeField(_("有效期至"), null=True, blank=True)
    issued_by_id = models.UUIDField(_("发放人"), null=True)
    successor = models.OneToOneField(
        "self", models.SET_NULL, null=True, related_name="predecessor", verbose_name=_("接替令牌")
    )
    revoked_at = models.DateTimeField(_("作废时间"), null=True)
    warned_at = models.DateTimeField(_("提醒时间"), null=True)
    last_used_at = models.DateTimeField(_("最近使用"), null=True)
    last_used_address = models.GenericIPAddressField(_("来源地址"), null=True)

    class Meta:
        verbose_name = _("接口令牌")
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0) & Q(scopes__contained_by=Scope.values), name="token_scopes_are_known"
            ),
        ]
        indexes = [models.Index(fields=["until"], condition=Q(revoked_at__isnull=True), name="token_to_warn_of")]


class Credential(models.Model):
    """What Kouan shows the other side of a channel to be let in. Only the sealed form is kept, and never shown again.

    label, until: who the client certificate names and how long it holds; empty for a token.
    """

    connection = models.OneToOneField(Connection, models.CASCADE, primary_key=True, related_name="credential")
    kind = models.CharField(_("凭证"), max_length=12, choices=CredentialKind.choices)
    sealed = models.BinaryField(_("凭证（加密）"))
    label = models.CharField(_("持有人"), max_length=300, blank=True)
    until = models.DateTimeField(_("有效期至"), null=True, blank=True)
    entered_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("通道凭证")


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: User) -> CertificateQuerySet:
        """The port office and the system administrator see every certificate, others those of their organisation."""
        if user.sees_all_cases or user.is_system_admin:
            return self
        return self.filter(organisation_id=user.organisation_id)


class Certificate(models.Model):
    """A certificate whose signatures count for the messages of an organisation, between its dates."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(_("单位"), db_index=True)
    serial = models.CharField(_("证书序列号"), max_length=64)
    subject = models.CharField(_("持有人"), max_length=300)
    der = models.BinaryField(_("证书"))
    since = models.DateTimeField(_("生效"))
    until = models.DateTimeField(_("失效"), null=True, blank=True)
    revoked_for = models.CharField(_("撤销原因"), max_length=200, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("签名证书")
        constraints = [models.UniqueConstraint(fields=["organisation_id", "serial"], name="one_certificate_per_serial")]

    def __str__(self) -> str:
        return f"{self.subject} {self.serial}"


class KeyAppointmentQuerySet(models.QuerySet["KeyAppointment"]):
    def visible_to(self, user: User) -> KeyAppointmentQuerySet:
        """The port office and the system administrator see every appointment, others what their firm gave or holds."""
        if user.sees_all_cases or user.is_system_admin:
            return self
        return self.filter(Q(organisation_id=user.organisation_id) | Q(service_id=user.organisation_id))

    def in_force(self, at: datetime) -> KeyAppointmentQuerySet:
        """Those under which may be signed at a moment."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at), ended_at__isnull=True, since__lte=at)


class KeyAppointment(models.Model):
    """That a firm appointed a key service in writing to sign for it, and with which key.

    ``sealed_key`` and ``sealed_paper`` are encrypted under a key that stands outside the database; the key is erased
    when the appointment ends. ``kind`` says whether it is the key service of a real appointment or the test signer of
    the demonstration. ``until`` was agreed on; ``ended_at`` is when it was revoked or another took its place.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(_("单位"), db_index=True)
    service_id = models.UUIDField(_("受托方"), null=True, db_index=True)
    kind = models.CharField(_("签名方式"), max_length=12, choices=SignerKind.choices)
    document_no = models.CharField(_("书面委托编号"), max_length=100)
    document_date = models.DateField(_("委托书日期"), null=True, blank=True)
    paper_name = models.CharField(_("委托书文件"), max_length=200, blank=True)
    sealed_paper = models.BinaryField(_("委托书（加密）"), default=bytes)
    certificate_serial = models.CharField(_("证书序列号"), max_length=64, blank=True)
    sealed_key = models.BinaryField(_("密钥（加密）"))
    since = models.DateTimeField(_("生效"))
    until = models.DateTimeField(_("失效"), null=True, blank=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)

    objects = KeyAppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("代签委托")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id"], condition=Q(ended_at__isnull=True), name="one_open_appointment_per_firm"
            )
        ]


SPELLED = {GOODS_DOCUMENTS: (GOODS_ROOT,)}
"""How the kinds of documents of a delegation's scope are spelled as kinds of messages, where they differ."""


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> MessageQuerySet:
        """The port office and the system administrator see every message, a firm its own, a broker what is delegated.

        What lies in an envelope is seen by a broker to which everything is delegated.
        """
        if user.sees_all_cases or user.is_system_admin:
            return self
        return self.filter(user.seen_for("organisation_id", "kind", SPELLED))


class Message(models.Model):
    """The bytes of one message exactly as they came, or as Kouan made them; written once, never changed.

    ``raw`` is compressed with Zstandard without loss; ``digest`` is the SHA-256 of the bytes before that.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection_id = models.UUIDField(_("连接"))
    organisation_id = models.UUIDField(_("单位"))
    side = models.CharField(_("来自"), max_length=12, choices=Side.choices)
    standard = models.CharField(_("标准"), max_length=12)
    kind = models.CharField(_("报文类型"), max_length=12)
    guid = models.CharField(_("报文编号"), max_length=64)
    digest = models.BinaryField(_("摘要"), max_length=32)
    raw = models.BinaryField(_("原文"))
    raw_size = models.PositiveIntegerField(_("字节数"))
    file_name = models.CharField(_("文件名"), max_length=255, blank=True)
    received_at = models.DateTimeField(_("收到时间"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("报文")
        indexes = [models.Index(fields=["connection_id", "id"], name="message_by_connection")]


class EnvelopeKey(models.Model):
    """The one message that a channel's guid stands for; the same guid with other bytes is a conflict."""

    pk = models.CompositePrimaryKey("connection_id", "guid")
    connection_id = models.UUIDField()
    guid = models.CharField(max_length=64)
    digest = models.BinaryField(max_length=32)
    message_id = models.UUIDField()

    class Meta:
        verbose_name = _("报文唯一键")


class Work(models.Model):
    """A step that is still to be done with a message or a receipt; claimed in batches, deleted when done."""

    pk = models.CompositePrimaryKey("item_id", "step")
    item_id = models.UUIDField()
    step = models.CharField(max_length=8, choices=Step.choices)
    is_receipt = models.BooleanField(default=False)
    connection_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    is_parked = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("待办步骤")
        indexes = [
            models.Index(fields=["step", "item_id"], condition=Q(is_parked=False), name="work_to_claim"),
            models.Index(fields=["connection_id", "item_id"], condition=Q(step="deliver"), name="work_to_deliver"),
        ]


class Forwarding(models.Model):
    """That a message of a firm was handed on to the national side: once, whatever happens."""

    message_id = models.UUIDField(primary_key=True)
    connection_id = models.UUIDField()
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("转发登记")


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, user: User) -> ReceiptQuerySet:
        """As the messages that they answer."""
        if user.sees_all_cases or user.is_system_admin:
            return self
        seen = Q(organisation_id__in=user.acting_wholly)
        if user.acting_wholly != user.acting_organisation_ids:
            answered = Message.objects.filter(pk=OuterRef("answers")).visible_to(user)
            seen |= Q(Exists(answered), organisation_id__in=user.acting_organisation_ids)
        return self.filter(seen)


class Receipt(models.Model):
    """One answer on its way back to the channel in which the declaration came.

    An official receipt is kept byte for byte; the issuer says who speaks. ``answers`` is the message that is
    answered, ``source_message_id`` the message in which an official receipt arrived.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection_id = models.UUIDField(_("连接"))
    organisation_id = models.UUIDField(_("单位"))
    issuer = models.CharField(_("出具方"), max_length=8, choices=Issuer.choices)
    kind = models.CharField(_("回执类型"), max_length=12)
    answers = models.UUIDField(_("所答报文"), null=True)
    source_message_id = models.UUIDField(_("官方来文"), null=True)
    body = models.BinaryField(_("内容"))
    body_size = models.PositiveIntegerField(_("字节数"))
    node_count = models.PositiveIntegerField(_("单证数"))
    refused_count = models.PositiveIntegerField(_("未通过数"), default=0)
    issued_at = models.DateTimeField(_("出具时间"))

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("回执")
        indexes = [
            models.Index(fields=["connection_id", "id"], name="receipt_by_connection"),
            models.Index(fields=["answers"], name="receipt_by_answered"),
        ]


class Delivery(models.Model):
    """One attempt to hand a message or a receipt over, how it ended, and the answer byte for byte.

    ``answer`` is kept like the bytes of messages; ``answer_size`` counts what came, of a refusal perhaps more than is
    kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item_id = models.UUIDField(_("对象"))
    connection_id = models.UUIDField(_("连接"))
    outcome = models.CharField(_("结果"), max_length=12, choices=Outcome.choices)
    at = models.DateTimeField(_("时间"))
    detail = models.TextField(_("说明"), blank=True)
    heard = models.CharField(_("答复"), max_length=12, choices=Heard.choices, blank=True, default="")
    status = models.PositiveSmallIntegerField(_("状态码"), null=True)
    answer = models.BinaryField(_("答复原文"), null=True)
    answer_size = models.PositiveIntegerField(_("字节数"), default=0)

    class Meta:
        verbose_name = _("投递")
        indexes = [
            models.Index(fields=["item_id"], name="delivery_by_item"),
            models.Index(fields=["connection_id", "id"], name="delivery_by_connection"),
        ]
