"""tells events to a thousand subscribers of which some are dead: nothing lost, nobody else late.

The teller of ``./kouan up`` runs over a database of its own; events happen to one case that concerns every subscriber.
A receiver on this machine notes when each event came to each endpoint. Some endpoints refuse connections, some take
them and never answer. Beside it, in the same run: the same posts by a bare HTTP client, without database or signature.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpcore
from benchmarks.serving import served

BARE_AT_ONCE = 200
POLL_SECONDS = 0.1
LONGEST_SECONDS = 300.0
_TOPIC = "case.released"


def main(words: list[str]) -> int:
    """Measure and print one table, or one JSON object."""
    parser = argparse.ArgumentParser(prog="kouan bench webhooks", description=__doc__)
    parser.add_argument("--subscribers", type=int, default=1000, help="订阅端点数 / endpoints")
    parser.add_argument("--events", type=int, default=10, help="每轮事件数 / events a run")
    parser.add_argument("--every", type=float, default=1.0, help="事件间隔秒数 / seconds between events")
    parser.add_argument("--dead", type=float, default=0.1, help="失效端点比例 / share of dead endpoints")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    args = parser.parse_args(words)
    os.environ["KOUAN_WEBHOOK_NETWORKS"] = "127.0.0.0/8"
    with served(names=("web",)) as system, receiving() as receiver:
        town = Town(args.subscribers)
        system.start("tell")
        rows = [
            tell("all alive", town, receiver, args, dead=0),
            tell("some dead", town, receiver, args, dead=int(args.subscribers * args.dead)),
            bare(receiver, args.subscribers * args.events),
        ]
    print(json.dumps(rows) if args.json else table(rows))
    return 0


# The receiver --------------------------------------------------------------------------------------------------------


@dataclass
class Receiver:
    """What came, and when: for each endpoint the ids of events with the time of their arrival."""

    port: int = 0
    silent_port: int = 0
    came: dict[str, list[tuple[str, float]]] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer 204 to every post on a connection, and note it."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.split(b"\r\n")
                named = dict(line.lower().split(b": ", 1) for line in lines[1:] if b": " in line)
                await reader.readexactly(int(named[b"content-length"]))
                path = lines[0].split()[1].decode()
                self.came.setdefault(path, []).append((named.get(b"webhook-id", b"").decode(), time.time()))
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()

    async def keep_silent(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take what comes and never answer."""
        try:
            while await reader.read(65536):
                pass
        except (asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver in a thread of its own."""
    receiver, loop = Receiver(), asyncio.new_event_loop()

    async def open_ports() -> None:
        server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, backlog=2048)
        silent = await asyncio.start_server(receiver.keep_silent, "127.0.0.1", 0, backlog=2048)
        receiver.port = server.sockets[0].getsockname()[1]
        receiver.silent_port = silent.sockets[0].getsockname()[1]

    loop.run_until_complete(open_ports())

    async def close() -> None:
        open_lines = asyncio.all_tasks() - {asyncio.current_task()}
        for line in open_lines:
            line.cancel()
        await asyncio.gather(*open_lines, return_exceptions=True)
        loop.stop()

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        asyncio.run_coroutine_threadsafe(close(), loop)
        thread.join(5)


# Telling -------------------------------------------------------------------------------------------------------------


class Town:
    """One case that concerns as many organisations as there are subscribers."""

    def __init__(self, size: int) -> None:
        from django.utils import timezone

        from kouan.accounts.models import Organisation
        from kouan.declarations.models import Case
        from kouan.kernel.identifiers import uuid7

        self.organisations = [uuid7() for _ in range(size)]
        since = timezone.localdate()
        Organisation.objects.bulk_create(
            Organisation(id=pk, name_zh=f"演示订阅单位{number}", kinds=["agent"], since=since, is_demo=True)
            for number, pk in enumerate(self.organisations)
        )
        self.case_id: UUID = uuid7()
        at = timezone.now()
        Case.objects.create(
            id=self.case_id, internal_no="BENCH-1", declarant_code="4201960001", declarant_name="演示",
            merchant_code="1", merchant_name="演示", platform_code="1", order_no="1", carrier_code="1", waybill_no="1",
            customs_code="4722", trade_mode="9610", departure_country="601", gross_weight_kg=1, total_value=1,
            parties=self.organisations,
            sender_id=self.organisations[0], connection_id=uuid7(), message_id=uuid7(), version=1, state="released",
            waits_for="operator", state_since=at, received_at=at, is_demo=True,
        )  # fmt: skip

    def open_endpoints(self, receiver: Receiver, dead: int) -> dict[UUID, str]:
        """Open one endpoint an organisation, the first ones dead; give the paths of those that live."""
        from django.utils import timezone

        from kouan.notices.models import Dispatch, Endpoint

        Endpoint.objects.all().delete()
        Dispatch.objects.all().delete()
        live, made = {}, []
        for number, organisation_id in enumerate(self.organisations):
            port = receiver.port if number >= dead else (receiver.silent_port if number % 2 else 1)
            endpoint = Endpoint(
                organisation_id=organisation_id, name=str(number), url=f"http://127.0.0.1:{port}/{number}",
                topics=[_TOPIC], created_at=timezone.now(),
            )  # fmt: skip
            made.append(endpoint)
            if number >= dead:
                live[endpoint.pk] = f"/{number}"
        Endpoint.objects.bulk_create(made, batch_size=500)
        return live


def tell(name: str, town: Town, receiver: Receiver, args: argparse.Namespace, *, dead: int) -> dict[str, Any]:
    """Let events happen and wait until every living endpoint has them all; say how late they came."""
    from django.utils import timezone

    from kouan.notices.models import Dispatch
    from kouan.workflow.models import Event
    from kouan.workflow.services import Happening, record_events

    live = town.open_endpoints(receiver, dead)
    receiver.came.clear()
    known = set(Event.objects.values_list("pk", flat=True))
    happened: dict[str, float] = {}
    for _ in range(args.events):
        record_events([Happening(town.case_id, "case", "stand", "awaiting_answer", "released")], at=timezone.now())
        [new] = set(Event.objects.values_list("pk", flat=True)) - known
        known.add(new)
        happened[str(new)] = time.time()
        time.sleep(args.every)
    wanted = len(live) * args.events
    end = time.monotonic() + LONGEST_SECONDS
    while sum(len(came) for came in list(receiver.came.values())) < wanted and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
    last = max((at for came in receiver.came.values() for _, at in came), default=0.0)
    delays = sorted(at - happened[event] for came in receiver.came.values() for event, at in came)
    order = list(happened)
    kept = Dispatch.objects.exclude(endpoint_id__in=list(live)).count()
    return {
        "run": name,
        "endpoints": len(town.organisations),
        "dead": dead,
        "posts": len(delays),
        "a_second": len(delays) / (last - min(happened.values())),
        "delays": [delays[int(len(delays) * share)] for share in (0.5, 0.95, 0.99)] + [delays[-1]],
        "lost": sum(
            set(order) - {event for event, _ in receiver.came.get(path, [])} != set() for path in live.values()
        ),
        "out_of_order": sum([event for event, _ in receiver.came.get(path, [])] != order for path in live.values()),
        "kept_for_the_dead": f"{kept} of {dead * args.events}",
    }


def bare(receiver: Receiver, posts: int) -> dict[str, Any]:
    """Post as many times with a bare client, as fast as it goes."""
    receiver.came.clear()
    body = b'{"type":"case.released"}' + b" " * 400

    async def run() -> float:
        gate = asyncio.Semaphore(BARE_AT_ONCE)

        async def post(number: int) -> None:
            url = httpcore.URL(f"http://127.0.0.1:{receiver.port}/{number}")
            async with gate, httpcore.AsyncHTTPConnection(url.origin) as connection:
                await connection.request("POST", url, content=body)

        started = time.monotonic()
        await asyncio.gather(*(post(number) for number in range(posts)))
        return time.monotonic() - started

    seconds = asyncio.run(run())
    return {"run": "limit: bare HTTP", "posts": posts, "a_second": posts / seconds}


def table(rows: list[dict[str, Any]]) -> str:
    """Give the rows as a table."""
    heads = ["run", "endpoints", "dead", "posts", "posts/s", "p50 s", "p95 s", "p99 s", "max s", "lost", "out of order",
             "kept for the dead"]  # fmt: skip
    cells = [
        [
            row["run"], str(row.get("endpoints", "")), str(row.get("dead", "")), str(row["posts"]),
            f"{row['a_second']:.0f}", *(f"{delay:.2f}" for delay in row.get("delays", [])),
            *([""] * (4 - len(row.get("delays", [])))), str(row.get("lost", "")), str(row.get("out_of_order", "")),
            row.get("kept_for_the_dead", ""),
        ]
        for row in rows
    ]  # fmt: skip
    widths = [max(len(line[place]) for line in [heads, *cells]) for place in range(len(heads))]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
                     for line in [heads, *cells])  # fmt: skip
