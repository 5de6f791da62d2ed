"""plays the national standard edition, for demonstration and tests: stores what it is sent and answers.

Takes messages from the folder of the national channel, or by HTTP, and lays receipts back. A small page and interface
on its own address show what it holds and let a person decide as the played customs would. Never part of production.
"""

from __future__ import annotations

import argparse
import signal
import threading
import time
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--folder", type=Path, required=True, help="国家标准版客户端文件夹 / the client's folder")
    parser.add_argument("--ledger", type=Path, required=True, help="对端台账文件 / the file it remembers in")
    parser.add_argument("--port", type=int, default=0, help="控制接口端口，0 为不开 / port of its own page, 0 for none")


def run(args: argparse.Namespace) -> int:
    """Play until asked to stop."""
    from kouan.gateway.counterparts.standard_edition.ledger import Ledger
    from kouan.gateway.counterparts.standard_edition.playing import Counterpart, FolderPlayer

    args.ledger.parent.mkdir(parents=True, exist_ok=True)
    counterpart = Counterpart(Ledger(args.ledger))
    player = FolderPlayer(counterpart, args.folder)
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    while not stop.is_set():
        if not player.turn(time.time()):
            stop.wait(0.2)
    return 0
