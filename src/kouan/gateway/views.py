"""Pages of the gateway: one message, one receipt, readable and raw; personal data is masked."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kouan.accounts.access import NotYours, door
from kouan.accounts.codes import Role
from kouan.gateway import selectors

SEERS = (Role.TRADER_CLERK, Role.OFFICER, Role.PORT_OFFICE_CLERK, Role.SYSTEM_ADMIN)
_PERSONAL = re.compile(
    r"(<(?:[\w.-]+:)?(?:buyerIdNumber|buyerName|buyerTelephone|payerIdNumber|payerName|telephone|consignee"
    r"|consigneeTelephone|consigneeAddress|buyerRegNo)>)([^<]*)(<)"
)
_MOST_SHOWN = 200_000


@door(roles=SEERS)
def show_message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one message as it was kept, with how far it is."""
    user: Any = request.user
    try:
        message = selectors.get_message(message_id=pk, organisation_ids=_seen_by(user))
    except selectors.MessageUnknown:
        raise NotYours from None
    context = {
        "message": message,
        "text": masked(message.raw),
        "is_cut": len(message.raw) > _MOST_SHOWN,
        "traffic": selectors.traffic_of([pk]),
        "deliveries": selectors.deliveries_of(pk),
        "channel": selectors.channel_name(message.connection_id),
        "at": timezone.now(),
    }
    return render(request, "gateway/message.html", context)


@door(roles=SEERS)
def show_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one receipt: who issued it, what it answers, its words."""
    user: Any = request.user
    receipt = selectors.get_receipt(receipt_id=pk, organisation_ids=_seen_by(user))
    if receipt is None:
        raise NotYours
    context = {
        "receipt": receipt,
        "text": masked(selectors.body_of(receipt)),
        "deliveries": selectors.deliveries_of(pk),
        "channel": selectors.channel_name(receipt.connection_id),
        "at": timezone.now(),
    }
    return render(request, "gateway/receipt.html", context)


def _seen_by(user: Any) -> frozenset[UUID] | None:
    """Whose messages a person may see; ``None`` for all."""
    return None if user.sees_all_cases or user.is_system_admin else frozenset(user.acting_organisation_ids)


def masked(raw: bytes) -> str:
    """Give the text of a message with personal data masked, one element a line where it came without breaks."""
    text = raw[:_MOST_SHOWN].decode("utf-8", "replace")
    text = text if text.count("\n") > 5 else text.replace("><", ">\n<")
    return _PERSONAL.sub(lambda found: f"{found[1]}{_mask(found[2])}{found[3]}", text)


def _mask(value: str) -> str:
    return value[:1] + "●" * min(8, max(0, len(value) - 1))
