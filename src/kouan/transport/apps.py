from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TransportConfig(AppConfig):
    """Ports and supervision places; the ports that published sources name are brought in after every migration."""

    name = "kouan.transport"
    label = "transport"
    verbose_name = _("口岸与监管场所")

    def ready(self) -> None:
        from kouan.screens import navigation

        post_migrate.connect(bring_in_builtin_ports, sender=self)
        navigation.register("transport", _("监管作业场所"), "place-list", icon="pin", order=20)
        navigation.register("transport", _("口岸名录"), "port-list", icon="anchor", order=30)


def bring_in_builtin_ports(sender: AppConfig, using: str, plan: Any = (), **kwargs: Any) -> None:
    """Have the known ports stand in a database whose tables are made, like Django's own content types."""
    is_going_back = any(backwards for _migration, backwards in plan)
    if using != "default" or is_going_back or "transport_port" not in connections[using].introspection.table_names():
        return
    from kouan.transport.services import install_builtin_ports

    install_builtin_ports()
