"""The rule of a firm: set by its manager, for its own people."""

import pytest
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.checking.models import CheckRule
from kouan.checking.services.ruling import TheRuleDoesNotFit, set_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return make_organisation("agent")


@pytest.fixture
def manager(firm):
    return make_user(Role.FIRM_MANAGER, organisation=firm)


@pytest.fixture
def clerk(firm):
    return make_user(Role.TRADER_CLERK, organisation=firm)


def test_it_works(client, firm, manager, clerk):
    client.force_login(manager)
    assert clerk.name in client.get(reverse("check-rule")).content.decode()
    client.post(reverse("check-rule"), {"kinds": ["goods"], "checkers": [str(clerk.pk)]})
    rule = CheckRule.objects.get(pk=firm.pk)
    assert (rule.kinds, rule.checker_ids, rule.changed_by_id) == (["goods"], [clerk.pk], manager.pk)


def test_a_clerk_cannot_set_the_rule_that_binds_him(firm, clerk):
    with pytest.raises(NotAllowed):
        set_rule(actor=clerk, organisation_id=firm.pk, kinds=["goods"], checker_ids=[clerk.pk], at=timezone.now())


def test_checkers_are_people_of_the_firm_and_somebody(firm, manager):
    stranger = make_user(Role.TRADER_CLERK)
    for people in ([stranger.pk], [manager.pk], []):
        with pytest.raises(TheRuleDoesNotFit):
            set_rule(actor=manager, organisation_id=firm.pk, kinds=["goods"], checker_ids=people, at=timezone.now())
