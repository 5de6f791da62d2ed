"""The papers of a declaration, what is told of it, and its tracking page."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.factories import make_user
from kouan.clearance.services.routing import route_messages
from kouan.clearance.topics import TOPICS, find_cases
from kouan.declarations.factories import make_channels, make_firms, make_national_channel, send
from kouan.declarations.models import Case, OfficialAnswer
from kouan.declarations.services.matching import match_messages
from kouan.declarations.services.storing import store_messages
from kouan.gateway.codes import Step
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.ceb.generate import parcels
from kouan.kernel.identifiers import uuid7
from kouan.notices import selectors as notices
from kouan.notices.services.telling import tell_events
from kouan.notices.tracking import check_value, tracking_path
from kouan.workflow import selectors as workflow
from kouan.workflow.services import Happening, record_events

pytestmark = [pytest.mark.django_db, pytest.mark.service]

AT = timezone.now()


@pytest.fixture
def firms():
    return make_firms()


@pytest.fixture
def case(firms):
    make_national_channel(firms["621"].pk)
    send(make_channels(firms), parcels(1, at=AT), at=AT)
    steps = ((Step.STORE, store_messages), (Step.MATCH, match_messages), (Step.ROUTE, route_messages))
    while sum(run_step(step=step, handle=handle, at=AT) for step, handle in steps):
        pass
    return Case.objects.get()


def test_the_acknowledgement_says_what_was_received_and_that_it_is_no_official_receipt(client, case, firms):
    client.force_login(make_user(organisation=firms["621"]))
    page = client.get(reverse("acknowledgement", args=[case.pk])).content.decode()
    assert case.internal_no in page and check_value(case.pk) in page and "<svg" in page
    assert "不是海关回执" in page


def test_the_official_receipt_gives_the_answers_word_for_word(client, case, firms):
    OfficialAnswer.objects.create(
        document_id=case.pk, message_id=uuid7(), node_index=0, version=1, status="800",
        return_time="20261123101112000", info="放行[原文<&>]", received_at=AT, moved=True,
    )  # fmt: skip
    client.force_login(make_user(organisation=firms["621"]))
    page = client.get(reverse("official-receipt", args=[case.pk])).content.decode()
    assert "放行[原文&lt;&amp;&gt;]" in page and "20261123101112000" in page and "国家标准版" in page


def test_the_tracking_page_names_stage_and_turn_and_no_person_firm_or_goods(client, case):
    path = tracking_path(case.internal_no, case.pk)
    assert parse_qs(urlsplit(path).query)["number"] == [case.internal_no]
    page = client.get(path).content.decode()
    main = re.search(r"<main.*</main>", page, re.DOTALL)[0]
    assert "收到申报" in main and case.internal_no in main
    for hidden in (case.declarant_name, case.merchant_name, case.goods_summary, case.order_no, str(case.pk)):
        assert hidden not in page
    for name in ("internal_no", "waybill_no"):
        number = getattr(case, name)
        assert "收到申报" in client.get(tracking_path(number, case.pk)).content.decode()


def test_what_happens_to_a_case_is_told_to_its_declarant(case, firms, monkeypatch):
    monkeypatch.setattr(workflow, "CLOCKS_DIFFER_BY", timedelta(milliseconds=-50))
    trader = make_user(organisation=firms["621"])
    record_events([Happening(case.pk, "case", "stand", "awaiting_answer", "returned_for_correction")], at=AT)
    while tell_events(at=AT):
        pass
    [notice] = notices.list_notices(trader)
    assert (notice.topic, notice.number, notice.url) == (
        "case.returned", case.internal_no, reverse("case", args=[case.pk]),
    )  # fmt: skip
    assert notice.is_declarer
    assert not notices.list_notices(make_user())


def test_a_subject_has_no_personal_data(case):
    subject = find_cases([case.pk])[case.pk]
    assert set(subject.facts) == {"list_no", "waybill_no", "version"}
    assert case.sender_id in subject.declarers


def test_every_topic_has_a_word_and_a_group():
    assert len({topic.key for topic in TOPICS}) == len(TOPICS)
    assert all(str(topic.word) and str(topic.group) for topic in TOPICS)
