"""Run a model many times and say what it shows, with intervals; compare scenarios on common random numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import stats

from kouan.quant.opening_hours import MICROSECONDS
from kouan.quant.release_times.durations import Estimate
from kouan.quant.simulation.arrivals import Cases, make_cases, model_span
from kouan.quant.simulation.distributions import Distribution
from kouan.quant.simulation.engine import Run, RunStopped, run_plan
from kouan.quant.simulation.model import CaseClass, ImpossibleModel, Model, Need, Source, Staff
from kouan.quant.simulation.model import Step as SimulatedStep
from kouan.quant.simulation.plan import Laid, lay_out
from kouan.quant.solving import Stop

FIGURES = ("mean", "median", "p90", "p95", "within", "cases", "unfinished")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one replication showed, in seconds: figures of release, over all and by class, of steps and of staff."""

    release: dict[str, float]
    by_class: dict[str, dict[str, float]]
    steps: dict[str, dict[str, float]]
    staff: dict[str, float]


@dataclass(frozen=True, slots=True)
class Study:
    """Replications of one model. The intervals are Student's over replications, each of which counts as one figure."""

    model: Model
    outcomes: tuple[Outcome, ...]
    seed: int
    level: float = 0.95
    notes: tuple[tuple[str, str], ...] = field(default=())

    def release(self, figure: str, kind: str = "") -> Estimate:
        """A figure of the time from arrival to release, of all cases or of one class."""
        return self._over([(one.by_class[kind] if kind else one.release)[figure] for one in self.outcomes])

    def step(self, name: str, figure: str) -> Estimate:
        """Of a step: ``visits`` a day, mean ``wait`` and ``work`` in seconds, mean number ``waiting``."""
        return self._over([one.steps[name][figure] for one in self.outcomes])

    def use(self, staff: str) -> Estimate:
        """The share of its time on shift that a staff works, overtime included."""
        return self._over([one.staff[staff] for one in self.outcomes])

    def _over(self, values: list[float]) -> Estimate:
        return interval(values, self.level)

    def to_json(self) -> dict[str, Any]:
        """All figures with intervals as plain data."""

        def plain(values: list[float]) -> dict[str, float | None]:
            return self._over(values).to_json()

        def table(rows: list[dict[str, float]]) -> dict[str, Any]:
            return {
                name: plain([row[name] for row in rows])
                for name in rows[0]
                if not all(math.isnan(row[name]) for row in rows)
            }

        first = self.outcomes[0]
        return {
            "replications": len(self.outcomes),
            "seed": self.seed,
            "level": self.level,
            "release_seconds": table([one.release for one in self.outcomes]),
            "classes": {name: table([one.by_class[name] for one in self.outcomes]) for name in first.by_class},
            "steps": {name: table([one.steps[name] for one in self.outcomes]) for name in first.steps},
            "staff_use": {name: plain([one.staff[name] for one in self.outcomes]) for name in first.staff},
            "notes": [{"zh": zh, "en": en} for zh, en in self.notes],
        }


def interval(values: list[float] | np.ndarray, level: float) -> Estimate:
    """The mean of independent figures with Student's interval; NaN bounds for a single one."""
    numbers = np.asarray(values, dtype=np.float64)
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return Estimate(math.nan, math.nan, math.nan)
    mean = float(numbers.mean())
    if len(numbers) < 2:
        return Estimate(mean, math.nan, math.nan)
    reach = float(stats.t.ppf((1 + level) / 2, len(numbers) - 1) * numbers.std(ddof=1) / math.sqrt(len(numbers)))
    return Estimate(mean, mean - reach, mean + reach)


def simulate(
    model: Model,
    stop: Stop | None = None,
    seed: int = 0,
    *,
    replications: int = 10,
    level: float = 0.95,
    threads: int = 1,
    progress: Callable[[int], None] = lambda done: None,
) -> Study:
    """Run a model until the replications are done or the stop rule says so.

    Raises ImpossibleModel where no case can be measured, RunStopped where not even one replication came to its end.
    """
    studies = simulate_all(
        {"base": model}, stop, seed, replications=replications, level=level, threads=threads, progress=progress
    )
    return studies["base"]


def simulate_all(
    models: Mapping[str, Model],
    stop: Stop | None = None,
    seed: int = 0,
    *,
    replications: int = 10,
    level: float = 0.95,
    threads: int = 1,
    progress: Callable[[int], None] = lambda done: None,
) -> dict[str, Study]:
    """Run several models in turn, so that each has the same number of replications when time is up.

    Replication ``r`` of seed ``s`` uses the same random numbers in every model. The number of threads changes nothing
    but the time: the loop lets go of the interpreter.
    """
    if replications < 1:
        raise ImpossibleModel("重复次数至少为一", "there is at least one replication")
    plans = {name: lay_out(model) for name, model in models.items()}
    outcomes: dict[str, list[Outcome]] = {name: [] for name in models}

    def play(number: int) -> list[Outcome] | None:
        made = []
        for name, model in models.items():
            if number and stop is not None and stop():
                return None
            try:
                made.append(run_once(model, plans[name], seed, number, stop=stop)[0])
            except RunStopped:
                return None
        return made

    with ThreadPoolExecutor(max(1, threads)) as pool:
        # Replications are taken in order, as many at a time as there are threads, so that a stop leaves no gap.
        for begin in range(0, replications, max(1, threads)):
            wave = list(pool.map(play, range(begin, min(replications, begin + max(1, threads)))))
            whole = list(itertools.takewhile(lambda made: made is not None, wave))
            for made in whole:
                for name, one in zip(models, made or [], strict=True):
                    outcomes[name].append(one)
            progress(begin + len(whole))
            if len(whole) < len(wave) or (stop is not None and stop()):
                break
    if not next(iter(outcomes.values()), []):
        raise RunStopped
    return {
        name: Study(model, tuple(outcomes[name]), seed, level, tuple(_notes(outcomes[name], replications)))
        for name, model in models.items()
    }


def prepare() -> None:
    """Compile the loops, or load them from the cache, so that no time limit has to pay for it."""
    nothing = Distribution("constant", 0.0)
    model = Model(
        (CaseClass("one"),),
        (Source("one", {"one": 1.0}, per_day=5.0), Source("two", {"one": 1.0}, every=Distribution("constant", 9e4))),
        (SimulatedStep("one", "on_site", nothing, (Need("one", "one"),)),),
        (Staff("one", "one", 1, ("one",)),),
        days=2,
        warm_up=0,
        cool_down=0,
    )
    simulate(model, replications=1)


def run_once(
    model: Model, laid: Laid, seed: int, number: int, *, traced: bool = False, stop: Stop | None = None
) -> tuple[Outcome, Cases, Run]:
    """Run one replication and measure it. Raises RunStopped where ``stop`` says so first."""
    _, first, last, _ = model_span(model)
    cases = make_cases(model, seed, number)
    run = run_plan(laid.plan, cases, first, last, traced=traced, stop=stop)
    measured = (cases.arrives >= first) & (cases.arrives < last)
    if not measured.any():
        raise ImpossibleModel("统计期内没有案件到达", "no case arrives in the days that are measured")
    finished = run.release >= 0
    # A case that is never released counts as if it were at the end of the watch: the mean can only be too small.
    seconds = (np.where(finished, run.release, laid.watched_until) - cases.arrives) / MICROSECONDS
    seconds = np.maximum(seconds, 0.0)
    by_class = {}
    for place, one in enumerate(model.classes):
        chosen = measured & (cases.kind == place)
        by_class[one.name] = _figures(seconds[chosen], finished[chosen], model.target)
    window = (last - first) / MICROSECONDS
    steps = {}
    for place, name in enumerate(laid.steps):
        visits, wait, work = run.sums[place] / (1.0, MICROSECONDS, MICROSECONDS)
        steps[name] = {
            "visits": visits / model.days,
            "wait": wait / visits if visits else math.nan,
            "work": work / visits if visits else math.nan,
            "waiting": wait / window,
        }
    staff = {}
    plan = laid.plan
    for place, one in enumerate(model.staff):
        low, high = plan.open_first[place], plan.open_first[place + 1]
        on_shift = (np.clip(plan.closes[low:high], first, last) - np.clip(plan.opens[low:high], first, last)).sum()
        staff[f"{one.agency}.{one.name}"] = float(run.load[place] / (on_shift * one.people)) if on_shift else math.nan
    return Outcome(_figures(seconds[measured], finished[measured], model.target), by_class, steps, staff), cases, run


def _figures(seconds: np.ndarray, finished: np.ndarray, target: float | None) -> dict[str, float]:
    if not len(seconds):
        return dict.fromkeys(FIGURES, math.nan) | {"cases": 0.0, "unfinished": 0.0}
    median, p90, p95 = np.quantile(seconds, (0.5, 0.9, 0.95))
    return {
        "mean": float(seconds.mean()),
        "median": float(median),
        "p90": float(p90),
        "p95": float(p95),
        "within": float((seconds <= target).mean()) if target is not None else math.nan,
        "cases": float(len(seconds)),
        "unfinished": float((~finished).sum()),
    }


def _notes(outcomes: list[Outcome], asked: int) -> list[tuple[str, str]]:
    notes = []
    if len(outcomes) < asked:
        notes.append(
            (
                f"时间到，完成 {len(outcomes)}/{asked} 次重复",
                f"time was up after {len(outcomes)} of {asked} replications",
            )
        )
    if any(one.release["unfinished"] for one in outcomes):
        notes.append(
            (
                "有案件直到观察结束仍未放行，均值偏小",
                "some cases were never released in the time watched; the means are too small",
            )
        )
    for name in outcomes[0].staff:
        use = float(np.mean([one.staff[name] for one in outcomes]))
        if use >= 0.97:
            notes.append(
                (
                    f"人员“{name}”负荷 {use:.0%}，系统可能不稳定",
                    f"staff '{name}' is in use {use:.0%} of its time; the system may not be stable",
                )
            )
    return notes


@dataclass(frozen=True, slots=True)
class Comparison:
    """A scenario less the base, replication by replication on common random numbers; negative is faster."""

    differences: dict[str, Estimate]
    saved_by_pairing: float


def compare(base: Study, other: Study) -> Comparison:
    """Compare two studies of the same seed pairwise.

    saved_by_pairing: the share of the variance of the difference of means that common random numbers took away.
    """
    if base.seed != other.seed:
        raise ImpossibleModel("两个方案应使用相同的随机种子", "two scenarios are compared on the same seed")
    pairs = min(len(base.outcomes), len(other.outcomes))
    differences = {}
    for figure in ("mean", "median", "p90", "p95", "within"):
        old = np.array([one.release[figure] for one in base.outcomes[:pairs]])
        new = np.array([one.release[figure] for one in other.outcomes[:pairs]])
        if np.isfinite(old).all() and np.isfinite(new).all():
            differences[figure] = interval(new - old, base.level)
    old = np.array([one.release["mean"] for one in base.outcomes[:pairs]])
    new = np.array([one.release["mean"] for one in other.outcomes[:pairs]])
    apart = float(old.var(ddof=1) + new.var(ddof=1)) if pairs > 1 else 0.0
    saved = 1 - float((new - old).var(ddof=1)) / apart if apart > 0 else math.nan
    return Comparison(differences, saved)


def find_warm_up(model: Model, seed: int = 0, *, replications: int = 5) -> float:
    """Suggest the days of warm-up by MSER-5 (White 1997) over the releases by order of arrival.

    The series is the mean over replications of batches of five cases; the answer is the day by which the marginal
    standard error is least, within the first half.
    """
    laid = lay_out(model)
    begin, _, last, _ = model_span(model)
    series = []
    starts: np.ndarray = np.empty(0)
    for number in range(replications):
        cases = make_cases(model, seed, number)
        run = run_plan(laid.plan, cases, begin, last)
        order = np.argsort(cases.arrives, kind="stable")
        kept = order[(cases.arrives[order] < last) & (run.release[order] >= 0)]
        seconds = (run.release[kept] - cases.arrives[kept]) / MICROSECONDS
        whole = len(seconds) // 5 * 5
        series.append(seconds[:whole].reshape(-1, 5).mean(axis=1))
        if number == 0:
            starts = cases.arrives[kept][:whole:5]
    length = min(len(one) for one in series)
    if length < 20:
        raise ImpossibleModel("案件过少，无法判断预热期", "there are too few cases to judge the warm-up")
    batches = np.mean([one[:length] for one in series], axis=0)
    rest = np.arange(length, 0, -1)
    tail = np.cumsum(batches[::-1])[::-1]
    squares = np.cumsum((batches**2)[::-1])[::-1]
    error = (squares - tail**2 / rest) / rest**2
    cut = int(np.argmin(error[: length // 2]))
    return float((starts[min(cut, len(starts) - 1)] - begin) / MICROSECONDS / 86400)
