from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BrokerageConfig(AppConfig):
    name = "kouan.brokerage"
    label = "brokerage"
    verbose_name = _("报关行工作台")

    def ready(self) -> None:
        """Enter the pages into the navigation, offer the libraries to the forms, and say what things are called."""
        from kouan.brokerage import desks

        desks.register()
