"""Code tables, their rows with days of validity, and the imports that brought them."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _

from kouan.kernel.identifiers import uuid7


class OpenRows(models.QuerySet):
    """Rows that hold nothing of anybody: whoever is signed in sees all of them."""

    def visible_to(self, user: Any) -> Self:
        return self


class CodeTable(models.Model):
    """One list of codes: countries, currencies, trade modes …

    ``is_complete`` says whether the list is known to be whole. A code that a partial list does not know may still be
    right; only a complete list may refuse one.
    """

    key = models.SlugField(_("表名"), max_length=64, primary_key=True)
    name_zh = models.CharField(_("中文名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    is_complete = models.BooleanField(_("是否完整"), default=False)

    objects = OpenRows.as_manager()

    class Meta:
        verbose_name = _("代码表")
        ordering = ["key"]


class CodeImport(models.Model):
    """One sheet of codes taken in: from where, when, by whom, and what it changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sheet = models.CharField(_("文件"), max_length=200)
    digest = models.CharField(_("摘要"), max_length=64)
    source = models.CharField(_("来源"), max_length=400)
    is_builtin = models.BooleanField(_("随系统提供"), default=False)
    since_date = models.DateField(_("启用日期"))
    imported_at = models.DateTimeField(_("导入时间"))
    actor_id = models.UUIDField(_("经办人"), null=True)
    actor_label = models.CharField(_("经办人姓名"), max_length=120, blank=True)
    added = models.PositiveIntegerField(_("新增"), default=0)
    replaced = models.PositiveIntegerField(_("更新"), default=0)
    closed = models.PositiveIntegerField(_("停用"), default=0)
    unchanged = models.PositiveIntegerField(_("未变"), default=0)

    objects = OpenRows.as_manager()

    class Meta:
        verbose_name = _("代码导入")
        ordering = ["-imported_at", "-id"]


class Code(models.Model):
    """One code of a table and what it means from ``since`` until the day before ``until``.

    The official tables give one code twice here and there, so a code alone is not unique within its table.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    table = models.ForeignKey(CodeTable, on_delete=models.PROTECT, related_name="codes", verbose_name=_("代码表"))
    code = models.CharField(_("现行代码"), max_length=40)
    customs_code = models.CharField(_("原报关代码"), max_length=40, blank=True)
    ciq_code = models.CharField(_("原报检代码"), max_length=40, blank=True)
    name_zh = models.CharField(_("中文名称"), max_length=700, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=700, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    pinyin = models.CharField(_("拼音"), max_length=200, blank=True)
    initials = models.CharField(_("拼音首字母"), max_length=60, blank=True)
    since = models.DateField(_("启用日期"))
    until = models.DateField(_("停用日期"), null=True, blank=True)
    brought_by = models.ForeignKey(CodeImport, on_delete=models.PROTECT, related_name="codes", verbose_name=_("导入"))

    objects = OpenRows.as_manager()

    class Meta:
        verbose_name = _("代码")
        ordering = ["table_id", "code", "since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="code_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                "table",
                "code",
                "customs_code",
                "ciq_code",
                MD5("name_zh"),
                MD5("name_en"),
                "since",
                name="code_stands_once",
            ),
        ]
        indexes = [models.Index(fields=["table", "code", "since"], name="code_by_table")]
