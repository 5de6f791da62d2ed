"""Opening cases: an import or export list that is accepted opens a case, its later versions begin it anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from django.db import connection as database
from psycopg import Cursor

from kouan.accounts import selectors as accounts
from kouan.declarations import rows
from kouan.declarations.codes import Direction, Kind
from kouan.declarations.rules import EXPORT_COMPANIONS, IMPORT_COMPANIONS
from kouan.declarations.versions import DELETE, Current
from kouan.gateway.services.working import Claimed
from kouan.gateway.standards.ceb.declarations import ListHead, ListLine
from kouan.gateway.standards.ceb.export_declarations import ExportListHead, ExportListLine
from kouan.gateway.standards.ceb.types import Node
from kouan.transport import selectors as transport

FIRST_STATE, FIRST_PARTY = "awaiting_documents", "kouan"


class AcceptedList(Protocol):
    """A list that became a version of its document."""

    document_id: UUID
    number: int
    kind: str
    node: Node
    message: Claimed
    is_demo: bool


_COLUMNS = (
    "id, internal_no, declarant_code, declarant_name, merchant_code, merchant_name, platform_code, order_no,"
    " carrier_code, waybill_no, bill_no, list_no, customs_code, place_code, trade_mode, departure_country,"
    " gross_weight_kg, total_value, goods_summary,"
    " hs_codes, parties, agencies, sender_id, connection_id, message_id, version, match, wait_reason,"
    " match_problems, routed_version, routing, official_status, official_at, tax, tax_status, state, waits_for,"
    " state_since, received_at, released_at, left_at, is_demo, is_withdrawn, direction, procedure, currency"
)
_TAKE_OVER = ", ".join(
    f"{name} = n.{name}"
    for name in [
        "internal_no",
        "declarant_code",
        "declarant_name",
        "merchant_code",
        "merchant_name",
        "platform_code",
        "order_no",
        "carrier_code",
        "waybill_no",
        "bill_no",
        "customs_code",
        "place_code",
        "trade_mode",
        "total_value",
        "goods_summary",
        "hs_codes",
        "parties",
        "sender_id",
        "connection_id",
        "message_id",
        "version",
        "match",
        "wait_reason",
        "match_problems",
        "official_status",
        "official_at",
        "state",
        "waits_for",
        "state_since",
        "is_withdrawn",
        "procedure",
        "currency",
    ]
)
_BEGIN_ANEW: Any = f"update declarations_case c set {_TAKE_OVER} from case_begun n where c.id = n.id"  # noqa: S608


def open_cases(accepted: Sequence[AcceptedList], current: Mapping[Any, Current], at: datetime) -> None:
    """Open a case for every new list and begin anew those of which a new version came, in the caller's transaction.

    The latest version of each document counts; a deleted list leaves its case withdrawn.
    """
    if not accepted:
        return
    latest = {one.document_id: one for one in accepted}
    opened = {one.document_id for one in accepted if one.number == 1}
    ids = accounts.organisation_ids_by_code({code for one in latest.values() for code in _codes_of(one.node.head)})
    places = transport.load_places(at.date())
    operators = {code: place.operator_id for code, place in places.items() if place.operator_id}
    stamp = rows.time_text(at)
    cursor = Cursor(database.connection)
    new = [_line(one, ids, operators, stamp) for key, one in latest.items() if key in opened]
    later = [_line(one, ids, operators, stamp) for key, one in latest.items() if key not in opened]
    if new:
        rows.copy_lines(cursor, "declarations_case", _COLUMNS, new)
    if later:
        _begin_anew(cursor, later)


def _begin_anew(cursor: Cursor, lines: Sequence[str]) -> None:
    cursor.execute("create temporary table case_begun (like declarations_case including defaults) on commit drop")
    rows.copy_lines(cursor, "case_begun", _COLUMNS, lines)
    cursor.execute(_BEGIN_ANEW)
    cursor.execute("drop table case_begun")


def _codes_of(head: ListHead | ExportListHead) -> tuple[str, ...]:
    codes = (head.declarant_code, head.merchant_code, head.platform_code, head.carrier_code)
    return tuple(code for code in codes if code)


def _line(one: AcceptedList, ids: Mapping[str, UUID], operators: Mapping[str, UUID], stamp: str) -> str:
    head, lines, message = one.node.head, one.node.lines, one.message
    parties = {ids[code] for code in _codes_of(head) if code in ids} | {message.organisation_id}
    if operator := operators.get(head.place_code or ""):
        parties.add(operator)
    is_withdrawn = head.app_type == DELETE
    if one.kind == Kind.EXPORT_LIST:
        country, missing = head.arrival_country, ",".join(EXPORT_COMPANIONS)
        way = (str(Direction.EXPORT), head.procedure or "", lines[0].currency or "")
    else:
        country, missing = head.departure_country, ",".join(IMPORT_COMPANIONS)
        way = (str(Direction.IMPORT), "", head.currency or "")
    return rows.to_line(
        (
            str(one.document_id), rows.key_of(one.kind, head)[1], head.declarant_code, head.declarant_name,
            head.merchant_code, head.merchant_name, head.platform_code, head.order_no, head.carrier_code,
            head.waybill_no, head.bill_no or "", head.list_no or "", head.customs_code, head.place_code or "",
            head.trade_mode, country, head.gross_weight_kg,
            str(_total(lines)), _summary(lines), _array(sorted({line.hs_code for line in lines})),
            _array(sorted(map(str, parties))), "{}", str(message.organisation_id), str(message.connection_id),
            str(message.id), str(one.number), "waiting", missing, "[]", "0", "{}", "", rows.NULL,
            rows.NULL, "", "withdrawn" if is_withdrawn else FIRST_STATE, "nobody" if is_withdrawn else FIRST_PARTY,
            stamp, stamp, rows.NULL, rows.NULL, "t" if one.is_demo else "f", "t" if is_withdrawn else "f", *way,
        )
    )  # fmt: skip


def _total(lines: Sequence[ListLine | ExportListLine]) -> Decimal:
    return sum((Decimal(line.total_price or 0) for line in lines), Decimal(0))


def _summary(lines: Sequence[ListLine | ExportListLine]) -> str:
    """Name the first goods and how many more there are, so that a list of cases can be read."""
    first = (lines[0].goods_name or "")[:60]
    return first if len(lines) == 1 else f"{first} 等 {len(lines)} 项"


def _array(values: Sequence[str]) -> str:
    return "{" + ",".join(values) + "}"
