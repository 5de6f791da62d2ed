"""All pairs: every channel against every other; the state is a pure function of what was said."""

from datetime import UTC, datetime, timedelta

import pytest

from kouan.gateway.standards.dec.channels import CHANNELS
from kouan.goods.states import (
    NEXT,
    NOTICES,
    OF_CHANNEL,
    REOPENING,
    TURN,
    ApplicationAct,
    ApplicationState,
    GoodsFacts,
    GoodsState,
    Party,
    state_of_channel,
    state_of_goods,
    supersedes,
)

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def test_every_channel_of_the_standard_has_its_state_or_is_a_notice():
    assert set(OF_CHANNEL) | NOTICES == set(CHANNELS)
    assert set(TURN) == set(GoodsState)


@pytest.mark.parametrize(
    ("facts", "state", "party"),
    [
        (GoodsFacts(False), GoodsState.AWAITING_CHANNEL, Party.KOUAN),
        (GoodsFacts(True), GoodsState.SENT, Party.WINDOW),
        (GoodsFacts(True, "0"), GoodsState.SAVED, Party.DECLARANT),
        (GoodsFacts(True, "1"), GoodsState.IMPORT_FAILED, Party.DECLARANT),
        (GoodsFacts(True, "0", "2"), GoodsState.SAVED, Party.DECLARANT),
        (GoodsFacts(True, "0", "T"), GoodsState.TAX_DUE, Party.DECLARANT),
        (GoodsFacts(True, "0", "W"), GoodsState.SAVED, Party.DECLARANT),
        (GoodsFacts(True, "0", "?"), GoodsState.UNKNOWN_OFFICIAL, Party.CUSTOMS),
    ],
)
def test_the_state_follows_from_what_was_said(facts, state, party):
    assert state_of_goods(facts) == (state, party)


def test_a_late_channel_never_goes_back():
    for new in OF_CHANNEL:
        for old in OF_CHANNEL:
            if supersedes(new, NOW, old, LATER):
                assert new not in REOPENING
                assert state_of_channel(new) != state_of_channel(old)
                assert not supersedes(old, LATER, new, NOW) or old in REOPENING, (new, old)


def test_a_later_channel_goes_on_or_stays_unless_customs_takes_back():
    assert supersedes("F", LATER, "G", NOW)
    assert supersedes("T", LATER, "G", NOW)
    assert not supersedes("L", LATER, "F", NOW)
    assert supersedes("M", LATER, "F", NOW)
    assert supersedes("Z", LATER, "G", NOW)
    assert not supersedes("M", LATER, "D", NOW)


@pytest.mark.parametrize("notice", sorted(NOTICES))
def test_a_notice_moves_nothing(notice):
    assert not supersedes(notice, LATER, "L", NOW)


def test_what_is_over_stays_over():
    over = (ApplicationState.REFUSED, ApplicationState.TAKEN_BACK, ApplicationState.CARRIED_OUT)
    for state in over:
        for act in ApplicationAct:
            assert (state, act) not in NEXT
