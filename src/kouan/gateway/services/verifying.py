"""Verifying: what the signature of a message proves, by the policy of its channel."""

from __future__ import annotations

from datetime import datetime

from kouan.gateway.codes import SignaturePolicy
from kouan.gateway.models import Connection
from kouan.gateway.standards.ceb.types import KINDS, Envelope
from kouan.gateway.standards.xmldsig.trust import TrustedCertificates
from kouan.gateway.standards.xmldsig.verifying import verify
from kouan.records.problems import Problem

_STATES = {
    "digest_mismatch": ("加签数据比对失败：报文内容与签名不符", "The content does not match its signature"),
    "signature_invalid": ("验签失败：签名值无效", "The signature value is not valid"),
    "unsupported": ("验签失败：签名算法或结构不受支持", "The signature's algorithm or form is not supported"),
    "untrusted": ("验签失败：签名证书未在本通道登记", "The signing certificate is not registered for this channel"),
}


def signature_problems(
    raw: bytes, envelope: Envelope, channel: Connection, trusted: TrustedCertificates, at: datetime
) -> list[Problem]:
    """Give what is wrong with the signature: errors where the channel requires it, warnings where it only tells.

    A missing signature is the business of the rules of the nodes, which know whether their kind needs one.
    """
    if channel.signature_policy == SignaturePolicy.OFF or not envelope.signature_present:
        return []
    found = verify(raw, trusted=trusted, at=at)
    if found.state not in _STATES:
        return []
    faults = KINDS[envelope.kind].faults
    code = faults.signature_mismatch if found.state == "digest_mismatch" else faults.signature_invalid
    zh, en = _STATES[found.state]
    return [
        Problem(
            code=code,
            pointer="/Signature",
            severity="error" if channel.signature_policy == SignaturePolicy.REQUIRE else "warning",
            zh=zh,
            en=en,
            fix_zh="请在签名后不再改动报文，用登记的证书重新签名",
            fix_en="Sign again with the registered certificate, and change nothing after signing",
        )
    ]
