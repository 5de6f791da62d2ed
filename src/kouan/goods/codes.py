"""Coded values of goods declarations. Stored values are the standard's or lower snake case and never change."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Direction(models.TextChoices):
    """Whether goods come in or go out."""

    IMPORT = "I", _("进口")
    EXPORT = "E", _("出口")


class Procedure(models.TextChoices):
    """By which procedure goods are declared."""

    ORDINARY = "ordinary", _("普通申报")
    EARLY = "early", _("提前申报")
    TWO_STEP = "two_step", _("两步申报")
    SUMMARY = "summary", _("汇总申报")


class GoodsFinding(models.TextChoices):
    """What became of a declaration that did not simply become a new version."""

    REFUSED = "refused", _("校验未通过")
    WARNED = "warned", _("通过并有提示")
    SAME = "same", _("重复报送")
    NOT_YOURS = "not_yours", _("无权报送")


class DraftState(models.TextChoices):
    """Where a form or a row of a spreadsheet stands before it is sent."""

    DRAFT = "draft", _("草稿")
    SENT = "sent", _("已发送")


class ApplicationKind(models.TextChoices):
    """What an application asks of customs."""

    CORRECT = "correct", _("修改")
    WITHDRAW = "withdraw", _("撤销")


class TaxKind(models.TextChoices):
    """What is known of the tax of a declaration."""

    DUE = "due", _("应缴")
    GUARANTEED = "guaranteed", _("已担保")
    PAID = "paid", _("已缴")
    BILL = "bill", _("税单")
