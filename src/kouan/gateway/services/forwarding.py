"""Forwarding: a firm's message goes on to the national side, byte for byte, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection as database
from psycopg import Cursor

from kouan.gateway.codes import Carries, Step
from kouan.gateway.services.connections import national_channel

_FORWARD = """
with decided as (
    insert into gateway_forwarding (message_id, connection_id, decided_at)
    select id, %b, %b from unnest(%b::uuid[]) as row(id) order by id on conflict do nothing returning message_id
)
insert into gateway_work
    (item_id, step, is_receipt, connection_id, created_at, available_at, attempts, error, is_parked)
select message_id, %b, false, %b, %b, %b, 0, '', false from decided
"""


def forward(ids: Sequence[UUID], *, at: datetime, carries: Carries = Carries.PARCELS) -> bool:
    """Make messages due to the national side, in the caller's transaction; asking twice sends once.

    Returns False, and does nothing, while no channel to the national side is open.
    """
    channel = national_channel(carries)
    if channel is None:
        return False
    if ids:
        Cursor(database.connection).execute(
            _FORWARD, (channel.id, at, list(ids), str(Step.DELIVER), channel.id, at, at)
        )
    return True


def forwarded_among(ids: Sequence[UUID]) -> set[UUID]:
    """Tell which of these messages have been handed on already."""
    cursor = Cursor(database.connection)
    cursor.execute("select message_id from gateway_forwarding where message_id = any(%b)", (list(ids),))
    return {row[0] for row in cursor.fetchall()}
