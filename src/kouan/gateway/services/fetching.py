"""Fetching: answers that wait at the national side's HTTP interface are received like any other body, then confirmed.

A crash between receiving and confirming makes a letter come again, and the same bytes change nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import connection as database
from django.db.models import Q
from psycopg import Cursor

from kouan.gateway.codes import Carrier, Side
from kouan.gateway.models import Connection
from kouan.gateway.services.outages import note_fetch, note_outage, note_standstill
from kouan.gateway.services.receiving import NotReceived, receive
from kouan.gateway.transports import Inbox, Letter, Unreachable

log = logging.getLogger("kouan.gateway.fetch")

MAX_LETTERS_A_TURN = 50

InboxOf = Callable[[Connection], Inbox]


def fetch_due(*, inbox_of: InboxOf, at: datetime) -> int:
    """Receive what waits at the HTTP channels that may be asked now; return how many letters are safe here."""
    may_be_asked = Q(retry_at__isnull=True) | Q(retry_at__lte=at)
    channels = Connection.objects.filter(may_be_asked, carrier=Carrier.HTTP, side=Side.NATIONAL, is_active=True)
    return sum(_fetch(channel, inbox_of, at) for channel in channels.exclude(address=""))


def _fetch(channel: Connection, inbox_of: InboxOf, at: datetime) -> int:
    """Fetch from one channel, one worker at a time."""
    database.ensure_connection()
    cursor = Cursor(database.connection)
    name = f"inbox {channel.pk}"
    if not cursor.execute("select pg_try_advisory_lock(hashtextextended(%b, 0))", (name,)).fetchone()[0]:  # type: ignore[index]
        return 0
    try:
        return _take_letters(channel, inbox_of(channel), at)
    except Unreachable as reason:
        note_outage(channel, str(reason), at)
        return 0
    finally:
        cursor.execute("select pg_advisory_unlock(hashtextextended(%b, 0))", (name,))


def _take_letters(channel: Connection, inbox: Inbox, at: datetime) -> int:
    """Receive each letter for good and confirm those; one that cannot be taken stays there and is shown."""
    letters = inbox.fetch(limit=MAX_LETTERS_A_TURN)
    safe = [letter.key for letter in letters if _is_received(channel, letter, at)]
    if safe:
        inbox.confirm(safe)
    note_fetch(channel, at, taken=len(safe))
    left = [letter for letter in letters if letter.key not in safe]
    detail = f"receipt {left[0].key[:80]} of {len(left[0].data)} bytes cannot be taken and stays there" if left else ""
    note_standstill(channel, since=(channel.failing_since or at) if left else None, detail=detail)
    return len(safe)


def _is_received(channel: Connection, letter: Letter, at: datetime) -> bool:
    try:
        receive(channel=channel, body=letter.data, at=at, file_name=letter.file_name)
    except NotReceived as refusal:
        log.warning("letter %s of channel %s: %s", letter.key, channel.pk, refusal)
        return False
    return True
