"""Folders for clusters that live only as long as their tests: in memory where that is possible."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

MEMORY = Path("/dev/shm")  # noqa: S108
PREFIX = "kouan-test-"

_held: list[IO[str]] = []


def throw_away_folder() -> Path:
    """Make a folder and hold it until this process ends; folders of processes that were killed are removed first."""
    is_usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK)
    base = MEMORY if is_usable else Path(tempfile.gettempdir())
    remove_abandoned(base)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    handle = open(folder / "held", "w")  # noqa: SIM115
    fcntl.flock(handle, fcntl.LOCK_EX)
    _held.append(handle)
    folder.chmod(0o711)
    return folder


def remove_abandoned(base: Path) -> None:
    """Remove the folders that nobody holds any more."""
    for mark in base.glob(f"{PREFIX}*/held"):
        try:
            with open(mark, "a") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(mark.parent, ignore_errors=True)
        except OSError:  # held, or another user's
            continue
