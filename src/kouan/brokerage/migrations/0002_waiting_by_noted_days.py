import importlib

from django.db import migrations

WAITING = """
create view brokerage_waiting as
select d.id, 'goods_draft' as document,
    case d.check_state when 'to_check' then 'to_check' when 'bounced' then 'bounced' when 'checked' then 'to_send'
        else 'draft' end as waits,
    d.organisation_id as holder_id, d.title as number, d.client_code, d.client_name, d.author_id as person_id,
    d.updated_at as since, null::timestamptz as due_at, d.bounce_reason as note
from goods_goodsdraft d where d.state = 'draft'
union all
select d.id, 'parcel_draft',
    case when d.state = 'awaiting_signature' then 'to_sign' when d.check_state = 'to_check' then 'to_check'
        when d.check_state = 'bounced' then 'bounced' when d.check_state = 'checked' then 'to_send' else 'draft' end,
    d.organisation_id, d.title, d.client_code, d.client_name, d.author_id, d.updated_at, null, d.bounce_reason
from declarations_draft d where d.state <> 'declared'
union all
select s.id, 'parcel_sheet',
    case s.check_state when 'to_check' then 'to_check' when 'bounced' then 'bounced' else 'to_send' end,
    s.organisation_id, left(s.name, 120), '', '', s.author_id, coalesce(s.submitted_at, s.uploaded_at), null,
    s.bounce_reason
from declarations_sheet s where s.declared_at is null and s.check_state <> 'making'
union all
select g.id, 'goods',
    case when g.state = 'saved' then 'to_sign'
        when g.state in ('returned', 'not_accepted', 'import_failed', 'declaring_failed') then 'returned'
        when g.state in ('file_wanted', 'by_hand') then 'question'
        when g.state in ('tax_due', 'guaranteed') then 'tax' else 'other' end,
    g.sender_id, g.client_no, g.trader_code, g.trader_name,
    (select d.author_id from goods_goodsdraft d where d.message_id = g.message_id limit 1), g.state_since,
    (g.due_date + 1)::timestamp at time zone 'Asia/Shanghai' - interval '1 minute',
    g.official_note
from goods_goodsdeclaration g where g.waits_for = 'declarant'
union all
select c.id, 'parcel',
    case when c.state in ('mismatched', 'returned_for_correction') then 'returned'
        when c.state = 'awaiting_answer' then 'question' else 'other' end,
    c.sender_id, c.internal_no, c.merchant_code, c.merchant_name, null, c.state_since, null, ''
from declarations_case c where c.waits_for = 'declarant'
union all
select g.id, 'delegation', 'delegation', g.agent_id, g.agreement_no, coalesce(nullif(o.customs_code, ''), o.uscc),
    o.name_zh, null, g.ends_soon_at, g.until, ''
from accounts_delegation g join accounts_organisation o on o.id = g.client_id
where g.until > now() and g.ends_soon_at <= now()
union all
select r.id, 'request', 'request', r.client_id, r.agreement_no, coalesce(nullif(o.customs_code, ''), o.uscc),
    o.name_zh, null, r.asked_at, null, ''
from accounts_delegationrequest r join accounts_organisation o on o.id = r.agent_id where r.state = 'asked'
"""
"""Days by which to act are those that the rules noted in the rows: a declaration's last day, to its last minute, and
from when on a delegation ends soon. No figure of the law stands here."""
BEFORE = importlib.import_module("kouan.brokerage.migrations.0001_desk").WAITING


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_when_a_delegation_ends_soon"),
        ("brokerage", "0001_desk"),
        ("goods", "0004_two_steps_taxes_and_sheets"),
    ]

    operations = [
        migrations.RunSQL("drop view brokerage_waiting", BEFORE),
        migrations.RunSQL(WAITING, "drop view brokerage_waiting"),
    ]
