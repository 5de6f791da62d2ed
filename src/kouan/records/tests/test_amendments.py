"""Amendments: what leads from one statement to another, held to laws that know nothing of how it is found."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kouan.records.amendments import Statement, apply, compare, moved, reverse

IDENTITIES = {"line": [("item_no",), ("hs_code", "name"), ("name",)]}
VALUES = st.sampled_from(["", "1", "2", "甲", "乙"])


def _said(names: str) -> st.SearchStrategy[dict[str, str]]:
    fields = st.fixed_dictionaries(dict.fromkeys(names.split(), VALUES))
    return fields.map(lambda line: {name: value for name, value in line.items() if value})


LINES = st.lists(_said("item_no hs_code name quantity").filter(bool), max_size=7).map(tuple)
STATEMENTS = st.builds(
    lambda head, line, container: Statement(
        head, {name: lines for name, lines in (("line", line), ("container", container)) if lines}
    ),
    _said("trade_mode gross_weight_kg note"),
    LINES,
    st.lists(_said("container_no").filter(bool), max_size=4).map(tuple),
)


@given(STATEMENTS, STATEMENTS)
@settings(deadline=None)
def test_the_difference_applied_to_the_old_gives_the_new(old, new):
    assert apply(old, compare(old, new, IDENTITIES)) == new


@given(STATEMENTS, STATEMENTS)
@settings(deadline=None)
def test_it_is_empty_exactly_when_both_say_the_same(old, new):
    assert compare(old, new, IDENTITIES).is_empty == (old == new)


@given(STATEMENTS, STATEMENTS)
@settings(deadline=None)
def test_turned_round_it_leads_back(old, new):
    there, back = compare(old, new, IDENTITIES), compare(new, old, IDENTITIES)
    assert reverse(there) == back
    assert apply(new, reverse(there)) == old


@given(st.lists(st.text("abcdef", min_size=1, max_size=3), unique=True, max_size=8), st.randoms())
@settings(deadline=None)
def test_lines_in_another_order_are_moved_and_nothing_else(names, draw):
    old = Statement({}, {"line": tuple({"name": name} for name in names)})
    shuffled = draw.sample(names, len(names))
    new = Statement({}, {"line": tuple({"name": name} for name in shuffled)})
    found = compare(old, new, IDENTITIES)
    assert all(line.kind == "shifted" for section in found.sections.values() for line in section.lines)
    for section in found.sections.values():
        rest = [name for place, name in enumerate(names, 1) if place not in moved(section)]
        assert rest == [name for name in shuffled if name in rest]


def _lines(*lines: str) -> Statement:
    names = ("item_no", "hs_code", "name", "quantity")
    said = (dict(zip(names, line.split(), strict=True)) for line in lines)
    return Statement({}, {"line": tuple({n: v for n, v in one.items() if v != "-"} for one in said)})


def test_a_line_is_known_by_what_identifies_it_not_by_its_place():
    old = _lines("A1 2106 益生菌 2", "A2 3304 面膜 1")
    new = _lines("A2 3304 面膜 1", "A1 2106 益生菌 3")
    section = compare(old, new, IDENTITIES).sections["line"]
    [other] = [line for line in section.lines if line.fields]
    assert (other.old_place, other.new_place) == (1, 2)
    assert [(one.name, one.old, one.new) for one in other.fields] == [("quantity", "2", "3")]


def test_a_line_whose_code_was_corrected_is_still_that_line():
    section = compare(_lines("- 2106 益生菌 2"), _lines("- 2202 益生菌 2"), IDENTITIES).sections["line"]
    assert [line.kind for line in section.lines] == ["changed"]


def test_other_goods_are_a_line_that_went_and_one_that_came():
    section = compare(_lines("A1 2106 益生菌 2"), _lines("A9 8517 电话 1"), IDENTITIES).sections["line"]
    assert [line.kind for line in section.lines] == ["added", "removed"]


def test_an_added_line_moves_nobody():
    section = compare(_lines("A1 2106 益 2"), _lines("A0 1 新 1", "A1 2106 益 2"), IDENTITIES).sections["line"]
    assert [line.kind for line in section.lines] == ["added", "shifted"]
    assert not moved(section)
