"""Receipts that wait for a firm's system, and those whose month was erased before anybody fetched them."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from kouan.accounts.factories import make_organisation
from kouan.audit.types import SystemActor
from kouan.gateway.codes import Carrier, Issuer
from kouan.gateway.models import Delivery, Work
from kouan.gateway.services.answering import Outgoing, issue
from kouan.gateway.services.connections import open_connection
from kouan.gateway.services.delivering import deliver_due
from kouan.gateway.services.handing_over import confirm_fetched, take_waiting
from kouan.gateway.services.tokens import issue_token
from kouan.gateway.transports import Sent
from kouan.safekeeping.models import DestroyedKey
from kouan.safekeeping.safe import safe

pytestmark = pytest.mark.django_db
OLD, NOW = datetime(2025, 1, 20, 4, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC)
ACTOR = SystemActor("测试")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "KOUAN_KEYS", tmp_path / "keys")
    safe.cache_clear()
    yield tmp_path / "keys"
    safe.cache_clear()


def channel_of(carrier: Carrier):
    firm = make_organisation("platform")
    return open_connection(actor=ACTOR, organisation_id=firm.pk, name="通道", carrier=carrier, at=OLD)


def answer(channel, body: bytes, at: datetime):
    one = Outgoing(channel.pk, channel.organisation_id, Issuer.NATIONAL, "622", None, None, body, 1)
    return issue([one], at=at)[0]


def erase(folder: Path, month: str = "2025-01") -> None:
    (folder / f"{month}.key").unlink()
    DestroyedKey.objects.create(month=month, due_date=date(2026, 2, 1), ground="档案管理规定", destroyed_at=NOW)


def test_one_that_was_erased_holds_up_no_other_and_is_told(folder):
    channel = channel_of(Carrier.HTTP)
    token = issue_token(actor=ACTOR, connection_id=channel.pk, at=NOW)
    lost, kept = answer(channel, b"<old/>", OLD), answer(channel, b"<new/>", NOW)
    erase(folder)
    headers = {"Authorization": f"Bearer {token}"}
    for _again in range(2):
        told = Client().get("/api/v1/receipts?limit=1", headers=headers)
        assert told.status_code == 200
        [readable], [erased] = told.json()["receipts"], told.json()["erased"]
        assert (readable["receipt_id"], base64.b64decode(readable["body_base64"])) == (str(kept), b"<new/>")
        assert (erased["receipt_id"], erased["problem"]["code"]) == (str(lost), "-970011")
        assert "档案管理规定" in erased["problem"]["zh"]
    assert confirm_fetched(channel=channel, receipt_ids=[lost, kept], at=NOW) == 2
    assert not Work.objects.exists()
    assert list(Delivery.objects.values_list("item_id", flat=True)) == [kept]


def test_more_that_were_erased_than_are_asked_for_take_nobodys_place(folder):
    channel = channel_of(Carrier.HTTP)
    for number in range(5):
        answer(channel, b"<old%d/>" % number, OLD + timedelta(minutes=number))
    kept = answer(channel, b"<new/>", NOW)
    erase(folder)
    waiting = take_waiting(channel=channel, limit=2)
    assert [receipt.pk for receipt, _body in waiting.readable] == [kept]
    assert len(waiting.erased) == 2


def test_a_folder_gets_the_others_too(folder):
    channel = channel_of(Carrier.FOLDER)
    lost, kept = answer(channel, b"<old/>", OLD), answer(channel, b"<new/>", NOW)
    erase(folder)

    class Shelf:
        def send(self, name: str, data: bytes, *, maybe_sent: bool) -> Sent:
            return Sent("delivered", "")

    assert deliver_due(transport_of=lambda channel: Shelf(), wrap=lambda channel, item: ("x", item.data), at=NOW) == 1  # type: ignore[arg-type,return-value]
    [left] = Work.objects.all()
    assert (left.item_id, left.is_parked) == (lost, True) and left.error.startswith("Erased")
    assert list(Delivery.objects.values_list("item_id", flat=True)) == [kept]
