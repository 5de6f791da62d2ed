"""Reads of drafts and sheets, and what a new draft takes over from a case."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, QuerySet

from kouan.accounts import selectors as accounts
from kouan.accounts.access import get_visible
from kouan.declarations.codes import Direction
from kouan.declarations.models import (
    Case,
    Draft,
    DraftMessage,
    GoodsLine,
    Sheet,
)
from kouan.declarations.selectors.documents import companions_of, documents_about, goods_of

if TYPE_CHECKING:
    from kouan.accounts.models import User


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)


def list_drafts(user: User) -> QuerySet[Draft]:
    """Give the drafts of the firms for which a person acts."""
    return Draft.objects.visible_to(user)


def get_draft(*, user: User, pk: UUID) -> Draft:
    """Give one draft; raises NotYours."""
    return get_visible(Draft.objects, user, pk=pk)


def messages_to_sign(draft: Draft) -> list[DraftMessage]:
    """Give the messages of a draft that wait, or waited, for the card, in the order in which they are handed in."""
    return list(draft.messages.order_by("number"))


def get_sheet(*, user: User, pk: UUID) -> Sheet:
    """Give one uploaded sheet; raises NotYours."""
    return get_visible(Sheet.objects, user, pk=pk)


def count_open_drafts(user: User) -> int:
    """Count the drafts that are not declared, up to a hundred."""
    return Draft.objects.visible_to(user).exclude(state="declared")[:100].count()


def count_drafts_by_state(user: User) -> dict[str, int]:
    """Count the drafts that are not declared, by state."""
    rows = Draft.objects.visible_to(user).exclude(state="declared")
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")))


def values_to_copy(case: Case) -> dict[str, Any]:
    """Give what a new draft may take over from a case: firms, modes and goods, no numbers and no persons."""
    companions = companions_of(case, documents_about(case))
    listed = companions.listed
    firms = {
        "platform": case.platform_code,
        "merchant": case.merchant_code,
        "carrier": case.carrier_code,
        "payment_firm": companions.payment.payment_firm_code if companions.payment else "",
    }
    names = accounts.organisation_names_by_code(firms.values()) | {case.merchant_code: case.merchant_name}
    values = {f"{role}_code": code for role, code in firms.items()}
    values |= {f"{role}_name": names.get(code, "") for role, code in firms.items()}
    values |= {
        "trade_mode": case.trade_mode,
        "customs_code": case.customs_code,
        "port_code": listed.port_code,
        "place_code": case.place_code,
        "transport_mode": listed.transport_mode,
    }
    if case.direction == Direction.EXPORT:
        values |= {
            "direction": case.direction, "procedure": case.procedure, "arrival_country": case.departure_country,
            "currency": case.currency,
        }  # fmt: skip
    else:
        values["departure_country"] = case.departure_country
    return {**values, "goods": [_line_to_copy(line) for line in goods_of(case)]}


def _line_to_copy(line: GoodsLine) -> dict[str, str]:
    return {
        "item_no": line.item_no,
        "hs_code": line.hs_code,
        "name": line.name,
        "specification": line.model,
        "country": line.country,
        "quantity": _text(line.quantity),
        "unit": line.unit,
        "legal_quantity": _text(line.quantity_1),
        "legal_unit": line.unit_1,
        "second_quantity": _text(line.quantity_2),
        "second_unit": line.unit_2,
        "price": _text(line.price),
    }
