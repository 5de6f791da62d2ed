"""Storing: a batch of messages is decoded, checked, and written as documents, versions, goods and cases.

One transaction, a handful of statements for thousands of nodes. A fault of the envelope refuses the message, a fault
of a node that node alone. Every message gets one check result of Kouan's own; where nodes are refused, also the
business receipt that the standard has for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection as database
from psycopg import Cursor

from kouan.audit import services as audit
from kouan.audit.types import SystemActor
from kouan.declarations import export_rows, rows
from kouan.declarations.codes import LISTS, Finding
from kouan.declarations.marking import PersonMarks
from kouan.declarations.rows import Key
from kouan.declarations.services import opening, summaries
from kouan.declarations.services.covering import NodeCover, cover_nodes
from kouan.declarations.services.reading import Reading, contexts_of, read_message
from kouan.declarations.versions import DELETE, NEW, Coming, Current, Verdict, judge
from kouan.gateway.codes import Carrier, Step
from kouan.gateway.services.answering import CheckResult, issue_check_results
from kouan.gateway.services.certificates import trusted_for
from kouan.gateway.services.connections import channels_of
from kouan.gateway.services.working import Claimed, finish, pass_on
from kouan.gateway.standards.ceb.types import Node
from kouan.kernel.identifiers import uuid7_at
from kouan.records.problems import Problem, has_error

_ACTOR = SystemActor("报文入库")
_EMPTY = UUID(int=0)


@dataclass(slots=True)
class _Accepted:
    """A node that becomes a version of its document."""

    document_id: UUID
    number: int
    kind: str
    node: Node
    message: Claimed
    key: Key
    is_demo: bool
    delegation_id: UUID | None


@dataclass(slots=True)
class _Outcome:
    """What became of one message."""

    reading: Reading
    is_demo: bool = False
    accepted: list[_Accepted] = field(default_factory=list)
    findings: list[tuple[Node, str, str, Finding, list[Problem]]] = field(default_factory=list)


def store_messages(messages: Sequence[Claimed], at: datetime) -> None:
    """Store a batch of claimed messages; hand on those with versions, end the others; answer all of them."""
    channels = channels_of({message.connection_id for message in messages})
    contexts = contexts_of(at)
    trusted = trusted_for({message.organisation_id for message in messages}, at=at)
    outcomes = []
    for message in messages:
        channel = channels[message.connection_id]
        context = contexts[channel.signature_policy]
        reading = read_message(message, channel, context, trusted[message.organisation_id], at)
        outcomes.append(_Outcome(reading, channel.is_demo))
    cursor = Cursor(database.connection)
    desks = {channel.pk for channel in channels.values() if channel.carrier == Carrier.DESK}
    covered = cover_nodes([outcome.reading for outcome in outcomes], desks=desks)
    if covered.refusals:
        for outcome in outcomes:
            _refuse_undelegated(outcome, covered)
    current = _current_of(cursor, outcomes, covered.owners, at)
    for outcome in outcomes:
        _judge_nodes(outcome, current, covered)
    accepted = [one for outcome in outcomes for one in outcome.accepted]
    _write_versions(cursor, accepted, at)
    _write_findings(cursor, outcomes)
    opening.open_cases([one for one in accepted if one.kind in LISTS], current, at)
    summaries.open_summaries([one for one in accepted if one.kind == summaries.KIND], at)
    issue_check_results([_check_result(outcome) for outcome in outcomes], at=at)
    going_on = {one.message.id for one in accepted}
    pass_on(going_on, step=Step.STORE, to=Step.MATCH)
    refused = [message.id for message in messages if message.id not in going_on]
    summaries.release_held(refused)
    finish(refused, step=Step.STORE)
    if accepted:
        ids = [one.document_id for one in accepted]
        audit.record_batch(
            act="store_declarations",
            subject_kind="document",
            ids_digest=audit.digest_of_ids(ids),
            count=len(ids),
            at=at,
            actor=_ACTOR,
        )


# What counts now -----------------------------------------------------------------------------------------------------

_INSERT_DOCUMENTS: Any = """
insert into declarations_document (id, kind, owner_code, number, organisation_id, sender_id, connection_id,
    platform_code, order_no, current_number, message_id, app_time, digest, is_deleted,
    official_status, official_time, official_version)
select id, kind, owner_code, number, organisation_id, sender_id, connection_id, platform_code, order_no,
    1, message_id, app_time, digest, false, '', '', 0
from unnest({columns}) as row(id, kind, owner_code, number, organisation_id, sender_id,
    connection_id, platform_code, order_no, message_id, app_time, digest)
on conflict (owner_code, number, kind) do nothing returning id
""".format(
    columns=", ".join(
        rows.column_as(type)
        for type in ["uuid", "text", "text", "text", "uuid", "uuid", "uuid", "text", "text", "uuid", "text", "uuid"]
    )
)
_LOCK_DOCUMENTS = """
select d.owner_code, d.number, d.kind, d.id, d.sender_id, d.organisation_id, d.current_number, d.app_time, d.digest,
    d.is_deleted, d.official_status
from declarations_document d
join unnest(%b::text[], %b::text[], %b::text[]) as k(owner_code, number, kind)
    on k.owner_code = d.owner_code and k.number = d.number and k.kind = d.kind
order by d.owner_code, d.number, d.kind for update of d
"""


def _current_of(
    cursor: Cursor, outcomes: Iterable[_Outcome], owners: Mapping[str, UUID], at: datetime
) -> dict[Key, Current]:
    """Insert the keys that are new, lock those that are not, and give what counts now under each.

    A new document is inserted as its first node declares it, so that it needs no second write; in memory it starts at
    version 0 like every key of which nothing counts yet. Its id carries the time ``at`` at which it is stored, which is
    when a case is received: lists by day are ranges of the key.
    """
    first: dict[Key, tuple[Claimed, Node]] = {}
    others: set[Key] = set()
    for outcome in outcomes:
        for node in outcome.reading.passed:
            key = (*rows.key_of(outcome.reading.kind, node.head), outcome.reading.kind)
            if key in first:
                continue
            if node.head.app_type == NEW:
                first[key] = (outcome.reading.message, node)
            else:
                others.add(key)
    fresh = _insert_documents(cursor, first, owners, at)
    known = [key for key in {*first, *others} if key not in fresh]
    return fresh | _lock_documents(cursor, known)


def _insert_documents(
    cursor: Cursor, first: dict[Key, tuple[Claimed, Node]], owners: Mapping[str, UUID], at: datetime
) -> dict[Key, Current]:
    if not first:
        return {}
    ordered = sorted(first)
    made: dict[UUID, tuple[Key, Current]] = {}
    columns: list[tuple[str, ...]] = []
    for key in ordered:
        message, node = first[key]
        owner_id = owners.get(key[0])
        current = Current(uuid7_at(at), message.organisation_id, owner_id)
        made[current.id] = (key, current)
        is_payment = key[2] in ("411", "403")
        columns.append(
            (str(current.id), key[2], key[0], key[1], str(owner_id) if owner_id else rows.NULL,
             str(message.organisation_id), str(message.connection_id),
             node.head.platform_code if is_payment else "", node.head.order_no if is_payment else "", str(message.id),
             node.head.app_time, node.digest.hex())
        )  # fmt: skip
    cursor.execute(_INSERT_DOCUMENTS, [rows.column(values) for values in zip(*columns, strict=True)])
    return dict(made[row[0]] for row in cursor.fetchall())


def _lock_documents(cursor: Cursor, keys: Sequence[Key]) -> dict[Key, Current]:
    """Lock documents that are there, in key order; a key of which nothing is there stays out."""
    if not keys:
        return {}
    cursor.execute(_LOCK_DOCUMENTS, tuple(map(list, zip(*keys, strict=True))))
    return {
        (owner, number, kind): Current(
            id, sender_id, organisation_id, current_number, app_time, digest.bytes, is_deleted, official_status
        )
        for owner, number, kind, id, sender_id, organisation_id, current_number, app_time, digest, is_deleted,
        official_status in cursor.fetchall()
    }  # fmt: skip


# Judging -------------------------------------------------------------------------------------------------------------


def _refuse_undelegated(outcome: _Outcome, covered: NodeCover) -> None:
    """Refuse the nodes that a firm sent for another without its delegation; what passed goes on."""
    reading, passed = outcome.reading, []
    for node in reading.passed:
        if problem := covered.refusals.get((reading.message.id, node.index)):
            key = rows.key_of(reading.kind, node.head)
            outcome.findings.append((node, *key, Finding.NOT_YOURS, [problem, *node.problems]))
        else:
            passed.append(node)
    reading.passed = passed


def _judge_nodes(outcome: _Outcome, current: dict[Key, Current], covered: NodeCover) -> None:
    """Go through the nodes of one message in order; what counts now moves on with every version accepted."""
    reading = outcome.reading
    for node in reading.refused:
        owner, number = _key_as_declared(reading.kind, node)
        outcome.findings.append((node, owner, number, Finding.REFUSED, node.problems))
    for node in reading.passed:
        owner, number = rows.key_of(reading.kind, node.head)
        key = (owner, number, reading.kind)
        now = current.get(key) or Current(_EMPTY, reading.message.organisation_id, None)
        head = node.head
        coming = Coming(
            reading.kind, number, head.app_type, head.app_time, node.digest, reading.message.organisation_id
        )
        verdict = judge(now, coming)
        if verdict.finding is None:
            delegation_id = covered.delegations.get((reading.message.id, node.index))
            _accept(outcome, now, node, key, delegation_id)
            if node.problems:
                outcome.findings.append((node, owner, number, Finding.WARNED, node.problems))
        else:
            outcome.findings.append((node, owner, number, verdict.finding, _problems_of(verdict, node)))


def _accept(outcome: _Outcome, now: Current, node: Node, key: Key, delegation_id: UUID | None) -> None:
    now.number += 1
    now.app_time, now.digest = node.head.app_time, node.digest
    now.is_deleted = node.head.app_type == DELETE
    now.official_status = ""
    reading = outcome.reading
    outcome.accepted.append(
        _Accepted(now.id, now.number, reading.kind, node, reading.message, key, outcome.is_demo, delegation_id)
    )


def _problems_of(verdict: Verdict, node: Node) -> list[Problem]:
    return [*([verdict.problem] if verdict.problem else []), *node.problems]


def _key_as_declared(kind: str, node: Node) -> tuple[str, str]:
    """Give owner and number of a refused node as far as it named them."""
    try:
        owner, number = rows.key_of(kind, node.head)
    except (AttributeError, ValueError):
        return "", ""
    return (owner or "")[:60], (number or "")[:120]


# Writing -------------------------------------------------------------------------------------------------------------

_UPDATE_DOCUMENTS = """
update declarations_document d set current_number = n.number, message_id = n.message_id, app_time = n.app_time,
    digest = n.digest, is_deleted = n.is_deleted, connection_id = n.connection_id,
    official_status = '', official_time = '', official_version = 0
from unnest(%b::uuid[], %b::int[], %b::uuid[], %b::text[], %b::uuid[], %b::bool[], %b::uuid[])
    as n(id, number, message_id, app_time, digest, is_deleted, connection_id)
where d.id = n.id
"""


def _write_versions(cursor: Cursor, accepted: Sequence[_Accepted], at: datetime) -> None:
    if not accepted:
        return
    versions, goods, parcels = [], [], []
    latest: dict[UUID, _Accepted] = {}
    stamp, marks = rows.time_text(at), PersonMarks(at)
    for one in accepted:
        node = one.node
        versions.append(
            rows.version_line(
                one.document_id, one.number, one.kind, node.head, node.lines, one.message.id, node.index, node.digest,
                stamp, marks, one.delegation_id,
            )
        )  # fmt: skip
        goods += rows.goods_lines(one.document_id, one.number, one.kind, node.lines)
        parcels += export_rows.parcel_lines(one.document_id, one.number, one.kind, node.lines)
        latest[one.document_id] = one
    changed = [one for one in latest.values() if one.number > 1]
    rows.copy_lines(cursor, "declarations_documentversion", rows.VERSION_COLUMNS, versions)
    if goods:
        rows.copy_lines(cursor, "declarations_goodsline", rows.LINE_COLUMNS, goods)
    if parcels:
        rows.copy_lines(cursor, "declarations_namedparcel", export_rows.PARCEL_COLUMNS, parcels)
    if not changed:
        return
    columns = [
        (one.document_id, one.number, one.message.id, one.node.head.app_time, UUID(bytes=one.node.digest),
         one.node.head.app_type == DELETE, one.message.connection_id)
        for one in changed
    ]  # fmt: skip
    cursor.execute(_UPDATE_DOCUMENTS, tuple(map(list, zip(*columns, strict=True))))


def _write_findings(cursor: Cursor, outcomes: Iterable[_Outcome]) -> None:
    lines = [
        rows.to_line(
            (str(outcome.reading.message.id), str(node.index), outcome.reading.kind, owner, number, str(finding),
             msgspec.json.encode([problem.to_dict() for problem in problems]).decode())
        )
        for outcome in outcomes
        for node, owner, number, finding, problems in outcome.findings
    ]  # fmt: skip
    if lines:
        columns = "message_id, node_index, kind, owner_code, number, finding, problems"
        rows.copy_lines(cursor, "declarations_nodefinding", columns, lines)


def _check_result(outcome: _Outcome) -> CheckResult:
    reading = outcome.reading
    return CheckResult(
        message=reading.message,
        kind=reading.kind,
        guid=reading.guid,
        problems=reading.problems,
        accepted=len(outcome.accepted),
        findings=[
            (node, str(finding), problems)
            for node, _, _, finding, problems in outcome.findings
            if finding is not Finding.WARNED or not has_error(problems)
        ],
        is_unreadable=reading.is_unreadable,
    )
