"""Batches: a dry run changes nothing, each draft is done by itself, and nothing is sent twice."""

import pytest
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.brokerage import selectors
from kouan.brokerage.codes import BatchAct, RowResult
from kouan.brokerage.models import Batch, BatchRow
from kouan.brokerage.services import batching
from kouan.checking.factories import make_rule
from kouan.gateway.models import Message
from kouan.goods import factories as make
from kouan.goods.codes import DraftState
from kouan.goods.models import GoodsDraft
from kouan.goods.services import drafting

pytestmark = pytest.mark.django_db
AT = timezone.now()


@pytest.fixture
def firm():
    found = make.make_agent()
    make.make_window(found.pk)
    return found


@pytest.fixture
def clerk(firm):
    return make_user(Role.TRADER_CLERK, organisation=firm)


@pytest.fixture
def drafts(clerk):
    sets = [make.make_values(1), make.make_values(2), make.make_values(3)]
    sets[2]["goods"][1]["unit"] = "9999"
    return drafting.keep_many(user=clerk, sets=sets, at=AT)


def rows(user):
    return selectors.waiting_drafts(selectors.list_waiting(user).order_by("pk"))


def test_a_dry_run_says_what_would_be_sent_and_changes_nothing(clerk, drafts):
    tried = batching.try_batch(user=clerk, act=BatchAct.SEND, rows=rows(clerk), at=AT)
    assert [one.problem is None for one in tried] == [True, True, False]
    assert tried[2].problem.pointer == "goods-1-unit"
    assert not Message.objects.exists()
    assert set(GoodsDraft.objects.values_list("state", flat=True)) == {DraftState.DRAFT}


def test_it_works(clerk, drafts):
    batch = batching.begin_batch(user=clerk, act=BatchAct.SEND, rows=rows(clerk), at=AT)
    assert batching.run_batch(batch_id=batch.pk, at=AT) == 3
    results = list(BatchRow.objects.order_by("place").values_list("result", flat=True))
    assert results == [RowResult.DONE, RowResult.DONE, RowResult.REFUSED]
    assert BatchRow.objects.get(place=3).problem["pointer"] == "goods-1-unit"
    assert Message.objects.count() == 2
    assert Batch.objects.get().finished_at


def test_one_that_stopped_goes_on_and_sends_nothing_twice(clerk, drafts):
    batch = batching.begin_batch(user=clerk, act=BatchAct.SEND, rows=rows(clerk), at=AT)
    drafting.send_draft(user=clerk, draft_id=drafts[0].pk, at=AT)
    assert batching.take_up_stopped(at=AT) == 0
    assert batching.take_up_stopped(at=AT + batching.TAKEN_UP_AFTER * 2) == 1
    batching.run_batch(batch_id=batch.pk, at=AT)
    assert batching.run_batch(batch_id=batch.pk, at=AT) == 0
    assert Message.objects.count() == 2
    assert BatchRow.objects.get(place=1).result == RowResult.DONE


def test_nothing_unchecked_leaves_by_a_batch(firm, clerk, drafts):
    make_rule(firm, checkers=[make_user(Role.TRADER_CLERK, organisation=firm)])
    batch = batching.begin_batch(user=clerk, act=BatchAct.SEND, rows=rows(clerk), at=AT)
    batching.run_batch(batch_id=batch.pk, at=AT)
    assert {one.problem["code"] for one in BatchRow.objects.all()} == {"CHECK-UNCHECKED"}
    assert not Message.objects.exists()


def test_the_pages_try_first_and_then_show_what_became(client, clerk, drafts):
    client.force_login(clerk)
    keys = [str(one.pk) for one in drafts]
    page = client.post(reverse("new-broker-batch-send"), {"pk": keys}).content.decode()
    assert "可办理 2 份" in page
    assert not Batch.objects.exists()
    client.post(reverse("new-broker-batch-send"), {"pk": keys[:2], "do": "begin"})
    batch = Batch.objects.get()
    batching.run_batch(batch_id=batch.pk, at=AT)
    assert "办理完毕" in client.get(reverse("broker-batch", args=[batch.pk])).content.decode()
    client.force_login(make_user(Role.TRADER_CLERK))
    assert client.get(reverse("broker-batch", args=[batch.pk])).status_code == 404


def test_a_stranger_s_keys_choose_nothing(client, drafts):
    client.force_login(make_user(Role.TRADER_CLERK))
    page = client.post(reverse("new-broker-batch-send"), {"pk": [str(one.pk) for one in drafts]})
    assert "没有选中草稿" in page.content.decode()


def test_none_is_no_batch(clerk):
    with pytest.raises(NotAllowed):
        batching.begin_batch(user=clerk, act=BatchAct.SEND, rows=[], at=AT)
