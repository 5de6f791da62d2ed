from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SafekeepingConfig(AppConfig):
    """Bytes that may name persons, under monthly keys that lie outside the database."""

    name = "kouan.safekeeping"
    label = "safekeeping"
    verbose_name = _("原文保管")

    def ready(self) -> None:
        from kouan.accounts.codes import Role
        from kouan.safekeeping.marks import may_name_person
        from kouan.safekeeping.sealing import seal, unseal
        from kouan.screens import navigation
        from kouan.screens.private import Sealer, register_sealer

        register_sealer(Sealer(may_name_person, seal, unseal))
        navigation.register(
            "system", _("原文密钥"), "key-list", icon="lock", order=150,
            roles=[Role.SECURITY_ADMIN, Role.AUDIT_ADMIN],
        )  # fmt: skip
        navigation.register(
            "system", _("个人信息查阅"), "personal-readings", icon="eye-off", order=145, roles=[Role.AUDIT_ADMIN]
        )
