from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "kouan.notices"
    label = "notices"
    verbose_name = _("通知")

    def ready(self) -> None:
        """Fill the bell, enter the pages into the navigation and say what the states look like."""
        from kouan.notices import desks

        desks.register()
