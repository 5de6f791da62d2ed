"""From what a goods declaration says to the rows of this app, as text for ``COPY``. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.utils import timezone

from kouan.gateway.standards.dec.attached import Attachment
from kouan.gateway.standards.dec.document_types import SUMMED_UP, WITH_LIST, prefix_of, step_of
from kouan.gateway.standards.dec.goods import GoodsLine
from kouan.gateway.standards.dec.rules import are_numbers, is_number, number_of
from kouan.gateway.standards.dec.types import Declaration
from kouan.goods.codes import Procedure
from kouan.goods.natural import head_without_persons
from kouan.kernel import dates
from kouan.kernel.copying import DELIMITER, NULL, array_text, to_line

DECLARATION_COLUMNS = (
    "id", "sender_id", "client_no", "seq_no", "entry_no", "connection_id", "message_id", "version", "digest", "edition",
    "procedure", "direction", "customs_code", "port_code", "trade_mode", "transport_mode", "trade_country",
    "agent_code", "agent_name", "trader_code", "trader_name", "owner_name", "bill_no", "contract_no", "record_no",
    "entry_date", "gross_weight_kg", "net_weight_kg", "packages", "line_count", "goods_summary", "total_value",
    "currency", "hs_codes", "container_nos", "parties", "import_code", "official_channel", "official_at",
    "official_note", "tax", "state", "waits_for", "state_since", "received_at", "released_at", "is_demo",
    "document_type", "step", "list_no", "declared_at", "left_at", "due_date", "due_for", "reminded", "agencies",
    "routing", "routed_version", "goods_place",
)  # fmt: skip
KEPT = frozenset(
    {"id", "sender_id", "client_no", "seq_no", "entry_no", "received_at", "tax", "released_at", "left_at", "agencies",
     "routing", "routed_version"}
)  # fmt: skip
"""What a later version of a declaration does not begin anew."""
VERSION_COLUMNS = (
    "declaration_id", "number", "message_id", "digest", "edition", "operation", "file_count", "delegation_id",
    "received_at",
)  # fmt: skip
ITEM_COLUMNS = (
    "declaration_id", "version", "line_no", "hs_code", "name", "specification", "quantity", "unit", "legal_quantity",
    "legal_unit", "price", "total", "currency", "origin_country", "destination_country", "duty_mode",
)  # fmt: skip
FILE_COLUMNS = ("declaration_id", "version", "name", "document_kind", "size", "digest")

_BEGUN: dict[str, Any] = {
    "seq_no": "", "entry_no": "", "import_code": "", "official_channel": "", "official_at": None, "official_note": "",
    "tax": "", "released_at": None, "declared_at": None, "left_at": None, "due_date": None, "due_for": "",
    "reminded": "", "agencies": [], "routing": "{}", "routed_version": 0,
}  # fmt: skip
"""What is not known of a version before anybody has answered it."""


def said_of(declaration: Declaration, at: datetime) -> dict[str, Any]:
    """Give the columns of a declaration that its message fills, without persons, and those that begin empty."""
    head, lines = head_without_persons(declaration.head), declaration.lines
    day = _day(head.entry_date)
    totals = [number_of(line.total_price) for line in lines]
    currencies = {line.currency for line in lines if line.currency}
    is_one = len(currencies) == 1
    return _BEGUN | {
        "edition": declaration.edition,
        "procedure": str(_procedure(declaration, day, at)),
        "document_type": (head.document_type or "")[:6],
        "step": step_of(head.document_type) or "",
        "list_no": (declaration.signing.list_seq_no or "") if head.entry_type in WITH_LIST else "",
        "direction": head.direction or "",
        "customs_code": head.customs_code or "",
        "port_code": head.port_code or "",
        "trade_mode": head.trade_mode or "",
        "transport_mode": head.transport_mode or "",
        "trade_country": head.trade_country or "",
        "agent_code": head.agent_code or "",
        "agent_name": head.agent_name or "",
        "trader_code": head.trader_code or "",
        "trader_name": head.trader_name or "",
        "owner_name": head.owner_name or "",
        "goods_place": head.goods_place or "",
        "bill_no": head.bill_no or "",
        "contract_no": head.contract_no or "",
        "record_no": head.record_no or "",
        "entry_date": day,
        "gross_weight_kg": number_of(head.gross_weight_kg),
        "net_weight_kg": number_of(head.net_weight_kg),
        "packages": _whole(head.packages),
        "line_count": len(lines),
        "goods_summary": _summary(lines),
        "total_value": sum((value for value in totals if value is not None), Decimal(0)) if is_one else None,
        "currency": next(iter(currencies)) if is_one else "",
        "hs_codes": sorted({line.hs_code or "" for line in lines}),
        "container_nos": [container.container_no or "" for container in declaration.containers],
    }


def to_text(row: Mapping[str, Any]) -> str:
    """Give the COPY line of a declaration."""
    return to_line([_text(row[name]) for name in DECLARATION_COLUMNS])


def _text(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        return array_text(map(str, value))
    return str(value)


_ITEM_TEXTS = ("hs_code", "goods_name", "specification", "quantity", "unit", "legal_quantity", "legal_unit", "price",
               "total_price", "currency", "origin_country", "destination_country", "duty_mode")  # fmt: skip
_read_item = attrgetter(*_ITEM_TEXTS)
_ITEM_NUMBERS = frozenset({"quantity", "legal_quantity", "price", "total_price"})


def item_lines(declaration_id: UUID | None, version: int, lines: Sequence[GoodsLine]) -> list[str]:
    """Give the COPY lines of the goods of a version, column by column: what lines repeat is looked at once."""
    texts = zip(*map(_read_item, lines), strict=True)
    columns = [
        _numbers(values) if name in _ITEM_NUMBERS else values if all(values) else [value or "" for value in values]
        for name, values in zip(_ITEM_TEXTS, texts, strict=False)
    ]
    start = f"{declaration_id}{DELIMITER}{version}"
    return [to_line((start, str(place), *values)) for place, values in enumerate(zip(*columns, strict=True), 1)]


def file_lines(
    declaration_id: UUID | None, version: int, files: Mapping[str, bytes], named: Sequence[Attachment]
) -> list[str]:
    """Give the COPY lines of the files of a version."""
    kinds = {one.file_name: one.document_kind or "" for one in named}
    return [
        to_line((str(declaration_id), str(version), name, kinds.get(name, ""), str(len(content)),
                 f"\\x{hashlib.sha256(content).hexdigest()}"))
        for name, content in files.items()
    ]  # fmt: skip


def _numbers(values: Sequence[str | None]) -> Sequence[Any]:
    """Give the characters of numbers as they were declared; PostgreSQL reads them."""
    return values if are_numbers(values) else [value if is_number(value) else NULL for value in values]


def _procedure(declaration: Declaration, day: date | None, at: datetime) -> Procedure:
    """Say by which procedure: the type of the document tells two steps and summed-up tax, a day to come early."""
    if step_of(declaration.head.document_type):
        return Procedure.TWO_STEP
    if prefix_of(declaration.head.document_type) in SUMMED_UP:
        return Procedure.SUMMARY
    return Procedure.EARLY if day and day > timezone.localdate(at) else Procedure.ORDINARY


def _day(value: str | None) -> date | None:
    try:
        return dates.parse_date(value or "")
    except ValueError:
        return None


def _whole(value: str | None) -> int | None:
    number = number_of(value)
    return int(number) if number is not None else None


def _summary(lines: Sequence[GoodsLine]) -> str:
    first = (lines[0].goods_name or "")[:60] if lines else ""
    return first if len(lines) < 2 else f"{first} 等 {len(lines)} 项"
