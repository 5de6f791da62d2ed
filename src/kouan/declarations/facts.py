"""What other apps read of a case in the hot path: one frozen row a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection as database
from psycopg import Cursor
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as the database has it, without its texts."""

    id: UUID
    message_id: UUID
    version: int
    routed_version: int
    match: str
    wait_reason: str
    trade_mode: str
    customs_code: str
    place_code: str
    hs_codes: list[str]
    departure_country: str
    gross_weight_kg: Decimal
    total_value: Decimal
    parties: list[UUID]
    official_status: str
    tax_status: str
    state: str
    waits_for: str
    is_withdrawn: bool
    received_at: datetime
    direction: str
    has_gone: bool
    return_state: str


_HAS_GONE = "case when direction = 'E' then departed_at is not null else left_at is not null end as has_gone"
_COLUMNS = ", ".join(CaseRow.__dataclass_fields__).replace("has_gone", _HAS_GONE)


def lock_cases_of_messages(message_ids: Sequence[UUID]) -> list[CaseRow]:
    """Lock the cases whose current version came in one of these messages, in id order."""
    return _lock("message_id = any(%b)", list(message_ids))


def lock_cases(case_ids: Sequence[UUID]) -> list[CaseRow]:
    """Lock cases by id, in id order."""
    return _lock("id = any(%b)", list(case_ids))


def _lock(condition: str, value: list[UUID]) -> list[CaseRow]:
    with Cursor(database.connection, row_factory=class_row(CaseRow)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from declarations_case where {condition} order by id for update",  # type: ignore[arg-type]  # noqa: S608
            (value,),
        ).fetchall()


@dataclass(frozen=True, slots=True)
class Route:
    """Which agencies a case concerns, and by which row of which table (JSON text)."""

    routing: str
    agencies: Sequence[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """The computed state of one case, about to be written; with its route where it was routed just now."""

    case_id: UUID
    state: str
    waits_for: str
    route: Route | None = None


_WRITE = """
update declarations_case c set state = n.state, waits_for = n.waits_for,
    state_since = case when c.state = n.state then c.state_since else %b end,
    released_at = case when n.state in ('released', 'released_with_conditions', 'closed', 'returning', 'goods_returned')
        then coalesce(c.released_at, %b) end,
    routed_version = case when n.routing is null then c.routed_version else c.version end,
    routing = coalesce(n.routing::jsonb, c.routing),
    agencies = coalesce(string_to_array(n.agencies, ','), c.agencies)
from unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[]) as n(id, state, waits_for, routing, agencies)
where c.id = n.id
"""
"""One write a case, because a case stands in many indexes."""


def write_standings(standings: Sequence[Standing], *, at: datetime) -> None:
    """Write computed states and fresh routes, in the caller's transaction. Only clearance calls this."""
    if standings:
        columns = zip(*map(_columns_of, standings), strict=True)
        Cursor(database.connection).execute(_WRITE, (at, at, *map(list, columns)))


def _columns_of(standing: Standing) -> tuple[UUID, str, str, str | None, str | None]:
    route = standing.route
    return (
        standing.case_id, standing.state, standing.waits_for,
        route and route.routing, route and ",".join(route.agencies),
    )  # fmt: skip


def mark_left(case_ids: Sequence[UUID], *, at: datetime) -> None:
    """Write that the goods of cases left the gate, in the caller's transaction; the first time stays.

    An import is over then; an export is on its way out of the country.
    """
    Cursor(database.connection).execute(
        "update declarations_case set left_at = coalesce(left_at, %b),"
        " waits_for = case when direction = 'E' and departed_at is null then 'logistics' else 'nobody' end"
        " where id = any(%b)",
        (at, list(case_ids)),
    )
