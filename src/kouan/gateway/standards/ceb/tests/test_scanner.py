"""The reader in one stroke and the XML parser say the same of every message, right, wrong or broken."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kouan.gateway.standards.ceb import reader
from kouan.gateway.standards.ceb.codec import UnreadableMessage, decode, encode, read
from kouan.gateway.standards.ceb.scanner import scan

from .making import envelope_of, envelopes, node_of
from .samples import needs_shared, official_samples, sample_id

RANDOM = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(raw):
    """Give all that decoding says, without the parser's own words, which tell of lines."""
    try:
        envelope = decode(raw)
    except UnreadableMessage as refusal:
        return refusal.code
    return envelope


def outcome_of_parser(raw):
    """Decode with the XML parser alone."""
    known, reader.scan = reader.scan, lambda text: None
    try:
        return outcome(raw)
    finally:
        reader.scan = known


def taken(raw):
    found = scan(raw.decode())
    return 0 if found is None else len(found.nodes)


@pytest.mark.parametrize("kind", ["311", "411", "511", "513", "621", "623", "625", "711"])
def test_it_takes_what_programs_write(kind):
    raw = encode(envelope_of(kind, node_of(kind), *([node_of(kind)] if kind != "711" else [])))
    assert taken(raw) == (1 if kind == "711" else 2)
    assert outcome(raw) == outcome_of_parser(raw)


@RANDOM
@given(envelopes())
def test_random_messages(envelope):
    raw = encode(envelope, strict=False)
    assert outcome(raw) == outcome_of_parser(raw)


# Every way in which a message can be written differently and mean the same.
SAME = [
    lambda text: text.replace("ceb:", "x:").replace("xmlns:ceb", "xmlns:x"),
    lambda text: text.replace("ceb:", "").replace("xmlns:ceb", "xmlns"),
    lambda text: text.replace("><ceb:", ">\r\n\t<ceb:"),
    lambda text: text.replace("></ceb:note>", "/>").replace("<ceb:note>", "<ceb:note"),
    lambda text: re.sub(r"<(ceb:\w+)></\1>", r"<\1 />", text),
    lambda text: text.replace("演示", "<![CDATA[演示]]>"),
    lambda text: text.replace("演示", "演<!-- 注 -->示"),
    lambda text: text.replace("演示", "&#x6F14;示"),
    lambda text: text.replace('"1.0"?>', "'1.0' standalone='yes'?>").replace('version="1.0"', "version='1.0'"),
    lambda text: "\ufeff" + text,
    lambda text: text.replace("</ceb:OrderHead>", "<?pi x?></ceb:OrderHead>"),
]


@pytest.mark.parametrize("rewrite", SAME, ids=range(len(SAME)))
def test_other_ways_of_writing_mean_the_same(rewrite):
    node = node_of("311")
    node.head.note = ""
    node.head.platform_name = "A&B <演示> \"'"
    text = encode(envelope_of("311", node)).decode()
    rewritten = rewrite(text).encode()
    found = decode(rewritten)
    assert [(one.head, one.lines, one.digest) for one in found.nodes] == [
        (one.head, one.lines, one.digest) for one in decode(text.encode()).nodes
    ]
    assert outcome(rewritten) == outcome_of_parser(rewritten)


# Ways in which two parsers could be made to see different messages.
DIFFERENT = [
    ('version="1.0"', 'version="1.0" x="><ceb:Order>"'),
    ('version="1.0"', "version='1.0' x='>'"),
    ("<ceb:orderNo>", '<ceb:orderNo xmlns:ceb="urn:other">'),
    ("<ceb:OrderHead>", "<ceb:OrderHead><!--</ceb:OrderHead>-->"),
    ("<ceb:orderNo>", "<ceb:orderNo>]]>"),
    ("<ceb:orderNo>", "<ceb:orderNo>a>b"),
    ("<ceb:orderNo>", "<ceb:orderNo>&amp;amp;"),
    ("<ceb:orderNo>", "<ceb:orderNo>&unknown;"),
    ("<ceb:orderNo>", "<ceb:orderNo>\x01"),
    ("<ceb:orderNo>", "<ceb:orderNo>\ufdd0"),
    ("<ceb:orderNo>", "<ceb:orderNo>&amp;\ufdd1"),
    ("</ceb:BaseTransfer>", "<![CDATA[<x/>&amp;]]></ceb:BaseTransfer>"),
    ("</ceb:BaseTransfer>", "<?pi <x/>&amp;?></ceb:BaseTransfer>"),
    ("<ceb:orderNo>", "<ceb:orderNo>\ufffe"),
    ("<ceb:orderNo>", "<ceb:orderNo>\u00a0\u2028\u3000"),
    ("<ceb:orderNo>", "<ceb:orderNo>\x85"),
    ("</ceb:OrderHead>", "\u00a0</ceb:OrderHead>"),
    ("</ceb:OrderHead>", "</ceb:OrderHead>text"),
    ("</ceb:Order>", "</ceb:Order>]]>"),
    ("<ceb:gnum>1<", "<ceb:gnum>１<"),
    ("</ceb:BaseTransfer>", "</ceb:BaseTransfer><ceb:Order></ceb:Order>"),
    ("</ceb:CEB311Message>", "</ceb:CEB311Message><!-- behind -->"),
    ("</ceb:CEB311Message>", "</ceb:CEB311Message>behind"),
    ('xmlns:ceb="http://www.chinaport.gov.cn/ceb"', 'xmlns:ceb="urn:other"'),
    ("<?xml", "<!-- before --><?xml"),
    ("<?xml", "\n<?xml"),
]


@pytest.mark.parametrize(("old", "new"), DIFFERENT)
def test_nothing_is_taken_that_the_parser_would_read_differently(old, new):
    text = encode(envelope_of("311", node_of("311"), node_of("311", seed=2))).decode()
    assert old in text
    raw = text.replace(old, new, 1).encode()
    assert outcome(raw) == outcome_of_parser(raw)


@RANDOM
@given(st.data())
def test_mutated_messages_never_divide_the_readers(data):
    raw = bytearray(MUTANT)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        piece = data.draw(st.one_of(st.binary(max_size=3), st.sampled_from(PIECES)))
        cut = data.draw(st.integers(0, 6))
        raw[place : place + cut] = piece
    assert outcome(bytes(raw)) == outcome_of_parser(bytes(raw))


PIECES = [b"<", b">", b"/", b"&", b"</ceb:Order>", b"<ceb:Order>", b"<!--", b"-->", b"]]>", b"<![CDATA[", b"<?x?>",
          b"&lt;", b"&#60;", b"\r", b"\x00", b"\xff", b' xmlns="u"', b"/>", b"\xef\xbb\xbf"]  # fmt: skip
MUTANT = encode(envelope_of("311", node_of("311", lines=1), node_of("311", lines=1, seed=2)))


@needs_shared
@pytest.mark.parametrize("path", official_samples(), ids=sample_id)
def test_official_samples(path):
    raw = path.read_bytes()
    assert outcome(raw) == outcome_of_parser(raw)


def test_a_node_with_a_fault_leaves_its_neighbours_alone():
    nodes = [node_of("621", seed=seed) for seed in range(1, 6)]
    nodes[2].head.app_time = "20231301000000"
    reading = read(encode(envelope_of("621", *nodes), strict=False))
    assert reading.taken is not None
    assert len(reading.taken.nodes) == 2
    refused = [node.index for node in reading.envelope.nodes if node.is_refused]
    assert refused == [3]
    assert [node.index for node in reading.envelope.nodes] == [1, 2, 3, 4, 5]


def test_digest_tells_content_from_serial_number():
    node, again, other = node_of("621"), node_of("621"), node_of("621")
    again.head.guid = "0" * 36
    again.head.note = ""
    other.head.buyer_phone = "1"
    digests = [decode(encode(envelope_of("621", one), strict=False)).nodes[0].digest for one in (node, again, other)]
    assert digests[0] == digests[1] != digests[2]


@example("<ceb:a/>")
@example("<b><a/>a/></b>")
@given(st.text("<>/ab: \"='", max_size=20))
def test_empty_tags_are_written_out_without_harm(text):
    from kouan.gateway.standards.ceb.scanner import _with_closing_tags

    expanded = _with_closing_tags(text)
    assert expanded == re.sub(r"<((?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*)/>", r"<\1></\1>", text, flags=re.ASCII)
