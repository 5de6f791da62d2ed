"""Certificates and keys of invented parties, in the files that people have them in. Made once a run: they are slow."""

from __future__ import annotations

import base64
import ssl
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from cryptography.x509.oid import NameOID

from kouan.gateway.standards.xmldsig.keys import RsaKey, Sm2Key, demo_rsa_key, demo_sm2_key

PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
NOW = datetime.now(UTC)
PASSWORD = "a-password-of-a-file"


@cache
def rsa_key(serial: int = 0x5EED7701) -> RsaKey:
    """A signing key whose certificate holds for years."""
    return demo_rsa_key("演示签名", since=NOW - timedelta(days=1), serial=serial)


@cache
def expired_key() -> RsaKey:
    """A signing key whose certificate ended long ago."""
    return demo_rsa_key("演示过期", since=NOW - timedelta(days=5000), serial=0x5EED7702)


@cache
def sm2_key() -> Sm2Key:
    """An SM2 signing key."""
    return demo_sm2_key("演示国密", since=NOW - timedelta(days=1), serial=0x5EED7703)


def parsed(key: RsaKey) -> x509.Certificate:
    return x509.load_der_x509_certificate(key.certificate)


def pem(der: bytes, kind: str = "CERTIFICATE") -> bytes:
    return f"-----BEGIN {kind}-----\n{base64.encodebytes(der).decode()}-----END {kind}-----\n".encode()


def p12(key: RsaKey, password: str = PASSWORD) -> bytes:
    lock = serialization.BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"demo", key.private, parsed(key), None, lock)


def p7b(*keys: RsaKey, encoding: serialization.Encoding = DER) -> bytes:
    return pkcs7.serialize_certificates([parsed(one) for one in keys], encoding)


def private_pem(key: RsaKey) -> bytes:
    return key.private.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def private_der(key: RsaKey) -> bytes:
    return key.private.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def sm2_pem(key: Sm2Key) -> bytes:
    """Certificate and unencrypted PKCS #8 as GmSSL writes it."""
    secret, point = bytes.fromhex(key.private.private_key_hex or ""), bytes.fromhex(key.private.public_key_hex or "")
    point = point if len(point) == 65 else b"\x04" + point
    algorithm = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")
    inside = b"\x02\x01\x01\x04\x20" + secret + b"\xa1\x44\x03\x42\x00" + point
    inside = b"\x30" + bytes([len(inside)]) + inside
    whole = b"\x02\x01\x00" + algorithm + b"\x04" + bytes([len(inside)]) + inside
    return pem(key.certificate) + pem(b"\x30\x81" + bytes([len(whole)]) + whole, "PRIVATE KEY")


@cache
def authority() -> RsaKey:
    """An authority of a test's own."""
    private = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "demo authority")])
    built = (
        x509.CertificateBuilder(name, name, private.public_key(), 1, NOW - timedelta(days=1), NOW + timedelta(days=9))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .add_extension(_usage(key_cert_sign=True), critical=True)
    )
    return RsaKey(private, built.sign(private, hashes.SHA256()).public_bytes(DER), "1")


@cache
def issued(name: str, serial: int) -> RsaKey:
    """A key for TLS, of a server on this machine or of a client, issued by the authority."""
    private, issuer = rsa.generate_private_key(65537, 2048), parsed(authority())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    own = private.public_key()
    built = (
        x509.CertificateBuilder(issuer.subject, subject, own, serial, NOW - timedelta(days=1), NOW + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority().private.public_key()), critical=False
        )
    )
    return RsaKey(private, built.sign(authority().private, hashes.SHA256()).public_bytes(DER), f"{serial:x}")


def server_context(folder: Path, *, asks_client: bool = True) -> ssl.SSLContext:
    """A TLS server that lets in clients of the authority only."""
    server = issued("localhost", 2)
    path = folder / "server.pem"
    path.write_bytes(pem(server.certificate) + private_pem(server))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    if asks_client:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=pem(authority().certificate).decode())
    return context


def _usage(**wanted: bool) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
    return x509.KeyUsage(**(dict.fromkeys(names, False) | wanted))
