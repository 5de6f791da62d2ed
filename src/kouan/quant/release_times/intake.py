"""Raw columns to an event log: find the columns, read the stamps, leave out what cannot be used and say so.

Sources of any kind (files, iterables, data frames) come through here as a lazy polars frame, so that there is one set
of rules for what counts as an event.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from kouan.quant.release_times.log import EventLog, Remark, UnreadableLog, build_log
from kouan.quant.solving import Stop

CASE_NAMES = (
    "case:concept:name",
    "case_id",
    "caseid",
    "case id",
    "case",
    "case_name",
    "trace",
    "案件号",
    "案件",
    "报关单号",
    "编号",
)
ACTIVITY_NAMES = ("concept:name", "activity", "activity_name", "event", "task", "step", "环节", "节点", "操作")
TIME_NAMES = (
    "time:timestamp",
    "timestamp",
    "time",
    "at",
    "datetime",
    "end_timestamp",
    "complete",
    "时间",
    "时间戳",
    "操作时间",
)

EARLIEST, LATEST = -2_208_988_800_000_000, 7_258_118_400_000_000
"""Stamps outside the years 1900 to 2199 are faults of a clock, not moments."""

_ZONED = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z", "%Y-%m-%d %H:%M:%S%.f %#z")
_PLAIN = (
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d %H:%M",
    "%Y%m%d%H%M%S",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%d.%m.%Y %H:%M:%S",
)
_SHOWN_ROWS = 5
MOST_LABELS = 100_000
"""More activities than this are names of something else."""


class ReadingStopped(Exception):
    """A rule or a signal ended the reading of a log; figures of a part of it would mislead, so there are none."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"{seconds:.1f} 秒后停止，日志尚未读完，不作统计 / "
            f"stopped after {seconds:.1f} s; the log was not read to its end, so there are no figures"
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns hold what; an empty name is guessed from the usual ones.

    attributes: columns of cases to keep for strata. zone: the zone of stamps that name none.
    """

    case: str = ""
    activity: str = ""
    time: str = ""
    attributes: tuple[str, ...] = ()
    zone: str = "Asia/Shanghai"


def log_from_rows(rows: Iterable[Sequence[Any]], layout: Layout | None = None) -> EventLog:
    """Build a log from an iterable of (case, activity, time) or of mappings with the layout's names.

    time: an aware or plain ``datetime``, an ISO text, or seconds since 1970.
    """
    layout = layout or Layout()
    iterator = list(rows)
    if not iterator:
        raise UnreadableLog("没有任何记录", "there is no event at all")
    first = iterator[0]
    if isinstance(first, Mapping):
        names = list(first)
        data = {name: [row.get(name) for row in iterator] for name in names}  # type: ignore[attr-defined]
    else:
        wrong = next((number for number, row in enumerate(iterator, 1) if len(row) != 3), 0)
        if wrong:
            raise UnreadableLog(
                "每条记录应有案件、环节、时间三项", "an event has three parts: case, activity, time", wrong
            )
        names = ["case", "activity", "time"]
        data = {name: [row[place] for row in iterator] for place, name in enumerate(names)}
    return log_from_frame(pl.LazyFrame([_series(name, values) for name, values in data.items()]), layout)


def log_from_frame(
    frame: pl.LazyFrame | pl.DataFrame, layout: Layout | None = None, stop: Stop | None = None
) -> EventLog:
    """Build a log from a polars frame.

    Raises UnreadableLog where a column is missing or no event can be used, ReadingStopped where ``stop`` says so.
    """
    layout = layout or Layout()
    lazy = frame.lazy()
    schema = lazy.collect_schema()
    case = _find(schema, layout.case, CASE_NAMES, "案件", "case")
    activity = _find(schema, layout.activity, ACTIVITY_NAMES, "环节", "activity")
    stamp = _find(schema, layout.time, TIME_NAMES, "时间", "time")
    for name in layout.attributes:
        if name not in schema:
            raise UnreadableLog(
                f"没有“{name}”一列，现有：{_columns(schema)}", f"no column '{name}'; there are: {_columns(schema)}"
            )
    clocks = _Clocks(lazy, stamp, schema[stamp], layout.zone, stop)
    pools = {name: _Labels() for name in (case, activity, *layout.attributes)}
    try:
        wanted = lazy.select(
            _text(case).cast(pools[case].dtype).to_physical().alias("case"),
            _text(activity).cast(pools[activity].dtype).to_physical().alias("activity"),
            clocks.expression().alias("at"),
            *(
                _text(name).cast(pools[name].dtype).to_physical().alias(f"attribute {place}")
                for place, name in enumerate(layout.attributes)
            ),
        )
        codes = _collect(wanted, stop)
    except pl.exceptions.PolarsError as error:
        raise UnreadableLog(f"数据无法读取：{_brief(error)}", f"the data cannot be read: {_brief(error)}") from None
    return _assemble(codes, pools, case, activity, layout, clocks)


def _assemble(
    codes: pl.DataFrame, pools: dict[str, _Labels], case: str, activity: str, layout: Layout, clocks: _Clocks
) -> EventLog:
    if len(pools[activity]) > MOST_LABELS:
        raise UnreadableLog(
            f"“{activity}”一列有 {len(pools[activity])} 个不同的值，不像环节：请用正确的列",
            f"the column '{activity}' holds {len(pools[activity])} different values; these are no activities",
        )
    height = codes.height
    remarks: list[Remark] = []
    case_codes = _codes(codes, "case")
    activity_codes = _codes(codes, "activity")
    at = codes["at"]
    if at.null_count():
        at = clocks.mend(at)
    unread = at.is_null().to_numpy() if at.null_count() else None
    moments = at.fill_null(0).to_numpy()
    fine = np.ones(height, dtype=bool)
    for bad, code, zh, en in (
        (case_codes < 0, "case_missing", "没有案件号", "the case is missing"),
        (activity_codes < 0, "activity_missing", "没有环节名", "the activity is missing"),
        (unread, "time_unreadable", "时间缺失或无法识别", "the time is missing or unreadable"),
        (
            (moments < EARLIEST) | (moments > LATEST),
            "time_implausible",
            "时间不在 1900 至 2199 年之间",
            "the time is outside the years 1900 to 2199",
        ),
    ):
        if bad is None or not bad.any():
            continue
        new = bad & fine
        if new.any():
            remarks.append(Remark(code, int(new.sum()), True, zh, en, _first_rows(new)))
            fine &= ~bad
    if not fine.any():
        told = [(remark, ", ".join(map(str, remark.rows))) for remark in remarks]
        reasons = "；".join(f"{one.zh} {one.count} 行：第 {rows} 行数据等" for one, rows in told) or "没有任何行"
        reasons_en = "; ".join(f"{one.en} in {one.count} rows of data: {rows} …" for one, rows in told) or "no row"
        raise UnreadableLog(f"没有一条可用的记录（{reasons}）", f"there is no usable event ({reasons_en})")
    if not fine.all():
        case_codes = np.where(fine, case_codes, -1).astype(np.int32)
    remarks.extend(clocks.remarks())
    attributes = {
        name: (_codes(codes, f"attribute {place}"), pools[name]) for place, name in enumerate(layout.attributes)
    }
    return build_log(
        case_codes,
        activity_codes,
        moments,
        pools[case],
        pools[activity],
        attributes=attributes,
        quality=remarks,
    )


class _Labels(Sequence[str]):
    """A pool of categories of its own, and the texts behind its codes."""

    def __init__(self) -> None:
        self._categories = pl.Categories.random()
        self.dtype = pl.Categorical(self._categories)
        # The pool lives only as long as some column uses it: without this one, two batches could be coded differently.
        self._anchor = pl.Series([], dtype=self.dtype)
        self._series: pl.Series | None = None

    def _texts(self) -> pl.Series:
        if self._series is None:
            self._series = self._categories.to_series()
        return self._series

    def __len__(self) -> int:
        return len(self._texts())

    def __getitem__(self, place: Any) -> Any:
        return self._texts()[place]


class _Clocks:
    """Reads the stamps of one column, whatever their form, into microseconds of UTC."""

    def __init__(self, frame: pl.LazyFrame, column: str, dtype: pl.DataType, zone: str, stop: Stop | None) -> None:
        self._frame, self._column, self._dtype, self._zone, self._stop = frame, column, dtype, zone, stop
        self._chosen: tuple[str, ...] = ()
        self._mixed = 0
        self._guessed_unit = ""
        if dtype in (pl.String, pl.Categorical):
            self._chosen = self._choose(frame.select(_text(column)).head(5000).collect().to_series())
        elif dtype.is_numeric():
            self._scale = self._guess_scale(frame)
        elif dtype not in (pl.Date, pl.Null) and not isinstance(dtype, pl.Datetime):
            raise UnreadableLog(f"“{column}”一列不是时间而是 {dtype}", f"the column '{column}' is {dtype}, not a time")

    def expression(self) -> pl.Expr:
        """The stamps as int64 microseconds; null where unreadable."""
        dtype, column = self._dtype, pl.col(self._column)
        if dtype == pl.Null:
            return pl.lit(None, dtype=pl.Int64)
        if dtype.is_numeric():
            return (column.cast(pl.Float64) * self._scale if dtype.is_float() else self._whole(column)).cast(
                pl.Int64, strict=False
            )
        if dtype == pl.Date:
            return self._to_utc(column.cast(pl.Datetime("us")))
        if isinstance(dtype, pl.Datetime):
            moment = column.cast(pl.Datetime("us", dtype.time_zone))
            return (moment if dtype.time_zone else self._to_utc(moment)).to_physical()
        return self._parse(_text(self._column), self._chosen)

    def mend(self, at: pl.Series) -> pl.Series:
        """Try every known form on the stamps that the chosen forms could not read."""
        if self._dtype not in (pl.String, pl.Categorical):
            return at
        missing = at.is_null().arg_true()
        rest = tuple(form for form in (*_ZONED, *_PLAIN) if form not in self._chosen)
        raw = _collect(self._frame.select(_text(self._column)), self._stop).to_series().gather(missing)
        read = raw.to_frame("raw").select(self._parse(pl.col("raw"), rest)).to_series()
        good = read.is_not_null()
        if not good.any():
            return at
        zoned = bool(set(self._chosen) & set(_ZONED))
        plain_now = (
            raw.filter(good)
            .to_frame("raw")
            .select(self._parse(pl.col("raw"), tuple(f for f in rest if f in _PLAIN)).is_not_null().sum())
            .item()
        )
        self._mixed += plain_now if zoned else int(good.sum()) - plain_now
        return (
            at.to_frame("at")
            .with_row_index()
            .select(pl.col("at").fill_null(pl.lit(None, dtype=pl.Int64)))
            .to_series()
            .scatter(missing.filter(good), read.filter(good))
        )

    def remarks(self) -> list[Remark]:
        """What the reader of the figures has to know about the stamps."""
        found = []
        chosen_zoned = [form for form in self._chosen if form in _ZONED]
        if self._chosen and chosen_zoned and len(chosen_zoned) < len(self._chosen):
            plain = tuple(form for form in self._chosen if form in _PLAIN)
            self._mixed += (
                _collect(self._frame.select(self._parse(_text(self._column), plain).is_not_null().sum()), self._stop)
            ).item()
        if self._mixed:
            found.append(
                Remark(
                    "two_clocks",
                    self._mixed,
                    False,
                    f"有的时间写明时区，有的没有；未写明的按 {self._zone} 计，可能来自两个时钟",
                    f"some stamps name their zone and some do not; the latter were read as {self._zone} "
                    "and may come from another clock",
                )
            )
        if self._guessed_unit:
            found.append(
                Remark(
                    "unit_guessed",
                    0,
                    False,
                    f"时间为数字，按大小判断单位为{self._guessed_unit}",
                    f"stamps are numbers; by their size they were read as {self._guessed_unit}",
                )
            )
        return found

    def _choose(self, sample: pl.Series) -> tuple[str, ...]:
        left = sample.drop_nulls().unique().to_frame("raw")
        chosen: list[str] = []
        for form in (*_ZONED, *_PLAIN):
            if not left.height:
                break
            read = left.select(self._parse(pl.col("raw"), (form,)).is_not_null()).to_series()
            if read.any():
                chosen.append(form)
                left = left.filter(~read)
        return tuple(chosen) or (_ZONED[0], _PLAIN[0], _PLAIN[1])

    def _parse(self, text: pl.Expr, forms: tuple[str, ...]) -> pl.Expr:
        reads = []
        for form in forms:
            read = text.str.to_datetime(form, time_unit="us", strict=False, time_zone="UTC" if form in _ZONED else None)
            reads.append((read if form in _ZONED else self._to_utc(read)).to_physical())
        if not reads:
            return pl.lit(None, dtype=pl.Int64)
        return pl.coalesce(reads) if len(reads) > 1 else reads[0]

    def _to_utc(self, moment: pl.Expr) -> pl.Expr:
        return moment.dt.replace_time_zone(self._zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone(
            "UTC"
        )

    def _whole(self, column: pl.Expr) -> pl.Expr:
        if self._scale >= 1:
            return column.cast(pl.Int64, strict=False) * int(self._scale)
        return column.cast(pl.Int64, strict=False) // round(1 / self._scale)

    def _guess_scale(self, frame: pl.LazyFrame) -> float:
        column = pl.col(self._column).cast(pl.Float64)
        size = _collect(frame.select(column.filter(column.is_finite()).abs().median()), self._stop).item() or 0.0
        for least, scale, unit in ((1e17, 1e-3, "纳秒 ns"), (1e14, 1.0, "微秒 µs"), (1e11, 1e3, "毫秒 ms")):
            if size >= least:
                self._guessed_unit = unit
                return scale
        self._guessed_unit = "秒 s"
        return 1e6


def _collect(frame: pl.LazyFrame, stop: Stop | None) -> pl.DataFrame:
    """Compute a frame; raises ReadingStopped where the rule says stop first."""
    if stop is None:
        return frame.collect(engine="streaming")
    if stop():
        raise ReadingStopped(stop.elapsed())
    query = frame.collect(engine="streaming", background=True)
    pause = 0.001
    while (made := query.fetch()) is None:
        if stop():
            # A running query that is dropped or cancelled takes the whole process with it (polars 2.1): it is waited
            # for aside, in a thread that no exit waits for.
            threading.Thread(target=_outlast, args=(query,), daemon=True).start()
            raise ReadingStopped(stop.elapsed())
        time.sleep(pause)
        pause = min(0.05, 2 * pause)
    return made


def _outlast(query: Any) -> None:
    while query.fetch() is None:
        time.sleep(0.05)


def _series(name: str, values: list[Any]) -> pl.Series:
    if name not in ("time", "time:timestamp"):
        return pl.Series(name, [None if value is None else str(value) for value in values], dtype=pl.String)
    if all(isinstance(value, (int, float)) or value is None for value in values):
        return pl.Series(name, values, dtype=pl.Float64, strict=False)
    return pl.Series(
        name,
        [
            None if v is None else v if isinstance(v, str) else v.isoformat() if hasattr(v, "isoformat") else str(v)
            for v in values
        ],
        dtype=pl.String,
    )


def _text(name: str) -> pl.Expr:
    text = pl.col(name).cast(pl.String)
    return pl.when(text.str.len_bytes() > 0).then(text)


def _codes(frame: pl.DataFrame, name: str) -> np.ndarray:
    series = frame[name].cast(pl.UInt32)
    return series.fill_null(0xFFFFFFFF).to_numpy().view(np.int32)


def _first_rows(bad: np.ndarray) -> tuple[int, ...]:
    return tuple(int(row) + 1 for row in np.flatnonzero(bad)[:_SHOWN_ROWS])


def _find(schema: pl.Schema, asked: str, usual: tuple[str, ...], zh: str, en: str) -> str:
    if asked:
        if asked in schema:
            return asked
        raise UnreadableLog(
            f"没有“{asked}”一列，现有：{_columns(schema)}", f"no column '{asked}'; there are: {_columns(schema)}", 1
        )
    folded = {name.strip().lower(): name for name in reversed(schema.names())}
    for name in usual:
        if name in folded:
            return folded[name]
    raise UnreadableLog(
        f"认不出{zh}列，请指明；现有：{_columns(schema)}",
        f"no column looks like the {en}; name it. There are: {_columns(schema)}",
        1,
    )


def _columns(schema: pl.Schema) -> str:
    names = ", ".join(name[:40] for name in schema.names()[:20])
    return names + (" …" if len(schema) > 20 else "")


def _brief(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__
