"""reads and checks CEB messages in memory, beside a bare lxml parse of the same messages in the same run.

Invented messages of 100 nodes with one to five goods lines. Times are CPU microseconds for a node, the best of several
rounds; "parser" is Kouan's own second reader, which takes whatever the quick one leaves. Signatures are per message.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from kouan.gateway.standards.ceb import reader
from kouan.gateway.standards.ceb.checks import Context, check
from kouan.gateway.standards.ceb.codec import decode, encode, read
from kouan.gateway.standards.ceb.generate import messages, parcels
from kouan.gateway.standards.ceb.types import KINDS
from kouan.gateway.standards.xmldsig.certificates import read_certificate
from kouan.gateway.standards.xmldsig.keys import demo_rsa_key, demo_sm2_key
from kouan.gateway.standards.xmldsig.signing import sign
from kouan.gateway.standards.xmldsig.trust import TrustedCertificates
from kouan.gateway.standards.xmldsig.verifying import verify
from kouan.kernel.dates import CHINA_TIME

AT = datetime(2024, 3, 1, 9, 0, tzinfo=CHINA_TIME)
PER_MESSAGE = 100


def main(words: list[str]) -> int:
    """Measure and print one table, or one JSON object."""
    parser = argparse.ArgumentParser(prog="kouan bench codec", description=__doc__)
    parser.add_argument("--parcels", type=int, default=2000, help="包裹数 / parcels (default 2000)")
    parser.add_argument("--rounds", type=int, default=7, help="轮数 / rounds (default 7)")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    args = parser.parse_args(words)
    made = list(messages(parcels(args.parcels, at=AT)))
    kinds = {code: [raw for kind, raw in made if kind == code] for code in ("311", "411", "511", "621")}
    found = {
        "reading": [reading_row(code, raws, args.rounds) for code, raws in kinds.items()],
        "signatures": [signature_row(name, kinds["621"][:5], args.rounds) for name in ("rsa-sha1", "sm2-sm3")],
    }
    print(json.dumps(found) if args.json else table(found))
    return 0


def reading_row(code: str, raws: list[bytes], rounds: int) -> dict[str, Any]:
    """Measure one kind of message; microseconds of CPU for a node."""
    nodes = sum(len(decode(raw).nodes) for raw in raws)
    context = Context(AT.date(), {"single_limit": Decimal(5000)}, signature="off")
    envelopes = [decode(raw) for raw in raws]
    tasks: dict[str, Callable[[], Any]] = {
        "lxml": lambda: [etree.fromstring(raw) for raw in raws],
        "read": lambda: [decode(raw) for raw in raws],
        "check": lambda: [check(envelope, context) for envelope in envelopes],
        "parser": lambda: with_parser_alone(raws),
        "write": lambda: [encode(envelope) for envelope in envelopes],
    }
    row = {name: round(cpu_seconds(task, rounds) / nodes * 1e6, 1) for name, task in tasks.items()}
    both = row["read"] + row["check"]
    size = sum(map(len, raws)) // nodes
    return {"kind": code, "bytes": size, **row, "ratio": round(both / row["lxml"], 2), "nodes_per_s": round(1e6 / both)}


def with_parser_alone(raws: list[bytes]) -> None:
    """Read messages without the quick reader, as every message that it does not take is read."""
    known, reader.scan = reader.scan, lambda text: None
    try:
        for raw in raws:
            decode(raw)
    finally:
        reader.scan = known


def signature_row(name: str, raws: list[bytes], rounds: int) -> dict[str, Any]:
    """Measure signing and verifying of whole messages; milliseconds of CPU for a message."""
    key = (demo_rsa_key if name == "rsa-sha1" else demo_sm2_key)("演示签名", since=AT)
    trust = TrustedCertificates([read_certificate(key.certificate)])
    signed = [sign(raw, key) for raw in raws]
    documents = [read(raw).document for raw in signed]
    assert all(verify(one, trusted=trust).is_valid for one in documents)
    tasks: dict[str, Callable[[], Any]] = {
        "sign": lambda: [sign(raw, key) for raw in raws],
        "verify": lambda: [verify(one, trusted=trust) for one in documents],
        "verify_bytes": lambda: [verify(raw, trusted=trust) for raw in signed],
    }
    row = {task: round(cpu_seconds(one, rounds) / len(raws) * 1e3, 2) for task, one in tasks.items()}
    return {"algorithm": name, "nodes": PER_MESSAGE, **row}


def cpu_seconds(task: Callable[[], Any], rounds: int) -> float:
    """Give the least CPU time that a task took in a number of rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        task()
        best = min(best, time.process_time() - start)
    return best


def table(found: dict[str, list[dict[str, Any]]]) -> str:
    """Lay the figures out for people."""
    lines = ["CPU µs/node    bytes   lxml   read  check  read+check/lxml   nodes/s   parser  write"]
    for row in found["reading"]:
        name = f"{row['kind']} {KINDS[row['kind']].en}"
        lines.append(
            f"{name:<19}{row['bytes']:>5}{row['lxml']:>7}{row['read']:>7}{row['check']:>7}"
            f"{row['ratio']:>17}{row['nodes_per_s']:>10}{row['parser']:>9}{row['write']:>7}"
        )
    lines.append("")
    lines.append(f"CPU ms/message of {PER_MESSAGE} lists     sign   verify   verify from bytes")
    for row in found["signatures"]:
        lines.append(f"{row['algorithm']:<33}{row['sign']:>7}{row['verify']:>9}{row['verify_bytes']:>20}")
    return "\n".join(lines)
