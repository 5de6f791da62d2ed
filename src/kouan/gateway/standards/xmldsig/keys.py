"""Private keys that sign messages: of the test signer, and of a key service that a firm appointed."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from gmssl_fast import SM2

from . import algorithms
from .certificates import self_signed_rsa, self_signed_sm2


class SigningKey(Protocol):
    """What signs: its algorithms by name, its certificate, and the act itself."""

    @property
    def signature_method(self) -> str: ...

    @property
    def digest_method(self) -> str: ...

    @property
    def certificate(self) -> bytes: ...

    @property
    def key_name(self) -> str: ...

    def sign(self, data: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class RsaKey:
    """An RSA key that signs with SHA-1, as the standard allows. key_name: serial number of the certificate."""

    private: rsa.RSAPrivateKey = field(repr=False)
    certificate: bytes = field(repr=False)
    key_name: str
    signature_method: str = algorithms.RSA_SHA1
    digest_method: str = algorithms.SHA1

    def sign(self, data: bytes) -> bytes:
        """Sign data: PKCS #1 v1.5 over SHA-1."""
        return self.private.sign(data, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 (the standard's choice)

    def export(self) -> dict[str, str]:
        """Give the key as plain texts, for a store that keeps secrets."""
        form = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        return _exported("rsa", self.private.private_bytes(*form), self.certificate, self.key_name)


@dataclass(frozen=True, slots=True)
class Sm2Key:
    """An SM2 key that signs with SM3, as the standard prefers; signatures are r and s, 64 bytes."""

    private: SM2 = field(repr=False)
    certificate: bytes = field(repr=False)
    key_name: str
    signature_method: str = algorithms.SM2_SM3
    digest_method: str = algorithms.SM3

    def sign(self, data: bytes) -> bytes:
        """Sign data with the default signer id of GM/T 0009."""
        return self.private.sign(data)

    def export(self) -> dict[str, str]:
        """Give the key as plain texts, for a store that keeps secrets."""
        secret = bytes.fromhex(self.private.private_key_hex or "") + bytes.fromhex(self.private.public_key_hex or "")
        return _exported("sm2", secret, self.certificate, self.key_name)


def demo_rsa_key(name: str, *, since: datetime, serial: int = 0x5EED0001, bits: int = 2048) -> RsaKey:
    """Make an RSA key with a self-signed certificate. name: begins with 演示."""
    private = rsa.generate_private_key(65537, bits)
    return RsaKey(private, self_signed_rsa(private, name, serial, since), f"{serial:x}")


def demo_sm2_key(name: str, *, since: datetime, serial: int = 0x5EED0002) -> Sm2Key:
    """Make an SM2 key with a self-signed certificate. name: begins with 演示."""
    private = SM2.generate()
    return Sm2Key(private, self_signed_sm2(private, name, serial, since), f"{serial:x}")


def import_key(texts: dict[str, str]) -> RsaKey | Sm2Key:
    """Read a key that ``export`` gave. Raises ValueError or KeyError if it is none."""
    secret, certificate = base64.b64decode(texts["key"]), base64.b64decode(texts["certificate"])
    if texts["kind"] == "sm2":
        return Sm2Key(SM2(secret[:32].hex(), secret[32:].hex()), certificate, texts["key_name"])
    if texts["kind"] != "rsa":
        raise ValueError(f"unknown kind of key: {texts['kind']}")
    private = serialization.load_der_private_key(secret, None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise ValueError("the key is no RSA key")
    return RsaKey(private, certificate, texts["key_name"])


def _exported(kind: str, secret: bytes, certificate: bytes, key_name: str) -> dict[str, str]:
    return {
        "kind": kind,
        "key": base64.b64encode(secret).decode(),
        "certificate": base64.b64encode(certificate).decode(),
        "key_name": key_name,
    }
