"""A message that comes back signed is the same message, whatever the client did to its spelling."""

from __future__ import annotations

import pytest

from kouan.gateway.standards.ceb.codec import encode
from kouan.gateway.standards.ceb.tests.making import AT, envelope_of, node_of
from kouan.gateway.standards.xmldsig.comparing import is_same_but_for_signature
from kouan.gateway.standards.xmldsig.documents import UnparsableDocument
from kouan.gateway.standards.xmldsig.keys import demo_rsa_key, demo_sm2_key
from kouan.gateway.standards.xmldsig.signing import sign

PLAIN = encode(envelope_of("621", node_of("621")))
SIGNED = sign(PLAIN, demo_rsa_key("演示 RSA", since=AT, bits=1024))
END = b"</ds:Signature>"


@pytest.mark.parametrize("key", [demo_rsa_key("演示", since=AT, bits=1024), demo_sm2_key("演示", since=AT)])
def test_it_works_with_both_kinds_of_key(key):
    assert is_same_but_for_signature(sign(PLAIN, key), PLAIN)


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b"<ds:Signature ", b"\r\n\t<ds:Signature ", 1),
        lambda raw: raw.replace(END, END + b"\n  ", 1),
        lambda raw: raw.replace(b"?>", b"?>\n", 1),
        lambda raw: raw.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        lambda raw: raw.replace(b' guid="', b' xmlns:extra="urn:nothing" guid="', 1),
    ],
    ids=["white before", "white behind", "line after the declaration", "encoding", "unused namespace"],
)
def test_spelling_does_not_matter(change):
    changed = change(SIGNED)
    assert changed != SIGNED
    assert is_same_but_for_signature(changed, PLAIN)


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace("演示".encode(), "演式".encode(), 1),
        lambda raw: raw.replace(b' guid="', b' added="1" guid="', 1),
        lambda raw: raw.replace(b"<ds:Signature ", b"<!-- a word --><ds:Signature ", 1),
        lambda raw: raw.replace(END, END + b"more", 1),
        lambda raw: raw.replace(END, END + b"<extra/>", 1),
        lambda raw: raw.replace(b"<ceb:InventoryHead>", b"<ceb:InventoryHead> ", 1),
    ],
    ids=["text", "attribute", "comment", "text behind", "element", "white space inside"],
)
def test_content_does(change):
    changed = change(SIGNED)
    assert changed != SIGNED
    assert not is_same_but_for_signature(changed, PLAIN)


@pytest.mark.parametrize("raw", [b"", b"<a>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_what_is_no_document_is_told(raw):
    with pytest.raises(UnparsableDocument):
        is_same_but_for_signature(raw, PLAIN)
