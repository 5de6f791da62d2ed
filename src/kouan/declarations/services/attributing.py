"""Attributing: which version of a document an official answer speaks of.

A receipt names a document, not a version. Where there is only one version there is nothing to ask. Otherwise an
answer given before the current version had gone out speaks of the one before, and so does a decision for a current
version that customs has not yet taken note of. An answer to version 1 never releases version 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection as database
from psycopg import Cursor

from kouan.declarations.states import rank_of
from kouan.kernel.dates import parse_stamp

_FIRST_DECISION = 4


class Versioned(Protocol):
    """A document as far as attribution asks."""

    id: UUID
    current_number: int
    message_id: UUID


_SENT = """
select item_id, min(at) from gateway_delivery where item_id = any(%b) and outcome = 'delivered' group by item_id
"""
_NOTED = """
select distinct a.document_id from declarations_officialanswer a
join declarations_document d on d.id = a.document_id and d.current_number = a.version
where a.document_id = any(%b)
"""


def versions_answered(answers: Sequence[tuple[Versioned, Any]]) -> list[int]:
    """Give the version that each answer speaks of; answers come in the order of their times."""
    several = [document for document, _ in answers if document.current_number > 1]
    if not several:
        return [document.current_number for document, _ in answers]
    cursor = Cursor(database.connection)
    cursor.execute(_SENT, (list({document.message_id for document in several}),))
    sent: dict[UUID, datetime] = dict(cursor.fetchall())
    cursor.execute(_NOTED, (list({document.id for document in several}),))
    noted = {row[0] for row in cursor.fetchall()}
    versions = []
    for document, head in answers:
        version = _version(document, head, sent.get(document.message_id), document.id in noted)
        if version == document.current_number:
            noted.add(document.id)
        versions.append(version)
    return versions


def _version(document: Versioned, head: Any, sent_at: datetime | None, is_noted: bool) -> int:
    current = document.current_number
    if current == 1:
        return 1
    if sent_at is None or _is_before(head.return_time, sent_at):
        return current - 1
    if rank_of(head.return_status) >= _FIRST_DECISION and not is_noted:
        return current - 1
    return current


def _is_before(return_time: str | None, sent_at: datetime) -> bool:
    try:
        return parse_stamp(return_time or "") < sent_at
    except ValueError:
        return False
