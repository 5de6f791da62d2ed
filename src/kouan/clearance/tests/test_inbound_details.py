"""An inbound detail (711) sent as a message records what came in: once, at the right place, by what counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from kouan.accounts.factories import make_organisation, make_user
from kouan.audit.models import AuditEntry
from kouan.audit.types import SystemActor
from kouan.clearance.models import Arrival
from kouan.clearance.services.arrivals import record_arrivals
from kouan.clearance.tests.national import rig, work
from kouan.clearance.timeline import timeline_of
from kouan.declarations.models import Case, Document
from kouan.gateway.codes import Carrier, Side, SignaturePolicy, Step
from kouan.gateway.models import Forwarding, Receipt
from kouan.gateway.services.connections import open_connection
from kouan.gateway.services.receiving import receive
from kouan.gateway.services.working import require
from kouan.gateway.standards.ceb.answers import answer, message_of
from kouan.gateway.standards.ceb.codec import encode
from kouan.gateway.standards.ceb.declarations import InboundLine
from kouan.gateway.standards.ceb.tests.making import envelope_of, node_of
from kouan.gateway.standards.dxp.codec import wrap
from kouan.gateway.standards.dxp.types import Message, TransferInfo
from kouan.kernel.dates import format_time
from kouan.kernel.identifiers import uuid7
from kouan.transport.services import register_place

pytestmark = [pytest.mark.django_db, pytest.mark.service]

OPERATOR = "420196YS09"


class Ground:
    """The operator of a supervision place, with its channel."""

    def __init__(self, national, places):
        self.national, self.at = national, national.at
        self.firm = make_organisation("site_operator", customs_code=OPERATOR, name_zh="演示监管场所经营人")
        self.channel = open_connection(
            actor=SystemActor("tests"), organisation_id=self.firm.pk, name="演示场所接口", carrier=Carrier.HTTP,
            at=self.at, side=Side.SITE, cop_code=OPERATOR, signature_policy=SignaturePolicy.OFF,
        )  # fmt: skip
        office = make_user("port_office_clerk")
        for code, customs_code in places.items():
            register_place(
                actor=office, at=self.at, code=code, name_zh=f"演示场所{code}", kind="express",
                customs_code=customs_code, since=self.at.date() - timedelta(days=9), operator_id=self.firm.pk,
            )  # fmt: skip

    def send(
        self, waybill_nos, *, app_type="1", seconds=0, location="演示库位1", number="YSR1", dxp=False, customs="4700"
    ):
        """Send an inbound detail and let Kouan do its steps; give its head."""
        node = node_of("711")
        head = node.head
        head.guid, head.app_type, head.customs_code = str(uuid7()).upper(), app_type, customs
        head.app_time = format_time(self.at + timedelta(seconds=seconds))
        head.operator_code, head.operator_name, head.internal_no = OPERATOR, self.firm.name_zh, number
        head.carrier_code, head.unload_location = "420196YS04", location
        node.lines = [InboundLine(str(place), number, None) for place, number in enumerate(waybill_nos, 1)]
        envelope = envelope_of("711", node)
        envelope.guid = str(uuid7()).upper()
        envelope.transfer.firm_code = OPERATOR
        raw = encode(envelope, strict=False)
        if dxp:
            info = TransferInfo(
                uuid7().hex, "DXPENTDEMO000001", ["DXPEDCCEB0000002"], "2026-01-01T00:00:00", "CEB711Message"
            )
            raw = wrap(Message(info, raw))
        receive(channel=self.channel, body=raw, at=self.at)
        work(self.at)
        return head

    def arrived(self):
        """Give what is recorded: waybill, place, source."""
        return sorted(Arrival.objects.values_list("waybill_no", "place_code", "source"))


@pytest.fixture
def national(tmp_path):
    with rig(Carrier.FOLDER, tmp_path, timezone.now()) as made:
        made.behave(mode="silent")
        yield made


@pytest.fixture
def ground(national):
    return Ground(national, {"WH01": "4700"})


@pytest.mark.parametrize("dxp", [False, True])
def test_it_works_from_the_message_to_desk_timeline_and_receipt(national, ground, dxp):
    [parcel] = national.declare()
    number = parcel.waybill.waybill_no
    head = ground.send([number, "YSW2"], dxp=dxp)
    assert ground.arrived() == sorted([(number, "WH01", "711"), ("YSW2", "WH01", "711")])
    arrival = Arrival.objects.get(waybill_no=number)
    document = Document.objects.get(kind="711")
    assert (arrival.operator_id, arrival.document_id, arrival.location) == (ground.firm.pk, document.pk, "演示库位1")
    assert arrival.arrived_at == ground.at.replace(microsecond=0)
    assert Forwarding.objects.filter(message_id=document.message_id).exists()
    assert AuditEntry.objects.filter(act="record_arrivals").count() == 1

    said = answer(
        "711", head, status="120", info="[Code:1;Desc:演示]", at=national.at, guid="0" * 36, as_counterpart=True
    )
    body = encode(message_of("711", [said], guid=str(uuid7()).upper()), strict=False)
    national.receive(body)
    with override("zh-hans"):
        told = [(m.what, m.note) for m in timeline_of(national.case(), now=national.at).moments]
    assert ("货物到达监管场所", "入库明细 · 演示库位1") in told
    assert ("官方回执 120 海关入库", "入库明细 YSR1 · [Code:1;Desc:演示]") in told
    assert Receipt.objects.get(kind="712").connection_id == ground.channel.pk

    client = Client()
    client.force_login(make_user("site_clerk", organisation=ground.firm))
    page = client.get(reverse("arrivals")).content.decode()
    assert number in page and "入库明细" in page


def test_the_same_step_again_records_nothing_more(ground):
    ground.send(["YSW1", "YSW2"])
    require([Document.objects.get(kind="711").message_id], step=Step.ROUTE, at=ground.at)
    work(ground.at)
    assert len(ground.arrived()) == 2
    assert AuditEntry.objects.filter(act="record_arrivals").count() == 1


def test_the_arrivals_follow_the_version_that_counts(ground):
    ground.send(["YSW1", "YSW2"])
    ground.send(["YSW2", "YSW3"], app_type="2", seconds=5, location="演示库位2")
    assert [number for number, _, _ in ground.arrived()] == ["YSW2", "YSW3"]
    assert set(Arrival.objects.values_list("location", flat=True)) == {"演示库位2"}
    ground.send(["YSW9"], app_type="2", seconds=3)  # older than what counts: changes nothing
    assert [number for number, _, _ in ground.arrived()] == ["YSW2", "YSW3"]
    ground.send(["YSW2", "YSW3"], app_type="3", seconds=9)
    assert ground.arrived() == []
    assert AuditEntry.objects.filter(act="take_back_arrivals").count() == 2


def test_what_the_desk_recorded_stays_whatever_a_detail_says(ground):
    record_arrivals(
        actor=SystemActor("tests"), operator_id=ground.firm.pk, place_code="WH01", carrier_code="420196YS04",
        waybill_nos=["YSW1"], bill_no="", location="台账", source="desk", arrived_at=ground.at, at=ground.at,
    )  # fmt: skip
    ground.send(["YSW1", "YSW2"])
    ground.send(["YSW1", "YSW2"], app_type="3", seconds=9)
    assert ground.arrived() == [("YSW1", "WH01", "desk")]
    assert Arrival.objects.get().location == "台账"


def test_a_refused_detail_records_nothing(ground):
    ground.send([])
    assert Document.objects.filter(kind="711").count() == 0
    assert ground.arrived() == []
    assert Receipt.objects.filter(kind="712", refused_count=1).exists()


def test_of_several_places_the_declared_one_counts_then_the_office(national):
    ground = Ground(national, {"WH01": "4700", "WH02": "4700", "HK01": "4712"})
    one, two = national.declare(2)
    Case.objects.filter(waybill_no=one.waybill.waybill_no).update(place_code="WH02")
    Case.objects.filter(waybill_no=two.waybill.waybill_no).update(place_code="HK01")
    ground.send([one.waybill.waybill_no, two.waybill.waybill_no, "YSW9"])
    ground.send(["YSW8"], number="YSR2", customs="4712")
    places = {number: place for number, place, _ in ground.arrived()}
    assert places == {
        one.waybill.waybill_no: "WH02",  # as declared
        two.waybill.waybill_no: "",  # declared for a place of another customs office: open
        "YSW9": "",  # nothing tells which of two
        "YSW8": "HK01",  # the only one under that office
    }
