"""Customs' decisions are only relayed: nothing but a message that was received moves the official state."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

import kouan
from kouan.clearance.rules import GateReason, may_leave
from kouan.clearance.states import (
    INSPECTION_NEXT,
    REVIEW_NEXT,
    TICKET_NEXT,
    CaseFacts,
    CaseState,
    InspectionAct,
    InspectionState,
    ReviewAct,
    ReviewState,
    TicketAct,
    TicketState,
    state_of_case,
)
from kouan.declarations.states import RELEASING, supersedes

SOURCES = Path(kouan.__file__).parent
WRITES = re.compile(
    r"\bset official_status\s*=\s*(\S+)"  # in SQL
    r"|(?:update|create)\([^()]*\bofficial_status=(\S+)"  # through the models
    r"|^\s*\w+\.official_status\s*=(?!=)\s*(\S+)",  # on a row
    re.MULTILINE,
)


def test_only_received_answers_write_the_official_status():
    found = {}
    for path in SOURCES.rglob("*.py"):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        values = {"".join(value).strip(",") for value in WRITES.findall(path.read_text("utf-8"))}
        if values - {"''", '""'}:
            found[path.relative_to(SOURCES).as_posix()] = values - {"''", '""'}
    assert found == {"declarations/services/answers.py": {"n.status", "coalesce(n.status"}}


@pytest.mark.parametrize("state", ReviewState)
@pytest.mark.parametrize(
    "official", ["", "1", "2", "3", "4", "100", "120", "300", "399", "500", "501", "600", "-621001", "777"]
)
def test_no_review_releases(state, official):
    facts = CaseFacts("matched", "", True, False, official, (("market_supervision", state),))
    assert state_of_case(facts)[0] not in (CaseState.RELEASED, CaseState.CLOSED, CaseState.RELEASED_WITH_CONDITIONS)
    assert may_leave(official_status=official, left_at=None) is not GateReason.RELEASED


@pytest.mark.parametrize("state", ReviewState)
def test_no_review_holds_what_customs_released(state):
    facts = CaseFacts("matched", "", True, False, "800", (("market_supervision", state),))
    assert state_of_case(facts)[0] in (CaseState.RELEASED, CaseState.RELEASED_WITH_CONDITIONS)
    assert may_leave(official_status="800", left_at=None) is GateReason.RELEASED


def test_an_unknown_official_status_is_never_guessed():
    facts = CaseFacts("matched", "", True, False, "777")
    assert state_of_case(facts)[0] is CaseState.UNKNOWN_OFFICIAL
    assert sorted(RELEASING) == ["800", "899"]


@pytest.mark.parametrize(
    ("status", "time", "over", "over_time", "moves"),
    [
        ("120", "2", "", "", True),
        ("800", "1", "399", "2", True),
        ("300", "9", "800", "1", False),
        ("399", "3", "500", "2", True),
        ("500", "1", "399", "2", False),
        ("-621004", "9", "120", "1", False),
        ("899", "1", "800", "9", True),
        ("800", "9", "899", "1", False),
    ],
)
def test_a_late_answer_never_moves_a_state_backward(status, time, over, over_time, moves):
    assert supersedes(status, time, over, over_time) is moves


@pytest.mark.parametrize(
    ("states", "acts", "table", "possible"),
    [
        (ReviewState, ReviewAct, REVIEW_NEXT, 17),
        (InspectionState, InspectionAct, INSPECTION_NEXT, 8),
        (TicketState, TicketAct, TICKET_NEXT, 6),
    ],
)
def test_every_pair_of_state_and_act_is_decided(states, acts, table, possible):
    pairs = list(product(states, acts))
    assert set(table) <= set(pairs)
    assert len(table) == possible
    assert all(after in states for after in table.values())
