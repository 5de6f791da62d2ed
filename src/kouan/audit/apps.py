from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import pre_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The audit; before every migration it looks whether the database has moved to another cluster."""

    name = "kouan.audit"
    label = "audit"
    verbose_name = _("审计")

    def ready(self) -> None:
        pre_migrate.connect(notice_a_move, sender=self)


def notice_a_move(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Have entries carry the identifier of the cluster in which the database stands now, before any is written."""
    if using == "default" and "audit_auditentry" in connections[using].introspection.table_names():
        from kouan.audit.services import adopt_cluster

        adopt_cluster()
