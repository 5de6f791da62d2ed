"""An event log as integer-coded columns, and the account of what did not get into it.

A case is one consignment, declaration or call; an event is a stamp on it. Events stand sorted by case and, within a
case, by time; stamps of the same microsecond keep the order of the source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kouan.quant.release_times.coding import group_events

MICROSECONDS = 1_000_000
"""Ticks of a stamp in one second."""


class UnreadableLog(ValueError):
    """A log breaks its format, or nothing in it can be used; ``line`` is 0 where no single line is to blame."""

    def __init__(self, zh: str, en: str, line: int = 0) -> None:
        self.zh, self.en, self.line = zh, en, line
        where = (f"第 {line} 行：", f"line {line}: ") if line else ("", "")
        super().__init__(f"{where[0]}{zh} / {where[1]}{en}")


class NotAsked(ValueError):
    """A question to a log that it cannot answer: an unknown activity, an empty stage, a target below zero."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} / {en}")


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the quality report: how many rows or cases it concerns, why, and where they begin.

    excluded: whether the rows were left out; otherwise they are in, and the reader is only told.
    rows: the first few row numbers of the source (1 is the first row of data), empty where rows have no numbers.
    """

    code: str
    count: int
    excluded: bool
    zh: str
    en: str
    rows: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "count": self.count,
            "excluded": self.excluded,
            "zh": self.zh,
            "en": self.en,
            "rows": list(self.rows),
        }


@dataclass(frozen=True, slots=True)
class Column:
    """An attribute of cases, coded: ``codes[case]`` is a place in ``labels``, or -1 where the case has none."""

    codes: np.ndarray
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventLog:
    """Events of cases in columns.

    offsets: int64 ``(cases + 1,)``; the events of case ``i`` are ``offsets[i]:offsets[i + 1]``, never none.
    activity: int32 ``(events,)``; a place in ``activities``, which are sorted by name.
    at: int64 ``(events,)``; microseconds since 1970 in UTC.
    names: the name of each case in order; a sequence that may be lazy.
    attributes: coded columns over cases, for strata.
    quality: what was left out or looks odd, and why.
    """

    offsets: np.ndarray
    activity: np.ndarray
    at: np.ndarray
    activities: tuple[str, ...]
    names: Sequence[str]
    attributes: dict[str, Column] = field(default_factory=dict)
    quality: tuple[Remark, ...] = ()

    @property
    def cases(self) -> int:
        return len(self.offsets) - 1

    @property
    def events(self) -> int:
        return len(self.activity)

    def case_seconds(self) -> np.ndarray:
        """Seconds from the first to the last stamp of each case, float64 ``(cases,)``."""
        return (self.at[self.offsets[1:] - 1] - self.at[self.offsets[:-1]]) / MICROSECONDS

    def began_at(self) -> np.ndarray:
        """The first stamp of each case, int64 microseconds ``(cases,)``."""
        return self.at[self.offsets[:-1]]

    def code_of(self, activity: str) -> int:
        """The code of an activity. Raises NotAsked where the log has none of that name."""
        try:
            return self.activities.index(activity)
        except ValueError:
            raise NotAsked(f"日志中没有环节“{activity}”", f"the log has no activity '{activity}'") from None

    def choose(self, chosen: np.ndarray) -> EventLog:
        """The log of the cases where ``chosen`` (boolean, ``(cases,)``) is true, in the same order."""
        lengths = np.diff(self.offsets)
        rows = np.repeat(chosen, lengths)
        places = np.flatnonzero(chosen)
        return EventLog(
            offsets=np.concatenate(([0], np.cumsum(lengths[chosen]))),
            activity=self.activity[rows],
            at=self.at[rows],
            activities=self.activities,
            names=[self.names[int(place)] for place in places],
            attributes={name: Column(col.codes[chosen], col.labels) for name, col in self.attributes.items()},
            quality=self.quality,
        )


def build_log(
    case: np.ndarray,
    activity: np.ndarray,
    at: np.ndarray,
    case_names: Sequence[str],
    activity_names: Sequence[str],
    *,
    attributes: Mapping[str, tuple[np.ndarray, Sequence[str]]] | None = None,
    quality: Sequence[Remark] = (),
) -> EventLog:
    """Sort coded events into a log.

    case, activity: codes ``(events,)``, negative where the event has none and is left out.
    at: microseconds since 1970 in UTC.
    case_names, activity_names: labels of the codes; codes that no event bears are dropped.
    attributes: per event codes (negative for none) with labels; a case takes the first that it has.

    Raises UnreadableLog when no event is left.
    """
    used = (activity >= 0) & (case >= 0)
    if not used.any():
        raise UnreadableLog("没有一条可用的记录", "there is no usable event at all")
    spread = np.flatnonzero(np.bincount(activity[used], minlength=len(activity_names)))
    by_name = sorted(spread.tolist(), key=lambda code: activity_names[code])
    recode = np.full(len(activity_names), -1, dtype=np.int32)
    recode[by_name] = np.arange(len(by_name), dtype=np.int32)
    offsets, activity_sorted, at_sorted, case_codes, source, backward = group_events(
        _read_only(case, np.int32),
        recode,
        _read_only(activity, np.int32),
        _read_only(at, np.int64),
        len(case_names),
        bool(attributes),
    )
    remarks = list(quality)
    if backward:
        remarks.append(
            Remark(
                "stamps_out_of_order",
                int(backward),
                False,
                "同一案件的记录在来源中未按时间先后排列，已按时间重新排序",
                "stamps of a case were not in time order in the source; they were sorted",
            )
        )
    columns = {
        name: _case_column(codes[source], offsets, tuple(labels))
        for name, (codes, labels) in (attributes or {}).items()
    }
    return EventLog(
        offsets,
        activity_sorted,
        at_sorted,
        tuple(activity_names[code] for code in by_name),
        _Names(case_names, case_codes),
        columns,
        tuple(remarks),
    )


def _read_only(array: np.ndarray, kind: type) -> np.ndarray:
    """The array as the one type for which the loop is compiled; copied only where its numbers are of another kind."""
    view = np.ascontiguousarray(array, dtype=kind).view()
    view.flags.writeable = False
    return view


def _case_column(codes: np.ndarray, offsets: np.ndarray, labels: tuple[str, ...]) -> Column:
    known = np.flatnonzero(codes >= 0)
    place = np.searchsorted(known, offsets[:-1])
    found = np.full(len(offsets) - 1, -1, dtype=np.int64)
    has = place < len(known)
    rows = known[place[has]]
    within = rows < offsets[1:][has]
    found[np.flatnonzero(has)[within]] = codes[rows[within]]
    return Column(found, labels)


class _Names(Sequence[str]):
    """Names of cases, looked up when asked."""

    def __init__(self, labels: Sequence[str], codes: np.ndarray) -> None:
        self._labels, self._codes = labels, codes

    def __len__(self) -> int:
        return len(self._codes)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self._labels[int(code)] for code in self._codes[place]]
        return self._labels[int(self._codes[place])]
