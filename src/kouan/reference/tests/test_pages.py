"""The pages of the code tables and the pickers: who may see them, what they show."""

import pytest
from django.test import Client
from django.urls import reverse

from kouan.accounts.factories import make_user

pytestmark = pytest.mark.django_db


def client_of(role: str | None = "trader_clerk") -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def test_it_works():
    client = client_of()
    tables = client.get(reverse("code-table-list"))
    assert "币制" in tables.content.decode() and reverse("code-table", args=["currency"]) in tables.content.decode()
    page = client.get(reverse("code-table", args=["currency"]), {"q": "rmb"}).content.decode()
    assert "人民币" in page and "142" in page and "日本元" not in page


@pytest.mark.parametrize("role", ["trader_clerk", "officer", "site_clerk", "port_office_clerk"])
def test_whoever_is_signed_in_may_read(role):
    assert client_of(role).get(reverse("code-table-list")).status_code == 200


def test_a_list_is_read_in_few_queries(django_assert_max_num_queries):
    client = client_of()
    client.get(reverse("code-table", args=["country"]))
    with django_assert_max_num_queries(20):
        client.get(reverse("code-table", args=["country"]))


def test_the_page_speaks_english():
    client = client_of()
    client.cookies["django_language"] = "en"
    page = client.get(reverse("code-table", args=["currency"])).content.decode()
    assert "Currencies" in page and "Renminbi yuan" in page


def test_a_picker_answers_with_code_name_and_generation():
    client = client_of()
    address = reverse("pick-codes", args=["currency"])
    found = client.get(address, {"q": "rmb"}).json()["options"]
    assert found == [{"code": "CNY", "name": "人民币", "note": ""}]
    older = client.get(address, {"q": "rmb", "generation": "customs"}).json()["options"]
    assert [option["code"] for option in older] == ["142"]
    assert client.get(address, {"q": "rmb", "on": "2018-07-31"}).json()["options"] == []
    assert client.get(address, {"q": "rmb", "on": "soon"}).status_code == 400
    assert client.get(address, {"q": "rmb", "generation": "newest"}).status_code == 400
    assert client.get(address, {"q": "\x00' or 1=1 --"}).json()["options"] == []


@pytest.mark.parametrize("name", ["code-table-list", "code-table", "pick-codes"])
def test_nobody_passes_without_signing_in(name):
    address = reverse(name, args=[] if name == "code-table-list" else ["currency"])
    assert Client().get(address).status_code in (302, 401)


def test_a_table_that_is_not_there_is_not_found():
    client = client_of()
    for name in ("code-table", "pick-codes"):
        assert client.get(reverse(name, args=["nothing"])).status_code == 404
