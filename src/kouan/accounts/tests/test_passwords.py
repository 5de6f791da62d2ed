"""Passwords: what the installation asks of them, those that were used before, and their age."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.urls import reverse
from django.utils import timezone

from kouan.accounts import services
from kouan.accounts.access import ThePasswordMustChange
from kouan.accounts.codes import Role
from kouan.accounts.factories import PASSWORD, make_organisation, make_user
from kouan.accounts.models import FormerPassword, User
from kouan.accounts.passwords import KindsOfCharacters, PasswordRules
from kouan.accounts.services.passwords import ThePasswordIsWeak, ThePasswordWasUsed

AT = dt.datetime(2026, 11, 22, 6, 5, tzinfo=dt.UTC)


def change(person: User, present: str, new: str, *, at: dt.datetime = AT) -> None:
    services.change_password(user=person, at=at, present=present, new=new)


@pytest.mark.parametrize(
    ("password", "kinds"),
    [("abc", 1), ("aB", 2), ("aB1", 3), ("aB1-", 4), ("口令", 1), ("口令a", 2), ("Ωω１ ", 4), ("", 0)],
)
def test_kinds_of_characters_are_counted(password, kinds):
    def passes(least: int) -> bool:
        try:
            KindsOfCharacters(least).validate(password)
        except Exception:
            return False
        return True

    assert [passes(least) for least in range(6)] == [least <= kinds for least in range(6)]


def test_a_password_ages_only_where_the_office_says_so():
    never, monthly = (PasswordRules(length=10, kinds=3, history=5, days=days) for days in (0, 30))
    assert not never.is_over(None, at=AT) and never.days_left(AT, at=AT) is None
    assert monthly.is_over(None, at=AT)
    assert not monthly.is_over(AT, at=AT + dt.timedelta(days=30, seconds=-1))
    assert monthly.is_over(AT, at=AT + dt.timedelta(days=30))
    assert [monthly.days_left(AT, at=AT + dt.timedelta(days=days)) for days in (0, 23, 30, 99)] == [30, 7, 0, 0]


@pytest.mark.django_db
@pytest.mark.parametrize("weak", ["alllowercaseletters", "lower-and-other", "12345-67890", "UPPER-AND-OTHER"])
def test_a_password_of_few_kinds_of_characters_is_weak(weak):
    with pytest.raises(ThePasswordIsWeak) as refused:
        change(make_user(), PASSWORD, weak)
    assert "3 类" in refused.value.problem.zh and "3 of" in refused.value.problem.en


@pytest.mark.django_db
def test_the_last_passwords_are_not_chosen_again(settings):
    settings.KOUAN_PASSWORD_HISTORY = 3
    person, used = make_user(), [PASSWORD, "Quiet-River-1", "Quiet-River-2", "Quiet-River-3"]
    for number, (present, new) in enumerate(pairwise(used)):
        change(person, present, new, at=AT + dt.timedelta(days=number))
    for taken in used[1:]:
        with pytest.raises(ThePasswordWasUsed) as refused:
            change(person, used[-1], taken)
    assert "3" in refused.value.problem.zh
    change(person, used[-1], PASSWORD, at=AT + dt.timedelta(days=9))
    assert person.former_passwords.count() == 2


@pytest.mark.django_db
def test_former_passwords_are_kept_as_hashes_alone(settings):
    person = make_user()
    change(person, PASSWORD, "Quiet-River-1")
    former = FormerPassword.objects.get()
    assert former.password != PASSWORD and identify_hasher(former.password).verify(PASSWORD, former.password)


@pytest.mark.django_db
def test_without_a_history_nothing_is_kept(settings):
    settings.KOUAN_PASSWORD_HISTORY = 0
    person = make_user()
    change(person, PASSWORD, "Quiet-River-1")
    change(person, "Quiet-River-1", "Quiet-River-1")
    assert not FormerPassword.objects.exists()


@pytest.mark.django_db
def test_a_new_first_password_is_no_way_around_the_history():
    person = make_user()
    first = services.reset_password(actor=make_user(Role.SYSTEM_ADMIN), at=AT, user_id=person.pk)
    with pytest.raises(ThePasswordWasUsed):
        change(person, first, PASSWORD)
    with pytest.raises(ThePasswordWasUsed):
        change(person, first, first)


@pytest.mark.django_db
def test_a_password_that_somebody_else_set_has_to_be_changed():
    entered = services.add_user(
        actor=make_user(Role.SYSTEM_ADMIN),
        at=AT,
        organisation_id=make_organisation().pk,
        username="wang",
        name="王",
        password="Given-By-Another-1",
    )
    assert entered.has_to_change_password


@pytest.mark.django_db
def test_an_old_password_leads_to_changing_it_and_nowhere_else(client, settings):
    settings.KOUAN_PASSWORD_DAYS = 90
    now = timezone.now()
    person = make_user(Role.PORT_OFFICE_CLERK, password_set_at=now - dt.timedelta(days=91))
    client.post(reverse("sign-in"), {"username": person.username, "password": PASSWORD})
    assert client.get(reverse("people")).url == reverse("own-password")
    page = client.get(reverse("own-password")).text
    assert "口令已到规定的期限" in page and "90 天后须再次修改" in page
    refused = client.get(reverse("people"), headers={"Accept": "application/json"})
    assert refused.json()["problems"][0]["code"] == ThePasswordMustChange().problem.code
    again = {"present": PASSWORD, "new": "Quiet-River-1", "again": "Quiet-River-1"}
    assert client.post(reverse("own-password"), again).url == reverse("own-page")
    assert client.get(reverse("people")).status_code == 200


@pytest.mark.django_db
def test_people_are_told_before_a_password_gets_too_old(client, settings):
    settings.KOUAN_PASSWORD_DAYS = 90
    person = make_user(password_set_at=timezone.now() - dt.timedelta(days=85, hours=-1))
    page = client.post(reverse("sign-in"), {"username": person.username, "password": PASSWORD}, follow=True)
    assert "口令 5 天后到期" in page.text


@pytest.mark.django_db
def test_a_session_ends_after_its_longest_time_whatever_is_done_in_it(client, settings, monkeypatch):
    settings.KOUAN_SESSION_HOURS = 12
    person = make_user()
    client.post(reverse("sign-in"), {"username": person.username, "password": PASSWORD})
    now = timezone.now().timestamp()
    for minutes in range(20, 12 * 60 + 1, 20):
        monkeypatch.setattr("kouan.accounts.middleware.time.time", lambda passed=minutes: now + passed * 60)
        if minutes < 12 * 60:
            assert client.get(reverse("own-page")).status_code == 200, minutes
    monkeypatch.setattr("kouan.accounts.middleware.time.time", lambda: now + 12 * 3600 + 60)
    out = client.get(reverse("own-page"), follow=True)
    assert "最长时间" in out.text and "_auth_user_id" not in client.session
