"""Bytes that are no message, or want to do harm: each gets its code, quickly and within bounds."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kouan.gateway.standards.ceb.codec import Limits, UnreadableMessage, decode, encode

from .making import envelope_of, node_of

GOOD = encode(envelope_of("311", node_of("311", lines=1)))
BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><ceb:CEB311Message xmlns:ceb="http://www.chinaport.gov.cn/ceb">&c;
</ceb:CEB311Message>"""
EXTERNAL = b"""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>"""

UNREADABLE = {
    "nothing": (b"", "0001"),
    "white space": (b" \n\t", "0001"),
    "text": ("不是报文".encode(), "0001"),
    "cut off": (GOOD[: len(GOOD) // 2], "0001"),
    "cut in a character": (GOOD[: GOOD.index("演".encode()) + 1], "0001"),
    "a byte order mark alone": (b"\xef\xbb\xbf", "0001"),
    "GBK under the name of UTF-8": (GOOD.decode().encode("gbk"), "0001"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "0001"),
    "UTF-7 to hide a declaration": (GOOD.replace(b"UTF-8", b"UTF-7"), "0001"),
    "an unknown encoding": (GOOD.replace(b"UTF-8", b"EBCDIC-CN"), "0001"),
    "a control character": (GOOD.replace("演示".encode(), b"\x00", 1), "0001"),
    "an entity bomb": (BOMB, "-910004"),
    "an external entity": (EXTERNAL, "-910004"),
    "a document type behind a comment": (b"<!-- x --><?p x?>\n<!DOCTYPE x>" + GOOD.split(b"?>", 1)[1], "-910004"),
    "another namespace": (GOOD.replace(b"chinaport.gov.cn/ceb", b"example.com/ceb"), "0002"),
    "no namespace": (b"<CEB311Message/>", "0002"),
    "an unknown message": (GOOD.replace(b"CEB311Message", b"CEB999Message"), "0002"),
    "a message that the edition does not list": (GOOD.replace(b"CEB311Message", b"CEB999Message"), "0002"),
    "deep nesting": (b"<a>" * 5000 + b"</a>" * 5000, "0001"),
    "deep nesting inside": (GOOD.replace(b"<ceb:orderNo>", b"<ceb:orderNo>" + b"<x>" * 5000), "0001"),
    "two roots": (GOOD + GOOD.split(b"?>", 1)[1], "0001"),
    "gzip": (gzip.compress(GOOD), "0001"),
    "JSON": (b'{"a": 1}', "0001"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable(name):
    raw, code = UNREADABLE[name]
    with pytest.raises(UnreadableMessage) as refusal:
        decode(raw)
    assert refusal.value.code == code
    problem = refusal.value.problem
    assert problem.zh
    assert problem.en
    assert problem.fix_zh
    assert problem.fix_en


def test_too_large_is_refused_before_parsing():
    with pytest.raises(UnreadableMessage) as refusal:
        decode(GOOD, Limits(size=100))
    assert refusal.value.code == "-910001"


def test_too_many_elements_are_refused_before_memory_is_spent():
    raw = b'<ceb:CEB311Message xmlns:ceb="http://www.chinaport.gov.cn/ceb">' + b"<a/>" * 2_000_000
    tracemalloc.start()
    with pytest.raises(UnreadableMessage) as refusal:
        decode(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refusal.value.code == "-910002"
    assert peak < 1_000_000


def test_too_many_attributes_are_refused_before_memory_is_spent():
    swarm = b" ".join(b'a%d="x"' % one for one in range(110_000))
    with pytest.raises(UnreadableMessage) as refusal:
        decode(GOOD.replace(b"<ceb:Order>", b"<ceb:Order " + swarm + b">"))
    assert refusal.value.code == "-910005"


def problems_of(raw):
    envelope = decode(raw)
    return [(one.severity, one.code) for one in envelope.all_problems()]


ORDER = GOOD[GOOD.index(b"<ceb:Order>") : GOOD.index(b"</ceb:Order>") + len(b"</ceb:Order>")]
TRANSFER = GOOD[GOOD.index(b"<ceb:BaseTransfer>") : GOOD.index(b"</ceb:BaseTransfer>") + len(b"</ceb:BaseTransfer>")]
FORGIVEN = {
    "GBK, said so": (GOOD.decode().replace("UTF-8", "GBK").encode("gbk"), [("warning", "-910003")]),
    "no guid": (GOOD.replace(b' guid="4CDE1CFD-EDED-46B1-946C-B8022E42FC94"', b""), [("warning", "-910010")]),
    "a short guid": (GOOD.replace(b'guid="4CDE', b'guid="4CD'), [("warning", "-910011")]),
    "no version": (GOOD.replace(b' version="1.0" xmlns', b" xmlns"), [("warning", "-910012")]),
    "another version": (GOOD.replace(b' version="1.0" xmlns', b' version="2.0" xmlns'), [("warning", "-910012")]),
    "the transfer twice": (GOOD.replace(TRANSFER, TRANSFER * 2), [("warning", "-910013")]),
    "another transfer": (
        GOOD.replace(TRANSFER, TRANSFER + TRANSFER.replace(b"YS05", b"YS06")),
        [("warning", "-910014")],
    ),
    "an element twice": (GOOD.replace(b"<ceb:orderType>I", b"<ceb:orderType>I</ceb:orderType><ceb:orderType>I"),
                         [("warning", "-910020")]),
    "another order": (GOOD.replace(b"<ceb:appType>1</ceb:appType>", b"").replace(
        b"<ceb:orderType>", b"<ceb:appType>1</ceb:appType><ceb:orderType>"), [("warning", "-910021")]),
    "an unknown element": (GOOD.replace(b"<ceb:orderType>", b"<ceb:new>x</ceb:new><ceb:orderType>"),
                           [("warning", "-910022")]),
    "an element of another namespace": (GOOD.replace(b"<ceb:orderType>", b"<orderNo>x</orderNo><ceb:orderType>"),
                                        [("warning", "-910022")]),
    "a node of another kind": (GOOD.replace(ORDER, ORDER + b"<ceb:Payment/>"), [("warning", "-910022")]),
    "a node behind the transfer": (GOOD.replace(TRANSFER, TRANSFER + ORDER), [("warning", "-910021")]),
}  # fmt: skip
REFUSED = {
    "no transfer": (GOOD.replace(TRANSFER, b""), [("error", "-910015")]),
    "no node": (GOOD.replace(ORDER, b""), [("error", "-301007")]),
    "a contradiction": (
        GOOD.replace(b"<ceb:orderType>I", b"<ceb:orderType>I</ceb:orderType><ceb:orderType>E"),
        [("error", "-301008")],
    ),
    "elements in a text": (GOOD.replace(b"<ceb:orderType>I", b"<ceb:orderType>I<b>x</b>"), [("error", "-301008")]),
    "two heads": (
        GOOD.replace(b"<ceb:OrderList>", b"<ceb:OrderHead></ceb:OrderHead><ceb:OrderList>"),
        [("error", "-301008")],
    ),
    "a hundred and one": (GOOD.replace(ORDER, ORDER * 101), [("error", "-301015")]),
}


@pytest.mark.parametrize("name", FORGIVEN)
def test_forgiven_and_told(name):
    raw, expected = FORGIVEN[name]
    assert problems_of(raw) == expected
    assert not decode(raw).is_refused
    assert len(decode(raw).nodes) in (1, 2)


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_official_code(name):
    raw, expected = REFUSED[name]
    assert problems_of(raw) == expected


@pytest.mark.parametrize(
    ("kind", "code"),
    [("411", "-401013"), ("511", "-504013"), ("513", "-505013"), ("621", "-621030"), ("623", "-623008"),
     ("625", "-625001"), ("711", "-800006")],
)  # fmt: skip
def test_more_nodes_than_allowed(kind, code):
    count = 2 if kind == "711" else 101
    raw = encode(envelope_of(kind, *[node_of(kind) for _ in range(count)]), strict=False)
    assert [one.code for one in decode(raw).problems] == [code]


def test_a_hundred_lines_are_too_many():
    node = node_of("621")
    node.lines = [node.lines[0]] * 100
    assert [one.code for one in decode(encode(envelope_of("621", node), strict=False)).all_problems()] == ["-910023"]


ROOT = GOOD[: GOOD.index(b"<ceb:Order>")]


def test_any_number_of_nodes_costs_a_bounded_memory():
    envelope = decode(ROOT + b"<ceb:Order/>" * 250_000 + b"</ceb:CEB311Message>")
    assert "-301015" in {one.code for one in envelope.problems}
    assert len(envelope.nodes) == 1000
    assert all(len(node.problems) < 50 for node in envelope.nodes)


def test_any_number_of_findings_costs_a_bounded_memory():
    raw = GOOD.replace(b"<ceb:OrderList>", b"<ceb:x a='1'/>" * 90_000 + b"<ceb:OrderList>")
    (node,) = decode(raw).nodes
    assert len(node.problems) == 201
    assert node.problems[-1].code == "-910024"
    assert not node.is_refused
    assert len(decode(raw).loss) == 1001
    late = raw.replace(b"<ceb:gnum>1<", b"<ceb:gnum>x<")
    assert decode(late).nodes[0].is_refused


def test_a_swarm_of_attributes_is_counted_and_not_listed():
    swarm = b" ".join(b'a%d="x"' % one for one in range(20_000))
    found = decode(GOOD.replace(b"<ceb:Order>", b"<ceb:Order " + swarm + b">")).loss
    assert len(found) == 21
    assert found[-1].value == "20000"


def test_many_good_nodes_are_read_so_far_and_no_further():
    assert len(decode(GOOD.replace(ORDER, ORDER * 1200)).nodes) == 1000


@pytest.mark.parametrize(
    ("name", "loss"),
    [
        ("an unknown element", ("/CEB311Message/Order[1]/OrderHead/new", "x")),
        ("the transfer twice", ("/CEB311Message/BaseTransfer[2]", None)),
        ("a node of another kind", ("/CEB311Message/Payment[1]", "")),
    ],
)
def test_what_is_not_kept_is_named(name, loss):
    (found,) = decode(FORGIVEN[name][0]).loss
    assert found.pointer == loss[0]
    assert loss[1] is None or found.value == loss[1]


def test_attributes_and_stray_texts_are_named_as_lost():
    raw = GOOD.replace(b"<ceb:Order>", b'<ceb:Order a="1">stray').replace(b"<ceb:orderNo>", b'<ceb:orderNo b="2">')
    assert {(one.pointer.rpartition("/")[2], one.value) for one in decode(raw).loss} == {
        ("@a", "1"), ("text()", "stray"), ("@b", "2"),
    }  # fmt: skip


def test_unknown_content_counts_for_the_digest():
    one, two = FORGIVEN["an unknown element"][0], FORGIVEN["an unknown element"][0].replace(b">x<", b">y<")
    assert decode(one).nodes[0].digest != decode(two).nodes[0].digest != decode(GOOD).nodes[0].digest


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=300), st.binary(max_size=40).map(lambda junk: GOOD[:200] + junk + GOOD[200:])))
def test_any_bytes_give_an_envelope_or_a_refusal(raw):
    try:
        envelope = decode(raw)
    except UnreadableMessage as refusal:
        assert refusal.problem.is_error
    else:
        assert envelope.kind == "311"
