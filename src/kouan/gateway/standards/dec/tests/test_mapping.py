"""Canonical records: what they carry comes back unchanged, what they do not is told value by value."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from kouan.gateway.standards.dec.generate import make_declaration
from kouan.gateway.standards.dec.mapping import from_record, to_record
from kouan.gateway.standards.dec.plain import to_plain
from kouan.records import goods as r

DAY = date(2026, 11, 23)


def values_of(plain):
    if isinstance(plain, dict):
        return [one for value in plain.values() for one in values_of(value)]
    return [one for value in plain for one in values_of(value)] if isinstance(plain, list) else [plain]


def test_typed_values():
    made = make_declaration(1, day=DAY)
    made.head.freight_mark, made.head.freight_rate, made.head.freight_currency = "3", "120.50", "USD"
    record, _loss = to_record(made)
    assert record.direction == "import"
    assert record.freight == r.Charge(mark="total", value=Decimal("120.50"), currency="USD")
    assert record.containers[0].line_nos == (1, 2, 3)
    assert record.lines[0].total_price == Decimal(made.lines[0].total_price)
    assert record.gross_weight_kg == Decimal(made.head.gross_weight_kg)


@settings(max_examples=25, deadline=None)
@given(number=st.integers(0, 10**6), lines=st.integers(1, 50), export=st.booleans())
def test_a_record_loses_nothing_on_its_way_through_a_message(number, lines, export):
    record, _loss = to_record(make_declaration(number, day=DAY, lines=lines, export=export))
    again, loss = from_record(record)
    assert loss == []
    assert to_record(again)[0] == record


@settings(max_examples=25, deadline=None)
@given(number=st.integers(0, 10**6))
def test_every_value_is_carried_or_told(number):
    made = make_declaration(number, day=DAY)
    record, loss = to_record(made)
    carried = values_of(to_plain(from_record(record)[0]))
    told = [one.value for one in loss]
    assert [value for value in values_of(to_plain(made)) if value not in carried and value not in told] == []


def test_a_value_without_meaning_is_told():
    made = make_declaration(1, day=DAY)
    made.head.entry_date, made.head.packages = "20260231", "one"
    record, loss = to_record(made)
    assert (record.entry_date, record.packages) == (None, None)
    assert {one.value for one in loss} >= {"20260231", "one"}
