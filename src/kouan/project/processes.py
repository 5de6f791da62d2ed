"""What runs while Kouan serves, as data: add a process by adding an entry to `list_processes`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kouan.project.leash import die_with_parent
from kouan.project.postgres.cluster import Cluster

WEB_WORKERS = 2
WEB_THREADS = 4
MESSAGE_WORKERS = 2


@dataclass(frozen=True)
class Process:
    """One process that the supervisor starts, watches, starts again when it dies, and stops.

    command: program and arguments. environment: what is added to ours. is_ready: asked until it says yes, before the
    next process is started; None when being alive is enough. stop_signal asks it to end; after `patience_seconds`
    last_signal makes it.
    """

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    is_ready: Callable[[], bool] | None = None
    stop_signal: int = signal.SIGTERM
    last_signal: int = signal.SIGKILL
    patience_seconds: float = 5.0

    def spawn(self, output: int) -> subprocess.Popen:
        """Start the process; what it prints goes to a descriptor."""
        return subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "KOUAN_LOG": "json", "KOUAN_SUPERVISED": "1", **self.environment},
            start_new_session=True,
            # Whoever kills the supervisor has crashed Kouan; nothing may go on without it.
            preexec_fn=die_with_parent(signal.SIGKILL),
        )


@dataclass(frozen=True)
class Postgres(Process):
    """The cluster's server: SIGINT ends it cleanly, SIGQUIT at once (it recovers at the next start)."""

    cluster: Cluster | None = None

    def spawn(self, output: int) -> subprocess.Popen:
        """Start the server; what it prints goes to a descriptor."""
        assert self.cluster is not None
        return self.cluster.spawn(output)


def postgres_of(cluster: Cluster) -> Postgres:
    """Return the server of a cluster as a process to watch."""
    return Postgres(
        "postgres",
        (),
        is_ready=cluster.is_ready,
        stop_signal=signal.SIGINT,
        last_signal=signal.SIGQUIT,
        patience_seconds=7.0,
        cluster=cluster,
    )


def kouan(*words: str) -> tuple[str, ...]:
    """Return the command line of a `kouan` subcommand."""
    return (sys.executable, "-m", "kouan.project", *words)


def live_port_of(host: str, port: int) -> int:
    """Return the port of the live line: as set, else the one after the pages', else any that is free."""
    if named := os.environ.get("KOUAN_LIVE_PORT"):
        return int(named)
    for wanted in (port + 1, 0):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, wanted))
            except OSError:
                continue
            os.environ["KOUAN_LIVE_PORT"] = str(probe.getsockname()[1])
            return int(os.environ["KOUAN_LIVE_PORT"])
    return port + 1


def list_processes(host: str, port: int) -> list[Process]:
    """Return the processes in the order in which they are started; PostgreSQL runs already."""
    return [
        Process(
            "web",
            (
                sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1",
                "--host", host, "--port", str(port),
                "--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS),
                "--respawn-failed-workers", "--workers-kill-timeout", "4", "--log-level", "warning",
                "kouan.project.wsgi:application",
            ),
            # Two connections more than threads: a request may open a second one.
            environment={"KOUAN_DB_POOL": str(WEB_THREADS + 2)},
            is_ready=lambda: answers(host, port),
        ),
        Process(
            "live",
            (
                sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--http", "1",
                "--host", host, "--port", str(live_port_of(host, port)), "--workers", "1",
                "--respawn-failed-workers", "--workers-kill-timeout", "4", "--log-level", "warning",
                "kouan.project.live:application",
            ),
        ),
        *(Process(f"work-{number}", kouan("work")) for number in range(1, MESSAGE_WORKERS + 1)),
        Process("tell", kouan("tell")),
        Process("jobs", kouan("manage", "procrastinate", "worker", "--concurrency", "2",
                         "--shutdown-graceful-timeout", "4", "--delete-jobs", "successful")),
    ]  # fmt: skip


def counterparts_of(data: Path) -> list[Process]:
    """Return the processes that play the national side of a demonstration; none where nothing is played.

    It is played where the demonstration data left the counterpart's memory. Each takes what lies in the folder of its
    national channel and lays its answers there.
    """
    exchange = Path(os.environ.get("KOUAN_EXCHANGE") or data / "exchange")
    played = (("counterpart", "ledger.db", "national", ()), ("goods-window", "goods_window.db", "window", ("--goods",)))
    return [
        Process(name, kouan("counterpart", *more, "--folder", str(exchange / folder), "--ledger", str(ledger)))
        for name, file, folder, more in played
        if (ledger := data / "counterpart" / file).exists()
    ]


def answers(host: str, port: int) -> bool:
    """Whether the web server says that it is ready."""
    reached = "127.0.0.1" if host in {"0.0.0.0", ""} else f"[{host}]" if ":" in host else host  # noqa: S104
    try:
        with urllib.request.urlopen(f"http://{reached}:{port}/health/live", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
