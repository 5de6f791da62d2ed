"""The machine's door to the gateway: messages in, receipts out. A channel is known by its token."""

from __future__ import annotations

import base64
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from ninja import Router, Schema
from ninja.params.functions import Query
from pydantic import Field

from kouan.accounts.access import machine_door
from kouan.gateway.admitting import TokenFor
from kouan.gateway.codes import Scope
from kouan.gateway.models import Connection, Receipt
from kouan.gateway.services.handing_over import confirm_fetched, take_waiting
from kouan.gateway.services.receiving import (
    MAX_BODY_BYTES,
    Acknowledgement,
    NotReceived,
    body_is_too_large,
    body_was_cut_off,
    receive,
)

router = Router(tags=["报文 Messages"])

MOST_RECEIPTS = 500


Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""A time with its zone, as text (RFC 3339)."""


class Problem(Schema):
    """一个问题：何处、何事、如何改正 / one thing that is wrong, where, and how to mend it"""

    code: str = Field(description="问题代码 / code of the problem")
    pointer: str = Field(description="字段位置，空为整体 / the field that it is about, empty for the whole")
    severity: Literal["error", "warning"]
    zh: str
    en: str
    fix_zh: str
    fix_en: str


class Problems(Schema):
    """所有错误的统一格式 / the one shape of everything that is refused"""

    problems: list[Problem]


class AcknowledgementOut(Schema):
    """一份已存妥的报文 / one message that is on disk for good"""

    message_id: UUID = Field(description="本平台的报文编号 / Kouan's id of the message")
    guid: str = Field(description="报文自带的编号（guid），同一通道内唯一 / the message's own id, unique in a channel")
    digest: str = Field(description="原文的 SHA-256 / SHA-256 of the bytes")
    is_repeated: bool = Field(description="内容相同的报文此前已收 / the same bytes were here before")
    conflicts_with: UUID | None = Field(
        None, description="该 guid 已用于另一内容的报文 / the message of other content for which the guid stands"
    )


class AcknowledgementsOut(Schema):
    """请求体内的全部报文，按原次序 / every message of the body, in its order"""

    received_at: Moment
    messages: list[AcknowledgementOut]


class ConflictsOut(AcknowledgementsOut):
    """部分报文的 guid 已被占用：只留存、不处理 / some guids were taken: those messages are kept and not worked on"""

    problems: list[Problem]


class ReceiptHead(Schema):
    """一份回执：谁出具、答复什么 / one answer: who issued it, what it answers"""

    receipt_id: UUID
    issuer: str = Field(description="出具方：kouan 本平台，national 国家标准版 / who speaks")
    kind: str = Field(
        description="check 为本平台校验结果（JSON），其余为官方报文编号，如 622 / `check` is Kouan's own result "
        "(JSON), all else the number of an official message"
    )
    answers: UUID | None = Field(description="所答复的报文 / the message that it answers")
    issued_at: Moment
    node_count: int = Field(description="单证数 / documents")
    refused_count: int = Field(description="未通过的单证数 / documents that were refused")


class ReceiptOut(ReceiptHead):
    """一份回执及其原文 / one answer with its bytes untouched"""

    body_base64: str = Field(description="原文（Base64），一字不改 / the bytes (Base64), untouched")


class ErasedReceiptOut(ReceiptHead):
    """一份来不及取走、原文已不能读取的回执 / an answer that nobody fetched before its bytes were erased"""

    problem: Problem = Field(description="何时、依据什么删除 / when it was erased, and on what ground")


class ReceiptsOut(Schema):
    """待确认的回执，最早的在前 / answers that wait to be confirmed, oldest first"""

    receipts: list[ReceiptOut]
    erased: list[ErasedReceiptOut] = Field(
        description="原文已不能读取的回执，同样须确认；一般为空 / answers whose bytes cannot be read any more, to be "
        "confirmed like the others; usually empty"
    )


class ConfirmIn(Schema):
    """贵方已存妥的回执 / receipts that are safe at your side"""

    receipt_ids: list[UUID]


class ConfirmedOut(Schema):
    """其中此前尚待确认的份数 / how many of them had still been waiting"""

    confirmed: int


@router.post(
    "/messages",
    response={202: AcknowledgementsOut, 409: ConflictsOut},
    summary="报送报文 Send messages",
    operation_id="sendMessages",
    openapi_extra={
        "parameters": [
            {
                "name": "X-File-Name",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "maxLength": 255},
                "description": "原文件名，仅供查找 / the name of the file, to find it by",
            }
        ],
        "requestBody": {
            "required": True,
            "description": "不看 Content-Type，按内容识别 / told by its bytes, not by its Content-Type",
            "content": {
                "application/xml": {
                    "schema": {
                        "type": "string",
                        "description": "一份报文：CEB（统一版）、DXP 信封、报关单 DecMessage，至多 8 MiB / one message",
                    }
                },
                "application/zip": {
                    "schema": {
                        "type": "string",
                        "format": "binary",
                        "description": "1 至 500 份报文，不含文件夹，至多 64 MiB；或一份报关单及其 PDF 附件 / 1 to 500 "
                        "messages without folders, or one goods declaration with its PDFs",
                    }
                },
                "application/octet-stream": {
                    "schema": {
                        "type": "string",
                        "format": "binary",
                        "description": "以上任一种 / either of these",
                    }
                },
            },
        },
        "x-errors": [400, 413],
    },
)
@machine_door(TokenFor(Scope.SEND))
def post_messages(request: HttpRequest) -> HttpResponse:
    """报文全部存妥后才答复 202；报文内部的问题以回执告知，不在此处答复。

    **幂等**：同一报文（同 guid、同内容）可放心重发，答复相同且 `is_repeated` 为真；同 guid 不同内容答 409，只留存、
    不处理。收到 503 或未收到答复时，以同一报文重发。

    Answered when all of it is on disk. **Idempotent**: the same bytes again get the same answer (`is_repeated`); other
    bytes under a guid that is taken are kept aside and answered with 409. What is wrong inside a message is told by its
    receipts. After a 503, or without an answer, send the same bytes again.
    """
    channel: Connection = request.principal  # type: ignore[attr-defined]
    at = timezone.now()
    try:
        acknowledgements = receive(
            channel=channel,
            body=_whole_body(request),
            at=at,
            file_name=request.headers.get("X-File-Name", ""),
            kinds=request.kinds,  # type: ignore[attr-defined]
        )
    except NotReceived as refusal:
        return _answer({"problems": [refusal.problem.to_dict()]}, refusal.status)
    conflicts = [one for one in acknowledgements if one.conflicts_with]
    body: dict[str, Any] = {"received_at": at.isoformat(), "messages": [_told(one) for one in acknowledgements]}
    if conflicts:
        body["problems"] = [one.problem().to_dict() for one in conflicts]
    return _answer(body, 409 if conflicts else 202)


def _whole_body(request: HttpRequest) -> bytes:
    """Read the body; one that is too large or breaks off half-way is refused."""
    announced = int(request.META.get("CONTENT_LENGTH") or 0)
    if announced > MAX_BODY_BYTES:
        raise body_is_too_large(announced)
    try:
        body = request.read(MAX_BODY_BYTES + 1)
    except (UnreadablePostError, OSError):
        raise body_was_cut_off() from None
    if len(body) > MAX_BODY_BYTES:
        raise body_is_too_large(len(body))
    if announced and len(body) != announced:
        raise body_was_cut_off()
    return body


def _told(one: Acknowledgement) -> dict[str, Any]:
    return {
        "message_id": str(one.message_id),
        "guid": one.guid,
        "digest": one.digest,
        "is_repeated": one.is_repeated,
        "conflicts_with": str(one.conflicts_with) if one.conflicts_with else None,
    }


def _answer(body: dict[str, Any], status: int) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(body), status=status, content_type="application/json")


@router.get("/receipts", response={200: ReceiptsOut}, summary="取回执 Fetch receipts", operation_id="fetchReceipts")
@machine_door(TokenFor(Scope.FETCH))
def get_receipts(
    request: HttpRequest,
    limit: int = Query(
        100, description=f"至多取几份，1 至 {MOST_RECEIPTS}，超出按边界取 / how many at most; beyond it, the bound"
    ),
) -> dict[str, Any]:
    """本通道待取的回执，最早的在前；确认之前每次都会再给出。

    **分页**：没有页码。取一批、存妥、确认（`confirmReceipts`），再取下一批，直到取空。保存期满、原文已删除而未取走的
    回执不占名额，列在 `erased`，注明何时、依据什么删除；官方状态仍可查询。

    The answers that wait for this channel, oldest first; they are given again until they are confirmed. **Paging** has
    no page numbers: fetch, keep, confirm, and fetch again until none is left. Answers whose retention ended before
    they were fetched take nobody's place: they stand under `erased` with the reason, and their official status can
    still be asked for.
    """
    channel: Connection = request.principal  # type: ignore[attr-defined]
    waiting = take_waiting(channel=channel, limit=max(1, min(limit, MOST_RECEIPTS)))
    return {
        "receipts": [
            {**_head(receipt), "body_base64": base64.b64encode(body).decode()} for receipt, body in waiting.readable
        ],
        "erased": [{**_head(receipt), "problem": problem.to_dict()} for receipt, problem in waiting.erased],
    }


def _head(receipt: Receipt) -> dict[str, Any]:
    return {
        "receipt_id": receipt.pk,
        "issuer": receipt.issuer,
        "kind": receipt.kind,
        "answers": receipt.answers,
        "issued_at": receipt.issued_at.isoformat(),
        "node_count": receipt.node_count,
        "refused_count": receipt.refused_count,
    }


@router.post(
    "/receipts/confirm",
    response={200: ConfirmedOut},
    summary="确认回执 Confirm receipts",
    operation_id="confirmReceipts",
)
@machine_door(TokenFor(Scope.FETCH))
def post_receipts_confirm(request: HttpRequest, body: ConfirmIn) -> dict[str, int]:
    """回执在贵方存妥之后确认，此后不再给出。**幂等**：重复确认、或确认他人的回执，均不产生作用。

    Confirm answers that are safe at your side; they are not given again. **Idempotent**: confirmed twice is confirmed
    once, and ids that are not of this channel do nothing.
    """
    channel: Connection = request.principal  # type: ignore[attr-defined]
    return {"confirmed": confirm_fetched(channel=channel, receipt_ids=body.receipt_ids, at=timezone.now())}
