"""Is it faster than before: the same period of a base year, and the effect of a measure within strata.

A plain difference of means mixes the effect with a change in what was cleared. Within strata the mix is held fixed:
each stratum's difference counts by its share of the cases after the measure (or of all cases).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
from scipy import stats

from kouan.quant.release_times.durations import Estimate
from kouan.quant.release_times.log import MICROSECONDS, NotAsked

LEAST_PER_SIDE = 2
"""A stratum needs this many cases on each side to be compared."""


@dataclass(frozen=True, slots=True)
class StratumEffect:
    """One stratum: cases, means in seconds and the difference, after less before."""

    label: Any
    count_before: int
    count_after: int
    mean_before: float
    mean_after: float
    weight: float
    difference: Estimate


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of a measure on the mean duration, in seconds; negative is faster.

    difference: within strata, weighted. relative: the same as a share of the mean before, of the same mix.
    plain: the difference without strata, to show what the mix alone would have done.
    covered: the share of cases (of the side that gives the weights) in strata that could be compared.
    p_value: of no effect, two-sided.
    """

    difference: Estimate
    relative: Estimate
    plain: Estimate
    p_value: float
    covered: float
    strata: tuple[StratumEffect, ...]
    left_out: tuple[Any, ...]
    level: float


def measure_effect(
    before: np.ndarray,
    after: np.ndarray,
    strata_before: Sequence[Hashable] | np.ndarray | None = None,
    strata_after: Sequence[Hashable] | np.ndarray | None = None,
    *,
    weights: Literal["after", "all"] = "after",
    level: float = 0.95,
) -> Effect:
    """Compare durations before and after a measure within strata, with an interval.

    Variances are taken per stratum and side (Welch 1947) with Satterthwaite's degrees of freedom; the relative effect
    uses the delta method. Raises NotAsked where no stratum has two cases on both sides.
    """
    before, after = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    keys_before = np.zeros(len(before), dtype=np.int64) if strata_before is None else np.asarray(strata_before)
    keys_after = np.zeros(len(after), dtype=np.int64) if strata_after is None else np.asarray(strata_after)
    if len(keys_before) != len(before) or len(keys_after) != len(after):
        raise NotAsked("分层与时长个数不符", "strata and durations differ in number")
    if not (np.isfinite(before).all() and np.isfinite(after).all()):
        raise NotAsked("时长中有非数值", "a duration is not a number")
    rows, left_out, share_base = [], [], 0
    for label in np.unique(np.concatenate((keys_before, keys_after))).tolist():
        old, new = before[keys_before == label], after[keys_after == label]
        base = len(new) if weights == "after" else len(old) + len(new)
        share_base += base
        if min(len(old), len(new)) < LEAST_PER_SIDE:
            left_out.append(label)
        else:
            rows.append((label, old, new, base))
    if not rows:
        raise NotAsked("没有一个分层前后各有至少两个案件", "no stratum has two cases on both sides")
    covered = sum(row[3] for row in rows)
    strata = []
    difference = base_mean = 0.0
    pieces: list[tuple[float, int]] = []
    var_old = var_new = 0.0
    for label, old, new, base in rows:
        weight = base / covered
        piece_old, piece_new = old.var(ddof=1) / len(old), new.var(ddof=1) / len(new)
        gap = float(new.mean() - old.mean())
        strata.append(
            StratumEffect(
                label,
                len(old),
                len(new),
                float(old.mean()),
                float(new.mean()),
                weight,
                _around(gap, [(piece_old, len(old) - 1), (piece_new, len(new) - 1)], level),
            )
        )
        difference += weight * gap
        base_mean += weight * float(old.mean())
        var_old += weight**2 * piece_old
        var_new += weight**2 * piece_new
        pieces += [(weight**2 * piece_old, len(old) - 1), (weight**2 * piece_new, len(new) - 1)]
    estimate = _around(difference, pieces, level)
    if base_mean > 0:
        ratio = difference / base_mean
        spread = math.sqrt(var_new + (1 + ratio) ** 2 * var_old) / base_mean
        reach = float(stats.norm.ppf((1 + level) / 2)) * spread
        relative = Estimate(ratio, ratio - reach, ratio + reach)
    else:
        relative = Estimate(math.nan, math.nan, math.nan)
    if min(len(before), len(after)) >= LEAST_PER_SIDE:
        plain = _around(
            float(after.mean() - before.mean()),
            [(before.var(ddof=1) / len(before), len(before) - 1), (after.var(ddof=1) / len(after), len(after) - 1)],
            level,
        )
    else:
        plain = Estimate(math.nan, math.nan, math.nan)
    variance = sum(piece for piece, _ in pieces)
    if variance > 0:
        p_value = float(2 * stats.t.sf(abs(difference) / math.sqrt(variance), _freedom(pieces)))
    else:
        p_value = 1.0 if difference == 0 else 0.0
    return Effect(estimate, relative, plain, p_value, covered / share_base, tuple(strata), tuple(left_out), level)


def _around(value: float, pieces: list[tuple[float, int]], level: float) -> Estimate:
    variance = float(sum(piece for piece, _ in pieces))
    if variance == 0:
        return Estimate(value, value, value)
    reach = float(stats.t.ppf((1 + level) / 2, _freedom(pieces))) * math.sqrt(variance)
    return Estimate(value, value - reach, value + reach)


def _freedom(pieces: list[tuple[float, int]]) -> float:
    return sum(piece for piece, _ in pieces) ** 2 / sum(piece**2 / free for piece, free in pieces if piece > 0)


@dataclass(frozen=True, slots=True)
class PeriodChange:
    """A month of this year against that of the base year; ``effect`` is ``None`` where either is too small."""

    month: int
    count_base: int
    count_now: int
    median_base: float
    median_now: float
    effect: Effect | None


def compare_same_periods(
    seconds: np.ndarray,
    began_at: np.ndarray,
    *,
    base_year: int,
    year: int,
    strata: np.ndarray | None = None,
    zone: str = "Asia/Shanghai",
    level: float = 0.95,
) -> tuple[PeriodChange, ...]:
    """Compare each month with the same month of the base year, as the official figures are compared.

    seconds, began_at (microseconds), strata: one per case; a case belongs to the local month in which it began.
    """
    if base_year == year:
        raise NotAsked("基年与比较年相同", "base year and year are the same")
    strata = np.zeros(len(seconds), dtype=np.int64) if strata is None else np.asarray(strata)
    changes = []
    for month in range(1, 13):
        old = _in_month(began_at, base_year, month, zone)
        new = _in_month(began_at, year, month, zone)
        if not old.any() and not new.any():
            continue
        try:
            effect = measure_effect(seconds[old], seconds[new], strata[old], strata[new], level=level)
        except NotAsked:
            effect = None
        changes.append(
            PeriodChange(
                month,
                int(old.sum()),
                int(new.sum()),
                float(np.median(seconds[old])) if old.any() else math.nan,
                float(np.median(seconds[new])) if new.any() else math.nan,
                effect,
            )
        )
    return tuple(changes)


def _in_month(began_at: np.ndarray, year: int, month: int, zone: str) -> np.ndarray:
    first = datetime(year, month, 1, tzinfo=ZoneInfo(zone))
    after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=ZoneInfo(zone))
    return (began_at >= round(first.timestamp()) * MICROSECONDS) & (began_at < round(after.timestamp()) * MICROSECONDS)
