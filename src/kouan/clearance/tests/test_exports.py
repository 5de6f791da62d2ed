"""An export parcel from its documents to leaving the country, with the played national side."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kouan.accounts.factories import make_organisation
from kouan.clearance.models import Arrival
from kouan.clearance.states import CaseState, Party
from kouan.clearance.tests.national import rig, work
from kouan.clearance.timeline import timeline_of
from kouan.declarations.codes import Direction, Procedure
from kouan.declarations.factories import ACTOR, send_exports
from kouan.declarations.models import Case, Document, GoodsLine, Summary, SummaryEntry
from kouan.gateway.codes import Carrier, SignaturePolicy
from kouan.gateway.models import Receipt
from kouan.gateway.services.connections import open_connection
from kouan.gateway.services.receiving import receive
from kouan.gateway.standards.ceb import generate_exports as exports
from kouan.gateway.standards.ceb.codec import encode

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def national(tmp_path):
    with rig(Carrier.FOLDER, tmp_path, timezone.now()) as made:
        yield made


def declare(national, count=1, *, kinds=exports.PARCEL_KINDS, seed=0, **more):
    """Let the firms declare export parcels, and do Kouan's steps; give the parcels."""
    made = list(exports.export_parcels(count, at=national.at, seed=seed, **more))
    send_exports(national.channels, made, at=national.at, kinds=kinds, seed=seed)
    work(national.at)
    return made


def test_it_works_from_declaration_to_release(national):
    (parcel,) = declare(national)
    case = national.case()
    assert (case.direction, case.procedure, case.currency) == (Direction.EXPORT, Procedure.SUMMARY, "502")
    assert (case.state, case.waits_for, case.match) == (CaseState.AWAITING_ANSWER, Party.NATIONAL, "matched")
    assert case.departure_country == parcel.list_head.arrival_country
    assert GoodsLine.objects.filter(document_id=case.pk).count() == len(parcel.list_lines)
    national.pass_time(600, turns=10)
    case = national.case()
    assert (case.state, case.official_status, case.waits_for) == (CaseState.RELEASED, "800", Party.LOGISTICS)
    assert case.list_no[8] == "E"
    assert case.released_at is not None
    held = national.counterpart.ledger.list_nodes()
    assert sorted(node["kind"] for node in held) == ["303", "403", "505", "603"]
    assert set(Document.objects.values_list("kind", "official_status")) == {
        ("303", "120"), ("403", "120"), ("505", "399"), ("603", "800"),
    }  # fmt: skip


def test_the_list_waits_for_its_companions(national):
    made = declare(national, kinds=["603"])
    assert (national.case().state, national.case().wait_reason) == ("awaiting_documents", "order,receipt,waybill")
    send_exports(national.channels, made, at=national.at, kinds=["303", "505"])
    work(national.at)
    assert national.case().wait_reason == "receipt"
    send_exports(national.channels, made, at=national.at, kinds=["403"])
    work(national.at)
    assert national.case().match == "matched"


@pytest.mark.parametrize("trade_mode", ["9710", "9810"])
def test_trade_between_firms_waits_for_no_receipt_of_payment(national, trade_mode):
    declare(national, kinds=["303", "505", "603"], trade_mode=trade_mode)
    assert national.case().match == "matched"


def test_another_seller_on_the_order_is_a_mismatch(national):
    (parcel,) = exports.export_parcels(1, at=national.at)
    parcel.order.merchant_code = "420196YS99"
    send_exports(national.channels, [parcel], at=national.at)
    work(national.at)
    case = national.case()
    assert (case.state, case.match_problems[0]["code"]) == (CaseState.MISMATCHED, "-920101")


def test_a_platform_abroad_has_no_code_and_the_order_is_found_by_its_seller(national):
    (parcel,) = exports.export_parcels(1, at=national.at)
    for head in (parcel.order, parcel.receipt, parcel.list_head):
        head.platform_code = "无"
    send_exports(national.channels, [parcel], at=national.at)
    work(national.at)
    assert national.case().match == "matched"


def test_imports_and_exports_of_one_order_number_stay_apart(national):
    declare(national, 3)
    national.declare(3)
    assert Case.objects.filter(direction="E", match="matched").count() == 3
    assert Case.objects.filter(direction="I", match="matched").count() == 3


def hand_in(national, kind, node, *, channel=None):
    """Let a firm send one document that follows the parcels, and do Kouan's steps."""
    raw = encode(exports.envelope(kind, [node], guid=exports.guid_of(f"{kind} {node.head.internal_no}")))
    if channel is None:
        by_code = {one.cop_code: one for one in national.channels.values()}
        channel = by_code[exports.SENDERS[kind][0]]
    receive(channel=channel, body=raw, at=national.at)
    work(national.at)


def released(national, count=1, **more):
    """Let export parcels be declared and released; give them with their lists' numbers."""
    made = declare(national, count, **more)
    national.pass_time(600, turns=10)
    numbers = dict(Case.objects.values_list("internal_no", "list_no"))
    return [(parcel, numbers[parcel.list_head.internal_no]) for parcel in made]


def test_a_departure_that_customs_concluded_lets_the_parcel_leave(national):
    ((parcel, _),) = released(national)
    node = exports.departure([parcel.waybill.waybill_no], number="YSL1", at=national.at)
    hand_in(national, "509", node)
    assert national.case().left_at is None
    national.pass_time(300, turns=5)
    case = national.case()
    assert case.departed_at is not None and case.left_at == case.departed_at
    assert (case.state, case.official_status, case.waits_for) == (CaseState.CLOSED, "899", Party.NOBODY)


def test_a_cancellation_that_customs_granted_withdraws_the_list(national):
    ((_, list_no),) = released(national)
    hand_in(national, "605", exports.cancellation(list_no, number="YSK1", at=national.at))
    national.pass_time(300, turns=5)
    assert national.case().state == CaseState.WITHDRAWN


def test_every_document_that_follows_is_answered(national):
    warehouse = make_organisation("site_operator", customs_code=exports.SENDERS["507"][0])
    channel = open_connection(
        actor=ACTOR, organisation_id=warehouse.pk, name="演示仓储", carrier=Carrier.HTTP, at=national.at,
        cop_code=exports.SENDERS["507"][0], signature_policy=SignaturePolicy.OFF,
    )  # fmt: skip
    ((parcel, list_no),) = released(national)
    waybills = [parcel.waybill.waybill_no]
    returned = exports.goods_return(parcel, list_no, number="YSQ1", at=national.at)
    hand_in(national, "607", exports.master_bill(waybills, number="YSM1", at=national.at))
    hand_in(national, "507", exports.arrival(waybills, number="YSA1", at=national.at), channel=channel)
    hand_in(national, "213", returned)
    hand_in(national, "215", exports.tally(returned, number="YST1", at=national.at), channel=channel)
    national.pass_time(300, turns=5)
    said = dict(Document.objects.filter(kind__in=["607", "507", "213", "215"]).values_list("kind", "official_status"))
    assert said == {"607": "120", "507": "399", "213": "800", "215": "399"}
    assert Arrival.objects.get().waybill_no == parcel.waybill.waybill_no
    kinds = {one.kind for one in timeline_of(national.case(), now=national.at).documents}
    assert kinds == {"303", "403", "505", "603", "607", "507", "213", "215"}


def test_a_month_is_summed_up_and_becomes_a_declaration(national):
    made = released(national, 3)
    hand_in(national, "701", exports.summary([number for _, number in made[:2]], number="YSH1", at=national.at))
    summary = Summary.objects.get()
    assert summary.state == "sent"
    assert Case.objects.filter(summary_id=summary.pk).count() == 2
    national.at += timedelta(seconds=5)
    hand_in(national, "701", exports.summary([number for _, number in made], number="YSH2", at=national.at))
    second = Summary.objects.get(internal_no="YSH2")
    assert Case.objects.filter(summary_id=second.pk).count() == 1
    national.pass_time(300, turns=5)
    summary.refresh_from_db()
    assert (summary.state, summary.official_status, bool(summary.summary_no)) == ("declared", "399", True)
    entries = SummaryEntry.objects.filter(summary_no=summary.summary_no)
    assert sorted(one for entry in entries for one in entry.list_nos) == sorted(number for _, number in made[:2])
    countries = {parcel.list_head.arrival_country for parcel, _ in made[:2]}
    assert len(entries) == len(countries)
    assert Receipt.objects.filter(kind="792", issuer="national").count() == SummaryEntry.objects.count()


def test_a_returned_summary_sets_its_lists_free(national):
    ((_, list_no),) = released(national)
    national.behave(mode="silent")
    hand_in(national, "701", exports.summary([list_no], number="YSH1", at=national.at))
    national.pass_time(120, turns=2)
    national.counterpart.decide(number="YSH1", status="100", kind="701", at=national.at.timestamp())
    national.behave()
    national.pass_time(120, turns=3)
    assert Summary.objects.get().state == "returned"
    assert national.case().summary_id is None
