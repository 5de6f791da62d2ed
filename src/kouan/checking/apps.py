from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CheckingConfig(AppConfig):
    """Maker and checker, and the words of what is done between them."""

    name = "kouan.checking"
    label = "checking"
    verbose_name = _("复核")

    def ready(self) -> None:
        """Enter the page into the navigation, and say what states and acts are called."""
        from kouan.accounts.codes import Role
        from kouan.audit import acts
        from kouan.checking.codes import CheckChoices
        from kouan.screens import navigation
        from kouan.screens.pieces import Chip, Tone, register_chips

        navigation.register(
            "single_window", _("复核设置"), "check-rule", roles=[Role.FIRM_MANAGER], icon="users", order=910
        )
        register_chips(
            "check",
            {
                CheckChoices.MAKING: Chip(CheckChoices.MAKING.label, Tone.IDLE),
                CheckChoices.TO_CHECK: Chip(CheckChoices.TO_CHECK.label, Tone.WAITING),
                CheckChoices.BOUNCED: Chip(CheckChoices.BOUNCED.label, Tone.REFUSED, "undo"),
                CheckChoices.CHECKED: Chip(CheckChoices.CHECKED.label, Tone.DONE),
            },
        )
        acts.register_words(acts=ACTS, subjects={})


ACTS: dict[str, Any] = {
    "set_check_rule": _("设置复核规则"),
    "check_change": _("复核后修改"),
    "check_submit": _("提交复核"),
    "check_take_back": _("收回复核"),
    "check_pass": _("复核通过"),
    "check_bounce": _("复核退回"),
}
