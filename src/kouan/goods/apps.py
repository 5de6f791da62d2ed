from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GoodsConfig(AppConfig):
    name = "kouan.goods"
    label = "goods"
    verbose_name = _("报关单")

    def ready(self) -> None:
        """Enter the pages into the navigation and the search, and say what states look like."""
        from kouan.goods import desks, topics, tracking

        desks.register()
        topics.register()
        tracking.register()
