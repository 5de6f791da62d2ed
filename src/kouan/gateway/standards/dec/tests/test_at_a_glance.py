"""What is passed at a glance is what a closer look passes, too: the quick ways against the plain ones."""

from __future__ import annotations

import sys
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from kouan.gateway.standards.dec import checks, rules
from kouan.gateway.standards.dec.checks import check_codes, check_form
from kouan.gateway.standards.dec.generate import make_declaration
from kouan.gateway.standards.dec.goods import GoodsLine, Licence
from kouan.gateway.standards.dec.rules import totals_are_price_times_quantity

RANDOM = settings(max_examples=200, deadline=None)
NAMES = st.sampled_from(sorted(set(GoodsLine.__slots__) - {"licences"}))
VALUES = st.none() | st.sampled_from(
    ["", "0", "1", "-1", "1.00", "12345678901234567890.12345", "0.00001", "1e3", "1_0", "２", "X", "USD", "CHN",
     "x" * 300, "20261123", "20261399", "nan", "inf", "1\n2", "12.3456789"]
)  # fmt: skip
CHANGES = st.lists(st.tuples(st.integers(0, 5), NAMES, VALUES), max_size=4)
NUMBERS = st.decimals(0, 10**9, allow_nan=False, places=4).map(str) | VALUES


def changed(changes):
    made = make_declaration(7, day=date(2026, 11, 23), lines=6)
    for place, name, value in changes:
        setattr(made.lines[place], name, value)
    return made


class Some:
    """A table that knows some codes and cannot say of others."""

    def has(self, table, code):
        return {"USD": True, "CHN": True, "X": False}.get(code)


@RANDOM
@given(CHANGES, st.sampled_from(["3.1", "4.8"]), st.booleans(), st.booleans())
def test_form(changes, edition, strict, has_licence):
    made = changed(changes)
    if has_licence:
        made.lines[2].licences = [Licence(line_no="x")]
    quick = check_form(made, edition, strict=strict)
    known, checks._MANY = checks._MANY, sys.maxsize
    try:
        assert quick == check_form(made, edition, strict=strict)
    finally:
        checks._MANY = known


@RANDOM
@given(CHANGES)
def test_codes(changes):
    made = changed(changes)
    slow = [
        (place, name)
        for place, line in enumerate(made.lines, 1)
        for name in checks.LINE_CODES
        if getattr(line, name) == "X"
    ]
    found = [one.pointer for one in check_codes(made, Some()) if "DecList[" in one.pointer]
    assert len(found) == len(slow)
    assert [int(pointer.partition("DecList[")[2].partition("]")[0]) for pointer in found] == [at for at, _ in slow]


@settings(max_examples=500, deadline=None)
@given(NUMBERS, NUMBERS, NUMBERS, st.sampled_from(["0", "0.008", "0.0099", "0.0100001", "0.02", "-0.0095"]))
def test_totals(price, quantity, total, off):
    made = make_declaration(7, day=date(2026, 11, 23), lines=2)
    made.lines[0].price, made.lines[0].quantity, made.lines[0].total_price = price, quantity, total
    p, q = rules.number_of(price), rules.number_of(quantity)
    if p is not None and q is not None:
        made.lines[1].price, made.lines[1].quantity = price, quantity
        made.lines[1].total_price = f"{p * q + rules.Decimal(off):f}"
    quick = list(totals_are_price_times_quantity(made))
    known, rules._surely_agree = rules._surely_agree, lambda *_texts: False
    try:
        assert quick == list(totals_are_price_times_quantity(made))
    finally:
        rules._surely_agree = known


def test_a_product_of_very_long_numbers_is_still_told():
    made = make_declaration(7, day=date(2026, 11, 23), lines=1)
    made.lines[0].price, made.lines[0].quantity, made.lines[0].total_price = "9" * 20, "9" * 20, "1"
    assert [one.code for one in totals_are_price_times_quantity(made)] == ["-960044"]
