"""The signature of a webhook, as Standard Webhooks 1.0.0 has it: HMAC-SHA256 over id, timestamp and body. Pure.

The secret is derived from the installation's key, the endpoint and a number; the database holds none. Turning the key
raises the number: for a while both the new and the old secret sign.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

PREFIX = "whsec_"


def make_secret(key: bytes, endpoint_id: UUID, number: int) -> str:
    """Derive the secret of an endpoint in the form in which it is handed over: ``whsec_`` and base64 of 32 bytes."""
    derived = hmac.new(key, b"webhook:" + endpoint_id.bytes + number.to_bytes(4, "big"), hashlib.sha256).digest()
    return PREFIX + base64.b64encode(derived).decode()


def sign(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Give one signature: ``v1,`` and base64."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def headers_of(secrets: Iterable[str], *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Give the headers of a post: its stable id, when it is sent, and a signature for each secret that holds."""
    timestamp = int(at.timestamp())
    signatures = (sign(secret, message_id=message_id, timestamp=timestamp, body=body) for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
