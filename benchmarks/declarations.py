"""sends goods declarations of 50 lines until they are stored, checked and sent on, beside the bare pipeline as limit.

Invented declarations go through the real web server, workers and PostgreSQL with fsync on, many a body, and leave by
folder. The bare pipeline parses the same messages with lxml, hashes them and copies the same rows, without checking,
judging, sending on or answering. Then a sheet of declarations is read, checked and sent.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import logging
import multiprocessing
import os
import resource
import threading
import time
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from benchmarks.serving import Served, rows, served

LINES = 50
BASE = 200
A_BODY = 40
MOST_WAITING = 600


def main(words: list[str]) -> int:
    """Measure and print one table, or one JSON object."""
    parser = argparse.ArgumentParser(prog="kouan bench declarations", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0, help="持续分钟 / minutes (default 2)")
    parser.add_argument(
        "--sheet", type=int, default=10_000, metavar="N", help="表格中的报关单数 / declarations of the sheet"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    args = parser.parse_args(words)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    base = make_base()
    found: dict[str, Any] = {"lines": LINES, "bytes": len(base[0])}
    with served() as system:
        token, clerk = open_channels()
        send_for(system, token, base, seconds=2.0, turn=0)  # processes start, caches fill
        before = system.cpu_seconds()
        found |= send_for(system, token, base, seconds=args.minutes * 60, turn=50_000)
        found["where"] = {name: spent - before.get(name, 0.0) for name, spent in system.cpu_seconds().items()}
        found["load"] = os.getloadavg()[0]
        found["bare_a_second"] = bare(system, base, seconds=min(20.0, args.minutes * 60))
        if args.sheet:
            found |= read_and_send_sheet(clerk, args.sheet)
    found["ratio"] = found["a_second"] / found["bare_a_second"]
    print(json.dumps(found) if args.json else table(found))
    return 0


# The messages --------------------------------------------------------------------------------------------------------


def make_base() -> list[bytes]:
    """Make the messages of which every round is a copy under other numbers."""
    from kouan.gateway.standards.dec.codec import encode
    from kouan.gateway.standards.dec.generate import make_declaration
    from kouan.kernel.dates import CHINA_TIME

    day = datetime.now(CHINA_TIME).date()
    return [encode(make_declaration(number, day=day, lines=LINES)) for number in range(BASE)]


def bodies(base: list[bytes], turn: int) -> Iterator[bytes]:
    """Give request bodies without end: zips of declarations, each under a number of its own, from a round on."""
    while True:
        turn += 1
        for start in range(0, len(base), A_BODY):
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
                for place, raw in enumerate(base[start : start + A_BODY]):
                    archive.writestr(f"{place}.xml", renumber(raw, turn))
            yield buffer.getvalue()


def renumber(raw: bytes, turn: int) -> bytes:
    """Give a message the client number of another round."""
    start = raw.index(b"<ClientSeqNo>") + len(b"<ClientSeqNo>")
    return raw[:start] + b"B%05d" % turn + raw[start + 6 :]


def open_channels() -> tuple[str, Any]:
    """Open the agent's channel and the national one as a folder that is emptied; return its token and a clerk."""
    from django.utils import timezone

    from kouan.accounts.codes import Role
    from kouan.accounts.factories import make_user
    from kouan.gateway.services.tokens import issue_token
    from kouan.goods.factories import ACTOR, make_agent, make_channel, make_window

    firm = make_agent()
    channel = make_channel(firm.pk)
    make_window(firm.pk)
    clerk = make_user(Role.TRADER_CLERK, organisation=firm)
    return issue_token(actor=ACTOR, connection_id=channel.pk, at=timezone.now()), clerk


# Sending -------------------------------------------------------------------------------------------------------------


def send_for(system: Served, token: str, base: list[bytes], *, seconds: float, turn: int) -> dict[str, Any]:
    """Send until the time is over; then let the backlog run dry and count what was handed over."""
    stop = threading.Event()
    threading.Thread(target=empty_sink, args=(system.folder / "exchange/window/OutBox", stop), daemon=True).start()
    source, lock, sent, before = bodies(base, turn), threading.Lock(), [0], count_sent()
    begin = time.monotonic()

    def client() -> None:
        with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60) as http:
            while time.monotonic() - begin < seconds:
                with lock:
                    body = next(source)
                    sent[0] += A_BODY
                http.post(f"{system.url}/messages", content=body).raise_for_status()
                while waiting() > MOST_WAITING:
                    time.sleep(0.05)

    clients = [threading.Thread(target=client) for _ in range(2)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    while waiting():
        time.sleep(0.05)
    whole = time.monotonic() - begin
    stop.set()
    stored = count_sent() - before
    return {"declarations": stored, "sent": sent[0], "seconds": whole, "a_second": stored / whole}


def count_sent() -> int:
    """Count the declarations that were stored and sent on, each with all its lines."""
    return rows(
        "select count(*) from goods_goodsdeclaration d where state = 'sent'"
        " and line_count = (select count(*) from goods_goodsitem i where i.declaration_id = d.id)"
    )[0][0]


_WAITING = """
select count(*) from gateway_work where step in ('gstore', 'groute') or (step = 'deliver' and not is_receipt)
"""


def waiting() -> int:
    """Count the declarations that have steps before them: to be stored, routed or handed over."""
    return rows(_WAITING)[0][0]


def empty_sink(box: Path, stop: threading.Event) -> None:
    """Play a national client that takes everything and says nothing."""
    while not stop.is_set():
        for path in box.glob("*.xml") if box.exists() else ():
            path.unlink(missing_ok=True)
        stop.wait(0.5)


# The bare pipeline ---------------------------------------------------------------------------------------------------


def bare(system: Served, base: list[bytes], *, seconds: float) -> float:
    """Parse, hash and copy the same rows with two processes; return declarations a second."""
    rows("create table bare_message (id uuid, digest bytea, raw bytea)")
    rows("create table bare_item (id uuid, line_no int, hs_code text, name text, spec text, quantity text, total text)")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        counts = pool.starmap(bare_work, [(system.cluster.url(), base, seconds) for _half in range(2)])
    return sum(done / took for done, took in counts)


def bare_work(url: str, base: list[bytes], seconds: float) -> tuple[int, float]:
    """Do it in one process until the time is over."""
    import psycopg
    import zstandard
    from lxml import etree

    from kouan.kernel.identifiers import uuid7

    done, begin = 0, time.monotonic()
    with psycopg.connect(url) as database:
        while time.monotonic() - begin < seconds:
            for start in range(0, len(base), A_BODY):
                messages, items = [], []
                for raw in base[start : start + A_BODY]:
                    key = uuid7()
                    messages.append((key, hashlib.sha256(raw).digest(), zstandard.compress(raw, 1)))
                    for place, line in enumerate(etree.fromstring(raw)[1], 1):
                        texts = [element.text or "" for element in line]
                        items.append((key, place, *(texts + [""] * 5)[:5]))
                    done += 1
                with database.cursor().copy("copy bare_message from stdin") as copy:
                    for row in messages:
                        copy.write_row(row)
                with database.cursor().copy("copy bare_item from stdin") as copy:
                    for row in items:
                        copy.write_row(row)
                database.commit()
    return done, time.monotonic() - begin


# The spreadsheet -----------------------------------------------------------------------------------------------------


def read_and_send_sheet(clerk: Any, count: int) -> dict[str, float]:
    """Try out and send a sheet of declarations with one to five lines, by the steps of its jobs, and wait for all."""
    from django.utils import timezone

    from kouan.goods import selectors
    from kouan.goods.services.sheeting import ask_to_send, keep_sheet, send_sheet, try_sheet

    data = make_sheet(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.monotonic()
    sheet = keep_sheet(user=clerk, name="declarations.xlsx", data=data, at=timezone.now())
    kept = time.monotonic()
    try_sheet(sheet_id=sheet.pk, at=timezone.now())
    tried = time.monotonic()
    ask_to_send(user=clerk, sheet_id=sheet.pk, at=timezone.now())
    send_sheet(sheet_id=sheet.pk, at=timezone.now())
    sent = time.monotonic()
    while waiting():
        time.sleep(0.05)
    made = selectors.get_sheet(user=clerk, pk=sheet.pk)
    return {"sheet_declarations": made.total, "sheet_bytes": len(data), "sheet_sent": made.sent,
            "sheet_answered_seconds": kept - begin, "sheet_tried_seconds": tried - kept,
            "sheet_received_seconds": sent - tried, "sheet_until_sent_seconds": time.monotonic() - begin,
            "sheet_grew_mebibytes": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024}  # fmt: skip


def make_sheet(count: int) -> bytes:
    """Write the sheet."""
    import xlsxwriter
    from django.utils import timezone

    from kouan.gateway.standards.dec.generate import make_declaration
    from kouan.goods.composing import values_of
    from kouan.goods.sheets import HEAD_COLUMNS, LINE_COLUMNS

    titles = {**HEAD_COLUMNS, **LINE_COLUMNS}
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, list(titles.values()))
    day, at = timezone.localdate(), 1
    for number in range(count):
        values = values_of(make_declaration(500_000 + number, day=day, lines=1 + number % 5))
        for line in values["goods"]:
            known = values | line
            for place, name in enumerate(titles):
                page.write_string(at, place, str(known.get(name, "")))
            at += 1
    book.close()
    return buffer.getvalue()


def shares(found: dict[str, Any]) -> str:
    """Say how much of the processors each kind of process took for one declaration."""
    spent = sorted(found["where"].items(), key=lambda one: -one[1])
    return ", ".join(f"{name} {1000 * seconds / found['declarations']:.2f}" for name, seconds in spent)


def table(found: dict[str, Any]) -> str:
    """Give the result in lines for people."""
    text = [
        f"报关单 / declarations of {found['lines']} lines ({found['bytes']} bytes): {found['declarations']}"
        f" in {found['seconds']:.0f} s",
        f"入库、校验、送出 / stored, checked, sent: {found['a_second']:.0f} a second"
        f" ({found['a_second'] * found['lines']:.0f} lines)",
        f"裸管道 / bare pipeline: {found['bare_a_second']:.0f} a second; ratio {found['ratio']:.2f}",
        f"每份 CPU 毫秒 / CPU milliseconds a declaration: {shares(found)}; load {found['load']:.1f}",
    ]
    if "sheet_declarations" in found:
        text.append(
            f"表格 / sheet of {found['sheet_declarations']}: page answered after"
            f" {found['sheet_answered_seconds']:.1f} s, tried {found['sheet_tried_seconds']:.1f} s, received"
            f" {found['sheet_received_seconds']:.1f} s, all sent after {found['sheet_until_sent_seconds']:.1f} s,"
            f" memory +{found['sheet_grew_mebibytes']:.0f} MiB"
        )
    return "\n".join(text)
