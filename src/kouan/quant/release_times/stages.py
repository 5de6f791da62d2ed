"""Stages of clearance: intervals between two stamps of a case, such as arrival to release.

A stage says which stamps it begins and ends with; there is no single "clearance time" without that definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kouan.quant.release_times.coding import first_and_last
from kouan.quant.release_times.log import MICROSECONDS, EventLog, NotAsked, Remark

Which = Literal["first", "last"]
_NONE = np.iinfo(np.int64).min
CLOCK_SHARE = 0.05
"""From this share of negative spans on, two clocks are suspected."""


@dataclass(frozen=True, slots=True)
class Stage:
    """An interval of a case: from the first (or last) of some stamps to the first (or last) of others.

    anywhere: whether the end may lie before the beginning in time (then the span is negative and left out); otherwise
    only stamps at or after the beginning are looked at.
    """

    name: str
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    begins_with: Which = "first"
    ends_with: Which = "first"
    anywhere: bool = True

    def __post_init__(self) -> None:
        if not self.begins or not self.ends:
            raise NotAsked(f"阶段“{self.name}”缺少起点或终点", f"the stage '{self.name}' lacks a beginning or an end")


@dataclass(frozen=True, slots=True)
class Spans:
    """The spans of one stage: one per case that entered it.

    cases: places of the cases in the log; seconds: to the end, or to the last moment watched; finished: boolean;
    began_at: microseconds; all ``(spans,)``. quality: what was left out and why.
    """

    stage: Stage
    cases: np.ndarray
    seconds: np.ndarray
    finished: np.ndarray
    began_at: np.ndarray
    quality: tuple[Remark, ...]


def measure_stage(log: EventLog, stage: Stage, *, watched_until: int | None = None) -> Spans:
    """Measure one stage in every case.

    watched_until: microseconds; cases without an end count as unfinished up to it. Default: the last stamp of the log.
    Raises NotAsked for an unknown activity.
    """
    begins, ends = _wanted(log, stage.begins), _wanted(log, stage.ends)
    everything = np.full(log.cases, _NONE, dtype=np.int64)
    start = first_and_last(log.offsets, log.activity, log.at, begins, everything)[
        0 if stage.begins_with == "first" else 1
    ]
    after = everything if stage.anywhere else np.where(start == _NONE, np.iinfo(np.int64).max, start)
    end = first_and_last(log.offsets, log.activity, log.at, ends, after)[0 if stage.ends_with == "first" else 1]
    until = int(log.at.max()) if watched_until is None else watched_until
    remarks: list[Remark] = []
    kept = start != _NONE
    _tell(
        remarks,
        int((~kept).sum()),
        "stage_not_entered",
        f"没有进入阶段“{stage.name}”",
        f"never entered the stage '{stage.name}'",
    )
    finished = end != _NONE
    negative = kept & finished & (end < start)
    _tell(
        remarks,
        int(negative.sum()),
        "stage_negative",
        f"阶段“{stage.name}”的终点早于起点",
        f"the stage '{stage.name}' ends before it begins",
    )
    measured = int((kept & finished).sum())
    if measured and negative.sum() >= max(3, CLOCK_SHARE * measured):
        shift = float(np.median((end - start)[negative])) / MICROSECONDS
        remarks.append(
            Remark(
                "two_clocks_suspected",
                int(negative.sum()),
                False,
                f"阶段“{stage.name}”两端的时间可能来自两个时钟：负时长的中位数为 {shift:g} 秒",
                f"the two ends of '{stage.name}' may come from two clocks: the median negative span is {shift:g} s",
            )
        )
    kept &= ~negative
    late = kept & ~finished & (start > until)
    _tell(remarks, int(late.sum()), "stage_after_watch", "起点晚于观察截止时间", "it began after the watch ended")
    kept &= ~late
    unfinished = kept & ~finished
    if unfinished.any():
        remarks.append(
            Remark(
                "unfinished",
                int(unfinished.sum()),
                False,
                f"阶段“{stage.name}”尚未结束，按未完成计入",
                f"the stage '{stage.name}' has not ended; counted as unfinished",
            )
        )
    places = np.flatnonzero(kept)
    seconds = (np.where(finished, end, until)[places] - start[places]) / MICROSECONDS
    return Spans(stage, places, seconds, finished[places], start[places], tuple(remarks))


def _wanted(log: EventLog, names: Sequence[str]) -> np.ndarray:
    wanted = np.zeros(len(log.activities), dtype=bool)
    for name in names:
        wanted[log.code_of(name)] = True
    return wanted


def _tell(remarks: list[Remark], count: int, code: str, zh: str, en: str) -> None:
    if count:
        remarks.append(Remark(code, count, True, zh, en))
