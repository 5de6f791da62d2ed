"""Signs a message: the bytes stay as they are, and the signature goes in before the end of the root element."""

from __future__ import annotations

import base64

from lxml import etree

from . import algorithms as a
from .documents import SIGNATURE, parse
from .keys import SigningKey


class AlreadySigned(ValueError):
    """The message carries a signature; a second one would make both void."""


def sign(raw: bytes, key: SigningKey) -> bytes:
    """Sign a message as a whole.

    raw: a well-formed message in UTF-8 without signature. Gives the same bytes with ``ds:Signature`` as last child of
    the root. Raises AlreadySigned, and UnparsableDocument if the bytes are no XML.
    """
    root = parse(raw)
    if root.find(f".//{SIGNATURE}") is not None:
        raise AlreadySigned("the message is signed already")
    digest = a.DIGESTS[key.digest_method](etree.tostring(root, method="c14n"))
    signed_info = _signed_info(key, digest)
    # The signature covers SignedInfo as it stands in the message, with the namespaces that are in force there.
    root.append(etree.fromstring(f'<ds:Signature xmlns:ds="{a.NAMESPACE}">{signed_info}</ds:Signature>'))
    value = key.sign(etree.tostring(root[-1][0], method="c14n", with_tail=False))
    signature = (
        f'<ds:Signature xmlns:ds="{a.NAMESPACE}">{signed_info}<ds:SignatureValue>{_base64(value)}</ds:SignatureValue>'
        f"<ds:KeyInfo><ds:KeyName>{key.key_name}</ds:KeyName><ds:X509Data><ds:X509Certificate>"
        f"{_base64(key.certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
    )
    end = raw.rindex(b"</")
    return raw[:end] + signature.encode() + raw[end:]


def _signed_info(key: SigningKey, digest: bytes) -> str:
    return (
        f'<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{a.C14N}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{key.signature_method}"></ds:SignatureMethod>'
        f'<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="{a.ENVELOPED}"></ds:Transform></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{key.digest_method}"></ds:DigestMethod>'
        f"<ds:DigestValue>{_base64(digest)}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
