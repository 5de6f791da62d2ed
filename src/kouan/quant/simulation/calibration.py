"""From event logs to models and back: fit what a model needs, and write what a model plays as a log."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from scipy import stats

from kouan.quant.opening_hours import MICROSECONDS, OpeningHours, open_time
from kouan.quant.release_times.log import EventLog, NotAsked
from kouan.quant.simulation.arrivals import DAY, channel_names
from kouan.quant.simulation.distributions import Distribution, weibull
from kouan.quant.simulation.model import Model
from kouan.quant.simulation.plan import lay_out
from kouan.quant.simulation.replications import run_once

MOST_DISTANCE = 1.8
"""A family is kept while its Kolmogorov distance times the root of the sample size is below this (about 0.3 %)."""
_KNOTS = 101


@dataclass(frozen=True, slots=True)
class Stamps:
    """Which activities mark the work of a step: its begin and its end."""

    name: str
    begins: str
    ends: str


@dataclass(frozen=True, slots=True)
class Fit:
    """A distribution and how far it lies from the sample (Kolmogorov's distance)."""

    distribution: Distribution
    distance: float
    sample: int


def fit_distribution(seconds: np.ndarray) -> Fit:
    """Fit the family that lies nearest by Akaike's criterion; quantiles of the sample where none lies near.

    Raises NotAsked for fewer than two durations, negative ones or ones that are not numbers.
    """
    values = np.sort(np.asarray(seconds, dtype=np.float64))
    if len(values) < 2 or not np.isfinite(values).all() or values[0] < 0:
        raise NotAsked("拟合至少需要两个非负时长", "a fit needs at least two durations of zero or more")
    mean = float(values.mean())
    if values[0] == values[-1]:
        return Fit(Distribution("constant", mean), 0.0, len(values))
    found: list[tuple[float, float, Distribution]] = []
    if values[0] > 0:
        logs = np.log(values)
        found.append(
            _judge(
                values,
                Distribution("lognormal", float(logs.mean()), float(logs.std())),
                stats.lognorm(logs.std(), scale=math.exp(logs.mean())),
                2,
            )
        )
        shape, scale = (float(number) for number in np.array(stats.weibull_min.fit(values, floc=0))[[0, 2]])
        found.append(
            _judge(values, weibull(scale * math.gamma(1 + 1 / shape), shape), stats.weibull_min(shape, scale=scale), 2)
        )
        stages = max(1, min(50, round(mean**2 / values.var())))
        if stages > 1:
            found.append(
                _judge(values, Distribution("erlang", mean, stages), stats.erlang(stages, scale=mean / stages), 2)
            )
    found.append(_judge(values, Distribution("exponential", mean), stats.expon(scale=mean), 1))
    _, distance, best = min(found, key=lambda one: one[0])
    if distance * math.sqrt(len(values)) <= MOST_DISTANCE:
        return Fit(best, distance, len(values))
    knots = np.quantile(values, np.linspace(0, 1, _KNOTS))
    made = Distribution("empirical", values=tuple(float(knot) for knot in knots))
    return Fit(made, float(_distance(values, np.interp(values, knots, np.linspace(0, 1, _KNOTS)))), len(values))


def _judge(values: np.ndarray, made: Distribution, family: Any, parameters: int) -> tuple[float, float, Distribution]:
    likelihood = float(family.logpdf(np.maximum(values, 1e-9)).sum())
    return 2 * parameters - 2 * likelihood, float(_distance(values, family.cdf(values))), made


def _distance(values: np.ndarray, shares: np.ndarray) -> float:
    steps = np.arange(len(values) + 1) / len(values)
    return float(np.maximum(np.abs(shares - steps[1:]), np.abs(shares - steps[:-1])).max())


def fit_step(log: EventLog, stamps: Stamps, hours: OpeningHours | None = None) -> dict[str, Any]:
    """Fit a step: its work, how often it is selected, and how often it is done again.

    Each begin is matched with the next end of its case. hours: count only open time as work, for staff who pause.
    """
    begin, end = log.code_of(stamps.begins), log.code_of(stamps.ends)
    first = log.activity == begin
    last = log.activity == end
    case = np.repeat(np.arange(log.cases), np.diff(log.offsets))
    rows = np.flatnonzero(first | last)
    paired = (
        np.flatnonzero(first[rows[:-1]] & last[rows[1:]] & (case[rows[:-1]] == case[rows[1:]])) if len(rows) > 1 else []
    )
    starts, ends = log.at[rows[paired]], log.at[rows[np.asarray(paired, dtype=np.int64) + 1]]
    if not len(starts):
        raise NotAsked(
            f"没有成对的“{stamps.begins}”与“{stamps.ends}”",
            f"there is no pair of '{stamps.begins}' and '{stamps.ends}'",
        )
    if hours is not None:
        opens, closes = hours.expand(int(log.at.min()), int(log.at.max()) + 1)
        work = (open_time(ends, opens, closes) - open_time(starts, opens, closes)) / MICROSECONDS
    else:
        work = (ends - starts) / MICROSECONDS
    visited = len(np.unique(case[rows[paired]]))
    fit = fit_distribution(work)
    made: dict[str, Any] = {"stage": "on_site", "takes": write_distribution(fit.distribution)}
    if visited < log.cases:
        made["probability"] = round(visited / log.cases, 4)
    if len(starts) > visited:
        made["rework"] = {"probability": round(1 - visited / len(starts), 4), "at_most": 3}
    made["fit"] = {"distance": round(fit.distance, 4), "sample": fit.sample}
    return made


def fit_arrivals(moments: np.ndarray, zone: str = "Asia/Shanghai") -> dict[str, Any]:
    """Fit a rate per day with its profile over hours and weekdays from moments in microseconds."""
    if len(moments) < 2 or moments.max() == moments.min():
        raise NotAsked("到达时刻过少", "there are too few arrivals")
    shift = datetime.fromtimestamp(int(moments.min()) / MICROSECONDS, ZoneInfo(zone)).utcoffset()
    local = np.sort(moments) + round((shift.total_seconds() if shift else 0) * MICROSECONDS)
    days = local // DAY
    span = int(days[-1] - days[0]) + 1
    by_hour = np.bincount((local % DAY // (3600 * MICROSECONDS)).astype(np.int64), minlength=24)
    weekday = ((days + 3) % 7).astype(np.int64)
    seen = np.bincount(((np.arange(days[0], days[-1] + 1) + 3) % 7).astype(np.int64), minlength=7)
    by_day = np.divide(np.bincount(weekday, minlength=7), seen, out=np.zeros(7), where=seen > 0)
    if span >= 7 and by_day.sum() > 0:
        per_day = float(by_day.mean())
        profile = [round(float(one / by_day.mean()), 4) for one in by_day]
    else:
        per_day, profile = len(local) / span, [1.0] * 7
    return {
        "per_day": round(per_day, 4),
        "by_hour": [round(float(one), 4) for one in by_hour / by_hour.mean()],
        "by_weekday": profile,
    }


def write_distribution(distribution: Distribution) -> Any:
    """A distribution as it stands in a model file."""
    a, b = distribution.a, distribution.b
    match distribution.kind:
        case "constant":
            return f"{a:.6g} s" if a < 1e6 else f"{a:.0f} s"
        case "exponential":
            return {"exponential": f"{a:.3f} s"}
        case "lognormal":
            return {"lognormal": {"mean": f"{distribution.mean:.3f} s", "cv": round(math.sqrt(math.expm1(b * b)), 6)}}
        case "weibull":
            return {"weibull": {"mean": f"{distribution.mean:.3f} s", "shape": round(b, 6)}}
        case "erlang":
            return {"erlang": {"mean": f"{a:.3f} s", "stages": int(b)}}
        case "empirical":
            return {"empirical": [f"{value:.3f} s" for value in distribution.values]}
        case kind:
            return {kind: [f"{value:.3f} s" for value in (a, b, distribution.c)[: 2 if kind == "uniform" else 3]]}


def fit_model(log: EventLog, steps: list[Stamps], zone: str = "Asia/Shanghai") -> dict[str, Any]:
    """Fit arrivals and steps, the parts of a model file that a log tells; staff and hours are the reader's to add."""
    fitted = {one.name: fit_step(log, one) for one in steps}
    return {
        "classes": {"all": {}},
        "arrivals": {"all": fit_arrivals(log.began_at(), zone) | {"classes": "all"}},
        "steps": {name: {key: value for key, value in one.items() if key != "fit"} for name, one in fitted.items()},
        "fit": {name: one["fit"] for name, one in fitted.items()},
    }


def log_of_run(model: Model, seed: int = 0, number: int = 0) -> pl.DataFrame:
    """Play one replication and write it as an event log.

    Columns case_id, activity, timestamp (UTC), class, channel; activities ``arrive``, ``STEP ready``,
    ``STEP begin``, ``STEP end`` and ``release``.
    """
    laid = lay_out(model)
    _, cases, run = run_once(model, laid, seed, number, traced=True)
    names = np.array(laid.steps)
    count = np.arange(len(cases))
    released = run.release >= 0
    parts = [
        (count, np.full(len(cases), "arrive"), cases.arrives),
        (count[released], np.full(int(released.sum()), "release"), run.release[released]),
    ]
    for place, word in enumerate((" ready", " begin", " end")):
        parts.append((run.visit_case, np.char.add(names[run.visit_step], word), run.visit_at[:, place]))
    case, activity, at = (np.concatenate([part[column] for part in parts]) for column in range(3))
    # At one moment the stamps of a visit stand in their own order, and release after the end that brought it.
    order_of = np.concatenate([np.full(len(part[0]), rank) for part, rank in zip(parts, (0, 9, 1, 2, 3), strict=True)])
    order = np.lexsort((order_of, at, case))
    classes = np.array([one.name for one in model.classes])
    channels = np.array(channel_names(model))
    return pl.DataFrame(
        {
            "case_id": pl.Series(case[order]).cast(pl.String),
            "activity": activity[order],
            "timestamp": pl.Series(at[order]).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
            "class": classes[cases.kind[case[order]]],
            "channel": channels[cases.channel[case[order]]],
        }
    )
