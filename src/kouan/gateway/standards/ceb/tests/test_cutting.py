"""A receipt that is cut for several receivers: what is kept has every byte with which it came."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kouan.gateway.standards.ceb.codec import decode, encode
from kouan.gateway.standards.ceb.cutting import keep_nodes
from kouan.gateway.standards.ceb.tests.making import envelope_of, node_of
from kouan.gateway.standards.ceb.tests.samples import needs_shared, official_samples, sample_id
from kouan.gateway.standards.ceb.types import KINDS

NAMESPACE = "http://www.chinaport.gov.cn/ceb"


def node(number, prefix="", inside="", opening="", info="演示"):
    tag = f"{prefix}:" if prefix else ""
    return (
        f"<{tag}InventoryReturn{opening}>{inside}<{tag}guid>{'A' * 36}</{tag}guid><{tag}copNo>{number}</{tag}copNo>"
        f"<{tag}returnStatus>120</{tag}returnStatus><{tag}returnTime>20260101000000000</{tag}returnTime>"
        f"<{tag}returnInfo>{info}</{tag}returnInfo></{tag}InventoryReturn>"
    )


def message(*parts, prefix="", head='<?xml version="1.0" encoding="UTF-8"?>\n', attributes=""):
    tag = f"{prefix}:" if prefix else ""
    declared = f'xmlns:{prefix}="{NAMESPACE}"' if prefix else f'xmlns="{NAMESPACE}"'
    opening = f'<{tag}CEB622Message guid="{"B" * 36}" version="1.0" {declared}{attributes}>'
    return head + opening + "".join(parts) + f"</{tag}CEB622Message>"


def numbers(raw):
    return [one.head.internal_no for one in decode(raw).nodes]


SPACES = "\r\n\t "
OWN = f' xmlns:p="{NAMESPACE}"'
ODD = {
    "plain": [node("1"), node("2"), node("3")],
    "indented": [SPACES + node("1"), SPACES + node("2"), SPACES + node("3") + SPACES],
    "comments": [
        "<!-- <InventoryReturn> -->" + node("1"),
        node("2", inside="<!-- </InventoryReturn> > -->"),
        "<!---->" + node("3"),
    ],
    "instructions": ["<?go <InventoryReturn> ?>" + node("1"), node("2", inside="<?x ?>"), node("3") + "<?end?>"],
    "raw text": [
        node("1", info="<![CDATA[</InventoryReturn> ]] > ]]>"),
        node("2", info="<![CDATA[<x>]]>"),
        node("3"),
    ],
    "signs in attributes": [
        node("1", opening=' a=">" b=\'/>"\''),
        node("2", opening=" c='</InventoryReturn>'".replace("<", "&lt;")),
        node("3"),
    ],
    "entities": [node("1", info="&lt;InventoryReturn&gt;&amp;&#60;"), node("2"), node("3", info="&#x3E;")],
    "their own namespaces": [node("1", prefix="p", opening=OWN), node("2"), node("3", opening=' xmlns:z="urn:z"')],
    "strangers": [
        node("1"),
        '<InventoryReturn xmlns="urn:other"/><Other/>' + node("2"),
        "<BaseTransfer></BaseTransfer >" + node("3"),
    ],
    "nodes in nodes": [node("1", inside=f"<x>{node('9')}</x>"), node("2"), node("3")],
}


def element(raw, place):
    return etree.tostring(etree.fromstring(raw).findall(f"{{{NAMESPACE}}}InventoryReturn")[place], with_tail=False)


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("keep", [set(), {1}, {2}, {3}, {1, 3}, {2, 3}, {1, 2, 3}], ids=str)
def test_what_is_kept_has_every_byte(name, keep):
    parts = ODD[name]
    raw = message(*parts).encode()
    assert numbers(raw) == ["1", "2", "3"]
    cut = keep_nodes(raw, keep)
    assert numbers(cut) == [str(place) for place in sorted(keep)]
    for after, place in enumerate(sorted(keep)):
        assert element(cut, after) == element(raw, place - 1)
    head = raw[: raw.index(b">", raw.index(b"CEB622Message")) + 1]
    assert cut.startswith(head) and cut.endswith(b"</CEB622Message>")
    if len(keep) == 3:
        assert cut == raw


@pytest.mark.parametrize("prefix", ["", "ceb", "x-1.y"])
@pytest.mark.parametrize("head", ["", '<?xml version="1.0"?>', "<!-- <CEB622Message> --><?x?>\r\n", "\ufeff", "\n \t"])
def test_prefixes_and_what_stands_before_the_root(prefix, head):
    raw = message(node("1", prefix), "\n", node("2", prefix), prefix=prefix, head=head, attributes=" z='>'").encode()
    expected = message(node("2", prefix), prefix=prefix, head=head, attributes=" z='>'").encode()
    assert keep_nodes(raw, {2}) == expected


def test_bytes_of_long_characters_that_look_like_signs():
    # The second byte of the first is "]", of the second "|"; the third has four bytes with digits in it.
    text = b"\x81\x5d]>".decode("gb18030") + b"\x83\x7c".decode("gb18030") + b"\x81\x30\x81\x36".decode("gb18030")
    head = '<?xml version="1.0" encoding="GB18030"?>'
    one, two = node("1", info=f"<![CDATA[{text}]]>"), node("2", info=text.replace("]>", ""))
    raw = message(one, two, head=head).encode("gb18030")
    assert keep_nodes(raw, {2}) == message(two, head=head).encode("gb18030")
    assert keep_nodes(raw, {1}) == message(one, head=head).encode("gb18030")
    assert numbers(keep_nodes(raw, {2})) == ["2"]


def test_empty_nodes_count():
    raw = message("<InventoryReturn/>", node("2"), "<InventoryReturn />", node("4")).encode()
    assert keep_nodes(raw, {2, 4}) == message(node("2"), node("4")).encode()
    assert keep_nodes(raw, {1}) == message("<InventoryReturn/>").encode()


BETWEEN = st.sampled_from(
    ["", " ", "\n  ", "<!-- - <a> -->", "<?p <b>?>", "<Other a='>'><InventoryReturn/></Other>", "text"]
)
INSIDE = st.sampled_from(["", "<!--x-->", "<![CDATA[<InventoryReturn>]]>", "<y/>", '<y a="\'/>">z</y>', "<?q?>"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(BETWEEN, INSIDE), max_size=8), st.sets(st.integers(1, 8)), st.sampled_from(["", "ceb"]))
def test_any_message_is_the_sum_of_what_was_kept(pieces, keep, prefix):
    """Oracle: the message put together anew from the pieces that are kept."""
    nodes = [node(str(place), prefix, inside) for place, (_, inside) in enumerate(pieces, 1)]
    between = [text.replace("InventoryReturn/", "Inner/") for text, _ in pieces]
    raw, expected = [], []
    swallowed = False
    for place, (text, one) in enumerate(zip(between, nodes, strict=True), 1):
        raw += [text, one]
        expected.append(text.lstrip() if swallowed else text)
        swallowed = swallowed and not text.strip()
        if place in keep:
            expected.append(one)
            swallowed = False
        else:
            swallowed = True
    cut = keep_nodes(message(*raw, prefix=prefix).encode(), keep)
    assert cut == message(*expected, prefix=prefix).encode()


@needs_shared
@pytest.mark.parametrize(
    "path", [p for p in official_samples() if not KINDS[p.stem[3:6]].is_declaration], ids=sample_id
)
def test_official_receipts(path):
    raw = path.read_bytes()
    places = {one.index for one in decode(raw).nodes}
    assert keep_nodes(raw, places) == raw
    assert decode(keep_nodes(raw, {1})).nodes == decode(raw).nodes[:1]
    assert decode(keep_nodes(raw, set())).nodes == []


def test_a_large_message_is_cut_in_one_walk():
    raw = encode(envelope_of("312", *[node_of("312") for _ in range(100)]), strict=False)
    assert len(decode(keep_nodes(raw, set(range(2, 101, 2)))).nodes) == 50
