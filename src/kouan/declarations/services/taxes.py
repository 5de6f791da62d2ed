"""Electronic tax bills (816) and their later status (818), as they come: kept, shown with the case, handed back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection as database
from psycopg import Cursor

from kouan.declarations.services.relaying import Going, Incoming
from kouan.gateway.standards.ceb.types import Node

KINDS = ("816", "818")

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
_HAS_BILL = "select list_no, tax_no from declarations_taxbill where list_no = any(%b)"
_SHOW = """
update declarations_case c set tax = b.total, tax_status = b.status
from (
    select list_no, sum(customs_tax + value_added_tax + consumption_tax) filter (where status <> '3') as total,
        max(status) as status
    from declarations_taxbill where list_no = any(%b) group by list_no
) b
where c.list_no = b.list_no returning c.list_no, c.id, c.connection_id, c.sender_id, c.message_id
"""


def take_bills(
    incoming: Sequence[Incoming],
) -> tuple[list[Going], list[tuple[Incoming, Node, dict[str, str]]], list[UUID]]:
    """Keep the bills and statuses of a batch, in the caller's transaction.

    Returns what goes to which channel, what waits for its list or its bill, and the cases that are concerned.
    """
    if not incoming:
        return [], [], []
    cursor = Cursor(database.connection)
    found = [(one, node) for one in sorted(incoming, key=lambda one: one.envelope.kind) for node in one.nodes]
    told = [(one, node) for one, node in found if not node.is_refused]
    waiting = [(one, node, {"problem": node.problems[0].code}) for one, node in found if node.is_refused]
    for one, node in told:
        _keep(cursor, one.envelope.kind, node.head, one.message.id)
    lists = sorted({node.head.list_no for _, node in told})
    bills = set(cursor.execute(_HAS_BILL, (lists,)).fetchall())
    cases = {row[0]: row[1:] for row in cursor.execute(_SHOW, (lists,)).fetchall()}
    going = []
    for one, node in told:
        list_no, tax_no = node.head.list_no, node.head.tax_no
        if list_no in cases and (list_no, tax_no) in bills:
            _, connection_id, sender_id, message_id = cases[list_no]
            going.append(Going(one, node.index, connection_id, sender_id, message_id))
        else:
            waiting.append((one, node, {"list_no": list_no, "tax_no": tax_no}))
    return going, waiting, [row[0] for row in cases.values()]


def _keep(cursor: Cursor, kind: str, head: Any, message_id: UUID) -> None:
    if kind == "816":
        duties = (Decimal(head.customs_duty), Decimal(head.value_added_tax), Decimal(head.consumption_tax))
        cursor.execute(_KEEP_BILL, (head.list_no, head.tax_no, *duties, head.status, head.return_time, message_id))
    else:
        cursor.execute(
            _KEEP_STATUS, (head.status, head.return_time, message_id, head.list_no, head.tax_no, head.return_time)
        )
