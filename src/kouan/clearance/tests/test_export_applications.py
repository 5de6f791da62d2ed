"""Applications from the pages about export lists: summed up, cancelled, brought back; signed here or with the card."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.clearance.tests.national import rig, work
from kouan.clearance.tests.test_drafting import appoint
from kouan.clearance.tests.test_exports import hand_in, released
from kouan.declarations.codes import DraftState
from kouan.declarations.models import Case, Draft, Summary, SummaryEntry
from kouan.declarations.months import Standing, standing_of
from kouan.declarations.selectors import to_export_case
from kouan.declarations.services import storing
from kouan.declarations.services.applying import apply_for_cancellation, apply_for_return, close_month
from kouan.declarations.services.drafting import discard_draft
from kouan.gateway.codes import Carrier
from kouan.gateway.standards.ceb import generate_exports as exports

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def national(tmp_path):
    with rig(Carrier.FOLDER, tmp_path, timezone.now().replace(day=10)) as made:
        yield made


@pytest.fixture
def clerk(national):
    return make_user(Role.TRADER_CLERK, organisation=national.firms["621"])


def departed(national, count=1, **more):
    """Let export parcels be released, leave the country and be closed; give their cases."""
    made = released(national, count, **more)
    waybills = [parcel.waybill.waybill_no for parcel, _ in made]
    hand_in(national, "509", exports.departure(waybills, number="YSL1", at=national.at))
    national.pass_time(600, turns=5)
    return list(Case.objects.order_by("internal_no"))


def close(national, clerk):
    case = Case.objects.first()
    return close_month(
        user=clerk, first=national.at.date().replace(day=1), merchant_code=case.merchant_code,
        customs_code=case.customs_code, at=national.at,
    )  # fmt: skip


def standings():
    return {standing_of(to_export_case(case)) for case in Case.objects.all()}


def test_a_month_is_closed_signed_and_becomes_declarations(national, clerk):
    appoint(clerk, national.at)
    departed(national, 4)
    draft = close(national, clerk)
    assert (draft.state, standings()) == (DraftState.DECLARED, {Standing.HELD})
    work(national.at)
    assert standings() == {Standing.IN_SUMMARY}
    assert not Case.objects.exclude(held_for=None).exists()
    national.pass_time(300, turns=5)
    summary = Summary.objects.get()
    assert summary.state == "declared"
    named = [one for entry in SummaryEntry.objects.all() for one in entry.list_nos]
    assert sorted(named) == sorted(Case.objects.values_list("list_no", flat=True))
    with pytest.raises(NotAllowed) as refusal:
        close(national, clerk)
    assert refusal.value.problem.code == "-950021"


def test_without_a_key_the_month_waits_for_the_card_and_is_free_again_when_discarded(national, clerk):
    departed(national, 2)
    draft = close(national, clerk)
    assert draft.state == DraftState.AWAITING_SIGNATURE
    assert [message.kind for message in draft.messages.all()] == ["701"]
    assert standings() == {Standing.HELD}
    discard_draft(user=clerk, draft_id=draft.pk, at=national.at)
    assert standings() == {Standing.READY}


def test_an_application_that_is_refused_on_arrival_sets_its_lists_free(national, clerk, monkeypatch):
    appoint(clerk, national.at)
    departed(national)
    draft = close(national, clerk)
    read = storing.read_message

    def unreadable(*args):
        reading = read(*args)
        reading.passed = ()
        return reading

    monkeypatch.setattr(storing, "read_message", unreadable)
    work(national.at)
    assert draft.state == DraftState.DECLARED and not Summary.objects.exists()
    assert standings() == {Standing.READY}


def test_what_is_released_and_has_not_left_is_not_summed_up(national, clerk):
    released(national)
    assert standings() == {Standing.NOT_CLOSED}
    with pytest.raises(NotAllowed):
        close(national, clerk)


def test_a_list_is_cancelled_before_it_leaves(national, clerk):
    appoint(clerk, national.at)
    released(national)
    case = Case.objects.get()
    apply_for_cancellation(user=clerk, case_id=case.pk, reason="演示：买家取消订单", at=national.at)
    work(national.at)
    with pytest.raises(NotAllowed) as refusal:
        apply_for_cancellation(user=clerk, case_id=case.pk, reason="再次", at=national.at)
    assert refusal.value.problem.code == "-950043"
    national.pass_time(300, turns=5)
    assert Case.objects.get().state == "withdrawn"


def test_goods_that_left_come_back(national, clerk):
    appoint(clerk, national.at)
    [case] = departed(national, lines=(2, 2))
    values = {
        "waybill_no": "R1", "carrier_code": case.carrier_code, "carrier_name": "演示物流", "bill_no": "",
        "transport_mode": "5", "transport_name": "YS8888", "voyage_no": "YS1", "port_code": "4700",
        "departure_country": "502", "reason": "演示：买家退货",
    }  # fmt: skip
    for quantities, code in (({1: "999"}, "-950044"), ({1: "NaN"}, "-950044"), ({}, "-950045")):
        with pytest.raises(NotAllowed) as refusal:
            apply_for_return(user=clerk, case_id=case.pk, values=values, quantities=quantities, at=national.at)
        assert refusal.value.problem.code == code
    apply_for_return(user=clerk, case_id=case.pk, values=values, quantities={1: "1"}, at=national.at)
    work(national.at)
    national.pass_time(300, turns=5)
    held = national.counterpart.ledger.list_nodes(kind="213")
    assert [node["last_status"] for node in held] == ["800"]
    back = Case.objects.get()
    assert (back.state, back.waits_for, back.official_status) == ("goods_returned", "nobody", "899")
    assert back.released_at and back.departed_at
    with pytest.raises(NotAllowed) as refusal:
        apply_for_cancellation(user=clerk, case_id=case.pk, reason="晚了", at=national.at)
    assert refusal.value.problem.code == "-950041"


def test_only_its_firms_apply_for_a_list(national, clerk):
    released(national)
    case = Case.objects.get()
    carrier = make_user(Role.TRADER_CLERK, organisation=national.firms["511"])
    for user, refusal in ((carrier, NotAllowed), (make_user(Role.TRADER_CLERK), NotYours)):
        with pytest.raises(refusal):
            apply_for_cancellation(user=user, case_id=case.pk, reason="演示", at=national.at)
    assert not Draft.objects.exists()


def test_the_pages(national, clerk, client):
    departed(national, 2)
    case = Case.objects.first()
    client.force_login(clerk)
    month = f"{national.at:%Y-%m}"
    page = client.get(reverse("export-month"), {"month": month}).text
    assert "汇总申报 2 票" in page
    query = {"month": month, "merchant_code": case.merchant_code, "customs_code": case.customs_code}
    assert "CEB701" in client.get(reverse("close-export-month"), query).text
    answer = client.post(reverse("close-export-month"), query)
    assert answer.url == reverse("draft", args=[Draft.objects.get().pk])
    assert "CEB701" in client.get(answer.url).text
    assert reverse("return-export", args=[case.pk]) in client.get(reverse("case", args=[case.pk])).text
    form = client.get(reverse("return-export", args=[case.pk])).text
    assert case.list_no in form and 'name="quantity_1"' in form
    Case.objects.filter(pk=case.pk).update(departed_at=None)
    assert reverse("cancel-export", args=[case.pk]) in client.get(reverse("case", args=[case.pk])).text
    client.post(reverse("cancel-export", args=[case.pk]), {"reason": "演示：买家取消"})
    assert Draft.objects.filter(source="cancellation").count() == 1
