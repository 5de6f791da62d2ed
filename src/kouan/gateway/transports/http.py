"""HTTP to one fixed address of the other side, in the words of Kouan's own interface for machines.

Messages are posted to ``{address}/messages``; answers are fetched from ``{address}/receipts`` and confirmed when they
are safe here (docs/standards/http.md). Redirects are not followed; nothing is read beyond a bound.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import httpx
import msgspec

from kouan.gateway.transports import Answer, Letter, Sent, Unreachable

TIMEOUT_SECONDS = 10.0
WHOLE_SECONDS = 20.0
"""How long the other side may take for the whole of its answer; TIMEOUT_SECONDS is for each part of it."""
MAX_ANSWER_BYTES = 4 * 1024 * 1024
"""How much is read of the answer to a message: a receipt of 100 nodes in its envelope is far below."""
MAX_PAGE_BYTES = 64 * 1024 * 1024
"""The largest page of answers that is read; the other side gives fewer letters a page when they are long."""
TOO_LONG, BROKE_OFF = "too_long", "broke_off"
_NOTED_CHARACTERS = 500
_NOTED_BYTES = 4 * _NOTED_CHARACTERS
_REFUSED = frozenset({400, 409, 413, 415, 422})
"""Statuses that speak of the message. Any other failure (401, 404, 5xx …) is the channel's: tried again."""
_AS_IT_IS = {"Accept-Encoding": "identity"}
"""Nothing is unpacked, so that what is read is as long as it is."""
DENIED = frozenset({401, 403, 407})
"""Statuses that speak of the credential of the channel."""


@dataclass(frozen=True, slots=True)
class HttpTransport:
    """Sends by POST; a 2xx answer is delivery, a status that speaks of the message a refusal for good.

    What an answer says beyond its status is for those who know messages: it is handed up as it came.
    """

    client: httpx.Client
    address: str

    def send(self, name: str, data: bytes, *, maybe_sent: bool) -> Sent:
        """Post one message under its name; the receiver recognises a repetition by the message's own guid."""
        headers = {"Content-Type": "application/xml", "X-File-Name": name, **_AS_IT_IS}
        try:
            with self.client.stream(
                "POST", _below(self.address, "messages"), content=data, headers=headers, timeout=TIMEOUT_SECONDS
            ) as answer:
                heard = Answer(
                    answer.status_code, answer.headers.get("content-type", "")[:100], *_hear(answer, MAX_ANSWER_BYTES)
                )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Sent("unreachable", _noted(error))
        if answer.is_success:
            return Sent("delivered", _said(heard), heard)
        return Sent("refused" if answer.status_code in _REFUSED else "unreachable", explain(heard), heard)


def explain(heard: Answer) -> str:
    """Say in both languages why an answer is none that takes a message."""
    if heard.status in DENIED:
        why = "对方不认可本通道的凭证，请在连接页更换 / the other side does not accept the credential of this channel"
    elif 300 <= heard.status < 400:
        why = "对方要求转到别处，不予跟随，请核对地址 / the other side points elsewhere, which is not followed"
    elif heard.status in _REFUSED:
        why = "对方拒收此报文 / the other side refuses this message"
    elif heard.status == 404:
        why = "对方没有这个地址，请核对 / nothing stands at this address"
    else:
        why = "对方暂不能接收 / the other side cannot take it now"
    return f"{why}: {_said(heard)}"


def _said(heard: Answer) -> str:
    text = heard.body[:_NOTED_BYTES].decode("utf-8", "replace")[:_NOTED_CHARACTERS].replace("\x00", "\ufffd")
    return f"HTTP {heard.status} {text}".strip()


def _hear(answer: httpx.Response, most: int) -> tuple[bytes, str]:
    """Read an answer as it comes, within its bounds of length and time; say by which of them the rest was left."""
    read, until = bytearray(), monotonic() + WHOLE_SECONDS
    try:
        for part in answer.iter_raw():
            read += part
            if len(read) > most:
                return bytes(read[:most]), TOO_LONG
            if monotonic() > until:
                return bytes(read), BROKE_OFF
    except (httpx.HTTPError, httpx.StreamError):
        return bytes(read), BROKE_OFF
    return bytes(read), ""


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

    def _ask(self, method: str, place: str, **more: Any) -> bytes:
        try:
            with self.client.stream(
                method, _below(self.address, place), timeout=TIMEOUT_SECONDS, headers=_AS_IT_IS, **more
            ) as answer:
                page, fault = _hear(answer, MAX_PAGE_BYTES)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(f"{method} {place}: {_noted(error)}") from None
        if not answer.is_success:
            heard = Answer(answer.status_code, "", page[:_NOTED_BYTES])
            raise Unreachable(f"{method} {place}: {explain(heard)}"[:_NOTED_CHARACTERS])
        if fault:
            why = f"more than {MAX_PAGE_BYTES} bytes" if fault == TOO_LONG else "the answer broke off or took too long"
            raise Unreachable(f"{method} {place}: {why}")
        return page


def _below(address: str, place: str) -> str:
    return f"{address.rstrip('/')}/{place}"


def _noted(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:_NOTED_CHARACTERS]
