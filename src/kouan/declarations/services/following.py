"""Following exports: what later documents do to a list, whichever of them came first.

A cancellation that customs granted withdraws a list, a departure that customs concluded takes its parcel out of the
country, a summary application takes it in, an application to return brings its goods back. Each names parcels by number
and may come before the list, after it, twice, or be taken back. So nothing is counted up: when a list or a document
that names it changes, what the list has from them is read anew from the documents that stand. Transactions that do so
take turns (``take_turn``), so that the one that comes last sees what all the others wrote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection as database
from psycopg import Cursor

from kouan.declarations.services.summaries import release_held
from kouan.declarations.states import GRANTED, ComingBack, moment_of, state_of_return
from kouan.gateway.services.working import Claimed
from kouan.workflow.services import Happening, record_events

KINDS = ("603", "605", "509", "701", "213", "215")
"""The documents of which one changes what lists have from the others."""

RECEIPTS = ("604", "606", "510", "702", "214", "216", "900")
_TURN = 7_013_603


@dataclass(frozen=True, slots=True)
class Following:
    """What a list has from the documents that name it."""

    is_withdrawn: bool = False
    departed_at: datetime | None = None
    summary_id: UUID | None = None
    return_state: str = ComingBack.NONE


@dataclass(frozen=True, slots=True)
class Application:
    """A summary application that would take a list in; the first one by the firm's own time has it."""

    app_time: str
    internal_no: str
    id: UUID


def following_of(
    *, is_deleted: bool, is_cancelled: bool, departures: Iterable[datetime], applications: Iterable[Application],
    returns: Iterable[str] = (), is_tallied: bool = False,
) -> Following:  # fmt: skip
    """Say what a list has from the documents that name it; pure, and the same for every order in which they came."""
    is_withdrawn = is_deleted or is_cancelled
    first = min(applications, key=lambda one: (one.app_time, one.internal_no, one.id), default=None)
    return Following(
        is_withdrawn=is_withdrawn,
        departed_at=min(departures, default=None),
        summary_id=first.id if first and not is_withdrawn else None,
        return_state=str(state_of_return(returns, is_tallied=is_tallied)),
    )


def take_turn(cursor: Cursor) -> None:
    """Wait for the transactions that follow exports at this moment; taken before any row is locked."""
    cursor.execute("select pg_advisory_xact_lock(%b)", (_TURN,))


_STORED = "select distinct document_id from declarations_documentversion where message_id = any(%b) and kind = any(%b)"


def follow_stored(messages: Sequence[Claimed], at: datetime) -> list[UUID]:
    """Follow what stored messages brought, in the caller's transaction; give the messages of the lists that changed."""
    ids = [message.id for message in messages if message.kind in KINDS or message.standard == "dxp"]
    if not ids:
        return []
    cursor = Cursor(database.connection)
    documents = [row[0] for row in cursor.execute(_STORED, (ids, list(KINDS))).fetchall()]
    if not documents:
        return []
    take_turn(cursor)
    changed = follow(cursor, documents, at)
    release_held(ids)
    cursor.execute("select distinct message_id from declarations_case where id = any(%b)", (changed,))
    return [row[0] for row in cursor.fetchall()]


_CONCERNED = """
select id from declarations_case where id = any(%(of)b) and direction = 'E'
union
select c.id from declarations_namedparcel p
    join declarations_documentversion v on v.document_id = p.document_id and v.number = p.version and v.kind = '509'
    join declarations_case c on c.waybill_no = p.waybill_no and c.carrier_code = v.carrier_code and c.direction = 'E'
    where p.document_id = any(%(of)b)
union
select c.id from declarations_namedparcel p join declarations_case c on c.list_no = p.list_no and c.direction = 'E'
    where p.document_id = any(%(of)b) and p.list_no <> '' and c.list_no <> ''
union
select c.id from declarations_documentversion v
    join declarations_case c on c.list_no = v.list_no and c.direction = 'E'
    where v.document_id = any(%(of)b) and v.kind in ('605', '213', '215') and v.list_no <> '' and c.list_no <> ''
union
select c.id from declarations_summary s join declarations_case c
    on c.direction = 'E' and c.declarant_code = s.declarant_code and c.official_at between s.since and s.until
    where s.id = any(%(of)b)
union
select id from declarations_case where summary_id is not null and summary_id = any(%(of)b)
"""
_LOCK = """
select c.id, c.is_withdrawn, c.departed_at, c.summary_id, c.return_state, d.is_deleted
from declarations_case c join declarations_document d on d.id = c.id
where c.id = any(%b) order by c.id for update of c
"""
_CANCELLED = """
select c.id from declarations_case c
join declarations_documentversion v on v.list_no = c.list_no and v.kind = '605'
join declarations_document d on d.id = v.document_id and d.current_number = v.number and not d.is_deleted
where c.id = any(%b) and c.list_no <> '' and d.official_status = %b
"""
_DEPARTED = """
select c.id, d.official_time, v.received_at from declarations_case c
join declarations_namedparcel p on p.waybill_no = c.waybill_no and p.waybill_no <> ''
join declarations_documentversion v on v.document_id = p.document_id and v.number = p.version and v.kind = '509'
    and v.carrier_code = c.carrier_code
join declarations_document d on d.id = v.document_id and d.current_number = v.number and not d.is_deleted
where c.id = any(%b) and d.official_status = %b
"""
_RETURNED = """
select c.id, v.kind, d.official_status from declarations_case c
join declarations_documentversion v on v.list_no = c.list_no and v.kind in ('213', '215')
join declarations_document d on d.id = v.document_id and d.current_number = v.number and not d.is_deleted
where c.id = any(%b) and c.list_no <> '' and d.official_status <> ''
"""
_APPLIED = """
select c.id, v.app_time, s.internal_no, s.id from declarations_case c
join declarations_summary s on s.declarant_code = c.declarant_code and s.merchant_code = c.merchant_code
    and s.customs_code = c.customs_code and s.state not in ('returned', 'withdrawn')
join declarations_document d on d.id = s.id and not d.is_deleted
join declarations_documentversion v on v.document_id = d.id and v.number = d.current_number
where c.id = any(%b) and c.procedure = 'B' and c.list_no <> '' and (
    (s.since is not null and c.official_status = '899' and c.official_at between s.since and s.until)
    or (s.since is null and exists (select 1 from declarations_namedparcel p
        where p.document_id = d.id and p.version = d.current_number and p.list_no = c.list_no)))
"""
# What passed no gate of ours has left at the latest when it left the country.
_WRITE = """
update declarations_case c set is_withdrawn = n.is_withdrawn, departed_at = n.departed_at, summary_id = n.summary_id,
    return_state = n.return_state,
    left_at = case when c.left_at is not distinct from c.departed_at then n.departed_at else c.left_at end
from unnest(%b::uuid[], %b::bool[], %b::timestamptz[], %b::uuid[], %b::text[])
    as n(id, is_withdrawn, departed_at, summary_id, return_state)
where c.id = n.id
"""


def follow(cursor: Cursor, documents: Collection[UUID], at: datetime) -> list[UUID]:
    """Read anew what the lists among documents, and those that documents name, have from the documents that stand.

    The caller has taken its turn. Returns the lists for which something changed.
    """
    concerned = [row[0] for row in cursor.execute(_CONCERNED, {"of": list(documents)}).fetchall()]
    if not concerned:
        return []
    known = {row[0]: row[1:] for row in cursor.execute(_LOCK, (concerned,)).fetchall()}
    cases = list(known)
    cancelled = {row[0] for row in cursor.execute(_CANCELLED, (cases, GRANTED)).fetchall()}
    departures: dict[UUID, list[datetime]] = defaultdict(list)
    for case_id, said_at, received_at in cursor.execute(_DEPARTED, (cases, GRANTED)).fetchall():
        departures[case_id].append(moment_of(said_at, received_at))
    applications: dict[UUID, list[Application]] = defaultdict(list)
    for case_id, *application in cursor.execute(_APPLIED, (cases,)).fetchall():
        applications[case_id].append(Application(*application))
    returns: dict[UUID, list[str]] = defaultdict(list)
    tallied: set[UUID] = set()
    for case_id, kind, status in cursor.execute(_RETURNED, (cases,)).fetchall():
        if kind == "213":
            returns[case_id].append(status)
        elif status == GRANTED:
            tallied.add(case_id)
    changed: list[tuple[Any, ...]] = []
    departed: list[UUID] = []
    for case_id, (*before, is_deleted) in known.items():
        now = following_of(
            is_deleted=is_deleted, is_cancelled=case_id in cancelled, departures=departures[case_id],
            applications=applications[case_id], returns=returns[case_id], is_tallied=case_id in tallied,
        )  # fmt: skip
        if [now.is_withdrawn, now.departed_at, now.summary_id, now.return_state] != before:
            changed.append((case_id, now.is_withdrawn, now.departed_at, now.summary_id, now.return_state))
        if now.departed_at and before[1] is None:
            departed.append(case_id)
    if changed:
        cursor.execute(_WRITE, tuple(map(list, zip(*changed, strict=True))))
    record_events([Happening(case_id, "case", "depart", actor_label="系统") for case_id in departed], at=at)
    return [row[0] for row in changed]
