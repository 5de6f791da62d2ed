"""The national side by folder and by HTTP, played: a whole case over the channel, and what a crash may cut off."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kouan.clearance.tests.national import CARRIERS, rig, work
from kouan.declarations.models import Case, OfficialAnswer, TaxBill
from kouan.gateway.codes import Carrier
from kouan.gateway.models import Connection, Delivery, Message, Receipt, Work
from kouan.gateway.services.fetching import fetch_due
from kouan.gateway.transports import Letter, Unreachable
from kouan.safekeeping.safe import safe

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture(
    params=[(carrier, wraps) for carrier in CARRIERS for wraps in (True, False)],
    ids=lambda p: f"{p[0]}-{'dxp' if p[1] else 'bare'}",
)
def national(request, tmp_path):
    carrier, wraps_dxp = request.param
    with rig(carrier, tmp_path, timezone.now(), wraps_dxp=wraps_dxp) as made:
        yield made


@pytest.fixture
def by_http(tmp_path):
    with rig(Carrier.HTTP, tmp_path, timezone.now()) as made:
        yield made


def test_it_works_from_declaration_to_closing(national):
    national.declare(3)
    assert set(Case.objects.values_list("state", "waits_for")) == {("awaiting_answer", "national")}
    national.turn()
    delivered = Delivery.objects.filter(connection_id=national.national.pk, outcome="delivered")
    assert delivered.values("item_id").distinct().count() == 4
    national.pass_time(600, turns=10)
    assert set(Case.objects.values_list("state", "official_status", "tax_status")) == {("closed", "899", "2")}
    assert OfficialAnswer.objects.filter(document_id=Case.objects.all()[0].pk).count() == 6
    assert TaxBill.objects.count() == 3
    assert not Work.objects.exclude(step="deliver").exists()
    assert not Work.objects.filter(connection_id=national.national.pk).exists()
    held = national.counterpart.ledger.list_nodes()
    assert {node["kind"] for node in held} == {"311", "411", "511", "621"} and len(held) == 12
    channel = national.channel()
    assert channel.failing_since is None and channel.last_delivered_at and channel.last_received_at


def test_official_receipts_go_back_byte_for_byte(national):
    national.declare()
    national.pass_time(600, turns=5)
    came = {safe().take(bytes(m.raw)) for m in Message.objects.filter(connection_id=national.national.pk)}
    went = [safe().take(bytes(r.body)) for r in Receipt.objects.filter(issuer="national")]
    assert len(went) == len(came) and set(went) == came


def test_a_letter_that_was_not_confirmed_comes_again_and_changes_nothing(by_http):
    by_http.declare()
    by_http.deliver()
    by_http.at = by_http.at.replace(microsecond=0) + timezone.timedelta(hours=1)
    inbox = by_http.out.inbox_of(by_http.national)

    class Forgetful:
        def fetch(self, *, limit):
            return inbox.fetch(limit=limit)

        def confirm(self, keys):
            raise Unreachable("the line broke")

    assert fetch_due(inbox_of=lambda channel: Forgetful(), at=by_http.at) == 0
    assert by_http.channel().last_error == "the line broke"
    came = Message.objects.filter(connection_id=by_http.national.pk).count()
    assert came > 3
    by_http.at += timezone.timedelta(minutes=5)
    assert by_http.collect() == came
    work(by_http.at)
    assert Message.objects.filter(connection_id=by_http.national.pk).count() == came
    assert OfficialAnswer.objects.filter(document_id=by_http.case().pk).count() == 6
    assert by_http.channel().failing_since is None
    assert by_http.collect() == 0


def test_a_letter_that_cannot_be_taken_stays_there_and_is_shown(by_http):
    class Odd:
        confirmed: list[str] = []

        def fetch(self, *, limit):
            return [Letter("empty", "a.xml", b""), Letter("good", "b.xml", b"<CEB622Message guid='1'/>")]

        def confirm(self, keys):
            self.confirmed += keys

    assert fetch_due(inbox_of=lambda channel: Odd(), at=by_http.at) == 1
    assert Odd.confirmed == ["good"]
    channel = by_http.channel()
    assert "empty" in channel.last_error and channel.failing_since == by_http.at and channel.retry_at is None
    by_http.collect()
    assert by_http.channel().failing_since is None


def test_closed_channels_and_firms_are_never_asked(by_http):
    Connection.objects.filter(pk=by_http.national.pk).update(is_active=False)

    def nobody(channel):
        raise AssertionError(channel.name)

    assert fetch_due(inbox_of=nobody, at=by_http.at) == 0
