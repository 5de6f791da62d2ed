"""What a channel shows the other side: sealed, sent over TLS alone, checked there; a wrong one loses nothing."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection as database

from kouan.accounts.access import NotYours
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.audit.models import AuditEntry
from kouan.gateway.codes import Carrier, Heard, Outcome, Side, Step
from kouan.gateway.models import Connection, Credential, Delivery, Forwarding, Message, Work
from kouan.gateway.rules import TheAddressIsWrong
from kouan.gateway.selectors import answer_of
from kouan.gateway.services.connections import Wanted, change_connection, open_connection
from kouan.gateway.services.credentials import remove_credential, set_bearer, set_client_certificate
from kouan.gateway.services.delivering import deliver_due
from kouan.gateway.services.leaving import leaving
from kouan.gateway.services.receiving import receive
from kouan.gateway.services.working import require
from kouan.gateway.standards.ceb.codec import encode
from kouan.gateway.standards.ceb.tests.making import envelope_of, node_of
from kouan.gateway.tests import making_keys as keys
from kouan.gateway.tests.answering import answering, saying
from kouan.gateway.tests.test_hearing import FORMAT_FAULT, RECEIPT

pytestmark = pytest.mark.django_db
TOKEN = "s3cret-token-of-the-channel"
AT = keys.NOW


class Way:
    """A channel to the national side with one message that is due."""

    def __init__(self, address: str, folder) -> None:
        self.admin = make_user(Role.SYSTEM_ADMIN)
        self.channel = open_connection(
            actor=self.admin, organisation_id=self.admin.organisation_id, name="国家侧", carrier=Carrier.HTTP,
            side=Side.NATIONAL, address=address, at=AT,
        )  # fmt: skip
        firm = open_connection(actor=self.admin, organisation_id=uuid.uuid4(), name="企业", carrier=Carrier.HTTP, at=AT)
        [taken] = receive(channel=firm, body=encode(envelope_of("621", node_of("621"))), at=AT)
        self.message_id = taken.message_id
        Forwarding.objects.create(message_id=self.message_id, connection_id=self.channel.pk, decided_at=AT)
        require([self.message_id], step=Step.DELIVER, at=AT, connection_id=self.channel.pk)
        self.out, self.minutes = leaving(folder), 0

    def deliver(self) -> Delivery:
        """Try once, a few minutes later than before; give the attempt."""
        self.minutes += 5
        deliver_due(transport_of=self.out.transport_of, wrap=self.out.wrap, at=AT + timedelta(minutes=self.minutes))
        return Delivery.objects.filter(item_id=self.message_id).latest("pk")

    def waits(self) -> bool:
        return Work.objects.filter(item_id=self.message_id, step=Step.DELIVER, is_parked=False).exists()

    def the_channel(self) -> Connection:
        return Connection.objects.get(pk=self.channel.pk)


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.KOUAN_KEYS = tmp_path / "keys"


def asking_for(token: str):
    def say(handler):
        is_known = handler.headers.get("Authorization") == f"Bearer {token}"
        saying(202 if is_known else 401, b"" if is_known else b"no such token", "text/plain")(handler)

    return say


def test_a_wrong_token_keeps_everything_waiting_and_the_right_one_lets_it_go_on(tmp_path):
    with answering(asking_for(TOKEN)) as other:
        way = Way(other.address, tmp_path)
        first = way.deliver()
        assert (first.heard, first.outcome, first.status) == (Heard.DENIED, Outcome.UNREACHABLE, 401)
        assert way.waits() and "凭证" in way.the_channel().last_error and "credential" in way.the_channel().last_error
        set_bearer(user=way.admin, connection_id=way.channel.pk, token="another", at=AT)
        assert way.deliver().heard == Heard.DENIED and way.waits()
        set_bearer(user=way.admin, connection_id=way.channel.pk, token=TOKEN, at=AT + timedelta(minutes=1))
        assert way.deliver().outcome == Outcome.DELIVERED
    assert not way.waits()
    assert (way.the_channel().failing_since, way.the_channel().last_error) == (None, "")
    assert [one.get("Authorization") for one in other.asked] == [None, "Bearer another", f"Bearer {TOKEN}"]
    assert len({one["X-File-Name"] for one in other.asked}) == 1


def test_a_token_lies_nowhere_in_the_open(tmp_path):
    way = Way("https://localhost:1", tmp_path)
    set_bearer(user=way.admin, connection_id=way.channel.pk, token=TOKEN, at=AT)
    kept = bytes(Credential.objects.get().sealed)
    assert TOKEN.encode() not in kept
    assert not AuditEntry.objects.filter(detail__icontains=TOKEN).exists()
    assert AuditEntry.objects.filter(act="set_credential").count() == 1


def test_a_credential_goes_over_tls_or_to_this_machine_only(tmp_path):
    way = Way("http://dxp.example.cn/api", tmp_path)
    with pytest.raises(TheAddressIsWrong):
        set_bearer(user=way.admin, connection_id=way.channel.pk, token=TOKEN, at=AT)
    Connection.objects.filter(pk=way.channel.pk).update(address="https://dxp.example.cn/api")
    set_bearer(user=way.admin, connection_id=way.channel.pk, token=TOKEN, at=AT)
    wanted = Wanted("国家侧", Side.NATIONAL, Carrier.HTTP, address="http://dxp.example.cn/api")
    with pytest.raises(TheAddressIsWrong):
        change_connection(user=way.admin, connection_id=way.channel.pk, wanted=wanted, at=AT)
    remove_credential(user=way.admin, connection_id=way.channel.pk, at=AT)
    change_connection(user=way.admin, connection_id=way.channel.pk, wanted=wanted, at=AT)


def test_only_the_keepers_of_the_channel_enter_its_credential(tmp_path):
    way = Way("https://localhost:1", tmp_path)
    for role in (Role.FIRM_MANAGER, Role.TRADER_CLERK, Role.SECURITY_ADMIN):
        with pytest.raises(NotYours):
            set_bearer(user=make_user(role), connection_id=way.channel.pk, token=TOKEN, at=AT)
    set_bearer(user=make_user(Role.PORT_OFFICE_CLERK), connection_id=way.channel.pk, token=TOKEN, at=AT)


def test_a_client_certificate_is_shown_and_the_server_is_known_by_its_own_authority(tmp_path):
    context = keys.server_context(tmp_path)
    with answering(saying(202), context) as other:
        way = Way(other.address, tmp_path)
        assert way.deliver().outcome == Outcome.UNREACHABLE and way.waits()  # nobody vouches for the server
        Connection.objects.update(authorities=keys.pem(keys.authority().certificate).decode())
        assert way.deliver().outcome == Outcome.UNREACHABLE and way.waits()  # and it asks for a certificate
        set_client_certificate(
            user=way.admin, connection_id=way.channel.pk, content=keys.p12(keys.issued("client", 3)),
            password=keys.PASSWORD, at=AT,
        )  # fmt: skip
        assert way.deliver().outcome == Outcome.DELIVERED and not way.waits()
    assert Credential.objects.get().label == "CN=client"
    assert b"PRIVATE KEY" not in bytes(Credential.objects.get().sealed)


def test_a_credential_that_does_not_open_any_more_is_an_outage_with_its_reason(tmp_path):
    way = Way("https://localhost:1", tmp_path)
    set_bearer(user=way.admin, connection_id=way.channel.pk, token=TOKEN, at=AT)
    Credential.objects.update(sealed=b"sealed under another key")
    assert way.deliver().outcome == Outcome.UNREACHABLE
    assert "凭证无法解密" in way.the_channel().last_error and way.waits()


def test_a_receipt_that_comes_as_answer_is_received_and_the_answer_is_kept(tmp_path):
    with answering(saying(200, RECEIPT)) as other:
        way = Way(other.address, tmp_path)
        attempt = way.deliver()
    assert (attempt.heard, attempt.outcome, answer_of(attempt)) == (Heard.RECEIPT, Outcome.DELIVERED, RECEIPT)
    received = Message.objects.get(connection_id=way.channel.pk)
    assert (received.kind, received.side) == ("622", Side.NATIONAL)
    assert Work.objects.filter(item_id=received.pk, step=Step.ANSWER).exists()


def test_a_format_fault_parks_the_delivery_and_its_receipt_goes_on(tmp_path):
    with answering(saying(200, FORMAT_FAULT)) as other:
        way = Way(other.address, tmp_path)
        assert way.deliver().outcome == Outcome.REFUSED
    assert Work.objects.get(item_id=way.message_id, step=Step.DELIVER).is_parked
    assert Message.objects.get(connection_id=way.channel.pk).kind == "900"


def test_of_a_failure_only_the_beginning_is_kept(tmp_path):
    with answering(saying(503, b"x" * 100_000, "text/plain")) as other:
        way = Way(other.address, tmp_path)
        attempt = way.deliver()
    kept = answer_of(attempt)
    assert attempt.answer_size == 100_000 and kept is not None and len(kept) == 16 * 1024
    with database.cursor() as cursor:
        cursor.execute("select octet_length(answer) from gateway_delivery")
        assert cursor.fetchone()[0] < 1000
