"""Routing: which agencies a case concerns, whether its message may go on, and where the case stands now.

A table for each direction says which agencies and places; the row that fired is kept with the case. A message is
handed on byte for byte and therefore whole: it goes when one of its lists is matched and none still waits for a
document. One that waits too long holds its neighbours no longer (``sweep_held_messages``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

import msgspec
from django.db import connection as database
from django.db import transaction
from psycopg import Cursor

from kouan.clearance.authority import CUSTOMS, way_of
from kouan.clearance.services.arrivals import follow_inbound_details
from kouan.clearance.services.carrying import carry_opinions
from kouan.clearance.states import CaseFacts, CaseState, ReviewState, state_of_case
from kouan.decisions import selectors as decisions
from kouan.declarations.codes import LISTS, Direction
from kouan.declarations.facts import CaseRow, Route, Standing, lock_cases_of_messages, write_standings
from kouan.gateway.codes import Step
from kouan.gateway.services.forwarding import forward, forwarded_among
from kouan.gateway.services.working import Claimed, finish, require
from kouan.kernel.identifiers import uuid7
from kouan.workflow.services import Happening, record_events

ROUTING_TABLES = {Direction.IMPORT: "parcel_routing", Direction.EXPORT: "export_routing"}
LONGEST_HOLD = timedelta(minutes=10)
"""How long a matched list waits for the others of its signed message before the message goes on as it is."""


def route_messages(messages: Sequence[Claimed], at: datetime) -> None:
    """Route a batch of matched messages: reviews opened, messages handed on, arrivals recorded, states computed."""
    ids = [message.id for message in messages]
    cases = lock_cases_of_messages([message.id for message in messages if message.kind in (*LISTS, "DxpMsg")])
    to_route = [case for case in cases if case.match == "matched" and case.routed_version < case.version]
    routes: dict[UUID, Route] = {}
    for direction, table in ROUTING_TABLES.items():
        if going := [case for case in to_route if case.direction == direction]:
            routes |= _open_reviews(table, going, at)
    held = _held(cases, at)
    is_open = forward([message_id for message_id in ids if message_id not in held], at=at)
    follow_inbound_details(messages, at=at)
    compute_states(cases, at=at, forwarded=set(ids) - held if is_open else forwarded_among(ids), routes=routes)
    finish(ids, step=Step.ROUTE)


def _held(cases: Iterable[CaseRow], at: datetime) -> set[UUID]:
    """Find the messages that have to wait: none of their lists is matched, or one still waits and may."""
    by_message: dict[UUID, list[CaseRow]] = defaultdict(list)
    for case in cases:
        if not case.is_withdrawn:
            by_message[case.message_id].append(case)
    return {
        message_id
        for message_id, together in by_message.items()
        if not any(case.match == "matched" for case in together)
        or any(case.match == "waiting" and at - case.received_at < LONGEST_HOLD for case in together)
    }


def sweep_held_messages(*, at: datetime) -> None:
    """Ask again for messages with matched lists that were held: for a companion, or for a channel that was closed."""
    with transaction.atomic():
        cursor = Cursor(database.connection)
        cursor.execute(
            """select distinct message_id from declarations_case
            where state = %b and match = 'matched' and state_since <= %b limit 1000""",
            (str(CaseState.AWAITING_FORWARDING), at - LONGEST_HOLD / 10),
        )
        require([row[0] for row in cursor.fetchall()], step=Step.ROUTE, at=at)


# Reviews -------------------------------------------------------------------------------------------------------------


def _open_reviews(table: str, cases: Sequence[CaseRow], at: datetime) -> dict[UUID, Route]:
    """Ask the table for every case, open one review an agency, and give the routes that are yet to be written."""
    made = decisions.evaluate_many(table, [_context(case) for case in cases], at.date())
    routes: dict[UUID, Route] = {}
    reviews: list[tuple[UUID, int, str, str]] = []
    for case, decision in zip(cases, made, strict=True):
        agencies = agencies_of(decision.outputs)
        routing = {"table": decision.key, "version": decision.version, "rows": list(decision.rows)}
        routing |= {name: value for name, value in decision.outputs.items() if name != "agencies"}
        routes[case.id] = Route(msgspec.json.encode(routing).decode(), agencies)
        reviews += [(case.id, case.version, agency, str(way_of(agency))) for agency in agencies]
    _copy_reviews(reviews, carry_opinions([case for case in cases if case.version > 1], routes, at=at), at)
    return routes


def _context(case: CaseRow) -> dict[str, object]:
    return {
        "trade_mode": case.trade_mode,
        "ie_flag": case.direction,
        "customs_code": case.customs_code,
        "place_code": case.place_code,
        "hs_chapters": sorted({code[:2] for code in case.hs_codes}),
        "country": case.departure_country,
        "gross_weight_kg": float(case.gross_weight_kg),
        # Exports are declared in foreign money, and no rate of exchange is at hand: their table does not ask for it.
        **({"total_value_cny": float(case.total_value)} if case.direction == Direction.IMPORT else {}),
    }


def agencies_of(outputs: Mapping[str, object]) -> list[str]:
    """Name the agencies that a table decided on; customs always, for it has to answer whatever a table says."""
    named = outputs.get("agencies") or []
    found = [named] if isinstance(named, str) else list(named)  # type: ignore[call-overload]
    return list(dict.fromkeys([CUSTOMS, *found]))


def _copy_reviews(
    reviews: Sequence[tuple[UUID, int, str, str]], carried: Mapping[tuple[UUID, str], UUID], at: datetime
) -> None:
    """Write the reviews of new versions; ``carried`` names those that wait to be confirmed, with their ids."""
    columns = "id, case_id, version, agency, way, state, opinion, opened_at, state_since"
    with Cursor(database.connection).copy(f"copy clearance_review ({columns}) from stdin") as copy:
        for case_id, version, agency, way in reviews:
            confirms = carried.get((case_id, agency))
            state = ReviewState.TO_CONFIRM if confirms else ReviewState.PENDING
            copy.write_row((confirms or uuid7(), case_id, version, agency, way, str(state), "", at, at))


# States --------------------------------------------------------------------------------------------------------------


def compute_states(
    cases: Sequence[CaseRow], *, at: datetime, forwarded: set[UUID], routes: Mapping[UUID, Route] = MappingProxyType({})
) -> None:
    """Compute and write the states of locked cases; every state that changed leaves an event.

    forwarded: the messages that have been handed on. routes: those of cases that were routed just now, written along.
    """
    reviews = _reviews_of([case.id for case in cases])
    standings, happenings = [], []
    for case in cases:
        facts = CaseFacts(
            match=case.match,
            wait_reason=case.wait_reason,
            is_forwarded=case.message_id in forwarded,
            is_withdrawn=case.is_withdrawn,
            official_status=case.official_status,
            is_export=case.direction == Direction.EXPORT,
            has_gone=case.has_gone,
            return_state=case.return_state,
            reviews=tuple(reviews.get((case.id, case.version), ())),
        )
        state, party = state_of_case(facts)
        route = routes.get(case.id)
        if route is None and (state, party) == (case.state, case.waits_for):
            continue
        standings.append(Standing(case.id, str(state), str(party), route))
        if state != case.state:
            happenings.append(Happening(case.id, "case", "stand", case.state, str(state), actor_label="系统"))
    write_standings(standings, at=at)
    record_events(happenings, at=at)


def _reviews_of(case_ids: Sequence[UUID]) -> Mapping[tuple[UUID, int], Sequence[tuple[str, ReviewState]]]:
    """Read the reviews that say something; pending ones and opinions to be confirmed decide nothing by themselves."""
    found: dict[tuple[UUID, int], list[tuple[str, ReviewState]]] = defaultdict(list)
    if case_ids:
        cursor = Cursor(database.connection)
        cursor.execute(
            "select case_id, version, agency, state from clearance_review"
            " where case_id = any(%b) and way = 'recorded' and state not in ('pending', 'to_confirm')",
            (list(case_ids),),
        )
        for case_id, version, agency, state in cursor.fetchall():
            found[case_id, version].append((agency, ReviewState(state)))
    return found
