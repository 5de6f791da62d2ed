"""Pages of the gateway at their doors: who may pass, what they show, and how little they ask of the database."""

from __future__ import annotations

import time

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.access import Refusal
from kouan.accounts.factories import make_user
from kouan.audit.models import AuditEntry
from kouan.declarations.factories import make_channels, make_firms, make_national_channel, send
from kouan.declarations.services.storing import store_messages
from kouan.gateway.codes import Step
from kouan.gateway.counterparts.standard_edition.ledger import Ledger
from kouan.gateway.models import Connection, Work
from kouan.gateway.services.forwarding import forward
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.ceb.generate import parcels

pytestmark = [pytest.mark.django_db, pytest.mark.service]

LISTS = ["gateway", "connections", "parked", "messages", "receipts", "unplaced"]
STRANGERS = ["trader_clerk", "site_clerk", "gate_clerk", "officer", "security_admin", "audit_admin"]


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def sent(at):
    firms = make_firms()
    make_national_channel(firms["621"].pk)
    return send(make_channels(firms), parcels(2, at=at), at=at)


@pytest.fixture
def ledger(settings, tmp_path):
    settings.DATA = tmp_path
    (tmp_path / "counterpart").mkdir()
    with Ledger(tmp_path / "counterpart" / "ledger.db") as ledger:
        ledger.take("d1", "a.xml", "621", "DXP", [("4201", "LIST-1", {"app_time": "20261122100000"})], time.time())
        yield ledger


def client_of(role, **columns):
    client = Client()
    client.force_login(make_user(role, **columns))
    return client


def status_of(ask, *args, **kwargs):
    """The status of an answer, also where the middleware that makes a page of a refusal is not in the way."""
    try:
        return ask(*args, **kwargs).status_code
    except Refusal as refusal:
        return refusal.status


@pytest.mark.parametrize("name", LISTS)
def test_it_works(sent, name):
    for role in ("port_office_clerk", "system_admin"):
        assert client_of(role).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("role", STRANGERS)
def test_others_do_not_pass(sent, role):
    client = client_of(role)
    for name in LISTS:
        may_see_own = role == "trader_clerk" and name in ("messages", "receipts")
        assert status_of(client.get, reverse(name)) == (200 if may_see_own else 403)
    channel = Connection.objects.all()[0]
    assert status_of(client.get, reverse("connection", args=[channel.pk])) == 403
    assert status_of(client.post, reverse("retry", args=[sent[0]])) == 403
    assert status_of(client.post, reverse("retry-all")) == 403
    for name in ("resend-message", "resend-receipt"):
        assert status_of(client.post, reverse(name, args=[sent[0]])) == 403


@pytest.mark.parametrize("name", LISTS)
def test_nobody_passes_signed_out(name):
    assert status_of(Client().get, reverse(name)) in (302, 401)


@pytest.mark.parametrize("name", ["connections", "messages", "receipts", "parked", "gateway"])
def test_a_list_asks_as_much_for_many_rows_as_for_few(sent, name, at, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of("port_office_clerk")
    Work.objects.update(is_parked=True, error="ValueError: x")
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(name))
    channels = {kind: Connection.objects.filter(cop_code__startswith=code)[0] for kind, code in _codes().items()}
    send(channels, parcels(12, at=at, seed=9), at=at, per_message=2)
    Work.objects.update(is_parked=True, error="ValueError: x")
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(name))
    assert len(many) == len(few) < 25


def _codes():
    from kouan.gateway.standards.ceb.generate import SENDERS

    return {kind: code for kind, (code, _name) in SENDERS.items()}


def test_messages_are_found_by_kind_side_channel_and_day(sent, at):
    client = client_of("port_office_clerk")
    channel = Connection.objects.filter(cop_code=_codes()["621"])[0]
    today = timezone.localdate(at).isoformat()
    url = reverse("messages")

    def count(**query):
        return client.get(url, query).context["count"].at_least

    everything = count()
    assert everything >= 4
    assert 0 < count(kind="621") < everything
    assert count(kind="621") == count(channel=str(channel.pk))
    assert count(side="enterprise", received_since=today) == everything
    assert count(side="national") == count(received_to="2020-01-01") == 0


def test_a_connection_tells_why_it_fails_and_what_waits(sent, at):
    forward(sent, at=at)
    national = Connection.objects.get(side="national")
    Connection.objects.filter(pk=national.pk).update(failing_since=at, last_error="OSError: folder is gone")
    client = client_of("port_office_clerk")
    page = client.get(reverse("connection", args=[national.pk])).content.decode()
    assert "OSError: folder is gone" in page and reverse("message", args=[sent[0]]) in page
    assert national.name in client.get(reverse("connections"), {"health": "failing"}).content.decode()
    assert national.name in client.get(reverse("gateway")).content.decode()


def test_parked_work_is_retried_from_its_page(sent):
    Work.objects.filter(item_id__in=sent[:2]).update(is_parked=True, error="ValueError: why")
    client = client_of("system_admin")
    page = client.get(reverse("parked"))
    assert "ValueError: why" in page.content.decode()
    group = page.context["groups"][0]
    assert client.post(reverse("retry", args=[sent[0]])).status_code == 302
    assert client.post(reverse("retry-all"), {"step": group.step, "group": group.key}).status_code == 302
    assert not Work.objects.filter(is_parked=True).exists()
    assert AuditEntry.objects.filter(act="retry_parked").count() == 2


def test_a_message_is_resent_after_the_consequences_were_read(sent, at):
    forward(sent[:1], at=at)
    client = client_of("port_office_clerk")
    Work.objects.all().delete()
    url = reverse("resend-message", args=[sent[0]])
    assert url in client.get(reverse("message", args=[sent[0]])).content.decode()
    assert client.get(url).status_code == 200 and not Work.objects.exists()
    assert client.post(url).status_code == 302
    assert Work.objects.get().item_id == sent[0]
    assert url not in client.get(reverse("message", args=[sent[0]])).content.decode()


# The played side


def test_the_played_side_is_not_there_without_a_demonstration(settings, tmp_path):
    settings.DATA = tmp_path
    client = client_of("port_office_clerk")
    assert status_of(client.get, reverse("counterpart")) == 404
    assert status_of(client.post, reverse("counterpart-decide", args=[1]), {"status": "800"}) == 404
    assert reverse("counterpart") not in client.get(reverse("gateway")).content.decode()


def test_a_person_decides_as_the_played_customs(ledger):
    client = client_of("port_office_clerk")
    page = client.get(reverse("counterpart")).content.decode()
    assert "LIST-1" in page
    node = ledger.find("621", "LIST-1")
    assert client.post(reverse("counterpart-decide", args=[node]), {"status": "800"}).status_code == 302
    assert "800" in {owed.status for owed in ledger.due(time.time() + 1)}
    assert AuditEntry.objects.get(act="play_decision").detail["status"] == "800"
    client.post(reverse("counterpart-decide", args=[node]), {"status": "999"})
    assert "999" not in {owed.status for owed in ledger.due(time.time() + 1)}
    assert status_of(client.post, reverse("counterpart-decide", args=[node + 1]), {"status": "800"}) == 404


def test_a_person_sets_how_the_played_side_behaves(ledger):
    client = client_of("port_office_clerk")
    endings = ledger.behaviour.endings
    assert client.post(reverse("counterpart-behaviour"), {"mode": "down", "seconds": "0.5"}).status_code == 302
    assert (ledger.behaviour.mode, ledger.behaviour.seconds, ledger.behaviour.endings) == ("down", 0.5, endings)
    assert client.post(reverse("counterpart-behaviour"), {"mode": "mad", "seconds": "0.5"}).status_code == 200
    assert ledger.behaviour.mode == "down"


@pytest.mark.parametrize("role", ["trader_clerk", "officer", "system_admin"])
def test_only_the_port_office_plays(ledger, role):
    client = client_of(role)
    assert status_of(client.get, reverse("counterpart")) == 403
    assert status_of(client.post, reverse("counterpart-behaviour"), {"mode": "down", "seconds": "1"}) == 403


def test_a_firm_finds_its_own_messages_and_receipts_alone(sent, at):
    while run_step(step=Step.STORE, handle=store_messages, at=at):
        pass
    payment = Connection.objects.get(cop_code=_codes()["411"])
    own, stranger = client_of("trader_clerk", organisation_id=payment.organisation_id), client_of("trader_clerk")
    for name in ("messages", "receipts"):
        rows = list(own.get(reverse(name)).context["rows"])
        assert rows and {row.organisation_id for row in rows} == {payment.organisation_id}
        assert list(stranger.get(reverse(name)).context["rows"]) == []
