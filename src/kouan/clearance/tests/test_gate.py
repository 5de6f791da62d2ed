"""May this leave? Only when everything that a number stands for was officially released."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.clearance.models import Arrival, GateCheck
from kouan.clearance.rules import GateReason, may_leave
from kouan.clearance.services import gate as gate_service
from kouan.clearance.services.arrivals import record_arrivals
from kouan.clearance.services.gate import ask_gate, record_leaving
from kouan.clearance.tests.test_pipeline import work
from kouan.declarations.factories import ACTOR, make_channels, make_firms, make_national_channel, send
from kouan.declarations.models import Case
from kouan.gateway.codes import Carrier, Side
from kouan.gateway.services.connections import open_connection
from kouan.gateway.services.tokens import issue_token
from kouan.gateway.standards.ceb.generate import parcels

pytestmark = [pytest.mark.django_db, pytest.mark.service]
CONTAINER = "CSQU3054383"  # the example of ISO 6346


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def site():
    return make_organisation("site_operator")


@pytest.fixture
def cases(site, at):
    """Three released parcels bound for the site, one of them under a bill of its own."""
    firms = make_firms()
    make_national_channel(firms["621"].pk)
    send(make_channels(firms), parcels(3, at=at), at=at)
    work(at)
    for case in Case.objects.all():
        Case.objects.filter(pk=case.pk).update(
            parties=[*case.parties, site.pk], official_status="800", official_at=at, state="released", bill_no=""
        )
    return list(Case.objects.order_by("pk"))


def arrive(site, cases, at, *, bill_no="", container_no="", more=()):
    return record_arrivals(
        actor=ACTOR, operator_id=site.pk, place_code="T1", carrier_code=cases[0].carrier_code,
        waybill_nos=[*(case.waybill_no for case in cases), *more], bill_no=bill_no, container_no=container_no,
        location="", source="desk", arrived_at=at, at=at,
    )  # fmt: skip


def ask(site, number, at):
    return ask_gate(actor=ACTOR, operator_id=site.pk, number=number, at=at)


@pytest.mark.parametrize("by", ["list_no", "waybill_no", "internal_no", "bill_no"])
def test_it_works_by_every_number_of_a_case(site, cases, at, by):
    Case.objects.filter(pk=cases[0].pk).update(**{by: f"N-{by}"})
    answer = ask(site, f" N-{by} ", at)
    assert (answer.may_leave, [case.pk for case, _ in answer.cases]) == (True, [cases[0].pk])
    assert GateCheck.objects.get().number == f"N-{by}"


@pytest.mark.parametrize("typed", [CONTAINER, "csqu 305438-3"])
def test_a_container_leaves_when_all_that_came_in_it_may(site, cases, at, typed):
    arrive(site, cases, at, container_no=typed)
    answer = ask(site, typed, at)
    assert (answer.may_leave, len(answer.cases), answer.check.number) == (True, 3, CONTAINER)
    left = record_leaving(actor=ACTOR, check=answer.check, gate="1", vehicle_no="鄂A", at=at)
    assert left.left_at == at
    assert ask(site, typed, at).check.reason == GateReason.LEFT_ALREADY


def test_one_parcel_that_is_not_released_holds_the_container(site, cases, at):
    arrive(site, cases, at, container_no=CONTAINER)
    Case.objects.filter(pk=cases[1].pk).update(official_status="500")
    assert ask(site, CONTAINER, at).check.reason == GateReason.NOT_RELEASED


@pytest.mark.parametrize(("key", "number"), [("bill_no", "B-1"), ("container_no", CONTAINER)])
def test_a_parcel_that_nobody_declared_holds_the_rest(site, cases, at, key, number):
    arrive(site, cases, at, **{key: number}, more=["NOT-DECLARED"])
    answer = ask(site, number, at)
    assert (answer.check.reason, answer.undeclared) == (GateReason.UNDECLARED, ["NOT-DECLARED"])
    assert not answer.may_leave


def test_a_bill_is_what_was_declared_under_it_and_what_arrived_under_it(site, cases, at):
    Case.objects.filter(pk=cases[0].pk).update(bill_no="B-1")
    arrive(site, cases[1:], at, bill_no="B-1")
    assert len(ask(site, "B-1", at).cases) == 3


def test_more_parcels_than_can_be_judged_are_not_let_out(site, cases, at, monkeypatch):
    monkeypatch.setattr(gate_service, "MOST_PARCELS", 2)
    Case.objects.update(bill_no="B-1")
    assert ask(site, "B-1", at).check.reason == GateReason.TOO_MANY


def test_what_is_bound_for_another_place_is_unknown(cases, at):
    answer = ask(make_organisation("site_operator"), cases[0].waybill_no, at)
    assert (answer.may_leave, answer.check.reason) == (False, GateReason.UNKNOWN)


@pytest.mark.parametrize("number", ["", "   ", "NOWHERE"])
def test_what_stands_for_nothing_is_unknown(site, cases, at, number):
    arrive(site, cases, at)
    assert ask(site, number, at).check.reason == GateReason.UNKNOWN


@pytest.mark.parametrize(
    ("status", "left", "withdrawn", "reason"),
    [
        ("800", False, False, GateReason.RELEASED),
        ("899", False, False, GateReason.RELEASED),
        ("120", False, False, GateReason.NOT_RELEASED),
        ("", False, False, GateReason.NEVER_ANSWERED),
        ("800", False, True, GateReason.WITHDRAWN),
        ("800", True, False, GateReason.LEFT_ALREADY),
    ],
)
def test_only_an_official_release_that_holds_opens_the_gate(at, status, left, withdrawn, reason):
    found = may_leave(official_status=status, left_at=at if left else None, is_withdrawn=withdrawn)
    assert found is reason


def test_a_yes_that_is_no_more_true_opens_nothing(site, cases, at):
    answer = ask(site, cases[0].waybill_no, at)
    Case.objects.filter(pk=cases[0].pk).update(is_withdrawn=True)
    with pytest.raises(NotAllowed):
        record_leaving(actor=ACTOR, check=answer.check, gate="", vehicle_no="", at=at)


def test_a_wrong_container_number_is_not_recorded(site, cases, at):
    with pytest.raises(NotAllowed) as refusal:
        arrive(site, cases, at, container_no="CSQU3054384")
    assert refusal.value.problem.code == "-940021"
    assert not Arrival.objects.exists()


# The doors -----------------------------------------------------------------------------------------------------------


def signed_in(role, organisation=None):
    client = Client()
    client.force_login(make_user(role, organisation=organisation))
    return client


def test_the_page_answers_and_lists_what_was_asked(site, cases, at):
    arrive(site, cases, at, container_no=CONTAINER)
    client = signed_in(Role.GATE_CLERK, site)
    page = client.post(reverse("gate"), {"do": "ask", "number": CONTAINER}).text
    assert "可以离场" in page and "已收到官方放行回执" in page
    assert "不可离场" in client.post(reverse("gate"), {"do": "ask", "number": "NOWHERE"}).text
    listed = client.get(reverse("gate-checks")).text
    assert CONTAINER in listed and "NOWHERE" in listed
    assert CONTAINER in signed_in(Role.PORT_OFFICE_CLERK).get(reverse("gate-checks")).text
    assert CONTAINER not in signed_in(Role.GATE_CLERK).get(reverse("gate-checks")).text
    assert signed_in(Role.TRADER_CLERK).get(reverse("gate-checks")).status_code == 403


def test_the_system_of_a_place_asks_by_container(site, cases, at):
    channel = open_connection(
        actor=ACTOR, organisation_id=site.pk, name="卡口系统", carrier=Carrier.HTTP, side=Side.SITE, at=at
    )
    token = issue_token(actor=ACTOR, connection_id=channel.pk, at=at)
    arrive(site, cases, at, container_no=CONTAINER, more=["NOT-DECLARED"])
    answer = Client().post(
        "/api/v1/site/gate", {"number": CONTAINER}, content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    ).json()  # fmt: skip
    assert (answer["may_leave"], answer["reason"]) == (False, "undeclared")
    assert answer["undeclared_waybills"] == ["NOT-DECLARED"]
    assert answer["as_of"] and len(answer["cases"]) == 3


def test_a_declarant_copies_an_earlier_declaration(cases):
    case = cases[0]
    declarant = make_user(Role.TRADER_CLERK, organisation_id=case.parties[0])
    client = Client()
    client.force_login(declarant)
    assert reverse("copy-case", args=[case.pk]) in client.get(reverse("case", args=[case.pk])).text
    page = client.post(reverse("copy-case", args=[case.pk]), follow=True)
    values = page.context["draft"].values
    assert (values["platform_code"], values["trade_mode"]) == (case.platform_code, case.trade_mode)
    assert values["platform_name"] and values["goods"] and values["transport_mode"]
    assert not {"internal_no", "order_no", "waybill_no", "buyer_name", "buyer_id_number"} & set(values)
