"""The demonstration's desk: every state of making and checking, a dozen clients, and nothing twice."""

import pytest
from django.utils import timezone

from kouan.accounts.demo import seed_accounts
from kouan.accounts.models import Delegation, DelegationRequest, User
from kouan.brokerage import selectors
from kouan.brokerage.codes import Waits
from kouan.brokerage.demo import seed_desk

pytestmark = pytest.mark.django_db


def test_it_fills_the_desk_once():
    at = timezone.now()
    seed_accounts(at=at)
    first = seed_desk(at=at, say=lambda _text: None)
    broker = User.objects.get(username="broker")
    waits = {one.waits for one in selectors.list_waiting(broker)}
    assert {Waits.DRAFT, Waits.TO_CHECK, Waits.BOUNCED, Waits.TO_SEND, Waits.DELEGATION} <= waits
    assert selectors.list_waiting(broker).filter(document="goods_held").count() == 2
    assert selectors.list_clients(broker).count() == 12
    standings = {one.state for one in Delegation.objects.filter(agent_id=broker.organisation_id)}
    assert {"running", "ended", "to_come"} <= standings
    assert DelegationRequest.objects.count() == 2
    assert seed_desk(at=at, say=lambda _text: None) == first
