"""Lines of COPY text for goods: column by column the same as line by line."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from kouan.gateway.standards.dec.generate import make_declaration
from kouan.gateway.standards.dec.rules import number_of
from kouan.goods.rows import ITEM_COLUMNS, item_lines
from kouan.kernel.copying import NULL, to_line

PK = UUID(int=7)
NAMES = ("hs_code", "goods_name", "specification", "quantity", "unit", "legal_quantity", "legal_unit", "price",
         "total_price", "currency", "origin_country", "destination_country", "duty_mode")  # fmt: skip
NUMBERS = {"quantity", "legal_quantity", "price", "total_price"}


def line_by_line(lines):
    return [
        to_line(
            [str(PK), "2", str(place)]
            + [
                NULL if name in NUMBERS and number_of(getattr(line, name)) is None else getattr(line, name) or ""
                for name in NAMES
            ]
        )
        for place, line in enumerate(lines, 1)
    ]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from(NAMES),
                       st.none() | st.sampled_from(["", "1", "-1.5", "1e3", "1_0", "a\nb", "back\\slash", "品\r名"])))
)  # fmt: skip
def test_it_works(changes):
    lines = make_declaration(7, day=date(2026, 11, 23), lines=3).lines
    for place, name, value in changes:
        setattr(lines[place], name, value)
    assert item_lines(PK, 2, lines) == line_by_line(lines)
    assert len(ITEM_COLUMNS) == len(NAMES) + 3


def test_no_lines():
    assert item_lines(PK, 1, []) == []
