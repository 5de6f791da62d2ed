"""Delegation: given by the client, held by an agent, ended at once."""

import datetime as dt

import pytest

from kouan.accounts import services
from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_delegation, make_organisation, make_user
from kouan.accounts.models import Delegation
from kouan.accounts.selectors import get_delegation, list_delegations, may_act_for, organisations_actable_by
from kouan.accounts.services.delegations import TheDelegationDoesNotFit
from kouan.audit.models import AuditEntry

AT = dt.datetime(2026, 11, 22, 6, 5, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def client_clerk():
    return make_user(Role.TRADER_CLERK)


@pytest.fixture
def agent_clerk():
    return make_user(Role.TRADER_CLERK, organisation=make_organisation("agent"))


def give(client_clerk, agent_clerk, **terms):
    terms = {"client_id": client_clerk.organisation_id, "agent_id": agent_clerk.organisation_id, "at": AT} | terms
    return services.delegate(actor=client_clerk, **terms)


def test_it_works(client_clerk, agent_clerk):
    delegation = give(client_clerk, agent_clerk)
    assert organisations_actable_by(agent_clerk, at=AT) == [agent_clerk.organisation, client_clerk.organisation]
    assert organisations_actable_by(client_clerk, at=AT) == [client_clerk.organisation]
    assert AuditEntry.objects.get(subject_id=str(delegation.id)).act == "delegate"


def test_it_holds_for_its_kinds_of_documents_only(client_clerk, agent_clerk):
    give(client_clerk, agent_clerk, scope=["621", "311"])
    client = client_clerk.organisation_id
    assert may_act_for(agent_clerk, client, at=AT, document_kind="621")
    assert not may_act_for(agent_clerk, client, at=AT, document_kind="411")
    assert may_act_for(agent_clerk, agent_clerk.organisation_id, at=AT, document_kind="411")


def test_it_begins_and_ends(client_clerk, agent_clerk):
    give(client_clerk, agent_clerk, until=LATER)
    client = client_clerk.organisation
    at_each = [AT - dt.timedelta(seconds=1), AT, LATER - dt.timedelta(seconds=1), LATER]
    assert [client in organisations_actable_by(agent_clerk, at=at) for at in at_each] == [False, True, True, False]


@pytest.mark.parametrize("side", ["client", "agent"])
def test_either_side_ends_it_at_once(client_clerk, agent_clerk, side):
    delegation = give(client_clerk, agent_clerk)
    actor = client_clerk if side == "client" else agent_clerk
    services.revoke_delegation(actor=actor, at=LATER, delegation_id=delegation.id)
    assert organisations_actable_by(agent_clerk, at=LATER) == [agent_clerk.organisation]
    services.revoke_delegation(actor=actor, at=LATER + dt.timedelta(days=1), delegation_id=delegation.id)
    assert Delegation.objects.get().until == LATER
    assert AuditEntry.objects.filter(act="revoke_delegation").count() == 1


def test_nobody_gives_away_what_is_anothers(client_clerk, agent_clerk):
    with pytest.raises(NotAllowed):
        give(agent_clerk, agent_clerk, client_id=client_clerk.organisation_id)
    with pytest.raises(NotAllowed):
        give(make_user(Role.SYSTEM_ADMIN), agent_clerk, client_id=client_clerk.organisation_id)


def test_strangers_neither_see_nor_end_it(client_clerk, agent_clerk):
    delegation, stranger = give(client_clerk, agent_clerk), make_user()
    with pytest.raises(NotYours):
        services.revoke_delegation(actor=stranger, at=AT, delegation_id=delegation.id)
    with pytest.raises(NotYours):
        get_delegation(user=stranger, pk=delegation.id)
    assert list(list_delegations(user=agent_clerk)) == [delegation]


def test_what_does_not_fit_is_refused(client_clerk, agent_clerk):
    for terms in (
        {"agent_id": client_clerk.organisation_id},
        {"agent_id": make_organisation("logistics").id},
        {"until": AT},
    ):
        with pytest.raises(TheDelegationDoesNotFit):
            give(client_clerk, agent_clerk, **terms)
    with pytest.raises(NotYours):
        give(client_clerk, agent_clerk, agent_id="0193b5c5-0000-7000-8000-000000000000")


def test_the_list_takes_one_query(client_clerk, agent_clerk, django_assert_num_queries):
    for _ in range(3):
        make_delegation(client=make_organisation(), agent=agent_clerk.organisation)
    with django_assert_num_queries(1):
        assert len({row.client.name_zh for row in list_delegations(user=agent_clerk)}) == 3
