"""The pages of ports and supervision places: the lists, and what the port office registers, changes and closes."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from kouan.accounts.factories import make_organisation, make_user
from kouan.audit.types import SystemActor
from kouan.transport import selectors, services
from kouan.transport.tests.test_places import AT, FIRST, register

pytestmark = pytest.mark.django_db

ENTERED = {
    "code": "WH4722",
    "name_zh": "东湖跨境电商监管场所",
    "name_en": "",
    "kind": "road",
    "port_code": "donghu",
    "customs_code": "4722",
    "operator_id": "",
    "goods_kinds": ["parcel_import", "bonded"],
    "gates": "一号卡口\n\n 二号卡口 ",
    "since": "2026-12-01",
    "source": "",
}


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def test_it_works():
    operator = make_organisation("site_operator", name_zh="东湖运营公司")
    client = client_of("port_office_clerk")
    assert "东湖运营公司" in client.get(reverse("place-new")).content.decode()
    response = client.post(reverse("place-new"), ENTERED | {"operator_id": str(operator.pk)})
    assert response.status_code == 302
    place = selectors.get_place("WH4722")
    assert (place.gates, place.operator_id, place.operator_label) == (
        ("一号卡口", "二号卡口"),
        operator.pk,
        "东湖运营公司",
    )
    assert "WH4722" in client.get(reverse("place-list")).content.decode()


def test_a_change_keeps_the_earlier_shape():
    register()
    client = client_of("port_office_clerk")
    form = client.get(reverse("place-change", args=["T4722A"])).content.decode()
    assert "测试场所" in form and "disabled" in form
    response = client.post(reverse("place-change", args=["T4722A"]), ENTERED | {"name_zh": "新名场所"})
    assert response.status_code == 302
    assert selectors.get_place("T4722A", date(2026, 11, 30)).name_zh == "测试场所"
    assert selectors.get_place("T4722A", date(2026, 12, 1)).name_zh == "新名场所"
    page = client.get(reverse("place", args=["T4722A"])).content.decode()
    assert "测试场所" in page and "新名场所" in page


def test_what_cannot_be_kept_comes_back_at_its_field():
    client = client_of("port_office_clerk")
    response = client.post(reverse("place-new"), ENTERED | {"customs_code": "47"})
    assert response.status_code == 422
    assert "主管海关代码应为 4 位" in response.content.decode()
    assert client.post(reverse("place-new"), ENTERED | {"code": "场所"}).status_code == 422
    assert client.post(reverse("place-new"), ENTERED | {"since": ""}).status_code == 422
    assert not selectors.list_history("WH4722").exists()


def test_closing_asks_first_and_then_closes():
    register()
    client = client_of("port_office_clerk")
    assert "自停用之日起" in client.get(reverse("place-close", args=["T4722A"])).content.decode()
    refused = client.post(reverse("place-close", args=["T4722A"]), {"until": FIRST.isoformat()})
    assert refused.status_code == 422
    assert client.post(reverse("place-close", args=["T4722A"]), {"until": "2026-12-31"}).status_code == 302
    assert selectors.get_place("T4722A").until == date(2026, 12, 31)


def test_the_service_itself_asks_for_the_port_office():
    from kouan.accounts.access import NotAllowed

    with pytest.raises(NotAllowed):
        services.close_place(actor=make_user("officer"), at=AT, code="T4722A", until=date(2027, 1, 1))
    with pytest.raises(NotAllowed):
        services.register_place(
            actor=make_user("trader_clerk"), at=AT, code="X", name_zh="X", kind="road", customs_code="4722", since=FIRST
        )


def test_the_lists_are_read_in_few_queries(django_assert_max_num_queries):
    services.install_demo_places(actor=SystemActor("测试"), at=AT, since=FIRST, operators={})
    client = client_of("officer")
    for name in ("place-list", "port-list"):
        client.get(reverse(name))
        with django_assert_max_num_queries(16):
            client.get(reverse(name))


def test_places_are_found_by_the_goods_they_may_receive():
    services.install_demo_places(actor=SystemActor("测试"), at=AT, since=FIRST, operators={})
    page = client_of("officer").get(reverse("place-list"), {"goods": "vehicle"}).content.decode()
    assert "DEMO4700B" in page and "DEMO4722A" not in page


@pytest.mark.parametrize("role", ["trader_clerk", "site_clerk", "officer"])
def test_others_read_and_do_not_register(role):
    register()
    client = client_of(role)
    for name in ("place-list", "port-list"):
        assert client.get(reverse(name)).status_code == 200
    assert "变更登记" not in client.get(reverse("place", args=["T4722A"])).content.decode()
    for address in (
        reverse("place-new"),
        reverse("place-change", args=["T4722A"]),
        reverse("place-close", args=["T4722A"]),
    ):
        assert client.get(address).status_code == 403
        assert client.post(address, ENTERED).status_code == 403
    assert len(selectors.list_history("T4722A")) == 1


def test_nobody_passes_without_signing_in():
    for name in ("place-list", "port-list", "place-new"):
        assert Client().get(reverse(name)).status_code in (302, 401)


def test_a_place_that_is_not_there_is_not_found():
    client = client_of("port_office_clerk")
    for name in ("place", "place-change", "place-close"):
        assert client.get(reverse(name, args=["NOWHERE"])).status_code == 404
