"""Which pages of the gateway stand in whose navigation, and what its states look like."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kouan.accounts.codes import Role
from kouan.gateway import monitoring
from kouan.gateway.codes import AppointmentState, CertificateState, Outcome, TokenState
from kouan.gateway.monitoring import Health, Progress
from kouan.gateway.services.counterpart import is_played
from kouan.screens import navigation
from kouan.screens.pieces import Chip, Tone, register_chips


def register() -> None:
    """Enter the pages into the navigation and the states into the chips."""
    keepers = [Role.PORT_OFFICE_CLERK, Role.SYSTEM_ADMIN]
    navigation.register("system", _("报文网关"), "gateway", roles=keepers, icon="gauge", order=40)
    navigation.register(
        "system",
        pgettext_lazy("列表", "连接"),
        "connections",
        roles=keepers,
        icon="link",
        badge=lambda user: monitoring.count_failing(user) or None,
        order=41,
    )
    navigation.register("system", pgettext_lazy("列表", "报文"), "messages", roles=keepers, icon="message", order=42)
    navigation.register("system", _("回执"), "receipts", roles=keepers, icon="arrow-out", order=43)
    navigation.register(
        "system",
        _("停放的处理"),
        "parked",
        roles=keepers,
        icon="pause",
        badge=lambda user: monitoring.count_parked() or None,
        order=44,
    )
    navigation.register(
        "system",
        _("演示对端"),
        "counterpart",
        roles=[Role.PORT_OFFICE_CLERK],
        icon="play",
        may=_may_play,
        order=990,
    )
    navigation.register("system", _("签名证书"), "certificates", roles=keepers, icon="shield", order=45)
    navigation.register("system", _("代签委托"), "appointments", roles=keepers, icon="stamp", order=46)
    firm = [Role.FIRM_MANAGER]
    navigation.register(
        "single_window", pgettext_lazy("列表", "连接"), "connections", roles=firm, icon="link", order=910
    )
    navigation.register("single_window", _("签名证书"), "certificates", roles=firm, icon="shield", order=911)
    navigation.register("single_window", _("代签委托"), "appointments", roles=firm, icon="stamp", order=912)
    own = [Role.TRADER_CLERK]
    navigation.register("single_window", _("报送的报文"), "messages", roles=own, icon="message", order=60)
    navigation.register("single_window", _("收到的回执"), "receipts", roles=own, icon="arrow-in", order=61)
    register_chips(
        "connection",
        {
            Health.WORKING: Chip(_("正常"), Tone.DONE),
            Health.FAILING: Chip(_("故障"), Tone.REFUSED, "broken"),
            Health.CLOSED: Chip(_("停用"), Tone.IDLE),
        },
    )
    register_chips(
        "token",
        {
            TokenState.RUNNING: Chip(TokenState.RUNNING.label, Tone.DONE),
            TokenState.ENDING: Chip(TokenState.ENDING.label, Tone.WAITING),
            TokenState.ENDED: Chip(TokenState.ENDED.label, Tone.IDLE, "minus"),
            TokenState.REVOKED: Chip(TokenState.REVOKED.label, Tone.IDLE, "ban"),
        },
    )
    register_chips(
        "certificate",
        {
            CertificateState.IN_FORCE: Chip(CertificateState.IN_FORCE.label, Tone.DONE),
            CertificateState.ENDING: Chip(CertificateState.ENDING.label, Tone.WAITING),
            CertificateState.TO_COME: Chip(CertificateState.TO_COME.label, Tone.WAITING),
            CertificateState.EXPIRED: Chip(CertificateState.EXPIRED.label, Tone.IDLE, "minus"),
            CertificateState.REVOKED: Chip(CertificateState.REVOKED.label, Tone.IDLE, "ban"),
        },
    )
    register_chips(
        "appointment",
        {
            AppointmentState.RUNNING: Chip(AppointmentState.RUNNING.label, Tone.DONE),
            AppointmentState.TO_COME: Chip(AppointmentState.TO_COME.label, Tone.WAITING),
            AppointmentState.ENDED: Chip(AppointmentState.ENDED.label, Tone.IDLE, "minus"),
            AppointmentState.REVOKED: Chip(AppointmentState.REVOKED.label, Tone.IDLE, "ban"),
        },
    )
    register_chips(
        "progress",
        {
            Progress.DONE: Chip(_("已处理"), Tone.DONE),
            Progress.WORKING: Chip(_("处理中"), Tone.RUNNING),
            Progress.PARKED: Chip(_("已停放"), Tone.REFUSED, "pause"),
        },
    )
    register_chips(
        "outcome",
        {
            Outcome.DELIVERED: Chip(Outcome.DELIVERED.label, Tone.DONE),
            Outcome.REFUSED: Chip(Outcome.REFUSED.label, Tone.REFUSED),
            Outcome.UNREACHABLE: Chip(Outcome.UNREACHABLE.label, Tone.WAITING, "broken"),
        },
    )
    register_chips(
        "delivery",
        {
            Progress.DONE: Chip(_("无待投递"), Tone.DONE),
            Progress.WORKING: Chip(_("待投递或取走"), Tone.WAITING),
            Progress.PARKED: Chip(_("已停放"), Tone.REFUSED, "pause"),
        },
    )


def _may_play(user: Any) -> bool:
    return is_played()
