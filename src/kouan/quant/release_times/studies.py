"""The questions of a study as plain tables: whose time it was, fit to a path, effect of a measure, the base year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from scipy import stats

from kouan.quant.release_times.attribution import PARTS, Scheme, attribute_time
from kouan.quant.release_times.comparison import Effect, compare_same_periods, measure_effect
from kouan.quant.release_times.conformance import Block, Step, check_path
from kouan.quant.release_times.durations import Estimate, OutlierRule, share_within, strata_of
from kouan.quant.release_times.log import MICROSECONDS, EventLog, NotAsked, Remark
from kouan.quant.release_times.stages import Stage, measure_stage
from kouan.quant.release_times.survival import follow

MOST_CASES_LISTED = 20


@dataclass(frozen=True, slots=True)
class Watched:
    """The durations that a comparison speaks of: of whole cases, or of one stage with its unfinished ones.

    seconds, finished, began_at (microseconds) and label (of the stratum): one per span.
    """

    seconds: np.ndarray
    finished: np.ndarray
    began_at: np.ndarray
    label: np.ndarray
    quality: tuple[Remark, ...]


def watch(log: EventLog, *, stage: Stage | None = None, by: str = "", rule: OutlierRule | None = None) -> Watched:
    """Take the durations of whole cases or of a stage, with strata; outliers among the finished leave by the rule."""
    if stage is None:
        cases, seconds = np.arange(log.cases), log.case_seconds()
        finished, began_at = np.ones(log.cases, dtype=bool), log.began_at()
        remarks: list[Remark] = []
    else:
        spans = measure_stage(log, stage)
        cases, seconds, finished, began_at = spans.cases, spans.seconds, spans.finished, spans.began_at
        remarks = list(spans.quality)
    kept, remark = (rule or OutlierRule()).keep(seconds[finished])
    if remark is not None:
        remarks.append(remark)
    stays = np.ones(len(seconds), dtype=bool)
    stays[np.flatnonzero(finished)] = kept
    if by:
        column = strata_of(log, by)
        label = np.array([*column.labels, ""], dtype=str)[column.codes[cases]]
    else:
        label = np.zeros(len(cases), dtype="<U1")
    return Watched(seconds[stays], finished[stays], began_at[stays], label[stays], tuple(remarks))


def report_attribution(log: EventLog, scheme: Scheme) -> dict[str, Any]:
    """Whose time it was: seconds and shares by part, over all cases and by agency, and a mean case."""
    shares = attribute_time(log, scheme)
    whole = float(log.case_seconds().sum())
    totals = shares.totals()
    return {
        "cases": log.cases,
        "seconds": whole,
        "parts": {
            part: {
                "seconds": total,
                "share": total / whole if whole else None,
                "mean": total / log.cases,
                "median": float(np.median(shares.seconds[:, place])),
            }
            for place, (part, total) in enumerate(totals.items())
        },
        "agencies": {
            agency: dict(zip(PARTS, map(float, seconds), strict=True)) for agency, seconds in shares.by_agency.items()
        },
        "quality": [remark.to_json() for remark in log.quality],
    }


def report_conformance(log: EventLog, expected: Sequence[Block]) -> dict[str, Any]:
    """How cases fit an expected path: shares, what is missing, what is unexpected, and the cases that fit worst."""
    fit = check_path(log, expected)
    fitting = int((fit.cost == 0).sum())
    worst = [place for place in np.argsort(-fit.cost, kind="stable")[:MOST_CASES_LISTED].tolist() if fit.cost[place]]
    named = {step.activity for block in expected for step in ([block] if isinstance(block, Step) else block)}
    return {
        "cases": log.cases,
        "fitting": fitting,
        "share_fitting": share_within(fitting, log.cases).to_json(),
        "mean_fitness": float(fit.fitness.mean()),
        "mean_cost": float(fit.cost.mean()),
        "missing": fit.missing,
        "unexpected": fit.unexpected,
        "never_seen": sorted(named - set(log.activities)),
        "worst": [{"case": log.names[place], "cost": int(fit.cost[place])} for place in worst],
        "quality": [remark.to_json() for remark in log.quality],
    }


def report_effect(
    log: EventLog, watched: Watched, measure_at: datetime, *, level: float = 0.95, horizon: float | None = None
) -> dict[str, Any]:
    """The effect of a measure: cases that began before it against those that began at or after it, within strata.

    Means compare finished spans. Where some are unfinished, ``restricted_mean`` compares all of them, the unfinished as
    censored, up to ``horizon`` seconds, or the longest time watched on both sides.
    """
    moment = round(measure_at.timestamp() * MICROSECONDS)
    late = watched.began_at >= moment
    done = watched.finished
    if late.all() or not late.any():
        raise NotAsked(
            f"措施时刻 {measure_at.isoformat()} 之{'前' if late.all() else '后'}没有案件",
            f"no case began {'before' if late.all() else 'after'} {measure_at.isoformat()}",
        )
    effect = measure_effect(
        watched.seconds[~late & done],
        watched.seconds[late & done],
        watched.label[~late & done],
        watched.label[late & done],
        level=level,
    )
    sides = {
        name: {
            "cases": int(side.sum()),
            "unfinished": int((side & ~done).sum()),
            "mean": float(watched.seconds[side & done].mean()) if (side & done).any() else None,
            "median": float(np.median(watched.seconds[side & done])) if (side & done).any() else None,
        }
        for name, side in (("before", ~late), ("after", late))
    }
    return {
        "measure_at": measure_at.isoformat(),
        **sides,
        **_effect(effect),
        "restricted_mean": None
        if done.all()
        else _restricted(watched, late, [s.label for s in effect.strata], level, horizon),
        "level": level,
        "quality": [remark.to_json() for remark in (*log.quality, *watched.quality)],
    }


def report_same_periods(
    log: EventLog, watched: Watched, *, base_year: int, year: int, zone: str = "Asia/Shanghai", level: float = 0.95
) -> dict[str, Any]:
    """Each month of a year against the same month of the base year, finished spans within strata."""
    done = watched.finished
    changes = compare_same_periods(
        watched.seconds[done],
        watched.began_at[done],
        base_year=base_year,
        year=year,
        strata=watched.label[done],
        zone=zone,
        level=level,
    )
    if not any(change.count_base for change in changes) or not any(change.count_now for change in changes):
        empty = base_year if not any(change.count_base for change in changes) else year
        raise NotAsked(f"日志中没有 {empty} 年的案件", f"the log has no case of {empty}")
    return {
        "base_year": base_year,
        "year": year,
        "months": [
            {
                "month": change.month,
                "base": {"cases": change.count_base, "median": _number(change.median_base)},
                "now": {"cases": change.count_now, "median": _number(change.median_now)},
                "effect": None if change.effect is None else _effect(change.effect),
            }
            for change in changes
        ],
        "level": level,
        "quality": [remark.to_json() for remark in (*log.quality, *watched.quality)],
    }


def read_moment(text: str, zone: str) -> datetime:
    """Read a date or a date with time; without an offset it is local to the zone. Raises NotAsked."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NotAsked(
            f"“{text}”不是时刻，应写作 2026-03-01 或 2026-03-01 08:00",
            f"'{text}' is no moment; write 2026-03-01 or 2026-03-01 08:00",
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "difference": effect.difference.to_json(),
        "relative": effect.relative.to_json(),
        "plain": effect.plain.to_json(),
        "p_value": effect.p_value,
        "covered": effect.covered,
        "strata": [
            {
                "label": str(stratum.label),
                "before": {"cases": stratum.count_before, "mean": stratum.mean_before},
                "after": {"cases": stratum.count_after, "mean": stratum.mean_after},
                "weight": stratum.weight,
                "difference": stratum.difference.to_json(),
            }
            for stratum in effect.strata
        ],
        "left_out": [str(label) for label in effect.left_out],
    }


def _restricted(
    watched: Watched, late: np.ndarray, labels: list[str], level: float, asked: float | None
) -> dict[str, Any] | None:
    """Restricted means of both sides within strata, weighted as after the measure, and their difference."""
    sides = [
        [
            follow(watched.seconds[side], watched.finished[side], level=level)
            for label in labels
            for side in [(late == after) & (watched.label == label)]
        ]
        for after in (False, True)
    ]
    curves = [curve for side in sides for curve in side]
    # Where all were released, nothing more is to be known about later; else the curve ends with the longest watch.
    ends = [curve.longest for curve in curves if not len(curve.open_share) or curve.open_share[-1] > 0]
    longest = min(ends) if ends else max(curve.longest for curve in curves)
    horizon = longest if asked is None else min(asked, longest)
    if horizon <= 0:
        return None
    weights = np.array([curve.cases for curve in sides[1]], dtype=np.float64)
    weights /= weights.sum()
    z = float(stats.norm.ppf((1 + level) / 2))
    found = []
    for side in sides:
        means = [
            curve.restricted_mean(min(horizon, curve.longest)) if curve.longest else Estimate(0.0, 0.0, 0.0)
            for curve in side
        ]
        # An interval may be cut at 0 or at the horizon; the side that is not cut tells the error.
        errors = [max(mean.high - mean.value, mean.value - mean.low) / z for mean in means]
        found.append((float(weights @ [mean.value for mean in means]), float(np.hypot.reduce(weights * errors))))
    found.append((found[1][0] - found[0][0], math.hypot(found[0][1], found[1][1])))
    named = zip(("before", "after", "difference"), found, strict=True)
    return {"horizon": horizon} | {
        name: Estimate(value, value - z * error, value + z * error).to_json() for name, (value, error) in named
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
