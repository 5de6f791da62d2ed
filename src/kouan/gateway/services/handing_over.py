"""Handing over: receipts that a firm's system fetches itself, and says when they are safe at its side.

A receipt whose month was erased before anybody fetched it holds nothing up: it is set aside, and the answer says which
one it was, when it was erased and on what ground, until the firm confirms it like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection as database
from django.db import transaction
from psycopg import Cursor

from kouan.gateway import selectors
from kouan.gateway.codes import Outcome, Step
from kouan.gateway.models import Connection, Delivery, Receipt
from kouan.gateway.services.working import set_aside
from kouan.kernel.identifiers import uuid7
from kouan.records.problems import Problem
from kouan.safekeeping.safe import KeyGone, NotReadable


@dataclass(slots=True)
class Waiting:
    """What waits for a channel: receipts with their bytes, and those that cannot be read any more, with the reason."""

    readable: list[tuple[Receipt, bytes]] = field(default_factory=list)
    erased: list[tuple[Receipt, Problem]] = field(default_factory=list)


def take_waiting(*, channel: Connection, limit: int) -> Waiting:
    """Give the receipts that a channel may fetch, oldest first; what cannot be read takes nobody's place."""
    found = Waiting()
    after: UUID | None = None
    while (left := limit - len(found.readable)) > 0:
        receipts = selectors.waiting_receipts(channel=channel, limit=left, after=after)
        for receipt in receipts:
            try:
                found.readable.append((receipt, selectors.body_of(receipt)))
            except (KeyGone, NotReadable) as reason:
                set_aside(Step.DELIVER, receipt.pk, reason)
        if len(receipts) < left:
            break
        after = receipts[-1].pk
    for receipt in selectors.set_aside_receipts(channel=channel, limit=limit):
        try:
            selectors.body_of(receipt)
        except KeyGone as gone:
            found.erased.append((receipt, gone.problem))
        except NotReadable:
            found.erased.append((receipt, _CHANGED))
    return found


_CHANGED = Problem(
    "-930031", "", "error",
    "回执原文已不能读取：保存的内容与密钥不符。", "The receipt cannot be read: what was kept does not fit its key.",
    "请在“收到的回执”查看官方状态，或联系口岸办。", "See the official status on its page, or ask the port office.",
)  # fmt: skip


def confirm_fetched(*, channel: Connection, receipt_ids: Sequence[UUID], at: datetime) -> int:
    """Write down that a channel has fetched receipts and holds them safe; return how many had been waiting.

    One that could not be read any more waits no longer, and is not written down as delivered.
    """
    with transaction.atomic():
        cursor = Cursor(database.connection)
        cursor.execute(
            """delete from gateway_work where connection_id = %b and step = 'deliver' and is_receipt
            and item_id = any(%b) returning item_id, is_parked""",
            (channel.pk, list(receipt_ids)),
        )
        gone = cursor.fetchall()
        delivered = [item_id for item_id, was_set_aside in gone if not was_set_aside]
        Delivery.objects.bulk_create(
            Delivery(id=uuid7(), item_id=item_id, connection_id=channel.pk, outcome=Outcome.DELIVERED, at=at)
            for item_id in delivered
        )
        if delivered:
            Connection.objects.filter(pk=channel.pk).update(last_delivered_at=at)
    return len(gone)
