from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LawConfig(AppConfig):
    name = "kouan.law"
    label = "law"
    verbose_name = _("法规与数值")

    def ready(self) -> None:
        """Enter the page of safeguards into the navigation."""
        from kouan.accounts.codes import Role
        from kouan.screens import navigation

        navigation.register(
            "system", _("安全合规对照"), "safeguards", icon="lock", order=160,
            roles=[Role.PORT_OFFICE_CLERK, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN],
        )  # fmt: skip
