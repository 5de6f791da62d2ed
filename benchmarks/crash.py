"""kills web server, workers and PostgreSQL with -9 under load, and counts what became of every acknowledged message.

Firms go on sending and repeat what was not acknowledged. In the end every acknowledged node has to be there once,
every message answered once and handed on once, and nothing half-done.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import signal
import threading
import time
from typing import Any

import httpx
from benchmarks.intake import make_base, open_channel, renumber, rows
from benchmarks.serving import Served, served

PER_MESSAGE = 20
VICTIMS = ("web", "work-1", "work-2", "postgres")


def main(words: list[str]) -> int:
    """Kill, count, print one table or one JSON object; status 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="kouan bench crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="杀进程次数 / kills (default 200)")
    parser.add_argument("--seed", type=int, default=1, help="随机种子 / seed")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    args = parser.parse_args(words)
    found = run(args.kills, args.seed)
    print(json.dumps(found) if args.json else "\n".join(f"{name:40}{value!s:>12}" for name, value in found.items()))
    return int(not is_sound(found))


def is_sound(found: dict[str, Any]) -> bool:
    """Whether nothing was lost, doubled or left half-done."""
    return all(found[name] == 0 for name in found if name.startswith(("lost", "doubled", "left")))


def run(kills: int, seed: int) -> dict[str, Any]:
    """Run the whole trial."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    draw = random.Random(seed)
    base = make_base(PER_MESSAGE)
    acknowledged: dict[str, int] = {}
    stop = threading.Event()
    with served() as system:
        token = open_channel("off")
        sender = threading.Thread(target=send, args=(system, token, base, acknowledged, stop))
        sender.start()
        struck: dict[str, int] = dict.fromkeys(VICTIMS, 0)
        for _ in range(kills):
            wait_for_progress(acknowledged)
            time.sleep(draw.uniform(0.0, 0.5))
            victim = draw.choice(VICTIMS)
            struck[victim] += 1
            kill(system, victim)
        stop.set()
        sender.join()
        wait_until_dry()
        return {"kills": kills, **{f"killed {name}": n for name, n in struck.items()}, **count(system, acknowledged)}


def send(
    system: Served, token: str, base: list[tuple[str, bytes]], acknowledged: dict[str, int], stop: threading.Event
) -> None:
    """Send message after message; repeat the same bytes until they are acknowledged."""
    turn, headers = 0, {"Authorization": f"Bearer {token}"}
    while not stop.is_set():
        for start in range(0, len(base), 4):
            for _, raw in base[start : start + 4]:
                body = renumber(raw, turn)
                guid = body[body.index(b'guid="') + 6 :][:36].decode()
                while guid not in acknowledged:
                    try:
                        answer = httpx.post(f"{system.url}/messages", content=body, headers=headers, timeout=10)
                        if answer.status_code == 202:
                            acknowledged[guid] = PER_MESSAGE
                            break
                    except httpx.HTTPError:
                        pass
                    time.sleep(0.1)
            if stop.is_set():
                return
        turn += 1


def wait_for_progress(acknowledged: dict[str, int], seconds: float = 20.0) -> None:
    """Wait until the firm has got on since the last blow, so that every blow falls under load."""
    before, end = len(acknowledged), time.monotonic() + seconds
    while len(acknowledged) < before + 4 and time.monotonic() < end:
        time.sleep(0.05)


def kill(system: Served, victim: str) -> None:
    """Kill one part at once and start it again, as the supervisor would."""
    if victim == "postgres":
        process = system.cluster.process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        system.cluster.start()
        return
    process = system.processes[victim]
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    system.start(victim)


def wait_until_dry(seconds: float = 180) -> None:
    """Wait until no step is left but receipts that the firm has not fetched."""
    from django.db import OperationalError, connection

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if not rows("select 1 from gateway_work where not is_receipt limit 1"):
                return
        except OperationalError:
            connection.close()
        time.sleep(0.2)


def count(system: Served, acknowledged: dict[str, int]) -> dict[str, int]:
    """Compare what was acknowledged with what is there."""
    kept = dict(rows("select guid, message_id from gateway_envelopekey"))
    ids = [kept[guid] for guid in acknowledged if guid in kept]
    nodes = dict(rows("select message_id, count(*) from declarations_documentversion group by message_id"))
    checks = dict(rows("select answers, count(*) from gateway_receipt where kind = 'check' group by answers"))
    files: dict[str, int] = {}
    for box in ("OutBox", "SentBox", "FailBox"):
        for path in (system.folder / "exchange/national" / box).glob("*.xml"):
            files[path.stem.partition("_")[2][:32]] = files.get(path.stem.partition("_")[2][:32], 0) + 1
    return {
        "acknowledged messages": len(acknowledged),
        "acknowledged nodes": sum(acknowledged.values()),
        "lost messages": len(acknowledged) - len(ids),
        "lost nodes": sum(PER_MESSAGE - nodes.get(one, 0) for one in ids),
        "doubled documents": rows("select count(*) from declarations_documentversion where number > 1")[0][0],
        "lost check results": sum(1 for one in ids if not checks.get(one)),
        "doubled check results": sum(1 for one in ids if checks.get(one, 0) > 1),
        "lost forwardings": sum(1 for one in ids if not files.get(one.hex)),
        "doubled forwardings": sum(1 for one in ids if files.get(one.hex, 0) > 1),
        "left steps": rows("select count(*) from gateway_work where not is_receipt")[0][0],
        "left cases unmatched": rows("select count(*) from declarations_case where match <> 'matched'")[0][0],
        "left temporary files": sum(1 for _ in (system.folder / "exchange").rglob("*.Temp")),
    }
