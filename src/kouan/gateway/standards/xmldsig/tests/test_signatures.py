"""Signatures: made and verified with both families of keys, tolerant where senders are careless, strict in form."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import HealthCheck, given, settings
from lxml import etree

from kouan.gateway.standards.ceb.codec import encode, read
from kouan.gateway.standards.ceb.signatures import judge
from kouan.gateway.standards.ceb.tests.making import AT, envelope_of, envelopes, node_of
from kouan.gateway.standards.ceb.tests.samples import SHARED, needs_shared, official_samples, sample_id
from kouan.gateway.standards.ceb.types import KINDS
from kouan.gateway.standards.xmldsig import algorithms, documents
from kouan.gateway.standards.xmldsig.certificates import (
    UnreadableCertificate,
    is_issued_by,
    read_certificate,
)
from kouan.gateway.standards.xmldsig.keys import demo_rsa_key, demo_sm2_key, import_key
from kouan.gateway.standards.xmldsig.signing import AlreadySigned, sign
from kouan.gateway.standards.xmldsig.trust import ANYONE, Trust, TrustedCertificates
from kouan.gateway.standards.xmldsig.verifying import verify

RSA, SM2 = demo_rsa_key("演示 RSA", since=AT, bits=1024), demo_sm2_key("演示 SM2", since=AT)
KEYS = [RSA, SM2]
TRUST = TrustedCertificates([read_certificate(key.certificate) for key in KEYS])
PLAIN = encode(envelope_of("621", node_of("621")))
SIGNED = {key.key_name: sign(PLAIN, key) for key in KEYS}
both_keys = pytest.mark.parametrize("key", KEYS, ids=["rsa", "sm2"])


def state(raw, trusted: Trust = TRUST, **more):
    return verify(raw, trusted=trusted, **more).state


@both_keys
def test_a_signed_message_verifies(key):
    found = verify(SIGNED[key.key_name], trusted=TRUST, at=AT + timedelta(days=1))
    assert found.is_valid
    assert found.problems == ()
    assert found.key_name == found.certificate_serial == key.key_name
    assert found.algorithm == {"5eed0001": "rsa-sha1", "5eed0002": "sm2-sm3"}[key.key_name]
    assert "演示" in found.subject


@both_keys
def test_signing_leaves_the_bytes_as_they_are(key):
    signed = SIGNED[key.key_name]
    start, end = signed.index(b"<ds:Signature "), signed.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    assert signed[:start] + signed[end:] == PLAIN
    with pytest.raises(AlreadySigned):
        sign(signed, key)


@both_keys
def test_any_change_of_content_is_seen(key):
    signed = SIGNED[key.key_name]
    assert state(signed.replace("演示海淘".encode(), "真实海淘".encode())) == "digest_mismatch"
    assert state(signed.replace(b"<ceb:packNo>1<", b"<ceb:packNo> 1<")) == "digest_mismatch"
    assert state(signed.replace(b'version="1.0" xmlns', b'version="1.1" xmlns')) == "digest_mismatch"


@both_keys
def test_a_changed_signature_is_seen(key):
    signed = SIGNED[key.key_name].decode()
    value = re.search("<ds:SignatureValue>(.*?)<", signed)
    assert value is not None
    other = base64.b64encode(bytes(len(base64.b64decode(value[1])))).decode()
    assert state(signed.replace(value[1], other).encode()) == "signature_invalid"
    retyped = signed.replace('<ds:Reference URI="">', '<ds:Reference URI="" Type="x">')
    assert state(retyped.encode()) == "signature_invalid"
    assert state(signed.replace(value[1], "!").encode()) == "unsupported"


def test_the_key_of_another_does_not_do():
    stranger = demo_rsa_key("演示陌生人", since=AT, serial=77, bits=1024)
    signed = sign(PLAIN, stranger)
    assert state(signed) == "untrusted"
    assert state(signed, ANYONE) == "valid"
    claimed = signed.replace(base64.b64encode(stranger.certificate), base64.b64encode(RSA.certificate))
    assert state(claimed) == "signature_invalid"


def test_a_certificate_counts_only_in_its_time():
    assert state(SIGNED[RSA.key_name], at=AT - timedelta(seconds=1)) == "expired"
    assert state(SIGNED[RSA.key_name], at=AT + timedelta(days=4000)) == "expired"


def test_a_certificate_counts_if_an_authority_issued_it():
    authority = TrustedCertificates(authorities=[read_certificate(RSA.certificate)])  # self-signed, so its own issuer
    assert state(SIGNED[RSA.key_name], authority) == "valid"
    assert state(SIGNED[SM2.key_name], authority) == "untrusted"


@both_keys
def test_a_key_is_found_by_its_name(key):
    signed = re.sub(rb"<ds:X509Data>.*</ds:X509Data>", b"", SIGNED[key.key_name])
    assert state(signed) == "valid"
    assert state(signed.replace(b"<ds:KeyName>", b"<ds:KeyName>00")) == "valid"
    assert state(signed.replace(b"<ds:KeyName>", b"<ds:KeyName>9")) == "untrusted"


@pytest.mark.parametrize(
    ("before", "behind"), [(b"\n", b""), (b"\n\t", b"\n"), (b"", b"\r\n"), (b"   ", b"   "), (b" " * 12, b"")]
)
def test_white_space_around_the_signature_is_forgiven_and_told(before, behind):
    signed = SIGNED[RSA.key_name]
    spaced = signed.replace(b"<ds:Signature ", before + b"<ds:Signature ")
    spaced = spaced.replace(b"</ds:Signature>", b"</ds:Signature>" + behind)
    found = verify(spaced, trusted=TRUST)
    assert found.is_valid
    assert found.whitespace_tolerated
    assert [one.code for one in found.problems] == ["-913001"]


def test_other_text_around_the_signature_is_not_forgiven():
    assert state(SIGNED[RSA.key_name].replace(b"<ds:Signature ", b"x<ds:Signature ")) == "digest_mismatch"


def test_a_digest_over_comments_is_forgiven_and_told():
    commented = PLAIN.replace(b"<ceb:BaseTransfer>", b"<!-- x --><ceb:BaseTransfer>")
    canonical = etree.tostring(etree.fromstring(commented), method="c14n", with_comments=True)
    digest = base64.b64encode(hashlib.sha1(canonical).digest())
    signed = SIGNED[RSA.key_name].replace(b"<ceb:BaseTransfer>", b"<!-- x --><ceb:BaseTransfer>")
    assert state(signed) == "valid"  # comments are not signed by the stated method
    signed = re.sub(rb"<ds:DigestValue>.*?<", b"<ds:DigestValue>" + digest + b"<", signed)
    assert state(signed) == "signature_invalid"  # the digest was forgiven, but SignedInfo is another now


def test_namespaces_that_the_client_adds_are_forgiven_and_told():
    root = etree.fromstring(SIGNED[RSA.key_name])
    signed_info = root.find(f".//{{{algorithms.NAMESPACE}}}SignedInfo")
    names = (
        b' xmlns:ceb="http://www.chinaport.gov.cn/ceb" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
        b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    inner = etree.tostring(signed_info, method="c14n", with_tail=False)
    as_client = re.sub(rb"^<ds:SignedInfo[^>]*>", b"<ds:SignedInfo" + names + b">", inner)
    value = base64.b64encode(RSA.sign(as_client))
    signed = re.sub(rb"<ds:SignatureValue>.*?<", b"<ds:SignatureValue>" + value + b"<", SIGNED[RSA.key_name])
    found = verify(signed, trusted=TRUST)
    assert found.is_valid
    assert [one.code for one in found.problems] == ["-913003"]


@pytest.mark.parametrize(
    ("signature", "digest"),
    [(algorithms.SM2_SM3, algorithms.SM3), (algorithms.SM2_SM3_SEEN, algorithms.SM3),
     (algorithms.SM2_SM3_SEEN, algorithms.SHA1), (algorithms.SM2_SM3, algorithms.SM3_SEEN)],
)  # fmt: skip
def test_every_spelling_of_the_algorithms(signature, digest):
    key = type(SM2)(SM2.private, SM2.certificate, SM2.key_name, signature, digest)
    assert state(sign(PLAIN, key)) == "valid"


def test_sm2_signatures_in_der_count_too():
    signed = SIGNED[SM2.key_name].decode()
    value = re.search("<ds:SignatureValue>(.*?)<", signed)
    assert value is not None
    raw = base64.b64decode(value[1])
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    assert state(signed.replace(value[1], base64.b64encode(der).decode()).encode()) == "valid"


# --- attacks ------------------------------------------------------------------------------------------------------

SIGNATURE = re.search(rb"<ds:Signature .*</ds:Signature>", SIGNED[RSA.key_name], re.DOTALL)
assert SIGNATURE is not None
BLOCK = SIGNATURE[0]
WHOLE = SIGNED[RSA.key_name]
ATTACKS = {
    "a second signature": WHOLE.replace(BLOCK, BLOCK * 2),
    "a signature inside a node": WHOLE.replace(BLOCK, b"").replace(
        b"<ceb:InventoryList>", BLOCK + b"<ceb:InventoryList>"
    ),
    "the signed original wrapped away": b"<x>" + WHOLE.split(b"?>", 1)[1] + b"</x>",
    "a reference to a part": WHOLE.replace(b'URI=""', b'URI="#x"').replace(
        b"<ceb:Inventory>", b'<ceb:Inventory Id="x">'
    ),
    "no reference": re.sub(rb"<ds:Reference.*</ds:Reference>", b"", WHOLE),
    "a reference without URI": WHOLE.replace(b' URI=""', b""),
    "two references": re.sub(rb"(<ds:Reference.*</ds:Reference>)", rb"\1\1", WHOLE),
    "no transform": re.sub(rb"<ds:Transforms>.*</ds:Transforms>", b"", WHOLE),
    "a transform that selects": WHOLE.replace(
        b"</ds:Transforms>", b'<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/></ds:Transforms>'
    ),
    "another transform alone": WHOLE.replace(b"#enveloped-signature", b"#base64"),
    "an object": WHOLE.replace(b"</ds:Signature>", b"<ds:Object>x</ds:Object></ds:Signature>"),
    "a keyed hash": WHOLE.replace(b"#rsa-sha1", b"#hmac-sha1"),
    "a weak digest": WHOLE.replace(algorithms.SHA1.encode() + b'"', b'http://www.w3.org/2001/04/xmldsig-more#md5"'),
    "exclusive canonical form": WHOLE.replace(algorithms.C14N.encode(), b"http://www.w3.org/2001/10/xml-exc-c14n#"),
    "two values": WHOLE.replace(b"<ds:KeyInfo>", b"<ds:SignatureValue>AA==</ds:SignatureValue><ds:KeyInfo>"),
    "the algorithm of another family": WHOLE.replace(algorithms.RSA_SHA1.encode(), algorithms.SM2_SM3.encode()),
    "a broken certificate": re.sub(rb"<ds:X509Certificate>....", b"<ds:X509Certificate>", WHOLE),
    "a swarm of attributes": WHOLE.replace(
        b"<ceb:Inventory>", b"<ceb:Inventory " + b" ".join(b'a%d="x"' % one for one in range(50_000)) + b">"
    ),
    "a swarm of namespaces": WHOLE.replace(
        b"<ceb:Inventory>", b"<ceb:Inventory " + b" ".join(b'xmlns:a%d="x"' % one for one in range(5_000)) + b">"
    ),
    "a document type": b"<!DOCTYPE x>" + WHOLE.split(b"?>", 1)[1],
    "no XML": b"x",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_other_constructions_are_refused(name):
    found = verify(ATTACKS[name], trusted=TRUST)
    assert found.state == "unsupported"
    assert [one.severity for one in found.problems] == ["error"]


def test_a_node_moved_into_a_signed_message_is_seen():
    other = encode(envelope_of("621", node_of("621", seed=9)))
    node = re.search(rb"<ceb:Inventory>.*</ceb:Inventory>", other, re.DOTALL)
    assert node is not None
    assert state(WHOLE.replace(b"<ceb:BaseTransfer>", node[0] + b"<ceb:BaseTransfer>")) == "digest_mismatch"


def test_no_signature_is_missing():
    assert state(PLAIN) == "missing"


# --- the quick way and the slow one -------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(envelopes())
def test_what_the_scanner_took_gives_the_same_digest(envelope):
    signed = sign(encode(envelope, strict=False), RSA)
    for raw in (signed, signed.replace(b"\n", b"\r\n"), signed.replace(b"<ceb:note></ceb:note>", b"<ceb:note/>")):
        assert verify(read(raw).document, trusted=TRUST) == verify(raw, trusted=TRUST)


@both_keys
def test_a_reading_verifies_as_its_bytes_do(key):
    reading = read(SIGNED[key.key_name])
    assert len(reading.document.known) > len(reading.document.rest) / 2
    assert verify(reading.document, trusted=TRUST).is_valid
    broken = read(SIGNED[key.key_name].replace("演示海淘".encode(), "真实海淘".encode()))
    assert state(broken.document) == "digest_mismatch"


def test_a_message_in_gbk_verifies_too():
    plain = PLAIN.decode().replace("UTF-8", "GBK").encode("gbk")
    for raw in (sign(plain, RSA), sign(plain.replace(b"<ceb:Inventory>", b"<!-- x --><ceb:Inventory>"), RSA)):
        assert verify(read(raw).document, trusted=TRUST).is_valid
        assert verify(raw, trusted=TRUST).is_valid


def test_a_root_attribute_with_a_bracket_does_not_mislead():
    plain = PLAIN.replace(b' version="1.0" xmlns', b' version="1.0" x=">&lt;" xmlns')
    signed = sign(plain, RSA)
    assert verify(read(signed).document, trusted=TRUST).is_valid


# --- official material --------------------------------------------------------------------------------------------


SIGNED_SAMPLES = [one for one in official_samples() if b"SignedInfo" in one.read_bytes()]


@needs_shared
def test_the_digest_of_the_official_envelope_is_recomputed():
    """Vector of messages.md §1.6: the signed sample of the data exchange platform."""
    assert SHARED is not None
    raw = (SHARED / "samples/messages/dxp/DxpMsg_MaxNode-Sign.xml").read_bytes()
    document, _ = documents.canonical_without_signature(documents.parse(raw), b"", with_comments=False)
    assert base64.b64encode(algorithms.sha1(document)).decode() == "DuiPgN92lZplH1N6owqfOzIcfDs="


@needs_shared
@pytest.mark.parametrize(
    "path", [one for one in official_samples() if b"SignedInfo" in one.read_bytes()], ids=sample_id
)
def test_the_dummy_signatures_of_official_samples_do_not_verify(path):
    found = verify(path.read_bytes(), trusted=ANYONE)
    assert found.state == "digest_mismatch"
    assert found.key_name == "0001"
    assert found.certificate_serial == "9927"


def test_sm3_of_the_standard():
    """GB/T 32905, annex A.1."""
    assert algorithms.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


# --- keys and what a signature means ------------------------------------------------------------------------------


@both_keys
def test_a_key_survives_its_export(key):
    again = import_key(key.export())
    assert state(sign(PLAIN, again)) == "valid"
    assert "private" not in repr(key)


@both_keys
def test_certificates_are_read(key):
    certificate = read_certificate(key.certificate)
    assert certificate.serial == key.key_name
    assert certificate.since == AT
    assert is_issued_by(certificate, certificate)
    other = read_certificate((SM2 if key is RSA else RSA).certificate)
    assert not is_issued_by(certificate, other)


@pytest.mark.parametrize("cut", [0, 1, 10, 100, 200, -1])
def test_broken_certificates_are_refused(cut):
    for key in KEYS:
        with pytest.raises(UnreadableCertificate):
            read_certificate(key.certificate[:cut])


@pytest.mark.parametrize(
    ("change", "kind", "codes"),
    [
        (lambda raw: raw, "621", []),
        (lambda raw: raw.replace("演示海淘".encode(), b"x"), "621", ["-621028"]),
        (lambda raw: raw.replace(BLOCK, BLOCK * 2), "621", ["-621029"]),
        (lambda raw: raw.replace("演示海淘".encode(), b"x"), "311", ["1004"]),
        (lambda raw: raw.replace("演示海淘".encode(), b"x"), "625", ["-625005"]),
        (lambda raw: raw.replace(BLOCK, b""), "621", []),
        (lambda raw: raw.replace(BLOCK, b"\n " + BLOCK), "621", ["-913001"]),
    ],
)
def test_the_policy_decides_what_a_fault_does(change, kind, codes):
    found = verify(change(WHOLE), trusted=TRUST)
    judged = judge(KINDS[kind], found, "require")
    assert [one.code for one in judged] == codes
    assert [one.severity for one in judge(KINDS[kind], found, "warn")] == ["warning"] * len(codes)
    assert judge(KINDS[kind], found, "off") == []
    assert all(one.pointer == f"/CEB{kind}Message/Signature" for one in judged)
