"""A firm's system sends parcels' documents for others: only under a delegation that held when the message came."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kouan.accounts.factories import make_delegation, make_organisation
from kouan.declarations.factories import ACTOR, make_channels, make_firms, send
from kouan.declarations.models import DocumentVersion, NodeFinding
from kouan.declarations.services.storing import store_messages
from kouan.gateway.codes import Carrier, SignaturePolicy, Step
from kouan.gateway.models import Connection, Receipt
from kouan.gateway.services.connections import desk_of, open_connection
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.ceb.generate import MERCHANT, parcels

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = dt.timedelta(days=1)


@pytest.fixture
def firms():
    return make_firms()


@pytest.fixture
def broker():
    return make_organisation("agent", name_zh="演示代传企业")


def channel_of(organisation) -> Connection:
    return open_connection(
        actor=ACTOR, organisation_id=organisation.pk,
        name="接口", carrier=Carrier.HTTP, at=NOW, signature_policy=SignaturePolicy.OFF,
    )  # fmt: skip


def store(channels, kinds, *, count=1, at=NOW, seed=0):
    send(channels, parcels(count, at=at, seed=seed), at=at, kinds=kinds, seed=seed)
    run_step(step=Step.STORE, handle=store_messages, at=at)


def test_what_a_firm_sends_of_its_own_needs_no_delegation(firms):
    with CaptureQueriesContext(connection) as asked:
        store(make_channels(firms), ["311", "411", "511", "621"], count=3)
    assert DocumentVersion.objects.count() == 12
    assert not any("accounts_delegation" in query["sql"] for query in asked.captured_queries)


@pytest.mark.parametrize("kind", ["311", "411", "511", "621"])
def test_what_is_delegated_names_the_delegation(firms, broker, kind):
    delegation = make_delegation(client=firms[kind], agent=broker, scope=[kind])
    store({kind: channel_of(broker)}, [kind], count=2)
    assert set(DocumentVersion.objects.values_list("delegation_id", flat=True)) == {delegation.pk}


@pytest.mark.parametrize(
    ("terms", "code", "words"),
    [
        (None, "-921011", "尚未取得"),
        ({"scope": ["dec"]}, "-921012", "不包括此类单证"),
        ({"since": NOW + DAY}, "-921013", "起生效"),
        ({"until": NOW - DAY}, "-921014", "到期"),
    ],
)
@pytest.mark.parametrize("kind", ["311", "621"])
def test_what_is_not_delegated_is_refused_with_the_reason(firms, broker, kind, terms, code, words):
    if terms is not None:
        make_delegation(client=firms[kind], agent=broker, **terms)
    store({kind: channel_of(broker)}, [kind], count=2)
    findings = list(NodeFinding.objects.all())
    assert [one.finding for one in findings] == ["not_yours"] * 2
    problem = findings[0].problems[0]
    assert (problem["code"], problem["pointer"]) == (code, {"311": "/ebpCode", "621": "/agentCode"}[kind])
    assert words in problem["zh"] and problem["en"] and "委托" in problem["fix_zh"] and problem["fix_en"]
    assert not DocumentVersion.objects.exists()
    assert {(one.kind, one.refused_count) for one in Receipt.objects.all()} >= {("check", 2)}


def test_a_broker_declares_a_list_of_a_seller_who_is_here_only_by_its_delegation(firms):
    seller = make_organisation("ecommerce", customs_code=MERCHANT[0], name_zh="演示海淘")
    channels = make_channels(firms)
    store(channels, ["621"])
    assert NodeFinding.objects.get().problems[0]["pointer"] == "/ebcCode"
    delegation = make_delegation(client=seller, agent=firms["621"], scope=["621"])
    store(channels, ["621"], at=NOW + DAY, seed=1)
    assert DocumentVersion.objects.get().delegation_id == delegation.pk


def test_a_seller_sends_its_own_orders(firms):
    seller = make_organisation("ecommerce", customs_code=MERCHANT[0])
    store({"311": channel_of(seller)}, ["311"])
    assert DocumentVersion.objects.get().delegation_id is None


def test_order_payment_and_waybill_of_the_form_need_none(firms, broker):
    store({"411": desk_of(organisation_id=broker.pk, at=NOW)}, ["411"])
    assert DocumentVersion.objects.count() == 1


def test_a_batch_asks_once(firms, broker):
    make_delegation(client=firms["311"], agent=broker)
    channel = channel_of(broker)
    with CaptureQueriesContext(connection) as asked:
        store({"311": channel, "411": channel, "511": channel}, ["311", "411", "511"], count=4)
    assert sum("accounts_delegation" in query["sql"] for query in asked.captured_queries) == 1
    assert (DocumentVersion.objects.count(), NodeFinding.objects.count()) == (4, 8)
