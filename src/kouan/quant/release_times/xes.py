"""XES (IEEE 1849) to columns of text.

Only what stands directly in an event or a trace is taken; defaults of ``global``, nested attributes, lists and
containers are passed over. A document type is refused, so that no entity is ever expanded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from xml.parsers import expat

import polars as pl

from kouan.quant.release_times.log import Remark, UnreadableLog

CASE, ACTIVITY, TIME = "case:concept:name", "concept:name", "time:timestamp"
MOST_BYTES = 1 << 36
"""A file that unpacks to more than this (64 GiB) is refused."""
_CHUNK = 1 << 20
_VALUES = frozenset(("string", "date", "int", "float", "boolean", "id"))


class Source(Protocol):
    """What gives bytes until there are none."""

    def read(self, size: int, /) -> bytes: ...


def read_xes(
    source: Source, attributes: tuple[str, ...] = (), transitions: bool = False
) -> tuple[pl.DataFrame, list[Remark]]:
    """Read a XES document into text columns, one row per event, and remarks on what was odd.

    attributes: keys of traces (bare, or as ``case:key``) to keep as columns under the name given.
    transitions: join ``lifecycle:transition`` to the activity, as in ``Repair+start``.

    Raises UnreadableLog with the line where the document breaks off, is not well-formed or not XES.
    """
    reader = _Reader(attributes, transitions)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = False
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = _refuse_doctype(parser)
    reader.line = lambda: parser.CurrentLineNumber
    total = 0
    try:
        while chunk := source.read(_CHUNK):
            total += len(chunk)
            if total > MOST_BYTES:
                raise UnreadableLog("文件展开后过大", "the file unpacks to too much", parser.CurrentLineNumber)
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        reason = expat.errors.messages.get(error.code, "") or expat.ErrorString(error.code)
        broken = (
            error.code in (expat.errors.codes["no element found"], expat.errors.codes["unclosed token"])
            if hasattr(expat.errors, "codes")
            else False
        )
        zh = "XES 文件不完整，在此处中断" if broken else f"XES 文件格式有误（{reason}）"
        en = "the XES document breaks off here" if broken else f"the XES document is not well-formed ({reason})"
        raise UnreadableLog(zh, en, error.lineno) from None
    except (EOFError, OSError) as error:
        raise UnreadableLog(
            f"压缩文件不完整或已损坏（{error}）",
            f"the packed file is cut off or damaged ({error})",
            parser.CurrentLineNumber,
        ) from None
    except ValueError as error:
        if isinstance(error, UnreadableLog):
            raise
        raise UnreadableLog(
            f"XES 文件格式有误（{error}）", f"the XES document is not well-formed ({error})", parser.CurrentLineNumber
        ) from None
    return reader.frame(), reader.remarks()


def _refuse_doctype(parser: expat.XMLParserType):
    def refuse(*_: object) -> None:
        raise UnreadableLog(
            "XES 文件含有文档类型声明（DOCTYPE），予以拒绝",
            "the document carries a DOCTYPE, which is refused",
            parser.CurrentLineNumber,
        )

    return refuse


class _Reader:
    def __init__(self, attributes: tuple[str, ...], transitions: bool) -> None:
        self._keys = {name.removeprefix("case:"): name for name in attributes}
        self._transitions = transitions
        self._depth = 0
        self._trace: dict[str, str] | None = None
        self._event: dict[str, str] | None = None
        self._event_depth = self._trace_depth = 0
        self._names: list[str | None] = []
        self._cases: list[int] = []
        self._activities: list[str | None] = []
        self._times: list[str | None] = []
        self._columns: dict[str, list[str | None]] = {name: [] for name in attributes}
        self._in_trace = 0
        self._empty = self._unnamed = self._stray = 0
        self.line: Callable[[], int] = lambda: 0

    def start(self, tag: str, given: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1:
            if tag.rpartition(":")[2] != "log":
                raise UnreadableLog(
                    f"根元素应为 log，却是 {tag[:40]}", f"the root must be log, not {tag[:40]}", self.line()
                )
            return
        if self._event is not None:
            if self._depth == self._event_depth + 1 and tag in _VALUES:
                key = given.get("key")
                if key is not None:
                    self._event[key] = given.get("value", "")
            return
        if tag == "event":
            if self._trace is None:
                self._stray += 1
            else:
                self._event, self._event_depth = {}, self._depth
        elif tag == "trace" and self._trace is None:
            self._trace, self._trace_depth, self._in_trace = {}, self._depth, 0
        elif self._trace is not None and self._depth == self._trace_depth + 1 and tag in _VALUES:
            key = given.get("key")
            if key is not None:
                self._trace[key] = given.get("value", "")

    def end(self, tag: str) -> None:
        if tag == "event" and self._event is not None and self._depth == self._event_depth:
            event = self._event
            activity = event.get("concept:name")
            if self._transitions and activity and "lifecycle:transition" in event:
                activity = f"{activity}+{event['lifecycle:transition']}"
            self._activities.append(activity)
            self._times.append(event.get("time:timestamp"))
            self._in_trace += 1
            self._event = None
        elif tag == "trace" and self._trace is not None and self._depth == self._trace_depth:
            self._close_trace(self._trace)
            self._trace = None
        self._depth -= 1

    def _close_trace(self, trace: dict[str, str]) -> None:
        if not self._in_trace:
            self._empty += 1
            return
        name = trace.get("concept:name")
        if not name:
            self._unnamed += 1
            name = f"(trace {len(self._names) + 1})"
        self._cases.extend([len(self._names)] * self._in_trace)
        self._names.append(name)
        for key, column in self._keys.items():
            self._columns[column].extend([trace.get(key)] * self._in_trace)

    def frame(self) -> pl.DataFrame:
        # Two traces of one name stay two cases: their names are told apart by the place of the trace.
        names = pl.Series("name", self._names, dtype=pl.String)
        twice = names.is_duplicated()
        if twice.any():
            places = pl.Series("place", range(1, len(names) + 1), dtype=pl.Int64).cast(pl.String)
            names = names.zip_with(~twice, names + " #" + places)
        cases = pl.Series(CASE, self._cases, dtype=pl.UInt32)
        return pl.DataFrame(
            [
                names.gather(cases).alias(CASE) if len(cases) else pl.Series(CASE, [], dtype=pl.String),
                pl.Series(ACTIVITY, self._activities, dtype=pl.String),
                pl.Series(TIME, self._times, dtype=pl.String),
                *(pl.Series(name, values, dtype=pl.String) for name, values in self._columns.items()),
            ]
        )

    def remarks(self) -> list[Remark]:
        twice = len(self._names) - len(set(self._names))
        told = (
            (self._empty, "trace_without_events", True, "案件没有任何记录", "the case has no event"),
            (self._stray, "event_outside_trace", True, "记录不属于任何案件", "the event stands outside any trace"),
            (
                self._unnamed,
                "trace_without_name",
                False,
                "案件没有名称，以序号代替",
                "the case has no name; its number stands in",
            ),
            (
                twice,
                "trace_name_repeated",
                False,
                "案件名称重复，已用序号区分",
                "the name of the case is used twice; numbers tell them apart",
            ),
        )
        return [Remark(code, count, excluded, zh, en) for count, code, excluded, zh, en in told if count]
