"""Files of certificates and keys: every form that people have, and everything else refused with its reason."""

from __future__ import annotations

import random

import pytest

from kouan.gateway.key_files import (
    LARGEST_FILE,
    TheFileIsWrong,
    read_authorities,
    read_certificate_file,
    read_client_certificate,
    read_signing_key,
)
from kouan.gateway.standards.xmldsig.keys import RsaKey, Sm2Key
from kouan.gateway.tests import making_keys as keys


def test_every_form_of_a_certificate_is_read():
    key = keys.rsa_key()
    forms = [
        key.certificate, keys.pem(key.certificate), b"Bag Attributes\r\n" + keys.pem(key.certificate), keys.p7b(key),
        keys.p7b(key, encoding=keys.PEM),
    ]  # fmt: skip
    found = {read_certificate_file(one, at=keys.NOW).fingerprint for one in forms}
    assert len(found) == 1
    assert read_certificate_file(keys.sm2_key().certificate, at=keys.NOW).serial == "5eed7703"


def test_of_a_chain_the_certificate_at_its_end_is_taken():
    leaf, issuer = keys.issued("client", 3), keys.authority()
    found = read_certificate_file(keys.p7b(issuer, leaf), at=keys.NOW)
    assert found.der == leaf.certificate


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: b"", "001"),
        (lambda: b"x" * (LARGEST_FILE + 1), "001"),
        (lambda: keys.private_pem(keys.rsa_key()), "002"),
        (lambda: keys.pem(keys.rsa_key().certificate) + keys.private_pem(keys.rsa_key()), "002"),
        (lambda: keys.private_der(keys.rsa_key()), "002"),
        (lambda: keys.p12(keys.rsa_key()), "002"),
        (lambda: keys.sm2_pem(keys.sm2_key()), "002"),
        (lambda: b"%PDF-1.4 not a certificate", "003"),
        (lambda: keys.rsa_key().certificate[:-20], "003"),
        (lambda: keys.p7b(keys.rsa_key(), keys.expired_key()), "004"),
        (lambda: keys.expired_key().certificate, "005"),
    ],
)
def test_what_is_no_certificate_is_refused_with_its_reason(content, code):
    with pytest.raises(TheFileIsWrong) as refused:
        read_certificate_file(content(), at=keys.NOW)
    problem = refused.value.problem
    assert problem.code == f"-981{code}" and problem.zh and problem.en and problem.pointer == "file"


def test_signing_keys_are_read_with_their_certificates():
    key = keys.rsa_key()
    for content, password in [
        (keys.p12(key), keys.PASSWORD),
        (keys.pem(key.certificate) + keys.private_pem(key), ""),
    ]:
        found = read_signing_key(content, password, at=keys.NOW)
        assert isinstance(found, RsaKey) and found.certificate == key.certificate
    found = read_signing_key(keys.sm2_pem(keys.sm2_key()), "", at=keys.NOW)
    assert isinstance(found, Sm2Key) and found.certificate == keys.sm2_key().certificate


@pytest.mark.parametrize(
    ("content", "password", "code"),
    [
        (lambda: keys.p12(keys.rsa_key()), "wrong", "008"),
        (lambda: b"nothing of the kind", "", "008"),
        (lambda: keys.pem(keys.rsa_key().certificate), "", "010"),
        (lambda: keys.pem(keys.rsa_key().certificate) + keys.private_pem(keys.expired_key()), "", "011"),
        (lambda: keys.p12(keys.expired_key()), keys.PASSWORD, "005"),
    ],
)
def test_a_key_that_cannot_sign_is_refused_with_its_reason(content, password, code):
    with pytest.raises(TheFileIsWrong) as refused:
        read_signing_key(content(), password, at=keys.NOW)
    assert refused.value.problem.code == f"-981{code}"


def test_a_client_certificate_names_whom_and_until_when():
    key = keys.issued("client", 3)
    found = read_client_certificate(keys.p12(key), keys.PASSWORD, at=keys.NOW)
    assert found.subject == "CN=client" and "PRIVATE KEY" in found.private and "PRIVATE" not in repr(found)


def test_authorities_are_certificates_and_nothing_else():
    text = read_authorities(keys.pem(keys.authority().certificate))
    assert text.count("BEGIN CERTIFICATE") == 1
    for wrong in (b"x", keys.authority().certificate, keys.private_pem(keys.authority())):
        with pytest.raises(TheFileIsWrong):
            read_authorities(wrong)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_files_are_refused_and_never_break(seed):
    draw = random.Random(seed)
    whole = [keys.rsa_key().certificate, keys.pem(keys.rsa_key().certificate), keys.p7b(keys.rsa_key()),
             keys.p12(keys.rsa_key()), keys.sm2_key().certificate, keys.sm2_pem(keys.sm2_key())]  # fmt: skip
    for _ in range(60):
        content = bytearray(draw.choice(whole))
        for _ in range(draw.randint(1, 6)):
            place = draw.randrange(len(content))
            content[place : place + draw.randint(0, 4)] = draw.randbytes(draw.randint(0, 4))
        for read in (
            lambda data: read_certificate_file(data, at=keys.NOW),
            lambda data: read_signing_key(data, keys.PASSWORD, at=keys.NOW),
            lambda data: read_client_certificate(data, keys.PASSWORD, at=keys.NOW),
        ):
            try:
                read(bytes(content))
            except TheFileIsWrong:
                continue
