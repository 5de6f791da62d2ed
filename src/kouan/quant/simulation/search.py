"""Search measures and staffing: which set, within a budget, brings the figure of release times lowest.

Every candidate is played on the same random numbers. A small number of candidates is raced: all of them play, and
those that a paired test shows to be worse than the best drop out. A large number is searched from the base by steps to
neighbours. The answer is the best that was found; a simulation proves no optimum, so no bound is given.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import stats

from kouan.quant.simulation.model import ImpossibleModel, Model
from kouan.quant.simulation.plan import Laid, lay_out
from kouan.quant.simulation.reading import ModelFile
from kouan.quant.simulation.replications import Outcome, RunStopped, Study, run_once
from kouan.quant.solving import Result, Step, Stop

MOST_RACED = 400
MINIMISED = ("mean", "median", "p90", "p95")


@dataclass(frozen=True, slots=True)
class Range:
    """How many people a staff may have, and what each one more than now costs (or one fewer saves)."""

    path: str
    least: int
    most: int
    cost: float
    now: int


@dataclass(frozen=True, slots=True)
class Search:
    """A search: what to choose from, what it costs, and what must hold.

    at_most_use: for every staff; at_least_within: share of cases released within the model's target.
    """

    file: ModelFile
    minimise: str
    measures: Mapping[str, float]
    staff: tuple[Range, ...]
    budget: float
    at_most_use: float = 1.0
    at_least_within: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A set of measures and a number of people for each range."""

    measures: tuple[str, ...]
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Best:
    """The best choice with its study, and the base on the same random numbers."""

    choice: Choice
    cost: float
    study: Study
    base: Study
    people: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        return {
            "measures": list(self.choice.measures),
            "people": self.people,
            "cost": self.cost,
            "study": self.study.to_json(),
            "base": self.base.to_json(),
        }


@dataclass
class _Race:
    search: Search
    seed: int
    played: dict[Choice, list[Outcome]] = field(default_factory=dict)
    laid: dict[Choice, tuple[Model, Laid]] = field(default_factory=dict)

    def play(self, choice: Choice, times: int, stop: Stop) -> list[Outcome]:
        outcomes = self.played.setdefault(choice, [])
        if choice not in self.laid:
            model = model_of(self.search, choice)
            self.laid[choice] = (model, lay_out(model))
        model, laid = self.laid[choice]
        try:
            while len(outcomes) < times and not (outcomes and stop()):
                outcomes.append(run_once(model, laid, self.seed, len(outcomes), stop=stop)[0])
        except RunStopped:
            if not outcomes:
                del self.played[choice]
        return outcomes

    def value(self, choice: Choice) -> float:
        return float(np.mean([one.release[self.search.minimise] for one in self.played[choice]]))

    def faults(self, choice: Choice) -> list[tuple[str, str]]:
        """Which demands a choice fails, by the means of what was played."""
        outcomes = self.played[choice]
        found = []
        for name in outcomes[0].staff:
            use = float(np.mean([one.staff[name] for one in outcomes]))
            if use > self.search.at_most_use:
                found.append(
                    (
                        f"“{name}”的利用率 {use:.1%} 超过 {self.search.at_most_use:.1%}",
                        f"the use of '{name}', {use:.1%}, is above {self.search.at_most_use:.1%}",
                    )
                )
        if self.search.at_least_within > 0:
            within = float(np.mean([one.release["within"] for one in outcomes]))
            if not within >= self.search.at_least_within:
                found.append(
                    (
                        f"达标率 {within:.1%} 低于 {self.search.at_least_within:.1%}",
                        f"the share within the target, {within:.1%}, is below {self.search.at_least_within:.1%}",
                    )
                )
        return found

    def rank(self, choice: Choice) -> tuple[float, float]:
        if choice not in self.played:
            return math.inf, math.inf
        return len(self.faults(choice)), self.value(choice)


def solve(problem: Search, stop: Stop, seed: int = 0, params: Mapping[str, Any] | None = None) -> Result[Best]:
    """Find the best choice that is affordable and keeps the demands.

    params: ``replications``, the most that any candidate plays (20). The status is ``feasible`` with the best found,
    ``infeasible`` when nothing is affordable or every choice was played and fails a demand, ``unknown`` otherwise.
    """
    times = int((params or {}).get("replications", 20))
    affordable = list(itertools.islice(_choices(problem), MOST_RACED + 1))
    if not affordable:
        cheapest = min(_cost(problem, Choice((), people)) for people in _grid(problem)) if problem.staff else 0.0
        reason = (
            f"预算 {problem.budget:g} 不足：最便宜的选择也要 {cheapest:g}",
            f"the budget of {problem.budget:g} is too small: the cheapest choice costs {cheapest:g}",
        )
        return Result("infeasible", None, None, None, stop.elapsed(), seed, reasons=(reason,))
    race = _Race(problem, seed)
    history: list[Step] = []
    whole = len(affordable) <= MOST_RACED
    best = _race(race, affordable, times, stop, history) if whole else _climb(race, times, stop, history)
    race.play(best, times, stop)
    if best not in race.played:
        reason = ("时间用尽，尚无一次完整的重复", "the time ran out before one replication was played")
        return Result("unknown", None, None, None, stop.elapsed(), seed, tuple(history), (reason,))
    made = {
        "candidates": len(affordable) if whole else f">{MOST_RACED}",
        "played": len(race.played),
        "raced": whole,
        "replications": times,
    }
    faults = race.faults(best)
    if faults:
        ended = whole and len(race.played) == len(affordable) and not stop()
        return Result(
            "infeasible" if ended else "unknown",
            None,
            None,
            None,
            stop.elapsed(),
            seed,
            tuple(history),
            tuple(faults),
            made,
        )
    base = _base(problem)
    base_outcomes = race.play(base, len(race.played[best]), stop) or race.play(base, 1, Stop(None))
    model, base_model = race.laid[best][0], race.laid[base][0]
    found = Best(
        best,
        _cost(problem, best),
        Study(model, tuple(race.played[best]), seed),
        Study(base_model, tuple(base_outcomes), seed),
        {one.path: count for one, count in zip(problem.staff, best.people, strict=True)},
    )
    return Result("feasible", race.value(best), None, found, stop.elapsed(), seed, tuple(history), (), made)


def _race(race: _Race, choices: list[Choice], times: int, stop: Stop, history: list[Step]) -> Choice:
    alive = list(choices)
    rounds = sorted({min(times, n) for n in (3, 5, 8, 12, times)})
    for target in rounds:
        for choice in alive:
            race.play(choice, target, stop)
            if stop():
                break
        best = min(alive, key=race.rank)
        if best in race.played:
            history.append(stop.note(race.value(best)))
        if stop() or len(alive) == 1:
            return best
        alive = [choice for choice in alive if choice == best or not _worse(race, choice, best, len(choices))]
    return min(alive, key=race.rank)


def _worse(race: _Race, choice: Choice, best: Choice, of: int) -> bool:
    """Whether a paired test, made stricter for the number of candidates, shows a choice to be worse than the best."""
    if len(race.faults(choice)) != len(race.faults(best)):
        return False
    figure = race.search.minimise
    pairs = list(zip(race.played[choice], race.played[best], strict=False))
    gaps = np.array([one.release[figure] - other.release[figure] for one, other in pairs])
    if len(gaps) < 3:
        return False
    error = gaps.std(ddof=1) / math.sqrt(len(gaps))
    if error == 0:
        return bool(gaps.mean() > 0)
    return bool(gaps.mean() / error > stats.t.ppf(1 - 0.05 / of, len(gaps) - 1))


def _climb(race: _Race, times: int, stop: Stop, history: list[Step]) -> Choice:
    """Go from a first affordable choice to better neighbours until none is better; then start elsewhere."""
    problem = race.search
    random = np.random.default_rng(race.seed)
    few = max(3, min(times, 6))
    start = _base(problem)
    if not _affordable(problem, start):
        start = next(_choices(problem))
    best = start
    race.play(best, few, stop)
    while not stop():
        here = start
        race.play(here, few, stop)
        moved = True
        while moved and not stop():
            moved = False
            near = _neighbours(problem, here)
            random.shuffle(near)  # type: ignore[arg-type]
            for choice in near:
                race.play(choice, few, stop)
                if race.rank(choice) < race.rank(here):
                    here, moved = choice, True
                    break
                if stop():
                    break
        if race.rank(here) < race.rank(best):
            best = here
            history.append(stop.note(race.value(best)))
        fresh = [_random_choice(problem, random) for _ in range(50)]
        unseen = [choice for choice in fresh if choice is not None and choice not in race.played]
        if not unseen:
            return best
        start = unseen[0]
    return best


def _neighbours(problem: Search, choice: Choice) -> list[Choice]:
    found = []
    for name in problem.measures:
        measures = tuple(one for one in problem.measures if (one in choice.measures) != (one == name))
        found.append(Choice(measures, choice.people))
    for place, one in enumerate(problem.staff):
        for step in (-1, 1):
            count = choice.people[place] + step
            if one.least <= count <= one.most:
                people = (*choice.people[:place], count, *choice.people[place + 1 :])
                found.append(Choice(choice.measures, people))
                for other, second in enumerate(problem.staff):
                    moved = people[other] - step
                    if other != place and second.least <= moved <= second.most:
                        found.append(Choice(choice.measures, (*people[:other], moved, *people[other + 1 :])))
    return [one for one in dict.fromkeys(found) if _affordable(problem, one)]


def _random_choice(problem: Search, random: np.random.Generator) -> Choice | None:
    for _ in range(200):
        measures = tuple(name for name in problem.measures if random.random() < 0.5)
        people = tuple(int(random.integers(one.least, one.most + 1)) for one in problem.staff)
        if _affordable(problem, choice := Choice(measures, people)):
            return choice
    return None


def _base(problem: Search) -> Choice:
    return Choice((), tuple(one.now for one in problem.staff))


def _grid(problem: Search) -> Iterator[tuple[int, ...]]:
    return itertools.product(*(range(one.least, one.most + 1) for one in problem.staff))


def _choices(problem: Search) -> Iterator[Choice]:
    for people in _grid(problem):
        for size in range(len(problem.measures) + 1):
            for measures in itertools.combinations(problem.measures, size):
                if _affordable(problem, choice := Choice(measures, people)):
                    yield choice


def _cost(problem: Search, choice: Choice) -> float:
    people = sum((count - one.now) * one.cost for one, count in zip(problem.staff, choice.people, strict=True))
    return sum(problem.measures[name] for name in choice.measures) + people


def _affordable(problem: Search, choice: Choice) -> bool:
    return _cost(problem, choice) <= problem.budget + 1e-9


def model_of(problem: Search, choice: Choice) -> Model:
    """The model under a choice."""
    file = problem.file
    for name in choice.measures:
        file = file.with_scenario(name)
    return file.changed({one.path: count for one, count in zip(problem.staff, choice.people, strict=True)}).model()


def read_search(file: ModelFile) -> Search:
    """Read the ``search`` of a model file. Raises ImpossibleModel with the line."""
    line = file.line(("search",))
    given = file.data.get("search")
    if not isinstance(given, dict):
        raise ImpossibleModel("模型文件没有 search", "the model file has no search", line)
    known = {"minimise", "measures", "staff", "budget", "at_most_use", "at_least_within"}
    for key in given:
        if key not in known:
            raise ImpossibleModel(f"不认识“{key}”", f"'{key}' is not known here", file.line(("search", key)))
    minimise = given.get("minimise", "mean")
    if minimise not in MINIMISED:
        raise ImpossibleModel(
            f"minimise 应为 {'、'.join(MINIMISED)} 之一", f"minimise is one of {', '.join(MINIMISED)}", line
        )
    measures = {}
    for name in given.get("measures") or []:
        if name not in file.scenarios():
            raise ImpossibleModel(
                f"没有方案“{name}”", f"there is no scenario '{name}'", file.line(("search", "measures"))
            )
        cost = (file.data["scenarios"][name] or {}).get("cost", 0)
        measures[str(name)] = _number(cost, file.line(("scenarios", name)), "cost")
    staff = []
    for path, one in (given.get("staff") or {}).items():
        where = file.line(("search", "staff", path))
        here: Any = file.data
        for word in path.split("."):
            here = here.get(word) if isinstance(here, dict) else None
        if not isinstance(here, int) or not isinstance(one, dict):
            raise ImpossibleModel(f"“{path}”不是人数", f"'{path}' is no number of people", where)
        least, most = (int(_number(one.get(key), where, key)) for key in ("from", "to"))
        if not 1 <= least <= most <= 1_000_000:
            raise ImpossibleModel("人数范围无效", "this is no range of people", where)
        staff.append(Range(path, least, most, _number(one.get("cost", 0), where, "cost"), here))
    budget = given.get("budget")
    return Search(
        file,
        minimise,
        measures,
        tuple(staff),
        math.inf if budget is None else _number(budget, line, "budget"),
        _number(given.get("at_most_use", 1.0), line, "at_most_use"),
        _number(given.get("at_least_within", 0.0), line, "at_least_within"),
    )


def _number(given: Any, line: int, name: str) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not math.isfinite(given):
        raise ImpossibleModel(f"{name} 应为数字", f"{name} is a number", line)
    return float(given)
