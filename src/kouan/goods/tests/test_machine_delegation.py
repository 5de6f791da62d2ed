"""A broker's system sends for a trader: only under a delegation that held when the message came."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kouan.accounts.factories import LONG_AGO, make_delegation, make_organisation
from kouan.gateway.codes import Step
from kouan.gateway.models import Receipt
from kouan.gateway.selectors import body_of
from kouan.gateway.services.receiving import receive
from kouan.gateway.services.working import run_step
from kouan.goods import factories as make
from kouan.goods.models import GoodsCheck, GoodsDeclaration, GoodsVersion
from kouan.goods.services.storing import store_goods

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = dt.timedelta(days=1)
TRADER = "4201999901"


@pytest.fixture
def sides():
    broker = make.make_agent()
    make.make_window(broker.pk)
    return make_organisation("ecommerce", customs_code=TRADER, name_zh="委托方甲"), broker


def named(made):
    made.head.trader_code, made.head.trader_uscc = TRADER, None


def test_what_is_delegated_becomes_a_version_that_names_the_delegation(sides):
    trader, broker = sides
    delegation = make_delegation(client=trader, agent=broker, scope=["dec"])
    make.send(make.make_channel(broker.pk), make.make_message(change=named), at=NOW)
    assert GoodsVersion.objects.get().delegation_id == delegation.pk


@pytest.mark.parametrize(
    ("terms", "code", "words"),
    [
        (None, "-961021", "尚未取得委托方甲的委托"),
        ({"scope": ["621"]}, "-961022", "不包括此类单证"),
        ({"acts": ["attend"]}, "-961022", "不包括此类单证"),
        ({"since": NOW + DAY}, "-961023", "起生效"),
        ({"until": NOW - DAY}, "-961024", "到期"),
    ],
)
def test_what_is_not_delegated_is_refused_with_the_reason(sides, terms, code, words):
    trader, broker = sides
    if terms is not None:
        make_delegation(client=trader, agent=broker, **terms)
    make.send(make.make_channel(broker.pk), make.make_message(change=named), at=NOW)
    check = GoodsCheck.objects.get()
    [problem] = [one for one in check.problems if one["code"] == code]
    assert (check.finding, problem["pointer"]) == ("not_yours", "/DecMessage/DecHead/TradeCode")
    assert words in problem["zh"] and problem["en"] and "委托" in problem["fix_zh"] and problem["fix_en"]
    assert not GoodsDeclaration.objects.exists()
    assert code in body_of(Receipt.objects.get(kind="check")).decode()


def test_what_counts_is_the_moment_of_arrival(sides):
    trader, broker = sides
    make_delegation(client=trader, agent=broker, since=LONG_AGO, until=NOW + DAY)
    channel = make.make_channel(broker.pk)
    receive(channel=channel, body=make.make_message(change=named), at=NOW)
    run_step(step=Step.STORE_GOODS, handle=store_goods, at=NOW + 2 * DAY)
    assert GoodsDeclaration.objects.count() == 1


def test_a_later_version_needs_it_too(sides):
    trader, broker = sides
    delegation = make_delegation(client=trader, agent=broker)
    channel = make.make_channel(broker.pk)
    make.send(channel, make.make_message(change=named), at=NOW)
    delegation.until = NOW + DAY
    delegation.save()

    def changed(made):
        named(made)
        made.head.note = "改"

    make.send(channel, make.make_message(change=changed), at=NOW + 2 * DAY)
    assert (GoodsVersion.objects.count(), GoodsCheck.objects.get(finding="not_yours").sender_id) == (1, broker.pk)


def test_a_batch_asks_once_however_many_traders_it_names(sides):
    trader, broker = sides
    make_delegation(client=trader, agent=broker)
    other = make_organisation("ecommerce", customs_code="4201999902")
    channel = make.make_channel(broker.pk)

    def named_other(made):
        made.head.trader_code, made.head.trader_uscc = other.customs_code, None

    changes = [named, named_other] * 4
    for number, change in enumerate(changes, 1):
        receive(channel=channel, body=make.make_message(number, change=change), at=NOW)
    with CaptureQueriesContext(connection) as asked:
        run_step(step=Step.STORE_GOODS, handle=store_goods, at=NOW)
    assert sum("accounts_delegation" in query["sql"] for query in asked.captured_queries) == 1
    assert (GoodsDeclaration.objects.count(), GoodsCheck.objects.filter(finding="not_yours").count()) == (4, 4)
