"""Organisations: codes, names over time, departments."""

import datetime as dt

import pytest

from kouan.accounts import services
from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_unit, make_user
from kouan.accounts.rules import TheCodeIsWrong, TheKindsDoNotFit, TheRolesDoNotFit, check_customs_code, check_uscc
from kouan.accounts.selectors import (
    NoSuchOrganisation,
    find_organisations,
    get_organisation,
    get_organisation_for,
    list_names,
    list_organisations,
    name_on,
    organisation_ids_by_code,
    organisations_named,
    organisations_of_kinds,
)
from kouan.accounts.services.organisations import (
    TheDatesDoNotFit,
    TheOrganisationIsKnown,
    TheParentIsOfAnotherOrganisation,
    TheUnitIsKnown,
)
from kouan.audit.models import AuditEntry

AT = dt.datetime(2026, 11, 22, 6, 5, tzinfo=dt.UTC)


@pytest.fixture
def admin(db):
    return make_user(Role.SYSTEM_ADMIN)


def last_entry():
    return AuditEntry.objects.filter(subject_kind="organisation").latest("id")


@pytest.mark.parametrize("code", ["91110000600037341L", "91350100M000100Y43", "9111 0000 6000 37341l"])
def test_a_real_code_passes(code):
    """The first is python-stdnum's example, the second the example of GB 32100-2015."""
    assert check_uscc(code) == code.replace(" ", "").upper()


@pytest.mark.parametrize("code", ["91110000600037341M", "9111000060003734", "9111000060003734IL", ""])
def test_a_wrong_code_is_refused(code):
    with pytest.raises(TheCodeIsWrong):
        check_uscc(code)


def test_a_customs_code_has_ten_digits_or_letters():
    assert check_customs_code(" 4201960a1b ") == "4201960A1B"
    for code in ("420196000", "42019600011", "４２０１９６０００１"):
        with pytest.raises(TheCodeIsWrong):
            check_customs_code(code)


def test_it_works(admin):
    firm = services.create_organisation(
        actor=admin, at=AT, name_zh="测试电商", kinds=["ecommerce", "platform"], uscc="91350100M000100Y43"
    )
    assert firm.kinds == ["platform", "ecommerce"]
    assert firm.since == dt.date(2026, 11, 22)
    entry = last_entry()
    assert (entry.act, entry.subject_id, entry.actor_id) == ("create_organisation", str(firm.id), admin.id)


def test_a_code_stands_for_one_organisation(admin):
    known = make_organisation()
    with pytest.raises(TheOrganisationIsKnown) as refused:
        services.create_organisation(actor=admin, at=AT, name_zh="另一家", kinds=["platform"], uscc=known.uscc)
    assert refused.value.problem.pointer == "uscc"
    assert known.name_zh in refused.value.problem.zh


def test_an_agency_names_its_authority(admin):
    with pytest.raises(TheKindsDoNotFit):
        services.create_organisation(actor=admin, at=AT, name_zh="某机关", kinds=["agency"])
    with pytest.raises(TheKindsDoNotFit):
        services.create_organisation(actor=admin, at=AT, name_zh="某公司", kinds=["agent"], agency_code="tax")
    with pytest.raises(TheKindsDoNotFit):
        services.create_organisation(actor=admin, at=AT, name_zh="某公司", kinds=[])


@pytest.mark.django_db
def test_only_the_system_administrator_enters_organisations():
    with pytest.raises(NotAllowed):
        services.create_organisation(actor=make_user(Role.SECURITY_ADMIN), at=AT, name_zh="某公司", kinds=["agent"])


def test_a_change_is_written_with_before_and_after(admin):
    firm = make_organisation(customs_code="4201960001")
    services.update_organisation(actor=admin, at=AT, organisation_id=firm.id, customs_code="4201960002", uscc=firm.uscc)
    assert last_entry().detail == {"customs_code": ["4201960001", "4201960002"]}


def test_a_change_of_nothing_is_not_written(admin):
    firm = make_organisation()
    services.update_organisation(actor=admin, at=AT, organisation_id=firm.id, uscc=firm.uscc)
    assert not AuditEntry.objects.filter(subject_kind="organisation").exists()


def test_a_kind_stays_while_somebodys_role_hangs_on_it(admin):
    firm = make_organisation(kinds=["platform", "site_operator"])
    make_user(Role.GATE_CLERK, organisation=firm)
    with pytest.raises(TheRolesDoNotFit):
        services.update_organisation(actor=admin, at=AT, organisation_id=firm.id, kinds=["platform"])


def test_the_old_name_stays_for_its_days(admin):
    """The names of 2018 have changed since: ports.md 1.5."""
    bureau = make_organisation("agency", agency="transport", name_zh="市交通运输委", since=dt.date(2010, 1, 1))
    change = dt.date(2019, 2, 1)
    services.rename_organisation(actor=admin, at=AT, organisation_id=bureau.id, name_zh="市交通运输局", on=change)
    bureau.refresh_from_db()
    day_before = change - dt.timedelta(days=1)
    assert organisations_named("市交通运输委", on=day_before) == [bureau]
    assert organisations_named("市交通运输局", on=day_before) == []
    assert organisations_named("市交通运输委", on=change) == []
    assert organisations_named("市交通运输局", on=change) == [bureau]
    assert name_on(bureau, on=day_before) == "市交通运输委"
    assert name_on(bureau, on=change) == "市交通运输局"


def test_a_second_rename_continues_where_the_first_ended(admin):
    bureau = make_organisation("agency", agency="transport", name_zh="甲", since=dt.date(2010, 1, 1))
    for name, year in (("乙", 2015), ("丙", 2020)):
        services.rename_organisation(
            actor=admin, at=AT, organisation_id=bureau.id, name_zh=name, on=dt.date(year, 1, 1)
        )
    bureau.refresh_from_db()
    names = [name_on(bureau, on=dt.date(year, 6, 1)) for year in (2012, 2015, 2019, 2020)]
    assert names == ["甲", "乙", "乙", "丙"]
    with pytest.raises(TheDatesDoNotFit):
        services.rename_organisation(
            actor=admin, at=AT, organisation_id=bureau.id, name_zh="丁", on=dt.date(2020, 1, 1)
        )


def test_a_second_name_is_found_beside_the_first(admin):
    office = make_organisation("port_office", name_zh="市商务局")
    services.add_alias(actor=admin, at=AT, organisation_id=office.id, kind="second", name_zh="市口岸办")
    for name in ("市商务局", "市口岸办"):
        assert organisations_named(name, on=dt.date(2018, 10, 1)) == [office]


def test_a_department_stands_under_one_of_its_own_organisation(admin):
    firm, other = make_organisation(), make_organisation()
    parent = make_unit(firm)
    unit = services.add_unit(actor=admin, at=AT, organisation_id=firm.id, name_zh="关务组", parent_id=parent.id)
    assert unit.parent == parent
    with pytest.raises(TheParentIsOfAnotherOrganisation):
        services.add_unit(actor=admin, at=AT, organisation_id=other.id, name_zh="关务组", parent_id=parent.id)
    with pytest.raises(TheUnitIsKnown):
        services.add_unit(actor=admin, at=AT, organisation_id=firm.id, name_zh="关务组")


def test_codes_of_a_batch_are_looked_up_together(db, django_assert_num_queries):
    firms = [make_organisation() for _ in range(3)]
    codes = [firm.customs_code for firm in firms] + [firms[0].uscc, "", "4201999999", "no such code"]
    with django_assert_num_queries(1):
        found = organisation_ids_by_code(codes)
    assert found == {firm.customs_code: firm.id for firm in firms} | {firms[0].uscc: firms[0].id}


def test_an_organisation_is_found_by_either_code(db):
    firm = make_organisation()
    assert get_organisation(code=firm.uscc) == get_organisation(code=firm.customs_code) == firm
    for code in ("", "4201999999"):
        with pytest.raises(NoSuchOrganisation):
            get_organisation(code=code)


def test_a_firm_sees_itself_alone(db):
    clerk, other = make_user(), make_organisation()
    assert [row.id for row in list_organisations(user=clerk)] == [clerk.organisation_id]
    with pytest.raises(NotYours):
        get_organisation_for(user=clerk, pk=other.id)
    for role in (Role.OFFICER, Role.PORT_OFFICE_CLERK, Role.AUDIT_ADMIN):
        assert get_organisation_for(user=make_user(role), pk=other.id) == other


def test_the_list_tells_people_and_the_former_name_in_one_query(admin, django_assert_num_queries):
    firm = make_organisation(name_zh="新名")
    services.add_alias(
        actor=admin, at=AT, organisation_id=firm.id, kind="former", name_zh="旧名", until=dt.date(2020, 1, 1)
    )
    make_user(organisation=firm)
    make_user(organisation=firm, is_active=False)
    with django_assert_num_queries(1):
        rows = {row.id: (row.people_count, row.former_name) for row in list_organisations(user=admin)}
    assert rows[firm.id] == (1, "旧名")
    assert rows[admin.organisation_id] == (1, None)


@pytest.mark.parametrize("words", ["甲公司", "旧名", "甲", "91420100MA", "42019999", "Jia Co"])
def test_words_find_names_former_names_and_codes(admin, words):
    firm = make_organisation("agent", name_zh="甲公司", name_en="Jia Co., Ltd.", customs_code="4201999901")
    services.add_alias(actor=admin, at=AT, organisation_id=firm.id, kind="former", name_zh="旧名")
    assert firm in find_organisations(list_organisations(user=admin), words)


def test_kinds_narrow_the_list(admin):
    both = make_organisation(kinds=["platform", "agent"])
    make_organisation("logistics")
    assert list(organisations_of_kinds(list_organisations(user=admin), ["agent", "payment"])) == [both]


def test_names_are_told_with_their_days(admin):
    bureau = make_organisation("agency", agency="transport", name_zh="甲", since=dt.date(2010, 1, 1))
    services.rename_organisation(actor=admin, at=AT, organisation_id=bureau.id, name_zh="乙", on=dt.date(2019, 2, 1))
    services.add_alias(actor=admin, at=AT, organisation_id=bureau.id, kind="short", name_zh="交委")
    bureau.refresh_from_db()
    told = [(name.name_zh, name.kind_label, name.since, name.until) for name in list_names(organisation=bureau)]
    assert told[0] == ("乙", "", dt.date(2019, 2, 1), None)
    assert set(told[1:]) == {
        ("甲", "曾用名", dt.date(2010, 1, 1), dt.date(2019, 2, 1)),
        ("交委", "简称", None, None),
    }


@pytest.mark.parametrize(
    ("columns", "state"),
    [({}, "running"), ({"until": dt.date(2020, 1, 1)}, "ended"), ({"since": dt.date(2999, 1, 1)}, "to_come")],
)
def test_an_organisation_is_in_use_within_its_days(db, columns, state):
    assert make_organisation(**columns).state == state
