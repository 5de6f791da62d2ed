"""Decision tables and their versions."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from kouan.decisions.states import State
from kouan.kernel.identifiers import uuid7

STATE_LABELS = {
    State.EDITING: _("编制中"),
    State.DRAFT: _("待批准"),
    State.ACTIVE: _("已启用"),
    State.DISCARDED: _("已作废"),
}


class OpenToReaders(models.QuerySet):
    """Rows that hold nothing of anybody: whoever passes the door of the tables sees all of them."""

    def visible_to(self, user: Any) -> Self:
        return self


class DecisionTable(models.Model):
    """One question that a table answers: which agencies a parcel concerns, who is inspected …"""

    key = models.SlugField(_("标识"), max_length=64, primary_key=True)
    name_zh = models.CharField(_("中文名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=120)

    objects = OpenToReaders.as_manager()

    class Meta:
        verbose_name = _("判定表")
        ordering = ["key"]


class DecisionTableVersion(models.Model):
    """The table as it stands from ``since`` on, until a later version begins. Once submitted its content stays.

    ``content`` holds inputs, outputs and rows (decisions/types.py: ``TableContent``); ``digest`` is the SHA-256 of its
    canonical JSON.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    table = models.ForeignKey(
        DecisionTable, on_delete=models.PROTECT, related_name="versions", verbose_name=_("判定表")
    )
    number = models.PositiveIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=16, choices=list(STATE_LABELS.items()), default=State.DRAFT)
    since = models.DateField(_("启用日期"))
    content = models.JSONField(_("内容"))
    digest = models.CharField(_("摘要"), max_length=64)
    source = models.CharField(_("依据"), max_length=400, blank=True)
    is_builtin = models.BooleanField(_("随系统提供"), default=False)
    created_by_id = models.UUIDField(_("编制"), null=True)
    created_by_label = models.CharField(_("编制人"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("编制时间"))
    approved_by_id = models.UUIDField(_("批准"), null=True)
    approved_by_label = models.CharField(_("批准人"), max_length=120, blank=True)
    approved_at = models.DateTimeField(_("批准时间"), null=True)

    objects = OpenToReaders.as_manager()

    class Meta:
        verbose_name = _("判定表版本")
        ordering = ["table_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="decision_version_number_once"),
            models.UniqueConstraint(
                fields=["table", "since"],
                condition=models.Q(state=State.ACTIVE.value),
                name="decision_version_begins_once",
            ),
        ]


class Replay(models.Model):
    """What would have changed, had a version decided the cases of some months; ``result`` once it has ended.

    ``result`` is the stored form of replaying.Outcome; ``digest`` says which content of the version was replayed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(
        DecisionTableVersion, on_delete=models.PROTECT, related_name="replays", verbose_name=_("版本")
    )
    digest = models.CharField(_("摘要"), max_length=64)
    since_at = models.DateTimeField(_("起"))
    until_at = models.DateTimeField(_("止"))
    asked_by_id = models.UUIDField(_("发起"), null=True)
    asked_by_label = models.CharField(_("发起人"), max_length=120)
    asked_at = models.DateTimeField(_("发起时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    seconds = models.FloatField(_("用时（秒）"), null=True)
    result = models.JSONField(_("结果"), null=True)
    error = models.CharField(_("未完成的原因"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("回放")
        ordering = ["-id"]
