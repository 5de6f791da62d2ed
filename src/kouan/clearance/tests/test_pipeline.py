"""From four messages at the door to a case that waits for customs, and back from a receipt to a release."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kouan.clearance.services.answering import answer_messages
from kouan.clearance.services.routing import LONGEST_HOLD, route_messages, sweep_held_messages
from kouan.declarations.factories import make_channels, make_firms, make_national_channel, send
from kouan.declarations.models import Case, Document, DocumentVersion, GoodsLine, NodeFinding, OfficialAnswer
from kouan.declarations.services.matching import match_messages
from kouan.declarations.services.storing import store_messages
from kouan.gateway.codes import Step
from kouan.gateway.counterparts.standard_edition.behaviour import Behaviour
from kouan.gateway.counterparts.standard_edition.ledger import Ledger
from kouan.gateway.counterparts.standard_edition.playing import Counterpart, FolderPlayer
from kouan.gateway.models import Delivery, Receipt, Work
from kouan.gateway.services.collecting import collect_due
from kouan.gateway.services.delivering import deliver_due
from kouan.gateway.services.leaving import Leaving
from kouan.gateway.services.receiving import receive
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.ceb.generate import DEFECTS, messages, parcels

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def work(at):
    """Do every step until nothing is left."""
    steps = (
        (Step.STORE, store_messages),
        (Step.MATCH, match_messages),
        (Step.ROUTE, route_messages),
        (Step.ANSWER, answer_messages),
    )
    while sum(run_step(step=step, handle=handle, at=at) for step, handle in steps):
        pass


@pytest.fixture
def channels():
    firms = make_firms()
    make_national_channel(firms["621"].pk)
    return make_channels(firms)


def test_it_works_from_declaration_to_release(channels, tmp_path):
    at = timezone.now()
    send(channels, parcels(3, at=at), at=at)
    work(at)
    assert list(NodeFinding.objects.values_list("kind", "finding", "problems")) == []
    assert (Document.objects.count(), DocumentVersion.objects.count()) == (12, 12)
    cases = list(Case.objects.all())
    assert [(case.match, case.state, case.waits_for) for case in cases] == [
        ("matched", "awaiting_answer", "national")
    ] * 3
    assert GoodsLine.objects.filter(document_id=cases[0].pk).exists()
    assert Receipt.objects.filter(kind="check", refused_count=0).count() == 4

    out = Leaving(tmp_path)
    assert deliver_due(transport_of=out.transport_of, wrap=out.wrap, at=at) == 4
    assert Delivery.objects.filter(outcome="delivered").count() == 4
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.behaviour = Behaviour(seconds=0, endings={"release": 1})
    player = FolderPlayer(Counterpart(ledger), tmp_path / "national")
    assert player.turn(at.timestamp() + 1) > 4
    assert collect_due(root=tmp_path, at=at) > 0
    work(at)
    assert {case.state for case in Case.objects.all()} == {"closed"}
    assert {case.official_status for case in Case.objects.all()} == {"899"}
    assert OfficialAnswer.objects.filter(document_id=cases[0].pk).count() == 6
    official = Receipt.objects.filter(issuer="national", kind="622")
    assert official.exists() and {one.connection_id for one in official} == {channels["621"].pk}
    assert set(Work.objects.values_list("step", "is_receipt")) <= {("deliver", True)}


def test_a_list_that_waits_holds_its_neighbours_only_so_long(channels):
    at = timezone.now()
    two = list(parcels(2, at=at))
    two[1].payment = None
    send(channels, two, at=at)
    work(at)
    assert sorted(Case.objects.values_list("state", flat=True)) == ["awaiting_documents", "awaiting_forwarding"]
    later = at + LONGEST_HOLD
    sweep_held_messages(at=later)
    work(later)
    assert sorted(Case.objects.values_list("match", "state")) == [
        ("matched", "awaiting_answer"),
        ("waiting", "awaiting_documents"),
    ]


def test_the_missing_payment_lets_the_message_go_at_once(channels):
    at = timezone.now()
    two = list(parcels(2, at=at))
    send(channels, two, at=at, kinds=("311", "511", "621"))
    work(at)
    assert set(Case.objects.values_list("wait_reason", flat=True)) == {"payment"}
    send(channels, two, at=at, kinds=("411",))
    work(at)
    assert set(Case.objects.values_list("state", flat=True)) == {"awaiting_answer"}


def test_the_same_bytes_change_nothing_and_other_bytes_conflict(channels):
    at = timezone.now()
    [(_, raw)] = messages(parcels(1, at=at), kinds=("311",))
    [first] = receive(channel=channels["311"], body=raw, at=at)
    [again] = receive(channel=channels["311"], body=raw, at=at)
    assert again.is_repeated and again.message_id == first.message_id
    [other] = receive(channel=channels["311"], body=raw.replace(b"</", b" </", 1), at=at)
    assert other.conflicts_with == first.message_id
    work(at)
    assert Document.objects.count() == 1


def test_a_refused_node_never_stops_its_neighbours(channels):
    at = timezone.now()
    made = list(parcels(3, at=at, defects={"wrong_sum": 0.0}))
    DEFECTS["wrong_sum"](made[1])
    send(channels, made, at=at)
    work(at)
    assert Document.objects.filter(kind="311").count() == 2
    [finding] = NodeFinding.objects.filter(kind="311", finding="refused")
    assert finding.node_index == 2
    [receipt] = Receipt.objects.filter(kind="312", issuer="kouan")
    assert (receipt.node_count, receipt.refused_count) == (3, 1)


def test_unreadable_bytes_are_kept_and_answered_with_a_format_receipt(channels):
    at = timezone.now()
    for body in (b"<?xml version='1.0'?><a>", b"\xff\xfe\x00", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'):
        receive(channel=channels["311"], body=body, at=at)
    work(at)
    assert Receipt.objects.filter(kind="900", issuer="kouan").count() == 3
    assert not Work.objects.filter(is_receipt=False).exists()
