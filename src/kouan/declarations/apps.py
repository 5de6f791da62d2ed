from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeclarationsConfig(AppConfig):
    name = "kouan.declarations"
    label = "declarations"
    verbose_name = _("申报")

    def ready(self) -> None:
        """Enter the pages into the navigation; say who counts how often the rows of the routing table fired."""
        from kouan.decisions.firing import register_counter
        from kouan.declarations import desks
        from kouan.declarations.selectors import count_firings

        desks.register()
        register_counter("parcel_routing", count_firings)
