"""Coded values of seeing personal data. Stored values never change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """For what personal data is looked at."""

    INSPECTION = "inspection", _("查验、检疫或执法")
    CORRECTION = "correction", _("核对和更正申报")
    COMPLAINT = "complaint", _("办理投诉、咨询")
    RIGHTS = "rights", _("答复本人查阅、更正或删除的请求")
    REQUEST = "request", _("依法调取")
