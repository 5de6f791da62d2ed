"""What a firm's own system sends waits for the firm's checker where the rule says so, and the sender reads it."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.checking.factories import make_rule
from kouan.checking.services.checking import SomebodyWasQuicker
from kouan.gateway.models import Receipt, Work
from kouan.gateway.outcomes import outcome_of
from kouan.gateway.selectors import body_of
from kouan.gateway.services.connections import desk_of
from kouan.gateway.services.tokens import issue_token
from kouan.goods import factories as make
from kouan.goods.models import GoodsCheck, GoodsDeclaration, HeldMessage
from kouan.goods.services.holding import pass_held, refuse_held

pytestmark = pytest.mark.django_db
AT = timezone.now()


@pytest.fixture
def firm():
    made = make.make_agent()
    make.make_window(made.pk)
    return made


@pytest.fixture
def checkers(firm):
    people = [make_user(Role.TRADER_CLERK, organisation=firm, name=name) for name in ("甲", "乙")]
    make_rule(firm, kinds=["goods"], checkers=people, holds_machine=True)
    return people


@pytest.fixture
def held(firm, checkers):
    return make.send(make.make_channel(firm.pk), make.make_message(), at=AT)


def told(message_id):
    """The findings of the check results in their order, as the sender fetches them."""
    found = [
        json.loads(body_of(one)) for one in Receipt.objects.filter(answers=message_id, kind="check").order_by("pk")
    ]
    return [(one["accepted"], one["nodes"][0]["finding"]) for one in found]


def test_it_waits_in_the_queue_and_the_sender_is_told(firm, held):
    assert not GoodsDeclaration.objects.exists()
    assert not Work.objects.filter(item_id=held, is_receipt=False).exists()
    assert told(held) == [(0, "held")]
    [found] = outcome_of(held).found
    assert (found.finding, found.problems[0]["code"], found.problems[0]["severity"]) == ("held", "-961025", "warning")
    row = HeldMessage.objects.get(organisation_id=firm.pk)
    assert (row.pk, row.check_state, row.client_no) == (held, "to_check", found.number)


def test_passed_it_is_stored_and_sent_on(held, checkers):
    pass_held(user=checkers[0], message_id=held, revision=0, at=AT)
    make.work(at=AT)
    assert GoodsDeclaration.objects.get().message_id == held
    assert told(held) == [(0, "held"), (1, "accepted")]
    assert (outcome_of(held).accepted, outcome_of(held).found) == (1, [])
    assert HeldMessage.objects.get().check_state == "checked"


def test_refused_it_is_gone_for_good_and_the_sender_reads_why(held, checkers):
    refuse_held(user=checkers[0], message_id=held, revision=0, reason="归类不符", pointer="goods-1-hs_code", at=AT)
    make.work(at=AT)
    assert not GoodsDeclaration.objects.exists()
    assert told(held) == [(0, "held"), (0, "refused")]
    [problem] = GoodsCheck.objects.get().problems
    assert problem["pointer"] == "/DecMessage/DecLists/DecList[2]/CodeTS"
    assert "归类不符" in problem["zh"] and "归类不符" in problem["en"]


def test_two_checkers_one_verdict(held, checkers):
    pass_held(user=checkers[0], message_id=held, revision=0, at=AT)
    with pytest.raises(SomebodyWasQuicker):
        pass_held(user=checkers[1], message_id=held, revision=0, at=AT)
    with pytest.raises(SomebodyWasQuicker) as quicker:
        refuse_held(user=checkers[1], message_id=held, revision=0, reason="x", pointer="", at=AT)
    assert "甲" in quicker.value.problem.zh


def test_only_the_firms_checkers_decide(firm, held):
    other = make_user(Role.TRADER_CLERK, organisation=firm)
    with pytest.raises(NotAllowed):
        pass_held(user=other, message_id=held, revision=0, at=AT)
    stranger = make_user(Role.TRADER_CLERK, organisation=make_organisation("agent"))
    with pytest.raises(NotYours):
        pass_held(user=stranger, message_id=held, revision=0, at=AT)


def test_by_default_and_from_the_form_nothing_is_held(firm):
    make_rule(firm, kinds=["goods"], checkers=[make_user(Role.TRADER_CLERK, organisation=firm)])
    make.send(make.make_channel(firm.pk), make.make_message(1), at=AT)
    make_rule(firm, kinds=["goods"], checkers=[], holds_machine=True)
    make.send(desk_of(organisation_id=firm.pk, at=AT), make.make_message(2), at=AT)
    assert GoodsDeclaration.objects.count() == 2
    assert not HeldMessage.objects.exists()


def test_what_is_faulty_is_refused_at_once(firm, checkers):
    def spoil(made):
        made.head.customs_code = None

    message_id = make.send(make.make_channel(firm.pk), make.make_message(change=spoil), at=AT)
    assert told(message_id) == [(0, "refused")]
    assert not HeldMessage.objects.exists()


def test_the_page_shows_it_and_takes_the_verdict(client, held, checkers):
    client.force_login(checkers[0])
    url = reverse("held-goods", args=[held])
    page = client.get(url).content.decode()
    assert "演示报关行接口" in page and "复核通过" in page and "goods-0-hs_code" in page
    answer = client.post(url, {"do": "pass", "revision": "0", "stands": "to_check", "reason": "", "pointer": ""})
    assert answer.status_code == 302
    assert HeldMessage.objects.get().check_state == "checked"
    assert "复核通过</button>" not in client.get(url).content.decode()


def test_the_sender_reads_over_http_what_became_of_it(client, held, checkers):
    channel = HeldMessage.objects.get().author_id
    token = issue_token(actor=make.ACTOR, connection_id=channel, at=AT)

    def asked():
        answer = client.get(f"/api/v1/messages/{held}", headers={"Authorization": f"Bearer {token}"}).json()
        return answer["accepted"], [(one["finding"], one["problems"][0]["code"]) for one in answer["nodes"]]

    assert asked() == (0, [("held", "-961025")])
    refuse_held(user=checkers[0], message_id=held, revision=0, reason="归类不符", pointer="", at=AT)
    assert asked() == (0, [("refused", "-961026")])
