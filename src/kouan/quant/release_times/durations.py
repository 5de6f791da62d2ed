"""Durations in figures: mean, median, percentiles and share within a target, each with its interval, and outliers.

A percentile interpolates between neighbours (definition 7 of Hyndman and Fan 1996). Its interval is made of order
statistics and assumes nothing about the shape of the durations.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy import stats

from kouan.quant.release_times.log import Column, EventLog, NotAsked, Remark

SHARES = {"median": 0.5, "p90": 0.9, "p95": 0.95}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the interval that holds the true one at the stated level; NaN bounds where none can be given."""

    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, float | None]:
        return {
            name: (None if math.isnan(number) else number)
            for name, number in (("value", self.value), ("low", self.low), ("high", self.high))
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """Durations of a group of cases in seconds. ``within`` is the share not above the target, if one was given."""

    count: int
    mean: Estimate
    median: Estimate
    p90: Estimate
    p95: Estimate
    least: float
    most: float
    spread: float
    within: Estimate | None
    level: float

    def to_json(self) -> dict[str, Any]:
        made: dict[str, Any] = {
            "count": self.count,
            "mean": self.mean.to_json(),
            "median": self.median.to_json(),
            "p90": self.p90.to_json(),
            "p95": self.p95.to_json(),
            "least": self.least,
            "most": self.most,
            "spread": self.spread,
            "level": self.level,
        }
        if self.within is not None:
            made["within"] = self.within.to_json()
        return made


def summarise(seconds: np.ndarray, *, target: float | None = None, level: float = 0.95) -> Summary:
    """Sum durations up. Raises NotAsked for no durations, a level outside (0, 1) or a negative target.

    The mean's interval is Student's; it can be trusted from some thirty cases on, later where a few are extreme.
    """
    if not len(seconds):
        raise NotAsked("没有可统计的时长", "there is no duration to sum up")
    if not 0 < level < 1:
        raise NotAsked("置信水平应在 0 与 1 之间", "a level lies between 0 and 1")
    if target is not None and not target >= 0:
        raise NotAsked("目标时长不能为负", "a target is zero seconds or more")
    values = np.array(seconds, dtype=np.float64)
    if not np.isfinite(values).all():
        raise NotAsked("时长中有非数值", "a duration is not a number")
    count = len(values)
    mean = float(values.mean())
    spread = float(values.std(ddof=1)) if count > 1 else math.nan
    reach = float(stats.t.ppf((1 + level) / 2, count - 1)) * spread / math.sqrt(count) if count > 1 else math.nan
    ranks = {name: _ranks(count, share, level) for name, share in SHARES.items()}
    wanted = {0, count - 1}
    for share, pair in zip(SHARES.values(), ranks.values(), strict=True):
        place = int(share * (count - 1))
        wanted |= {place, min(place + 1, count - 1), *(rank for rank in pair if rank is not None)}
    within = share_within(int((values <= target).sum()), count, level) if target is not None else None
    values.partition(sorted(wanted))
    found = {}
    for name, share in SHARES.items():
        place = share * (count - 1)
        low = int(place)
        value = values[low] + (values[min(low + 1, count - 1)] - values[low]) * (place - low)
        bounds = [math.nan if rank is None else float(values[rank]) for rank in ranks[name]]
        found[name] = Estimate(float(value), *bounds)
    return Summary(
        count,
        Estimate(mean, mean - reach, mean + reach),
        **found,
        least=float(values[0]),
        most=float(values[-1]),
        spread=spread,
        within=within,
        level=level,
    )


def _ranks(count: int, share: float, level: float) -> tuple[int | None, int | None]:
    """Places of the order statistics that enclose a quantile with at least the level; ``None`` where too few cases."""
    tail = (1 - level) / 2
    low = int(stats.binom.ppf(tail, count, share)) - 1
    if low >= 0 and stats.binom.cdf(low, count, share) > tail:
        low -= 1
    high = int(stats.binom.ppf(1 - tail, count, share))
    return (low if low >= 0 else None), (high if high < count else None)


def share_within(hits: int, count: int, level: float = 0.95) -> Estimate:
    """A share with Wilson's interval (1927), which stays inside 0 and 1."""
    if count <= 0:
        raise NotAsked("没有可统计的案件", "there is no case to count")
    z = float(stats.norm.ppf((1 + level) / 2))
    share = hits / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return Estimate(share, 0.0 if hits == 0 else centre - reach, 1.0 if hits == count else centre + reach)


@dataclass(frozen=True, slots=True)
class OutlierRule:
    """A stated rule for extreme values, applied before figures are made and printed with them.

    ``tukey``: above the upper quartile plus ``factor`` interquartile ranges, or below the lower one likewise.
    ``ceiling``: above ``factor`` seconds. ``none``: nothing is left out.
    """

    kind: Literal["none", "tukey", "ceiling"] = "none"
    factor: float = 3.0

    def __post_init__(self) -> None:
        if self.kind not in ("none", "tukey", "ceiling") or not self.factor > 0:
            raise NotAsked("极端值规则无效", "this is no rule for outliers")

    def keep(self, seconds: np.ndarray) -> tuple[np.ndarray, Remark | None]:
        """Which durations stay (boolean), and the remark that tells what went; ``None`` when nothing did."""
        if self.kind == "none" or not len(seconds):
            return np.ones(len(seconds), dtype=bool), None
        if self.kind == "tukey":
            lower, upper = np.quantile(seconds, (0.25, 0.75))
            reach = self.factor * (upper - lower)
            kept = (seconds >= lower - reach) & (seconds <= upper + reach)
            zh, en = (
                f"超出四分位距 {self.factor:g} 倍",
                f"beyond {self.factor:g} interquartile ranges from the quartiles",
            )
        else:
            kept = seconds <= self.factor
            zh, en = f"超过 {self.factor:g} 秒", f"above {self.factor:g} seconds"
        out = int((~kept).sum())
        return kept, Remark(
            "outlier", out, True, f"按极端值规则剔除：{zh}", f"left out by the rule for outliers: {en}"
        ) if out else None


def summarise_strata(
    log: EventLog, seconds: np.ndarray, by: str, *, target: float | None = None, level: float = 0.95
) -> Mapping[str, Summary]:
    """Sum durations of all cases up for each label of an attribute; cases without a label stand under ``""``."""
    column = strata_of(log, by)
    found = {}
    for code in np.unique(column.codes):
        name = column.labels[code] if code >= 0 else ""
        found[name] = summarise(seconds[column.codes == code], target=target, level=level)
    return dict(sorted(found.items()))


def strata_of(log: EventLog, by: str) -> Column:
    """The column of an attribute. Raises NotAsked where the log was read without it."""
    if by not in log.attributes:
        raise NotAsked(f"日志读入时未保留属性“{by}”", f"the log was read without the attribute '{by}'")
    return log.attributes[by]
