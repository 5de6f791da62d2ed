"""Answering: official answers are taken, the cases they concern computed anew, inspections that they order opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection as database
from psycopg import Cursor

from kouan.clearance.authority import CUSTOMS
from kouan.clearance.services.routing import compute_states
from kouan.clearance.states import InspectionState
from kouan.declarations.facts import CaseRow, lock_cases
from kouan.declarations.services.answers import take_answers
from kouan.gateway.codes import Step
from kouan.gateway.services.forwarding import forwarded_among
from kouan.gateway.services.working import Claimed, finish
from kouan.kernel.identifiers import uuid7
from kouan.workflow.services import Happening, record_events

INSPECT = "500"
"""The return status of a 622 by which customs orders an inspection."""


def answer_messages(messages: Sequence[Claimed], at: datetime) -> None:
    """Take a batch of official messages."""
    touched = take_answers(messages, at)
    if touched:
        cases = lock_cases(touched)
        open_inspections([case for case in cases if case.official_status == INSPECT], agency=CUSTOMS, at=at)
        compute_states(cases, at=at, forwarded=forwarded_among([case.message_id for case in cases]))
    finish([message.id for message in messages], step=Step.ANSWER)


def open_inspections(cases: Sequence[CaseRow], *, agency: str, at: datetime, source: str = "回执 500 查验") -> None:
    """Open one inspection a case and agency; ordered twice it is one."""
    if not cases:
        return
    cursor = Cursor(database.connection)
    opened: dict[UUID, UUID] = {}
    for case in cases:
        cursor.execute(
            """insert into clearance_inspection (id, case_id, version, agency, place_code, parties, state, ordered_at,
                order_source, bay, result_note, state_since)
            values (%b, %b, %b, %b, %b, %b, %b, %b, %b, '', '', %b) on conflict do nothing returning id""",
            (uuid7(), case.id, case.version, agency, case.place_code, case.parties, str(InspectionState.ORDERED), at,
             source, at),
        )  # fmt: skip
        if row := cursor.fetchone():
            opened[case.id] = row[0]
    record_events(
        [
            Happening(case_id, "inspection", "order", "", str(InspectionState.ORDERED), inspection_id)
            for case_id, inspection_id in opened.items()
        ],
        at=at,
    )
