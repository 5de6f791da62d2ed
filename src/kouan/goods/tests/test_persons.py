"""Natural persons in goods declarations: masked everywhere, in full for a purpose to those who may."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.gateway.standards.ceb.generate import demo_resident_id
from kouan.gateway.standards.dec.attached import EndUser
from kouan.goods import factories as make
from kouan.goods.models import GoodsDeclaration
from kouan.goods.natural import is_person, masks_in
from kouan.goods.persons import read_persons

ID = demo_resident_id(date(1990, 1, 1), 7)
PHONE = "19912345678"
AT = timezone.now()


@pytest.mark.parametrize(
    ("code", "known"),
    [(ID, True), ("E12345678", True), ("H1234567", True), ("4201980001", False), ("91420100MA4KNDEM19", False),
     ("NO", False), (None, False)],
)  # fmt: skip
def test_numbers_of_persons_are_told_from_codes_of_firms(code, known):
    assert is_person(code) is known


def test_only_what_belongs_to_a_person_is_masked():
    said = {"trader_code": "4201980001", "trader_name": "演示公司", "owner_code": "NO", "owner_uscc": ID}
    assert masks_in(said) == {"declarant_contact": "phone", "owner_uscc": "id", "owner_name": "name"}


def named(made):
    made.head.owner_code, made.head.owner_uscc, made.head.owner_name = ID, None, "演示赵一明"
    made.users = [EndUser("演示钱二", PHONE)]
    made.free_text.declarant_contact = PHONE


@pytest.fixture
def row(db):
    firm = make.make_agent()
    make.make_window(firm.pk)
    make.send(make.make_channel(firm.pk), make.make_message(change=named), at=AT)
    return GoodsDeclaration.objects.get()


@pytest.fixture
def clerk(row):
    from kouan.accounts.models import Organisation

    return make_user(Role.TRADER_CLERK, organisation=Organisation.objects.get(pk=row.sender_id))


def test_no_column_and_no_page_shows_them(client, row, clerk):
    assert "赵" not in row.owner_name
    client.force_login(clerk)
    for page in (
        reverse("goods-declaration", args=[row.pk]),
        reverse("goods-acknowledgement", args=[row.pk]),
        reverse("persons", args=["goods", row.pk]),
    ):
        shown = client.get(page).content.decode()
        assert [one for one in (ID, PHONE, "演示赵一明", "演示钱二") if one in shown] == []


def test_a_page_leads_to_persons_only_where_there_are_any(client, row, clerk):
    client.force_login(clerk)
    assert reverse("persons", args=["goods", row.pk]) in client.get(reverse("goods-declaration", args=[row.pk])).text
    make.send(make.make_channel(row.sender_id), make.make_message(2), at=AT)
    other = make.the_declaration(2)
    address = reverse("persons", args=["goods", other.pk])
    assert address not in client.get(reverse("goods-declaration", args=[other.pk])).text
    assert "限时查看" not in client.get(address).text


def test_for_a_purpose_they_are_shown_in_full(client, row, clerk):
    client.force_login(clerk)
    page = reverse("persons", args=["goods", row.pk])
    assert "消费使用/生产销售单位" in client.get(page).content.decode()
    answer = client.post(page, {"purpose": "correction", "words": "核对收件人证件"}, follow=True)
    shown = answer.content.decode()
    assert [one for one in (ID, PHONE, "演示赵一明", "演示钱二") if one not in shown] == []


def test_who_sees_the_declaration_without_having_sent_it_reads_none(row, clerk):
    site = make_organisation("logistics")
    row.parties = [*row.parties, site.pk]
    row.save()
    assert read_persons(make_user(Role.TRADER_CLERK, organisation=site), row.pk) == []
    assert len(read_persons(clerk, row.pk)) == 3
