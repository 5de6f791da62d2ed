"""Matching of exports: the list with its order, receipt of payment and waybill, read for many cases at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from psycopg import Cursor

from kouan.declarations.export_rules import ExportParcel, Side, compare
from kouan.gateway.standards.ceb.export_rules import FOREIGN_PLATFORM
from kouan.records.problems import Problem

_COLUMNS = (
    "merchant_code", "transaction_no", "currency", "goods_value", "freight", "amount_paid", "gross_weight_kg",
    "line_count", "goods_digest", "trade_mode",
)  # fmt: skip


def _of(alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in _COLUMNS)


_READ: Any = f"""
select c.id, c.message_id, c.match, c.wait_reason, c.match_problems::text,
    {_of("l")}, ov.number, {_of("ov")}, pv.number, {_of("pv")}, wv.number, {_of("wv")}
from declarations_case c
join declarations_documentversion l on l.document_id = c.id and l.number = c.version
left join declarations_document o on o.kind = '303' and o.number = c.order_no and not o.is_deleted
    and o.owner_code = case when c.platform_code = '{FOREIGN_PLATFORM}' then c.merchant_code else c.platform_code end
left join declarations_documentversion ov on ov.document_id = o.id and ov.number = o.current_number
left join lateral (
    select d.id, d.current_number from declarations_document d
    where d.kind = '403' and d.order_no = c.order_no and d.platform_code = c.platform_code
        and d.owner_code = c.merchant_code and not d.is_deleted
    order by d.id desc limit 1
) p on true
left join declarations_documentversion pv on pv.document_id = p.id and pv.number = p.current_number
left join declarations_document w
    on w.owner_code = c.carrier_code and w.number = c.waybill_no and w.kind = '505' and not w.is_deleted
left join declarations_documentversion wv on wv.document_id = w.id and wv.number = w.current_number
where c.id = any(%b)
"""  # noqa: S608
"""The four sides of every case. The joins follow the documents' natural keys, the receipt its order."""


def compared(cursor: Cursor, cases: Sequence[UUID]) -> Iterable[tuple[tuple, tuple[str, ...], list[Problem]]]:
    """Give of every case what stands in its row, which companions are missing, and what does not agree."""
    for row in cursor.execute(_READ, (cases,)).fetchall():
        parcel = _parcel(row[5:])
        yield row[:5], parcel.missing, compare(parcel)


def _parcel(row: Sequence[Any]) -> ExportParcel:
    width = len(_COLUMNS)
    sides = []
    for start in range(width, len(row), width + 1):
        sides.append(None if row[start] is None else Side(*row[start + 1 : start + 1 + width]))
    return ExportParcel(Side(*row[:width]), *sides)
