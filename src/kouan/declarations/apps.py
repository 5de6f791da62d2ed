from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeclarationsConfig(AppConfig):
    name = "kouan.declarations"
    label = "declarations"
    verbose_name = _("申报")

    def ready(self) -> None:
        """Enter the pages into the navigation; say who counts and groups what the routing table decided."""
        from kouan.decisions.decided import register_source
        from kouan.decisions.firing import register_counter
        from kouan.declarations import desks, persons, topics
        from kouan.declarations.replays import ROUTING_TABLE, group_decided
        from kouan.declarations.selectors import count_firings, outcome_of
        from kouan.gateway.outcomes import register_outcomes

        desks.register()
        topics.register()
        persons.register_subject()
        register_outcomes(outcome_of)
        register_counter(ROUTING_TABLE, count_firings)
        register_counter("export_routing", count_firings)
        register_source(ROUTING_TABLE, group_decided)
