"""Rows of official documents: what came in, what was read in it, what a person corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from kouan.kernel.identifiers import uuid7
from kouan.supervision.codes import CorrectionKind
from kouan.supervision.states import DocumentState

if TYPE_CHECKING:
    from kouan.accounts.models import User


class PolicyDocumentQuerySet(models.QuerySet["PolicyDocument"]):
    def visible_to(self, user: User) -> PolicyDocumentQuerySet:
        """The port office sees all; a unit the documents in the ledger that give it something to do."""
        if user.sees_all_cases:
            return self
        return self.filter(organisation_ids__contains=[user.organisation_id]).exclude(state=DocumentState.READ)


class PolicyDocument(models.Model):
    """An official document: its bytes as they came, its text as read, its head as confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(_("发文字号"), max_length=60, blank=True)
    title = models.CharField(_("标题"), max_length=300)
    issuer = models.CharField(_("发文机关"), max_length=200, blank=True)
    issued_date = models.DateField(_("成文日期"), null=True, blank=True)
    file_name = models.CharField(_("文件名"), max_length=200)
    media_type = models.CharField(_("文件类型"), max_length=100, blank=True)
    raw = models.BinaryField(_("原件"))
    digest = models.CharField(_("原件摘要"), max_length=64)
    organisation_ids = ArrayField(models.UUIDField(), verbose_name=_("责任单位"), default=list)
    state = models.CharField(
        _("状态"), max_length=12, choices=[(s.value, s.value) for s in DocumentState], default=DocumentState.READ.value
    )
    state_since = models.DateTimeField(_("状态起始"))
    uploaded_by_id = models.UUIDField(_("上传人"))
    uploaded_at = models.DateTimeField(_("上传时间"))
    is_demo = models.BooleanField(_("演示数据"), default=False)
    search = SearchVectorField(_("检索词"), null=True, editable=False)

    objects = PolicyDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("文件")
        constraints = [models.UniqueConstraint(fields=["digest"], name="one_document_per_file")]
        indexes = [
            GinIndex(fields=["search"], name="document_by_words"),
            GinIndex(fields=["organisation_ids"], name="document_by_organisation"),
            models.Index(fields=["-issued_date", "id"], name="document_by_date"),
        ]

    def __str__(self) -> str:
        return self.title


class ReadingVersion(models.Model):
    """What one run of the reader found in a document; never changed.

    ``text`` is the text as read: every span in ``found`` is an offset into it. ``found`` has the shape of
    ``./kouan document read --json``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    text = models.TextField(_("识别文本"))
    found = models.JSONField(_("识别结果"))
    read_at = models.DateTimeField(_("识别时间"))
    read_by_id = models.UUIDField(_("识别人"), null=True)

    class Meta:
        verbose_name = _("识别版本")
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_reading_per_number")]
        ordering = ["number"]


class Correction(models.Model):
    """What a person says instead of, or besides, what was read; it holds for every later reading too.

    It hangs on the words of the document (clause, ``anchor`` and which of the same words it is), not on offsets.
    ``value`` is what shall stand there; a value of ``{"drop": true}`` says that it was read wrongly.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="corrections")
    kind = models.CharField(_("更正内容"), max_length=12, choices=CorrectionKind.choices)
    clause = models.CharField(_("条款"), max_length=60)
    anchor = models.TextField(_("原文"), blank=True)
    which = models.PositiveSmallIntegerField(_("第几处"), default=0)
    value = models.JSONField(_("更正为"))
    made_by_id = models.UUIDField(_("更正人"))
    made_by_label = models.CharField(_("更正人"), max_length=120)
    made_at = models.DateTimeField(_("更正时间"))
    taken_back_at = models.DateTimeField(_("撤回时间"), null=True)

    class Meta:
        verbose_name = _("识别更正")
        ordering = ["id"]
        indexes = [models.Index(fields=["document", "id"], name="correction_by_document")]
