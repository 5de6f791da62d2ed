"""Files of certificates and keys as people have them: PEM, DER, ``.cer``, ``.p7b``, PKCS #12; read within bounds.

A file that holds a private key is refused where only a certificate is asked for: such a key is known to too many then.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from gmssl_fast import SM2, GmsslError

from kouan.accounts.rules import Mistake
from kouan.gateway.standards.xmldsig.certificates import (
    Certificate,
    UnreadableCertificate,
    is_issued_by,
    read_certificate,
)
from kouan.gateway.standards.xmldsig.keys import RsaKey, Sm2Key
from kouan.kernel.dates import CHINA_TIME

LARGEST_FILE = 64 * 1024
MOST_CERTIFICATES = 10
_SM2_PKCS8 = re.compile(
    rb"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x81\x1c\xcf\x55\x01\x82\x2d"  # ecPublicKey over sm2p256v1
    rb"\x04.{1,2}\x30.{1,2}\x02\x01\x01\x04\x20(?P<secret>.{32})",
    re.DOTALL,
)
_PEM_KEY = re.compile(rb"-----BEGIN (?P<kind>[A-Z0-9 ]*PRIVATE KEY)-----.{1,60000}?-----END (?P=kind)-----", re.DOTALL)
_PKCS12_BEGIN = re.compile(rb"\x30(?:[\x00-\x80]|\x81.|\x82..|\x83...)\x02\x01\x03", re.DOTALL)
_PROOF = b"kouan"


class TheFileIsWrong(Mistake):
    """A file holds no certificate or key that can be used."""


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """What TLS shows: certificate and key in PEM, whom they name and how long they hold."""

    certificate: str
    private: str = field(repr=False)
    subject: str
    until: datetime


def read_certificate_file(content: bytes, *, at: datetime) -> Certificate:
    """Read the certificate that a file is about: the one that issued no other in it. Raises TheFileIsWrong."""
    _check_size(content)
    if _holds_a_key(content):
        raise _wrong(
            "002", "文件含有私钥，已拒收，没有保存。", "The file holds a private key. It was refused and not kept.",
            "请只导出证书（不含私钥）后再上传；该私钥若曾外传，请向发证机构申请更换。",
            "Export the certificate without the key; if the key was passed on, have it replaced.",
        )  # fmt: skip
    found = _leaf_of(_certificates_in(content))
    if found.until < at:
        raise _wrong(
            "005", f"证书已于 {_day(found.until)} 过期。", f"The certificate expired on {_day(found.until)}.",
            "请上传新的证书。", "Upload the new one.",
        )  # fmt: skip
    return found


def read_authorities(content: bytes) -> str:
    """Read the certificates (PEM) that may vouch for a server. Raises TheFileIsWrong."""
    _check_size(content)
    try:
        found = x509.load_pem_x509_certificates(content)
        keys = [one.public_key() for one in found[: MOST_CERTIFICATES + 1]]
    except (ValueError, TypeError, UnsupportedAlgorithm):
        found, keys = [], []
    if not 1 <= len(keys) <= MOST_CERTIFICATES or b"PRIVATE KEY" in content:
        raise _wrong(
            "009", "信任的服务器证书应为 PEM 文本，1 至 10 张，不含私钥。",
            "The trusted certificates are PEM text, one to ten of them, without a key.",
            "以 -----BEGIN CERTIFICATE----- 开头。", "It begins with -----BEGIN CERTIFICATE-----.",
            pointer="authorities",
        )  # fmt: skip
    return "".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in found)


def read_client_certificate(content: bytes, password: str, *, at: datetime) -> ClientCertificate:
    """Read certificate and key for TLS, RSA or EC, from PKCS #12 or PEM. Raises TheFileIsWrong."""
    _check_size(content)
    key, chain = _key_and_chain(content, password)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise _no_key()
    leaf = next((one for one in chain if _matches(one, key)), None)
    if leaf is None:
        raise _not_of_the_key()
    if leaf.not_valid_after_utc < at:
        raise _expired(leaf.not_valid_after_utc)
    ordered = [leaf, *(one for one in chain if one != leaf)]
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return ClientCertificate(
        "".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in ordered),
        key.private_bytes(*form).decode(),
        leaf.subject.rfc4514_string(),
        leaf.not_valid_after_utc,
    )


def read_signing_key(content: bytes, password: str, *, at: datetime) -> RsaKey | Sm2Key:
    """Read the key of a key service with its certificate: PKCS #12 or PEM with RSA, PEM with SM2 (unencrypted PKCS #8).

    Raises TheFileIsWrong.
    """
    _check_size(content)
    key = _sm2_key_in(content) or _rsa_key_in(content, password)
    until = read_certificate(key.certificate).until
    if until < at:
        raise _expired(until)
    return key


def _rsa_key_in(content: bytes, password: str) -> RsaKey:
    key, chain = _key_and_chain(content, password)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise _no_key()
    leaf = next((one for one in chain if _matches(one, key)), None)
    if leaf is None:
        raise _not_of_the_key()
    return RsaKey(key, leaf.public_bytes(serialization.Encoding.DER), f"{leaf.serial_number:x}")


def _sm2_key_in(content: bytes) -> Sm2Key | None:
    """Find an SM2 key in PEM beside its certificate; None where the file holds none."""
    block = _PEM_KEY.search(content)
    if block is None:
        return None
    try:
        der = _unwrap_pem(block[0])
    except ValueError:
        return None
    found = _SM2_PKCS8.search(der)
    if found is None:
        return None
    for one in _certificates_in(content, is_key_allowed=True):
        if not isinstance(one.key, SM2) or not one.key.public_key_hex:
            continue
        try:
            private = SM2(found["secret"].hex(), one.key.public_key_hex)
            if one.key.verify(_PROOF, private.sign(_PROOF)):
                return Sm2Key(private, one.der, one.serial)
        except (GmsslError, ValueError):
            continue
    raise _not_of_the_key()


def _key_and_chain(content: bytes, password: str) -> tuple[object, list[x509.Certificate]]:
    """Open PKCS #12 or PEM. Raises TheFileIsWrong."""
    secret = password.encode() or None
    try:
        if b"-----BEGIN" in content:
            block = _PEM_KEY.search(content)
            if block is None:
                raise _no_key()
            is_locked = b"ENCRYPTED" in block[0]
            key = serialization.load_pem_private_key(block[0], secret if is_locked else None)
            return key, x509.load_pem_x509_certificates(content)
        key, leaf, more = pkcs12.load_key_and_certificates(content, secret)
        return key, [*([leaf] if leaf else []), *more]
    except TheFileIsWrong:
        raise
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _wrong(
            "008", "无法打开：密码不对，或文件不是 PKCS #12（.p12、.pfx）或含证书和私钥的 PEM。",
            "It does not open: the password is wrong, or this is neither PKCS #12 nor PEM with certificate and key.",
            "请核对密码和文件。", "Check the password and the file.",
        ) from None  # fmt: skip


def _matches(certificate: x509.Certificate, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bool:
    try:
        return certificate.public_key() == key.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return False


# Certificates --------------------------------------------------------------------------------------------------------


def _certificates_in(content: bytes, *, is_key_allowed: bool = False) -> list[Certificate]:
    """Read every certificate of a file. Raises TheFileIsWrong."""
    for read in (_as_pem, _as_der, _as_pkcs7):
        if ders := read(content):
            break
    else:
        raise _wrong(
            "003", "文件不是证书。", "This is no certificate.",
            "请上传 .cer、.crt、.pem、.der 或 .p7b 证书文件。", "Upload a .cer, .crt, .pem, .der or .p7b file.",
        )  # fmt: skip
    if len(ders) > MOST_CERTIFICATES:
        raise _too_many(len(ders))
    readable = list(_readable(ders))
    if not readable:
        raise _wrong(
            "007", "证书的密钥既不是 RSA 也不是 SM2，或证书已损坏。",
            "The key of the certificate is neither RSA nor SM2, or the certificate is damaged.",
            "请使用电子口岸或认可机构签发的签名证书。", "Use a signing certificate of the electronic port.",
        )  # fmt: skip
    return readable


def _readable(ders: Iterable[bytes]) -> Iterable[Certificate]:
    for der in ders:
        try:
            yield read_certificate(der)
        except UnreadableCertificate:
            continue


def _as_pem(content: bytes) -> list[bytes]:
    if b"-----BEGIN PKCS7-----" in content:
        return _as_pkcs7(content)
    try:
        return [_der(one) for one in x509.load_pem_x509_certificates(content)]
    except (ValueError, UnsupportedAlgorithm):
        return []


def _as_der(content: bytes) -> list[bytes]:
    try:
        return [_der(x509.load_der_x509_certificate(content))]
    except (ValueError, UnsupportedAlgorithm):
        return []


def _as_pkcs7(content: bytes) -> list[bytes]:
    load = pkcs7.load_pem_pkcs7_certificates if b"-----BEGIN" in content else pkcs7.load_der_pkcs7_certificates
    try:
        return [_der(one) for one in load(content)]
    except (ValueError, UnsupportedAlgorithm):
        return []


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _leaf_of(found: Sequence[Certificate]) -> Certificate:
    """Find the certificate that issued none of the others. Raises TheFileIsWrong where there are several."""
    distinct = list({one.fingerprint: one for one in found}.values())
    leaves = [one for one in distinct if not any(other is not one and is_issued_by(other, one) for other in distinct)]
    if len(leaves) != 1:
        raise _too_many(len(leaves))
    return leaves[0]


def _holds_a_key(content: bytes) -> bool:
    """Whether a file holds a private key, in any form in which people have them."""
    if b"PRIVATE KEY" in content or _PKCS12_BEGIN.match(content):
        return True
    if _SM2_PKCS8.search(content):
        return True
    try:
        serialization.load_der_private_key(content, None)
    except (ValueError, UnsupportedAlgorithm):
        return False
    except TypeError:  # encrypted
        return True
    return True


def _unwrap_pem(block: bytes) -> bytes:
    return base64.b64decode(b"".join(line for line in block.splitlines() if not line.startswith(b"--")), validate=True)


# What is said --------------------------------------------------------------------------------------------------------


def _check_size(content: bytes) -> None:
    if not 1 <= len(content) <= LARGEST_FILE:
        raise _wrong(
            "001", f"文件为空，或大于 {LARGEST_FILE // 1024} KiB。",
            f"The file is empty or larger than {LARGEST_FILE // 1024} KiB.", "请核对文件。", "Check the file.",
        )  # fmt: skip


def _no_key() -> TheFileIsWrong:
    return _wrong(
        "010", "文件中没有可用的私钥。", "The file holds no private key that can be used.",
        "请导出含私钥的 .p12 或 .pfx。", "Export .p12 or .pfx with the key.",
    )  # fmt: skip


def _not_of_the_key() -> TheFileIsWrong:
    return _wrong(
        "011", "文件中没有与私钥相配的证书。", "The file holds no certificate that goes with the key.",
        "请把证书与私钥一起导出。", "Export the certificate together with the key.",
    )  # fmt: skip


def _expired(until: datetime) -> TheFileIsWrong:
    return _wrong(
        "005", f"证书已于 {_day(until)} 过期。", f"The certificate expired on {_day(until)}.",
        "请使用新的证书。", "Use the new one.",
    )  # fmt: skip


def _too_many(count: int) -> TheFileIsWrong:
    return _wrong(
        "004", f"文件含 {count} 张互不相关的证书。",
        f"The file holds {count} certificates that do not belong together.",
        "请每次上传一张证书，可带其上级证书。", "Upload one at a time; those of its issuers may come along.",
    )  # fmt: skip


def _wrong(code: str, zh: str, en: str, fix_zh: str, fix_en: str, pointer: str = "file") -> TheFileIsWrong:
    return TheFileIsWrong(f"-981{code}", pointer, zh, en, fix_zh, fix_en)


def _day(at: datetime) -> str:
    return at.astimezone(CHINA_TIME).strftime("%Y-%m-%d")
