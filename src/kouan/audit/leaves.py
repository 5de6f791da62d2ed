"""Entries as the seals see them: every column as text, read straight from the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from kouan.audit.merkle import leaf_of

COLUMNS = (
    "id::text",
    """to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')""",
    "actor_id::text",
    "actor_label",
    "organisation_id::text",
    "act",
    "subject_kind",
    "subject_id",
    "purpose",
    "count::text",
    "encode(digest, 'hex')",
    "detail::text",
    "request_id",
    "cluster::text",
    "txid::text",
)
"""The columns of an entry in the order in which they are hashed. Never changed: later columns get a new layout."""

_ROWS_A_FETCH = 2000


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entry's id, the transaction that wrote it, and its hash."""

    id: UUID
    cluster: int
    txid: int
    hash: bytes


def list_leaves(*, cluster: int, from_txid: int, until_txid: int) -> list[Leaf]:
    """Return the leaves of a range of transactions in the order of their ids."""
    within = "WHERE cluster = %s AND txid >= %s AND txid < %s ORDER BY entry.id"
    return list(_stream(within, [cluster, str(from_txid), str(until_txid)]))


def stream_leaves(*, cluster: int, from_txid: int) -> Iterator[Leaf]:
    """Yield the leaves of a cluster from a transaction on, in the order of their transactions."""
    return _stream("WHERE cluster = %s AND txid >= %s ORDER BY entry.txid, entry.id", [cluster, str(from_txid)])


def _stream(condition: str, values: list[Any]) -> Iterator[Leaf]:
    sql = f"SELECT {', '.join(COLUMNS)} FROM audit_auditentry entry {condition}"  # noqa: S608
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(_ROWS_A_FETCH):
            for row in rows:
                yield Leaf(id=UUID(row[0]), cluster=int(row[-2]), txid=int(row[-1]), hash=leaf_of(row))
