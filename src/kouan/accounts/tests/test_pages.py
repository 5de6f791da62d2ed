"""The pages: signing in and out, one's own page, the registers, delegations, the audit log."""

import datetime as dt
import time

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kouan.accounts import services
from kouan.accounts.codes import Role
from kouan.accounts.factories import PASSWORD, make_delegation, make_organisation, make_user
from kouan.accounts.models import Delegation, Organisation, User
from kouan.accounts.services.signing_in import LOCK_OUT
from kouan.audit.models import AuditEntry
from kouan.audit.services import record
from kouan.screens import navigation

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text_of(response) -> str:
    return response.content.decode()


def post(client, name, data=None, **kwargs):
    return client.post(reverse(name, kwargs=kwargs), data or {})


# Signing in and out


def test_a_person_signs_in_and_comes_where_it_was_wanted(client):
    person = make_user(Role.AUDIT_ADMIN, username="zheng")
    response = post(client, "sign-in", {"username": "Zheng", "password": PASSWORD, "next": "/audit/?q=1"})
    assert (response.status_code, response.url) == (302, "/audit/?q=1")
    assert client.get(reverse("own-page")).context["person"] == person
    assert client.get(reverse("sign-in")).url == "/"


@pytest.mark.parametrize("goal", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_nobody_is_led_elsewhere(client, goal):
    make_user(username="zheng")
    assert post(client, "sign-in", {"username": "zheng", "password": PASSWORD, "next": goal}).url == "/"


def test_a_wrong_password_is_told_and_the_name_stays(client):
    make_user(username="zheng")
    response = post(client, "sign-in", {"username": "zheng", "password": "wrong"})
    assert response.status_code == 422
    assert "用户名或口令不正确" in text_of(response)
    assert 'value="zheng"' in text_of(response)
    assert "wrong" not in text_of(response)


def test_a_locked_account_is_told_how_long(client):
    make_user(username="zheng")
    for _ in range(LOCK_OUT.account_failures):
        post(client, "sign-in", {"username": "zheng", "password": "wrong"})
    response = post(client, "sign-in", {"username": "zheng", "password": PASSWORD})
    assert response.status_code == 429
    assert "15 分钟后再试" in text_of(response)


def test_the_address_behind_a_proxy_is_read_only_where_it_is_ours(client, settings):
    make_user(username="zheng")
    address = {"headers": {"X-Forwarded-For": "203.0.113.9, 192.0.2.4"}}
    for proxies, seen in ((0, "127.0.0.1"), (1, "192.0.2.4"), (2, "203.0.113.9"), (3, "127.0.0.1")):
        settings.KOUAN_PROXIES = proxies
        client.post(reverse("sign-in"), {"username": "zheng", "password": PASSWORD}, **address)
        assert AuditEntry.objects.filter(act="sign_in").latest("id").detail == {"address": seen}
        client.logout()


def test_signing_out_ends_the_session_and_is_written(client):
    person = make_user()
    client.force_login(person)
    assert post(client, "sign-out").url == reverse("sign-in")
    assert client.get(reverse("own-page")).status_code == 302
    assert AuditEntry.objects.filter(act="sign_out", actor_id=person.id).count() == 1
    assert signed_in(person).get(reverse("sign-out")).status_code == 405


def test_a_suspended_person_is_out_with_the_next_click():
    person = make_user()
    client = signed_in(person)
    services.suspend_user(actor=make_user(Role.SYSTEM_ADMIN), at=timezone.now(), user_id=person.id)
    assert client.get(reverse("own-page")).status_code == 302


def test_who_does_nothing_for_long_is_signed_out(settings, monkeypatch):
    settings.KOUAN_IDLE_MINUTES = 30
    client, now = signed_in(make_user()), time.time()
    monkeypatch.setattr("kouan.accounts.middleware.time.time", lambda: now)
    for minutes, status in ((0, 200), (29, 200), (58, 200), (89, 302)):
        monkeypatch.setattr("kouan.accounts.middleware.time.time", lambda moment=now + minutes * 60: moment)
        response = client.get(reverse("own-page"))
        assert response.status_code == status, minutes
    assert "已退出登录" in text_of(client.get(response.url))


def test_the_demonstrations_people_come_in_by_a_click_only_there(client, settings):
    make_user(Role.OFFICER, username="visitor", name="演示甲", is_demo=True)
    settings.DEMO = False
    assert "演示甲" not in text_of(client.get(reverse("sign-in")))
    assert post(client, "sign-in-demonstration", {"username": "visitor"}).status_code == 403
    settings.DEMO = True
    assert "演示甲" in text_of(client.get(reverse("sign-in")))
    assert post(client, "sign-in-demonstration", {"username": "visitor"}).url == "/"


def test_a_person_starts_at_the_first_page_of_the_own_navigation():
    admin = make_user(Role.SYSTEM_ADMIN)
    assert signed_in(admin).get("/").url == navigation.list_duties(admin)[0].links[0].url
    assert signed_in(make_user(role=None)).get("/").url == reverse("own-page")


# Language


def test_chinese_comes_first_whatever_the_browser_says(client):
    response = client.get(reverse("sign-in"), headers={"Accept-Language": "en-US,en"})
    assert "用户名" in text_of(response)
    assert response.headers["Content-Language"] == "zh-hans"


def test_a_chosen_language_is_remembered_by_the_browser_and_with_the_person():
    person = make_user(username="zheng")
    client = signed_in(person)
    assert post(client, "set_language", {"language": "en", "next": "/me"}).url == "/me"
    assert "Your account" in text_of(client.get("/me"))
    elsewhere = Client()
    post(elsewhere, "sign-in", {"username": "zheng", "password": PASSWORD})
    assert "Your account" in text_of(elsewhere.get("/me"))
    assert post(client, "set_language", {"language": "fr"}).status_code == 302
    assert User.objects.get(pk=person.pk).language == "en"


# One's own page


def test_a_new_password_ends_other_sessions_and_keeps_this_one():
    person = make_user()
    here, elsewhere = signed_in(person), signed_in(person)
    given = {"present": PASSWORD, "new": "a-much-better-1", "again": "a-much-better-1"}
    assert post(here, "own-password", given).url == reverse("own-page")
    assert here.get(reverse("own-page")).status_code == 200
    assert elsewhere.get(reverse("own-page")).status_code == 302


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"present": "wrong"}, "当前口令不正确"),
        ({"again": "another-one-here"}, "两次输入的新口令不一致"),
        ({"new": "1234567890", "again": "1234567890"}, "新口令不能全为数字"),
    ],
)
def test_a_password_that_cannot_be_is_refused_at_its_field(change, said):
    given = {"present": PASSWORD, "new": "a-much-better-1", "again": "a-much-better-1"} | change
    response = post(signed_in(make_user()), "own-password", given)
    assert response.status_code == 422
    assert said in text_of(response)


# Organisations and people


ENTERED = {"name_zh": "新报关行", "kinds": ["agent"], "uscc": "91350100M000100Y43", "since": "2026-11-01"}


def test_the_system_administrator_enters_an_organisation_and_its_people():
    admin = make_user(Role.SYSTEM_ADMIN)
    client = signed_in(admin)
    response = post(client, "new-organisation", ENTERED)
    firm = Organisation.objects.get(uscc="91350100M000100Y43")
    assert response.url == reverse("organisation", args=[firm.pk])
    post(client, "new-unit", {"name_zh": "报关组"}, pk=firm.pk)
    unit = firm.units.get()
    response = post(client, "new-person", {"name": "新人", "username": "xinren", "unit": str(unit.pk)}, pk=firm.pk)
    person = User.objects.get(username="xinren")
    assert response.url == reverse("person", args=[person.pk])
    page = text_of(client.get(response.url))
    assert "待授权" in page
    password = client.post(reverse("person-password", args=[person.pk])).context["password"]
    newcomer = Client()
    assert post(newcomer, "sign-in", {"username": "xinren", "password": password}).url == reverse("own-password")
    assert newcomer.get("/").url == reverse("own-password")


def test_a_wrong_code_is_told_at_its_field_in_both_languages():
    client = signed_in(make_user(Role.SYSTEM_ADMIN))
    for language, said in (("zh-hans", "校验位不符"), ("en", "check digit")):
        client.cookies["django_language"] = language
        response = post(client, "new-organisation", ENTERED | {"uscc": "91350100M000100Y44"})
        assert response.status_code == 422
        assert said in str(response.context["form"].errors["uscc"])


def test_an_organisation_is_edited_renamed_and_given_another_name():
    client = signed_in(make_user(Role.SYSTEM_ADMIN))
    firm = make_organisation("agent", name_zh="旧行")
    page = client.get(reverse("edit-organisation", args=[firm.pk]))
    assert f'value="{firm.uscc}"' in text_of(page)
    assert 'value="2018-09-01"' in text_of(page)
    kept = {"kinds": ["agent", "logistics"], "uscc": firm.uscc, "since": "2018-09-01"}
    assert post(client, "edit-organisation", kept, pk=firm.pk).status_code == 302
    assert post(client, "rename-organisation", {"name_zh": "新行", "on": "2026-01-01"}, pk=firm.pk).status_code == 302
    assert post(client, "new-alias", {"kind": "short", "name_zh": "新"}, pk=firm.pk).status_code == 302
    firm.refresh_from_db()
    assert (firm.name_zh, firm.kinds) == ("新行", ["logistics", "agent"])
    page = text_of(client.get(reverse("organisation", args=[firm.pk])))
    assert "旧行" in page
    assert "曾用名" in page
    early = post(client, "rename-organisation", {"name_zh": "更新", "on": "2020-01-01"}, pk=firm.pk)
    assert "应晚于现名称的启用日期" in text_of(early)


def test_the_security_administrator_gives_roles_and_unlocks():
    client = signed_in(make_user(Role.SECURITY_ADMIN))
    person = make_user(role=None, organisation=make_organisation("port_office"))
    url = reverse("person-roles", args=[person.pk])
    assert "卡口员" not in text_of(client.get(url))
    refused = client.post(url, {"roles": ["system_admin", "audit_admin"]})
    assert "不得由同一人担任" in text_of(refused)
    assert client.post(url, {"roles": ["port_office_clerk"]}).status_code == 302
    person.refresh_from_db()
    assert person.roles == ["port_office_clerk"]
    for _ in range(LOCK_OUT.account_failures):
        with pytest.raises(services.TheSignInIsWrong):
            services.sign_in(username=person.username, password="x", address="192.0.2.1", at=timezone.now())
    page = client.get(reverse("person", args=[person.pk]))
    assert "已锁定" in text_of(page)
    assert "5 次" in text_of(page)
    assert post(client, "unlock-person", pk=person.pk).status_code == 302
    assert "已锁定" not in text_of(client.get(reverse("person", args=[person.pk])))


def test_suspending_asks_first_and_can_be_taken_back():
    client, person = signed_in(make_user(Role.SYSTEM_ADMIN)), make_user()
    assert "立即退出" in text_of(client.get(reverse("suspend-person", args=[person.pk])))
    assert User.objects.get(pk=person.pk).is_active
    post(client, "suspend-person", pk=person.pk)
    assert not User.objects.get(pk=person.pk).is_active
    post(client, "reactivate-person", pk=person.pk)
    assert User.objects.get(pk=person.pk).is_active


def test_the_lists_take_few_queries_however_long(django_assert_max_num_queries):
    client = signed_in(make_user(Role.SYSTEM_ADMIN))
    for _ in range(12):
        make_user()
    for name in ("organisations", "people"):
        with django_assert_max_num_queries(16):
            assert client.get(reverse(name)).status_code == 200


def test_the_lists_mirror_their_filters_in_the_address():
    client = signed_in(make_user(Role.SYSTEM_ADMIN))
    make_organisation("agent", name_zh="知音报关")
    make_organisation("payment", name_zh="江汉支付")
    page = text_of(client.get(reverse("organisations"), {"kind": "agent"}))
    assert "知音报关" in page
    assert "江汉支付" not in page
    make_user(role=None, name="待授权的人")
    page = text_of(client.get(reverse("people"), {"state": "waiting"}))
    assert "待授权的人" in page


# Delegations


def test_a_firm_delegates_and_takes_it_back():
    clerk, agent = make_user(), make_organisation("agent", name_zh="知音报关")
    client = signed_in(clerk)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    response = post(client, "new-delegation", {"agent": str(agent.pk), "scope": ["621"], "until": str(tomorrow)})
    delegation = Delegation.objects.get()
    assert response.url == reverse("delegation", args=[delegation.pk])
    assert (delegation.scope, timezone.localdate(delegation.until)) == (["621"], tomorrow)
    assert "知音报关" in text_of(client.get(reverse("delegations")))
    post(client, "revoke-delegation", pk=delegation.pk)
    page = text_of(client.get(reverse("delegation", args=[delegation.pk])))
    assert "已撤销" in page
    late = post(client, "new-delegation", {"agent": str(agent.pk), "until": str(timezone.localdate())})
    assert "终止日期应晚于今天" in text_of(late)


def test_an_agent_sees_for_whom_it_may_act():
    clerk = make_user(organisation=make_organisation("agent"))
    make_delegation(client=make_organisation(name_zh="江汉贸易"), agent=clerk.organisation)
    assert "江汉贸易" in text_of(signed_in(clerk).get(reverse("own-page")))


# The audit log


@pytest.fixture
def auditor():
    return signed_in(make_user(Role.AUDIT_ADMIN))


def test_the_log_is_narrowed_by_person_day_act_and_subject(auditor):
    person, at = make_user(name="赵一"), timezone.now()
    record(actor=person, act="sign_out", subject_kind="user", subject_id=person.id, at=at - dt.timedelta(days=3))
    record(actor=person, act="delegate", subject_kind="delegation", subject_id="d-1", at=at)
    today = timezone.localdate(at)
    for query, count in (
        ({"q": "赵一"}, 2),
        ({"q": str(person.id)}, 2),
        ({"q": "d-1"}, 1),
        ({"q": "赵一", "day_since": str(today)}, 1),
        ({"q": "赵一", "day_to": str(today - dt.timedelta(days=3))}, 1),
        ({"q": "赵一", "act": "delegate"}, 1),
        ({"q": "赵一", "subject": "user"}, 1),
        ({"q": "赵一", "day_since": str(today), "day_to": str(today)}, 1),
    ):
        assert len(auditor.get(reverse("audit-log"), query).context["rows"]) == count, query


def test_the_log_takes_few_queries_however_long(auditor, django_assert_max_num_queries):
    person = make_user()
    for number in range(30):
        record(actor=person, act="test", subject_kind="thing", subject_id=str(number), at=timezone.now())
    with django_assert_max_num_queries(16):
        assert len(auditor.get(reverse("audit-log")).context["rows"]) >= 30


def test_a_sealer_that_stands_still_is_told(auditor):
    record(actor=make_user(), act="test", subject_kind="x", subject_id="1", at=timezone.now() - dt.timedelta(hours=1))
    assert "封存已停顿" in text_of(auditor.get(reverse("audit-log")))
