"""Coded values of notices."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """Of which cases somebody wants to be told."""

    ALL = "all", _("我能查看的全部办件")
    DECLARED = "declared", _("仅本单位（含委托方）申报或报送的办件")
    FOLLOWED = "followed", _("仅我关注的办件")


class Pace(models.TextChoices):
    """How often what is new goes out by mail."""

    NEVER = "never", _("不发邮件")
    AT_ONCE = "at_once", _("有新通知即发（每分钟至多一封）")
    HOURLY = "hourly", _("每小时汇总")
    DAILY = "daily", _("每日 8 时汇总")


class NoticeState(models.TextChoices):
    """Whether a person has read a notice."""

    UNREAD = "unread", _("未读")
    READ = "read", _("已读")


class EndpointState(models.TextChoices):
    """How an endpoint fares."""

    WORKING = "working", _("正常")
    FAILING = "failing", _("故障")
    CLOSED = "closed", _("停用")


class DispatchState(models.TextChoices):
    """Whether an event still waits for its endpoint, or is kept because it could not be delivered."""

    WAITING = "waiting", _("待推送")
    DEAD = "dead", _("未送达")


class MailState(models.TextChoices):
    """Where a letter stands."""

    WAITING = "waiting", _("待发送")
    SENT = "sent", _("已发送")
    KEPT = "kept", _("仅留存")
    FAILED = "failed", _("发送失败")
