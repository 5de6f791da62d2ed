"""opens the doors of a system that holds a million rows: lists, filters, search, details and one POST, by many at once.

The store is filled by set-based SQL; then signed-in people (port office, a firm with eight per cent of the cases, a
firm with twenty, officers) ask for pages and a channel posts one list a request. Before the clock starts, all tables
are analysed and every user has asked each page some times, so that caches and compiled templates are warm. Each number
of users is measured twice: asking again a second after each answer, as a quick clerk does, and at once, which shows the
most that the machine gives. ``--set desks`` measures the broker's queue and the lists of goods, exports, unplaced
answers and readings of personal data over a million declarations more. Beside it, in the same run: the web server's
emptiest answer and a bare round trip to PostgreSQL.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, product
from typing import Any

import httpx
from benchmarks import intake, stored
from benchmarks.serving import Served, served
from benchmarks.stored_goods import fill_goods

USERS = (10, 40)
PAUSES = (1.0, 0.0)
WARM = 4
"""So many times everybody asks side by side before the clock starts: every process and connection sees every page."""
PAGE_GOAL_MS, POST_GOAL_MS = 100, 40
FILTERS = ("state=held", "waits=customs", "state=released&state=closed", "waits=nobody&mode=1210", "state=mismatched")

Ask = Callable[[], object]
"""One request by one user; raises when the answer is not the expected one."""


@dataclass(frozen=True)
class Person:
    """A signed-in person: the cookie of the session, and numbers and ids of cases that the person may see."""

    name: str
    cookie: str
    cases: list[tuple[str, str]]


def main(words: list[str]) -> int:
    """Measure and print one table, or one JSON object."""
    parser = argparse.ArgumentParser(prog="kouan bench doors", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="预先入库的办件数 / cases stored before")
    parser.add_argument("--seconds", type=float, default=20.0, help="每项秒数 / seconds for each door")
    parser.add_argument("--set", choices=["cases", "desks"], default="cases", help="测哪些页面 / which pages")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    args = parser.parse_args(words)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with served() as system:
        token = intake.open_channel("off")
        started = time.monotonic()
        people = prepare(args.cases, with_goods=args.set == "desks")
        found: dict[str, Any] = {"cases": args.cases, "filled_seconds": time.monotonic() - started, "doors": []}
        chosen = doors(system, people, token) if args.set == "cases" else desks(system, people)
        for make in chosen.values():
            warm(make, len(people))
        for name, make in (chosen | limits(system)).items():
            for users, pause in product(USERS, PAUSES):
                measured = {"door": name, "users": users, "pause": pause}
                found["doors"].append(measured | measure(make, users, args.seconds, pause))
    print(json.dumps(found) if args.json else table(found))
    return 0


# People and their cases ----------------------------------------------------------------------------------------------


def prepare(cases: int, *, with_goods: bool = False) -> list[Person]:
    """Fill the store and sign the people in. with_goods: as many goods declarations and entries of the audit too."""
    from django.db import connection

    from kouan.accounts.factories import make_organisation, make_user

    platform, big, small = (make_organisation("platform"), make_organisation("agent"), make_organisation("agent"))
    others = [make_organisation("agent").pk for _ in range(stored.OTHER_FIRMS)]
    firms = stored.Firms(platform.pk, big.pk, small.pk, others, platform.pk)
    with connection.cursor() as cursor:
        stored.fill(cursor, cases, firms, exports=3 if with_goods else 0)
        if with_goods:
            fill_goods(cursor, cases, firms, make_user(organisation=big).pk)
        cursor.execute("analyze")
    users = {
        "port office": make_user("port_office_clerk"),
        "firm with 30 %": make_user(organisation=platform),
        "firm with 8 %": make_user(organisation=big),
        "firm with 20 cases": make_user(organisation=small),
        "customs officer": make_user("officer", agency="customs"),
        "tax officer": make_user("officer", agency="tax"),
        "auditor": make_user("audit_admin"),
    }
    return [
        Person(name, sign_in(user), some_goods(user) if with_goods else some_cases(user))
        for name, user in users.items()
    ]


def sign_in(user: Any) -> str:
    """Make the session of a person and return its key."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "kouan.accounts.sessions.PersonBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    assert session.session_key
    return session.session_key


def some_cases(user: Any) -> list[tuple[str, str]]:
    """Give ids and numbers of cases that a person may see: some of the youngest, some of the oldest."""
    from kouan.declarations import selectors as declarations

    cases = declarations.list_cases(user)
    some = [*cases.order_by("-pk")[:100], *cases.order_by("pk")[:100]]
    return [(str(case.pk), case.internal_no) for case in some]


def some_goods(user: Any) -> list[tuple[str, str]]:
    """Give ids and numbers of goods declarations that a person may see: some of the youngest, some of the oldest."""
    from kouan.goods import selectors as goods

    rows = goods.list_goods(user)
    some = [*rows.order_by("-pk")[:100], *rows.order_by("pk")[:100]]
    return [(str(one.pk), one.client_no) for one in some]


# Doors ---------------------------------------------------------------------------------------------------------------


Door = Callable[[int], Ask]
"""A maker of requests for the n-th user."""


def page(system: Served, people: list[Person], address: Callable[[Person, int], str]) -> Door:
    """Give a page that people open in turn. address: for a person and the turn."""
    site = system.url.removesuffix("/api/v1")

    def make(number: int) -> Ask:
        person, turns = people[number % len(people)], count(number)
        http = httpx.Client(cookies={"sessionid": person.cookie}, timeout=60)

        def ask() -> None:
            answer = http.get(site + address(person, next(turns)))
            assert answer.status_code == 200, f"{answer.status_code} {answer.url} for the {person.name}"

        return ask

    return make


def one_of(person: Person, turn: int) -> tuple[str, str]:
    """Give the id and number of a case that a person may see."""
    return person.cases[turn * 37 % len(person.cases)]


def doors(system: Served, people: list[Person], token: str) -> dict[str, Door]:
    """Give the doors of parcels."""
    from django.urls import reverse

    people = [person for person in people if person.cases]
    cases = reverse("cases")
    pages: dict[str, Callable[[Person, int], str]] = {
        "case list": lambda person, turn: cases,
        "filtered list": lambda person, turn: f"{cases}?{FILTERS[turn % len(FILTERS)]}",
        "search by number": lambda person, turn: f"{cases}?q={one_of(person, turn)[1]}",
        "search, nothing there": lambda person, turn: f"{cases}?q=NOWHERE{turn}",
        "case detail": lambda person, turn: reverse("case", args=[one_of(person, turn)[0]]),
    }
    made = {name: page(system, people, address) for name, address in pages.items()}
    return made | {"POST of one list": posting(system, token)}


QUEUE_FILTERS = ("waits=tax", "due=late", "waits=to_check", "document=goods_draft", "waits=to_send&waits=to_sign",
                 "due=none", "sort=due", "sort=-due", "sort=client", "client=4201900007")  # fmt: skip
GOODS_FILTERS = ("state=returned", "direction=E", "due_for=declare", "tax=due", "state=sent&state=declared")
READING_FILTERS = ("act=see_personal_data", "subject=case", "q=NOWHERE")


def desks(system: Served, people: list[Person]) -> dict[str, Door]:
    """Give the broker's queue, and the lists of goods, exports, unplaced answers and readings."""
    from django.urls import reverse

    known = {person.name: person for person in people}
    firms = [known[name] for name in ("firm with 30 %", "firm with 8 %", "firm with 20 cases")]
    office, auditor = [known["port office"]], [known["auditor"]]
    sight = [*firms, *office, known["customs officer"]]
    queue, goods, cases = reverse("broker-queue"), reverse("goods"), reverse("cases")
    unplaced, readings = reverse("unplaced-goods"), reverse("personal-readings")
    pages: dict[str, tuple[list[Person], Callable[[Person, int], str]]] = {
        "broker's queue": (firms, lambda person, turn: queue),
        "queue, filtered, sorted": (firms, lambda person, turn: f"{queue}?{QUEUE_FILTERS[turn % len(QUEUE_FILTERS)]}"),
        "queue, search": (firms, lambda person, turn: f"{queue}?q={one_of(person, turn)[1]}"),
        "queue, search by sound": (firms, lambda person, turn: f"{queue}?q=yanshi"),
        "goods": (sight, lambda person, turn: goods),
        "goods, filtered": (sight, lambda person, turn: f"{goods}?{GOODS_FILTERS[turn % len(GOODS_FILTERS)]}"),
        "goods, search": (sight, lambda person, turn: f"{goods}?q={one_of(person, turn)[1]}"),
        "goods drafts": (firms, lambda person, turn: reverse("goods-drafts")),
        "applications": (sight, lambda person, turn: reverse("goods-applications")),
        "exports": (sight, lambda person, turn: f"{cases}?direction=E"),
        "unplaced answers": (office, lambda person, turn: f"{unplaced}?{('', 'waiting=yes', 'q=I1')[turn % 3]}"),
        "readings of personal data": (auditor, lambda person, turn: readings),
        "readings, filtered": (
            auditor, lambda person, turn: f"{readings}?{READING_FILTERS[turn % len(READING_FILTERS)]}"
        ),
    }  # fmt: skip
    return {name: page(system, who, address) for name, (who, address) in pages.items()}


def limits(system: Served) -> dict[str, Door]:
    """Give what no page can undercut."""
    everybody = [Person("everybody", "", [])]
    return {
        "limit: /health/live": page(system, everybody, lambda person, turn: "/health/live"),
        "limit: bare select 1": select_one(system),
    }


def posting(system: Served, token: str) -> Door:
    """Give the door by which messages come in, with one list of its own for every request."""
    lists = [raw for kind, raw in intake.make_base(1) if kind == "621"]
    lock, bodies = threading.Lock(), renumbered(lists)

    def make(number: int) -> Ask:
        http = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60)

        def ask() -> None:
            with lock:
                body = next(bodies)
            http.post(f"{system.url}/messages", content=body).raise_for_status()

        return ask

    return make


def renumbered(lists: list[bytes]) -> Iterator[bytes]:
    """Give lists without end, each under numbers of its own."""
    for turn in range(1000):
        for raw in lists:
            yield intake.renumber(raw, turn)


def select_one(system: Served) -> Door:
    """Give the round trip to PostgreSQL that nothing can undercut."""
    import psycopg

    def make(number: int) -> Ask:
        database = psycopg.connect(system.cluster.url(), autocommit=True)
        return lambda: database.execute("select 1").fetchone()

    return make


# Measuring -----------------------------------------------------------------------------------------------------------


def warm(make: Door, users: int) -> None:
    """Let everybody open a page some times before it is measured."""
    asks = [make(number) for number in range(users)]
    with ThreadPoolExecutor(users) as pool:
        for _time in range(WARM):
            list(pool.map(lambda ask: ask(), asks))


def measure(make: Door, users: int, seconds: float, pause: float) -> dict[str, float]:
    """Let every user ask again and again; give the median and the 95th percentile in milliseconds.

    pause: seconds between an answer and the next request, for each user between half and one and a half of it.
    """
    waits: list[float] = []
    failures: list[BaseException] = []
    asks = [make(number) for number in range(users)]
    end = time.monotonic() + seconds

    def user(ask: Ask, chance: random.Random) -> None:
        try:
            ask()  # the first request opens the connection
            while time.monotonic() < end:
                time.sleep(pause * chance.uniform(0.5, 1.5))
                started = time.monotonic()
                ask()
                waits.append(time.monotonic() - started)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=user, args=(ask, random.Random(at))) for at, ask in enumerate(asks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    waits.sort()
    return {
        "requests": len(waits),
        "median_ms": 1000 * waits[len(waits) // 2],
        "p95_ms": 1000 * waits[int(len(waits) * 0.95)],
        "load": os.getloadavg()[0],
    }


def table(found: dict[str, Any]) -> str:
    """Give the figures as one table."""
    lines = [
        f"{found['cases']:,} cases stored in {found['filled_seconds']:.0f} s, analysed, every page asked before ·"
        f" goals: pages under {PAGE_GOAL_MS} ms at"
        f" the 95th percentile with 10 users, POST median under {POST_GOAL_MS} ms",
        "",
        f"{'':24}{'users':>6}{'pause s':>9}{'requests':>10}{'median ms':>11}{'p95 ms':>9}{'load':>7}",
    ]
    for one in found["doors"]:
        lines.append(
            f"{one['door']:24}{one['users']:6}{one['pause']:9.0f}{one['requests']:10,}{one['median_ms']:11.1f}{one['p95_ms']:9.1f}"
            f"{one['load']:7.1f}"
        )
    return "\n".join(lines)
