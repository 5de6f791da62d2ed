from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClearanceConfig(AppConfig):
    name = "kouan.clearance"
    label = "clearance"
    verbose_name = _("通关")
