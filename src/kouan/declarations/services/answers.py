"""Official answers: what the national side says is kept, laid on its document, and handed back untouched.

A receipt goes back as the bytes that came when all of its answers belong to one channel; where they belong to
several, each channel gets a message of the same kind with its own answers, cut at the borders of the nodes. An answer
whose document is not found waits in the open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection as database
from psycopg import Cursor

from kouan.audit import services as audit
from kouan.audit.types import SystemActor
from kouan.declarations import rows
from kouan.declarations.services import taxes
from kouan.declarations.services.attributing import versions_answered
from kouan.declarations.states import GRANTED, supersedes
from kouan.gateway.codes import Issuer
from kouan.gateway.services.answering import Outgoing, issue
from kouan.gateway.services.unwrapping import unwrap
from kouan.gateway.services.working import Claimed
from kouan.gateway.standards.ceb.codec import decode
from kouan.gateway.standards.ceb.cutting import keep_nodes
from kouan.gateway.standards.ceb.types import Envelope, Node
from kouan.kernel.dates import parse_stamp

_ACTOR = SystemActor("官方回执")

ANSWERED = {
    "312": "311",
    "412": "411",
    "512": "511",
    "514": "513",
    "622": "621",
    "624": "623",
    "626": "625",
    "712": "711",
}
"""Which kind of document each kind of receipt answers."""


@dataclass(slots=True)
class Answered:
    """A document that is answered, as it stands and as it will stand."""

    id: UUID
    kind: str
    owner_code: str
    number: str
    current_number: int
    message_id: UUID
    connection_id: UUID
    sender_id: UUID
    official_status: str
    official_time: str
    official_version: int
    has_moved: bool = False
    list_no: str = ""


@dataclass(frozen=True, slots=True)
class _Incoming:
    """One official message, with the bytes of the CEB message in it."""

    message: Claimed
    raw: bytes
    envelope: Envelope


@dataclass(slots=True)
class _Placed:
    """One answer and the document it was found to answer."""

    incoming: _Incoming
    node: Node
    document: Answered


def take_answers(messages: Sequence[Claimed], at: datetime) -> list[UUID]:
    """Keep the official answers of a batch, move their documents, and make them due to their channels.

    Returns the ids of the cases that have to be computed anew. In the caller's transaction.
    """
    incoming = [_read(message) for message in messages]
    cursor = Cursor(database.connection)
    placed, unplaced = _place(cursor, [one for one in incoming if one.envelope.kind in ANSWERED])
    answers = _lay_on(placed, at)
    _write(cursor, answers, unplaced, {one.document.id: one.document for one in placed}.values(), at)
    _relay(placed, unplaced, at)
    touched = _touched_cases(cursor, placed)
    for one in incoming:
        if one.envelope.kind in ("816", "818"):
            touched += taxes.take_bill(one.message, one.raw, one.envelope, at)
        elif one.envelope.kind == "900":
            _relay_format_receipt(cursor, one, at)
    if answers:
        audit.record_batch(
            act="take_official_answers",
            subject_kind="message",
            ids_digest=audit.digest_of_ids([message.id for message in messages]),
            count=len(answers),
            at=at,
            actor=_ACTOR,
        )
    return touched


def _read(message: Claimed) -> _Incoming:
    raw = unwrap(message).raw
    return _Incoming(message, raw, decode(raw))


# Finding the documents -----------------------------------------------------------------------------------------------

_DOCUMENTS = """
select d.id, d.kind, d.owner_code, d.number, d.current_number, d.message_id, d.connection_id, d.sender_id,
    d.official_status, d.official_time, d.official_version
from declarations_document d
join unnest(%b::text[], %b::text[], %b::text[]) as k(owner_code, number, kind)
    on k.owner_code = d.owner_code and k.number = d.number and k.kind = d.kind
order by d.owner_code, d.number, d.kind for update of d
"""
_LISTS_BY_NUMBER = """
select distinct on (d.id) d.owner_code, d.number from declarations_case c
join declarations_document d on d.id = c.id
where c.internal_no = %b and (%b = '' or c.merchant_code = %b) order by d.id limit 2
"""


def _place(cursor: Cursor, incoming: Iterable[_Incoming]) -> tuple[list[_Placed], list[tuple[_Incoming, Node]]]:
    """Find and lock the document of every answer."""
    keyed = [(one, node, _key(cursor, one.envelope.kind, node.head)) for one in incoming for node in one.envelope.nodes]
    keys = sorted({key for _, _, key in keyed})
    found: dict[rows.Key, Answered] = {}
    if keys:
        cursor.execute(_DOCUMENTS, tuple(map(list, zip(*keys, strict=True))))
        found = {(row[2], row[3], row[1]): Answered(*row) for row in cursor.fetchall()}
    placed, unplaced = [], []
    for one, node, key in keyed:
        if document := found.get(key):
            placed.append(_Placed(one, node, document))
        else:
            unplaced.append((one, node))
    return placed, unplaced


def _key(cursor: Cursor, kind: str, head: Any) -> rows.Key:
    answered = ANSWERED[kind]
    owner, number = rows.key_of(answered, head)
    if kind == "622" and not owner:
        found = cursor.execute(
            _LISTS_BY_NUMBER, (number, head.merchant_code or "", head.merchant_code or "")
        ).fetchall()
        owner = found[0][0] if len(found) == 1 else ""
    return owner or "", number or "", answered


# Laying the answers on them ------------------------------------------------------------------------------------------


def _lay_on(placed: Sequence[_Placed], at: datetime) -> list[str]:
    """Decide for each answer, in order of its time, which version it answers and whether it moves the state.

    Returns the COPY lines of the answers.
    """
    ordered = sorted(placed, key=lambda one: one.node.head.return_time or "")
    versions = versions_answered([(one.document, one.node.head) for one in ordered])
    stamp = rows.time_text(at)
    lines = []
    for one, version in zip(ordered, versions, strict=True):
        head, document = one.node.head, one.document
        moved = version == document.current_number and supersedes(
            head.return_status, head.return_time, document.official_status, document.official_time
        )
        if moved:
            document.official_status, document.official_time = head.return_status, head.return_time
            document.official_version, document.has_moved = version, True
        list_no = getattr(head, "list_no", None) or ""
        if list_no and version == document.current_number:
            document.list_no = list_no
        lines.append(
            rows.to_line(
                (str(document.id), str(one.incoming.message.id), str(one.node.index), str(version), head.return_status,
                 head.return_time or "", head.return_info or "", list_no, getattr(head, "pre_entry_no", None) or "",
                 stamp, "t" if moved else "f")
            )
        )  # fmt: skip
    return lines


_ANSWER_COLUMNS = (
    "document_id, message_id, node_index, version, status, return_time, info, list_no, pre_no, received_at, moved"
)
_MOVE_DOCUMENTS = """
update declarations_document d
set official_status = n.status, official_time = n.time, official_version = n.version
from unnest(%b::uuid[], %b::text[], %b::text[], %b::int[]) as n(id, status, time, version) where d.id = n.id
"""
_MOVE_CASES = """
update declarations_case c
set official_status = n.status, official_at = n.at, list_no = case when n.list_no = '' then c.list_no else n.list_no end
from unnest(%b::uuid[], %b::text[], %b::timestamptz[], %b::text[]) as n(id, status, at, list_no) where c.id = n.id
"""


def _write(
    cursor: Cursor,
    answers: Sequence[str],
    unplaced: Sequence[tuple[_Incoming, Node]],
    documents: Iterable[Answered],
    at: datetime,
) -> None:
    if answers:
        rows.copy_lines(cursor, "declarations_officialanswer", _ANSWER_COLUMNS, answers)
    if unplaced:
        columns = "message_id, node_index, kind, keys, received_at"
        lines = [
            rows.to_line(
                (str(one.message.id), str(node.index), one.envelope.kind, _keys_text(one, node), at.isoformat())
            )
            for one, node in unplaced
        ]
        rows.copy_lines(cursor, "declarations_unplacedanswer", columns, lines)
    moved = [document for document in documents if document.has_moved]
    if not moved:
        return
    cursor.execute(
        _MOVE_DOCUMENTS,
        (
            [d.id for d in moved],
            [d.official_status for d in moved],
            [d.official_time for d in moved],
            [d.official_version for d in moved],
        ),
    )
    lists = [document for document in moved if document.kind == "621"]
    if lists:
        cursor.execute(
            _MOVE_CASES,
            (
                [d.id for d in lists],
                [d.official_status for d in lists],
                [_moment(d.official_time, at) for d in lists],
                [d.list_no for d in lists],
            ),
        )


def _moment(return_time: str, at: datetime) -> datetime:
    """Read the time of an answer; one that is not a time counts as the moment it came."""
    try:
        return parse_stamp(return_time)
    except ValueError:
        return at


def _keys_text(one: _Incoming, node: Node) -> str:
    owner, number = rows.key_of(ANSWERED[one.envelope.kind], node.head)
    return msgspec.json.encode({"owner": owner, "number": number, "status": node.head.return_status}).decode()


# Handing them back ---------------------------------------------------------------------------------------------------


def _relay(placed: Sequence[_Placed], unplaced: Sequence[tuple[_Incoming, Node]], at: datetime) -> None:
    """Make every official message due to the channels of the documents it answers."""
    by_message: dict[UUID, list[_Placed]] = defaultdict(list)
    for one in placed:
        by_message[one.incoming.message.id].append(one)
    split = {one.message.id for one, _ in unplaced}
    outgoing = []
    for message_id, together in by_message.items():
        by_channel: dict[UUID, list[_Placed]] = defaultdict(list)
        for one in together:
            by_channel[one.document.connection_id].append(one)
        for connection_id, mine in by_channel.items():
            incoming, first = mine[0].incoming, mine[0].document
            is_whole = len(by_channel) == 1 and message_id not in split
            body = incoming.raw if is_whole else keep_nodes(incoming.raw, {one.node.index for one in mine})
            answered = {one.document.message_id for one in mine}
            outgoing.append(
                Outgoing(connection_id, first.sender_id, Issuer.NATIONAL, incoming.envelope.kind,
                         answered.pop() if len(answered) == 1 else None, message_id, body, len(mine))
            )  # fmt: skip
    issue(outgoing, at=at)


def _relay_format_receipt(cursor: Cursor, one: _Incoming, at: datetime) -> None:
    """Hand a format receipt (900) back to the channel of the message that it names."""
    for node in one.envelope.nodes:
        named = (node.head.original_message_id or "")[-32:]
        try:
            message_id = UUID(hex=named)
        except ValueError:
            continue
        cursor.execute("select connection_id, organisation_id from gateway_message where id = %b", (message_id,))
        if found := cursor.fetchone():
            connection_id, organisation_id = found
            issue(
                [
                    Outgoing(
                        connection_id,
                        organisation_id,
                        Issuer.NATIONAL,
                        "900",
                        message_id,
                        one.message.id,
                        one.raw,
                        1,
                        1,
                    )
                ],
                at=at,
            )


# What it means for cases ---------------------------------------------------------------------------------------------

_WITHDRAW = """
update declarations_case c set is_withdrawn = true
from declarations_documentversion v
where v.document_id = any(%b) and v.kind = '623' and c.list_no = v.list_no and v.list_no <> '' returning c.id
"""


def _touched_cases(cursor: Cursor, placed: Sequence[_Placed]) -> list[UUID]:
    """Name the cases whose state may have changed; a cancellation that customs granted withdraws its case."""
    moved = {one.document.id: one.document for one in placed if one.document.has_moved}
    touched = [document.id for document in moved.values() if document.kind == "621"]
    granted = [d.id for d in moved.values() if d.kind == "623" and d.official_status == GRANTED]
    if granted:
        touched += [row[0] for row in cursor.execute(_WITHDRAW, (granted,)).fetchall()]
    return touched
