from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    """Supervision: its chips, its pages, its words for the audit, the indicators that it can compute."""

    name = "kouan.supervision"
    label = "supervision"
    verbose_name = _("督办")

    def ready(self) -> None:
        from kouan.supervision import desks, looks, measuring, relating, topics, words

        looks.register()
        desks.register()
        words.register()
        measuring.register()
        topics.register()
        relating.register()
