"""Starts Kouan's processes, watches them, starts again what died, and stops them all.

One thread does everything: PostgreSQL and the others are tied to it (`leash`), so that killing the supervisor ends
them too. It reads what they print and hands each line to one log; it never loads Django.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from kouan.project.logs import Log
from kouan.project.processes import Process

TICK_SECONDS = 0.1
SHORTEST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
STOP_SECONDS = 9.0
LEAST_FOR_THE_FIRST_SECONDS = 4.0
TRIES_TO_START = 3


class Stopped(Exception):
    """Somebody asked the supervisor to stop."""


class CannotStart(Exception):
    """A process that Kouan needs does not start, or a task that had to succeed did not; named by its name."""


@dataclass
class Child:
    """A process under watch, and what has become of it."""

    process: Process
    on_end: Callable[[int], None] | None = None
    running: subprocess.Popen | None = None
    started: float = 0.0
    deaths: int = 0
    start_again_at: float | None = None

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.running is not None and self.running.poll() is None


@dataclass
class Supervisor:
    """The children in the order of their start, and the log that takes what they print."""

    log: Log
    children: list[Child] = field(default_factory=list)
    asked_to_stop: bool = False

    def __post_init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.unfinished_lines: dict[int, bytes] = {}
        read_end, self.wake_end = os.pipe()
        os.set_blocking(read_end, False)
        os.set_blocking(self.wake_end, False)
        self.selector.register(read_end, selectors.EVENT_READ, None)

    def listen_to_signals(self) -> None:
        """Have SIGTERM, SIGINT and SIGHUP ask the supervisor to stop, and a dead child wake it."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self.wake_end, warn_on_full_buffer=False)

    def _ask_to_stop(self, number: int, frame: object) -> None:
        self.asked_to_stop = True

    def add(self, process: Process) -> None:
        """Start a process and wait until it is ready.

        Raises CannotStart when it dies again and again before that, Stopped when asked to stop meanwhile.
        """
        child = self._watch(Child(process))
        while process.is_ready is not None and not (child.is_alive and process.is_ready()):
            if child.deaths >= TRIES_TO_START:
                raise CannotStart(process.name)
            self.tick()
        child.deaths = 0

    def run_beside(self, process: Process, on_end: Callable[[int], None]) -> None:
        """Start a process that ends by itself; `on_end` is told its status."""
        self._watch(Child(process, on_end))

    def finish(self, process: Process) -> None:
        """Run a process to its end; raises CannotStart when it fails, Stopped when asked to stop meanwhile."""
        ended: list[int] = []
        self.run_beside(process, ended.append)
        while not ended:
            self.tick()
        if ended[0] != 0:
            raise CannotStart(process.name)

    def _watch(self, child: Child) -> Child:
        self.children.append(child)
        self._start(child)
        return child

    def _start(self, child: Child) -> None:
        read_end, write_end = os.pipe()
        try:
            child.running = child.process.spawn(write_end)
        finally:
            os.close(write_end)
        child.started = time.monotonic()
        child.start_again_at = None
        os.set_blocking(read_end, False)
        self.selector.register(read_end, selectors.EVENT_READ, child.process.name)
        self.unfinished_lines[read_end] = b""

    def run(self) -> None:
        """Watch until somebody asks to stop."""
        try:
            while True:
                self.tick()
        except Stopped:
            return

    def tick(self) -> None:
        """Pass on what was printed, look after the dead; raises Stopped once when asked to stop."""
        self._read(TICK_SECONDS)
        if self.asked_to_stop:
            raise Stopped
        now = time.monotonic()
        for child in list(self.children):
            if child.running is not None and child.running.poll() is not None:
                self._bury(child, now)
            elif child.start_again_at is not None and now >= child.start_again_at:
                self._start(child)

    def _bury(self, child: Child, now: float) -> None:
        assert child.running is not None
        status = child.running.returncode
        end_group(child.running.pid)
        child.running = None
        self._read(0)
        if child.on_end:
            self.children.remove(child)
            child.on_end(status)
            return
        if now - child.started > STEADY_SECONDS:
            child.deaths = 0
        pause_seconds = min(SHORTEST_PAUSE_SECONDS * 2**child.deaths, LONGEST_PAUSE_SECONDS)
        child.deaths += 1
        child.start_again_at = now + pause_seconds
        name = child.process.name
        self.log.say(
            f"{name} 已退出（{status}），{pause_seconds:g} 秒后重新启动 / "
            f"{name} ended ({status}); starting it again in {pause_seconds:g} s",
            level="WARNING",
        )

    def _read(self, seconds: float) -> None:
        for key, _ in self.selector.select(seconds):
            try:
                got = os.read(key.fd, 65536)
            except BlockingIOError:
                continue
            if key.data is None:
                continue
            *lines, after = (self.unfinished_lines[key.fd] + got).split(b"\n")
            if got:
                self.unfinished_lines[key.fd] = after
            else:
                lines.append(after)
                self.selector.unregister(key.fd)
                os.close(key.fd)
                del self.unfinished_lines[key.fd]
            self.log.take(key.data, lines)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Stop every child, the last one started first, within the time given; what does not end is killed.

        The first child, PostgreSQL, keeps enough of the time for a clean end. Killing it loses nothing that was
        committed; it only has to recover at the next start.
        """
        end = time.monotonic() + seconds
        for child in reversed(self.children):
            if child.running is not None:
                is_first = child is self.children[0]
                latest = end if is_first else end - LEAST_FOR_THE_FIRST_SECONDS
                self._stop_one(child, child.running, latest)

    def _stop_one(self, child: Child, running: subprocess.Popen, latest: float) -> None:
        for number in (child.process.stop_signal, child.process.last_signal):
            if running.poll() is not None:
                break
            running.send_signal(number)
            limit = min(time.monotonic() + child.process.patience_seconds, latest)
            while running.poll() is None and time.monotonic() < limit:
                self._read(0.02)
        if running.poll() is None:
            running.kill()
            running.wait()
        end_group(running.pid)
        child.running = None
        self._read(0)


def end_group(leader: int) -> None:
    """Kill what is left of the process group of a child that has ended."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
