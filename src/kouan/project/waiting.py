"""While a command works: signals that end it with what it has, and progress for the person who waits."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kouan.quant.solving import Step


def add_progress(parser: argparse.ArgumentParser) -> None:
    """Declare --progress."""
    parser.add_argument(
        "--progress",
        action="store_true",
        help="在标准错误流显示进度（终端上默认显示） / progress on standard error, where a terminal has it unasked",
    )


def catch_signals() -> threading.Event:
    """An event that SIGINT and SIGTERM set, so that a search ends with what it has."""
    told = threading.Event()

    def tell(number: int, frame: FrameType | None) -> None:
        told.set()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, tell)
        signal.signal(signal.SIGTERM, tell)
    return told


class Progress:
    """Lines on standard error, at most one every half second; nothing where nobody asked for them.

    Hand ``step`` to a stop rule's ``watch``; ``count`` is for work whose amount is known.
    """

    def __init__(self, asked: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._shown = asked or sys.stderr.isatty()
        self._clock, self._last = clock, -1.0

    def step(self, step: Step) -> None:
        """Tell the best value, its bound and the distance."""
        if self._due():
            value = "–" if step.objective is None else f"{step.objective:,.10g}"
            bound = "–" if step.bound is None else f"{step.bound:,.10g}"
            self._say(f"{step.seconds:7.1f} s  目标值 objective {value}  界 bound {bound}")

    def count(self, done: int, of: int) -> None:
        """Tell how much is done."""
        if self._due() or done == of:
            self._say(f"{done:,} / {of:,}")

    def _due(self) -> bool:
        now = self._clock()
        if not self._shown or (self._last >= 0 and now - self._last < 0.5):
            return False
        self._last = now
        return True

    def _say(self, text: str) -> None:
        if self._shown:
            print(text, file=sys.stderr, flush=True)
