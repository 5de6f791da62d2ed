"""What the database itself refuses about organisations and people."""

from itertools import combinations

import pytest
from django.db import IntegrityError

from kouan.accounts.codes import NEVER_TOGETHER, Role
from kouan.accounts.factories import make_delegation, make_organisation, make_user
from kouan.accounts.models import Delegation, Organisation, User

pytestmark = pytest.mark.django_db


def test_it_works():
    officer = make_user(Role.OFFICER, agency="maritime")
    clerk = make_user()
    assert officer.agency_code == "maritime"
    assert clerk.agency_code == ""
    assert clerk.acting_organisation_ids == {clerk.organisation_id}


@pytest.mark.parametrize("roles", list(combinations(NEVER_TOGETHER, 2)))
def test_no_person_holds_two_administrators_roles(roles):
    with pytest.raises(IntegrityError, match="never_both"):
        make_user(roles=roles)


@pytest.mark.parametrize(
    "columns",
    [
        {"kinds": []},
        {"kinds": ["agency"], "agency_code": ""},
        {"kinds": ["platform"], "agency_code": "customs"},
        {"kinds": ["unheard_of"]},
        {"uscc": "91420100MA0000000I"},
        {"customs_code": "42010000"},
        {"until": "2018-09-01"},
    ],
)
def test_an_organisation_without_sense_is_refused(columns):
    organisation = make_organisation()
    with pytest.raises(IntegrityError):
        Organisation.objects.filter(id=organisation.id).update(**columns)


def test_a_username_stands_once_and_in_small_letters():
    user = make_user(username="zhang.wei")
    assert User.objects.get_by_natural_key("Zhang.Wei") == user
    with pytest.raises(IntegrityError, match="username_is_written_small"):
        make_user(username="Zhang.Wei")


def test_a_delegation_lets_the_agent_act_for_the_client():
    delegation = make_delegation(client=make_organisation(), agent=make_organisation("agent"))
    clerk = make_user(organisation=delegation.agent)
    assert clerk.acting_organisation_ids == {delegation.agent_id, delegation.client_id}


def test_nobody_delegates_to_oneself():
    firm = make_organisation()
    with pytest.raises(IntegrityError, match="nobody_delegates_to_oneself"):
        Delegation.objects.create(client=firm, agent=firm, since="2026-01-01T00:00:00Z", granted_by_id=firm.id)
