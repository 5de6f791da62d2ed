"""Filling a database with many parcel declarations at once: the rows that the pipeline leaves, by set-based SQL.

Invented: 120 days of cases, the youngest per cent still open, firms from thirty per cent of the cases down to twenty
cases in all. Signatures, bytes of messages and events are left out; no page under measurement opens them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

DAYS = 120
SMALL_FIRM_CASES = 20
OTHER_FIRMS = 40


@dataclass(frozen=True)
class Firms:
    """Who takes part in the stored cases."""

    platform: UUID
    big: UUID
    small: UUID
    others: list[UUID]
    connection: UUID


_PARCELS = """
create unlogged table bench_parcel as
select n, ms, to_timestamp(ms / 1000.0) as at,
    case when n %% %(every_small)s = 7 then %(small)s::uuid
         when n %% 100 < 8 then %(big)s::uuid
         else (%(others)s::uuid[])[1 + n %% 31] end as declarant,
    case when n %% 10 < 3 then %(platform)s::uuid else (%(others)s::uuid[])[32 + n %% 9] end as platform,
    case
        when n > %(cases)s * 0.997 then (array['awaiting_documents',
            'awaiting_answer', 'awaiting_forwarding'])[1 + n %% 3]
        when n > %(cases)s * 0.99 and n %% 2 = 0 then 'awaiting_answer'
        when draw < 900 then 'closed' when draw < 940 then 'released' when draw < 955 then 'returned_for_correction'
        when draw < 965 then 'mismatched' when draw < 973 then 'withdrawn' when draw < 980 then 'under_inspection'
        when draw < 985 then 'refused' when draw < 987 then 'held' when draw < 988 then 'detained'
        when draw < 992 then 'awaiting_documents' else 'closed' end as state,
    case when n %% 300 = 1 then '{tax,customs}' when n %% 20 = 1 then '{market_supervision,customs}'
         else '{customs}' end::varchar[] as agencies,
    1 + n %% 5 as lines
from (
    select n, (hashint4(n) & 2147483647) %% 1000 as draw,
        (extract(epoch from now()) * 1000)::bigint - ((%(cases)s - n) * (%(days)s * 86400000.0 / %(cases)s))::bigint
            as ms
    from generate_series(1, %(cases)s) n
) as drawn
"""

_UUID = (
    "(lpad(to_hex(ms), 12, '0') || '7' || substr(md5('{salt}' || {of}), 1, 3) || '8'"
    " || substr(md5('{salt}' || {of}), 4, 15))::uuid"
)


def uuid_of(salt: str, of: str = "n") -> str:
    return _UUID.format(salt=salt, of=of)


_NUMBERS = {
    "311": ("'420196YS01'", "'DD' || n"),
    "411": ("'310196YS03'", "'ZF' || n"),
    "511": ("'420196YS04'", "'YD' || n"),
    "621": ("left(declarant::text, 10)", "'QD' || lpad(n::text, 12, '0')"),
}
"""Owner and number of the document of each kind, of parcel ``n``."""


def _message(kind: str) -> str:
    """Give the id of the message that brought a parcel's document: a hundred parcels a message."""
    return f"('00000000-0000-7{kind}-8000-' || lpad(to_hex(n / 100), 12, '0'))::uuid"


_CASES = f"""
insert into declarations_case (id, internal_no, declarant_code, declarant_name, merchant_code, merchant_name,
    platform_code, order_no, carrier_code, waybill_no, bill_no, list_no, customs_code, place_code, trade_mode,
    departure_country, gross_weight_kg, total_value, goods_summary, hs_codes, parties, agencies, sender_id,
    connection_id, message_id, version, match, wait_reason, match_problems, routed_version, routing, official_status,
    direction, official_at, tax, tax_status, state, waits_for, state_since, received_at, released_at, left_at,
    is_withdrawn, is_demo)
select {uuid_of("621")}, 'QD' || lpad(n::text, 12, '0'), left(declarant::text, 10), '演示报关企业' || n % 31,
    '420196YS02', '演示电商企业', '420196YS01', 'DD' || n, '420196YS04', 'YD' || n, 'TD' || n / 400,
    case when n % 50 = 0 then '' else '4201' || lpad(n::text, 14, '0') end, '4201', '4201S001', (array['9610',
    '1210'])[1 + n % 2], '305', 0.9, 199 + n % 700, '演示婴儿配方奶粉 等 ' || lines || ' 项', '{{1901101090}}',
    array[declarant, platform], case when is_matched then agencies else '{{}}' end, declarant, %(connection)s,
    {_message("621")}, 1, case state when 'awaiting_documents' then 'waiting'
    when 'mismatched' then 'mismatched' else 'matched' end, case state when 'awaiting_documents' then 'waybill' else ''
    end, '[]', is_matched::int,
    case when is_matched then '{{"table": "parcel_routing", "version": 1, "rows": ["food"]}}'::jsonb else '{{}}' end,
    case when state in ('closed', 'released') then '899' else '' end,
    case when n % 10 < %(exports)s then 'E' else 'I' end, null, null, '', state,
    case when state in ('closed', 'withdrawn', 'refused') then 'nobody' when state = 'released'
    then 'operator'
    when state = 'awaiting_answer' then 'national' when state in ('returned_for_correction', 'mismatched') then
    'declarant' when state = 'awaiting_documents' then 'logistics'
    when state = 'awaiting_forwarding' then 'kouan'
    else 'customs' end, at + interval '1 hour', at, case when state in ('closed', 'released') then at + interval '40
    minutes' end, case when state = 'closed' then at + interval '1 day' end, state = 'withdrawn', true
from (select *, state not in ('awaiting_documents', 'mismatched') as is_matched from bench_parcel) p order by n
"""  # noqa: S608

_REVIEWS = f"""
insert into clearance_review (id, case_id, version, agency, way, state, opinion, opened_at, state_since)
select {uuid_of("review", "agency || n")}, {uuid_of("621")}, 1, agency,
    case agency when 'customs' then 'relayed' else 'recorded' end,
    case when state in ('closed', 'released') then 'cleared' else 'pending' end, '', at, at
from bench_parcel, unnest(agencies) as agency where state not in ('awaiting_documents', 'mismatched') order by n
"""  # noqa: S608


def _documents(kind: str) -> str:
    owner, number = _NUMBERS[kind]
    keys = "'420196YS01', 'DD' || n" if kind == "411" else "'', ''"
    return f"""
insert into declarations_document (id, kind, owner_code, number, organisation_id, sender_id, connection_id,
    platform_code, order_no, current_number, message_id, app_time, digest, is_deleted, official_status, official_time,
    official_version)
select {uuid_of(kind)}, '{kind}', {owner}, {number}, declarant, declarant, %(connection)s, {keys}, 1,
    {_message(kind)}, to_char(at, 'YYYYMMDDHH24MISS'), md5(n::text)::uuid, false, '', '', 0
from bench_parcel order by n
"""  # noqa: S608


def _versions(kind: str) -> str:
    return f"""
insert into declarations_documentversion (document_id, number, kind, app_type, app_time, message_id, node_index, digest,
    received_at, internal_no, order_no, platform_code, merchant_code, declarant_code, payment_firm_code,
    transaction_no, carrier_code, waybill_no, bill_no, list_no, customs_code, port_code, place_code, trade_mode,
    transport_mode, country, currency, goods_value, freight, insurance, line_count)
select {uuid_of(kind)}, 1, '{kind}', '1', to_char(at, 'YYYYMMDDHH24MISS'), {_message(kind)}, 1 + n % 100,
    md5(n::text)::uuid, at, 'QD' || n, 'DD' || n, '420196YS01', '420196YS02', left(declarant::text, 10), '310196YS03',
    'ZF' || n, '420196YS04', 'YD' || n, '', '', '4201', '4201', '4201S001', '9610', '5', '305', '142', 199, 0, 0, lines
from bench_parcel order by n
"""  # noqa: S608


def _goods(kind: str) -> str:
    return f"""
insert into declarations_goodsline (document_id, version, line_no, item_no, hs_code, name, model, country, currency,
    quantity, unit, quantity_1, unit_1, unit_2, price, total)
select {uuid_of(kind)}, 1, line, 'H' || n % 997, '1901101090', '演示婴儿配方奶粉', '规格：800克/罐', '609', '142', 1,
    '122', 0.8, '035', '', 199, 199
from bench_parcel, generate_series(1, lines) as line order by n
"""  # noqa: S608


TABLES = ["declarations_case", "declarations_document", "declarations_documentversion", "declarations_goodsline",
          "clearance_review"]  # fmt: skip


def fill(cursor: Any, cases: int, firms: Firms, *, exports: int = 0) -> None:
    """Store cases, reviews, documents, versions and goods; indexes are built afterwards, then all is analysed.

    exports: how many of ten cases are exports.
    """
    values = {
        "cases": cases, "days": DAYS, "every_small": max(1, cases // SMALL_FIRM_CASES), "small": firms.small,
        "big": firms.big, "platform": firms.platform, "others": firms.others, "connection": firms.connection,
        "exports": exports,
    }  # fmt: skip
    cursor.execute("set synchronous_commit = off")
    with without_indexes(cursor, TABLES):
        cursor.execute(_PARCELS, values)
        for sql in (_CASES, _REVIEWS, *(make(kind) for kind in _NUMBERS for make in (_documents, _versions))):
            cursor.execute(escaped(sql), values)
        for kind in ("621", "311"):
            cursor.execute(_goods(kind))
        cursor.execute("drop table bench_parcel")
    for table in TABLES:
        cursor.execute(f"vacuum analyze {table}")


@contextmanager
def without_indexes(cursor: Any, tables: Sequence[str]) -> Iterator[None]:
    """Drop the indexes that keep no constraint until the block ends."""
    cursor.execute(
        """select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i
        where i.indrelid = any(%s::regclass[]) and not exists (select 1 from pg_constraint c where c.conindid =
        i.indexrelid)""",
        (list(tables),),
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"drop index {name}")
    yield
    for _, definition in found:
        cursor.execute(definition)


def escaped(sql: str) -> str:
    """Double the per cent signs that are remainders, not parameters."""
    return sql.replace("%", "%%").replace("%%(", "%(")
