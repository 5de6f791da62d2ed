from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GoodsConfig(AppConfig):
    name = "kouan.goods"
    label = "goods"
    verbose_name = _("报关单")

    def ready(self) -> None:
        """Enter the pages into the navigation and the search, and say what states look like."""
        from kouan.gateway.outcomes import register_outcomes
        from kouan.goods import desks, persons, topics, tracking
        from kouan.goods.selectors import outcome_of

        desks.register()
        persons.register_subject()
        register_outcomes(outcome_of)
        topics.register()
        tracking.register()
