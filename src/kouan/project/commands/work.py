"""does the steps that messages have to pass: store, match, route, answer, deliver, collect, fetch.

Any number of these may run side by side; they share the work without waiting for each other. Stops after the batch at
hand when asked to.
"""

from __future__ import annotations

import argparse
import gc
import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

IDLE_SECONDS = 0.05

log = logging.getLogger("kouan.work")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--once", action="store_true", help="做完现有步骤即结束 / end when nothing is left to do")


def run(args: argparse.Namespace) -> int:
    """Work until asked to stop."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kouan.project.settings")
    django.setup()
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    turn = make_turn()
    tidy = _Pace(seconds=20)
    gc.freeze()
    gc.disable()  # a batch makes some hundred thousand objects and few circles: looking for them costs a third of it
    while not stop.is_set():
        done = _do_turn(turn)
        if args.once and not done:
            break
        if not done:
            stop.wait(IDLE_SECONDS)
        if tidy.is_due():
            gc.collect()
    return 0


def _do_turn(turn: Callable[[], int]) -> int:
    """Do one turn; a database that is away is waited for, with a fresh connection."""
    from django.db import InterfaceError, OperationalError, connection

    try:
        return turn()
    except (OperationalError, InterfaceError) as error:
        log.warning("the database does not answer: %s", error)
        connection.close()
        threading.Event().wait(1.0)
        return 0


def make_turn() -> Callable[[], int]:
    """Give the function that does one batch of every step, the last steps first so that what is begun gets done."""
    from django.conf import settings
    from django.utils import timezone

    from kouan.clearance.services.answering import answer_messages
    from kouan.clearance.services.goods_routing import answer_goods_messages, route_goods
    from kouan.clearance.services.routing import route_messages
    from kouan.declarations.services.matching import match_messages
    from kouan.declarations.services.storing import store_messages
    from kouan.gateway.codes import Step
    from kouan.gateway.services.collecting import collect_due, watch_folders
    from kouan.gateway.services.delivering import deliver_due
    from kouan.gateway.services.fetching import fetch_due
    from kouan.gateway.services.leaving import leaving
    from kouan.gateway.services.working import Handler, due_steps, run_step
    from kouan.goods.services.storing import store_goods

    steps: tuple[tuple[Step, Handler], ...] = (
        (Step.ROUTE, route_messages),
        (Step.MATCH, match_messages),
        (Step.ANSWER, answer_messages),
        (Step.STORE, store_messages),
        (Step.ANSWER_GOODS, answer_goods_messages),
        (Step.ROUTE_GOODS, route_goods),
        (Step.STORE_GOODS, store_goods),
    )
    exchange = Path(settings.EXCHANGE_ROOT)
    out = leaving(exchange)
    slow, slower = _Pace(seconds=0.2), _Pace(seconds=2.0)

    def turn() -> int:
        at: Callable[[], datetime] = timezone.now
        due = due_steps([step for step, _ in steps], at=at())
        done = sum(run_step(step=step, handle=handle, at=at()) for step, handle in steps if step in due)
        if slow.is_due():
            done += deliver_due(transport_of=out.transport_of, wrap=out.wrap, at=at())
            done += collect_due(root=exchange, at=at())
        if slower.is_due():
            watch_folders(root=exchange, at=at())
            done += fetch_due(inbox_of=out.inbox_of, at=at())
        return done

    return turn


class _Pace:
    """Says yes at most once in so many seconds: looking into folders and asking over HTTP are not free."""

    def __init__(self, seconds: float) -> None:
        from time import monotonic

        self._clock, self._seconds, self._next = monotonic, seconds, 0.0

    def is_due(self) -> bool:
        """Whether it is time again."""
        now = self._clock()
        if now < self._next:
            return False
        self._next = now + self._seconds
        return True
