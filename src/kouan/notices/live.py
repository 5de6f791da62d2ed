"""The live line: an open page of a case is told by server-sent events that something changed, and asks for it anew.

An ASGI application of its own, in one process: a stream is held open without a thread. Once a second it asks the
database for the marks of all cases that are watched, in one question a kind. What goes over the line is that a case
changed, never what: the page fetches that through its own door. Who follows is asked when the line is opened and every
minute after.

Source: HTML Living Standard, 9.2 server-sent events.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host

from kouan.accounts.middleware import is_idle, is_too_long

if TYPE_CHECKING:
    from kouan.accounts.models import User

log = logging.getLogger("kouan.notices.live")

SECONDS_A_LOOK = 1.0
SECONDS_A_BEAT = 15.0
SECONDS_A_CHECK = 60.0
LONGEST_SECONDS = 600.0
MOST_STREAMS = 2000
MOST_STREAMS_A_PERSON = 12
RETRY_MILLISECONDS = 3000

Scope = Mapping[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
_PATH = re.compile(r"/live/([a-z_]{1,40})/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Watched:
    """How one kind of case is watched: who may, and what tells that it changed."""

    may_see: Callable[[User, UUID], bool]
    marks_of: Callable[[Collection[UUID]], Mapping[UUID, str]]


_kinds: dict[str, Watched] = {}


def register_live(
    kind: str,
    may_see: Callable[[User, UUID], bool],
    marks_of: Callable[[Collection[UUID]], Mapping[UUID, str]],
) -> None:
    """Say how an app's cases are watched; called from ``ready()``."""
    _kinds[kind] = Watched(may_see, marks_of)


def live_origin(request: HttpRequest) -> str:
    """Give the origin of the live line as the browser reaches it; empty where none is served."""
    if settings.KOUAN_LIVE_ADDRESS:
        return settings.KOUAN_LIVE_ADDRESS
    if not settings.KOUAN_LIVE_PORT:
        return ""
    host = split_domain_port(request.get_host())[0]
    return f"{request.scheme}://{host}:{settings.KOUAN_LIVE_PORT}"


def mark_of(kind: str, pk: UUID) -> str:
    """Give the mark of a case as it stands now."""
    return _kinds[kind].marks_of([pk]).get(pk, "")


# Who asks ------------------------------------------------------------------------------------------------------------


def find_person(cookies: str) -> User | None:
    """Find the person of a session who may work now, from the header with the cookies; None for nobody."""
    try:
        jar = SimpleCookie(cookies)
    except CookieError:
        return None
    kept = jar.get(settings.SESSION_COOKIE_NAME)
    if kept is None:
        return None
    request = HttpRequest()
    request.session = SessionStore(kept.value)
    now = time.time()
    if is_idle(request.session, now) or is_too_long(request.session, now):
        return None
    user: Any = auth.get_user(request)
    return user if user.is_authenticated and not user.has_to_change_password else None


def may_follow(cookies: str, kind: str, pk: UUID) -> Any:
    """Give the id of the person behind the cookies when the case may be seen; None otherwise."""
    user = find_person(cookies)
    return user.pk if user is not None and kind in _kinds and _kinds[kind].may_see(user, pk) else None


def is_own_origin(origin: str, host: str) -> bool:
    """Whether a page of ours asks: its origin has the name under which we are asked, or is trusted by the settings."""
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        return urlsplit(origin).hostname == urlsplit(f"//{host}").hostname
    except ValueError:
        return False


# The line ------------------------------------------------------------------------------------------------------------


class Hub:
    """All open lines of this process, and the one look at the database for them."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "live-database")
        self._lines: dict[tuple[str, UUID], set[asyncio.Event]] = {}
        self._marks: dict[tuple[str, UUID], str] = {}
        self._persons: Counter[Any] = Counter()
        self._looking: asyncio.Task[None] | None = None

    async def ask(self, do: Callable[[], Any]) -> Any:
        """Ask the database in the one thread that does so; a connection that broke is left behind."""

        def run() -> Any:
            try:
                return do()
            except DatabaseError:
                connection.close()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)

    @property
    def count(self) -> int:
        """How many lines are open."""
        return self._persons.total()

    def has_room(self, person: Any) -> bool:
        """Whether one more line may be opened for a person."""
        return self.count < MOST_STREAMS and self._persons[person] < MOST_STREAMS_A_PERSON

    @contextlib.contextmanager
    def watching(self, key: tuple[str, UUID], person: Any) -> Any:
        """Watch a case: gives the event that is set whenever its mark has changed."""
        event = asyncio.Event()
        if key in self._marks:
            event.set()
        self._lines.setdefault(key, set()).add(event)
        self._persons[person] += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield event
        finally:
            self._persons[person] -= 1
            self._lines[key].discard(event)
            if not self._lines[key]:
                del self._lines[key]
                self._marks.pop(key, None)

    def mark(self, key: tuple[str, UUID]) -> str:
        """The mark of a watched case as it was seen last; empty before the first look."""
        return self._marks.get(key, "")

    async def _look(self) -> None:
        """Look at all watched cases once a second, as long as there are any."""
        while self._lines:
            for kind in {kind for kind, _ in self._lines}:
                ids = [pk for one, pk in self._lines if one == kind]
                try:
                    marks = await self.ask(lambda kind=kind, ids=ids: _kinds[kind].marks_of(ids))
                except DatabaseError as error:
                    log.warning("the database does not answer: %s", error)
                    continue
                self._note(kind, marks)
            await asyncio.sleep(SECONDS_A_LOOK)

    def _note(self, kind: str, marks: Mapping[UUID, str]) -> None:
        for pk, mark in marks.items():
            key = (kind, pk)
            if key in self._lines and self._marks.get(key) != mark:
                self._marks[key] = mark
                for event in self._lines[key]:
                    event.set()


class Live:
    """The ASGI application."""

    def __init__(self) -> None:
        self.hub = Hub()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request: a line, or a plain refusal."""
        if scope["type"] == "lifespan":
            await _live_and_end(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        found = _PATH.fullmatch(scope["path"])
        origin, cookies = headers.get("origin", ""), headers.get("cookie", "")
        if found is None or scope["method"] != "GET":
            await _say(send, 200 if scope["path"] == "/live/health" else 404)
            return
        key = (found[1], UUID(found[2]))
        status, person = await self._judge(key, headers.get("host", ""), origin, cookies)
        if status != 200:
            await _say(send, status, "" if status == 403 else origin)
            return
        query = parse_qs(scope["query_string"].decode("latin-1"))
        known = headers.get("last-event-id") or query.get("mark", [""])[0]
        with self.hub.watching(key, person) as changed:
            await send({"type": "http.response.start", "status": 200, "headers": _headers(origin)})
            stream = asyncio.create_task(self._stream(send, key, cookies, known, changed))
            gone = asyncio.create_task(_until_gone(receive))
            _, pending = await asyncio.wait({stream, gone}, return_when=asyncio.FIRST_COMPLETED)
            for task in pending:
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError, RuntimeError):
                await stream

    async def _judge(self, key: tuple[str, UUID], host: str, origin: str, cookies: str) -> tuple[int, Any]:
        """Say whether a line may be opened (200), or why not; and to whom."""
        if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
            return 403, None
        if origin and not is_own_origin(origin, host):
            return 403, None
        try:
            person = await self.hub.ask(lambda: may_follow(cookies, *key))
        except DatabaseError:
            return 503, None
        if person is None:
            return 404, None
        return (200 if self.hub.has_room(person) else 503), person

    async def _stream(
        self, send: Send, key: tuple[str, UUID], cookies: str, known: str, changed: asyncio.Event
    ) -> None:
        """Say each change, a beat where there is none, and end after a while: the browser opens a new line."""
        began = checked_at = time.monotonic()
        await _write(send, f"retry: {RETRY_MILLISECONDS}\n\n")
        while time.monotonic() - began < LONGEST_SECONDS:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), SECONDS_A_BEAT)
            changed.clear()
            mark = self.hub.mark(key)
            if time.monotonic() - checked_at > SECONDS_A_CHECK or (mark and mark != known):
                checked_at = time.monotonic()
                if await self.hub.ask(lambda: may_follow(cookies, *key)) is None:
                    break
            if mark and mark != known:
                known = mark
                await _write(send, f"event: changed\nid: {mark}\ndata: {key[1]}\n\n")
            else:
                await _write(send, ": \n\n")
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _headers(origin: str, content_type: bytes = b"text/event-stream; charset=utf-8") -> list[tuple[bytes, bytes]]:
    headers = [(b"content-type", content_type), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    if origin:
        headers += [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
            (b"vary", b"origin"),
        ]
    return headers


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _say(send: Send, status: int, origin: str = "") -> None:
    await send({"type": "http.response.start", "status": status, "headers": _headers(origin, b"text/plain")})
    await send({"type": "http.response.body", "body": str(status).encode()})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _live_and_end(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
