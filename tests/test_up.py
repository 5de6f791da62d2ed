"""`./kouan up`, for real: it serves, mends itself when a part is killed, keeps its data, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from kouan.project.places import ROOT
from kouan.project.postgres.cluster import Cluster
from kouan.project.postgres.throw_away import throw_away_folder

PATIENCE_SECONDS = 120


def eventually(what: str, holds: Callable[[], object]) -> None:
    """Wait until something holds; fail when it does not within a patience that no machine needs."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def table_of_processes() -> dict[int, tuple[int, str]]:
    """Return every living process: its parent and its command line."""
    told = subprocess.run(["ps", "-axww", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 3) for line in told.stdout.splitlines()]
    return {int(row[0]): (int(row[1]), row[3] if len(row) > 3 else "") for row in rows if not row[2].startswith("Z")}


def is_alive(pid: int) -> bool:
    """Whether a process lives."""
    return pid in table_of_processes()


class Up:
    """One `./kouan up` on a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.printed = folder / "printed"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = self.start()

    def start(self) -> subprocess.Popen:
        """Start it and wait until it is ready."""
        kouan = [sys.executable, "-m", "kouan.project", "up", "--empty", "--port", str(self.port)]
        with open(self.printed, "w") as output:
            self.process = subprocess.Popen(
                [*kouan, "--data", str(self.data)], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True, env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "DATABASE_URL": ""},
            )  # fmt: skip
        eventually("it is not ready", lambda: self.is_ready() or self.process.poll() is not None)
        assert self.process.poll() is None, self.printed.read_text()
        eventually("the jobs' worker is missing", lambda: self.children("procrastinate"))
        return self.process

    def is_ready(self) -> bool:
        """Whether the site says that all is well."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def family(self) -> set[int]:
        """Return all descendants of the supervisor."""
        table, found = table_of_processes(), {self.process.pid}
        while more := {pid for pid, (parent, _) in table.items() if parent in found} - found:
            found |= more
        return found - {self.process.pid}

    def children(self, word: str, of: int | None = None) -> list[int]:
        """Return the direct children whose command line has this word."""
        parent = of or self.process.pid
        return [pid for pid, (its, line) in table_of_processes().items() if its == parent and word in line]


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    folder = throw_away_folder()
    started = Up(folder)
    yield started
    if started.process.poll() is None:
        started.process.send_signal(signal.SIGTERM)
        started.process.wait(30)
    shutil.rmtree(folder, ignore_errors=True)


def test_it_serves_and_the_database_asks_for_a_password(up):
    eventually("it does not serve", up.is_ready)
    address = Cluster(up.data / "database").url()
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT current_setting('fsync'), current_setting('listen_addresses')").fetchone()
    assert row == ("on", "127.0.0.1")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(address.replace("kouan:", "kouan:not-"))
    assert (up.data / "secret-key").stat().st_mode & 0o077 == 0
    assert (up.data / "database" / "password").stat().st_mode & 0o077 == 0


def test_a_killed_web_worker_is_replaced(up):
    (web,) = up.children("interface wsgi")
    worker = up.children("interface wsgi", of=web)[0]
    os.kill(worker, signal.SIGKILL)
    eventually("no new worker", lambda: worker not in (now := up.children("interface wsgi", of=web)) and len(now) == 2)
    eventually("it does not serve", up.is_ready)


def test_a_killed_web_server_comes_back_and_its_workers_do_not_linger(up):
    (web,) = up.children("interface wsgi")
    workers = up.children("interface wsgi", of=web)
    os.kill(web, signal.SIGKILL)
    eventually("its workers linger", lambda: not any(map(is_alive, workers)))
    eventually("it does not serve", up.is_ready)
    assert up.children("interface wsgi") != [web]


def test_a_killed_postgres_comes_back_with_what_was_committed(up):
    address = Cluster(up.data / "database").url()
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept AS SELECT '演示' AS word")
    (postgres,) = up.children("bin/postgres")
    os.kill(postgres, signal.SIGKILL)
    eventually("no new server", lambda: up.children("bin/postgres") not in ([], [postgres]))
    eventually("it does not serve", up.is_ready)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("演示",)]


def test_a_killed_job_worker_comes_back(up):
    (worker,) = up.children("procrastinate")
    os.kill(worker, signal.SIGKILL)
    eventually("no new worker", lambda: up.children("procrastinate") not in ([], [worker]))


def test_a_second_one_on_the_same_data_is_refused(up):
    second = subprocess.run(
        [sys.executable, "-m", "kouan.project", "up", "--port", "0", "--data", str(up.data)],
        cwd=ROOT, capture_output=True, text=True, env={**os.environ, "DATABASE_URL": ""},
    )  # fmt: skip
    assert second.returncode == 1
    assert "已有一个正在运行" in second.stderr
    eventually("it does not serve", up.is_ready)


def test_a_management_command_uses_the_running_database(up):
    (postgres,) = up.children("bin/postgres")
    told = subprocess.run(
        [sys.executable, "-m", "kouan.project", "manage", "--data", str(up.data), "showmigrations", "--plan"],
        cwd=ROOT, capture_output=True, text=True, env={**os.environ, "DATABASE_URL": ""},
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert "[X]  accounts.0001" in told.stdout
    assert up.children("bin/postgres") == [postgres]


def test_a_killed_supervisor_leaves_nothing_behind_and_the_next_start_has_the_same_data(up):
    family = up.family()
    assert len(family) > 5
    up.process.kill()
    up.process.wait()
    eventually("something was left behind", lambda: not family & set(table_of_processes()))
    up.start()
    with psycopg.connect(Cluster(up.data / "database").url()) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("演示",)]


def test_sigterm_stops_everything(up):
    family = up.family()
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(60) == 0
    assert not family & set(table_of_processes())
    assert not (up.data / "database" / "postgres" / "postmaster.pid").exists()
