"""Electronic tax bills (816) and their later status (818), as they come: kept, shown with the case, handed back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection as database
from psycopg import Cursor

from kouan.gateway.codes import Issuer
from kouan.gateway.services.answering import Outgoing, issue
from kouan.gateway.services.working import Claimed
from kouan.gateway.standards.ceb.types import Envelope

_KEEP_BILL = """
insert into declarations_taxbill
    (list_no, tax_no, customs_tax, value_added_tax, consumption_tax, status, return_time, message_id)
values (%b, %b, %b, %b, %b, %b, %b, %b)
on conflict (list_no, tax_no) do update set customs_tax = excluded.customs_tax,
    value_added_tax = excluded.value_added_tax, consumption_tax = excluded.consumption_tax,
    status = excluded.status, return_time = excluded.return_time, message_id = excluded.message_id
where declarations_taxbill.return_time <= excluded.return_time
"""
_KEEP_STATUS = """
update declarations_taxbill set status = %b, return_time = %b, message_id = %b
where list_no = %b and tax_no = %b and return_time <= %b
"""
_SHOW = """
update declarations_case c set tax = b.total, tax_status = b.status
from (
    select list_no, sum(customs_tax + value_added_tax + consumption_tax) filter (where status <> '3') as total,
        max(status) as status
    from declarations_taxbill where list_no = any(%b) group by list_no
) b
where c.list_no = b.list_no returning c.id, c.connection_id, c.sender_id, c.message_id
"""


def take_bill(message: Claimed, raw: bytes, envelope: Envelope, at: datetime) -> list[UUID]:
    """Keep the bills of one message and hand it back to the channels of the cases it concerns; return those cases."""
    cursor = Cursor(database.connection)
    for node in envelope.nodes:
        _keep(cursor, envelope.kind, node.head, message.id)
    cursor.execute(_SHOW, (sorted({node.head.list_no for node in envelope.nodes}),))
    cases = cursor.fetchall()
    channels: dict[UUID, Outgoing] = {}
    for _, connection_id, sender_id, message_id in cases:
        channels[connection_id] = Outgoing(
            connection_id, sender_id, Issuer.NATIONAL, envelope.kind, message_id, message.id, raw, len(envelope.nodes)
        )
    issue(list(channels.values()), at=at)
    return [row[0] for row in cases]


def _keep(cursor: Cursor, kind: str, head: Any, message_id: UUID) -> None:
    if kind == "816":
        duties = (Decimal(head.customs_duty), Decimal(head.value_added_tax), Decimal(head.consumption_tax))
        cursor.execute(_KEEP_BILL, (head.list_no, head.tax_no, *duties, head.status, head.return_time, message_id))
    else:
        cursor.execute(
            _KEEP_STATUS, (head.status, head.return_time, message_id, head.list_no, head.tax_no, head.return_time)
        )
