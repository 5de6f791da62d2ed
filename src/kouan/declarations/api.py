"""The machine's door to declarations: what became of a message, and where a case stands."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.params.functions import Query
from pydantic import Field

from kouan.accounts.access import NotYours, machine_door
from kouan.declarations import selectors
from kouan.gateway.admitting import TokenFor
from kouan.gateway.api import Moment, Problem
from kouan.gateway.codes import Scope
from kouan.gateway.outcomes import outcome_of
from kouan.gateway.selectors import MessageUnknown, get_message

router = Router(tags=["申报 Declarations"])


class NodeOut(Schema):
    """未直接入库的单证及原因 / a business document that did not simply become a version, and why"""

    index: int = Field(description="报文内序号，从 1 起 / its place in the message, from 1")
    finding: str = Field(
        description="refused 未通过，warned 通过并有提示，same 重复，older 较旧，conflicting 冲突，not_yours 无权，"
        "held 待本单位复核 / what was found"
    )
    owner_code: str
    number: str
    problems: list[Problem]


class MessageOut(Schema):
    """一份报文办到哪里 / one message that was received, and how far it is"""

    message_id: UUID
    kind: str = Field(description="报文编号，如 621；DecMessage 为报关单 / the number of its kind")
    guid: str
    received_at: Moment
    open_steps: list[str] = Field(description="尚待进行的步骤，空为办完 / steps still to be done; none when it is over")
    is_parked: bool = Field(description="搁置，须人工处理 / set aside until somebody looks at it")
    accepted: int = Field(description="成为版本的单证数 / documents that became a version")
    nodes: list[NodeOut]


class CaseOut(Schema):
    """一票申报办到哪里 / where one parcel declaration stands"""

    case_id: UUID
    internal_no: str = Field(description="企业内部编号 / the firm's own number")
    list_no: str = Field(description="清单编号，海关生成 / the number that customs gave, empty before")
    direction: str = Field(description="I 进口，E 出口 / I in, E out")
    version: int = Field(description="现版本 / the version that counts")
    match: str = Field(description="四单对碰：waiting 待，matched 一致，mismatched 不一致 / the match of the documents")
    wait_reason: str = Field(description="尚缺的单证，逗号分隔 / documents that are missing")
    state: str = Field(
        description="状态，见文档“状态” / where it stands; new words may come, treat unknown ones as text"
    )
    waits_for: str = Field(description="等待谁 / whose turn it is")
    state_since: Moment
    official_status: str = Field(
        description="最近的官方回执状态，空为尚无 / the latest official status, empty for none"
    )
    released_at: Moment | None
    left_at: Moment | None = Field(description="离开监管场所 / when it left its place")
    departed_at: Moment | None = Field(description="出口货物离境 / when an export left the country")


@router.get(
    "/messages/{message_id}",
    response=MessageOut,
    summary="报文处理结果 What became of a message",
    operation_id="getMessage",
    openapi_extra={"x-errors": [404]},
)
@machine_door(TokenFor(Scope.LOOK))
def get_message_result(request: HttpRequest, message_id: UUID) -> dict[str, Any]:
    """报文进行到哪一步；逐份列出未直接入库的单证及其问题。他人的报文答 404。

    What became of a message of this channel's firm, document by document where something was found. Messages of others
    are answered with 404.
    """
    channel = request.principal  # type: ignore[attr-defined]
    try:
        kept = get_message(message_id=message_id, organisation_ids=frozenset([channel.organisation_id]))
    except MessageUnknown:
        raise NotYours("/message_id") from None
    outcome = outcome_of(message_id)
    return {
        "message_id": kept.id,
        "kind": kept.kind,
        "guid": kept.guid,
        "received_at": kept.received_at.isoformat(),
        "open_steps": kept.open_steps,
        "is_parked": kept.is_parked,
        "accepted": outcome.accepted,
        "nodes": [asdict(found) for found in outcome.found],
    }


@router.get("/cases", response=list[CaseOut], summary="查询申报 Where declarations stand", operation_id="findCases")
@machine_door(TokenFor(Scope.LOOK))
def get_cases(
    request: HttpRequest,
    number: str = Query(description="企业内部编号、清单、运单或提运单号 / internal, list, waybill or bill number"),
) -> list[dict[str, Any]]:
    """按编号查本企业作为当事人的申报；每类编号至多 200 票，没有则为空列表。不分页：编号足以确定。

    Find the declarations to which this channel's firm is a party by a number; at most 200 for each kind of number, an
    empty list where there is none. Not paged.
    """
    channel = request.principal  # type: ignore[attr-defined]
    found = selectors.find_cases_by_number(number=number, party_id=channel.organisation_id)
    return [
        {
            "case_id": case.pk,
            "internal_no": case.internal_no,
            "list_no": case.list_no,
            "direction": case.direction,
            "version": case.version,
            "match": case.match,
            "wait_reason": case.wait_reason,
            "state": case.state,
            "waits_for": case.waits_for,
            "state_since": case.state_since.isoformat(),
            "official_status": case.official_status,
            "released_at": case.released_at.isoformat() if case.released_at else None,
            "left_at": case.left_at.isoformat() if case.left_at else None,
            "departed_at": case.departed_at.isoformat() if case.departed_at else None,
        }
        for case in found
    ]
