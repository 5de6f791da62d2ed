"""The live line: who may follow, that each change is said once, and that nothing is missed in between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from kouan.accounts.factories import make_user
from kouan.kernel.identifiers import uuid7
from kouan.notices import live
from kouan.notices.live import Hub, Live, Watched, find_person, is_own_origin, live_origin
from kouan.notices.tests.loops import run_alone

PK = uuid7()


class Page:
    """A browser's end of a line: what was asked, and what came."""

    def __init__(self, *, path: str = f"/live/thing/{PK}", query: str = "", **headers: str) -> None:
        given = {"host": "localhost:8001"} | {name.replace("_", "-"): value for name, value in headers.items()}
        self.scope = {
            "type": "http", "method": "GET", "path": path, "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        }  # fmt: skip
        self.status, self.headers, self.came = 0, dict[bytes, bytes](), ""
        self._gone = asyncio.Event()
        self._something = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.headers |= dict(message.get("headers", ()))
        self.came += message.get("body", b"").decode()
        self._something.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not is_so():
                self._something.clear()
                await self._something.wait()

    def leave(self) -> None:
        self._gone.set()


@pytest.fixture
def marks(monkeypatch):
    """The marks of things, as the database would give them; everybody with the cookie "good" may follow."""
    now = {PK: "1"}
    monkeypatch.setattr(live, "_kinds", {"thing": Watched(lambda user, pk: True, lambda ids: now)})
    monkeypatch.setattr(live, "may_follow", lambda cookies, kind, pk: "me" if cookies == "good" else None)
    monkeypatch.setattr(live, "SECONDS_A_LOOK", 0.001)
    return now


def run(play: Callable[[Live], Any]) -> None:
    async def all_of_it() -> None:
        await play(Live())

    run_alone(all_of_it())


def test_it_works(marks):
    async def play(application: Live) -> None:
        page = Page(query="mark=1", cookie="good", origin="http://localhost:8000")
        serving = asyncio.create_task(application(page.scope, page.receive, page.send))
        await page.until(lambda: "retry" in page.came)
        marks[PK] = "2"
        await page.until(lambda: "id: 2" in page.came)
        marks[PK] = "3"
        await page.until(lambda: "id: 3" in page.came)
        page.leave()
        await serving
        assert page.came.count("event: changed") == 2
        assert page.headers[b"content-type"].startswith(b"text/event-stream")
        assert page.headers[b"access-control-allow-origin"] == b"http://localhost:8000"
        assert application.hub.count == 0

    run(play)


@pytest.mark.parametrize("given", [{"query": "mark=0"}, {"last_event_id": "0", "query": "mark=1"}, {}])
def test_what_changed_before_the_line_was_opened_is_said_at_once(marks, given):
    async def play(application: Live) -> None:
        page = Page(cookie="good", **given)
        serving = asyncio.create_task(application(page.scope, page.receive, page.send))
        await page.until(lambda: "id: 1" in page.came)
        page.leave()
        await serving

    run(play)


def test_a_second_page_of_the_same_case_is_told_too(marks):
    async def play(application: Live) -> None:
        pages = [Page(cookie="good", query="mark=0"), Page(cookie="good", query="mark=0")]
        serving = []
        for page in pages:
            serving.append(asyncio.create_task(application(page.scope, page.receive, page.send)))
            await page.until(lambda page=page: "id: 1" in page.came)
        for page in pages:
            page.leave()
        await asyncio.gather(*serving)

    run(play)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"cookie": "bad"}, 404),
        ({}, 404),
        ({"cookie": "good", "path": "/live/thing/none"}, 404),
        ({"cookie": "good", "path": "/"}, 404),
        ({"cookie": "good", "origin": "https://evil.example"}, 403),
        ({"cookie": "good", "origin": "null"}, 403),
        ({"cookie": "good", "host": "evil.example"}, 403),
        ({"path": "/live/health"}, 200),
    ],
)
def test_refusals(marks, given, status):
    async def play(application: Live) -> None:
        page = Page(**given)
        await application(page.scope, page.receive, page.send)
        assert page.status == status and "retry" not in page.came
        assert status != 403 or b"access-control-allow-origin" not in page.headers

    run(play)


def test_who_may_no_longer_see_the_case_is_told_nothing_more(marks, monkeypatch):
    async def play(application: Live) -> None:
        page = Page(query="mark=1", cookie="good")
        serving = asyncio.create_task(application(page.scope, page.receive, page.send))
        await page.until(lambda: "retry" in page.came)
        monkeypatch.setattr(live, "may_follow", lambda cookies, kind, pk: None)
        marks[PK] = "2"
        await serving
        assert "changed" not in page.came

    run(play)


def test_a_person_has_no_more_lines_than_pages(marks, monkeypatch):
    monkeypatch.setattr(live, "MOST_STREAMS_A_PERSON", 1)

    async def play(application: Live) -> None:
        first, second = Page(cookie="good"), Page(cookie="good")
        serving = asyncio.create_task(application(first.scope, first.receive, first.send))
        await first.until(lambda: "retry" in first.came)
        await application(second.scope, second.receive, second.send)
        assert second.status == 503
        first.leave()
        await serving

    run(play)


def test_origins():
    assert is_own_origin("http://10.1.2.3:8000", "10.1.2.3:8001")
    assert not is_own_origin("http://10.1.2.4:8000", "10.1.2.3:8001")
    assert not is_own_origin("http://[", "10.1.2.3:8001")


def test_the_pages_name_the_line_as_they_were_reached(settings):
    request = RequestFactory().get("/", HTTP_HOST="localhost:8000")
    settings.KOUAN_LIVE_PORT = 0
    assert live_origin(request) == ""
    settings.KOUAN_LIVE_PORT = 8001
    assert live_origin(request) == "http://localhost:8001"
    settings.KOUAN_LIVE_ADDRESS = "https://kouan.example"
    assert live_origin(request) == "https://kouan.example"


@pytest.mark.django_db
@pytest.mark.service
class TestThePerson:
    def cookies_of(self, user: Any, **session: Any) -> str:
        client = Client()
        client.force_login(user)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        if session:
            store = import_module(settings.SESSION_ENGINE).SessionStore(key)
            store.update(session)
            store.save()
        return f"a=b; {settings.SESSION_COOKIE_NAME}={key}"

    def test_it_is_the_one_of_the_session(self):
        user = make_user()
        assert find_person(self.cookies_of(user)) == user

    @pytest.mark.parametrize("cookies", ["", "sessionid=", "sessionid=nothing", "\x00", "sessionid=" + "x" * 5000])
    def test_nobody(self, cookies):
        assert find_person(cookies) is None

    def test_who_is_idle_suspended_or_has_a_first_password_follows_nothing(self):
        assert find_person(self.cookies_of(make_user(), seen_at=1.0)) is None
        assert find_person(self.cookies_of(make_user(must_change_password=True))) is None
        gone = make_user()
        cookies = self.cookies_of(gone)
        gone.is_active = False
        gone.save()
        assert find_person(cookies) is None

    def test_a_case_is_followed_by_those_who_see_it_alone(self, monkeypatch):
        user, stranger = make_user(), make_user()
        see = Watched(lambda who, pk: who == user, lambda ids: {})
        monkeypatch.setattr(live, "_kinds", {"thing": see})
        assert live.may_follow(self.cookies_of(user), "thing", PK) == user.pk
        assert live.may_follow(self.cookies_of(stranger), "thing", PK) is None
        assert live.may_follow(self.cookies_of(user), "other", UUID(int=1)) is None


def test_a_hub_without_lines_looks_no_more(marks):
    async def play() -> None:
        hub = Hub()
        with hub.watching(("thing", PK), "me"):
            looking = hub._looking
            assert looking is not None
        await looking

    run_alone(play())
