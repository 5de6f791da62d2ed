"""Filling a database with many goods declarations, drafts, answers and entries of the audit, by set-based SQL.

Invented: 120 days of declarations of firms from thirty per cent of them down to twenty in all; of a hundred, three wait
for their firm. Bytes of messages are left out; no list opens them.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from benchmarks.stored import DAYS, SMALL_FIRM_CASES, Firms, escaped, uuid_of, without_indexes

_NUMBERS = """
create unlogged table bench_goods as
select n, ms, to_timestamp(ms / 1000.0) as at,
    case when n %% %(every_small)s = 7 then %(small)s::uuid
         when n %% 100 < 8 then %(big)s::uuid when n %% 100 < 38 then %(platform)s::uuid
         else (%(others)s::uuid[])[1 + n %% 31] end as firm,
    (array['saved', 'returned', 'not_accepted', 'file_wanted', 'tax_due', 'by_hand', 'sent', 'declared', 'accepted',
        'inspected', 'awaiting_channel', 'released', 'closed'])[1 + case when draw < 6 then draw
        when draw < 14 then 6 + draw %% 5 when draw < 40 then 11 else 12 end] as state
from (
    select n, (hashint4(n) & 2147483647) %% 200 as draw,
        (extract(epoch from now()) * 1000)::bigint - ((%(count)s - n) * (%(days)s * 86400000.0 / %(count)s))::bigint
            as ms
    from generate_series(1, %(count)s) n
) as drawn
"""
_COLUMNS = {
    "id": uuid_of("goods"), "sender_id": "firm", "client_no": "'BG' || lpad(n::text, 12, '0')",
    "seq_no": "'I' || lpad(n::text, 17, '0')", "entry_no": "'4700' || lpad(n::text, 14, '0')",
    "connection_id": "%(connection)s::uuid", "message_id": uuid_of("goods message"), "version": "1",
    "digest": "md5(n::text)::uuid", "edition": "'4.8'", "procedure": "'ordinary'",
    "direction": "(array['I', 'E'])[1 + n % 2]", "customs_code": "'4700'", "port_code": "'4712'",
    "trade_mode": "'0110'", "transport_mode": "'2'", "trade_country": "'DEU'", "agent_code": "left(firm::text, 10)",
    "agent_name": "'演示报关企业' || n % 31", "trader_code": "'42019' || lpad((n % 200)::text, 5, '0')",
    "trader_name": "'演示进出口企业' || n % 200", "owner_name": "'演示进出口企业' || n % 200",
    "bill_no": "'DEMO' || lpad(n::text, 10, '0')", "contract_no": "'HT' || n", "record_no": "''",
    "entry_date": "at::date", "gross_weight_kg": "100 + n % 900", "net_weight_kg": "90 + n % 900", "packages": "10",
    "line_count": "1 + n % 50", "goods_summary": "'演示集成电路 等 ' || 1 + n % 50 || ' 项'",
    "total_value": "1000 + n % 9000", "currency": "'USD'", "hs_codes": "'{8542319000}'::varchar[]",
    "container_nos": "array['DEMU' || lpad((n % 1000000)::text, 7, '0')]::varchar[]",
    "parties": "array[firm, (%(others)s::uuid[])[1 + n % 40]]", "import_code": "'0'", "official_channel": "'L'",
    "official_at": "at", "official_note": "''", "tax": "''", "state": "state",
    "waits_for": "case when state in ('saved', 'returned', 'not_accepted', 'file_wanted', 'tax_due', 'by_hand') then"
    " 'declarant' when state = 'closed' then 'nobody' else 'customs' end",
    "state_since": "at + interval '1 hour'", "received_at": "at",
    "released_at": "case when state in ('released', 'closed') then at + interval '1 hour' end",
    "is_demo": "true", "document_type": "''", "step": "''", "list_no": "''", "declared_at": "null", "left_at": "null",
    "due_date": "case when n % 2 = 0 and state not in ('released', 'closed') then at::date + 14 end",
    "due_for": "case when n % 2 = 0 and state not in ('released', 'closed') then 'declare' else '' end",
    "reminded": "''", "agencies": "'{customs}'::varchar[]", "routing": "'{}'::jsonb", "routed_version": "1",
    "goods_place": "'演示堆场'",
}  # fmt: skip
_DECLARATIONS = f"""
insert into goods_goodsdeclaration ({", ".join(_COLUMNS)})
select {", ".join(_COLUMNS.values())} from bench_goods order by n
"""  # noqa: S608
_DRAFTS = f"""
insert into goods_goodsdraft (id, organisation_id, author_id, title, kept_values, corrects, client_code, client_name,
    state, message_id, created_at, updated_at, check_state, revision, bounce_reason, bounce_pointer)
select {uuid_of("goods draft")}, firm, %(person)s, 'KG' || n, '', null, '42019' || lpad((n % 200)::text, 5, '0'),
    '演示进出口企业' || n % 200, case when n % 50 = 0 then 'draft' else 'sent' end,
    case when n % 50 = 0 then null else {uuid_of("goods message")} end, at, at,
    case when n % 200 = 0 then 'to_check' else 'making' end, 0, '', ''
from bench_goods where n % 4 = 0 order by n
"""  # noqa: S608
_ANSWERS = f"""
insert into goods_goodsanswer (message_id, place, declaration_id, version, kind, code, note, client_no, seq_no,
    entry_no, noticed_at, received_at, moved, explanation, explained_by, explained_at)
select {uuid_of("goods answer")}, 1, case when n % 100 <> 3 then {uuid_of("goods")} end, 1, 'DecResult', 'L', '演示',
    '', 'I' || lpad(n::text, 17, '0'), '', at, at, n % 100 <> 3, case when n % 200 = 3 then '演示说明' else '' end, '',
    null
from bench_goods order by n
"""  # noqa: S608
_APPLICATIONS = f"""
insert into goods_goodsapplication (id, declaration_id, version, client_no, kind, reason, changes, opinion, parties,
    state, state_since, asked_at, asked_by, is_demo)
select {uuid_of("goods application")}, {uuid_of("goods")}, 1, 'BG' || lpad(n::text, 12, '0'), 'correct', '演示', '', '',
    array[firm], case when n % 400 = 0 then 'asked' else 'carried_out' end, at, at, '演示', true
from bench_goods where n % 20 = 0 order by n
"""  # noqa: S608
_AUDIT = f"""
insert into audit_auditentry (id, at, actor_id, actor_label, organisation_id, act, subject_kind, subject_id, purpose,
    count, detail, request_id)
select {uuid_of("audit")}, at, null, '演示' || n % 500, null,
    case when n % 50 = 0 then 'see_personal_data' else 'see_case' end, 'case', {uuid_of("621")}::text,
    case when n % 50 = 0 then '演示核对' else '' end, 1, '{{}}', ''
from bench_goods order by n
"""  # noqa: S608
TABLES = ["goods_goodsdeclaration", "goods_goodsdraft", "goods_goodsanswer", "goods_goodsapplication"]


def fill_goods(cursor: Any, count: int, firms: Firms, person: UUID) -> None:
    """Store declarations with drafts, answers and applications, and as many entries of the audit; analyse all."""
    values = {
        "count": count, "days": DAYS, "every_small": max(1, count // SMALL_FIRM_CASES), "small": firms.small,
        "big": firms.big, "platform": firms.platform, "others": firms.others, "connection": firms.connection,
        "person": person,
    }  # fmt: skip
    cursor.execute("set synchronous_commit = off")
    with without_indexes(cursor, TABLES):
        cursor.execute(_NUMBERS, values)
        for sql in (_DECLARATIONS, _DRAFTS, _ANSWERS, _APPLICATIONS, _AUDIT):
            cursor.execute(escaped(sql), values)
        cursor.execute("drop table bench_goods")
    for table in (*TABLES, "audit_auditentry"):
        cursor.execute(f"vacuum analyze {table}")
