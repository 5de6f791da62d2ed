"""plays the national standard edition, for demonstration and tests: stores what it is sent and answers.

Takes messages from the folder of the national channel, or by HTTP on this machine, and gives receipts back the same
way. The page /demo/counterpart/ of the demonstration shows what it holds and lets a person decide as the played customs
would. With --goods it plays the window for goods declarations instead, by folder. Never part of production.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import threading
import time
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--ledger", type=Path, required=True, help="对端台账文件 / the file it remembers in")
    parser.add_argument("--goods", action="store_true", help="扮演报关单窗口 / the window for goods declarations")
    parser.add_argument("--token", type=Path, help="HTTP 令牌文件，不符即拒 / file with the token that HTTP asks for")
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--folder", type=Path, help="国家标准版客户端文件夹 / the client's folder")
    way.add_argument("--port", type=int, help="HTTP 端口，0 为任选 / port for HTTP, 0 for any free one")


def run(args: argparse.Namespace) -> int:
    """Play until asked to stop."""
    from kouan.gateway.counterparts.standard_edition.ledger import Ledger
    from kouan.gateway.counterparts.standard_edition.playing import Counterpart, FolderPlayer
    from kouan.gateway.counterparts.standard_edition.serving import HttpPlayer, serving

    args.ledger.parent.mkdir(parents=True, exist_ok=True)
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    if args.goods:
        return _play_goods(args, stop)
    counterpart = Counterpart(Ledger(args.ledger))
    with contextlib.ExitStack() as stack:
        if args.port is not None:
            try:
                port = stack.enter_context(serving(HttpPlayer(counterpart, token=_token_in(args.token)), args.port))
            except (OSError, OverflowError) as fault:
                print(f"端口 {args.port} 不可用：{fault} / port {args.port} cannot be used", file=sys.stderr)
                return 1
            print(f"http://127.0.0.1:{port}", flush=True)
            stop.wait()
            return 0
        player = FolderPlayer(counterpart, args.folder)
        while not stop.is_set():
            if not player.turn(time.time()):
                stop.wait(0.2)
    return 0


def _token_in(path: Path | None) -> str:
    """Read the token that is asked for; none where no file is named."""
    return path.read_text(encoding="utf-8").strip() if path else ""


def _play_goods(args: argparse.Namespace, stop: threading.Event) -> int:
    """Play the window for goods declarations in the folder of its client."""
    from kouan.gateway.counterparts.goods_window.playing import GoodsWindow, WindowPlayer

    if args.folder is None:
        print("报关单窗口只按文件夹交换 / the goods window exchanges by folder only: --folder", file=sys.stderr)
        return 1
    player = WindowPlayer(GoodsWindow(args.ledger), args.folder)
    while not stop.is_set():
        if not player.turn(time.time()):
            stop.wait(0.2)
    return 0
