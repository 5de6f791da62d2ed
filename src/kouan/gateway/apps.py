from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GatewayConfig(AppConfig):
    name = "kouan.gateway"
    label = "gateway"
    verbose_name = _("报文网关")

    def ready(self) -> None:
        """Say which pages belong to whom, and what the states look like."""
        from kouan.gateway import desks, measuring, topics

        desks.register()
        measuring.register()
        topics.register()
