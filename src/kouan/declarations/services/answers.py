"""Official answers: what the national side says is kept, laid on its document, and handed back untouched.

How they go back: ``relaying``. An answer whose document is not found waits in the open: ``unplaced``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection as database
from psycopg import Cursor

from kouan.audit import services as audit
from kouan.audit.types import SystemActor
from kouan.declarations import rows
from kouan.declarations.codes import LISTS
from kouan.declarations.services import following, summaries, taxes
from kouan.declarations.services.attributing import versions_answered
from kouan.declarations.services.relaying import Going, Incoming, relay
from kouan.declarations.services.unplaced import forget_unplaced, keep_unplaced, waiting_nodes
from kouan.declarations.states import GRANTED, moment_of, supersedes
from kouan.gateway.masking import masked_words
from kouan.gateway.services.unwrapping import unwrap
from kouan.gateway.services.working import Claimed
from kouan.gateway.standards.ceb.codec import decode
from kouan.gateway.standards.ceb.types import KINDS, Node

_ACTOR = SystemActor("官方回执")

ANSWERED = {kind.receipt: code for code, kind in KINDS.items() if kind.receipt}
"""Which kind of document each kind of receipt answers."""
_LONGEST_STATUS, _LONGEST_TIME, _LONGEST_LIST_NO, _LONGEST_PRE_NO = 10, 17, 20, 18
_NO_ANSWER = "-930010"
CANCELLATION = "623"
FORMAT_RECEIPT = "900"
"""The receipt that refuses a whole message for its form."""


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
    summary_no: str = ""

    @property
    def has_changed(self) -> bool:
        """Whether its state moved, or customs gave it a number."""
        return self.has_moved or bool(self.list_no or self.summary_no)


@dataclass(slots=True)
class _Placed:
    """One answer and the document it was found to answer; ``answers`` is the message, ``version`` where it is known."""

    incoming: Incoming
    node: Node
    document: Answered
    answers: UUID
    version: int | None = None


def take_answers(messages: Sequence[Claimed], at: datetime) -> list[UUID]:
    """Keep the official answers of a batch, move their documents, and make them due to their channels.

    Returns the ids of the cases that have to be computed anew. In the caller's transaction.
    """
    waiting = waiting_nodes([message.id for message in messages])
    incoming = [_read(message, waiting.get(message.id)) for message in messages]
    cursor = Cursor(database.connection)
    if any(one.envelope.kind in following.RECEIPTS for one in incoming):
        following.take_turn(cursor)
    placed, unplaced = _place(cursor, incoming)
    answers = _lay_on(placed, at)
    _write(cursor, answers, {one.document.id: one.document for one in placed}.values(), at)
    told = [one for one in incoming if one.envelope.kind == summaries.RESULT]
    results, waiting_results = summaries.take_results(told, at=at)
    bills, waiting_bills, touched = taxes.take_bills([one for one in incoming if one.envelope.kind in taxes.KINDS])
    to_refused, unplaced = _part_refused(cursor, unplaced)
    relay([*map(_going, placed), *to_refused, *bills, *results], at=at)
    keep_unplaced([*unplaced, *waiting_bills, *waiting_results], at=at)
    if waiting:
        forget_unplaced((one.incoming.message.id, one.node_index) for one in to_refused)
        forget_unplaced((one.incoming.message.id, one.node.index) for one in placed)
        forget_unplaced((one.incoming.message.id, one.node_index) for one in (*bills, *results))
    touched += _touched_cases(cursor, placed, at)
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


def _read(message: Claimed, only: Set[int] | None) -> Incoming:
    raw = unwrap(message).raw
    envelope = decode(raw)
    nodes = [node for node in envelope.nodes if only is None or node.index in only]
    return Incoming(message, raw, envelope, nodes)


def _going(one: _Placed) -> Going:
    return Going(one.incoming, one.node.index, one.document.connection_id, one.document.sender_id, one.answers)


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


Unplaced = tuple[Incoming, Node, dict[str, str]]


def _place(cursor: Cursor, incoming: Iterable[Incoming]) -> tuple[list[_Placed], list[Unplaced]]:
    """Find and lock the document of every answer, and all documents of a message that a format receipt refuses."""
    placed: list[_Placed] = []
    unplaced: list[Unplaced] = []
    keyed: list[tuple[Incoming, Node, rows.Key]] = []
    for one in incoming:
        for node in one.nodes:
            if not _is_usable(one.envelope.kind, node):
                unplaced.append((one, node, {"problem": node.problems[0].code if node.problems else "0002"}))
            elif one.envelope.kind == FORMAT_RECEIPT:
                refused = _refused_by(cursor, one, node, {other.document.id: other.document for other in placed})
                placed += refused
                if not refused:
                    unplaced.append((one, node, {"message": node.head.original_message_id or ""}))
            elif one.envelope.kind in ANSWERED:
                keyed.append((one, node, _key(cursor, one.envelope.kind, node.head)))
            elif one.envelope.kind not in (*taxes.KINDS, summaries.RESULT):
                unplaced.append((one, node, {"problem": _NO_ANSWER}))
    found: dict[rows.Key, Answered] = {(one.document.owner_code, one.document.number, one.document.kind): one.document
                                       for one in placed}  # fmt: skip
    if keys := sorted({key for _, _, key in keyed} - found.keys()):
        cursor.execute(_DOCUMENTS, tuple(map(list, zip(*keys, strict=True))))
        found |= {(row[2], row[3], row[1]): Answered(*row) for row in cursor.fetchall()}
    for one, node, key in keyed:
        if document := found.get(key):
            placed.append(_Placed(one, node, document, document.message_id))
        else:
            owner, number, answered = key
            keys_known = {"owner": owner, "number": number, "answered": answered, "status": node.head.return_status}
            unplaced.append((one, node, keys_known))
    return placed, unplaced


def _is_usable(kind: str, node: Node) -> bool:
    """Whether an answer says enough to be laid on anything; whatever else is wrong with an official one is borne."""
    if kind not in ANSWERED and kind != FORMAT_RECEIPT:
        return True
    status, time = node.head.return_status or "", node.head.return_time or ""
    return 1 <= len(status) <= _LONGEST_STATUS and len(time) <= _LONGEST_TIME


_DOCUMENTS_OF_MESSAGE = """
select d.id, d.kind, d.owner_code, d.number, d.current_number, d.message_id, d.connection_id, d.sender_id,
    d.official_status, d.official_time, d.official_version, v.number
from declarations_documentversion v join declarations_document d on d.id = v.document_id
where v.message_id = %b order by d.owner_code, d.number, d.kind for update of d
"""


def _refused_by(cursor: Cursor, one: Incoming, node: Node, known: Mapping[UUID, Answered]) -> list[_Placed]:
    """Find what a format receipt (900) refuses: every version that came in the message that it names."""
    try:
        message_id = UUID(hex=(node.head.original_message_id or "")[-32:])
    except ValueError:
        return []
    cursor.execute(_DOCUMENTS_OF_MESSAGE, (message_id,))
    return [
        _Placed(one, node, known.get(row[0]) or Answered(*row[:-1]), message_id, row[-1]) for row in cursor.fetchall()
    ]


_REFUSED = """
select distinct on (f.owner_code, f.number, f.kind) f.owner_code, f.number, f.kind, m.connection_id, m.organisation_id,
    m.id
from declarations_nodefinding f
join unnest(%b::text[], %b::text[], %b::text[]) as k(owner_code, number, kind)
    on k.owner_code = f.owner_code and k.number = f.number and k.kind = f.kind
join gateway_message m on m.id = f.message_id
where f.finding = 'refused' order by f.owner_code, f.number, f.kind, f.message_id desc
"""


def _part_refused(cursor: Cursor, unplaced: Sequence[Unplaced]) -> tuple[list[Going], list[Unplaced]]:
    """Part the answers to nodes that were refused here from those that answer nothing.

    A signed message goes on whole, with the nodes of it that our own check refused, so the national side answers them
    too. There is no document to lay such an answer on; it goes back into the channel in which its message came.
    """
    keys = sorted({(keys["owner"], keys["number"], keys["answered"]) for _, _, keys in unplaced if "answered" in keys})
    if not keys:
        return [], list(unplaced)
    cursor.execute(_REFUSED, tuple(map(list, zip(*keys, strict=True))))
    found = {tuple(row[:3]): row[3:] for row in cursor.fetchall()}
    going, others = [], []
    for one, node, known in unplaced:
        if channel := found.get((known.get("owner"), known.get("number"), known.get("answered"))):
            going.append(Going(one, node.index, *channel))
        else:
            others.append((one, node, known))
    return going, others


def _key(cursor: Cursor, kind: str, head: Any) -> rows.Key:
    """Give the key of the document that an answer names, as far as it names one."""
    answered = ANSWERED[kind]
    match kind:
        case "622":
            owner, number = head.declarant_code, head.internal_no
        case "712":
            owner, number = head.operator_code, head.internal_no
        case _:
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
    attributed = iter(versions_answered([(one.document, one.node.head) for one in ordered if one.version is None]))
    versions = [next(attributed) if one.version is None else one.version for one in ordered]
    stamp = rows.time_text(at)
    lines = []
    for one, version in zip(ordered, versions, strict=True):
        head, document = one.node.head, one.document
        said_at = head.return_time or ""
        moved = version == document.current_number and supersedes(
            head.return_status, said_at, document.official_status, document.official_time
        )
        if moved:
            document.official_status, document.official_time = head.return_status, said_at
            document.official_version, document.has_moved = version, True
        list_no = _fitting(getattr(head, "list_no", None), _LONGEST_LIST_NO)
        if version == document.current_number:
            document.list_no = list_no or document.list_no
            document.summary_no = _fitting(getattr(head, "summary_no", None), _LONGEST_PRE_NO) or document.summary_no
        lines.append(
            rows.to_line(
                (str(document.id), str(one.incoming.message.id), str(one.node.index), str(version), head.return_status,
                 said_at, masked_words(head.return_info or ""), list_no,
                 _fitting(getattr(head, "pre_entry_no", None), _LONGEST_PRE_NO),
                 stamp, "t" if moved else "f")
            )
        )  # fmt: skip
    return lines


def _fitting(number: str | None, longest: int) -> str:
    """Give a number that may be one; what is too long for one is left to the message."""
    return number if number and len(number) <= longest else ""


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
set official_status = coalesce(n.status, c.official_status),
    official_at = case when n.status is null then c.official_at else n.at end,
    list_no = case when n.list_no = '' then c.list_no else n.list_no end
from unnest(%b::uuid[], %b::text[], %b::timestamptz[], %b::text[]) as n(id, status, at, list_no) where c.id = n.id
"""


def _write(cursor: Cursor, answers: Sequence[str], documents: Iterable[Answered], at: datetime) -> None:
    if answers:
        rows.copy_lines(cursor, "declarations_officialanswer", _ANSWER_COLUMNS, answers)
    changed = [document for document in documents if document.has_changed]
    moved = [document for document in changed if document.has_moved]
    if moved:
        cursor.execute(
            _MOVE_DOCUMENTS,
            (
                [d.id for d in moved],
                [d.official_status for d in moved],
                [d.official_time for d in moved],
                [d.official_version for d in moved],
            ),
        )
    lists = [document for document in changed if document.kind in LISTS]
    if lists:
        cursor.execute(
            _MOVE_CASES,
            (
                [d.id for d in lists],
                [d.official_status if d.has_moved else None for d in lists],
                [moment_of(d.official_time, at) for d in lists],
                [d.list_no for d in lists],
            ),
        )
    applications = {d.id: (d.official_status, d.summary_no) for d in changed if d.kind == summaries.KIND}
    if applications:
        summaries.move_summaries(applications, at=at)


# What it means for cases ---------------------------------------------------------------------------------------------

_WITHDRAW = """
update declarations_case c set is_withdrawn = true
from declarations_documentversion v
where v.document_id = any(%b) and v.kind = '623' and c.list_no = v.list_no and v.list_no <> '' returning c.id
"""


def _touched_cases(cursor: Cursor, placed: Sequence[_Placed], at: datetime) -> list[UUID]:
    """Name the cases whose state may have changed: by an answer to the list, or to a document that concerns it."""
    changed = {one.document.id: one.document for one in placed if one.document.has_changed}
    touched = [document.id for document in changed.values() if document.kind in LISTS]
    granted = [d.id for d in changed.values() if d.kind == CANCELLATION and d.official_status == GRANTED]
    if granted:
        touched += [row[0] for row in cursor.execute(_WITHDRAW, (granted,)).fetchall()]
    followed = [document.id for document in changed.values() if document.kind in following.KINDS]
    if followed:
        touched += following.follow(cursor, followed, at)
    return touched
