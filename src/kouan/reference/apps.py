from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReferenceConfig(AppConfig):
    """The code tables; the small built-in set is brought in after every migration."""

    name = "kouan.reference"
    label = "reference"
    verbose_name = _("代码表")

    def ready(self) -> None:
        from kouan.screens import navigation

        post_migrate.connect(bring_in_builtin_codes, sender=self)
        navigation.register("system", _("代码表"), "code-table-list", icon="table", order=140)


def bring_in_builtin_codes(sender: AppConfig, using: str, plan: Any = (), **kwargs: Any) -> None:
    """Have the built-in codes stand in a database whose tables are made, like Django's own content types."""
    is_going_back = any(backwards for _migration, backwards in plan)
    tables = set(connections[using].introspection.table_names())
    if using != "default" or is_going_back or not {"reference_code", "audit_auditentry"} <= tables:
        return
    from kouan.audit.types import SystemActor
    from kouan.reference.services import install_builtin_codes

    install_builtin_codes(actor=SystemActor("系统安装"), at=timezone.now())
