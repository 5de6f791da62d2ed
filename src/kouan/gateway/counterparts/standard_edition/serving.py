"""Playing the national side over HTTP: takes messages, gives receipts, in the words of Kouan's own interface for
machines (docs/standards/http.md).

``POST /messages`` takes one message, bare or in a DXP envelope, and answers with the platform's report ``DxpRep``;
``GET /receipts`` gives the letters that wait, ``POST /receipts/confirm`` clears those that are safe. It plays for one
client, as the folder does, listens on this machine only, and is never part of production.
"""

from __future__ import annotations

import base64
import hmac
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import msgspec

from kouan.gateway.counterparts.standard_edition.playing import MAX_BYTES, Counterpart
from kouan.gateway.standards.dxp.codec import UnreadableEnvelope, is_envelope, open_message, write_report
from kouan.gateway.standards.dxp.types import Report, Response, TransferInfo, response_meaning

MOST_LETTERS = 100
MOST_PAGE_BYTES = 8 * 1024 * 1024
MOST_REQUEST_SECONDS = 10
_CHINA = ZoneInfo("Asia/Shanghai")


class Refused(Exception):
    """A request that gets an answer other than a success."""

    def __init__(self, status: HTTPStatus, said: str) -> None:
        super().__init__(said)
        self.status, self.said = status, said


class HttpPlayer:
    """Plays the HTTP side over a counterpart. The ledger is one connection, so that one request at a time uses it."""

    def __init__(self, counterpart: Counterpart, clock: Callable[[], float] = time.time, token: str = "") -> None:
        self._counterpart, self._clock, self._lock = counterpart, clock, threading.Lock()
        self._token = token

    def admit(self, authorization: str) -> None:
        """Let in who bears the token; everybody where there is none. Raises Refused."""
        if self._token and not hmac.compare_digest(authorization.encode(), f"Bearer {self._token}".encode()):
            raise Refused(HTTPStatus.UNAUTHORIZED, "a bearer token is needed, and this is not it")

    def take(self, raw: bytes, file_name: str) -> bytes:
        """Take one message and give the report of the platform; what cannot be read is answered by letter (900).

        Raises Refused where the envelope itself cannot be opened.
        """
        now = self._clock()
        with self._while_up():
            info = _info_of(raw)
            refusal = self._counterpart.take(raw, file_name or f"{uuid.uuid4().hex}.xml", now)
            if refusal is not None:
                self._counterpart.ledger.lay(f"Receipt_CEB900_{uuid.uuid4().hex}", refusal, (), now)
        return b"" if info is None else write_report(_report("0", info, now))

    def give(self, limit: int) -> list[tuple[str, bytes]]:
        """Lay out what is due, and give the letters that wait, oldest first."""
        now = self._clock()
        with self._while_up():
            ledger = self._counterpart.ledger
            for name, body, owed in self._counterpart.answers(now):
                ledger.lay(name, body, owed, now)
            return ledger.letters(limit=max(1, min(limit, MOST_LETTERS)), most_bytes=MOST_PAGE_BYTES)

    def clear(self, names: list[str]) -> int:
        """Forget letters that are safe at the other side."""
        with self._while_up():
            return self._counterpart.ledger.clear(names)

    @contextmanager
    def _while_up(self) -> Iterator[None]:
        with self._lock:
            if self._counterpart.ledger.behaviour.mode == "down":
                raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "the played national side is down")
            yield


@contextmanager
def serving(player: HttpPlayer, port: int) -> Iterator[int]:
    """Serve on this machine while the context lasts; gives the port, which the system chooses for 0."""

    class Handler(_Handler):
        plays = player

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Translates requests for the player, and its answers back."""

    plays: HttpPlayer
    protocol_version = "HTTP/1.1"
    timeout = MOST_REQUEST_SECONDS

    def do_GET(self) -> None:
        """Give what waits."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """Take a message, or a confirmation."""
        self._answer(self._post)

    def _get(self) -> tuple[HTTPStatus, str, bytes]:
        address = urlsplit(self.path)
        if address.path != "/receipts":
            raise Refused(HTTPStatus.NOT_FOUND, "there is /receipts")
        limit = parse_qs(address.query).get("limit", [str(MOST_LETTERS)])[0]
        letters = self.plays.give(int(limit) if limit.isdecimal() and len(limit) < 6 else MOST_LETTERS)
        found = [
            {"receipt_id": name, "file_name": f"{name}.xml", "body_base64": base64.b64encode(body).decode()}
            for name, body in letters
        ]
        return HTTPStatus.OK, "application/json", msgspec.json.encode({"receipts": found})

    def _post(self) -> tuple[HTTPStatus, str, bytes]:
        body = self._body()
        if self.path == "/messages":
            report = self.plays.take(body, self.headers.get("X-File-Name", ""))
            return HTTPStatus.ACCEPTED, "application/xml", report
        if self.path == "/receipts/confirm":
            try:
                names = msgspec.json.decode(body, type=dict[str, list[str]])["receipt_ids"]
            except (msgspec.DecodeError, UnicodeDecodeError, KeyError):
                raise Refused(HTTPStatus.BAD_REQUEST, "receipt_ids: a list of texts") from None
            confirmed = self.plays.clear(names[:MOST_LETTERS])
            return HTTPStatus.OK, "application/json", msgspec.json.encode({"confirmed": confirmed})
        raise Refused(HTTPStatus.NOT_FOUND, "there are /messages and /receipts/confirm")

    def _body(self) -> bytes:
        """Read a body of announced, bounded length; whatever else it is, the connection ends with the answer."""
        announced = self.headers.get("Content-Length", "")
        if not announced.isdecimal() or len(announced) > 12:
            self.close_connection = True
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "Content-Length is needed")
        if int(announced) > MAX_BYTES:
            self.close_connection = True
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {MAX_BYTES} bytes")
        body = self.rfile.read(int(announced))
        if len(body) != int(announced):
            self.close_connection = True
            raise Refused(HTTPStatus.BAD_REQUEST, "the body broke off")
        return body

    def _answer(self, work: Callable[[], tuple[HTTPStatus, str, bytes]]) -> None:
        try:
            self.plays.admit(self.headers.get("Authorization", ""))
            status, kind, body = work()
        except Refused as refusal:
            self.close_connection = self.close_connection or refusal.status == HTTPStatus.UNAUTHORIZED  # body unread
            status, kind, body = refusal.status, "text/plain; charset=utf-8", refusal.said.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")  # else the other side asks again on a line that is gone
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what was taken stands in the ledger."""


def _info_of(raw: bytes) -> TransferInfo | None:
    """Give who sends what by the envelope; None for a bare message. Raises Refused where it cannot be opened."""
    if not is_envelope(raw):
        return None
    try:
        return open_message(raw).info
    except UnreadableEnvelope as fault:
        _, meaning = response_meaning("-1201001")
        raise Refused(HTTPStatus.BAD_REQUEST, f"-1201001 {meaning}: {fault.problem.en}") from None


def _report(code: str, info: TransferInfo, now: float) -> Report:
    zh, _ = response_meaning(code)
    day = datetime.fromtimestamp(now, _CHINA).strftime("%Y-%m-%d")
    return Report(info.sender, [Response(code, f"{zh}（演示）", notice_date=day, original=info)])
