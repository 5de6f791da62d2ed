"""Answering: receipts on their way back to the channel in which the declaration came.

Kouan's own check result is JSON of its own shape, one a message; refused nodes get, grouped in one message, the
business receipt that the standard has for them, and an unreadable message the format receipt (900). Official receipts
are kept byte for byte. All of them wait in ``Work`` until they are delivered or fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection as database
from psycopg import Cursor

from kouan.gateway.codes import Issuer, Step
from kouan.gateway.services.working import Claimed
from kouan.gateway.standards.ceb.answers import answer, format_answer, info_of, message_of
from kouan.gateway.standards.ceb.codec import encode
from kouan.gateway.standards.ceb.types import KINDS, Node
from kouan.kernel.identifiers import uuid7
from kouan.records.problems import Problem, has_error
from kouan.safekeeping.safe import safe


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What Kouan found in one message.

    problems: of the envelope. accepted: how many nodes became versions. findings: node, what became of it, why.
    """

    message: Claimed
    kind: str
    guid: str
    problems: list[Problem]
    accepted: int
    findings: Sequence[tuple[Node, str, list[Problem]]]
    is_unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A receipt that is about to be written."""

    connection_id: UUID
    organisation_id: UUID
    issuer: Issuer
    kind: str
    answers: UUID | None
    source_message_id: UUID | None
    body: bytes
    node_count: int
    refused_count: int = 0


def issue_check_results(results: Iterable[CheckResult], *, at: datetime) -> None:
    """Write Kouan's answer to every message of a batch, in the caller's transaction."""
    issue([receipt for result in results for receipt in _receipts_of(result, at)], at=at)


def _receipts_of(result: CheckResult, at: datetime) -> Iterable[Outgoing]:
    refused = [(node, problems) for node, _, problems in result.findings if has_error(problems)]
    to = (result.message.connection_id, result.message.organisation_id, Issuer.KOUAN)
    counts = (result.accepted + len(refused), len(refused))
    yield Outgoing(*to, "check", result.message.id, None, _check_body(result, at), *counts)
    if result.is_unreadable or has_error(result.problems):
        yield Outgoing(*to, "900", result.message.id, None, _format_receipt(result, at), 1, 1)
    elif refused:
        kind = KINDS[result.kind].receipt or ""
        yield Outgoing(*to, kind, result.message.id, None, _business_receipt(result.kind, refused, at), *counts)


def _business_receipt(kind: str, refused: Sequence[tuple[Node, list[Problem]]], at: datetime) -> bytes:
    """Write the receipt that the standard has for refused nodes, with the code of the first error of each."""
    heads = [
        answer(kind, node.head, status=_first_error(problems).code, info=info_of(problems), at=at, guid=_guid())
        for node, problems in refused
    ]
    return encode(message_of(kind, heads, guid=_guid()), strict=False)


def _format_receipt(result: CheckResult, at: datetime) -> bytes:
    problem = _first_error(result.problems)
    raw = result.message.raw
    return encode(
        format_answer(problem, raw, at=at, guid=_guid(), message_id=result.guid, kind=result.kind), strict=False
    )


def _first_error(problems: Iterable[Problem]) -> Problem:
    return next(problem for problem in problems if problem.is_error)


def _guid() -> str:
    return str(uuid7()).upper()


def _check_body(result: CheckResult, at: datetime) -> bytes:
    """Give the check result as JSON; issuer and code range say that it is Kouan's, not an official answer."""
    body: dict[str, Any] = {
        "issuer": "kouan",
        "message_id": str(result.message.id),
        "guid": result.guid,
        "kind": result.kind,
        "checked_at": at.isoformat(),
        "accepted": result.accepted,
        "problems": [problem.to_dict() for problem in result.problems],
        "nodes": [
            {"index": node.index, "finding": finding, "problems": [problem.to_dict() for problem in problems]}
            for node, finding, problems in result.findings
        ],
    }
    return msgspec.json.encode(body)


_INSERT = """
with written as (
    insert into gateway_receipt (id, connection_id, organisation_id, issuer, kind, answers, source_message_id,
        body, body_size, node_count, refused_count, issued_at)
    select id, connection_id, organisation_id, issuer, kind, answers, source, body, size, nodes, refused, %b
    from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::uuid[], %b::uuid[], %b::bytea[],
        %b::int[], %b::int[], %b::int[])
        as row(id, connection_id, organisation_id, issuer, kind, answers, source, body, size, nodes, refused)
    returning id, connection_id
)
insert into gateway_work
    (item_id, step, is_receipt, connection_id, created_at, available_at, attempts, error, is_parked)
select w.id, %b, true, w.connection_id, %b, %b, 0, '', false
from written w join gateway_connection c on c.id = w.connection_id where c.carrier <> 'desk'
"""


def issue(receipts: Sequence[Outgoing], *, at: datetime) -> list[UUID]:
    """Write receipts and make them due to their channels, in the caller's transaction; return their ids."""
    if not receipts:
        return []
    ids = [uuid7() for _ in receipts]
    columns = (
        ids,
        [r.connection_id for r in receipts],
        [r.organisation_id for r in receipts],
        [str(r.issuer) for r in receipts],
        [r.kind for r in receipts],
        [r.answers for r in receipts],
        [r.source_message_id for r in receipts],
        [safe().keep(r.body, at) for r in receipts],
        [len(r.body) for r in receipts],
        [r.node_count for r in receipts],
        [r.refused_count for r in receipts],
    )
    Cursor(database.connection).execute(_INSERT, (at, *columns, str(Step.DELIVER), at, at))
    return ids
