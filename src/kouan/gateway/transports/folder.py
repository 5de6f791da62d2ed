"""Folder exchange as the import client of the national single window does it (自动导入客户端).

Seen from the side that declares: it writes into ``OutBox``; what was taken moves to ``SentBox``, what could not be
taken to ``FailBox``; answers lie in ``InBox``. A file is written as ``name.Temp`` and renamed when it is whole;
only ``.xml`` and ``.zip`` are picked up.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kouan.gateway.transports import Parcel, Sent
from kouan.gateway.transports.file_names import with_stamp

BOXES = ("OutBox", "SentBox", "FailBox", "InBox")
_PICKED_UP = (".xml", ".zip")
_SYNCED_AT_ONCE = 8
"""So many files are written to disk side by side: the file system syncs them together."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The four boxes below one root."""

    root: Path

    def prepare(self) -> None:
        """Make the boxes that are missing."""
        for box in BOXES:
            (self.root / box).mkdir(parents=True, exist_ok=True)

    def waiting(self, box: str, *, limit: int, largest: int) -> Iterator[tuple[Path, bytes | None]]:
        """Walk over whole files of a box, oldest name first; ``None`` stands for one larger than ``largest``.

        Links and folders are passed over, so that nothing outside the box is ever read.
        """
        try:
            names = sorted(entry.name for entry in os.scandir(self.root / box) if entry.is_file(follow_symlinks=False))
        except FileNotFoundError:
            return
        for name in [n for n in names if n.lower().endswith(_PICKED_UP)][:limit]:
            path = self.root / box / name
            try:
                yield path, None if path.stat().st_size > largest else path.read_bytes()
            except FileNotFoundError:
                continue

    def left_behind(self, box: str) -> tuple[datetime | None, int]:
        """Say since when the oldest file of a box lies there, and how many there are."""
        oldest, count = None, 0
        try:
            for entry in os.scandir(self.root / box):
                if entry.name.lower().endswith(_PICKED_UP) and entry.is_file(follow_symlinks=False):
                    count += 1
                    written = entry.stat(follow_symlinks=False).st_mtime
                    oldest = written if oldest is None else min(oldest, written)
        except FileNotFoundError:  # the box is not there yet, or a file was taken meanwhile: asked again soon
            return None, 0
        return (None if oldest is None else datetime.fromtimestamp(oldest, UTC)), count

    def put(self, box: str, name: str, data: bytes) -> None:
        """Write a file whole: synced under a temporary name, then renamed."""
        self.put_all(box, [(name, data)])

    def put_all(self, box: str, files: Sequence[tuple[str, bytes]]) -> None:
        """Write files whole, in order: all of them synced side by side, then renamed, the box synced once."""
        if not files:
            return
        root = self.root / box
        temporaries = [root / f"{name}.Temp" for name, _data in files]
        if len(files) == 1:
            _write_synced(temporaries[0], files[0][1])
        else:
            with ThreadPoolExecutor(_SYNCED_AT_ONCE, "folder") as pool:
                list(pool.map(_write_synced, temporaries, [data for _name, data in files]))
        for temporary, (name, _data) in zip(temporaries, files, strict=True):
            temporary.rename(root / name)
        _sync_directory(root)

    def move(self, path: Path, box: str, at: datetime) -> Path:
        """Move a file into another box under its name with a time stamp, as the client does."""
        target = self.root / box / with_stamp(path.stem, path.suffix, at)
        path.rename(target)
        return target

    def has(self, boxes: tuple[str, ...], name: str) -> bool:
        """Whether a file of this name, stamped or not, lies in one of the boxes."""
        stem, suffix = Path(name).stem, Path(name).suffix
        return any(
            (self.root / box / name).exists() or any((self.root / box).glob(f"{stem}_*{suffix}")) for box in boxes
        )


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """Sends by writing into one box of a folder.

    taken_to: boxes in which the item may stand already when an earlier attempt was cut off after writing.
    """

    folder: Folder
    box: str
    taken_to: tuple[str, ...] = ()

    def send(self, name: str, data: bytes, *, maybe_sent: bool) -> Sent:
        """Write one file; the same name a second time changes nothing."""
        try:
            self.folder.prepare()
            if not maybe_sent or not self.folder.has((self.box, *self.taken_to), name):
                self.folder.put(self.box, name, data)
        except OSError as error:
            return Sent("unreachable", f"{type(error).__name__}: {error}")
        return Sent("delivered", f"{self.box}/{name}")

    def send_together(self, parcels: Sequence[Parcel]) -> list[Sent]:
        """Write many files; each name a second time changes nothing."""
        boxes = (self.box, *self.taken_to)
        try:
            self.folder.prepare()
            new = [one for one in parcels if not one.maybe_sent or not self.folder.has(boxes, one.name)]
            self.folder.put_all(self.box, [(one.name, one.data) for one in new])
        except OSError as error:
            return [Sent("unreachable", f"{type(error).__name__}: {error}")]
        return [Sent("delivered", f"{self.box}/{one.name}") for one in parcels]


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
