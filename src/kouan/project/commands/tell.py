"""tells people and machines what happened: events become notices, and webhooks go out.

One is enough; a second one stands by. It works at a lower priority than the workers of messages.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import threading

IDLE_SECONDS = 0.5
LOWER_PRIORITY = 5

log = logging.getLogger("kouan.tell")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--once", action="store_true", help="通知现有事件即结束 / end when nothing is left to tell")


def run(args: argparse.Namespace) -> int:
    """Tell until asked to stop."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kouan.project.settings")
    django.setup()
    os.nice(LOWER_PRIORITY)
    from kouan.notices.services.delivering import deliver_until

    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    if args.once:
        while _do_turn():
            pass
        return 0
    webhooks = threading.Thread(target=deliver_until, args=(stop,), name="webhooks")
    webhooks.start()
    while not stop.is_set():
        if not webhooks.is_alive():
            log.error("the delivery of webhooks ended by itself; the supervisor starts this process again")
            return 1
        if not _do_turn():
            stop.wait(IDLE_SECONDS)
    webhooks.join(timeout=4)
    return 0


def _do_turn() -> int:
    """Tell one batch; a database that is away is waited for, with a fresh connection."""
    from django.db import InterfaceError, OperationalError, connection
    from django.utils import timezone

    from kouan.notices.services.telling import tell_events

    try:
        return tell_events(at=timezone.now())
    except (OperationalError, InterfaceError) as error:
        log.warning("the database does not answer: %s", error)
        connection.close()
        threading.Event().wait(1.0)
        return 0
