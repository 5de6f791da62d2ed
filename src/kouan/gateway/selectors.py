"""Reads of the gateway."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection as database
from django.db.models import OuterRef, Subquery
from psycopg import Cursor

from kouan.gateway.codes import Outcome
from kouan.gateway.models import Connection, Delivery, Forwarding, Message, Receipt, Token
from kouan.gateway.standards.dxp.codec import is_envelope, open_message
from kouan.kernel.identifiers import first_uuid7_at
from kouan.safekeeping.safe import KeyGone, safe

_TO_ADMIT = (
    "connection", "scopes", "kinds", "until", "revoked_at", "last_used_at", "successor__mark",
    "connection__organisation_id", "connection__name", "connection__side",
)  # fmt: skip
"""What a machine's door needs of a token and its channel: it is remembered, and unpacked for every request."""


class MessageUnknown(LookupError):
    """No such message, or it is not yours to see."""


def count_received(since: datetime, until: datetime) -> int:
    """Count the messages that came in from one moment to before another."""
    rows = Message.objects.filter(pk__gte=first_uuid7_at(since), pk__lt=first_uuid7_at(until))
    return rows.filter(received_at__gte=since, received_at__lt=until).count()


def _cursor() -> Cursor[Any]:
    """Open a cursor of psycopg's own; this may be the first thing that a request asks of the database."""
    database.ensure_connection()
    return Cursor(database.connection)


def find_token(digest: bytes) -> Token | None:
    """Find the token of a digest with its channel, if that is active; whether the token holds is not looked at."""
    found = Token.objects.filter(digest=digest, connection__is_active=True)
    return found.select_related("connection", "successor").only(*_TO_ADMIT).first()


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much of one step is still to be done, and since when the oldest of it waits."""

    step: str
    waiting: int
    parked: int
    oldest_at: object


def list_backlog() -> list[Backlog]:
    """Count what every step has still to do."""
    cursor = _cursor()
    cursor.execute(
        """select step, count(*) filter (where not is_parked), count(*) filter (where is_parked), min(created_at)
        from gateway_work group by step order by step"""
    )
    return [Backlog(*row) for row in cursor.fetchall()]


def waiting_receipts(*, channel: Connection, limit: int, after: UUID | None = None) -> list[Receipt]:
    """Give the receipts that wait to be fetched by a channel, oldest first; those behind ``after`` alone."""
    return _due_receipts(channel, "not is_parked", limit, after)


def set_aside_receipts(*, channel: Connection, limit: int) -> list[Receipt]:
    """Give the receipts of a channel that were set aside because they cannot be read any more, oldest first."""
    return _due_receipts(channel, "is_parked", limit, None)


def _due_receipts(channel: Connection, standing: str, limit: int, after: UUID | None) -> list[Receipt]:
    cursor = _cursor()
    cursor.execute(
        f"""select item_id from gateway_work where connection_id = %b and step = 'deliver' and is_receipt
        and {standing} and item_id > %b order by item_id limit %b""",  # type: ignore[arg-type]  # noqa: S608
        (channel.pk, after or UUID(int=0), limit),
    )
    return list(Receipt.objects.filter(pk__in=[row[0] for row in cursor.fetchall()]).order_by("pk"))


def body_of(receipt: Receipt) -> bytes:
    """Give the bytes of a receipt as they were issued. Raises KeyGone once the key of their month is destroyed."""
    return safe().take(bytes(receipt.body))


@dataclass(frozen=True, slots=True)
class Kept:
    """A message as it was kept; ``raw`` is None once the key of its month is gone, and ``gone`` says why."""

    id: UUID
    connection_id: UUID
    organisation_id: UUID
    kind: str
    guid: str
    received_at: datetime
    raw: bytes | None
    gone: KeyGone | None
    open_steps: list[str]
    is_parked: bool

    def readable(self) -> bytes:
        """Give the bytes. Raises KeyGone."""
        if self.raw is None:
            raise self.gone or KeyGone("")
        return self.raw


def get_message(*, message_id: UUID, organisation_ids: frozenset[UUID] | None) -> Kept:
    """Give a message with the steps it has still to pass.

    organisation_ids: whose messages may be seen; ``None`` for all. Raises MessageUnknown.
    """
    cursor = _cursor()
    cursor.execute(
        """select m.id, m.connection_id, m.organisation_id, m.kind, m.guid, m.received_at, m.raw,
            array(select step from gateway_work where item_id = m.id order by step),
            exists (select 1 from gateway_work where item_id = m.id and is_parked)
        from gateway_message m where m.id = %b""",
        (message_id,),
    )
    row = cursor.fetchone()
    if row is None or (organisation_ids is not None and row[2] not in organisation_ids):
        raise MessageUnknown(str(message_id))
    kept: Any = (*row[:6], *_original(row[6]), *row[7:])
    return Kept(*kept)


def read_business_message(message_id: UUID) -> bytes:
    """Give the business message inside what came, for an app that knows who may see it. Raises KeyGone."""
    raw = get_message(message_id=message_id, organisation_ids=None).readable()
    return open_message(raw).data if is_envelope(raw) else raw


def _original(kept: bytes) -> tuple[bytes | None, KeyGone | None]:
    try:
        return safe().take(kept), None
    except KeyGone as gone:
        return None, gone


def channel_name(connection_id: UUID) -> str:
    """Give the name of a channel."""
    return Connection.objects.filter(pk=connection_id).values_list("name", flat=True).first() or ""


def delivered_at(message_id: UUID) -> datetime | None:
    """Tell when a message was handed to the national side, ``None`` while it was not."""
    delivered = Delivery.objects.filter(item_id=message_id, outcome=Outcome.DELIVERED)
    return delivered.order_by("at").values_list("at", flat=True).first()


def delivered_times(message_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Tell when each of these messages was first handed to the national side."""
    delivered = Delivery.objects.filter(item_id__in=list(message_ids), outcome=Outcome.DELIVERED)
    times: dict[UUID, datetime] = {}
    for item_id, at in delivered.values_list("item_id", "at"):
        times[item_id] = min(at, times.get(item_id, at))
    return times


def file_names_of(message_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Tell under which file names messages came."""
    return dict(Message.objects.filter(pk__in=list(message_ids)).values_list("pk", "file_name"))


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """How far a message has come on its way to the national side, and since when that side's channel fails."""

    decided_at: datetime
    delivered_at: datetime | None
    failing_since: datetime | None


def way_of(message_id: UUID) -> OnItsWay | None:
    """Tell how far a message has come on its way to the national side; ``None`` while it was not handed on."""
    delivered = Delivery.objects.filter(item_id=message_id, outcome=Outcome.DELIVERED).order_by("at").values("at")[:1]
    channel = Connection.objects.filter(pk=OuterRef("connection_id")).values("failing_since")
    found = Forwarding.objects.filter(message_id=message_id)
    row = found.values_list("decided_at", Subquery(delivered), Subquery(channel)).first()
    return None if row is None else OnItsWay(*row)


@dataclass(frozen=True, slots=True)
class Traffic:
    """One message or receipt of a case, for the table of what went to and fro."""

    id: UUID
    at: datetime
    is_receipt: bool
    issuer: str
    kind: str
    size: int
    refused_count: int


def traffic_of(message_ids: Iterable[UUID]) -> list[Traffic]:
    """Give messages and the receipts that answer them, in order. The caller has made sure that they may be seen."""
    ids = list(message_ids)
    messages = Message.objects.filter(pk__in=ids).values_list("pk", "received_at", "kind", "raw_size")
    receipts = Receipt.objects.filter(answers__in=ids).values_list(
        "pk", "issued_at", "issuer", "kind", "body_size", "refused_count"
    )
    found = [Traffic(pk, at, False, "", kind, size, 0) for pk, at, kind, size in messages]
    found += [Traffic(pk, at, True, issuer, kind, size, refused) for pk, at, issuer, kind, size, refused in receipts]
    return sorted(found, key=lambda one: (one.at, one.id))


def deliveries_of(item_id: UUID) -> list[Delivery]:
    """Give every attempt to hand a message or a receipt over, in order."""
    return list(Delivery.objects.filter(item_id=item_id).defer("answer").order_by("pk"))


def answer_of(delivery: Delivery) -> bytes | None:
    """Give what the other side answered to an attempt, None where nothing was. Raises KeyGone."""
    return None if delivery.answer is None else safe().take(bytes(delivery.answer))


def sent_by(message_ids: Iterable[UUID], *, organisation_ids: frozenset[UUID]) -> list[UUID]:
    """Keep those messages that one of the organisations sent."""
    found = Message.objects.filter(pk__in=list(message_ids), organisation_id__in=organisation_ids)
    return list(found.values_list("pk", flat=True))
