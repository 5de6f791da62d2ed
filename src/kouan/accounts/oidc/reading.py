"""Asking the provider: bounded in time and size, never redirected, JSON and nothing else."""

from __future__ import annotations

import ssl
from ipaddress import ip_address
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from kouan.accounts.oidc.refusals import the_provider_is_away

MOST_BYTES = 256 * 1024
"""The largest answer that is read: configurations and key sets have some ten thousand bytes."""
PART_SECONDS = 5.0
WHOLE_SECONDS = 10.0
"""How long a part of an answer, and the whole of it, may take: a person waits before a page."""


def fetch(
    method: str, address: str, *, headers: dict[str, str] | None = None, body: str = ""
) -> tuple[int, dict[str, Any]]:
    """Return the status and the JSON object of an answer; raise TheProviderIsAway where there is none in time."""
    asked = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
    try:
        with (
            httpx.Client(timeout=PART_SECONDS, verify=ssl.create_default_context()) as client,
            client.stream(method, address, headers=asked, content=body.encode() or None) as answer,
        ):
            read = _read(answer)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise the_provider_is_away(type(error).__name__) from error
    try:
        return answer.status_code, msgspec.json.decode(read, type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise the_provider_is_away(f"it answers {answer.status_code} with something else than JSON") from error


def is_safe(address: str) -> bool:
    """Whether an address may be asked, or a browser be sent there: over TLS, or on this very machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(host)
    return parts.scheme == "http" and (host == "localhost" or _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _read(answer: httpx.Response) -> bytes:
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise the_provider_is_away("it packs its answer unasked")
    read, until = bytearray(), monotonic() + WHOLE_SECONDS
    for part in answer.iter_raw():
        read += part
        if len(read) > MOST_BYTES:
            raise the_provider_is_away("its answer is too long")
        if monotonic() > until:
            raise the_provider_is_away("its answer takes too long")
    return bytes(read)
