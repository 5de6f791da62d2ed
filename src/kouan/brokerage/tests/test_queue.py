"""The queue: every kind of work of a firm, found by number, client and sound, and nobody else's."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_delegation, make_organisation, make_user
from kouan.brokerage import selectors
from kouan.brokerage.codes import Document, Waits
from kouan.checking.factories import make_rule
from kouan.declarations.services import drafting as parcels
from kouan.goods import factories as make
from kouan.goods.models import GoodsDeclaration
from kouan.goods.services import checking, drafting
from kouan.goods.services.holding import pass_held

pytestmark = pytest.mark.django_db
AT = timezone.now()


@pytest.fixture
def firm():
    return make.make_agent()


@pytest.fixture
def clerk(firm):
    return make_user(Role.TRADER_CLERK, organisation=firm, name="甲")


@pytest.fixture
def colleague(firm):
    return make_user(Role.TRADER_CLERK, organisation=firm, name="乙")


def draft(user, **changes):
    begun = drafting.begin_draft(user=user, at=AT)
    return drafting.save_draft(user=user, draft_id=begun.pk, values=make.make_values(**changes), at=AT)


def waiting(user):
    return {(one.document, one.waits) for one in selectors.list_waiting(user)}


def test_everything_that_waits_is_there(firm, clerk, colleague):
    window = make.make_window(firm.pk)
    make.send(make.make_channel(firm.pk), make.make_message(3), at=AT)
    made = make.the_declaration(3)
    make.hear(window, make.imported(made.client_no), at=AT)
    make_rule(firm, checkers=[clerk, colleague])
    first = draft(clerk)
    checking.submit_draft(user=clerk, draft_id=first.pk, at=AT)
    draft(clerk, note="二")
    parcels.save_draft(user=clerk, draft_id=None, values={"order_no": "1"}, at=AT)
    client = make_organisation("ecommerce")
    make_delegation(client=client, agent=firm, until=timezone.now() + dt.timedelta(days=3))
    make_delegation(client=client, agent=firm, until=timezone.now() + dt.timedelta(days=30))
    assert waiting(colleague) == {
        (Document.GOODS, Waits.TO_SIGN),
        (Document.GOODS_DRAFT, Waits.TO_CHECK),
        (Document.GOODS_DRAFT, Waits.DRAFT),
        (Document.PARCEL_DRAFT, Waits.DRAFT),
        (Document.DELEGATION, Waits.DELEGATION),
    }
    assert not waiting(make_user(Role.TRADER_CLERK))
    assert not waiting(make_user(Role.TRADER_CLERK, organisation=client))


@pytest.mark.parametrize(
    ("state", "waits"),
    [("saved", "to_sign"), ("returned", "returned"), ("not_accepted", "returned"), ("file_wanted", "question"),
     ("tax_due", "tax"), ("import_failed", "returned")],
)  # fmt: skip
def test_a_declaration_waits_for_what_its_state_asks(firm, clerk, state, waits):
    make.make_window(firm.pk)
    make.send(make.make_channel(firm.pk), make.make_message(3), at=AT)
    GoodsDeclaration.objects.update(state=state, waits_for="declarant")
    assert waiting(clerk) == {(Document.GOODS, waits)}


def test_a_client_is_found_by_name_pinyin_and_initials(client, firm, clerk):
    draft(clerk, trader_code="4201999991", trader_uscc="", trader_name="江城优选进出口", client_no="KG1")
    draft(clerk, trader_code="4201999992", trader_uscc="", trader_name="黄鹤国际贸易", client_no="KG2")
    client.force_login(clerk)
    for words, number in (("江城", "KG1"), ("jiangcheng", "KG1"), ("jcyx", "KG1"), ("hhgj", "KG2"), ("KG2", "KG2")):
        page = client.get(reverse("broker-queue"), {"q": words}).content.decode()
        assert (number in page, ("KG2" if number == "KG1" else "KG1") in page) == (True, False), words


def test_filters_stand_in_the_address_and_the_file_is_what_is_seen(client, firm, clerk):
    draft(clerk, trader_code="4201999991", trader_uscc="", trader_name="江城优选")
    client.force_login(clerk)
    url = reverse("broker-queue")
    assert "KG" not in client.get(url, {"waits": "tax"}).content.decode().split("<tbody>")[-1]
    for query in ({"client": "4201999991"}, {"person": str(clerk.pk)}, {"due": "none"}, {"document": "goods_draft"},
                  {"sort": "client"}, {"sort": "-due"}):  # fmt: skip
        assert "江城优选" in client.get(url, query).content.decode(), query
    assert client.get(url, {"export": "csv"}).status_code == 200


def test_the_queue_asks_a_bounded_number_of_questions(client, firm, clerk, django_assert_max_num_queries):
    for place in range(6):
        draft(clerk, trader_code=f"420199999{place}", trader_uscc="", trader_name=f"客户{place}")
    client.force_login(clerk)
    with django_assert_max_num_queries(40):
        client.get(reverse("broker-queue"))


def test_pages_go_on_by_key(client, firm, clerk):
    for place in range(30):
        drafting.keep_many(user=clerk, sets=[make.make_values(client_no=f"NO{place:02d}")], at=AT)
    client.force_login(clerk)
    first = client.get(reverse("broker-queue"), {"size": "25"})
    shown = {row.pk for row in first.context["rows"]}
    second = client.get(reverse("broker-queue") + first.context["after_url"])
    assert len(shown) == 25
    assert not shown & {row.pk for row in second.context["rows"]}
    assert len(second.context["rows"]) == 5


def test_the_last_day_is_the_one_that_the_rules_noted(firm, clerk):
    make.make_window(firm.pk)
    make.send(make.make_channel(firm.pk), make.make_message(3), at=AT)
    made = make.the_declaration(3)
    GoodsDeclaration.objects.update(waits_for="declarant", state="returned")
    [row] = selectors.list_waiting(clerk)
    assert made.due_date and timezone.localtime(row.due_at).date() == made.due_date
    GoodsDeclaration.objects.update(due_date=None)
    [row] = selectors.list_waiting(clerk)
    assert row.due_at is None


def test_a_delegation_is_told_of_from_the_day_that_was_noted(firm, clerk):
    ending = make_delegation(
        client=make_organisation("ecommerce"), agent=firm, until=timezone.now() + dt.timedelta(days=10)
    )
    [row] = selectors.list_waiting(clerk)
    assert (row.since, row.due_at) == (ending.ends_soon_at, ending.until)
    type(ending).objects.update(ends_soon_at=timezone.now() + dt.timedelta(days=1))
    assert not selectors.list_waiting(clerk)


def test_what_the_firms_own_system_sent_waits_to_be_checked(client, firm, clerk):
    make_rule(firm, kinds=["goods"], checkers=[clerk], holds_machine=True)
    held = make.send(make.make_channel(firm.pk), make.make_message(), at=AT)
    [row] = selectors.list_waiting(clerk)
    assert (row.pk, row.document, row.waits) == (held, "goods_held", "to_check")
    client.force_login(clerk)
    assert reverse("held-goods", args=[held]) in client.get(reverse("broker-queue")).content.decode()
    pass_held(user=clerk, message_id=held, revision=0, at=AT)
    assert not selectors.list_waiting(clerk).exists()
