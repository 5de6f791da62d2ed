"""Rows of the audit: entries, written once, and the seals over them."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

from kouan.kernel.identifiers import uuid7


class TransactionIdField(models.Field):
    """The number of a PostgreSQL transaction (``xid8``: 64 bits, never reused within a cluster); an int in Python."""

    description = "PostgreSQL transaction number"

    def db_type(self, connection) -> str:
        return "xid8"

    def from_db_value(self, value, expression, connection) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value) -> str | None:
        value = super().get_prep_value(value)
        return None if value is None else str(value)

    def to_python(self, value) -> int | None:
        return None if value is None else int(value)


class CurrentTransactionId(Func):
    """The number of the transaction that writes the row."""

    function = "pg_current_xact_id"
    arity = 0

    def __init__(self) -> None:
        super().__init__(output_field=TransactionIdField())


class AuditEntry(models.Model):
    """One human act, or one machine batch: who, what, on what, why; never changed and never deleted.

    Partitioned by month of the id, which carries ``at``. ``detail`` holds no personal data in clear. ``digest`` is
    the SHA-256 over the ids of a batch. ``cluster`` and ``txid`` say which transaction of which PostgreSQL cluster
    wrote the row: the sealer seals whole ranges of finished transactions and so skips nobody.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(_("时间"))
    actor_id = models.UUIDField(_("操作人"), null=True)
    actor_label = models.CharField(_("操作人名称"), max_length=120)
    organisation_id = models.UUIDField(_("单位"), null=True)
    act = models.CharField(_("操作"), max_length=64)
    subject_kind = models.CharField(_("对象类型"), max_length=64)
    subject_id = models.CharField(_("对象编号"), max_length=80, blank=True)
    purpose = models.CharField(_("用途"), max_length=200, blank=True)
    count = models.PositiveIntegerField(_("数量"), default=1)
    digest = models.BinaryField(_("编号摘要"), null=True, max_length=32)
    detail = models.JSONField(_("详情"), default=dict)
    request_id = models.CharField(_("请求编号"), max_length=64, blank=True)
    cluster = models.BigIntegerField(_("数据库集群"), db_default=0, editable=False)
    txid = TransactionIdField(_("事务号"), db_default=CurrentTransactionId(), editable=False)

    class Meta:
        verbose_name = _("审计记录")
        indexes = [
            models.Index(fields=["txid"], name="audit_by_transaction"),
            models.Index(fields=["subject_kind", "subject_id", "id"], name="audit_by_subject"),
            models.Index(fields=["actor_id", "id"], name="audit_by_actor"),
            models.Index(fields=["act", "at"], name="audit_by_act"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_label} {self.act}"


class AuditSeal(models.Model):
    """A Merkle seal over the entries of a range of finished transactions, chained to the seal before it.

    Covers the entries with ``from_txid <= txid < until_txid`` of ``cluster``. ``root`` is the Merkle tree hash of
    RFC 9162 over the entries in the order of their ids; ``hash`` is the SHA-256 over all other columns.
    """

    number = models.BigIntegerField(_("封存序号"), primary_key=True)
    day = models.DateField(_("日期"))
    sequence = models.PositiveIntegerField(_("当日序号"))
    sealed_at = models.DateTimeField(_("封存时间"))
    cluster = models.BigIntegerField(_("数据库集群"))
    from_txid = TransactionIdField(_("起始事务号"))
    until_txid = TransactionIdField(_("截止事务号"))
    first_id = models.UUIDField(_("首条"))
    last_id = models.UUIDField(_("末条"))
    count = models.PositiveIntegerField(_("条数"))
    root = models.BinaryField(_("默克尔根"), max_length=32)
    previous = models.BinaryField(_("前一封存"), max_length=32)
    hash = models.BinaryField(_("封存值"), max_length=32, unique=True)

    class Meta:
        verbose_name = _("审计封存")
        constraints = [models.UniqueConstraint(fields=["day", "sequence"], name="one_seal_per_day_and_sequence")]
        indexes = [models.Index(fields=["cluster", "from_txid"], name="seal_by_transaction")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} #{self.sequence}"

    def to_columns(self) -> dict[str, str | int]:
        """What the hash is over: every column but the hash itself, in plain form."""
        return {
            "number": self.number,
            "day": self.day.isoformat(),
            "sequence": self.sequence,
            "sealed_at": self.sealed_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "cluster": self.cluster,
            "from_txid": self.from_txid,
            "until_txid": self.until_txid,
            "first_id": str(self.first_id),
            "last_id": str(self.last_id),
            "count": self.count,
            "root": bytes(self.root).hex(),
            "previous": bytes(self.previous).hex(),
        }

    @property
    def head(self) -> str:
        """The hash in letters, as it is noted elsewhere."""
        return bytes(self.hash).hex()
