"""Which pages of notices stand in whose navigation, and what its states look like."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import Role
from kouan.notices import selectors
from kouan.notices.codes import EndpointState, MailState, NoticeState
from kouan.screens import framing, navigation
from kouan.screens.pieces import Chip, Tone, register_chips


def register() -> None:
    """Fill the bell, the navigation and the chips."""
    framing.register_notifications(selectors.count_unread, url_name="notices")
    navigation.register_for_person(_("通知设置"), "notice-choices", icon="bell")
    seers = [Role.TRADER_CLERK, Role.SITE_CLERK, Role.OFFICER, Role.PORT_OFFICE_CLERK, Role.SYSTEM_ADMIN]
    navigation.register("system", _("事件推送"), "endpoints", roles=seers, icon="network", order=60)
    navigation.register(
        "system", _("未送达的推送"), "undelivered", roles=seers, icon="broken", badge=_count_dead, order=61
    )
    navigation.register("system", _("发件箱"), "outbox", roles=[Role.SYSTEM_ADMIN], icon="mail", order=62)
    register_chips(
        "notice",
        {
            NoticeState.UNREAD: Chip(NoticeState.UNREAD.label, Tone.WAITING, "bell"),
            NoticeState.READ: Chip(NoticeState.READ.label, Tone.IDLE, "check"),
        },
    )
    register_chips(
        "endpoint",
        {
            EndpointState.WORKING: Chip(EndpointState.WORKING.label, Tone.DONE),
            EndpointState.FAILING: Chip(EndpointState.FAILING.label, Tone.REFUSED, "broken"),
            EndpointState.CLOSED: Chip(EndpointState.CLOSED.label, Tone.IDLE),
        },
    )
    register_chips(
        "mail",
        {
            MailState.WAITING: Chip(MailState.WAITING.label, Tone.WAITING),
            MailState.SENT: Chip(MailState.SENT.label, Tone.DONE),
            MailState.KEPT: Chip(MailState.KEPT.label, Tone.IDLE),
            MailState.FAILED: Chip(MailState.FAILED.label, Tone.REFUSED),
        },
    )


def _count_dead(user: Any) -> int | None:
    return selectors.count_dead(user) or None
