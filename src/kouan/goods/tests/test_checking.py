"""Maker and checker of a draft, and the delegation under which it is made."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database
from django.urls import reverse
from django.utils import timezone

from kouan.accounts import services as accounts
from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import Role
from kouan.accounts.covering import NotDelegated
from kouan.accounts.factories import make_delegation, make_organisation, make_user
from kouan.checking.factories import make_rule
from kouan.checking.services.checking import SomebodyWasQuicker
from kouan.checking.states import CheckState
from kouan.gateway.models import Message
from kouan.goods import factories as make
from kouan.goods import selectors
from kouan.goods.codes import DraftState
from kouan.goods.models import GoodsDraft, GoodsVersion
from kouan.goods.services import checking, drafting
from kouan.goods.tests.test_doors import posted

pytestmark = pytest.mark.django_db
AT = timezone.now()


@pytest.fixture
def firm():
    return make.make_agent()


@pytest.fixture
def people(firm):
    return [make_user(Role.TRADER_CLERK, organisation=firm, name=name) for name in ("甲", "乙", "丙")]


@pytest.fixture
def ruled(firm, people):
    make.make_window(firm.pk)
    return make_rule(firm, checkers=people)


def written(user, **changes):
    return drafting.save_draft(
        user=user, draft_id=drafting.begin_draft(user=user, at=AT).pk, values=make.make_values(**changes), at=AT
    )


def test_one_makes_another_checks_then_it_is_sent(people, ruled):
    maker, checker, _third = people
    draft = written(maker)
    with pytest.raises(NotAllowed) as told:
        drafting.send_draft(user=maker, draft_id=draft.pk, at=AT)
    assert told.value.problem.code == "CHECK-UNCHECKED"
    checking.submit_draft(user=maker, draft_id=draft.pk, at=AT)
    with pytest.raises(NotAllowed):
        checking.pass_draft(user=maker, draft_id=draft.pk, revision=1, at=AT)
    checking.pass_draft(user=checker, draft_id=draft.pk, revision=1, at=AT)
    assert drafting.send_draft(user=maker, draft_id=draft.pk, at=AT).state == DraftState.SENT


def test_a_change_after_the_check_needs_a_new_one_and_not_from_him_who_changed(people, ruled):
    maker, checker, third = people
    draft = written(maker)
    checking.submit_draft(user=maker, draft_id=draft.pk, at=AT)
    checking.pass_draft(user=checker, draft_id=draft.pk, revision=1, at=AT)
    same = drafting.save_draft(user=maker, draft_id=draft.pk, values=make.make_values(), at=AT)
    assert same.stands is CheckState.CHECKED
    drafting.save_draft(user=checker, draft_id=draft.pk, values=make.make_values(note="改"), at=AT)
    with pytest.raises(NotAllowed):
        drafting.send_draft(user=maker, draft_id=draft.pk, at=AT)
    checking.submit_draft(user=maker, draft_id=draft.pk, at=AT)
    with pytest.raises(NotAllowed) as told:
        checking.pass_draft(user=checker, draft_id=draft.pk, revision=2, at=AT)
    assert told.value.problem.code == "CHECK-OWN"
    checking.pass_draft(user=third, draft_id=draft.pk, revision=2, at=AT)


def test_the_second_checker_is_told_who_was_first(people, ruled):
    maker, checker, third = people
    draft = written(maker)
    checking.submit_draft(user=maker, draft_id=draft.pk, at=AT)
    checking.pass_draft(user=checker, draft_id=draft.pk, revision=1, at=AT)
    with pytest.raises(SomebodyWasQuicker) as told:
        checking.pass_draft(user=third, draft_id=draft.pk, revision=1, at=AT)
    assert checker.name in told.value.problem.zh
    assert told.value.status == 409


def test_a_checker_passes_only_what_he_saw(people, ruled):
    maker, checker, _third = people
    draft = written(maker)
    drafting.save_draft(user=maker, draft_id=draft.pk, values=make.make_values(note="改"), at=AT)
    checking.submit_draft(user=maker, draft_id=draft.pk, at=AT)
    with pytest.raises(SomebodyWasQuicker):
        checking.pass_draft(user=checker, draft_id=draft.pk, revision=1, at=AT)


def test_a_bounce_opens_the_form_at_the_field_named(client, people, ruled):
    maker, checker, _third = people
    draft = written(maker)
    checking.submit_draft(user=maker, draft_id=draft.pk, at=AT)
    client.force_login(checker)
    page = client.get(reverse("review-goods-draft", args=[draft.pk])).content.decode()
    assert 'value="goods-0-hs_code"' in page
    verdict = {
        "do": "bounce",
        "revision": "1",
        "stands": "to_check",
        "reason": "商品编号与要素不符",
        "pointer": "goods-0-hs_code",
    }
    client.post(reverse("review-goods-draft", args=[draft.pk]), verdict)
    client.force_login(maker)
    page = client.get(reverse("goods-draft", args=[draft.pk])).content.decode()
    assert "商品编号与要素不符" in page
    assert 'href="#id_goods-0-hs_code"' in page
    assert 'value="send"' not in page


def test_what_no_checker_said_is_conflict_on_the_page(client, people, ruled):
    maker, checker, third = people
    draft = written(maker)
    checking.submit_draft(user=maker, draft_id=draft.pk, at=AT)
    checking.pass_draft(user=checker, draft_id=draft.pk, revision=1, at=AT)
    client.force_login(third)
    answer = client.post(reverse("review-goods-draft", args=[draft.pk]), {"do": "pass", "revision": "1"})
    assert answer.status_code == 409
    assert checker.name in answer.content.decode()


def test_a_sheet_becomes_drafts_to_check_and_nothing_leaves(people, ruled):
    maker = people[0]
    sets = [make.make_values(1), make.make_values(2)]
    with pytest.raises(NotAllowed):
        drafting.send_many(user=maker, sets=sets, at=AT)
    drafting.keep_many(user=maker, sets=sets, at=AT)
    assert {one.stands for one in GoodsDraft.objects.all()} == {CheckState.TO_CHECK}
    assert not Message.objects.exists()


def test_a_stranger_neither_sees_nor_checks(people, ruled):
    draft = written(people[0])
    stranger = make_user(Role.TRADER_CLERK, organisation=make_organisation("agent"))
    with pytest.raises(NotYours):
        checking.submit_draft(user=stranger, draft_id=draft.pk, at=AT)


# Delegation ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def trader():
    return make_organisation("ecommerce", customs_code="4201999901", name_zh="委托方甲")


def for_trader(trader, **changes):
    return {"trader_code": trader.customs_code, "trader_uscc": trader.uscc, "trader_name": trader.name_zh, **changes}


def test_nothing_is_sent_for_a_client_that_did_not_delegate(firm, people, trader):
    draft = written(people[0], **for_trader(trader))
    with pytest.raises(NotDelegated) as told:
        drafting.send_draft(user=people[0], draft_id=draft.pk, at=AT)
    assert told.value.problem.code == "ACCESS-DELEGATION-NONE"
    assert told.value.problem.pointer == "trader_code"


def test_an_open_page_is_refused_after_the_revocation_and_keeps_what_was_typed(client, firm, people, trader):
    delegation = make_delegation(client=trader, agent=firm, agreement_no="WT-7")
    draft = written(people[0], **for_trader(trader))
    owner = make_user(Role.TRADER_CLERK, organisation=trader)
    accounts.revoke_delegation(actor=owner, at=timezone.now(), delegation_id=delegation.pk)
    client.force_login(people[0])
    answer = client.post(
        reverse("goods-draft", args=[draft.pk]), posted(make.make_values(**for_trader(trader, note="还没说完")))
    )
    page = answer.content.decode()
    assert "WT-7" in page
    assert "撤销" in page
    assert "还没说完" in page
    draft.refresh_from_db()
    assert draft.values["note"] != "还没说完"
    kept = client.post(
        reverse("save-goods-draft", args=[draft.pk]), posted(make.make_values(**for_trader(trader, note="还没")))
    )
    assert kept.status_code == 403
    assert kept.json()["problems"][0]["pointer"] == "trader_code"


def test_one_that_ended_yesterday_says_so_with_its_day(firm, people, trader):
    yesterday = timezone.now() - dt.timedelta(days=1)
    make_delegation(client=trader, agent=firm, until=yesterday)
    with pytest.raises(NotDelegated) as told:
        written(people[0], **for_trader(trader))
    assert f"{timezone.localtime(yesterday):%Y-%m-%d}" in told.value.problem.zh
    assert "申请" in told.value.problem.fix_zh


def test_the_version_names_the_delegation_that_covered_it_for_good(firm, people, trader):
    make.make_window(firm.pk)
    delegation = make_delegation(client=trader, agent=firm, acts=["declare"], scope=["dec"])
    draft = written(people[0], **for_trader(trader))
    drafting.send_draft(user=people[0], draft_id=draft.pk, at=AT)
    make.work(at=AT)
    assert GoodsVersion.objects.get().delegation_id == delegation.pk


def test_a_delegation_of_other_documents_or_acts_covers_nothing_here(firm, people, trader):
    make_delegation(client=trader, agent=firm, scope=["621"])
    make_delegation(client=trader, agent=firm, scope=["dec"], acts=["attend"])
    draft = written(people[0], **for_trader(trader))
    with pytest.raises(NotDelegated) as told:
        drafting.send_draft(user=people[0], draft_id=draft.pk, at=AT)
    assert told.value.problem.code == "ACCESS-DELEGATION-SCOPE"


def test_when_it_ends_the_clients_own_drafts_go_out_of_sight_and_the_brokers_stay(firm, people, trader):
    delegation = make_delegation(client=trader, agent=firm)
    owner = make_user(Role.TRADER_CLERK, organisation=trader)
    own = drafting.begin_draft(user=owner, at=AT)
    made = written(people[0], **for_trader(trader))
    assert set(selectors.list_drafts(people[0])) == {own, made}
    accounts.revoke_delegation(actor=owner, at=timezone.now(), delegation_id=delegation.pk)
    later = type(people[0]).objects.get(pk=people[0].pk)
    assert set(selectors.list_drafts(later)) == {made}
    assert not selectors.list_drafts(owner).filter(pk=made.pk)


def test_a_delegation_of_parcels_shows_no_goods_drafts(firm, people, trader):
    make_delegation(client=trader, agent=firm, scope=["621"])
    drafting.begin_draft(user=make_user(Role.TRADER_CLERK, organisation=trader), at=AT)
    assert not selectors.list_drafts(people[0])


# Writes after the end ------------------------------------------------------------------------------------------------


@pytest.fixture
def revoked(firm, people, trader):
    """A draft with a file, written before the client revoked."""
    delegation = make_delegation(client=trader, agent=firm, agreement_no="WT-9")
    draft = written(people[0], **for_trader(trader))
    file = drafting.add_file(user=people[0], draft_id=draft.pk, firm_name="票.pdf", document_kind="00000001",
                             content=make.PDF, at=AT)  # fmt: skip
    owner = make_user(Role.TRADER_CLERK, organisation=trader)
    accounts.revoke_delegation(actor=owner, at=timezone.now(), delegation_id=delegation.pk)
    return draft, file


def test_no_file_is_added_or_removed_after_the_revocation(people, revoked):
    draft, file = revoked
    now = timezone.now()
    with pytest.raises(NotDelegated):
        drafting.add_file(user=people[0], draft_id=draft.pk, firm_name="二.pdf", document_kind="00000001",
                          content=make.PDF, at=now)  # fmt: skip
    with pytest.raises(NotDelegated):
        drafting.remove_file(user=people[0], draft_id=draft.pk, file_id=file.pk, at=now)
    assert [one.pk for one in selectors.files_of_draft(draft)] == [file.pk]


def test_a_refused_removal_keeps_what_was_typed_beside_it(client, people, trader, revoked):
    draft, file = revoked
    client.force_login(people[0])
    typed = posted(make.make_values(**for_trader(trader, note="还没说完")))
    answer = client.post(reverse("remove-goods-file", args=[draft.pk, file.pk]), typed)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "WT-9" in page and "还没说完" in page


def test_a_removal_keeps_what_was_typed_beside_it(client, people):
    draft = written(people[0])
    file = drafting.add_file(user=people[0], draft_id=draft.pk, firm_name="票.pdf", document_kind="00000001",
                             content=make.PDF, at=AT)  # fmt: skip
    client.force_login(people[0])
    client.post(reverse("remove-goods-file", args=[draft.pk, file.pk]), posted(make.make_values(note="还没说完")))
    draft.refresh_from_db()
    assert draft.values["note"] == "还没说完"
    assert selectors.files_of_draft(draft) == []


def test_nothing_passes_after_the_revocation(people, ruled, firm, trader):
    maker, checker, _third = people
    delegation = make_delegation(client=trader, agent=firm)
    draft = written(maker, **for_trader(trader))
    checking.submit_draft(user=maker, draft_id=draft.pk, at=AT)
    owner = make_user(Role.TRADER_CLERK, organisation=trader)
    accounts.revoke_delegation(actor=owner, at=timezone.now(), delegation_id=delegation.pk)
    with pytest.raises(NotDelegated):
        checking.pass_draft(user=checker, draft_id=draft.pk, revision=1, at=timezone.now())
    checking.bounce_draft(user=checker, draft_id=draft.pk, revision=1, reason="委托已撤销", pointer="", at=AT)
    drafting.discard_draft(user=maker, draft_id=draft.pk, at=AT)


# Two at once ---------------------------------------------------------------------------------------------------------


def test_what_one_passed_another_does_not_give_back_unawares(people, ruled):
    maker, checker, third = people
    draft = written(maker)
    checking.submit_draft(user=maker, draft_id=draft.pk, at=AT)
    checking.pass_draft(user=checker, draft_id=draft.pk, revision=1, at=AT)
    verdict = {"user": third, "draft_id": draft.pk, "revision": 1, "reason": "再看", "pointer": "", "at": AT}
    with pytest.raises(SomebodyWasQuicker) as told:
        checking.bounce_draft(**verdict)
    assert checker.name in told.value.problem.zh
    checking.bounce_draft(**verdict, stands=CheckState.CHECKED)
    draft.refresh_from_db()
    assert draft.stands is CheckState.BOUNCED


@pytest.mark.django_db(transaction=True)
def test_of_two_checkers_at_once_one_wins(people, ruled):
    maker, checker, third = people
    draft = written(maker)
    checking.submit_draft(user=maker, draft_id=draft.pk, at=AT)
    start = threading.Barrier(2)

    def decide(decision):
        start.wait()
        try:
            decision()
            return ""
        except SomebodyWasQuicker as told:
            return told.problem.code
        finally:
            database.close()

    both = [
        lambda: checking.pass_draft(user=checker, draft_id=draft.pk, revision=1, at=AT),
        lambda: checking.bounce_draft(
            user=third, draft_id=draft.pk, revision=1, reason="不符", pointer="goods-0-hs_code", at=AT
        ),
    ]
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, both)) == ["", "CHECK-TWICE"]
