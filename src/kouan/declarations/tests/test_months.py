"""Which lists of a month are summed up, and why the others are not: every pair of what decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kouan.declarations.months import ExportCase, Standing, groups_of, month_of, next_month, standing_of
from kouan.declarations.states import state_of_summary

READY = ExportCase(
    "1", "N1", "47002024E000000001", "M1", "演示甲", "4700", "B", "closed", "899", False, None, None, None
)


@pytest.mark.parametrize(
    ("change", "standing"),
    [
        ({}, Standing.READY),
        ({"official_status": "800"}, Standing.NOT_CLOSED),
        ({"official_status": "120"}, Standing.NOT_RELEASED),
        ({"official_status": ""}, Standing.NOT_RELEASED),
        ({"official_status": "501"}, Standing.NOT_RELEASED),
        ({"held_for": "D"}, Standing.HELD),
        ({"procedure": "A"}, Standing.SIMPLIFIED),
        ({"is_withdrawn": True, "procedure": "A"}, Standing.WITHDRAWN),
        ({"summary_id": "S"}, Standing.IN_SUMMARY),
        ({"list_no": ""}, Standing.WITHOUT_NUMBER),
    ],
)
def test_standing(change, standing):
    assert standing_of(replace(READY, **change)) is standing


def test_lists_are_grouped_by_consignor_and_customs_office():
    cases = [READY, replace(READY, id="2", customs_code="4722"), replace(READY, id="3", procedure="A")]
    groups = groups_of(cases)
    assert [(one.customs_code, len(one.lists), len(one.ready)) for one in groups] == [("4700", 2, 1), ("4722", 1, 1)]
    assert not groups[0].is_closed
    assert groups_of([replace(READY, summary_id="S"), replace(READY, procedure="A")])[0].is_closed


def test_months():
    assert month_of("2026-02", date(2026, 11, 23)) == date(2026, 2, 1)
    assert month_of("nonsense", date(2026, 11, 23)) == date(2026, 11, 1)
    assert [next_month(date(2026, 11, 1)), next_month(date(2026, 12, 1))] == [date(2026, 12, 1), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("status", "state"),
    [("", "sent"), ("3", "sent"), ("399", "examined"), ("100", "returned"), ("-912001", "returned"), ("4", "returned"),
     ("777", "unknown_official")],
)  # fmt: skip
def test_a_summary_stands_where_its_receipt_says(status, state):
    assert state_of_summary(status, has_entry=False, is_deleted=False) == state
    assert state_of_summary(status, has_entry=True, is_deleted=False) == "declared"
    assert state_of_summary(status, has_entry=True, is_deleted=True) == "withdrawn"
