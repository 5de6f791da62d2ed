"""Verifying: what the signature of a message proves, by the policy of its channel."""

from __future__ import annotations

from datetime import datetime

from kouan.gateway.codes import SignaturePolicy
from kouan.gateway.models import Connection
from kouan.gateway.standards.ceb.codec import Reading
from kouan.gateway.standards.ceb.signatures import judge
from kouan.gateway.standards.ceb.types import KINDS
from kouan.gateway.standards.xmldsig.trust import TrustedCertificates
from kouan.gateway.standards.xmldsig.verifying import Verification, verify
from kouan.records.problems import Problem


def signature_problems(
    reading: Reading, channel: Connection, trusted: TrustedCertificates, at: datetime
) -> list[Problem]:
    """Give what is wrong with the signature: errors where the channel requires it, warnings where it only tells.

    A missing signature is the business of the rules of the nodes, which know whether their kind needs one.
    """
    if channel.signature_policy == SignaturePolicy.OFF or not reading.envelope.signature_present:
        return []
    return verify_signature(reading, channel, trusted, at)[1]


def verify_signature(
    reading: Reading, channel: Connection, trusted: TrustedCertificates, at: datetime
) -> tuple[Verification, list[Problem]]:
    """Say what a signature is worth, whose it is, and what of that is wrong by the policy of the channel."""
    found = verify(reading.document, trusted=trusted, at=at)
    return found, judge(KINDS[reading.envelope.kind], found, channel.signature_policy)  # type: ignore[arg-type]
