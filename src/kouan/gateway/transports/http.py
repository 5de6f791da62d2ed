"""HTTP to one fixed address of the other side, in the words of Kouan's own interface for machines.

Messages are posted to ``{address}/messages``; answers are fetched from ``{address}/receipts`` and confirmed when they
are safe here (docs/standards/http.md). Redirects are not followed; nothing is read beyond a bound.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
import msgspec

from kouan.gateway.transports import Letter, Sent, Unreachable

TIMEOUT_SECONDS = 10.0
MAX_PAGE_BYTES = 64 * 1024 * 1024
"""The largest page of answers that is read; the other side gives fewer letters a page when they are long."""
_NOTED_CHARACTERS = 500
_NOTED_BYTES = 4 * _NOTED_CHARACTERS
_REFUSED = frozenset({400, 409, 413, 415, 422})
"""Statuses that speak of the message. Any other failure (401, 404, 5xx …) is the channel's: tried again."""


@dataclass(frozen=True, slots=True)
class HttpTransport:
    """Sends by POST; a 2xx answer is delivery, a status that speaks of the message a refusal for good."""

    client: httpx.Client
    address: str

    def send(self, name: str, data: bytes, *, maybe_sent: bool) -> Sent:
        """Post one message under its name; the receiver recognises a repetition by the message's own guid."""
        headers = {"Content-Type": "application/xml", "X-File-Name": name}
        try:
            with self.client.stream(
                "POST", _below(self.address, "messages"), content=data, headers=headers, timeout=TIMEOUT_SECONDS
            ) as answer:
                said = _read(answer, _NOTED_BYTES).decode("utf-8", "replace")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Sent("unreachable", _noted(error))
        detail = f"HTTP {answer.status_code} {said[:_NOTED_CHARACTERS]}".replace("\x00", "\ufffd")
        if answer.is_success:
            return Sent("delivered", detail)
        return Sent("refused" if answer.status_code in _REFUSED else "unreachable", detail)


class _Receipt(msgspec.Struct):
    """One answer as the other side gives it; further members are passed over."""

    receipt_id: str
    body_base64: str
    file_name: str = ""


class _Receipts(msgspec.Struct):
    receipts: list[_Receipt]


@dataclass(frozen=True, slots=True)
class HttpInbox:
    """Fetches the answers that wait at the other side, and confirms those that are safe here."""

    client: httpx.Client
    address: str

    def fetch(self, *, limit: int) -> list[Letter]:
        """Give up to ``limit`` letters, oldest first; they wait there until confirmed. Raises Unreachable."""
        page = self._ask("GET", "receipts", params={"limit": limit})
        try:
            found = msgspec.json.decode(page, type=_Receipts).receipts
            return [
                Letter(one.receipt_id, one.file_name, base64.b64decode(one.body_base64, validate=True)) for one in found
            ]
        except (msgspec.DecodeError, UnicodeDecodeError, binascii.Error) as fault:
            raise Unreachable(f"GET receipts: {_noted(fault)}") from None

    def confirm(self, keys: Sequence[str]) -> None:
        """Say that letters are safe here; said twice is said once. Raises Unreachable."""
        self._ask("POST", "receipts/confirm", json={"receipt_ids": list(keys)})

    def _ask(self, method: str, place: str, **more: object) -> bytes:
        try:
            with self.client.stream(method, _below(self.address, place), timeout=TIMEOUT_SECONDS, **more) as answer:  # type: ignore[arg-type]
                page = _read(answer, MAX_PAGE_BYTES + 1)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(f"{method} {place}: {_noted(error)}") from None
        if not answer.is_success:
            said = page[:_NOTED_BYTES].decode("utf-8", "replace")
            raise Unreachable(f"{method} {place}: HTTP {answer.status_code} {said}"[:_NOTED_CHARACTERS])
        if len(page) > MAX_PAGE_BYTES:
            raise Unreachable(f"{method} {place}: more than {MAX_PAGE_BYTES} bytes")
        return page


def _below(address: str, place: str) -> str:
    return f"{address.rstrip('/')}/{place}"


def _read(answer: httpx.Response, most: int) -> bytes:
    """Read the beginning of an answer, and leave the rest where it is."""
    read = bytearray()
    for part in answer.iter_bytes(65536):
        read += part
        if len(read) >= most:
            break
    return bytes(read[:most])


def _noted(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:_NOTED_CHARACTERS]
