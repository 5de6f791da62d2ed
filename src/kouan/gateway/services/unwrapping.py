"""Taking a business message out of the envelope in which it came, untouched."""

from __future__ import annotations

from dataclasses import dataclass

from kouan.gateway.services.working import Claimed
from kouan.gateway.standards.ceb.types import UnreadableMessage
from kouan.gateway.standards.dxp.codec import UnreadableEnvelope, open_message


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The bytes of the business message, and who sent it as the envelope says (empty without one)."""

    raw: bytes
    sender: str = ""


def unwrap(message: Claimed) -> Unwrapped:
    """Give the business message inside; raises UnreadableMessage when the envelope cannot be opened."""
    return unwrap_bytes(message.raw, message.standard)


def unwrap_bytes(raw: bytes, standard: str) -> Unwrapped:
    """Give the business message inside kept bytes of a standard; raises UnreadableMessage as ``unwrap`` does."""
    if standard != "dxp":
        return Unwrapped(raw)
    try:
        envelope = open_message(raw)
    except UnreadableEnvelope as reason:
        raise UnreadableMessage(reason.problem) from reason
    return Unwrapped(envelope.data, envelope.info.sender)
