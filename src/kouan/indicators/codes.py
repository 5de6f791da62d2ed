"""Coded values of indicators."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Period(models.TextChoices):
    """How often an indicator is read."""

    DAY = "day", _("日")
    WEEK = "week", _("周")
    MONTH = "month", _("月")
    QUARTER = "quarter", _("季")
    YEAR = "year", _("年")


class Shape(models.TextChoices):
    """Whether readings add up over time, or the last one holds."""

    FLOW = "flow", _("累计数")
    LEVEL = "level", _("时点数")
