from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClearanceConfig(AppConfig):
    name = "kouan.clearance"
    label = "clearance"
    verbose_name = _("通关")

    def ready(self) -> None:
        """Say what the states look like, and which pages belong to whom."""
        from kouan.clearance import desks, goods_around, looks, measuring, topics, tracking

        looks.register()
        desks.register()
        topics.register()
        tracking.register()
        measuring.register()
        goods_around.register()
