"""sends parcel sets through the HTTP door until their receipts are committed, beside the bare pipeline as limit.

Invented lists (one to five goods lines, 100 nodes a message, many messages a body) with their orders, payments and
waybills go through the real web server, workers and PostgreSQL with fsync on. The bare pipeline parses the same
messages with lxml, hashes them and copies the same rows, without checking, matching, routing or answering.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import logging
import multiprocessing
import threading
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from benchmarks.serving import Served, rows, served

PER_MESSAGE = 100
BASE_LISTS = 2000
MARK = b"777000"
MOST_WAITING = 48
"""Messages that may wait before the sender pauses: about a second of work."""
MOST_WAITING_SINGLE = 1200
"""The same where a message holds one list."""
FLOOR, GOAL = 85_000 / 60, 3400.0


def main(words: list[str]) -> int:
    """Measure and print one table, or one JSON object."""
    parser = argparse.ArgumentParser(prog="kouan bench intake", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0, help="持续分钟 / minutes (default 5)")
    parser.add_argument("--signature", choices=["off", "rsa"], default="off", help="签名 / signatures")
    parser.add_argument("--store", type=int, default=0, metavar="LISTS", help="预先入库的清单数 / lists stored before")
    parser.add_argument("--sets-a-body", type=int, default=4, help="每次请求的报文组数 / message sets a body")
    parser.add_argument(
        "--single", action="store_true", help="每次请求一票，40 个客户端 / one list a request, 40 clients"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    args = parser.parse_args(words)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    base = make_base(1 if args.single else PER_MESSAGE)
    found: dict[str, Any] = {"signature": args.signature, "stored_before": args.store, "single": args.single}
    with served() as system:
        token = open_channel(args.signature)
        if args.store:
            send_for(system, token, base, "off", args, lists=args.store, first_round=500)
        send_for(system, token, base, args.signature, args, seconds=2.0, first_round=900)  # processes start
        before = system.cpu_seconds()
        found |= send_for(system, token, base, args.signature, args, seconds=args.minutes * 60)
        found["where"] = {name: spent - before.get(name, 0.0) for name, spent in system.cpu_seconds().items()}
        found["protecting"] = protecting(base)
        found["bare_lists_a_second"] = bare(system, base, seconds=min(30.0, args.minutes * 60))
    found["ratio"] = found["lists_a_second"] / found["bare_lists_a_second"]
    print(json.dumps(found) if args.json else table(found))
    return 0


# The messages --------------------------------------------------------------------------------------------------------


def make_base(per_message: int) -> list[tuple[str, bytes]]:
    """Make the messages of which every round is a copy under other numbers."""
    from kouan.gateway.standards.ceb.generate import messages, parcels
    from kouan.kernel.dates import CHINA_TIME

    at = datetime.now(CHINA_TIME)
    made = parcels(BASE_LISTS if per_message > 1 else 400, at=at, seed=777)
    return list(messages(made, per_message=per_message, seed=777))


def renumber(raw: bytes, turn: int) -> bytes:
    """Give a message the numbers of another round, and a guid of its own."""
    raw = raw.replace(MARK, b"777%03d" % turn)
    start = raw.index(b'guid="') + 6
    return raw[:start] + str(uuid.uuid4()).upper().encode() + raw[start + 36 :]


def bodies(base: Sequence[tuple[str, bytes]], key: Any, sets: int, first_round: int) -> Iterator[tuple[bytes, int]]:
    """Give request bodies without end: zips of whole sets of four messages, and how many lists each holds."""
    from kouan.gateway.standards.xmldsig.signing import sign

    lists_a_set = base[3][1].count(b"<ceb:Inventory>") or base[3][1].count(b"Inventory>") // 2
    for turn in range(first_round, 1000):
        for start in range(0, len(base), 4 * sets):
            part = [renumber(raw, turn) for _, raw in base[start : start + 4 * sets]]
            part = [sign(raw, key) for raw in part] if key else part
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
                for place, raw in enumerate(part):
                    archive.writestr(f"{place}.xml", raw)
            yield buffer.getvalue(), lists_a_set * len(part) // 4


def open_channel(signature: str) -> str:
    """Open the sending firm's channel, and the national one as a folder that is emptied; return the token."""
    from django.utils import timezone

    from kouan.accounts.factories import make_organisation
    from kouan.audit.types import SystemActor
    from kouan.gateway.codes import Carrier, Side, SignaturePolicy
    from kouan.gateway.services.certificates import register_certificate
    from kouan.gateway.services.connections import open_connection
    from kouan.gateway.services.tokens import issue_token

    at, actor = timezone.now(), SystemActor("bench")
    firm = make_organisation("platform")
    policy = SignaturePolicy.REQUIRE if signature == "rsa" else SignaturePolicy.OFF
    channel = open_connection(
        actor=actor, organisation_id=firm.pk, name="bench", carrier=Carrier.HTTP, at=at, signature_policy=policy
    )
    register_certificate(actor=actor, organisation_id=firm.pk, der=signing_key().certificate, at=at)
    open_connection(
        actor=actor, organisation_id=firm.pk, name="sink", carrier=Carrier.FOLDER, side=Side.NATIONAL, at=at,
        address="national",
    )  # fmt: skip
    return issue_token(actor=actor, connection_id=channel.pk, at=at)


_key: list[Any] = []


def signing_key() -> Any:
    """Give the key of the run."""
    from django.utils import timezone

    from kouan.gateway.standards.xmldsig.keys import demo_rsa_key

    if not _key:
        _key.append(demo_rsa_key("bench", since=timezone.now()))
    return _key[0]


# Sending -------------------------------------------------------------------------------------------------------------


def send_for(
    system: Served,
    token: str,
    base: Sequence[tuple[str, bytes]],
    signature: str,
    args: argparse.Namespace,
    *,
    seconds: float = 1e9,
    lists: int = 10**9,
    first_round: int = 0,
) -> dict[str, Any]:
    """Send until the time is over or enough lists went; then let the backlog run dry and count."""
    before = count_done()
    stop = threading.Event()
    threading.Thread(target=empty_sink, args=(system.folder / "exchange/national/OutBox", stop), daemon=True).start()
    key = signing_key() if signature == "rsa" else None
    source = bodies(base, key, 1 if args.single else args.sets_a_body, first_round)
    most_waiting = MOST_WAITING_SINGLE if args.single else MOST_WAITING
    backlog = Backlog(stop)
    waits: list[float] = []
    lock, sent = threading.Lock(), [0]
    begin = time.monotonic()

    def client() -> None:
        with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60) as http:
            while time.monotonic() - begin < seconds and sent[0] < lists:
                with lock:
                    body, held = next(source)
                    sent[0] += held
                started = time.monotonic()
                http.post(f"{system.url}/messages", content=body).raise_for_status()
                waits.append(time.monotonic() - started)
                while backlog.messages > most_waiting:
                    time.sleep(0.05)

    clients = [threading.Thread(target=client) for _ in range(40 if args.single else 2)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    sending = time.monotonic() - begin
    messages_a_second = 4 * sent[0] / (1 if args.single else PER_MESSAGE) / sending
    backlog_seconds = waiting() / messages_a_second if sent[0] else 0.0
    while waiting():
        time.sleep(0.02)
    whole = time.monotonic() - begin
    stop.set()
    done = count_done() - before
    waits.sort()
    return {
        "lists": done,
        "lists_sent": sent[0],
        "seconds": whole,
        "lists_a_second": done / whole,
        "backlog_seconds": backlog_seconds,
        "post_median_ms": 1000 * waits[len(waits) // 2],
        "post_p95_ms": 1000 * waits[int(len(waits) * 0.95)],
    }


class Backlog:
    """Knows, a twentieth of a second late, how many messages wait: one look for all clients."""

    def __init__(self, stop: threading.Event) -> None:
        self.messages = 0
        self._stop = stop
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while not self._stop.wait(0.05):
            self.messages = waiting()


def waiting() -> int:
    """Count the messages that have steps before them."""
    with open_cursor() as cursor:
        cursor.execute("select count(*) from gateway_work where step in ('store', 'match', 'route')")
        return cursor.fetchone()[0]


def open_cursor() -> Any:
    """Give a cursor of this thread's own connection."""
    from django.db import connection

    return connection.cursor()


def count_done() -> int:
    """Count the lists that are matched, forwarded and answered."""
    return rows("select count(*) from declarations_case where state = 'awaiting_answer'")[0][0]


def empty_sink(box: Path, stop: threading.Event) -> None:
    """Play a national client that takes everything and says nothing."""
    while not stop.is_set():
        for path in box.glob("*.xml") if box.exists() else ():
            path.unlink(missing_ok=True)
        stop.wait(0.5)


# What protecting persons costs ---------------------------------------------------------------------------------------

OPENED = 3
"""So many steps open a sealed message: storing, routing, handing over."""


def protecting(base: Sequence[tuple[str, bytes]]) -> dict[str, float]:
    """Give the CPU seconds a list for marking its persons, and for sealing its messages and opening them again.

    Both are timed by themselves, after the run; compressing, which would be done without a safe too, is taken off.
    """
    import zstandard
    from django.utils import timezone

    from kouan.declarations.marking import PersonMarks
    from kouan.gateway.standards.ceb.codec import decode
    from kouan.safekeeping.safe import safe

    at, raws = timezone.now(), [raw for _kind, raw in base]
    heads = [(kind, node.head) for kind, raw in base if kind in ("511", "621") for node in decode(raw).nodes]
    lists = sum(kind == "621" for kind, _head in heads)
    marks = PersonMarks(at)
    plain, kept = [zstandard.compress(raw, 1) for raw in raws], [safe().keep(raw, at) for raw in raws]
    sealing = cpu_of(lambda: [safe().keep(raw, at) for raw in raws]) - cpu_of(
        lambda: [zstandard.compress(raw, 1) for raw in raws]
    )
    opening = cpu_of(lambda: [safe().take(one) for one in kept]) - cpu_of(
        lambda: [zstandard.ZstdDecompressor().decompress(one) for one in plain]
    )
    marking = cpu_of(lambda: [marks.of(kind, head) for kind, head in heads])
    return {"marking": marking / lists, "sealing": (sealing + OPENED * opening) / lists}


def cpu_of(work: Callable[[], object]) -> float:
    """Give the CPU seconds of some work, the least of five times."""
    spent = []
    for _time in range(5):
        started = time.process_time()
        work()
        spent.append(time.process_time() - started)
    return min(spent)


# The bare pipeline ---------------------------------------------------------------------------------------------------


def bare(system: Served, base: Sequence[tuple[str, bytes]], *, seconds: float) -> float:
    """Parse, hash and copy the same rows with two processes; return lists a second."""
    rows("create table if not exists bare_message (like gateway_message)")
    for name in ("document", "documentversion", "goodsline", "case"):
        rows(f"create table if not exists bare_{name} (like declarations_{name} including indexes)")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        counts = pool.starmap(bare_work, [(system.cluster.url(), base, seconds, 700 + half) for half in range(2)])
    return sum(lists / took for lists, took in counts)


def bare_work(url: str, base: Sequence[tuple[str, bytes]], seconds: float, turn: int) -> tuple[int, float]:
    """Do it in one process until the time is over."""
    import psycopg
    from lxml import etree

    from kouan.kernel.identifiers import uuid7

    lists, begin = 0, time.monotonic()
    with psycopg.connect(url) as database:
        while time.monotonic() - begin < seconds:
            for start in range(0, len(base), 8):
                tables: dict[str, list[str]] = {"message": [], "documentversion": [], "goodsline": []}
                for kind, original in base[start : start + 8]:
                    raw = renumber(original, turn)
                    digest = hashlib.sha256(raw).hexdigest()
                    message_id = str(uuid7())
                    tables["message"].append(bare_message(message_id, kind, digest, raw))
                    nodes = etree.fromstring(raw)[:-1]
                    for index, node in enumerate(nodes, start=1):
                        bare_node(tables, kind, node, message_id, index)
                    lists += (kind == "621") * len(nodes)
                for name, lines in tables.items():
                    columns = BARE_COLUMNS[name]
                    with database.cursor().copy(f"copy bare_{name} ({columns}) from stdin") as copy:  # type: ignore[arg-type]
                        copy.write("".join(lines).encode())
                database.commit()
            turn += 2
    return lists, time.monotonic() - begin


BARE_COLUMNS = {
    "message": "id, connection_id, organisation_id, side, standard, kind, guid, digest, raw, raw_size, file_name,"
    " received_at",
    "documentversion": "document_id, number, kind, app_type, app_time, message_id, node_index, digest, received_at,"
    " internal_no, order_no, platform_code, merchant_code, declarant_code, payment_firm_code, transaction_no,"
    " carrier_code, waybill_no, bill_no, list_no, customs_code, port_code, place_code, trade_mode, transport_mode,"
    " country, currency, line_count",
    "goodsline": "document_id, version, line_no, item_no, hs_code, name, model, country, currency, quantity, unit,"
    " unit_1, unit_2, price, total",
}


def bare_message(message_id: str, kind: str, digest: str, raw: bytes) -> str:
    """Give the COPY line of a message, its bytes compressed as Kouan keeps them."""
    import zstandard

    held = zstandard.compress(raw, 1).hex()
    return (
        f"{message_id}\t{message_id}\t{message_id}\tenterprise\tceb\t{kind}\t{message_id}\t\\\\x{digest}\t\\\\x{held}"
        f"\t{len(raw)}\t\t2026-01-01T00:00:00Z\n"
    )


def bare_node(tables: dict[str, list[str]], kind: str, node: Any, message_id: str, index: int) -> None:
    """Take every text of a node and give the COPY lines of its version and its goods."""
    from kouan.kernel.identifiers import uuid7

    document_id = str(uuid7())
    head = [element.text or "" for element in node[0]]
    lines = [[element.text or "" for element in line] for line in node[1:]]
    short = [text[:17] for text in head[4:21]] + [""] * 17
    columns = [text[:4] if place >= 11 else text for place, text in enumerate(short[:15])]
    tables["documentversion"].append(
        "\t".join((document_id, "1", kind, "1", head[2][:14], message_id, str(index), document_id,
                   "2026-01-01T00:00:00Z", *columns[:15], "1", "142", "142", str(len(lines)))) + "\n"
    )  # fmt: skip
    for place, line in enumerate(lines, start=1):
        tables["goodsline"].append(
            "\t".join((document_id, "1", str(place), line[1][:30], "", line[3][:250], line[4][:250], "142", "142",
                       "1", "007", "", "", "1.00", "1.00")) + "\n"
        )  # fmt: skip


# The table -----------------------------------------------------------------------------------------------------------


def table(found: dict[str, Any]) -> str:
    """Give the figures as one table."""
    spent = found["where"]
    whole = sum(spent.values()) or 1.0
    lines = [
        f"signature {found['signature']} · stored before {found['stored_before']:,} lists"
        + (" · one list a request, 40 clients" if found["single"] else ""),
        "",
        f"{'':32}{'lists/s':>12}",
        f"{'limit: bare lxml, hash, COPY':32}{found['bare_lists_a_second']:12,.0f}",
        f"{'Kouan, until receipts committed':32}{found['lists_a_second']:12,.0f}",
        f"{'ratio':32}{found['ratio']:12.2f}",
        f"{'floor (national peak 85,000/min)':32}{FLOOR:12,.0f}",
        f"{'goal':32}{GOAL:12,.0f}",
        "",
        f"lists {found['lists']:,} in {found['seconds']:.1f} s · backlog at the end {found['backlog_seconds']:.1f} s"
        f" · POST median {found['post_median_ms']:.0f} ms, p95 {found['post_p95_ms']:.0f} ms",
        "CPU: " + " · ".join(f"{name} {100 * part / whole:.0f} %" for name, part in sorted(spent.items())),
        f"protecting persons, of the system's CPU: {' · '.join(protected(found))}",
    ]
    return "\n".join(lines)


def protected(found: dict[str, Any]) -> list[str]:
    """Say how much of the CPU of web, workers and database marks and sealing take."""
    whole = sum(seconds for name, seconds in found["where"].items() if name != "sender") or 1.0
    return [
        f"{name} {100 * seconds * found['lists'] / whole:.1f} % ({1e6 * seconds:.1f} µs a list)"
        for name, seconds in found["protecting"].items()
    ]
