"""Certificates: what is read from one, and self-signed ones for demonstration.

RSA certificates are the business of ``cryptography``. It reads SM2 certificates too, but neither their key nor their
signature; for these two this module knows as much DER as is needed (GM/T 0015).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.x509.oid import NameOID
from gmssl_fast import SM2

from .algorithms import PublicKey, is_signed_by

_SM2_KEY = bytes.fromhex("3013 06072a8648ce3d0201 06082a811ccf5501822d".replace(" ", ""))
_SM2_WITH_SM3 = bytes.fromhex("300a06082a811ccf55018375")  # 1.2.156.10197.1.501


class UnreadableCertificate(ValueError):
    """The bytes are no certificate with a key that Kouan can use."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a signature needs of a certificate. serial: lower-case hexadecimal without leading zeros."""

    der: bytes
    serial: str
    subject: str
    issuer: str
    since: datetime
    until: datetime
    fingerprint: str
    key: PublicKey

    def is_valid_at(self, at: datetime) -> bool:
        """Say whether a moment lies within the time of validity."""
        return self.since <= at <= self.until


def read_certificate(der: bytes) -> Certificate:
    """Read a certificate in DER. Raises UnreadableCertificate."""
    try:
        parsed = x509.load_der_x509_certificate(der)
        return Certificate(
            der=der,
            serial=f"{parsed.serial_number:x}",
            subject=parsed.subject.rfc4514_string(),
            issuer=parsed.issuer.rfc4514_string(),
            since=parsed.not_valid_before_utc,
            until=parsed.not_valid_after_utc,
            fingerprint=parsed.fingerprint(hashes.SHA256()).hex(),
            key=_key_of(parsed),
        )
    except UnreadableCertificate:
        raise
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise UnreadableCertificate(str(fault)) from None


def is_issued_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Say whether one certificate was signed with the key of another."""
    if certificate.issuer != issuer.subject:
        return False
    parsed = x509.load_der_x509_certificate(certificate.der)
    if isinstance(issuer.key, RSAPublicKey):
        try:
            parsed.verify_directly_issued_by(x509.load_der_x509_certificate(issuer.der))
        except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
            return False
        return True
    return is_signed_by(issuer.key, parsed.signature, parsed.tbs_certificate_bytes)


def _key_of(parsed: x509.Certificate) -> PublicKey:
    try:
        key = parsed.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return _sm2_key_of(parsed.tbs_certificate_bytes)
    if not isinstance(key, RSAPublicKey):
        raise UnreadableCertificate("the key is neither RSA nor SM2")
    return key


def _sm2_key_of(tbs: bytes) -> SM2:
    fields = [one for one in _parts(_content(tbs)) if one[0] != 0xA0]  # without the version
    if len(fields) < 6:
        raise UnreadableCertificate("the certificate has no key")
    key_info = list(_parts(_content(fields[5])))  # serial, algorithm, issuer, validity, subject, key
    if len(key_info) != 2 or key_info[0] != _SM2_KEY or key_info[1][:4] != b"\x03\x42\x00\x04":
        raise UnreadableCertificate("the key is neither RSA nor SM2")
    return SM2(public_key=key_info[1][3:].hex())


# --- self-signed certificates for demonstration -----------------------------------------------------------------


def self_signed_rsa(key: RSAPrivateKey, name: str, serial: int, since: datetime, days: int = 3650) -> bytes:
    """Make a self-signed certificate for an RSA key, in DER."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(
        subject, subject, key.public_key(), serial, since, since + timedelta(days=days)
    ).add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def self_signed_sm2(key: SM2, name: str, serial: int, since: datetime, days: int = 3650) -> bytes:
    """Make a self-signed certificate for an SM2 key, in DER."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]).public_bytes()
    times = b"".join(_tagged(0x18, f"{at.astimezone(UTC):%Y%m%d%H%M%SZ}".encode())
                     for at in (since, since + timedelta(days=days)))  # fmt: skip
    point = bytes.fromhex(key.public_key_hex or "")
    number = serial.to_bytes(serial.bit_length() // 8 + 1, "big")
    tbs = _tagged(0x30, b"".join((
        _tagged(0xA0, _tagged(0x02, b"\x02")),
        _tagged(0x02, number),
        _SM2_WITH_SM3,
        subject,
        _tagged(0x30, times),
        subject,
        _tagged(0x30, _SM2_KEY + _tagged(0x03, b"\x00" + point)),
    )))  # fmt: skip
    signature = key.sign(tbs)
    numbers = b"".join(_tagged(0x02, _unsigned(signature[half : half + 32])) for half in (0, 32))
    return _tagged(0x30, tbs + _SM2_WITH_SM3 + _tagged(0x03, b"\x00" + _tagged(0x30, numbers)))


def _tagged(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _unsigned(number: bytes) -> bytes:
    number = number.lstrip(b"\x00") or b"\x00"
    return b"\x00" + number if number[0] & 0x80 else number


def _content(element: bytes) -> bytes:
    start, end = _bounds(element, 0)
    return element[start:end]


def _parts(content: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(content):
        _, end = _bounds(content, place)
        yield content[place:end]
        place = end


def _bounds(data: bytes, place: int) -> tuple[int, int]:
    """Find where the content of the element at a place begins and ends."""
    if place + 2 > len(data):
        raise UnreadableCertificate("the certificate is cut off")
    size, start = data[place + 1], place + 2
    if size & 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4:
            raise UnreadableCertificate("a length in the certificate is not DER")
        size, start = int.from_bytes(data[start : start + count], "big"), start + count
    if start + size > len(data):
        raise UnreadableCertificate("the certificate is cut off")
    return start, start + size
