from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LawConfig(AppConfig):
    name = "kouan.law"
    label = "law"
    verbose_name = _("法规与数值")
