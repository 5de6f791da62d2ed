"""Answers without a document: they wait in the open, and are laid on it when it comes.

A tax bill may come before the receipt that names its list, a status before its bill. Every minute those whose document
is there by now are asked again; of a message that waits, only the nodes that wait are taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection as database
from psycopg import Cursor

from kouan.declarations.services.relaying import Incoming
from kouan.gateway.codes import Step
from kouan.gateway.services.working import require
from kouan.gateway.standards.ceb.types import Node

MOST_AT_ONCE = 1000

_KEEP = """
insert into declarations_unplacedanswer (message_id, node_index, kind, keys, received_at)
select message_id, node_index, kind, keys::jsonb, received_at
from unnest(%b::uuid[], %b::int[], %b::text[], %b::text[], %b::timestamptz[])
    as row(message_id, node_index, kind, keys, received_at)
on conflict do nothing
"""
_FORGET = """
delete from declarations_unplacedanswer u using unnest(%b::uuid[], %b::int[]) as row(message_id, node_index)
where u.message_id = row.message_id and u.node_index = row.node_index
"""
_THERE_NOW = """
select distinct u.message_id from declarations_unplacedanswer u
where exists (
    select 1 from declarations_document d where d.owner_code = u.keys->>'owner' and d.number = u.keys->>'number'
        and d.kind = u.keys->>'answered'
) or exists (
    select 1 from declarations_summary s where s.summary_no = u.keys->>'summary_no' and s.summary_no <> ''
) or exists (
    select 1 from declarations_case c where c.list_no = u.keys->>'list_no' and c.list_no <> ''
        and (u.kind = '816' or exists (
            select 1 from declarations_taxbill b where b.list_no = c.list_no and b.tax_no = u.keys->>'tax_no'
        ))
) limit %b
"""


def keep_unplaced(waiting: Iterable[tuple[Incoming, Node, dict[str, str]]], *, at: datetime) -> None:
    """Keep answers whose document is not there, each with the keys by which it will be found."""
    rows = [
        (one.message.id, node.index, one.envelope.kind, msgspec.json.encode(keys).decode(), at)
        for one, node, keys in waiting
    ]
    if rows:
        Cursor(database.connection).execute(_KEEP, tuple(map(list, zip(*rows, strict=True))))


def forget_unplaced(placed: Iterable[tuple[UUID, int]]) -> None:
    """Forget that answers (message, node) waited, for they were laid on their documents."""
    rows = sorted(set(placed))
    if rows:
        Cursor(database.connection).execute(_FORGET, tuple(map(list, zip(*rows, strict=True))))


def waiting_nodes(message_ids: Sequence[UUID]) -> dict[UUID, set[int]]:
    """Tell of messages that are asked again which of their nodes wait; a message that comes first is not named."""
    found: dict[UUID, set[int]] = {}
    cursor = Cursor(database.connection)
    cursor.execute(
        "select message_id, node_index from declarations_unplacedanswer where message_id = any(%b)",
        (list(message_ids),),
    )
    for message_id, node_index in cursor.fetchall():
        found.setdefault(message_id, set()).add(node_index)
    return found


def sweep_unplaced_answers(*, at: datetime) -> int:
    """Ask again for answers whose document is there by now; return how many messages that concerns."""
    database.ensure_connection()
    cursor = Cursor(database.connection)
    cursor.execute(_THERE_NOW, (MOST_AT_ONCE,))
    ids = [row[0] for row in cursor.fetchall()]
    require(ids, step=Step.ANSWER, at=at)
    return len(ids)
