"""Coded values of clearance that are not states."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SubjectKind(models.TextChoices):
    """What a review or an inspection is about."""

    PARCEL = "parcel", _("包裹清单")
    GOODS = "goods", _("报关单")


class Way(models.TextChoices):
    """How an agency's answer reaches us."""

    RELAYED = "relayed", _("官方系统回执")
    RECORDED = "recorded", _("在本平台登记")
