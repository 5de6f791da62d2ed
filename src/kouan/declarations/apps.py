from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeclarationsConfig(AppConfig):
    name = "kouan.declarations"
    label = "declarations"
    verbose_name = _("申报")

    def ready(self) -> None:
        """Enter the pages into the navigation."""
        from kouan.declarations import desks

        desks.register()
