"""Working: the steps that a message still has to pass, claimed in batches.

A step is one transaction: claim, do, hand on to the next step or be done. A crash undoes all of it and the batch is
claimed again. When a batch fails, its messages are tried one by one, so that one that is poisoned is parked where
people see it and its neighbours go on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db import connection as database
from psycopg import Cursor

from kouan.gateway.codes import Step
from kouan.safekeeping.safe import KeyGone, NotReadable, safe

log = logging.getLogger("kouan.gateway.work")

MOST_BYTES = 1 << 19
"""A batch ends with the message that reaches this size: a transaction of some tenths of a second."""
MOST_MESSAGES = 400
"""A batch of small messages ends with this many."""
MESSAGES_A_CLAIM = 16
"""So many are claimed at a time: full ones fill a batch, and leave their neighbours to the other workers."""

MOST_BYTES_OF = {Step.STORE_GOODS: 3 << 20, Step.ROUTE_GOODS: 6 << 20}
"""Of declarations with fifty lines, which are large and quickly written, a batch takes more."""
WITHOUT_BYTES = frozenset({Step.MATCH, Step.ROUTE_GOODS})
"""Steps that go by what was stored: the bytes that came are neither fetched nor opened for them."""

PARK_AFTER = 3
"""A message that fails alone this often is parked."""
RETRY_AFTER = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message whose step this transaction holds, with the bytes that came; none where the step needs none."""

    id: UUID
    connection_id: UUID
    organisation_id: UUID
    side: str
    standard: str
    kind: str
    guid: str
    received_at: datetime
    size: int
    raw: bytes = b""


Handler = Callable[[Sequence[Claimed], datetime], object]
"""Does one step for a batch in the caller's transaction, and hands every message on or ends it."""

_CLAIM = """
with claimed as (
    select item_id from gateway_work
    where step = %b and not is_parked and available_at <= %b and {which}
    order by item_id limit %b for update skip locked
)
select m.id, m.connection_id, m.organisation_id, m.side, m.standard, m.kind, m.guid, m.received_at, m.raw_size, {raw}
from claimed join gateway_message m on m.id = claimed.item_id order by m.id
"""
_NEXT, _ONE = "item_id > %b", "item_id = %b"
_FIRST = UUID(int=0)


_DUE = """
select step from unnest(%b::text[]) as known(step) where exists (
    select 1 from gateway_work w where w.step = known.step and not w.is_parked and w.available_at <= %b)
"""


def due_steps(steps: Sequence[Step], *, at: datetime) -> set[Step]:
    """Tell which of these steps have messages before them: one small look, which is all that an idle worker does."""
    database.ensure_connection()
    cursor = Cursor(database.connection)
    cursor.execute(_DUE, ([str(step) for step in steps], at))
    return {Step(row[0]) for row in cursor.fetchall()}


def run_step(*, step: Step, handle: Handler, at: datetime) -> int:
    """Do one step for one batch of messages; return how many were claimed, 0 when there is nothing to do."""
    claimed: list[UUID] = []
    try:
        with transaction.atomic():
            batch = _claim_batch(step, at)
            claimed = [message.id for message in batch]
            if batch:
                handle(batch, at)
        return len(claimed)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if not claimed:
            raise
        log.exception("a batch of %d failed in step %s; its messages are tried one by one", len(claimed), step)
    for message_id in claimed:
        _run_alone(step, handle, message_id, at)
    return len(claimed)


def _run_alone(step: Step, handle: Handler, message_id: UUID, at: datetime) -> None:
    try:
        with transaction.atomic():
            if batch := _claim(_ONE, step, at, message_id, limit=1):
                handle(batch, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("message %s failed in step %s", message_id, step)
        _note_failure(step, message_id, error, at)


def _claim_batch(step: Step, at: datetime) -> list[Claimed]:
    """Claim messages in the order in which they came until the batch is full or nothing is left."""
    batch: list[Claimed] = []
    size, most = 0, MOST_BYTES_OF.get(step, MOST_BYTES)
    while size < most and len(batch) < MOST_MESSAGES:
        found = _claim(_NEXT, step, at, batch[-1].id if batch else _FIRST, limit=MESSAGES_A_CLAIM)
        batch += found
        size += sum(message.size for message in found)
        if len(found) < MESSAGES_A_CLAIM:
            break
    return batch


def _claim(which: str, step: Step, at: datetime, place: UUID, *, limit: int) -> list[Claimed]:
    cursor: Any = Cursor(database.connection)
    statement = _CLAIM.format(which=which, raw="null" if step in WITHOUT_BYTES else "m.raw")
    cursor.execute(statement, (str(step), at, place, limit))
    readable: list[Claimed] = []
    for *row, raw in cursor.fetchall():
        try:
            readable.append(Claimed(*row, raw=safe().take(raw) if raw else b""))
        except (KeyGone, NotReadable) as reason:
            set_aside(step, row[0], reason)
    return readable


def set_aside(step: Step, item_id: UUID, reason: Exception) -> None:
    """Park what cannot be read any more, in the caller's transaction: trying again cannot help."""
    log.error("%s cannot be read in step %s: %s", item_id, step, reason)
    Cursor(database.connection).execute(
        "update gateway_work set is_parked = true, error = %b where item_id = %b and step = %b",
        (f"{type(reason).__name__}: {reason}", item_id, str(step)),
    )


def _note_failure(step: Step, message_id: UUID, error: Exception, at: datetime) -> None:
    cursor = Cursor(database.connection)
    cursor.execute(
        """update gateway_work set attempts = attempts + 1, error = %b, available_at = %b,
        is_parked = attempts + 1 >= %b where item_id = %b and step = %b""",
        (f"{type(error).__name__}: {error}"[:2000], at + RETRY_AFTER, PARK_AFTER, message_id, str(step)),
    )


def pass_on(ids: Iterable[UUID], *, step: Step, to: Step) -> None:
    """Hand messages on to their next step, in the caller's transaction; one that waits there already waits once."""
    ids = list(ids)
    if ids:
        Cursor(database.connection).execute(
            """with moved as (
                delete from gateway_work where step = %b and item_id = any(%b)
                returning item_id, is_receipt, connection_id, created_at, available_at
            )
            insert into gateway_work
            (item_id, step, is_receipt, connection_id, created_at, available_at, attempts, error, is_parked)
            select item_id, %b, is_receipt, connection_id, created_at, available_at, 0, '', false from moved
            on conflict do nothing""",
            (str(step), ids, str(to)),
        )


def finish(ids: Iterable[UUID], *, step: Step) -> None:
    """End a step for good, in the caller's transaction."""
    ids = list(ids)
    if ids:
        Cursor(database.connection).execute(
            "delete from gateway_work where step = %b and item_id = any(%b)", (str(step), ids)
        )


def require(
    ids: Iterable[UUID], *, step: Step, at: datetime, connection_id: UUID | None = None, is_receipt: bool = False
) -> None:
    """Ask for a step of messages, in the caller's transaction; asking twice asks once."""
    ids = list(ids)
    if ids:
        Cursor(database.connection).execute(
            """insert into gateway_work
            (item_id, step, is_receipt, connection_id, created_at, available_at, attempts, error, is_parked)
            select id, %b, %b, %b, %b, %b, 0, '', false from unnest(%b::uuid[]) as row(id) order by id
            on conflict do nothing""",
            (str(step), is_receipt, connection_id, at, at, ids),
        )


def retry_parked(*, message_id: UUID, at: datetime) -> bool:
    """Put a parked message back to work; tell whether there was one."""
    cursor = Cursor(database.connection)
    cursor.execute(
        "update gateway_work set is_parked = false, attempts = 0, available_at = %b where item_id = %b and is_parked",
        (at, message_id),
    )
    return cursor.rowcount > 0
