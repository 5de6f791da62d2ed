"""From four messages at the door to a case that waits for customs, and back from a receipt to a release."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kouan.clearance.services.answering import answer_messages
from kouan.clearance.services.routing import route_messages
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
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.ceb.generate import parcels

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def work(at):
    """Do every step until nothing is left."""
    steps = (
        (Step.STORE, store_messages),
        (Step.MATCH, match_messages),
        (Step.ROUTE, route_messages),
        (Step.ANSWER, answer_messages),
    )
    while sum(run_step(step=step, handle=handle, limit=8, at=at) for step, handle in steps):
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
