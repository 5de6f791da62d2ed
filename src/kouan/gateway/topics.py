"""What of connections people can be told."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import Role
from kouan.gateway.services.connections import channels_of
from kouan.gateway.services.tokens import EVENT_KIND
from kouan.notices.topics import Subject, Topic, register_subjects, register_topics
from kouan.screens.pieces import Tone

KIND = "connection"
_LONGEST_NUMBER = 64


def register() -> None:
    """Make connections and what is told of them known to notices."""
    register_subjects(find_connections, {KIND: _("连接")})
    register_topics(TOPICS)


def find_connections(ids: Collection[UUID]) -> dict[UUID, Subject]:
    """Find connections by id, as much of them as may be told."""
    return {
        channel.pk: Subject(
            id=channel.pk,
            kind=KIND,
            number=channel.name[:_LONGEST_NUMBER],
            url=reverse("connection", args=[channel.pk]),
            parties=[channel.organisation_id],
            declarers=[channel.organisation_id],
        )
        for channel in channels_of(ids).values()
    }


TOPICS = [
    Topic(
        "connection.token_ends", _("接口令牌即将到期"), _("连接"), [(EVENT_KIND, "end_soon", "")],
        roles=[Role.FIRM_MANAGER, Role.SYSTEM_ADMIN, Role.PORT_OFFICE_CLERK], tone=Tone.WAITING,
    ),
]  # fmt: skip
"""The topics of connections."""
