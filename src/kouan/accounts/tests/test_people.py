"""People: who enters them, who gives roles, passwords."""

import datetime as dt
from itertools import combinations

import pytest

from kouan.accounts import services
from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import NEVER_TOGETHER, ROLES_OF_KIND, OrganisationKind, Role
from kouan.accounts.factories import PASSWORD, make_organisation, make_unit, make_user
from kouan.accounts.models import User
from kouan.accounts.rules import TheRolesDoNotFit, TheUsernameIsWrong, check_roles
from kouan.accounts.selectors import (
    find_people,
    get_person,
    list_account_moments,
    list_people,
    people_in_states,
    people_of_kinds,
    people_of_roles,
)
from kouan.accounts.services.passwords import ThePasswordIsWeak, ThePasswordIsWrong
from kouan.accounts.services.people import (
    TheUnitIsOfAnotherOrganisation,
    TheUsernameIsTaken,
)
from kouan.audit.models import AuditEntry

AT = dt.datetime(2026, 11, 22, 6, 5, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def system_admin():
    return make_user(Role.SYSTEM_ADMIN)


@pytest.fixture
def security_admin():
    return make_user(Role.SECURITY_ADMIN)


def acts():
    return list(AuditEntry.objects.filter(subject_kind="user").order_by("id").values_list("act", flat=True))


@pytest.mark.parametrize("kind", OrganisationKind)
def test_a_kind_of_organisation_gives_its_roles_and_no_others(kind):
    for role in Role:
        if role in ROLES_OF_KIND[kind]:
            assert check_roles(roles=[role], kinds=[kind]) == [role]
        else:
            with pytest.raises(TheRolesDoNotFit):
                check_roles(roles=[role], kinds=[kind])


@pytest.mark.parametrize("roles", list(combinations(NEVER_TOGETHER, 2)))
def test_the_three_administrators_are_three_people(security_admin, roles):
    person = make_user(Role.PORT_OFFICE_CLERK)
    with pytest.raises(TheRolesDoNotFit) as refused:
        services.change_roles(actor=security_admin, at=AT, user_id=person.id, roles=roles)
    assert refused.value.problem.code == "ACCOUNTS-THREE-ADMINISTRATORS"


def test_entering_and_giving_roles_are_two_peoples_work(system_admin, security_admin):
    firm = make_organisation("site_operator")
    with pytest.raises(NotAllowed):
        services.add_user(actor=security_admin, at=AT, organisation_id=firm.id, username="wang", name="王")
    with pytest.raises(NotAllowed):
        services.add_user(
            actor=system_admin, at=AT, organisation_id=firm.id, username="wang", name="王", roles=["gate_clerk"]
        )
    person = services.add_user(actor=system_admin, at=AT, organisation_id=firm.id, username="Wang", name="王")
    assert (person.username, person.roles, person.has_usable_password()) == ("wang", [], False)
    with pytest.raises(NotAllowed):
        services.change_roles(actor=system_admin, at=AT, user_id=person.id, roles=["gate_clerk"])
    services.change_roles(actor=security_admin, at=AT, user_id=person.id, roles=["gate_clerk", "gate_clerk"])
    person.refresh_from_db()
    assert person.roles == ["gate_clerk"]
    assert acts() == ["add_user", "change_roles"]
    assert AuditEntry.objects.get(act="change_roles").detail == {"roles": [[], ["gate_clerk"]]}


def test_nobody_gives_roles_to_oneself_or_suspends_oneself(system_admin, security_admin):
    with pytest.raises(NotAllowed):
        services.change_roles(actor=security_admin, at=AT, user_id=security_admin.id, roles=[])
    with pytest.raises(NotAllowed):
        services.suspend_user(actor=system_admin, at=AT, user_id=system_admin.id)


def test_a_username_is_plain_and_new(system_admin):
    firm = make_organisation()
    make_user(username="wang.li")
    with pytest.raises(TheUsernameIsTaken):
        services.add_user(actor=system_admin, at=AT, organisation_id=firm.id, username="Wang.Li", name="王丽")
    for username in ("王丽", "a", "-wang", "wang li", "x" * 61):
        with pytest.raises(TheUsernameIsWrong):
            services.add_user(actor=system_admin, at=AT, organisation_id=firm.id, username=username, name="王丽")


def test_a_persons_department_is_of_the_own_organisation(system_admin):
    person, foreign = make_user(), make_unit(make_organisation())
    with pytest.raises(TheUnitIsOfAnotherOrganisation):
        services.update_user(actor=system_admin, at=AT, user_id=person.id, name="李", unit_id=foreign.id)
    own = make_unit(person.organisation)
    services.update_user(actor=system_admin, at=AT, user_id=person.id, name="李", unit_id=own.id)
    person.refresh_from_db()
    assert (person.name, person.unit) == ("李", own)


def test_a_first_password_has_to_be_changed(system_admin):
    person = make_user()
    first = services.reset_password(actor=system_admin, at=AT, user_id=person.id)
    person.refresh_from_db()
    assert person.check_password(first)
    assert person.must_change_password
    services.change_password(user=person, at=AT, present=first, new="a-much-better-1")
    person.refresh_from_db()
    assert person.check_password("a-much-better-1")
    assert not person.must_change_password
    assert first not in str(list(AuditEntry.objects.values()))


def test_a_wrong_or_weak_password_changes_nothing():
    person = make_user(username="zhangwei88")
    with pytest.raises(ThePasswordIsWrong):
        services.change_password(user=person, at=AT, present="not it", new="a-much-better-1")
    for weak in ("short", "1234567890123", "password123", "zhangwei88!"):
        with pytest.raises(ThePasswordIsWeak) as refused:
            services.change_password(user=person, at=AT, present=PASSWORD, new=weak)
        assert refused.value.problem.zh != refused.value.problem.en
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_who_is_suspended_can_be_let_in_again(system_admin, security_admin):
    person = make_user()
    services.suspend_user(actor=security_admin, at=AT, user_id=person.id)
    assert not User.objects.get(id=person.id).is_active
    services.suspend_user(actor=security_admin, at=AT, user_id=person.id)
    with pytest.raises(NotAllowed):
        services.reactivate_user(actor=security_admin, at=AT, user_id=person.id)
    services.reactivate_user(actor=system_admin, at=AT, user_id=person.id)
    assert User.objects.get(id=person.id).is_active
    assert acts() == ["suspend_user", "reactivate_user"]


def test_the_language_is_remembered():
    person = make_user()
    services.choose_language(user=person, language="en", at=AT)
    assert User.objects.get(id=person.id).language == "en"
    with pytest.raises(ValueError):
        services.choose_language(user=person, language="fr", at=AT)


def test_colleagues_see_each_other_and_nobody_else():
    one, stranger = make_user(), make_user()
    colleague = make_user(organisation=one.organisation)
    assert {row.id for row in list_people(user=one)} == {one.id, colleague.id}
    with pytest.raises(NotYours):
        get_person(user=one, pk=stranger.id)
    assert get_person(user=make_user(Role.AUDIT_ADMIN), pk=stranger.id) == stranger


@pytest.mark.parametrize(
    ("narrow", "wanted"),
    [
        (find_people, "赵"),
        (find_people, "zhao"),
        (find_people, "海关"),
        (people_of_roles, ["officer"]),
        (people_of_kinds, ["agency"]),
        (people_in_states, ["suspended"]),
    ],
)
def test_the_list_is_narrowed_in_one_query(system_admin, narrow, wanted, django_assert_num_queries):
    customs = make_organisation("agency", name_zh="某海关")
    person = make_user(Role.OFFICER, username="zhao1", name="赵一", is_active=False, organisation=customs)
    make_user(Role.GATE_CLERK)
    with django_assert_num_queries(1):
        rows = narrow(list_people(user=system_admin), wanted)
        assert [(row, row.organisation.name_zh) for row in rows] == [(person, "某海关")]


def test_who_has_no_role_waits():
    waiting = make_user(role=None)
    assert waiting.state == "waiting"
    assert waiting in people_in_states(User.objects.all(), ["waiting"])


def test_the_record_of_an_account_tells_what_changed(security_admin):
    person = make_user(Role.GATE_CLERK)
    services.change_roles(actor=security_admin, at=AT, user_id=person.id, roles=["site_clerk"])
    services.suspend_user(actor=security_admin, at=AT, user_id=person.id)
    suspended, changed = list_account_moments(person=person)
    assert (changed.what, changed.note, changed.who) == (
        "调整角色",
        "+ 场所作业员；− 卡口员",
        security_admin.audit_label,
    )
    assert (suspended.what, suspended.tone) == ("停用账号", "refused")
