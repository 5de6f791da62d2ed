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


class Step(models.TextChoices):
    """Which step of a two-step declaration a version is; empty where all is declared at once."""

    OUTLINE = "outline", _("概要申报")
    COMPLETE = "complete", _("完整申报")


class Deadline(models.TextChoices):
    """For what a declaration has to be acted on by a day."""

    DECLARE = "declare", _("申报期限")
    COMPLETE = "complete", _("完整申报期限")
    ARRIVE = "arrive", _("提前申报运抵期限")
    PAY = "pay", _("缴纳税款期限")


class Reminder(models.TextChoices):
    """How near a deadline was when people were reminded of it."""

    NEAR = "near", _("临近")
    TODAY = "today", _("当日到期")
    PASSED = "passed", _("已过期")


class GoodsFinding(models.TextChoices):
    """What became of a declaration that did not simply become a new version."""

    REFUSED = "refused", _("校验未通过")
    WARNED = "warned", _("通过并有提示")
    SAME = "same", _("重复报送")
    NOT_YOURS = "not_yours", _("无权报送")
    HELD = "held", _("待复核")


class DraftState(models.TextChoices):
    """Where a form or a row of a spreadsheet stands before it is sent."""

    DRAFT = "draft", _("草稿")
    SENT = "sent", _("已发送")


class SheetState(models.TextChoices):
    """Where a spreadsheet of declarations stands."""

    READING = "reading", _("正在试算")
    TRIED = "tried", _("已试算")
    UNREADABLE = "unreadable", _("无法读取")
    SENDING = "sending", _("正在发送")
    SENT = "sent", _("已发送")


class UnplacedState(models.TextChoices):
    """What was done about an official answer for which no declaration was found."""

    WAITING = "waiting", _("待落位")
    PLACED = "placed", _("已落位")
    EXPLAINED = "explained", _("已说明")


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
