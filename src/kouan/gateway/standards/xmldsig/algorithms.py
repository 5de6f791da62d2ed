"""The algorithms by their names in messages, in every spelling that is seen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from gmssl_fast import SM2, GmsslError
from gmssl_fast import sm3 as _sm3_of_gmssl

NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"
ENVELOPED = NAMESPACE + "enveloped-signature"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_WITH_COMMENTS = C14N + "#WithComments"
CANONICALIZATIONS = {C14N: False, C14N_WITH_COMMENTS: True}  # with comments?

RSA_SHA1 = NAMESPACE + "rsa-sha1"
SHA1 = NAMESPACE + "sha1"
SM2_SM3 = "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"
SM3 = "http://www.chinaport.gov.cn/2022/04/xmldsig#sm3"
SM2_SM3_SEEN = NAMESPACE + "sm2-sm3"  # in the wild, also together with SHA-1 as digest
SM3_SEEN = NAMESPACE + "sm3"

SIGNATURE_FAMILIES = {RSA_SHA1: "rsa", SM2_SM3: "sm2", SM2_SM3_SEEN: "sm2"}

PublicKey = RSAPublicKey | SM2


def sha1(data: bytes) -> bytes:
    """Compute SHA-1, which the standard still allows; not used for anything of our own."""
    return hashlib.sha1(data, usedforsecurity=False).digest()


def sm3(data: bytes) -> bytes:
    """Compute SM3 with OpenSSL where it has it, else with GmSSL."""
    return hashlib.new("sm3", data).digest() if _OPENSSL_HAS_SM3 else _sm3_of_gmssl(data)


_OPENSSL_HAS_SM3 = "sm3" in hashlib.algorithms_available

DIGESTS: dict[str, Callable[[bytes], bytes]] = {SHA1: sha1, SM3: sm3, SM3_SEEN: sm3}


def family_of(key: PublicKey) -> str:
    """Name the kind of a public key: ``rsa`` or ``sm2``."""
    return "rsa" if isinstance(key, RSAPublicKey) else "sm2"


def is_signed_by(key: PublicKey, signature: bytes, data: bytes) -> bool:
    """Say whether a signature over data was made with the private half of a key."""
    if isinstance(key, RSAPublicKey):
        try:
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 (the standard's choice)
        except InvalidSignature:
            return False
        return True
    raw = raw_sm2_signature(signature)
    try:
        return raw is not None and key.verify(data, raw)
    except (GmsslError, ValueError):
        return False


def raw_sm2_signature(signature: bytes) -> bytes | None:
    """Give r and s of an SM2 signature as 64 bytes, from that form or from DER (GM/T 0009); None for another form."""
    if len(signature) == 64:
        return signature
    try:
        r, s = decode_dss_signature(signature)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    except (ValueError, OverflowError):
        return None
