"""What the official answers to applications for return (214) and to tallies (216) mean for a list. Pure."""

from __future__ import annotations

import pytest

from kouan.clearance.states import CaseFacts, CaseState, Party, state_of_case
from kouan.declarations.services.following import following_of
from kouan.declarations.states import ComingBack, state_of_return
from kouan.gateway.standards.ceb.statuses import STATUSES

C = ComingBack


@pytest.mark.parametrize(
    ("statuses", "is_tallied", "expected"),
    [
        ([], False, C.NONE), ([""], True, C.NONE), (["-625001"], False, C.NONE), (["100"], True, C.NONE),
        (["4"], False, C.NONE), (["2"], False, C.APPLIED), (["120"], False, C.ENTERED), (["300"], True, C.ARRIVED),
        (["500"], True, C.STOPPED), (["505"], False, C.STOPPED), (["600"], False, C.STOPPED),
        (["800"], False, C.GRANTED), (["800"], True, C.GRANTED), (["777"], False, C.UNKNOWN),
        (["800", "3"], False, C.APPLIED), (["100", "800"], False, C.GRANTED), (["800", "120"], True, C.ARRIVED),
    ],
)  # fmt: skip
def test_it_works(statuses: list[str], is_tallied: bool, expected: ComingBack) -> None:
    assert state_of_return(statuses, is_tallied=is_tallied) is expected
    assert state_of_return(reversed(statuses), is_tallied=is_tallied) is expected


def test_every_status_of_the_standard_is_known() -> None:
    for status in STATUSES.values():
        if "214" in status.kinds and status.is_official:
            assert state_of_return([status.code], is_tallied=False) is not C.UNKNOWN, status.code


def state(back: ComingBack, **more: bool) -> tuple[CaseState, Party]:
    facts = {"match": "matched", "wait_reason": "", "is_forwarded": True, "is_withdrawn": False} | more
    return state_of_case(
        CaseFacts(official_status="899", is_export=True, has_gone=True, return_state=back, **facts)  # type: ignore[arg-type]
    )


def test_the_state_of_the_list_says_whose_turn_it_is() -> None:
    assert state(C.NONE) == (CaseState.CLOSED, Party.NOBODY)
    assert state(C.ENTERED) == (CaseState.RETURNING, Party.OPERATOR)
    assert state(C.ARRIVED) == (CaseState.RETURNING, Party.CUSTOMS)
    assert state(C.GRANTED) == (CaseState.GOODS_RETURNED, Party.NOBODY)
    assert state(C.UNKNOWN) == (CaseState.UNKNOWN_OFFICIAL, Party.CUSTOMS)
    assert state(C.GRANTED, is_withdrawn=True) == (CaseState.WITHDRAWN, Party.NOBODY)


def test_a_list_has_it_from_what_stands() -> None:
    nothing = {"is_deleted": False, "is_cancelled": False, "departures": (), "applications": ()}
    assert following_of(**nothing).return_state == ""  # type: ignore[arg-type]
    assert following_of(**nothing, returns=["120"], is_tallied=True).return_state == "arrived"  # type: ignore[arg-type]
