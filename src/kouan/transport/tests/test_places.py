"""Supervision places: found by code and operator on a day, registered, changed and closed."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from kouan.audit.types import SystemActor
from kouan.transport import selectors, services
from kouan.transport.types import PlaceNotAcceptable, PlaceUnknown

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FIRST = date(2026, 1, 1)
OPERATOR = UUID("01900000-0000-7000-8000-000000000001")
ACTOR = SystemActor("测试")


def register(**changed):
    given = {
        "code": "T4722A",
        "name_zh": "测试场所",
        "kind": "road",
        "customs_code": "4722",
        "since": FIRST,
        "operator_id": OPERATOR,
        "goods_kinds": ["parcel_import"],
        "gates": ["一号卡口"],
    }
    return services.register_place(actor=ACTOR, at=AT, **(given | changed))


def test_it_works():
    register(port_code="donghu")
    place = selectors.get_place("T4722A", FIRST)
    assert place.port_name_zh == "武汉东湖综合保税区"
    assert place.may_receive("parcel_import") and not place.may_receive("meat")
    assert selectors.places_of(OPERATOR) == [place]
    assert selectors.load_places(FIRST)["T4722A"] == place


def test_a_place_of_another_day_is_unknown():
    register()
    with pytest.raises(PlaceUnknown):
        selectors.get_place("T4722A", date(2025, 12, 31))
    with pytest.raises(PlaceUnknown):
        selectors.get_place("T4700X")


def test_a_changed_place_keeps_its_earlier_shape():
    register()
    register(since=date(2026, 7, 1), goods_kinds=["parcel_import", "bonded"])
    assert not selectors.get_place("T4722A", date(2026, 6, 30)).may_receive("bonded")
    assert selectors.get_place("T4722A", date(2026, 7, 1)).may_receive("bonded")
    assert [place.until for place in selectors.places_of(OPERATOR)] == [date(2026, 7, 1), None]


def test_an_earlier_registration_is_refused():
    register()
    with pytest.raises(PlaceNotAcceptable) as refused:
        register(since=FIRST)
    assert refused.value.field == "since"


def test_a_closed_place_is_gone_on_its_day():
    register()
    services.close_place(actor=ACTOR, at=AT, code="T4722A", until=date(2026, 12, 1))
    assert selectors.get_place("T4722A", date(2026, 11, 30))
    with pytest.raises(PlaceUnknown):
        selectors.get_place("T4722A", date(2026, 12, 1))
    with pytest.raises(PlaceNotAcceptable):
        services.close_place(actor=ACTOR, at=AT, code="T4722A", until=date(2026, 12, 5))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "12345678901"),
        ("code", "T-1"),
        ("name_zh", " "),
        ("kind", "space"),
        ("customs_code", "47a2"),
        ("goods_kinds", ["gold"]),
        ("gates", [""]),
        ("port_code", "atlantis"),
    ],
)
def test_what_cannot_be_a_place_is_refused(field, value):
    with pytest.raises(PlaceNotAcceptable) as refused:
        register(**{field: value})
    assert refused.value.field == field


def test_demo_places_are_registered_once_and_marked():
    operators = {"zone_operator": (OPERATOR, "东湖运营（演示）")}
    first = services.install_demo_places(actor=ACTOR, at=AT, since=FIRST, operators=operators)
    again = services.install_demo_places(actor=ACTOR, at=AT, since=FIRST, operators=operators)
    assert first == again
    assert all(place.is_demo and "演示" in place.name_zh for place in first)
    assert [place.code for place in selectors.places_of(OPERATOR)] == ["DEMO4722A"]
