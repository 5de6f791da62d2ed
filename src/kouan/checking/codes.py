"""Coded values of checking. Stored values never change."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckedKind(models.TextChoices):
    """What a firm may let a second person check before it leaves."""

    GOODS = "goods", _("报关单")
    PARCELS = "parcels", _("进口清单及三单")


class CheckChoices(models.TextChoices):
    """The words of the states of checking."""

    MAKING = "making", _("制单中")
    TO_CHECK = "to_check", _("待复核")
    BOUNCED = "bounced", _("复核退回")
    CHECKED = "checked", _("已复核")
