from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    """The register of indicators and its place in the navigation."""

    name = "kouan.indicators"
    label = "indicators"
    verbose_name = _("指标")

    def ready(self) -> None:
        from kouan.audit import acts
        from kouan.screens import navigation

        navigation.register("supervision", _("指标"), "indicators", icon="chart", order=60)
        acts.register_words(
            acts={"define_indicator": _("定义指标"), "enter_reading": _("填报指标")},
            subjects={"indicator": _("指标")},
        )
