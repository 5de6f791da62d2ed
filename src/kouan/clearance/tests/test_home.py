"""Everybody's first page: each role sees what waits for it, and every count is that of the list behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.access import NotSignedIn
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.clearance.home import duties_of
from kouan.clearance.tests.test_pipeline import work
from kouan.declarations.factories import make_channels, make_firms, make_national_channel, send
from kouan.declarations.models import Case
from kouan.gateway.standards.ceb.generate import parcels

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def firms():
    at = timezone.now()
    firms = make_firms()
    make_national_channel(firms["621"].pk)
    channels = make_channels(firms)
    send(channels, parcels(2, at=at - timedelta(days=1), seed=1, defects={"missing_payment": 1.0}), at=at)
    send(channels, parcels(2, at=at - timedelta(days=2), seed=2, defects={"wrong_payment": 1.0}), at=at)
    send(channels, parcels(2, at=at - timedelta(days=3), seed=3), at=at)
    work(at)
    return firms


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", list(Role))
def test_it_works(firms, role):
    assert client_of(make_user(role)).get(reverse("home")).status_code == 200


def test_who_is_signed_out_is_sent_to_sign_in():
    try:
        assert Client().get(reverse("home")).status_code == 302
    except NotSignedIn as refusal:
        assert refusal.status == 401


@pytest.mark.parametrize("role", ["trader_clerk", "port_office_clerk", "officer", "site_clerk", "system_admin"])
def test_every_count_is_that_of_its_list(firms, role):
    user = make_user(role, organisation=firms["621"]) if role == "trader_clerk" else make_user(role)
    client = client_of(user)
    for duty in duties_of(user):
        page = client.get(duty.url)
        assert page.status_code == 200, duty.url
        if "asked" in page.context:
            assert not page.context["problems"], duty.url
            assert page.context["count"].at_least == duty.count, duty.url


def test_a_firm_counts_its_own_cases_only(firms):
    mine = duties_of(make_user("trader_clerk", organisation=firms["311"]))
    others = duties_of(make_user("trader_clerk"))
    assert sum(duty.count for duty in mine) > 0
    assert sum(duty.count for duty in others) == 0


def test_the_port_office_sees_stages_and_who_waits_longest(firms):
    page = client_of(make_user("port_office_clerk")).get(reverse("home"))
    assert sum(stage.count for stage in page.context["stages"]) == Case.objects.count()
    for stage in page.context["stages"]:
        assert sum(n for _word, n, _url in stage.waits) == stage.count
    waited = [waited for _case, _words, waited in page.context["stuck"]]
    assert waited and waited == sorted(waited, reverse=True)


def test_it_asks_as_much_for_many_cases_as_for_few(firms):
    client = client_of(make_user("port_office_clerk"))
    client.get(reverse("home"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("home"))
    at = timezone.now()
    channels = make_channels(firms)
    send(channels, parcels(8, at=at, seed=5, defects={"missing_payment": 0.5}), at=at)
    work(at)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("home"))
    assert len(many) == len(few) < 40
