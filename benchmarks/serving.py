"""Serving the whole system for a benchmark or a crash test: an own cluster on disk with fsync on, web and workers.

The processes are those of ``./kouan up``; only their number may differ. Everything lies in one folder that is removed
afterwards, below ``TMPDIR``, else ``/var/tmp``; that has to be a disk.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kouan.project.leash import die_with_parent
from kouan.project.postgres.cluster import Cluster
from kouan.project.processes import answers, list_processes
from kouan.project.secret import keep_secret_key


@dataclass
class Served:
    """A running system: where it is, and its processes by name."""

    folder: Path
    cluster: Cluster
    port: int
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Address of the machine interface."""
        return f"http://127.0.0.1:{self.port}/api/v1"

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are started with."""
        return {
            **os.environ,
            "DATABASE_URL": self.cluster.url(),
            "KOUAN_DATA": str(self.folder),
            "KOUAN_LOG": "json",
            "DJANGO_SETTINGS_MODULE": "kouan.project.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }

    def start(self, name: str) -> None:
        """Start one of the processes of ``./kouan up`` by its name."""
        process = next(one for one in list_processes("127.0.0.1", self.port) if one.name == name)
        with open(self.folder / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                process.command,
                env={**self.environment, **process.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(9),
            )

    def wait_for_web(self, seconds: float = 60) -> None:
        """Wait until the web server answers."""
        end = time.monotonic() + seconds
        while not answers("127.0.0.1", self.port):
            if time.monotonic() > end:
                raise TimeoutError("the web server does not answer")
            time.sleep(0.05)

    def cpu_seconds(self) -> dict[str, float]:
        """Give the CPU seconds that each kind of process has used, the sender's with them."""
        tick = os.sysconf("SC_CLK_TCK")
        spent: dict[str, float] = {}
        groups = {process.pid: name for name, process in self.processes.items()}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            name = groups.get(int(fields[2]))
            if self.cluster.process and int(fields[1]) == self.cluster.process.pid:
                name = "postgres"
            if name:
                name = name.partition("-")[0]
                spent[name] = spent.get(name, 0.0) + (int(fields[11]) + int(fields[12])) / tick
        spent["sender"] = sum(os.times()[:2])
        return spent

    def stop(self) -> None:
        """Stop everything."""
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, 15)
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)


@contextmanager
def served(*, names: tuple[str, ...] = ("web", "work-1", "work-2")) -> Iterator[Served]:
    """Run the system in a fresh folder until the block ends. Django is set up in this process for its database."""
    folder = Path(tempfile.mkdtemp(prefix="kouan-served-", dir=os.environ.get("TMPDIR", "/var/tmp")))  # noqa: S108
    folder.chmod(0o755)
    cluster = Cluster(folder / "database")
    try:
        cluster.start()
        keep_secret_key(folder)
        running = Served(folder, cluster, _free_port())
        os.environ.update(running.environment)
        _prepare()
        try:
            for name in names:
                running.start(name)
            running.wait_for_web()
            yield running
        finally:
            running.stop()
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _prepare() -> None:
    import django
    from django.core.management import call_command

    from kouan.project.translations import compile_catalogues

    compile_catalogues()
    django.setup()
    call_command("prepare")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rows(sql: str, *values: Any) -> list[tuple]:
    """Ask the database of the served system."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []
