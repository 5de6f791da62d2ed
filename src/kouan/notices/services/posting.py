"""Posting: events go to one endpoint after the other's answer, over connections that reach permitted addresses only."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import httpcore

from kouan.notices.addresses import Network, TheAddressIsInside, TheNameIsUnknown, choose_address, resolve
from kouan.notices.signing import headers_of

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
MOST_ANSWER_BYTES = 16_384
LONGEST_RETRY_AFTER = 3600
_OF_THE_EVENT = frozenset({400, 413, 415, 422})
"""Answers that speak of the event: it is given up, the next goes on. Any other failure is the endpoint's."""
_GONE = 410


@dataclass(frozen=True, slots=True)
class Item:
    """One event as it waits for an endpoint."""

    id: UUID
    event_id: UUID
    body: bytes


@dataclass(frozen=True, slots=True)
class Line:
    """What waits for one endpoint, oldest first."""

    endpoint_id: UUID
    url: str
    secrets: Sequence[str]
    items: Sequence[Item]
    failures: int = 0


@dataclass(slots=True)
class Outcome:
    """What came of posting one line: an outage ends it, the rest of the line waits."""

    endpoint_id: UUID
    failures: int = 0
    delivered: list[UUID] = field(default_factory=list)
    refused: list[tuple[UUID, str]] = field(default_factory=list)
    outage: str = ""
    retry_after: int = 0
    is_gone: bool = False


class Gate(httpcore.AsyncNetworkBackend):
    """Opens connections to permitted addresses only: the number that was looked at is the one connected to."""

    def __init__(self, allowed: Sequence[Network] = ()) -> None:
        self._allowed = allowed
        self._inner = httpcore.AnyIOBackend()
        self._resolvers = ThreadPoolExecutor(32, "resolve")

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, judge, connect. Raises TheAddressIsInside, TheNameIsUnknown and httpcore's errors."""
        asked = asyncio.get_running_loop().run_in_executor(self._resolvers, resolve, host, port)
        address = choose_address(await asyncio.wait_for(asked, timeout), self._allowed)
        return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *args: object, **kwargs: object) -> httpcore.AsyncNetworkStream:
        """Refuse: nothing is posted to a socket of this machine."""
        raise TheAddressIsInside

    async def sleep(self, seconds: float) -> None:
        """Wait between attempts of the pool."""
        await self._inner.sleep(seconds)

    def close(self) -> None:
        """Let the threads of the resolver go."""
        self._resolvers.shutdown(wait=False, cancel_futures=True)


class Poster:
    """What all lines share: the gate, and the certificates of authorities; nothing is followed, no proxy is asked.

    A line has a connection of its own, used for all of its events: a common pool looks at every connection at every
    request, which a thousand endpoints make slow.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._tls = ssl.create_default_context()

    async def post_line(self, line: Line) -> Outcome:
        """Post what waits for one endpoint in order, until one does not get through."""
        outcome = Outcome(line.endpoint_id, line.failures)
        url = httpcore.URL(line.url)
        connection = self._connect(url)
        try:
            for item in line.items:
                if not connection.is_available():
                    await connection.aclose()
                    connection = self._connect(url)
                if not await _settle(outcome, connection, url, line, item):
                    break
        finally:
            await connection.aclose()
        return outcome

    def _connect(self, url: httpcore.URL) -> httpcore.AsyncHTTPConnection:
        return httpcore.AsyncHTTPConnection(
            url.origin, ssl_context=self._tls, keepalive_expiry=ANSWER_SECONDS, network_backend=self._gate
        )


async def _settle(
    outcome: Outcome, connection: httpcore.AsyncHTTPConnection, url: httpcore.URL, line: Line, item: Item
) -> bool:
    """Post one event and note what came of it; False when the line ends here."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            status, retry_after = await _post(connection, url, line, item)
    except (OSError, TheAddressIsInside, TheNameIsUnknown, httpcore.NetworkError, httpcore.TimeoutException,
            httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:  # fmt: skip
        outcome.outage = _words_of(error)
        return False
    if 200 <= status < 300:
        outcome.delivered.append(item.id)
        return True
    if status in _OF_THE_EVENT:
        outcome.refused.append((item.id, f"HTTP {status}"))
        return True
    outcome.outage, outcome.retry_after, outcome.is_gone = f"HTTP {status}", retry_after, status == _GONE
    return False


async def _post(connection: httpcore.AsyncHTTPConnection, url: httpcore.URL, line: Line, item: Item) -> tuple[int, int]:
    """Post one event; return the status and the seconds of Retry-After. Of the answer only the head is looked at."""
    headers = headers_of(line.secrets, message_id=str(item.event_id), at=datetime.now(UTC), body=item.body)
    sent = {"content-type": "application/json", "user-agent": "Kouan-Webhook/1", "accept": "*/*"} | headers
    timeout = {"connect": CONNECT_SECONDS, "read": ANSWER_SECONDS, "write": ANSWER_SECONDS}
    async with connection.stream(
        "POST", url, headers=list(sent.items()), content=item.body, extensions={"timeout": timeout}
    ) as answer:
        read = 0
        async for part in answer.aiter_stream():  # read to its end, so that the connection can be used again
            read += len(part)
            if read > MOST_ANSWER_BYTES:
                break
        after = next((value for name, value in answer.headers if name.lower() == b"retry-after"), b"")
        return answer.status, min(int(after), LONGEST_RETRY_AFTER) if after.isdigit() else 0


def _words_of(error: BaseException) -> str:
    if isinstance(error, TheAddressIsInside):
        return f"指向内部网络，已拒绝连接 / points inside, not connected: {error}"
    if isinstance(error, TheNameIsUnknown):
        return "找不到主机名 / the name is not known"
    if isinstance(error, TimeoutError | httpcore.TimeoutException):
        return f"{ANSWER_SECONDS:.0f} 秒内没有应答 / no answer within {ANSWER_SECONDS:.0f} s"
    return f"{type(error).__name__}: {error}"[:300]
