"""What other apps read of a case in the hot path: one frozen row a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
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


_COLUMNS = ", ".join(CaseRow.__dataclass_fields__)


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
class Standing:
    """The computed state of one case, about to be written."""

    case_id: UUID
    state: str
    waits_for: str


_WRITE = """
update declarations_case c set state = n.state, waits_for = n.waits_for,
    state_since = case when c.state = n.state then c.state_since else %b end,
    released_at = case when n.state in ('released', 'released_with_conditions', 'closed')
        then coalesce(c.released_at, %b) end
from unnest(%b::uuid[], %b::text[], %b::text[]) as n(id, state, waits_for)
where c.id = n.id
"""


def write_standings(standings: Sequence[Standing], *, at: datetime) -> None:
    """Write computed states, in the caller's transaction. Only clearance calls this."""
    if standings:
        columns = ([s.case_id for s in standings], [s.state for s in standings], [s.waits_for for s in standings])
        Cursor(database.connection).execute(_WRITE, (at, at, *columns))


_WRITE_ROUTES = """
update declarations_case c
set routed_version = c.version, routing = n.routing::jsonb, agencies = string_to_array(n.agencies, ',')
from unnest(%b::uuid[], %b::text[], %b::text[]) as n(id, routing, agencies)
where c.id = n.id
"""


def write_routes(routes: Sequence[tuple[UUID, str, Sequence[str]]], *, at: datetime) -> None:
    """Write which agencies a case concerns and by which row of which table: (case, JSON, agencies)."""
    if routes:
        columns: tuple[list[Any], ...] = (
            [case_id for case_id, _, _ in routes],
            [routing for _, routing, _ in routes],
            [",".join(agencies) for _, _, agencies in routes],
        )
        Cursor(database.connection).execute(_WRITE_ROUTES, columns)


def mark_left(case_ids: Sequence[UUID], *, at: datetime) -> None:
    """Write that the goods of cases left the gate, in the caller's transaction; the first time stays."""
    Cursor(database.connection).execute(
        "update declarations_case set left_at = coalesce(left_at, %b), waits_for = 'nobody' where id = any(%b)",
        (at, list(case_ids)),
    )
