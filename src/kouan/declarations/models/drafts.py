"""What people make: drafts of the form, their messages, and uploaded sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kouan.checking.columns import Checked
from kouan.declarations.codes import DraftState, Kind
from kouan.kernel.identifiers import uuid7
from kouan.safekeeping.safe import safe

if TYPE_CHECKING:
    from kouan.accounts.models import User


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: User) -> DraftQuerySet:
        """Drafts are seen in the firm that writes them, and by a broker to which it delegated everything."""
        return self.filter(organisation_id__in=user.acting_wholly)


class Draft(Checked):
    """A declaration that a clerk is still writing: the values of the form as typed, nothing lost.

    They name buyers and consignees, and are kept in the safe under the month in which they were saved.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(_("单位"), db_index=True)
    author_id = models.UUIDField(_("制单人"))
    title = models.CharField(_("标题"), max_length=120, blank=True)
    kept_values = models.BinaryField(_("表单内容（加密）"), default=b"")
    state = models.CharField(_("状态"), max_length=20, choices=DraftState.choices, default=DraftState.DRAFT)
    case_id = models.UUIDField(_("办件"), null=True)
    message_ids = ArrayField(models.UUIDField(), verbose_name=_("报文"), default=list)
    source = models.CharField(_("来源"), max_length=120, blank=True)
    client_code = models.CharField(_("委托方代码"), max_length=18, blank=True, default="")
    client_name = models.CharField(_("委托方"), max_length=100, blank=True, default="")
    created_at = models.DateTimeField(_("建立时间"))
    updated_at = models.DateTimeField(_("修改时间"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报草稿")
        indexes = [
            models.Index(fields=["organisation_id", "-updated_at"], name="draft_by_organisation"),
            models.Index(
                fields=["organisation_id", "updated_at"], condition=~Q(state=DraftState.DECLARED), name="draft_open"
            ),
        ]  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        """The values of the form. Raises KeyGone once the month in which they were last saved is erased."""
        return safe().take_values(bytes(self.kept_values))


class DraftMessage(models.Model):
    """One message of a draft that waits for a card: as it was written, and as it came back signed; both in the safe."""

    pk = models.CompositePrimaryKey("draft_id", "number")
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="messages", verbose_name=_("申报草稿"))
    number = models.PositiveSmallIntegerField(_("序号"))
    kind = models.CharField(_("单证"), max_length=3, choices=Kind.choices)
    guid = models.CharField(_("报文编号"), max_length=36)
    node_count = models.PositiveSmallIntegerField(_("单证数"))
    unsigned = models.BinaryField(_("待签报文"))
    signed = models.BinaryField(_("已签报文"), null=True)
    signed_at = models.DateTimeField(_("签名收到时间"), null=True)
    signer = models.CharField(_("证书持有人"), max_length=300, blank=True, default="")
    serial = models.CharField(_("证书序列号"), max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("待签名报文")


class SheetQuerySet(models.QuerySet["Sheet"]):
    def visible_to(self, user: User) -> SheetQuerySet:
        """A spreadsheet is seen in the firm that uploaded it, and by a broker to which it delegated everything."""
        return self.filter(organisation_id__in=user.acting_wholly)


class Sheet(Checked):
    """A spreadsheet of declarations as it was uploaded, from its dry run until it is declared; kept in the safe."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(_("单位"), db_index=True)
    author_id = models.UUIDField(_("制单人"))
    name = models.CharField(_("文件名"), max_length=255)
    content = models.BinaryField(_("文件内容（加密）"))
    uploaded_at = models.DateTimeField(_("上传时间"))
    declared_at = models.DateTimeField(_("申报时间"), null=True)
    message_ids = ArrayField(models.UUIDField(), verbose_name=_("报文"), default=list)
    draft_id = models.UUIDField(_("申报草稿"), null=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报表格")
