"""Parked work is retried and lost items are resent: by the keepers of the gateway, on record, under the same name."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kouan.accounts.access import NotAllowed
from kouan.accounts.factories import make_user
from kouan.audit.models import AuditEntry
from kouan.declarations.factories import make_channels, make_firms, make_national_channel, send
from kouan.gateway.codes import Carrier, Issuer, Step
from kouan.gateway.models import Delivery, Work
from kouan.gateway.services.answering import Outgoing, issue
from kouan.gateway.services.delivering import deliver_due
from kouan.gateway.services.forwarding import forward
from kouan.gateway.services.leaving import Leaving
from kouan.gateway.services.mending import resend_message, resend_receipt, retry_group, retry_item
from kouan.gateway.standards.ceb.generate import parcels
from kouan.workflow.services import NotPossibleNow

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def keeper():
    return make_user("port_office_clerk")


@pytest.fixture
def sent(at):
    firms = make_firms()
    make_national_channel(firms["621"].pk)
    return send(make_channels(firms), parcels(1, at=at), at=at)


def park(item_ids, error="ValueError: a poisoned node"):
    Work.objects.filter(item_id__in=item_ids).update(is_parked=True, attempts=3, error=error)


def test_it_works(sent, keeper, at):
    park(sent[:1])
    retry_item(user=keeper, item_id=sent[0], at=at)
    work = Work.objects.get(item_id=sent[0])
    assert (work.is_parked, work.attempts, work.available_at) == (False, 0, at)
    entry = AuditEntry.objects.get(act="retry_parked")
    assert (entry.subject_id, entry.actor_id) == (str(sent[0]), keeper.pk)


def test_what_is_not_parked_is_not_retried(sent, keeper, at):
    with pytest.raises(NotPossibleNow):
        retry_item(user=keeper, item_id=sent[0], at=at)
    assert not AuditEntry.objects.filter(act="retry_parked").exists()


def test_a_group_is_retried_and_its_neighbours_stay(sent, keeper, at):
    park(sent[:3])
    park(sent[3:], error="KeyError: another reason")
    assert retry_group(user=keeper, step=Step.STORE, error="ValueError: a poisoned node", at=at) == 3
    assert set(Work.objects.filter(is_parked=True).values_list("item_id", flat=True)) == set(sent[3:])
    assert AuditEntry.objects.get(act="retry_parked").count == 3


@pytest.mark.parametrize("role", ["trader_clerk", "officer", "site_clerk", "audit_admin"])
def test_others_mend_nothing(sent, at, role):
    park(sent)
    stranger = make_user(role)
    for act in (
        lambda: retry_item(user=stranger, item_id=sent[0], at=at),
        lambda: retry_group(user=stranger, step=Step.STORE, error="ValueError: a poisoned node", at=at),
        lambda: resend_message(user=stranger, message_id=sent[0], at=at),
        lambda: resend_receipt(user=stranger, receipt_id=sent[0], at=at),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Work.objects.filter(is_parked=True).count() == len(sent)


def test_a_message_goes_out_again_under_the_same_name(sent, keeper, at, tmp_path):
    out = Leaving(tmp_path)
    forward(sent[:1], at=at)
    assert deliver_due(transport_of=out.transport_of, wrap=out.wrap, at=at) == 1
    (first,) = (tmp_path / "national" / "OutBox").iterdir()
    content = first.read_bytes()
    first.rename(tmp_path / "national" / "SentBox" / first.name)

    resend_message(user=keeper, message_id=sent[0], at=at)
    assert deliver_due(transport_of=out.transport_of, wrap=out.wrap, at=at) == 1
    (second,) = (tmp_path / "national" / "OutBox").iterdir()
    assert (second.name, second.read_bytes()) == (first.name, content)
    assert Delivery.objects.filter(item_id=sent[0], outcome="delivered").count() == 2
    assert AuditEntry.objects.filter(act="resend_message", subject_id=str(sent[0])).count() == 1


def test_what_waits_already_is_not_sent_twice(sent, keeper, at):
    forward(sent[:1], at=at)
    with pytest.raises(NotPossibleNow):
        resend_message(user=keeper, message_id=sent[0], at=at)
    assert Work.objects.filter(item_id=sent[0], step=Step.DELIVER).count() == 1


def test_a_message_that_never_left_is_not_resent(sent, keeper, at):
    with pytest.raises(NotAllowed):
        resend_message(user=keeper, message_id=sent[0], at=at)


def test_a_refused_delivery_is_freed_by_a_resend(sent, keeper, at):
    forward(sent[:1], at=at)
    Work.objects.filter(item_id=sent[0], step=Step.DELIVER).update(is_parked=True, error="refused", attempts=1)
    resend_message(user=keeper, message_id=sent[0], at=at)
    assert Work.objects.get(item_id=sent[0], step=Step.DELIVER).is_parked is False


def receipt_for(channel, at):
    outgoing = Outgoing(channel.pk, channel.organisation_id, Issuer.KOUAN, "check", None, None, b"{}", 1)
    return issue([outgoing], at=at)[0]


def test_a_receipt_waits_again_for_its_channel(keeper, at):
    channel = make_channels(make_firms())["621"]
    receipt = receipt_for(channel, at)
    Work.objects.all().delete()
    resend_receipt(user=keeper, receipt_id=receipt, at=at)
    work = Work.objects.get(item_id=receipt)
    assert (work.step, work.is_receipt, work.connection_id) == ("deliver", True, channel.pk)
    assert AuditEntry.objects.filter(act="resend_receipt").count() == 1


def test_a_receipt_of_the_pages_has_nowhere_to_go(keeper, at):
    channel = make_channels({"621": make_firms()["621"]}, carrier=Carrier.DESK)["621"]
    with pytest.raises(NotAllowed):
        resend_receipt(user=keeper, receipt_id=receipt_for(channel, at), at=at)
