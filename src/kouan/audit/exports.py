"""The files outside the database that hold the seals: one a day, a JSON object a line, only ever appended to."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_BLOCK = 65_536


def list_exports(folder: Path) -> list[Path]:
    """Return the files of a folder, oldest first."""
    return sorted(folder.glob("audit-seals-????-??-??.jsonl"))


def append_line(folder: Path, day: dt.date, line: str) -> None:
    """Append a line to the file of a day and have it on the disk; what a crash tore off is cut away first."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / f"audit-seals-{day:%Y-%m-%d}.jsonl", os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        file.truncate(_end_of_whole_lines(file))
        file.seek(0, os.SEEK_END)
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_last_line(path: Path) -> str:
    """Return the last whole line of a file without its end; empty where there is none."""
    with path.open("rb") as file:
        end = _end_of_whole_lines(file) - 1
        if end < 0:
            return ""
        start = _end_of_whole_lines(file, before=end)
        file.seek(start)
        return file.read(end - start).decode()


def read_lines(path: Path, size: int) -> Iterator[str]:
    """Yield the whole lines within the first ``size`` bytes of a file."""
    with path.open("rb") as file:
        read = 0
        for line in file:
            read += len(line)
            if read > size or not line.endswith(b"\n"):
                return
            yield line.decode(errors="replace")


def _end_of_whole_lines(file: BinaryIO, before: int | None = None) -> int:
    """Where the last line that has its end stops, looking back from a place or from the end of the file."""
    end = file.seek(0, os.SEEK_END) if before is None else before
    while end:
        start = max(0, end - _BLOCK)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0
