"""Taking goods lines in one stroke and the XML parser say the same of every message, right, wrong or broken."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kouan.gateway.standards.dec import reader
from kouan.gateway.standards.dec.codec import UnreadableMessage, decode, encode
from kouan.gateway.standards.dec.generate import make_declaration
from kouan.gateway.standards.dec.goods import Licence
from kouan.gateway.standards.dec.scanner import cut_lines

MADE = make_declaration(7, day=date(2026, 11, 23), lines=3)
TEXT = encode(MADE).decode()
RANDOM = settings(max_examples=300, deadline=None)


def outcome(raw: bytes):
    """Give all that reading says."""
    try:
        return decode(raw)
    except UnreadableMessage as refusal:
        return refusal.problem


def outcome_of_parser(raw: bytes):
    """Read with the XML parser alone."""
    known, reader.cut_lines = reader.cut_lines, lambda raw: ([], raw)
    try:
        return outcome(raw)
    finally:
        reader.cut_lines = known


def test_it_works():
    lines, rest = cut_lines(TEXT.encode())
    assert len(lines) == 3 and b"<DecList>" not in rest
    assert outcome(TEXT.encode()) == outcome_of_parser(TEXT.encode())


def test_lines_with_licences_are_left_to_the_parser():
    made = make_declaration(7, day=date(2026, 11, 23), lines=3)
    made.lines[1].licences = [Licence(line_no="2", licence_type="1")]
    raw = encode(made, strict=False)
    assert len(cut_lines(raw)[0]) == 1
    assert outcome(raw) == outcome_of_parser(raw)


def test_more_lines_than_are_allowed():
    made = make_declaration(7, day=date(2026, 11, 23), lines=50)
    made.lines = made.lines * 2
    raw = encode(made, strict=False)
    assert len(cut_lines(raw)[0]) == 50
    assert outcome(raw) == outcome_of_parser(raw)


TAKEN = [
    lambda text: text.replace("><", ">\r\n\t<"),
    lambda text: text.replace("<DecList>", "<DecList><ClassMark/>"),
    lambda text: text.replace("<GNo>2</GNo>", "<GNo></GNo>"),
    lambda text: text.replace('encoding="UTF-8"', 'encoding="utf-8" '),
    lambda text: "\ufeff" + text,
    lambda text: text.replace("</DecLists>", "</DecLists><!-- 注 -->"),
]
LEFT = [
    lambda text: text.replace("<DecLists>", "<!-- <DecLists> --><DecLists>"),
    lambda text: text.replace("<DecLists>", "<Other><DecLists>").replace("</DecLists>", "</DecLists></Other>"),
    lambda text: text.replace("</DecLists>", "</DecLists><DecLists><DecList/></DecLists>"),
    lambda text: text.replace("<DecList>", "<DecList><GNo> 1 </GNo>"),
    lambda text: text.replace("<GNo>2</GNo>", "<GNo> 2</GNo>"),
    lambda text: text.replace("<GNo>2</GNo>", "<GNo>2\u3000</GNo>"),
    lambda text: text.replace("<GNo>2</GNo>", "<GNo>  </GNo>"),
    lambda text: text.replace("<GNo>2</GNo>", "<GNo>&#50;</GNo>"),
    lambda text: text.replace("<GNo>2</GNo>", "<GNo>2</GNo><GNo>3</GNo>"),
    lambda text: text.replace("<GNo>2</GNo>", "<GNo>2<![CDATA[]]></GNo>"),
    lambda text: text.replace("<GNo>2</GNo>", "<GNo>2]]></GNo>"),
    lambda text: text.replace("<GNo>2</GNo>", "<GNo>\x01</GNo>"),
    lambda text: text.replace("<GNo>2</GNo>", "<GNo>\ufffe</GNo>"),
    lambda text: text.replace("<GNo>2</GNo>", "<GNo>2\r3</GNo>"),
    lambda text: text.replace("<GNo>2</GNo>", "<GNo>2</GName>"),
    lambda text: text.replace("<GNo>2</GNo>", "<New>2</New><GNo>2</GNo>"),
    lambda text: text.replace("</DecMessage>", ""),
    lambda text: text.replace("<GNo>2</GNo>", "<GNo x='1'>2</GNo>"),
    lambda text: re.sub("<(/?)", r"<\1d:", text).replace("<d:?xml", "<?xml").replace("xmlns=", "xmlns:d="),
]


@pytest.mark.parametrize("rewrite", TAKEN, ids=range(len(TAKEN)))
def test_what_programs_write_is_taken(rewrite):
    raw = rewrite(TEXT).encode()
    assert len(cut_lines(raw)[0]) == 3
    assert outcome(raw) == outcome_of_parser(raw)


@pytest.mark.parametrize("rewrite", LEFT, ids=range(len(LEFT)))
def test_what_is_unusual_is_read_exactly(rewrite):
    raw = rewrite(TEXT).encode()
    assert raw != TEXT.encode()
    assert outcome(raw) == outcome_of_parser(raw)


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_other_encodings_are_read_exactly(encoding):
    raw = TEXT.replace("UTF-8", encoding).encode(encoding)
    assert outcome(raw) == outcome_of_parser(raw)


PIECES = st.sampled_from(
    ["<", ">", "/", "&", "&amp;", "]]>", "<!--", "-->", "<![CDATA[", "<?x?>", "<GNo>", "</GNo>", "<GNo/>", "<DecList>",
     "</DecList>", "<DecLists>", "</DecLists>", " ", "\r\n", "\u00a0", "\x00", "\x1f", "\ufffe", "甲", "<!DOCTYPE x>"]
)  # fmt: skip


@RANDOM
@given(st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, 12), PIECES), min_size=1, max_size=3))
@example([(0, 0, "<!DOCTYPE x>")])
def test_anything_written_into_a_message(cuts):
    text = TEXT
    for place, gone, piece in cuts:
        text = text[:place] + piece + text[place + gone :]
    raw = text.encode("utf-8")
    assert outcome(raw) == outcome_of_parser(raw)
