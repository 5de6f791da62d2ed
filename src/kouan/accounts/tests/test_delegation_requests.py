"""A broker asks for a delegation; the client grants it in its own terms, or declines."""

import pytest
from django.urls import reverse
from django.utils import timezone

from kouan.accounts import services
from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import RequestState, Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.accounts.models import Delegation, DelegationRequest
from kouan.accounts.services.delegations import TheDelegationDoesNotFit

pytestmark = pytest.mark.django_db
AT = timezone.now()


@pytest.fixture
def owner():
    return make_user(Role.TRADER_CLERK)


@pytest.fixture
def broker():
    return make_user(Role.TRADER_CLERK, organisation=make_organisation("agent"))


def ask(broker, owner, **terms):
    return services.ask_for_delegation(actor=broker, at=AT, client_id=owner.organisation_id, **terms)


def test_it_works(client, owner, broker):
    client.force_login(broker)
    client.post(
        reverse("ask-delegation"),
        {"client": owner.organisation.customs_code, "agreement_no": "WT-1", "scope": ["dec", "621"]},
    )
    asked = DelegationRequest.objects.get()
    assert not Delegation.objects.exists()
    client.force_login(owner)
    client.post(
        reverse("grant-delegation", args=[asked.pk]), {"agreement_no": "WT-1", "scope": ["dec"], "acts": ["declare"]}
    )
    made = Delegation.objects.get()
    assert (made.agreement_no, made.scope, made.acts, made.state) == ("WT-1", ["dec"], ["declare"], "running")
    asked.refresh_from_db()
    assert (asked.state, asked.delegation_id) == (RequestState.GRANTED, made.pk)
    client.force_login(broker)
    assert "WT-1" in client.get(reverse("delegation", args=[made.pk])).content.decode()


def test_nobody_grants_his_own_request(owner, broker):
    asked = ask(broker, owner)
    with pytest.raises(NotAllowed):
        services.grant_delegation(actor=broker, at=AT, request_id=asked.pk, agreement_no="", scope=[], acts=[])
    with pytest.raises(NotYours):
        services.decline_delegation(actor=make_user(Role.TRADER_CLERK), at=AT, request_id=asked.pk, reason="")


def test_it_is_answered_once(owner, broker):
    asked = ask(broker, owner)
    services.decline_delegation(actor=owner, at=AT, request_id=asked.pk, reason="已委托他人")
    with pytest.raises(NotAllowed):
        services.grant_delegation(actor=owner, at=AT, request_id=asked.pk, agreement_no="", scope=[], acts=[])
    assert DelegationRequest.objects.get().reason == "已委托他人"


def test_one_open_request_a_pair(owner, broker):
    asked = ask(broker, owner)
    with pytest.raises(TheDelegationDoesNotFit):
        ask(broker, owner)
    services.take_back_request(actor=broker, at=AT, request_id=asked.pk)
    ask(broker, owner)
