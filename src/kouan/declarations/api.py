"""The machine's door to declarations: what became of a message, and where a case stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from kouan.accounts.access import NotYours, machine_door
from kouan.declarations import selectors
from kouan.gateway.api import channel_of
from kouan.gateway.selectors import MessageUnknown, get_message

router = Router(tags=["申报 Declarations"])


class NodeOut(Schema):
    """A business node that did not simply become a version, and why."""

    index: int
    finding: str
    owner_code: str
    number: str
    problems: list[dict[str, str]]


class MessageOut(Schema):
    """One message that was received, and how far it is."""

    message_id: UUID
    kind: str
    guid: str
    received_at: str
    open_steps: list[str]
    is_parked: bool
    accepted: int
    nodes: list[NodeOut]


class CaseOut(Schema):
    """Where one parcel declaration stands."""

    case_id: UUID
    internal_no: str
    list_no: str
    version: int
    match: str
    wait_reason: str
    state: str
    waits_for: str
    state_since: str
    official_status: str
    released_at: str | None
    left_at: str | None


@router.get("/messages/{message_id}", response=MessageOut, summary="报文处理结果 What became of a message")
@machine_door(channel_of)
def get_message_result(request: HttpRequest, message_id: UUID) -> dict[str, Any]:
    """Tell what became of a message of this channel's firm, node by node where something was found."""
    channel = request.principal  # type: ignore[attr-defined]
    try:
        kept = get_message(message_id=message_id, organisation_ids=frozenset([channel.organisation_id]))
    except MessageUnknown:
        raise NotYours("/message_id") from None
    return {
        "message_id": kept.id,
        "kind": kept.kind,
        "guid": kept.guid,
        "received_at": kept.received_at.isoformat(),
        "open_steps": kept.open_steps,
        "is_parked": kept.is_parked,
        "accepted": selectors.count_versions(message_id),
        "nodes": [
            {
                "index": found.node_index,
                "finding": found.finding,
                "owner_code": found.owner_code,
                "number": found.number,
                "problems": found.problems,
            }
            for found in selectors.findings_of(message_id)
        ],
    }


@router.get("/cases", response=list[CaseOut], summary="查询申报 Where declarations stand")
@machine_door(channel_of)
def get_cases(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """Find the declarations of this channel's firm by internal, list, waybill or bill number."""
    channel = request.principal  # type: ignore[attr-defined]
    found = selectors.find_cases_by_number(number=number, party_id=channel.organisation_id)
    return [
        {
            "case_id": case.pk,
            "internal_no": case.internal_no,
            "list_no": case.list_no,
            "version": case.version,
            "match": case.match,
            "wait_reason": case.wait_reason,
            "state": case.state,
            "waits_for": case.waits_for,
            "state_since": case.state_since.isoformat(),
            "official_status": case.official_status,
            "released_at": case.released_at.isoformat() if case.released_at else None,
            "left_at": case.left_at.isoformat() if case.left_at else None,
        }
        for case in found
    ]
