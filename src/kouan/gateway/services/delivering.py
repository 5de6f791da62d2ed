"""Delivering: what is due goes out per channel, in order, one channel never waiting for another.

A channel that fails is left alone for a while, with the reason shown; what is due to it waits in order and goes out in
order when it answers again. An item goes out under the same name at every attempt, so that a crash between handing
over and writing it down does not make it arrive twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection as database
from django.db import transaction
from psycopg import Cursor

from kouan.gateway.codes import Outcome, Step
from kouan.gateway.models import Connection, Delivery
from kouan.gateway.services.hearing import Hearing, hear
from kouan.gateway.services.outages import note_delivery, note_outage
from kouan.gateway.services.receiving import NotReceived, receive
from kouan.gateway.services.working import set_aside
from kouan.gateway.transports import Parcel, SendsTogether, Sent, Transport
from kouan.kernel.identifiers import uuid7
from kouan.safekeeping.safe import KeyGone, NotReadable, safe

log = logging.getLogger("kouan.gateway.deliver")

MAX_ITEMS_A_TURN = 50
MAX_ITEMS_TOGETHER = 150
_KEPT_OF_A_FAILURE = 16 * 1024

_DUE_CHANNELS = """
select c.id from gateway_connection c
where c.is_active and c.carrier <> 'desk' and not (c.carrier = 'http' and c.side <> 'national')
  and (c.retry_at is null or c.retry_at <= %b)
  and exists (select 1 from gateway_work w where w.connection_id = c.id and w.step = 'deliver' and not w.is_parked)
"""
_DUE_ITEMS = """
with due as (
    select item_id from gateway_work
    where connection_id = %b and step = 'deliver' and not is_parked order by item_id limit %b
)
update gateway_work w set attempts = w.attempts + 1 from due
where w.item_id = due.item_id and w.step = 'deliver' returning w.item_id, w.is_receipt, w.attempts
"""
"""Notes the attempt before it is made: an item that was noted and not ended may have got through."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is due to a channel, with the bytes as they are kept. ``answered`` names the file that a receipt
    answers, or its guid where it came without a name."""

    id: UUID
    is_receipt: bool
    kind: str
    guid: str
    data: bytes
    attempt: int
    answered: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One item that was sent, how that ended by the transport, and what the answer means where there is one."""

    item: Item
    sent: Sent
    hearing: Hearing | None

    @property
    def outcome(self) -> str:
        """How it ended in the end."""
        return self.hearing.outcome if self.hearing else self.sent.outcome

    @property
    def detail(self) -> str:
        """Why, in both languages where somebody has to act."""
        return self.hearing.detail if self.hearing else self.sent.detail


TransportOf = Callable[[Connection], Transport]
Wrap = Callable[[Connection, Item], tuple[str, bytes]]
"""Gives the name and the bytes under which an item leaves: as kept, or wrapped in the channel's envelope."""


def deliver_due(*, transport_of: TransportOf, wrap: Wrap, at: datetime) -> int:
    """Hand over what is due to every channel that may be tried now; return how many items left."""
    cursor = Cursor(_raw_connection())
    channels = [row[0] for row in cursor.execute(_DUE_CHANNELS, (at,)).fetchall()]
    return sum(_deliver_channel(channel_id, transport_of, wrap, at) for channel_id in channels)


def _deliver_channel(channel_id: UUID, transport_of: TransportOf, wrap: Wrap, at: datetime) -> int:
    """Hand over one turn's items of one channel, one worker at a time."""
    cursor = Cursor(_raw_connection())
    name = f"channel {channel_id}"
    if not cursor.execute("select pg_try_advisory_lock(hashtextextended(%b, 0))", (name,)).fetchone()[0]:  # type: ignore[index]
        return 0
    try:
        return _deliver_in_order(cursor, Connection.objects.get(pk=channel_id), transport_of, wrap, at)
    finally:
        cursor.execute("select pg_advisory_unlock(hashtextextended(%b, 0))", (name,))


def _deliver_in_order(cursor: Cursor, channel: Connection, transport_of: TransportOf, wrap: Wrap, at: datetime) -> int:
    """Send what is due, oldest first; stop at the first that does not get through."""
    transport = transport_of(channel)
    most = MAX_ITEMS_TOGETHER if isinstance(transport, SendsTogether) else MAX_ITEMS_A_TURN
    due = sorted(cursor.execute(_DUE_ITEMS, (channel.pk, most)).fetchall())
    attempts = _attempt(transport, channel, _load(cursor, due), wrap)
    with transaction.atomic():
        _write_down(cursor, channel, attempts, at)
        _take_receipts(channel, attempts, at)
    return sum(one.outcome == Outcome.DELIVERED for one in attempts)


def _attempt(transport: Transport, channel: Connection, items: Sequence[Item], wrap: Wrap) -> list[Attempt]:
    """Send items in order, together where the transport can; end with the first that is unreachable."""
    if isinstance(transport, SendsTogether):
        parcels = [Parcel(*wrap(channel, item), maybe_sent=item.attempt > 1) for item in items]
        answers = transport.send_together(parcels) if parcels else []
        return [Attempt(item, sent, hear(sent)) for item, sent in zip(items, answers, strict=False)]
    attempts: list[Attempt] = []
    for item in items:
        sent = transport.send(*wrap(channel, item), maybe_sent=item.attempt > 1)
        attempts.append(Attempt(item, sent, hear(sent)))
        if attempts[-1].outcome == Outcome.UNREACHABLE:
            break
    return attempts


_RECEIPTS = """
select r.id, r.kind, '', r.body, coalesce(nullif(m.file_name, ''), m.guid, ''), true
from gateway_receipt r left join gateway_message m on m.id = r.answers where r.id = any(%b)
"""


def _load(cursor: Cursor, due: list[tuple]) -> list[Item]:
    """Give the bytes of what is due; what cannot be read any more is set aside, and holds nothing else."""
    messages = [item_id for item_id, is_receipt, _ in due if not is_receipt]
    receipts = [item_id for item_id, is_receipt, _ in due if is_receipt]
    attempt = {item_id: number for item_id, _, number in due}
    rows: list[tuple] = []
    if messages:
        cursor.execute("select id, kind, guid, raw, '', false from gateway_message where id = any(%b)", (messages,))
        rows += cursor.fetchall()
    if receipts:
        rows += cursor.execute(_RECEIPTS, (receipts,)).fetchall()
    found: dict[UUID, Item] = {}
    for item_id, kind, guid, kept, answered, is_receipt in rows:
        try:
            data = safe().take(kept)
        except (KeyGone, NotReadable) as reason:
            set_aside(Step.DELIVER, item_id, reason)
        else:
            found[item_id] = Item(item_id, is_receipt, kind, guid, data, attempt[item_id], answered)
    return [found[item_id] for item_id, _, _ in due if item_id in found]


def _write_down(cursor: Cursor, channel: Connection, attempts: list[Attempt], at: datetime) -> None:
    Delivery.objects.bulk_create(_noted(channel, one, at) for one in attempts)
    gone = [one.item.id for one in attempts if one.outcome == Outcome.DELIVERED]
    refused = [one.item.id for one in attempts if one.outcome == Outcome.REFUSED]
    cursor.execute(
        "delete from gateway_work where step = %b and connection_id = %b and item_id = any(%b)",
        (str(Step.DELIVER), channel.id, gone),
    )
    cursor.execute(
        """update gateway_work set is_parked = true, error = 'refused'
        where step = %b and connection_id = %b and item_id = any(%b)""",
        (str(Step.DELIVER), channel.id, refused),
    )
    if not attempts:
        return
    if attempts[-1].outcome == Outcome.UNREACHABLE:
        note_outage(channel, attempts[-1].detail, at)
    else:
        note_delivery(channel, at)


def _noted(channel: Connection, one: Attempt, at: datetime) -> Delivery:
    """Note an attempt with its answer; of one that will be repeated only the beginning, so that no failure fills up."""
    row = Delivery(
        id=uuid7(), item_id=one.item.id, connection_id=channel.pk, outcome=one.outcome, at=at, detail=one.detail[:2000]
    )
    if one.sent.answer and one.hearing:
        body = one.sent.answer.body
        row.heard, row.status, row.answer_size = one.hearing.heard, one.sent.answer.status, len(body)
        row.answer = safe().keep(body[:_KEPT_OF_A_FAILURE] if one.outcome == Outcome.UNREACHABLE else body, at)
    return row


def _take_receipts(channel: Connection, attempts: list[Attempt], at: datetime) -> None:
    """Receive the receipts that came as answers, like letters; one that cannot be taken stays with its attempt."""
    for one in attempts:
        if one.hearing is None or one.hearing.letter is None:
            continue
        try:
            receive(channel=channel, body=one.hearing.letter, at=at)
        except NotReceived as refusal:
            log.warning("the answer of channel %s to %s: %s", channel.pk, one.item.id, refusal)
        else:
            Connection.objects.filter(pk=channel.pk).update(last_received_at=at)


def _raw_connection():
    database.ensure_connection()
    return database.connection
