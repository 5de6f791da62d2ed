from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DecisionsConfig(AppConfig):
    """The decision tables; those that come with Kouan are brought in after every migration."""

    name = "kouan.decisions"
    label = "decisions"
    verbose_name = _("判定表")

    def ready(self) -> None:
        from kouan.decisions.models import STATE_LABELS
        from kouan.decisions.states import State
        from kouan.decisions.views.tables import READERS
        from kouan.screens import navigation
        from kouan.screens.pieces import Chip, Tone, register_chips

        post_migrate.connect(bring_in_builtin_tables, sender=self)
        tones = {
            State.EDITING: Tone.IDLE,
            State.DRAFT: Tone.WAITING,
            State.ACTIVE: Tone.DONE,
            State.DISCARDED: Tone.IDLE,
        }
        register_chips("decision_version", {state: Chip(STATE_LABELS[state], tone) for state, tone in tones.items()})
        navigation.register("clearance", _("判定表"), "decision-list", roles=READERS, icon="compare", order=150)


def bring_in_builtin_tables(sender: AppConfig, using: str, plan: Any = (), **kwargs: Any) -> None:
    """Have the built-in tables stand in a database whose tables are made, like Django's own content types."""
    is_going_back = any(backwards for _migration, backwards in plan)
    tables = connections[using].introspection.table_names()
    if using != "default" or is_going_back or not {"decisions_decisiontableversion", "audit_auditentry"} <= set(tables):
        return
    from kouan.audit.types import SystemActor
    from kouan.decisions.services.versions import install_builtin_tables

    install_builtin_tables(actor=SystemActor("系统安装"), at=timezone.now())
