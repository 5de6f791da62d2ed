"""Signing in, and the lock-out against guessing."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from kouan.accounts import services
from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import Role
from kouan.accounts.factories import PASSWORD, make_user
from kouan.accounts.models import SignInFailure
from kouan.accounts.services import TheSignInIsLocked, TheSignInIsWrong
from kouan.accounts.services.signing_in import LOCK_OUT, is_locked
from kouan.audit.models import AuditEntry

AT = dt.datetime(2026, 11, 22, 6, 5, tzinfo=dt.UTC)
HERE = "192.0.2.7"


def try_once(username, password="wrong", address=HERE, at=AT):
    return services.sign_in(username=username, password=password, address=address, at=at)


def fail(username, times, address=HERE, at=AT):
    for _ in range(times):
        with pytest.raises(TheSignInIsWrong):
            try_once(username, address=address, at=at)


@pytest.mark.django_db
def test_it_works():
    person = make_user(username="zhao")
    assert try_once(" Zhao ", PASSWORD) == person
    person.refresh_from_db()
    assert person.last_login == AT
    entry = AuditEntry.objects.get(subject_kind="user")
    assert (entry.act, entry.actor_id, entry.detail) == ("sign_in", person.id, {"address": HERE})


@pytest.mark.django_db
def test_a_wrong_name_a_wrong_password_and_a_suspended_person_are_told_the_same():
    make_user(username="zhao")
    make_user(username="qian", is_active=False)
    said = set()
    for username, password in (("zhao", "wrong"), ("nobody", "wrong"), ("qian", PASSWORD)):
        with pytest.raises(TheSignInIsWrong) as refused:
            try_once(username, password)
        said.add(refused.value.problem)
    assert len(said) == 1


@pytest.mark.django_db
def test_what_was_typed_as_a_name_is_kept_nowhere():
    fail("a-password-in-the-wrong-field", 1)
    assert not AuditEntry.objects.filter(subject_kind="user").exists()
    assert "a-password" not in str(list(SignInFailure.objects.values()))


@pytest.mark.django_db
def test_an_account_is_locked_for_a_while_even_with_the_right_password():
    person = make_user(username="zhao")
    fail("zhao", LOCK_OUT.account_failures)
    assert is_locked(user=person, at=AT)
    with pytest.raises(TheSignInIsLocked) as refused:
        try_once("zhao", PASSWORD, address="198.51.100.1", at=AT + dt.timedelta(minutes=5))
    assert "10" in refused.value.problem.zh
    assert try_once("zhao", PASSWORD, at=AT + LOCK_OUT.window)


@pytest.mark.django_db
def test_knocking_on_a_locked_door_does_not_lengthen_the_lock():
    make_user(username="zhao")
    fail("zhao", LOCK_OUT.account_failures)
    for minute in range(1, 15):
        with pytest.raises(TheSignInIsLocked):
            try_once("zhao", at=AT + dt.timedelta(minutes=minute))
    assert try_once("zhao", PASSWORD, at=AT + LOCK_OUT.window)


@pytest.mark.django_db
def test_a_success_forgets_the_accounts_failures():
    make_user(username="zhao")
    fail("zhao", LOCK_OUT.account_failures - 1)
    assert try_once("zhao", PASSWORD)
    fail("zhao", LOCK_OUT.account_failures)


@pytest.mark.django_db
def test_an_address_that_tries_many_names_is_locked_and_others_are_not():
    make_user(username="zhao")
    for number in range(LOCK_OUT.address_failures):
        fail(f"name{number}", 1)
    with pytest.raises(TheSignInIsLocked):
        try_once("zhao", PASSWORD)
    assert try_once("zhao", PASSWORD, address="198.51.100.1")


@pytest.mark.django_db
def test_the_security_administrator_unlocks():
    person = make_user(username="zhao")
    fail("zhao", LOCK_OUT.account_failures)
    with pytest.raises(NotAllowed):
        services.unlock(actor=make_user(Role.SYSTEM_ADMIN), at=AT, user_id=person.id)
    services.unlock(actor=make_user(Role.SECURITY_ADMIN), at=AT, user_id=person.id)
    assert try_once("zhao", PASSWORD)


@pytest.mark.django_db
def test_old_failures_are_forgotten():
    fail("zhao", 3)
    fail("zhao", 1, at=AT + dt.timedelta(minutes=1))
    assert services.forget_old_failures(at=AT + LOCK_OUT.window) == 3
    assert SignInFailure.objects.count() == 1


@pytest.mark.django_db
def test_the_demonstrations_people_need_no_password_and_nobody_else(settings):
    settings.DEMO = True
    person = make_user(username="demo", is_demo=True)
    make_user(username="real")
    assert services.sign_in_for_demonstration(username="demo", address=HERE, at=AT) == person
    with pytest.raises(NotAllowed):
        services.sign_in_for_demonstration(username="real", address=HERE, at=AT)
    settings.DEMO = False
    with pytest.raises(NotAllowed):
        services.sign_in_for_demonstration(username="demo", address=HERE, at=AT)


def test_guesses_at_the_same_time_all_count(committed_database):
    make_user(username="zhao")

    def guess(_number):
        try:
            try_once("zhao")
        except (TheSignInIsWrong, TheSignInIsLocked) as refused:
            return type(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(guess, range(24)))
    assert said.count(TheSignInIsWrong) <= LOCK_OUT.account_failures
