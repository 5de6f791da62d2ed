"""The machine's door to the gateway: messages in, receipts out. A channel is known by its token."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

import msgspec
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from ninja import Router, Schema

from kouan.accounts.access import machine_door
from kouan.gateway import selectors
from kouan.gateway.models import Connection
from kouan.gateway.services.delivering import confirm_fetched
from kouan.gateway.services.receiving import (
    MAX_BODY_BYTES,
    Acknowledgement,
    NotReceived,
    body_is_too_large,
    body_was_cut_off,
    receive,
)
from kouan.gateway.tokens import digest_of

router = Router(tags=["报文 Messages"])

_REMEMBERED_SECONDS = 5
"""How long a token that was found is not looked up again; a channel that is closed is closed within that time."""
MOST_RECEIPTS = 500


class AcknowledgementOut(Schema):
    """One message that is on disk for good."""

    message_id: UUID
    guid: str
    digest: str
    is_repeated: bool
    conflicts_with: UUID | None = None


class AcknowledgementsOut(Schema):
    """Every message of the body, in its order."""

    received_at: str
    messages: list[AcknowledgementOut]


class ReceiptOut(Schema):
    """One answer: who issued it, what it answers, and its bytes untouched."""

    receipt_id: UUID
    issuer: str
    kind: str
    answers: UUID | None
    issued_at: str
    node_count: int
    refused_count: int
    body_base64: str


class ReceiptsOut(Schema):
    """Answers that wait to be confirmed, oldest first."""

    receipts: list[ReceiptOut]


class ConfirmIn(Schema):
    """Receipts that are safe at your side."""

    receipt_ids: list[UUID]


class ConfirmedOut(Schema):
    """How many of them had still been waiting."""

    confirmed: int


def channel_of(request: HttpRequest) -> Connection | None:
    """Find the channel whose token the request bears."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    key = f"channel-{digest_of(token.strip()).hex()}"
    channel = cache.get(key)
    if channel is None:
        channel = selectors.find_channel(token.strip())
        if channel is not None:
            cache.set(key, channel, _REMEMBERED_SECONDS)
    return channel


@router.post(
    "/messages",
    response={202: AcknowledgementsOut},
    summary="报送报文 Send messages",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/xml": {"schema": {"type": "string", "format": "binary"}},
                "application/zip": {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
)
@machine_door(channel_of)
def post_messages(request: HttpRequest) -> HttpResponse:
    """Keep one message (CEB XML, DXP envelope) or a zip of many, and answer when all of it is on disk.

    The same bytes again get the same answer. Other bytes under a guid that is taken are kept aside and answered with
    409. What is wrong inside a message is told by its receipts.
    """
    channel: Connection = request.principal  # type: ignore[attr-defined]
    at = timezone.now()
    try:
        acknowledgements = receive(
            channel=channel, body=_whole_body(request), at=at, file_name=request.headers.get("X-File-Name", "")
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


@router.get("/receipts", response={200: ReceiptsOut}, summary="取回执 Fetch receipts")
@machine_door(channel_of)
def get_receipts(request: HttpRequest, limit: int = 100) -> dict[str, Any]:
    """Give the answers that wait for this channel; they wait until they are confirmed."""
    channel: Connection = request.principal  # type: ignore[attr-defined]
    waiting = selectors.waiting_receipts(channel=channel, limit=max(1, min(limit, MOST_RECEIPTS)))
    return {
        "receipts": [
            {
                "receipt_id": receipt.pk,
                "issuer": receipt.issuer,
                "kind": receipt.kind,
                "answers": receipt.answers,
                "issued_at": receipt.issued_at.isoformat(),
                "node_count": receipt.node_count,
                "refused_count": receipt.refused_count,
                "body_base64": base64.b64encode(selectors.body_of(receipt)).decode(),
            }
            for receipt in waiting
        ]
    }


@router.post("/receipts/confirm", response={200: ConfirmedOut}, summary="确认回执 Confirm receipts")
@machine_door(channel_of)
def post_receipts_confirm(request: HttpRequest, body: ConfirmIn) -> dict[str, int]:
    """Confirm answers that are safe at your side; confirmed twice is confirmed once."""
    channel: Connection = request.principal  # type: ignore[attr-defined]
    return {"confirmed": confirm_fetched(channel=channel, receipt_ids=body.receipt_ids, at=timezone.now())}
