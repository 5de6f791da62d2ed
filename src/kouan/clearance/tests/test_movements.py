"""Master bills, arrivals and departures from the pages: written, signed, answered, and shown with their parcels."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.clearance.tests.national import rig, work
from kouan.clearance.tests.test_export_applications import appoint, released
from kouan.declarations.codes import Kind
from kouan.declarations.models import Case, Document, NamedParcel
from kouan.declarations.movements import parcels_of
from kouan.declarations.services.moving import declare_movement
from kouan.gateway.codes import Carrier

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def national(tmp_path):
    with rig(Carrier.FOLDER, tmp_path, timezone.now().replace(day=10)) as made:
        yield made


@pytest.fixture
def carrier(national):
    return make_user(Role.TRADER_CLERK, organisation=national.firms["511"])


def values_of(national, **more):
    return {"customs_code": "4700", "transport_mode": "5", "transport_name": "YS8888", "voyage_no": "YS1",
            "bill_no": "YSB1", "left_at": national.at - timedelta(hours=1), **more}  # fmt: skip


def test_pasted_waybills_are_read_once_each_with_their_packages() -> None:
    text = "W1\tP1\r\n\n W2 ，P2\nW1\tP9\nW3\n\x00W4;"
    assert parcels_of(text) == [("W1", "P1"), ("W2", "P2"), ("W3", ""), ("W4", "")]


def test_a_carrier_says_on_the_page_that_parcels_left_the_country(national, carrier, client):
    appoint(carrier, national.at)
    made = released(national, 2)
    waybills = [parcel.waybill.waybill_no for parcel, _ in made]
    client.force_login(carrier)
    address = reverse("new-movement", args=["departure"])
    assert client.get(address).status_code == 200
    typed = values_of(national) | {"parcels": "\n".join(waybills)}
    typed["left_at"] = f"{timezone.localtime(typed['left_at']):%Y-%m-%dT%H:%M}"
    assert client.post(address, typed | {"parcels": " "}).status_code == 422
    answer = client.post(address, typed)
    assert (answer.status_code, answer.url) == (302, reverse("movements"))
    work(timezone.now())
    document = Document.objects.get(kind="509")
    assert set(NamedParcel.objects.values_list("waybill_no", flat=True)) == set(waybills)
    page = client.get(reverse("movements"))
    assert document.number in page.text and "离境单" in page.text
    shown = client.get(reverse("movement", args=[document.pk])).text
    for case in Case.objects.all():
        assert case.internal_no in shown
    national.at = timezone.now()
    national.pass_time(600, turns=5)
    assert Case.objects.filter(departed_at__isnull=False).count() == 2
    assert "399" in client.get(reverse("movement", args=[document.pk])).text
    client.force_login(make_user(Role.TRADER_CLERK))
    assert client.get(reverse("movement", args=[document.pk])).status_code == 404


def test_a_declarant_makes_the_master_bill(national):
    clerk = make_user(Role.TRADER_CLERK, organisation=national.firms["621"])
    appoint(clerk, national.at)
    values = values_of(national, carrier_code=national.firms["511"].customs_code, gross_weight_kg="2.5")
    values.pop("left_at")
    declare_movement(user=clerk, kind=Kind.MASTER_BILL, values=values, parcels=[("W1", "P1")], at=national.at)
    work(national.at)
    assert Document.objects.get(kind="607").owner_code == national.firms["621"].customs_code


def test_who_may_say_what(national, carrier):
    for kind, user in ((Kind.ARRIVAL, carrier), (Kind.DEPARTURE, make_user(Role.SITE_CLERK))):
        with pytest.raises(NotAllowed):
            declare_movement(user=user, kind=kind, values=values_of(national), parcels=[("W1", "")], at=national.at)
    with pytest.raises(NotAllowed) as refusal:
        declare_movement(user=carrier, kind=Kind.DEPARTURE, values=values_of(national), parcels=[], at=national.at)
    assert refusal.value.problem.code == "-950050"


def test_without_a_key_a_departure_waits_for_the_card_and_an_arrival_is_refused(national, carrier):
    values = values_of(national)
    draft = declare_movement(user=carrier, kind=Kind.DEPARTURE, values=values, parcels=[("W1", "")], at=national.at)
    assert draft.state == "awaiting_signature"
    keeper = make_user(Role.SITE_CLERK)
    keeper.organisation.customs_code = "420166YS77"
    values = {"customs_code": "4700", "transport_mode": "5", "domestic_transport_no": "鄂A00001",
              "carrier_code": national.firms["511"].customs_code}  # fmt: skip
    with pytest.raises(NotAllowed) as refusal:
        declare_movement(user=keeper, kind=Kind.ARRIVAL, values=values, parcels=[("W1", "")], at=national.at)
    assert refusal.value.problem.code == "-950051"
