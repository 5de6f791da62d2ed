"""Matching: whenever one of the four documents of a parcel has come, its cases are compared anew.

Set-based: two statements find and lock the cases of a whole batch, one reads the four sides of each, the rules run in
Python, one statement writes what changed. Whoever comes last sees all four, because the sides are read after the lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection as database
from psycopg import Cursor

from kouan.declarations.codes import Direction, Match
from kouan.declarations.rules import Parcel, Side, compare
from kouan.declarations.services import export_matching, following
from kouan.gateway.codes import Step
from kouan.gateway.services.working import Claimed, pass_on, require
from kouan.records.problems import Problem, has_error

_LOCK_CASES = """
with touched as (
    select document_id, kind, order_no, platform_code, carrier_code, waybill_no
    from declarations_documentversion where message_id = any(%b)
), affected as (
    select document_id as id from touched where kind in ('621', '603')
    union
    select c.id from touched t join declarations_case c
        on c.order_no = t.order_no and c.platform_code = t.platform_code
        where t.kind in ('311', '411', '303', '403')
    union
    select c.id from touched t join declarations_case c
        on c.waybill_no = t.waybill_no and c.carrier_code = t.carrier_code
        where t.kind in ('511', '505')
)
select id, direction from declarations_case where id in (select id from affected) order by id for update
"""

_SIDE = (
    "order_no, platform_code, merchant_code, carrier_code, waybill_no, payment_firm_code, transaction_no, bill_no,"
    " amount_paid, line_count, buyer_digest, consignee_digest, goods_digest"
)
_SIDE_COLUMNS = [name.strip() for name in _SIDE.split(",")]


def _columns(alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in _SIDE_COLUMNS)


_READ_SIDES: Any = f"""
select c.id, c.message_id, c.match, c.wait_reason, c.match_problems::text,
    {_columns("l")}, ov.number, {_columns("ov")}, pv.number, {_columns("pv")}, wv.number, {_columns("wv")}
from declarations_case c
join declarations_documentversion l on l.document_id = c.id and l.number = c.version
left join declarations_document o
    on o.owner_code = c.platform_code and o.number = c.order_no and o.kind = '311' and not o.is_deleted
left join declarations_documentversion ov on ov.document_id = o.id and ov.number = o.current_number
left join lateral (
    select d.id, d.current_number from declarations_document d
    where d.kind = '411' and d.order_no = c.order_no and d.platform_code = c.platform_code and not d.is_deleted
    order by (d.number = ov.transaction_no) desc nulls last, d.id desc limit 1
) p on true
left join declarations_documentversion pv on pv.document_id = p.id and pv.number = p.current_number
left join declarations_document w
    on w.owner_code = c.carrier_code and w.number = c.waybill_no and w.kind = '511' and not w.is_deleted
left join declarations_documentversion wv on wv.document_id = w.id and wv.number = w.current_number
where c.id = any(%b)
"""  # noqa: S608
"""The four sides of every case. The joins follow the documents' natural keys, the payment its order."""

_WRITE = """
update declarations_case c
set match = n.match, wait_reason = n.wait_reason, match_problems = n.problems::jsonb
from unnest(%b::uuid[], %b::text[], %b::text[], %b::text[]) as n(id, match, wait_reason, problems)
where c.id = n.id
"""


def match_messages(messages: Sequence[Claimed], at: datetime) -> None:
    """Compare every case that a batch of stored messages touches, and hand the messages on."""
    followed = following.follow_stored(messages, at)
    cursor = Cursor(database.connection)
    ids = [message.id for message in messages]
    cases = cursor.execute(_LOCK_CASES, (ids,)).fetchall()
    lists = _compare_and_write(cursor, cases) if cases else []
    require({*lists, *followed}, step=Step.ROUTE, at=at)
    pass_on(ids, step=Step.MATCH, to=Step.ROUTE)


def _compare_and_write(cursor: Cursor, cases: Sequence[tuple[UUID, str]]) -> list[UUID]:
    """Write the match of cases that changed; return the list messages of those that are matched now."""
    changed: list[tuple[UUID, str, str, str]] = []
    ready: list[UUID] = []
    for (case_id, message_id, *before), missing, problems in _compared(cursor, cases):
        after = _judge(missing, problems)
        if list(after) != before:
            changed.append((case_id, *after))
            if after[0] == Match.MATCHED:
                ready.append(message_id)
    if changed:
        cursor.execute(_WRITE, tuple(list(column) for column in zip(*changed, strict=True)))
    return ready


def _compared(
    cursor: Cursor, cases: Sequence[tuple[UUID, str]]
) -> Iterator[tuple[tuple, tuple[str, ...], list[Problem]]]:
    """Give of every case what stands in its row, which companions are missing, and what does not agree."""
    imports = [case_id for case_id, direction in cases if direction == Direction.IMPORT]
    exports = [case_id for case_id, direction in cases if direction == Direction.EXPORT]
    if imports:
        for row in cursor.execute(_READ_SIDES, (imports,)).fetchall():
            parcel = _parcel(row[5:])
            yield row[:5], parcel.missing, compare(parcel)
    if exports:
        yield from export_matching.compared(cursor, exports)


def _judge(missing: tuple[str, ...], problems: list[Problem]) -> tuple[str, str, str]:
    """Give match, reason of waiting and problems (JSON text as PostgreSQL writes it for an empty list)."""
    written = msgspec.json.encode([p.to_dict() for p in problems]).decode() if problems else "[]"
    if has_error(problems):
        return str(Match.MISMATCHED), "", written
    if missing:
        return str(Match.WAITING), ",".join(missing), written
    return str(Match.MATCHED), "", written


def _parcel(row: Sequence) -> Parcel:
    width = len(_SIDE_COLUMNS)
    sides = []
    for start in range(width, len(row), width + 1):
        sides.append(None if row[start] is None else Side(*row[start + 1 : start + 1 + width]))
    return Parcel(Side(*row[:width]), *sides)
