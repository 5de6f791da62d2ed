"""Writing: strict by schema and handbook, exact where asked, and nothing that XML cannot carry."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from kouan.gateway.standards.ceb.codec import UnwritableMessage, decode, encode
from kouan.gateway.standards.ceb.declarations import BaseSubscribe, ExtendMessage
from kouan.gateway.standards.ceb.types import KINDS
from kouan.gateway.standards.xmldsig.keys import demo_rsa_key
from kouan.gateway.standards.xmldsig.signing import sign

from .making import AT, EXPORTS, envelope_of, envelopes, node_of
from .samples import SHARED, needs_shared


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(envelopes())
def test_what_was_written_is_read_again(envelope):
    again = decode(encode(envelope, strict=False))
    assert [(node.head, node.lines) for node in again.nodes] == [(node.head, node.lines) for node in envelope.nodes]
    assert (again.guid, again.version, again.transfer) == (envelope.guid, envelope.version, envelope.transfer)
    assert again.loss == []


EXPORT_KINDS = {*EXPORTS, *(KINDS[kind].receipt for kind in EXPORTS), "792"}


@needs_shared
@pytest.mark.parametrize("kind", KINDS)
def test_strict_messages_satisfy_the_official_schema(kind):
    assert SHARED is not None
    way = "出口业务" if kind in EXPORT_KINDS else "进口业务"
    (schema,) = SHARED.glob(f"domain/schemas/ceb_202205/*{way}*.xsd")
    node = node_of(kind)
    if "return_status" in type(node.head).__slots__ and "pre_entry_no" in type(node.head).__slots__:
        node.head.pre_entry_no = "B" * 18  # mandatory in the schema only
    if kind == "604":
        node.head.list_no = "47002024E000000001"  # likewise
    raw = encode(envelope_of(kind, node))
    if KINDS[kind].signature == "required":
        raw = sign(raw, KEY)
    etree.XMLSchema(etree.parse(schema)).assertValid(etree.fromstring(raw))


KEY = demo_rsa_key("演示签名", since=AT, bits=1024)


def refused(kind, change):
    node = node_of(kind)
    change(node)
    with pytest.raises(UnwritableMessage) as refusal:
        encode(envelope_of(kind, node))
    return [(one.code, one.pointer.rpartition("/")[2]) for one in refusal.value.problems]


def test_strict_writing_refuses_what_schema_or_handbook_refuses():
    assert refused("621", lambda node: setattr(node.head, "order_no", None)) == [("-621001", "orderNo")]
    assert refused("621", lambda node: setattr(node.lines[0], "item_no", "x" * 21)) == [("-621001", "itemNo")]
    assert refused("621", lambda node: node.lines.clear()) == [("-621000", "InventoryList")]
    assert refused("625", lambda node: setattr(node.head, "internal_no", None)) == [("-625001", "copNo")]
    assert refused("625", lambda node: setattr(node.head, "buyer_id_number", "1" * 21)) == [
        ("-625001", "buyerIdNumber")
    ]


def test_by_the_schema_alone_less_is_refused():
    node = node_of("513")
    node.head.status = "R"
    envelope = envelope_of("513", node)
    with pytest.raises(UnwritableMessage):
        encode(envelope)
    assert b">R<" in encode(envelope, schema_only=True)
    node.head.status = "RR"
    with pytest.raises(UnwritableMessage):
        encode(envelope, schema_only=True)


def test_strict_writing_refuses_an_envelope_that_is_not_whole():
    envelope = envelope_of("311", node_of("311"))
    envelope.guid, envelope.transfer = None, None
    with pytest.raises(UnwritableMessage) as refusal:
        encode(envelope)
    assert [one.code for one in refusal.value.problems] == ["-910010", "-910015"]
    with pytest.raises(UnwritableMessage):
        encode(envelope_of("311"))


def test_a_waybill_without_fees_says_zero():
    node = node_of("511")
    node.head.freight, node.head.insured_fee = None, ""
    raw = encode(envelope_of("511", node))
    assert b"<ceb:freight>0</ceb:freight><ceb:insuredFee>0</ceb:insuredFee>" in raw
    assert node.head.freight is None  # the caller's document stays as it was


def test_empty_elements_that_the_schema_forbids_are_left_out():
    node = node_of("311")
    node.head.consignee_district, node.head.note = "", ""
    raw = encode(envelope_of("311", node))
    assert b"consigneeDistrict" not in raw  # the schema lets it be left out, but not be empty
    assert b"<ceb:note></ceb:note>" in raw


def test_what_is_beyond_the_schema_is_read_and_not_written():
    node = node_of("816")
    node.head.order_no = "D1"
    assert b"orderNo" not in encode(envelope_of("816", node))
    assert decode(encode(envelope_of("816", node), strict=False)).nodes[0].head.order_no == "D1"


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\ud800", "\ufffe"])
def test_characters_that_xml_cannot_carry_are_refused(character):
    node = node_of("311")
    node.head.note = f"a{character}b"
    with pytest.raises(UnwritableMessage) as refusal:
        encode(envelope_of("311", node), strict=False)
    assert [one.code for one in refusal.value.problems] == ["-910030"]


def test_the_parts_behind_the_nodes_come_back():
    envelope = envelope_of("311", node_of("311"))
    envelope.subscribes = [BaseSubscribe("2,120,399", "DXP", "DXPENTDEMO0002", None)]
    envelope.extend = ExtendMessage("演示", "1.0", '<x:a xmlns:x="urn:x" b="1">&lt;</x:a>')
    again = decode(encode(envelope))
    assert (again.subscribes, again.extend) == (envelope.subscribes, envelope.extend)
    envelope.extend.message = "<a>"
    with pytest.raises(UnwritableMessage):
        encode(envelope)


def test_a_line_end_and_quotes_survive():
    node = node_of("311")
    node.head.note = "a\rb\n\"'&<>]]>"
    assert decode(encode(envelope_of("311", node))).nodes[0].head.note == node.head.note
