"""The table that comes with Kouan: authorities and place of a parcel declaration."""

from datetime import date
from decimal import Decimal

import pytest

from kouan.decisions import selectors
from kouan.decisions.types import NoVersionInForce

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)
PARCEL = {
    "trade_mode": "9610",
    "ie_flag": "I",
    "customs_code": "4722",
    "place_code": "",
    "hs_chapters": ["33", "61"],
    "country": "116",
    "gross_weight_kg": Decimal("1.2500"),
    "total_value_cny": Decimal("486.00"),
}


def test_it_works():
    decision = selectors.evaluate("parcel_routing", PARCEL, DAY)
    assert decision.version == 1
    assert decision.rows == ("cosmetics", "every_case")
    assert decision.row == "cosmetics"
    assert decision.outputs["agencies"] == ("market_supervision", "customs")
    assert decision.outputs["needs_appointment"] is False
    assert decision.said_by["needs_appointment"] == ("every_case",)


def test_customs_always_takes_part():
    contexts = [PARCEL | {"hs_chapters": [f"{chapter:02}"]} for chapter in range(1, 98)]
    for decision in selectors.evaluate_many("parcel_routing", contexts, DAY):
        assert "customs" in decision.outputs["agencies"]


def test_the_upper_row_overrules_the_lower():
    decision = selectors.evaluate("parcel_routing", PARCEL | {"gross_weight_kg": Decimal("30.01")}, DAY)
    assert decision.outputs["needs_appointment"] is True
    assert decision.said_by["needs_appointment"] == ("heavy",)


def test_a_context_that_cannot_be_read_stops_no_other(django_assert_num_queries):
    contexts = [PARCEL, PARCEL | {"gross_weight_kg": "1.2"}, PARCEL | {"hs_chapters": "33"}, PARCEL]
    selectors.evaluate_many("parcel_routing", contexts, DAY)
    with django_assert_num_queries(1):
        first, second, third, fourth = selectors.evaluate_many("parcel_routing", contexts, DAY)
    assert first == fourth
    assert second.problem is not None and second.problem.pointer == "/gross_weight_kg"
    assert third.problem is not None and third.problem.pointer == "/hs_chapters"
    assert second.row is None and not second.outputs


def test_no_version_stands_before_the_first():
    with pytest.raises(NoVersionInForce):
        selectors.evaluate("parcel_routing", PARCEL, date(2018, 7, 19))
