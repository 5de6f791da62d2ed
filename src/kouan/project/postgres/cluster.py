"""A PostgreSQL cluster of our own: made, started, watched and stopped.

It listens on 127.0.0.1 only and asks for a password (SCRAM) that stands in a file for its owner's eyes.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from kouan.project.leash import die_with_parent
from kouan.project.places import make_private_folder, write_private
from kouan.project.postgres.binaries import (
    Binaries,
    Owner,
    PostgresFailed,
    can_enter,
    clean_environment,
    find_binaries,
    find_owner,
    place_binaries,
)

SUPERUSER = "postgres"
APPLICATION = "kouan"

# Safe first: a commit that was answered is on the disk. The sizes suit two cores and a few GB or more.
SERVING = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "512MB",
    "effective_cache_size": "4GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "wal_compression": "on",
    "wal_buffers": "32MB",
    "max_wal_size": "8GB",
    "min_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "max_connections": "100",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_min_duration_statement": "2s",
    "log_checkpoints": "off",
    "idle_in_transaction_session_timeout": "10min",
}

# For data that is thrown away in a minute: nothing waits for the disk.
TESTING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "max_connections": "100",
    "jit": "off",
    "client_min_messages": "warning",
}


@dataclass
class Cluster:
    """One PostgreSQL cluster in one folder.

    folder: made by us with mode 711; holds `postgres` (the data, the owner's), `superuser` and `password` (0600),
    `port` and `log`. settings: server parameters. Either `start` and `stop`, or for a supervisor `prepare`, `spawn`,
    `is_ready` and `finish`.
    """

    folder: Path
    settings: dict[str, str] = field(default_factory=lambda: dict(SERVING))
    binaries: Binaries = field(default_factory=find_binaries)
    owner: Owner = field(default_factory=find_owner)
    database: str = APPLICATION
    process: subprocess.Popen | None = None

    def __post_init__(self) -> None:
        self.folder = self.folder.resolve()
        self.data = self.folder / "postgres"

    @property
    def exists(self) -> bool:
        """Whether the cluster has been made."""
        return (self.data / "PG_VERSION").exists()

    @property
    def port(self) -> int:
        """The port that was last used."""
        return int((self.folder / "port").read_text())

    def url(self, *, superuser: bool = False) -> str:
        """Return the address of the database with its password."""
        user, file = (SUPERUSER, "superuser") if superuser else (APPLICATION, "password")
        database = "postgres" if superuser else self.database
        return f"postgresql://{user}:{(self.folder / file).read_text()}@127.0.0.1:{self.port}/{database}"

    def start(self, *, wait_seconds: float = 120) -> None:
        """Make the cluster if need be, start it and wait until it answers; it ends with the thread that called this.

        Its messages go to `log` in the folder. Raises PostgresFailed.
        """
        self.prepare()
        with open(self.folder / "log", "ab") as log:
            self.process = self.spawn(log)
        end = time.monotonic() + wait_seconds
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                said = (self.folder / "log").read_text(errors="replace").splitlines()[-5:]
                raise PostgresFailed(
                    "PostgreSQL 未能启动，其日志的末尾是：\nPostgreSQL did not start; its log ends:\n" + "\n".join(said)
                )
            time.sleep(0.03)
        self.finish()

    def prepare(self) -> None:
        """Do what has to be done before the server starts: make the cluster, check its version, choose the port."""
        if self.exists:
            self.check_version()
            self.binaries = place_binaries(self.binaries, self.owner)
        else:
            self.binaries = place_binaries(self.binaries, self.owner)
            self.make()
        self.stop_orphan()
        self._choose_port()

    def make(self) -> None:
        """Make the cluster: UTF-8, a collation that is the same on every system, passwords; raises PostgresFailed."""
        make_private_folder(self.folder)
        self._check_reach()
        words = {name: secrets.token_urlsafe(24) for name in ("superuser", "password")}
        for name, word in words.items():
            write_private(self.folder / name, word)
        half_made = self.folder / "postgres.new"
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=self.folder) as password:
            password.write(words["superuser"])
            password.flush()
            if self.owner.is_other:
                for path in (half_made, password.name):
                    os.chown(path, self.owner.uid, self.owner.gid)
            self._initialise(half_made, Path(password.name))
        half_made.rename(self.data)

    def _check_reach(self) -> None:
        if can_enter(self.owner, self.folder):
            return
        raise PostgresFailed(
            f"数据库以用户 {self.owner.name} 运行，但该用户无法进入 {self.folder}。\n"
            f"请用 --data 选择它可以到达的目录（例如 /var/lib/kouan/data），或自行放开上级目录（chmod o+x 目录）。\n"
            f"The database runs as {self.owner.name}, who cannot enter {self.folder}.\n"
            f"Choose a folder within its reach with --data (such as /var/lib/kouan/data), or open the folders above it "
            f"yourself (chmod o+x FOLDER)."
        )

    def _initialise(self, folder: Path, password: Path) -> None:
        locale = clean_environment()["LC_ALL"]
        words = [f"--locale={locale}"]
        if self.binaries.major >= 17:
            # Chinese words are letters for pg_trgm and regular expressions, on every operating system alike.
            words += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.settings.get("fsync") == "off":
            words.append("--no-sync")
        command = [
            self.binaries / "initdb",
            f"--pgdata={folder}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--data-checksums",
            *words,
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd="/", env=clean_environment(), **self.owner.popen_arguments()
        )
        if done.returncode:
            raise PostgresFailed(f"initdb 失败 / initdb failed:\n{done.stderr.strip() or done.stdout.strip()}")

    def check_version(self) -> None:
        """Raise PostgresFailed where the data were written by another major version."""
        written = int((self.data / "PG_VERSION").read_text().strip())
        if written != self.binaries.major:
            raise PostgresFailed(
                f"{self.data} 由 PostgreSQL {written} 写成，当前程序是 {self.binaries.major}，不能直接使用。\n"
                f"请先用旧版程序导出：KOUAN_PGBIN=旧版程序目录 ./kouan dump 文件，再导入新的数据目录："
                f"./kouan restore 文件 --data 新目录。\n"
                f"{self.data} was written by PostgreSQL {written}; these programs are {self.binaries.major}.\n"
                f"First dump with the old programs (KOUAN_PGBIN=FOLDER ./kouan dump FILE), then restore into a new "
                f"data folder (./kouan restore FILE --data NEW)."
            )

    def _choose_port(self) -> None:
        remembered = self.port if (self.folder / "port").exists() else 0
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", remembered))
            except OSError:
                probe.bind(("127.0.0.1", 0))
            (self.folder / "port").write_text(str(probe.getsockname()[1]))

    def spawn(self, output: IO | int) -> subprocess.Popen:
        """Start the server and return its process at once; its messages go to `output`."""
        parameters = {
            **self.settings,
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "password_encryption": "scram-sha-256",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        return subprocess.Popen(
            [
                self.binaries / "postgres",
                "-D",
                str(self.data),
                *(word for name, value in parameters.items() for word in ("-c", f"{name}={value}")),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=clean_environment(),
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGINT),
            **self.owner.popen_arguments(),
        )

    def is_ready(self) -> bool:
        """Whether the server answers."""
        try:
            psycopg.connect(self.url(superuser=True), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def finish(self) -> None:
        """Make the application's own role and database in a fresh cluster."""
        with psycopg.connect(self.url(superuser=True), autocommit=True) as connection:
            role, password = sql.Identifier(APPLICATION), sql.Literal((self.folder / "password").read_text())
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(role, password))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.database]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(self.database), role))

    def stop(self, *, wait_seconds: float = 60) -> None:
        """Stop the server cleanly: open transactions are rolled back, everything committed is on the disk."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(wait_seconds)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(10)
        self.process = None

    def running_pid(self) -> int | None:
        """Return the process that serves this folder, whoever started it; None where there is none."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, 0)
            program = Path(f"/proc/{pid}/exe")
            # The number may have been given to another program since.
            if program.parent.parent.exists() and not program.readlink().name.startswith("postgres"):
                return None
        except PermissionError:
            return None
        except (OSError, ValueError):
            return None
        return pid

    def stop_orphan(self, *, wait_seconds: float = 60) -> None:
        """Stop a server on this folder that outlived the one who started it."""
        pid = self.running_pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        end = time.monotonic() + wait_seconds
        while self.running_pid() == pid and time.monotonic() < end:
            time.sleep(0.05)
