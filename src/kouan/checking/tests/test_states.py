"""The machine of maker and checker, against an oracle that knows only what happened, not the table."""

from itertools import product
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kouan.checking.states import NEXT, CheckAct, CheckState, Hands, may_check, may_leave

PEOPLE = [UUID(int=n) for n in range(1, 5)]
CHECKERS = PEOPLE[1:]
HISTORIES = st.lists(st.tuples(st.sampled_from(CheckAct), st.sampled_from(PEOPLE)), max_size=16)

QUIETLY = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


def play(history):
    """Do what may be done of a history of (act, person); give what was done and where it stands."""
    state, hands, done = CheckState.MAKING, Hands(PEOPLE[0], PEOPLE[0]), []
    for act, person in history:
        if (state, act) not in NEXT:
            continue
        if act in (CheckAct.PASS, CheckAct.BOUNCE) and not may_check(person, hands, CHECKERS):
            continue
        state = NEXT[state, act]
        if act is CheckAct.CHANGE:
            hands = Hands(hands.maker, person)
        done.append((act, person))
    return state, done


def oracle(done):
    """May it leave? Yes if the last passing comes after the last change, bounce, hand-over and taking back."""
    last = max((at for at, (act, _) in enumerate(done) if act is CheckAct.PASS), default=None)
    return last is not None and last == len(done) - 1


@QUIETLY
@given(HISTORIES)
def test_nothing_leaves_but_what_was_passed_and_not_touched_since(history):
    state, done = play(history)
    assert may_leave(state, is_required=True) == oracle(done)
    assert may_leave(state, is_required=False)


@QUIETLY
@given(HISTORIES)
def test_who_passed_it_had_no_hand_in_it(history):
    _state, done = play(history)
    changer = PEOPLE[0]
    for act, person in done:
        if act is CheckAct.CHANGE:
            changer = person
        if act is CheckAct.PASS:
            assert person in CHECKERS
            assert person != PEOPLE[0]
            assert person != changer


@QUIETLY
@given(HISTORIES)
def test_a_check_is_asked_for_before_it_is_given(history):
    _state, done = play(history)
    waits = False
    for act, _person in done:
        if act is CheckAct.PASS:
            assert waits
        waits = {CheckAct.SUBMIT: True, CheckAct.BOUNCE: False, CheckAct.TAKE_BACK: False, CheckAct.CHANGE: False,
                 CheckAct.PASS: False}[act]  # fmt: skip


@pytest.mark.parametrize(("state", "act"), list(product(CheckState, CheckAct)))
def test_every_pair_is_decided(state, act):
    """Whatever may be changed may always be changed; only what waits can be passed or taken back."""
    possible = {
        CheckAct.CHANGE: set(CheckState),
        CheckAct.SUBMIT: {CheckState.MAKING, CheckState.BOUNCED},
        CheckAct.TAKE_BACK: {CheckState.TO_CHECK},
        CheckAct.PASS: {CheckState.TO_CHECK},
        CheckAct.BOUNCE: {CheckState.TO_CHECK, CheckState.CHECKED},
    }
    assert ((state, act) in NEXT) == (state in possible[act])


def test_the_maker_never_checks_whatever_the_firm_says():
    assert not may_check(PEOPLE[0], Hands(PEOPLE[0], PEOPLE[1]), PEOPLE)
    assert not may_check(PEOPLE[1], Hands(PEOPLE[0], PEOPLE[1]), PEOPLE)
    assert may_check(PEOPLE[2], Hands(PEOPLE[0], PEOPLE[1]), PEOPLE)
    assert not may_check(PEOPLE[2], Hands(PEOPLE[0], PEOPLE[1]), PEOPLE[:2])
