"""The list of cases and one case: who finds what in them, and that neither asks more of the database as rows grow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.factories import make_user
from kouan.clearance.services.routing import route_messages
from kouan.declarations import selectors as declarations
from kouan.declarations.factories import make_channels, make_firms, make_national_channel, send
from kouan.declarations.models import Case
from kouan.declarations.services.matching import match_messages
from kouan.declarations.services.storing import store_messages
from kouan.gateway.codes import Step
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.ceb.generate import parcels

pytestmark = [pytest.mark.django_db, pytest.mark.service]

AT = timezone.now() - timedelta(days=3)


@pytest.fixture
def firms():
    return make_firms()


@pytest.fixture
def cases(firms):
    make_national_channel(firms["621"].pk)
    send(make_channels(firms), parcels(12, at=AT), at=AT)
    steps = ((Step.STORE, store_messages), (Step.MATCH, match_messages), (Step.ROUTE, route_messages))
    while sum(run_step(step=step, handle=handle, at=AT) for step, handle in steps):
        pass
    return list(Case.objects.order_by("pk"))


def numbers_on(page):
    return {case.internal_no for case in page.context["rows"]}


@pytest.mark.parametrize("role", ["port_office_clerk", "trader_clerk"])
def test_the_list_asks_the_same_however_many_cases(
    client, cases, firms, role, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(make_user(role, organisation=firms["621"] if role == "trader_clerk" else None))
    client.get(reverse("cases"))
    with django_assert_max_num_queries(18) as asked:
        page = client.get(reverse("cases"), {"q": cases[0].internal_no})
    assert len(numbers_on(page)) == 1
    with django_assert_num_queries(len(asked)):
        page = client.get(reverse("cases"))
    assert len(numbers_on(page)) == 12


def test_one_case_asks_a_bounded_number_of_questions(client, cases, firms, django_assert_max_num_queries):
    client.force_login(make_user("trader_clerk", organisation=firms["621"]))
    address = reverse("case", args=[cases[0].pk])
    client.get(address)
    with django_assert_max_num_queries(37):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("name", ["internal_no", "order_no", "waybill_no"])
def test_a_case_is_found_by_each_number_and_by_how_it_begins(client, cases, name):
    client.force_login(make_user("port_office_clerk"))
    number = getattr(cases[0], name)
    for typed in (number, number.lower(), f" {number} "):
        found = numbers_on(client.get(reverse("cases"), {"q": typed}))
        assert found == {case.internal_no for case in cases if getattr(case, name).startswith(number)}, typed
    begun = numbers_on(client.get(reverse("cases"), {"q": number[:-1]}))
    assert begun == {case.internal_no for case in cases if getattr(case, name).startswith(number[:-1])}
    assert numbers_on(client.get(reverse("cases"), {"q": "NOWHERE"})) == set()


def test_an_empty_number_is_never_found_by_a_sign_that_stands_for_any(client, cases):
    client.force_login(make_user("port_office_clerk"))
    assert numbers_on(client.get(reverse("cases"), {"q": "%"})) == set()


@pytest.mark.parametrize(("since", "to", "found"), [(-3, -3, 12), (-4, -3, 12), (-2, 0, 0), (-5, -4, 0)])
def test_days_are_those_on_which_a_case_was_received(client, cases, since, to, found):
    client.force_login(make_user("port_office_clerk"))
    today = timezone.localdate()
    days = {"received_since": today + timedelta(days=since), "received_to": today + timedelta(days=to)}
    assert len(numbers_on(client.get(reverse("cases"), days))) == found


def test_an_officer_sees_the_cases_of_the_own_agency_alone(cases):
    Case.objects.filter(pk=cases[0].pk).update(agencies=["tax", "customs"])
    Case.objects.filter(pk__in=[case.pk for case in cases[1:]]).update(agencies=["customs"])
    assert declarations.list_cases(make_user("officer", agency="tax")).count() == 1
    assert declarations.list_cases(make_user("officer", agency="customs")).count() == 12
    assert declarations.list_cases(make_user("officer", agency="police")).count() == 0
