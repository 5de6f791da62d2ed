"""Time to release when some cases are not released yet: Kaplan-Meier curve, quantiles and restricted mean.

An unfinished case is not left out, which would make clearance look faster than it is; it counts as "longer than".
Kaplan and Meier 1958; Greenwood 1926; quantile intervals after Brookmeyer and Crowley 1982 on the log-log scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from kouan.quant.release_times.durations import Estimate
from kouan.quant.release_times.log import NotAsked


@dataclass(frozen=True, slots=True)
class Curve:
    """The share of cases still open after a time; constant between the times, which are those of some release.

    seconds, open_share, error (standard error), low, high: float64 ``(steps,)``; at_risk, released: int64 ``(steps,)``.
    longest: the longest time anyone was watched.
    """

    seconds: np.ndarray
    open_share: np.ndarray
    error: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_risk: np.ndarray
    released: np.ndarray
    cases: int
    longest: float
    level: float

    def quantile(self, share: float) -> Estimate:
        """The time after which ``share`` of the cases are released; NaN where the curve does not fall that far."""
        if not 0 < share < 1:
            raise NotAsked("分位应在 0 与 1 之间", "a share lies between 0 and 1")
        left = 1 - share
        return Estimate(self._first(self.open_share, left), self._first(self.low, left), self._first(self.high, left))

    def restricted_mean(self, horizon: float) -> Estimate:
        """The mean time open within ``horizon`` seconds: the area under the curve, with Greenwood's error.

        Raises NotAsked when the horizon lies beyond the longest time watched.
        """
        if not 0 < horizon <= self.longest:
            raise NotAsked(
                f"时限应在 0 与最长观察时间 {self.longest:g} 秒之间",
                f"the horizon lies between 0 and the longest time watched, {self.longest:g} s",
            )
        inside = self.seconds < horizon
        edges = np.concatenate(([0.0], self.seconds[inside], [horizon]))
        heights = np.concatenate(([1.0], self.open_share[inside]))
        areas = np.diff(edges) * heights
        mean = float(areas.sum())
        beyond = np.cumsum(areas[::-1])[::-1][1:]
        risk, done = self.at_risk[inside].astype(float), self.released[inside].astype(float)
        left = risk - done
        part = np.divide(done, risk * left, out=np.zeros(len(risk)), where=left > 0)
        reach = float(stats.norm.ppf((1 + self.level) / 2)) * math.sqrt(float((beyond**2 * part).sum()))
        return Estimate(mean, max(0.0, mean - reach), min(horizon, mean + reach))

    def _first(self, shares: np.ndarray, left: float) -> float:
        # A share that is meant to be equal may differ in its last digit after a product of fractions.
        below = np.flatnonzero(shares <= left + 1e-12)
        return float(self.seconds[below[0]]) if len(below) else math.nan


def follow(seconds: np.ndarray, released: np.ndarray, *, level: float = 0.95) -> Curve:
    """Draw the Kaplan-Meier curve.

    seconds: time to release, or time watched so far; released: boolean, whether the release was seen.
    Raises NotAsked for no cases, negative times or times that are not numbers.
    """
    seconds = np.asarray(seconds, dtype=np.float64)
    released = np.asarray(released, dtype=bool)
    if not len(seconds) or len(seconds) != len(released):
        raise NotAsked("没有可统计的案件", "there is no case to follow")
    if not (np.isfinite(seconds).all() and (seconds >= 0).all()):
        raise NotAsked("时长中有负数或非数值", "a duration is negative or not a number")
    times, place = np.unique(seconds, return_inverse=True)
    leaving = np.bincount(place, minlength=len(times))
    done = np.bincount(place, weights=released, minlength=len(times)).astype(np.int64)
    risk = len(seconds) - np.concatenate(([0], np.cumsum(leaving)[:-1]))
    kept = done > 0
    times, done, risk = times[kept], done[kept], risk[kept]
    share = np.cumprod(1 - done / risk)
    left = risk - done
    greenwood = np.cumsum(np.divide(done, risk * left, out=np.full(len(done), math.inf), where=left > 0))
    error = np.where(share > 0, share * np.sqrt(np.where(share > 0, greenwood, 0.0)), 0.0)
    low, high = _log_log(share, greenwood, float(stats.norm.ppf((1 + level) / 2)))
    return Curve(times, share, error, low, high, risk, done, len(seconds), float(seconds.max()), level)


def _log_log(share: np.ndarray, greenwood: np.ndarray, z: float) -> tuple[np.ndarray, np.ndarray]:
    low, high = share.copy(), share.copy()
    inner = (share > 0) & (share < 1)
    logs = np.log(share[inner])
    reach = z * np.sqrt(greenwood[inner]) / np.abs(logs)
    low[inner] = np.exp(logs * np.exp(reach))
    high[inner] = np.exp(logs * np.exp(-reach))
    if len(share) and share[-1] == 0:
        high[-1] = high[-2] if len(high) > 1 else 1.0
    return low, high
