"""Files to event logs: XES (also packed), CSV, Parquet and Arrow."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl

from kouan.quant.release_times.intake import Layout, ReadingStopped, log_from_frame
from kouan.quant.release_times.log import EventLog, UnreadableLog
from kouan.quant.release_times.xes import ACTIVITY, CASE, TIME, read_xes
from kouan.quant.solving import Stop

FORMS = ("xes", "csv", "parquet", "arrow")
_SUFFIXES = {
    ".xes": "xes",
    ".xml": "xes",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".ipc": "arrow",
    ".feather": "arrow",
}


def read_log(
    path: str | Path,
    layout: Layout | None = None,
    *,
    form: str = "",
    transitions: bool = False,
    stop: Stop | None = None,
) -> EventLog:
    """Read an event log from a file.

    form: one of FORMS; guessed from the name when empty. ``.gz`` is unpacked on the way.
    transitions: for XES, tell start and completion of an activity apart.

    Raises UnreadableLog with line and reason, OSError where the file cannot be opened, ReadingStopped where ``stop``
    says so.
    """
    path, layout = Path(path), layout or Layout()
    form = form or _guess_form(path)
    if form not in FORMS:
        raise UnreadableLog(f"不支持的格式“{form}”", f"unknown form '{form}': use one of {', '.join(FORMS)}")
    if not path.is_file():
        raise FileNotFoundError(f"没有这个文件 / no such file: {path}")
    if path.stat().st_size == 0:
        raise UnreadableLog("文件是空的", "the file is empty")
    if form == "xes":
        return _read_xes_file(path, layout, transitions, stop)
    try:
        frame = _scan(path, form)
        frame.collect_schema()
    except (pl.exceptions.PolarsError, OSError, EOFError) as error:
        raise UnreadableLog(
            f"不是可读的 {form} 文件：{_brief(error)}", f"this is no readable {form} file: {_brief(error)}"
        ) from None
    return log_from_frame(frame, layout, stop)


def _read_xes_file(path: Path, layout: Layout, transitions: bool, stop: Stop | None) -> EventLog:
    with _open(path) as source:
        frame, remarks = read_xes(_Guarded(source, stop), layout.attributes, transitions)
    if not frame.height:
        raise UnreadableLog("XES 文件中没有任何记录", "the XES document holds no event")
    log = log_from_frame(frame, Layout(CASE, ACTIVITY, TIME, layout.attributes, layout.zone), stop)
    return EventLog(
        log.offsets, log.activity, log.at, log.activities, log.names, log.attributes, (*remarks, *log.quality)
    )


class _Guarded:
    """A source that gives no more when a rule says stop."""

    def __init__(self, source: BinaryIO, stop: Stop | None) -> None:
        self._source, self._stop = source, stop

    def read(self, size: int) -> bytes:
        if self._stop is not None and self._stop():
            raise ReadingStopped(self._stop.elapsed())
        return self._source.read(size)


def _scan(path: Path, form: str) -> pl.LazyFrame:
    if form == "parquet":
        return pl.scan_parquet(path)
    if form == "arrow":
        with path.open("rb") as file:
            whole = file.read(6) == b"ARROW1"
        return pl.scan_ipc(path) if whole else pl.read_ipc_stream(path).lazy()
    source: Path | bytes = path
    with _open(path) as file:
        head = file.read(1 << 20)
        if b"\0" in head[:4096]:
            raise UnreadableLog("不是文本文件", "this is not a text file", 1)
        if not _is_utf8(head):
            text = (head + file.read()).decode("gb18030", errors="replace")
            source, head = text.encode(), text[: 1 << 18].encode()
        elif path.suffix == ".gz":
            source = head + file.read()
    return pl.scan_csv(
        io.BytesIO(source) if isinstance(source, bytes) else source,
        separator=_separator(head),
        infer_schema=False,
        truncate_ragged_lines=True,
        ignore_errors=True,
        encoding="utf8-lossy",
        low_memory=True,
    )


def _separator(head: bytes) -> str:
    first = head.partition(b"\n")[0]
    return max((",", "\t", ";", "|"), key=lambda sign: first.count(sign.encode()))


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and len(head) == 1 << 20
    return True


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path, "rb") if packed else path.open("rb"))


def _guess_form(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    form = _SUFFIXES.get(suffixes[-1]) if suffixes else None
    if form is None:
        raise UnreadableLog(
            f"从文件名看不出格式：{path.name}",
            f"the name does not tell the form: {path.name}; say one of {', '.join(FORMS)}",
        )
    return form


def _brief(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__
