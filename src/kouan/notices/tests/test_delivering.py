"""Delivering: order, back-off, giving up, sending again, closing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.notices import addresses, selectors
from kouan.notices.codes import EndpointState, Scope
from kouan.notices.factories import CALLED, make_endpoint
from kouan.notices.models import Dispatch, Endpoint
from kouan.notices.services import delivering
from kouan.notices.services import endpoints as service
from kouan.notices.services.delivering import claim_lines, wait_after, write_outcomes
from kouan.notices.services.posting import Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.service]

AT = timezone.now()


@pytest.fixture
def trader():
    return make_user()


@pytest.fixture
def endpoint(trader):
    return make_endpoint(trader.organisation_id, at=AT)


@pytest.fixture(autouse=True)
def public_names(monkeypatch):
    monkeypatch.setattr(addresses, "resolve", lambda host, port: ["8.8.8.8"])


def wait_for(trader, endpoint, count: int) -> list[Dispatch]:
    for _ in range(count):
        service.ping_endpoint(user=trader, pk=endpoint.pk, at=AT)
    return list(Dispatch.objects.filter(endpoint_id=endpoint.pk).order_by("pk"))


def claimed(at=AT):
    return [[item.id for item in line.items] for line in claim_lines(busy=[], at=at)]


def test_it_works(trader, endpoint):
    rows = wait_for(trader, endpoint, 3)
    assert claimed() == [[row.pk for row in rows]], "in the order in which they came"
    write_outcomes([Outcome(endpoint.pk, delivered=[row.pk for row in rows])], at=AT)
    endpoint.refresh_from_db()
    assert (endpoint.delivered_count, endpoint.state) == (3, EndpointState.WORKING)
    assert not Dispatch.objects.exists()


def test_an_outage_holds_the_line_in_order_and_is_left_alone_longer_and_longer(trader, endpoint):
    first, second = wait_for(trader, endpoint, 2)
    at, waits = AT, []
    for failures in range(6):
        write_outcomes([Outcome(endpoint.pk, failures=failures, outage="HTTP 503")], at=at)
        endpoint.refresh_from_db()
        assert claimed(at) == []
        waits.append(endpoint.retry_at - at)
        at = endpoint.retry_at
        assert claimed(at) == [[first.pk]], "one that fails is tried with one event"
    assert waits == sorted(waits) and endpoint.failing_since == AT and endpoint.state == EndpointState.FAILING
    assert Dispatch.objects.get(pk=first.pk).attempts == 6
    write_outcomes([Outcome(endpoint.pk, failures=6, delivered=[first.pk])], at=at)
    assert claimed(at) == [[second.pk]]
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None and endpoint.failures == 0


def test_one_that_fails_does_not_hold_up_another(trader, endpoint):
    other = make_endpoint(trader.organisation_id, at=AT)
    wait_for(trader, endpoint, 1)
    [row] = wait_for(trader, other, 1)
    write_outcomes([Outcome(endpoint.pk, outage="HTTP 500")], at=AT)
    assert claimed() == [[row.pk]]


def test_the_wait_doubles_to_an_hour_and_heeds_the_endpoint():
    seconds = [wait_after(failures).total_seconds() for failures in (1, 2, 3, 30)]
    for found, expected in zip(seconds, (5, 10, 20, 3600), strict=True):
        assert expected * 0.8 <= found <= expected * 1.2
    assert wait_after(1, 600) == timedelta(seconds=600)


def test_what_failed_for_three_days_is_given_up_and_can_be_sent_again(trader, endpoint):
    rows = wait_for(trader, endpoint, 2)
    Dispatch.objects.filter(pk=rows[0].pk).update(created_at=AT - timedelta(days=3, hours=1))
    write_outcomes([Outcome(endpoint.pk, outage="HTTP 503")], at=AT)
    [dead] = selectors.list_dead(trader)
    assert (dead.pk, dead.error, dead.endpoint) == (rows[0].pk, delivering.TOO_OLD, endpoint.name)
    assert service.resend(user=trader, rows=selectors.list_dead(trader), at=AT) == 1
    assert claimed() == [[rows[0].pk]], "at its old place, and at once"


def test_an_event_that_is_refused_is_kept_with_the_reason(trader, endpoint):
    [row] = wait_for(trader, endpoint, 1)
    write_outcomes([Outcome(endpoint.pk, refused=[(row.pk, "HTTP 422")])], at=AT)
    [dead] = selectors.list_dead(trader)
    assert (dead.error, dead.attempts) == ("HTTP 422", 1)
    endpoint.refresh_from_db()
    assert endpoint.state == EndpointState.WORKING and claimed() == []


def test_gone_closes_the_endpoint_and_keeps_what_waited(trader, endpoint):
    wait_for(trader, endpoint, 2)
    write_outcomes([Outcome(endpoint.pk, outage="HTTP 410", is_gone=True)], at=AT)
    endpoint.refresh_from_db()
    assert endpoint.state == EndpointState.CLOSED and selectors.list_dead(trader).count() == 2
    assert service.resend(user=trader, rows=selectors.list_dead(trader), at=AT) == 0, "not to a closed one"
    service.reopen_endpoint(user=trader, pk=endpoint.pk, at=AT)
    assert service.resend(user=trader, rows=selectors.list_dead(trader), at=AT) == 2


def test_opening_shows_a_secret_that_is_not_stored_and_turning_the_key_lets_both_sign(trader):
    endpoint, secret = service.open_endpoint(
        user=trader, name="x", url="https://a.example/", topics=[CALLED.key, "no.such"], scope=Scope.ALL, at=AT
    )
    assert endpoint.topics == [CALLED.key]
    assert secret not in str(Endpoint.objects.values().get(pk=endpoint.pk))
    new = service.turn_key(user=trader, pk=endpoint.pk, at=AT)
    endpoint.refresh_from_db()
    assert service.secrets_of(endpoint, AT) == [new, secret]
    assert service.secrets_of(endpoint, AT + timedelta(hours=25)) == [new]


def test_an_address_inside_is_refused_at_entry_at_change_and_when_it_is_reopened(trader, endpoint, monkeypatch):
    monkeypatch.setattr(addresses, "resolve", lambda host, port: ["169.254.169.254"])
    given = {"name": "x", "url": "https://a.example/", "topics": [], "scope": Scope.ALL, "at": AT}
    with pytest.raises(service.TheAddressIsRefused):
        service.open_endpoint(user=trader, **given)
    with pytest.raises(service.TheAddressIsRefused):
        service.change_endpoint(user=trader, pk=endpoint.pk, **given)
    service.close_endpoint(user=trader, pk=endpoint.pk, at=AT)
    with pytest.raises(service.TheAddressIsRefused):
        service.reopen_endpoint(user=trader, pk=endpoint.pk, at=AT)


def test_strangers_neither_see_nor_touch_an_endpoint_and_the_administrator_may_only_close_it(trader, endpoint):
    stranger, admin, office = make_user(), make_user(Role.SYSTEM_ADMIN), make_user(Role.PORT_OFFICE_CLERK)
    for act in (service.turn_key, service.ping_endpoint, service.close_endpoint, service.reopen_endpoint):
        with pytest.raises(NotYours):
            act(user=stranger, pk=endpoint.pk, at=AT)
    for user in (admin, office):
        with pytest.raises(NotAllowed):
            service.turn_key(user=user, pk=endpoint.pk, at=AT)
    with pytest.raises(NotAllowed):
        service.close_endpoint(user=office, pk=endpoint.pk, at=AT)
    service.close_endpoint(user=admin, pk=endpoint.pk, at=AT)
    assert selectors.get_endpoint(user=trader, pk=endpoint.pk).state == EndpointState.CLOSED


def test_no_more_than_twenty_are_in_use(trader, monkeypatch):
    monkeypatch.setattr(service, "MOST_ENDPOINTS", 1)
    given = {"name": "x", "url": "https://a.example/", "topics": [], "scope": Scope.ALL, "at": AT}
    service.open_endpoint(user=trader, **given)
    with pytest.raises(service.ThereAreTooMany):
        service.open_endpoint(user=trader, **given)
