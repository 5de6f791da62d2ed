"""The steps of messages: what is due, how much a batch holds, and what becomes of one that cannot be done."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from kouan.accounts.factories import make_organisation
from kouan.audit.types import SystemActor
from kouan.gateway.codes import Carrier, Step
from kouan.gateway.models import Work
from kouan.gateway.services import working
from kouan.gateway.services.connections import open_connection
from kouan.gateway.services.receiving import receive
from kouan.gateway.services.working import PARK_AFTER, RETRY_AFTER, due_steps, finish, pass_on, run_step
from kouan.safekeeping.safe import safe

pytestmark = pytest.mark.django_db
AT = timezone.now()
STEPS = [Step.STORE, Step.MATCH]


@pytest.fixture
def channel():
    firm = make_organisation("platform")
    return open_connection(
        actor=SystemActor("测试"), organisation_id=firm.pk, name="通道", carrier=Carrier.HTTP, at=AT
    )  # fmt: skip


def give(channel, number, size=10):
    bodies = [b"<%d>%s" % (n, b"x" * size) for n in range(number)]
    return [receive(channel=channel, body=body, at=AT)[0].message_id for body in bodies]


class Handler:
    """Notes the batches it was given, ends their step, and fails wherever a poisoned message is among them."""

    def __init__(self, poison=()):
        self.batches, self.poison = [], set(poison)

    def __call__(self, messages, at):
        self.batches.append([message.id for message in messages])
        if self.poison & set(self.batches[-1]):
            raise ZeroDivisionError("poison")
        finish(self.batches[-1], step=Step.STORE)


def test_a_batch_of_small_messages_takes_them_all_in_order(channel):
    ids = give(channel, working.MESSAGES_A_CLAIM * 2 + 3)
    handle = Handler()
    assert run_step(step=Step.STORE, handle=handle, at=AT) == len(ids)
    assert handle.batches == [ids]
    assert run_step(step=Step.STORE, handle=handle, at=AT) == 0


def test_a_batch_ends_with_the_claim_that_fills_it(channel, monkeypatch):
    monkeypatch.setattr(working, "MESSAGES_A_CLAIM", 2)
    monkeypatch.setattr(working, "MOST_BYTES", 2500)
    ids = give(channel, 7, size=1000)
    handle = Handler()
    while run_step(step=Step.STORE, handle=handle, at=AT):
        pass
    assert handle.batches == [ids[:4], ids[4:]]


def test_one_that_is_poisoned_is_parked_and_its_neighbours_go_on(channel):
    ids = give(channel, 3)
    handle = Handler(poison=[ids[1]])
    for turn in range(PARK_AFTER):
        run_step(step=Step.STORE, handle=handle, at=AT + turn * 2 * RETRY_AFTER)
    [left] = Work.objects.all()
    assert (left.item_id, left.is_parked, left.attempts) == (ids[1], True, PARK_AFTER)
    assert "poison" in left.error


def test_one_whose_bytes_are_gone_is_parked_at_once(channel, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "KOUAN_KEYS", tmp_path)
    safe.cache_clear()
    [lost] = give(channel, 1)
    [path] = Path(tmp_path).glob("*.key")
    path.unlink()
    handle = Handler()
    run_step(step=Step.STORE, handle=handle, at=AT)
    safe.cache_clear()
    [left] = Work.objects.all()
    assert (left.item_id, left.is_parked) == (lost, True) and left.error.startswith("KeyGone")
    assert handle.batches == []


def test_what_is_due_is_told_by_step(channel):
    assert due_steps(STEPS, at=AT) == set()
    ids = give(channel, 2)
    assert due_steps(STEPS, at=AT) == {Step.STORE}
    pass_on(ids[:1], step=Step.STORE, to=Step.MATCH)
    assert due_steps(STEPS, at=AT) == {Step.STORE, Step.MATCH}
    assert due_steps(STEPS, at=AT - timedelta(minutes=1)) == set()
    Work.objects.update(is_parked=True)
    assert due_steps(STEPS, at=AT) == set()
