"""Delivering: what waits for each endpoint goes out in order; one that fails is left alone for a while, alone.

One process delivers at a time (it holds a lock of the database's), so that the order of an endpoint cannot break. Every
endpoint with something due is a task of its own; those that fail already share a narrow lane and are tried with one
event, so that they neither hold up others nor are knocked at with everything. An event is posted before it is written
down as delivered: after a crash it goes out again, under the same id.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db import connection as database
from django.utils import timezone

from kouan.notices.addresses import to_networks
from kouan.notices.models import Endpoint
from kouan.notices.services.endpoints import give_up_waiting, secrets_of
from kouan.notices.services.posting import Gate, Item, Line, Outcome, Poster

log = logging.getLogger("kouan.notices.delivering")

ITEMS_A_LINE = 50
LINES_AT_ONCE = 200
FAILING_AT_ONCE = 40
GIVE_UP_AFTER = timedelta(days=3)
"""An event that waited this long for an endpoint that fails is given up: it is kept, and can be sent again."""
TOO_OLD = "端点故障超过 3 天 / the endpoint failed for more than 3 days"
GONE = "端点答复 410，已停用 / the endpoint answered 410 and was closed"
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 5.0, 3600.0
_IDLE_SECONDS, _LONGEST_IDLE_SECONDS = 0.1, 0.5
_LAST_WAIT_SECONDS = 3.0
_LOCK = "deliver webhooks"

T = TypeVar("T")

_CLAIM = """
select e.id, d.id, d.event_id, d.body from notices_endpoint e
cross join lateral (
    select id, event_id, body from notices_dispatch
    where endpoint_id = e.id and state = 'waiting' order by id
    limit case when e.failures > 0 then 1 else %(items)s end
) d
where e.is_active and (e.retry_at is null or e.retry_at <= %(at)s) and e.id <> all(%(busy)s)
order by e.id, d.id
"""
_DELIVERED = "delete from notices_dispatch where id = any(%s)"
_REFUSED = """
update notices_dispatch set state = 'dead', attempts = attempts + 1, error = %s, given_up_at = %s where id = %s
"""
_ATTEMPTED = """
update notices_dispatch set attempts = attempts + 1
where id = (select id from notices_dispatch where endpoint_id = %s and state = 'waiting' order by id limit 1)
"""
_WORKS = """
update notices_endpoint set last_delivered_at = case when %(n)s > 0 then %(at)s else last_delivered_at end,
    delivered_count = delivered_count + %(n)s, failing_since = null, failures = 0, retry_at = null, last_error = ''
where id = %(id)s
"""
_FAILS = """
update notices_endpoint set last_delivered_at = case when %(n)s > 0 then %(at)s else last_delivered_at end,
    delivered_count = delivered_count + %(n)s, failing_since = coalesce(failing_since, %(at)s),
    failures = %(failures)s, retry_at = %(retry_at)s, last_error = %(error)s
where id = %(id)s and is_active
"""


def deliver_until(stop: threading.Event, *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Deliver until asked to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            asyncio.run(_deliver(stop, clock))
        except (OperationalError, InterfaceError) as error:
            log.warning("the database does not answer: %s", error)
            stop.wait(1.0)


async def _deliver(stop: threading.Event, clock: Callable[[], datetime]) -> None:
    gate = Gate(to_networks(settings.KOUAN_WEBHOOK_NETWORKS))
    with ThreadPoolExecutor(1, "webhooks-database") as thread:
        await _Rounds(stop, clock, thread, Poster(gate)).run()
        await _in(thread, database.close)
    gate.close()


class _Rounds:
    """Rounds of claiming, posting and writing down, as long as this process holds the lock."""

    def __init__(
        self,
        stop: threading.Event,
        clock: Callable[[], datetime],
        thread: ThreadPoolExecutor,
        poster: Poster,
    ) -> None:
        self._stop, self._clock, self._thread, self._poster = stop, clock, thread, poster
        self._lanes = asyncio.Semaphore(LINES_AT_ONCE), asyncio.Semaphore(FAILING_AT_ONCE)
        self._busy: dict[Any, asyncio.Task[Outcome]] = {}

    async def run(self) -> None:
        """Go round until asked to stop, then write down what is under way."""
        idle = _IDLE_SECONDS
        try:
            while not self._stop.is_set():
                if not await _in(self._thread, hold_the_lock):
                    await asyncio.sleep(_LONGEST_IDLE_SECONDS)
                    continue
                is_at_work = await self._round()
                idle = _IDLE_SECONDS if is_at_work else min(idle * 1.5, _LONGEST_IDLE_SECONDS)
                await self._wait(idle)
        finally:
            if self._busy:
                await asyncio.wait(self._busy.values(), timeout=_LAST_WAIT_SECONDS)
                for task in self._busy.values():
                    task.cancel()
            await self._write_down()

    async def _round(self) -> bool:
        is_at_work = await self._write_down()
        at = self._clock()
        for line in await _in(self._thread, lambda: claim_lines(busy=list(self._busy), at=at)):
            self._busy[line.endpoint_id] = asyncio.create_task(self._post(line))
            is_at_work = True
        return is_at_work

    async def _post(self, line: Line) -> Outcome:
        async with self._lanes[line.failures > 0]:
            return await self._poster.post_line(line)

    async def _write_down(self) -> bool:
        done = {key: task for key, task in self._busy.items() if task.done()}
        outcomes = [task.result() for task in done.values() if not task.cancelled()]
        if outcomes:
            await _in(self._thread, lambda: write_outcomes(outcomes, at=self._clock()))
        for key in done:
            del self._busy[key]
        return bool(outcomes)

    async def _wait(self, seconds: float) -> None:
        """Wait a moment, or until the first line comes back, but long enough for some to be written down together."""
        await asyncio.sleep(_IDLE_SECONDS / 5)
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(seconds)


async def _in(thread: ThreadPoolExecutor, do: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(thread, do)


def hold_the_lock() -> bool:
    """Make sure that this connection holds the lock of the one that delivers; False while another has it."""
    with database.cursor() as cursor:
        cursor.execute(
            """select exists (select 1 from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())
            or pg_try_advisory_lock(hashtextextended(%s, 0))""",
            [_LOCK],
        )
        return cursor.fetchone()[0]


def claim_lines(*, busy: Sequence[Any], at: datetime) -> list[Line]:
    """Give the lines that may be posted now."""
    asked: Any = {"items": ITEMS_A_LINE, "at": at, "busy": busy}
    with database.cursor() as cursor:
        cursor.execute(_CLAIM, asked)
        rows = cursor.fetchall()
    items: dict[Any, list[Item]] = {}
    for endpoint_id, item_id, event_id, body in rows:
        items.setdefault(endpoint_id, []).append(Item(item_id, event_id, body.encode()))
    return [
        Line(one.pk, one.url, secrets_of(one, at), items[one.pk], one.failures)
        for one in Endpoint.objects.filter(pk__in=items)
    ]


@transaction.atomic
def write_outcomes(outcomes: Sequence[Outcome], *, at: datetime) -> None:
    """Write down what came of posting."""
    gone = [item_id for outcome in outcomes for item_id in outcome.delivered]
    with database.cursor() as cursor:
        if gone:
            cursor.execute(_DELIVERED, [gone])
        for outcome in outcomes:
            for item_id, reason in outcome.refused:
                cursor.execute(_REFUSED, [reason, at, item_id])
            values = {"id": outcome.endpoint_id, "n": len(outcome.delivered), "at": at}
            if not outcome.outage:
                cursor.execute(_WORKS, values)
                continue
            failures = 1 if outcome.delivered or outcome.refused else outcome.failures + 1
            wait = wait_after(failures, outcome.retry_after)
            more = {"failures": failures, "retry_at": at + wait, "error": outcome.outage[:300]}
            cursor.execute(_ATTEMPTED, [outcome.endpoint_id])
            cursor.execute(_FAILS, values | more)
    for outcome in outcomes:
        if outcome.is_gone:
            Endpoint.objects.filter(pk=outcome.endpoint_id).update(is_active=False, retry_at=None, last_error=GONE)
            give_up_waiting(outcome.endpoint_id, reason=GONE, at=at)
        elif outcome.outage:
            give_up_waiting(outcome.endpoint_id, reason=TOO_OLD, at=at, before=at - GIVE_UP_AFTER)


def wait_after(failures: int, retry_after: int = 0) -> timedelta:
    """Give how long an endpoint is left alone after so many failures in a row: doubling, spread, at most an hour.

    retry_after: the seconds for which the endpoint itself asked.
    """
    seconds = min(_FIRST_WAIT_SECONDS * 2 ** min(failures - 1, 20), _LONGEST_WAIT_SECONDS)
    return timedelta(seconds=max(seconds * random.uniform(0.8, 1.2), retry_after))
