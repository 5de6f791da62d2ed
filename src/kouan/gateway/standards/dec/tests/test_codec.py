"""Reading and writing: there and back, by named edition, lenient in and strict out, never a crash."""

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kouan.gateway.standards.dec.codec import LARGEST, UnreadableMessage, UnwritableMessage, decode, encode, losses
from kouan.gateway.standards.dec.fields import Field, Nested, fields_of, parts_of
from kouan.gateway.standards.dec.generate import make_declaration
from kouan.gateway.standards.dec.plain import from_plain, to_plain
from kouan.gateway.standards.dec.types import BLOCKS, Declaration

DAY = date(2026, 11, 23)


@pytest.mark.parametrize("edition", ["3.1", "4.8"])
@pytest.mark.parametrize("export", [False, True])
def test_it_works(edition, export):
    made = make_declaration(7, day=DAY, lines=50, edition=edition, export=export)
    again = decode(encode(made))
    assert to_plain(again) == to_plain(made)
    assert (again.edition, again.problems, again.loss) == (edition, [], [])


def filled(block: type, words: st.SearchStrategy) -> st.SearchStrategy:
    values = {one.name: st.none() | words for one in fields_of(block) if one.form("4.8").kind != "none"}
    inner = {
        one.name: st.lists(filled(one.block, words), max_size=1) for one in parts_of(block) if isinstance(one, Nested)
    }
    return st.builds(block, **values, **inner)


WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=9
)
WORDS = WORDS.map(str.strip).filter(bool)
PARTS = {
    block.name: st.lists(filled(block.block, WORDS), max_size=1) if block.is_list else filled(block.block, WORDS)
    for block in BLOCKS
}


@settings(max_examples=12, deadline=None)
@given(parts=st.fixed_dictionaries({}, optional=PARTS))
def test_any_declaration_comes_back_as_it_went_out(parts):
    made = Declaration("4.8", **parts)
    again = decode(encode(made, strict=False))
    assert to_plain(again) == to_plain(made)
    assert again.loss == []


@settings(max_examples=12, deadline=None)
@given(parts=st.fixed_dictionaries({}, optional=PARTS))
def test_plain_objects_lose_nothing(parts):
    plain = to_plain(Declaration("4.8", **parts))
    made, problems = from_plain(plain)
    assert problems == []
    assert to_plain(made) == plain


@settings(max_examples=12, deadline=None)
@given(parts=st.fixed_dictionaries({}, optional=PARTS))
def test_what_3_1_cannot_carry_is_named(parts):
    made = Declaration("4.8", **parts)
    before, after = values_of(to_plain(made)), values_of(to_plain(decode(encode(made, "3.1", strict=False))))
    lost = {one.value for one in losses(made, "3.1") if one.value}
    gone = [value for value in before if value not in after]
    later = [one for one in losses(made, "3.1") if not one.value]
    assert all(value in lost or later for value in gone)


def values_of(plain) -> list[str]:
    if isinstance(plain, dict):
        return [one for key, value in plain.items() if key != "Version" for one in values_of(value)]
    if isinstance(plain, list):
        return [one for value in plain for one in values_of(value)]
    return [plain]


BASE = encode(make_declaration(3, day=DAY))


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, len(BASE) - 1), with_=st.binary(max_size=6), cut=st.integers(0, 40))
def test_a_damaged_message_is_read_or_refused_never_more(place, with_, cut):
    try:
        decode(BASE[:place] + with_ + BASE[place + cut :])
    except UnreadableMessage as refusal:
        assert refusal.problem.code.startswith("-96")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_noise_is_refused(raw):
    with pytest.raises(UnreadableMessage):
        decode(raw)


def test_elements_in_any_order_with_any_prefix():
    raw = (
        b'<x:DecMessage xmlns:x="http://www.chinaport.gov.cn/dec" Version="4.8">'
        b"<x:DecSign><x:ClientSeqNo>A</x:ClientSeqNo><x:OperType>G</x:OperType></x:DecSign><x:DecLists><x:DecList><x:GNo>1</x:GNo></x:DecList></x:DecLists>"
        b"<x:DecHead><x:TradeMode>0110</x:TradeMode><x:IEFlag>E</x:IEFlag></x:DecHead></x:DecMessage>"
    )
    made = decode(raw)
    assert (made.head.direction, made.head.trade_mode, made.signing.client_no) == ("E", "0110", "A")
    assert made.problems == []


@pytest.mark.parametrize(
    ("version", "edition", "codes"),
    [
        ("", "3.1", ["-960005"]),
        ("3.1", "3.1", []),
        ("4.8", "4.8", []),
        ("5.0", "4.8", ["-960006"]),
        ("x", "3.1", ["-960006"]),
    ],
)
def test_the_edition_is_the_one_that_is_named(version, edition, codes):
    raw = BASE.replace(b'Version="4.8"', f'Version="{version}"'.encode())
    made = decode(raw)
    assert (made.edition, [one.code for one in made.problems]) == (edition, codes)


def test_unknown_and_repeated_elements_are_kept_in_the_loss_report():
    raw = BASE.replace(b"<DecHead>", b"<DecHead><Novelty>7</Novelty><IEFlag>I</IEFlag><IEFlag>E</IEFlag>", 1)
    made = decode(raw)
    assert {(one.pointer, one.value) for one in made.loss} >= {("/DecMessage/DecHead/Novelty", "7")}
    assert [one.code for one in made.problems].count("-960009") >= 1


def test_an_entity_or_a_giant_is_refused():
    with pytest.raises(UnreadableMessage) as refusal:
        decode(b'<!DOCTYPE a [<!ENTITY b "c">]><DecMessage>&b;</DecMessage>')
    assert refusal.value.problem.code == "-960001"
    with pytest.raises(UnreadableMessage) as refusal:
        decode(b"<DecMessage>" + b" " * LARGEST + b"</DecMessage>")
    assert refusal.value.problem.code == "-960003"
    with pytest.raises(UnreadableMessage) as refusal:
        decode(b"<DecMessage>" + b"<a/>" * 130_000 + b"</DecMessage>")
    assert refusal.value.problem.code == "-960004"


def test_writing_is_strict_by_the_edition():
    made = make_declaration(1, day=DAY)
    made.head.trader_name = "很" * 80
    assert encode(made, "4.8")
    with pytest.raises(UnwritableMessage) as refusal:
        encode(made, "3.1")
    assert [one.pointer for one in refusal.value.problems] == ["/DecMessage/DecHead/TradeName"]


def test_a_control_character_cannot_be_written():
    made = make_declaration(1, day=DAY)
    made.head.note = "a\x01"
    with pytest.raises(UnwritableMessage) as refusal:
        encode(made, strict=False)
    assert refusal.value.problems[0].code == "-960029"


def test_every_element_has_one_word_of_ours():
    for block in BLOCKS:
        names = [one.name for one in fields(block.block)]
        assert len(names) == len(set(names))
        elements = [one.element for one in parts_of(block.block) if isinstance(one, Field)]
        assert len(elements) == len(set(elements))
