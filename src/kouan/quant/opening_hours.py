"""Hours in which an office is open: weekly hours, days that differ, and open time between two moments.

Moments are int64 microseconds since 1970 in UTC. Hours are local to a zone; a night shift is written past midnight,
as 22:00 to 30:00.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

MICROSECONDS = 1_000_000
_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")

Span = tuple[int, int]
"""Minutes after local midnight, from and (exclusive) until."""


class NotHours(ValueError):
    """A text or table does not say opening hours."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} / {en}")


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Weekly hours and the days that differ from them.

    week: for each weekday from Monday, the spans in which the office is open.
    days: dates with hours of their own; an empty tuple is a closed day, so that shifted working days can be told.
    """

    week: tuple[tuple[Span, ...], ...]
    days: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    zone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise NotHours("一周应有七天", "a week has seven days")
        for spans in (*self.week, *self.days.values()):
            for start, end in spans:
                if not 0 <= start < end <= 48 * 60:
                    raise NotHours(
                        f"时段 {_clock(start)}-{_clock(end)} 无效", f"{_clock(start)}-{_clock(end)} is no span of hours"
                    )

    @property
    def always(self) -> bool:
        """Whether the office never closes."""
        return not self.days and all(any(start == 0 and end >= 1440 for start, end in spans) for spans in self.week)

    def expand(self, since: int, until: int) -> tuple[np.ndarray, np.ndarray]:
        """The moments of opening and closing between two moments, merged and sorted, two int64 vectors."""
        if self.always:
            return np.array([since], dtype=np.int64), np.array([until], dtype=np.int64)
        zone = ZoneInfo(self.zone)
        first = datetime.fromtimestamp(since / MICROSECONDS, zone).date() - timedelta(days=2)
        last = datetime.fromtimestamp(until / MICROSECONDS, zone).date() + timedelta(days=1)
        starts, ends = self._spans(first, (last - first).days + 1, zone)
        starts, ends = np.clip(starts, since, until), np.clip(ends, since, until)
        starts, ends = merge(starts[starts < ends], ends[starts < ends])
        touching = np.flatnonzero(starts[1:] == ends[:-1])
        return np.delete(starts, touching + 1), np.delete(ends, touching)

    def _spans(self, first: date, days: int, zone: ZoneInfo) -> tuple[np.ndarray, np.ndarray]:
        """The moments when spans begin and end on each of so many days, in no order."""
        number = np.arange(days)
        weekday = (first.weekday() + number) % 7
        own = np.zeros(days, dtype=bool)
        for day in self.days:
            if 0 <= (day - first).days < days:
                own[(day - first).days] = True
        steady = _steady_shift(first, days, zone)
        groups = [(number[(weekday == place) & ~own], spans) for place, spans in enumerate(self.week)]
        groups += [(np.array([(day - first).days]), spans) for day, spans in self.days.items()]
        starts, ends = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        for chosen, spans in groups:
            chosen = chosen[(chosen >= 0) & (chosen < days)]
            for start, end in spans:
                starts.append(_moments(first, chosen, start, zone, steady))
                ends.append(_moments(first, chosen, end, zone, steady))
        return np.concatenate(starts), np.concatenate(ends)


ROUND_THE_CLOCK = OpeningHours(week=(((0, 1440),),) * 7)


def read_hours(given: object, zone: str = "Asia/Shanghai") -> OpeningHours:
    """Read hours as a person writes them: ``7x24``, or a table such as ``{mon-fri: 08:30-12:00 14:00-17:30}``.

    Keys are weekdays, ranges of them, ``daily``, or dates; values are spans, ``closed`` or ``open``.
    Raises NotHours.
    """
    if isinstance(given, str) and given.strip().lower() in ("7x24", "7×24", "24x7", "always"):
        return ROUND_THE_CLOCK if zone == "Asia/Shanghai" else OpeningHours(ROUND_THE_CLOCK.week, {}, zone)
    if not isinstance(given, Mapping) or not given:
        raise NotHours("开放时间应为 7x24，或按星期列出", "hours are 7x24 or a table of weekdays")
    week: list[tuple[Span, ...]] = [()] * 7
    days: dict[date, tuple[Span, ...]] = {}
    for key, value in given.items():
        if key == "zone":
            zone = str(value)
            continue
        spans = _read_spans(value)
        for which in re.split(r"[,，\s]+", str(key).strip().lower()):
            for place in _read_days(which):
                if isinstance(place, date):
                    days[place] = spans
                else:
                    week[place] = spans
    return OpeningHours(tuple(week), days, zone)


def open_time(moments: np.ndarray, opens: np.ndarray, closes: np.ndarray) -> np.ndarray:
    """Open time before each moment, int64 microseconds; the difference of two is the open time between them."""
    passed = np.concatenate(([0], np.cumsum(closes - opens)))
    place = np.searchsorted(opens, moments, side="right")
    within = (
        np.minimum(moments, closes[np.maximum(place - 1, 0)]) - opens[np.maximum(place - 1, 0)] if len(opens) else 0
    )
    return np.where(place > 0, passed[np.maximum(place - 1, 0)] + within, 0)


def meet(
    opens: np.ndarray, closes: np.ndarray, other_opens: np.ndarray, other_closes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The times that lie in both of two sets of spans."""
    edges = np.unique(np.concatenate((opens, closes, other_opens, other_closes)))
    if len(edges) < 2:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    starts, ends = edges[:-1], edges[1:]
    inside = _covers(starts, opens, closes) & _covers(starts, other_opens, other_closes)
    return starts[inside], ends[inside]


def merge(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The union of spans in any order, as spans that do not touch."""
    if not len(starts):
        return starts, ends
    order = np.argsort(starts, kind="stable")
    starts, reach = starts[order], np.maximum.accumulate(ends[order])
    fresh = np.concatenate(([True], starts[1:] > reach[:-1]))
    return starts[fresh], reach[np.concatenate((np.flatnonzero(fresh)[1:] - 1, [len(starts) - 1]))]


def _covers(moments: np.ndarray, opens: np.ndarray, closes: np.ndarray) -> np.ndarray:
    if not len(opens):
        return np.zeros(len(moments), dtype=bool)
    place = np.searchsorted(opens, moments, side="right") - 1
    return (place >= 0) & (moments < closes[np.maximum(place, 0)])


def _read_spans(value: object) -> tuple[Span, ...]:
    if value is None or value is False or (isinstance(value, str) and value.strip().lower() in ("closed", "休")):
        return ()
    if value is True or (isinstance(value, str) and value.strip().lower() in ("open", "24h", "全天")):
        return ((0, 1440),)
    texts = value if isinstance(value, (list, tuple)) else re.split(r"[,，;\s]+", str(value).strip())
    spans = []
    for text in texts:
        parts = re.split(r"\s*[-–~至]\s*", str(text).strip())
        if len(parts) != 2:
            raise NotHours(f"时段“{text}”应写作 08:30-12:00", f"'{text}' should be written as 08:30-12:00")
        spans.append((_read_clock(parts[0]), _read_clock(parts[1])))
    return tuple(sorted(spans))


def _read_clock(text: str) -> int:
    match = _CLOCK.fullmatch(text)
    if not match or int(match[2]) > 59:
        raise NotHours(f"“{text}”不是钟点", f"'{text}' is no time of day")
    return int(match[1]) * 60 + int(match[2])


def _read_days(text: str) -> list[int] | list[date]:
    if text == "daily":
        return list(range(7))
    first, _, last = text.partition("-")
    if first in _DAY_NAMES and (not last or last in _DAY_NAMES):
        start, end = _DAY_NAMES.index(first), _DAY_NAMES.index(last or first)
        return [day % 7 for day in range(start, end + 1 + (7 if end < start else 0))]
    try:
        return [date.fromisoformat(text)]
    except ValueError:
        raise NotHours(f"“{text}”不是星期或日期", f"'{text}' is neither a weekday nor a date") from None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _steady_shift(first: date, days: int, zone: ZoneInfo) -> int | None:
    """How far the local clock is ahead if that is the same on all these days, else ``None``.

    A clock that shows the same shift every week of the time shows it on every day.
    """
    begin = round(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
    shifts = {_shift(begin + day * 86400, zone) for day in range(-7, days + 14, 7)}
    return shifts.pop() if len(shifts) == 1 else None


def _moments(first: date, days: np.ndarray, minutes: int, zone: ZoneInfo, steady: int | None) -> np.ndarray:
    """A time of day on some days after ``first``, as the local clock shows it."""
    midnight = round(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
    local = midnight + days.astype(np.int64) * 86400 + minutes * 60
    if steady is not None:
        return (local - steady) * MICROSECONDS
    return np.array([moment - _shift(moment, zone) for moment in local.tolist()], dtype=np.int64) * MICROSECONDS


def _shift(local: int, zone: ZoneInfo) -> int:
    """Seconds by which a local clock that shows these seconds since 1970 is ahead of UTC."""
    shown = datetime.fromtimestamp(local, UTC).replace(tzinfo=zone)
    offset = shown.utcoffset()
    return round(offset.total_seconds()) if offset is not None else 0
