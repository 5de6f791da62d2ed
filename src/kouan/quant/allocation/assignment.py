"""Give each job one agent: bounds by prices and exact knapsacks, plans by search below a target.

Whole-numbered problems are searched target by target: the lowest cost not yet ruled out, and one below the best plan.
Each search that ends without a plan raises the bound. Other problems go to HiGHS.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from kouan.quant import linear
from kouan.quant.allocation import knapsacks
from kouan.quant.allocation.types import Assignment
from kouan.quant.solving import Result, Step, Stop

MOST_ROOM = 200_000


@dataclass(frozen=True, slots=True)
class Params:
    """rounds: steps on prices at each node. first_nodes: of the first searches; each round allows three times more."""

    rounds: int = 20
    first_nodes: int = 64


def solve(problem: Assignment, stop: Stop, seed: int = 0, params: Params = Params()) -> Result[np.ndarray]:
    """Assign all jobs at least cost, or at most profit; the solution is the agent of each job."""
    reasons = _why_impossible(problem)
    if reasons:
        return Result("infeasible", None, None, None, stop.elapsed(), seed, reasons=reasons, params=asdict(params))
    sign = -1.0 if problem.maximise else 1.0
    cost = sign * problem.cost
    history: list[Step] = []

    def note(found: float, proved: float) -> None:
        history.append(stop.note(sign * found, sign * proved))

    whole = all((values == np.floor(values)).all() for values in (cost, problem.use)) and np.abs(cost).sum() < 2**50
    room = np.floor(np.minimum(problem.capacity, problem.use.sum(axis=1)))
    if whole and room.max() <= MOST_ROOM and (room.max() + 1) * (cost.shape[1] + 1) <= 200_000_000:
        search = _Search(cost, problem.use.astype(np.int64), room.astype(np.int64), stop, seed, params, note)
        search.run()
        low, high, plan, settled = search.low, search.high, search.plan, search.settled
    else:
        low, high, plan, settled = _by_highs(problem, cost, stop, seed, note)
    steps = tuple(history)
    bound = sign * low if math.isfinite(low) else None
    if plan is None:
        if settled:
            reasons = (
                (
                    "各单位的容量无法容纳全部任务：每件都放得下，合起来放不下",
                    "the agents cannot hold all jobs together, though each job fits somewhere",
                ),
            )
            return Result("infeasible", None, None, None, stop.elapsed(), seed, steps, reasons, asdict(params))
        return Result("unknown", None, bound, None, stop.elapsed(), seed, steps, params=asdict(params))
    status = "optimal" if settled else "feasible"
    return Result(status, sign * high, bound, plan, stop.elapsed(), seed, steps, params=asdict(params))


def whole_model(problem: Assignment) -> linear.Model:
    """The plain integer model, columns ``(agents, jobs)``; of a maximisation, with costs negated."""
    agents, jobs = problem.cost.shape
    model = linear.Model()
    given = model.add_columns(-problem.cost if problem.maximise else problem.cost, 0.0, 1.0, whole=True)
    model.add_rows(np.arange(jobs)[None, :], given, 1.0, 1.0, 1.0, jobs)
    model.add_rows(np.arange(agents)[:, None], given, problem.use, -np.inf, problem.capacity, agents)
    return model


def _by_highs(
    problem: Assignment, cost: np.ndarray, stop: Stop, seed: int, note: Callable[[float, float], None]
) -> tuple[float, float, np.ndarray | None, bool]:
    answer = linear.solve(whole_model(problem), stop, seed=seed, watch=note)
    low = -math.inf if answer.bound is None else answer.bound
    if answer.values is None:
        return low, math.inf, None, answer.outcome == "infeasible"
    plan = answer.values.reshape(cost.shape).argmax(axis=0)
    high = float(cost[plan, np.arange(len(plan))].sum())
    return (
        min(low, high),
        high,
        plan,
        answer.outcome == "optimal" and high - low <= 1e-6 * max(1.0, abs(high)),
    )


def _why_impossible(problem: Assignment) -> tuple[tuple[str, str], ...]:
    fits = problem.use <= problem.capacity[:, None]
    homeless = np.flatnonzero(~fits.any(axis=0))
    if len(homeless):
        job = int(homeless[0])
        return ((f"任务 {job + 1} 的占用超过每个单位的容量", f"job {job + 1} is larger than every agent's capacity"),)
    needed, room = float(problem.use.min(axis=0).sum()), float(problem.capacity.sum())
    if needed > room:
        return (
            (
                f"各任务的最小占用之和 {needed:g} 超过总容量 {room:g}",
                f"the least uses of all jobs add up to {needed:g}, more than the total capacity {room:g}",
            ),
        )
    return ()


class _Search:
    """Lowest cost not ruled out, best plan, and the searches between them."""

    def __init__(
        self,
        cost: np.ndarray,
        use: np.ndarray,
        room: np.ndarray,
        stop: Stop,
        seed: int,
        params: Params,
        note: Callable[[float, float], None],
    ) -> None:
        self.cost, self.use, self.room = np.ascontiguousarray(cost, dtype=np.float64), np.ascontiguousarray(use), room
        self.stop, self.params, self.note = stop, params, note
        self.draw = np.random.default_rng(seed)
        self.low, self.high, self.plan = -math.inf, math.inf, None
        self.settled = False
        self.ceiling = float(cost.max(axis=0).sum())
        jobs = cost.shape[1]
        self.stack = np.zeros((jobs + 4, *cost.shape), dtype=np.bool_)
        self.prices = np.zeros((jobs + 4, jobs))
        self.pace = 16

    def run(self) -> None:
        """Search until the rule says stop or bound and plan meet."""
        price, usage = self._root()
        jobs = self.cost.shape[1]
        for turn in range(16):
            order = self.draw.random(jobs) * (1 + turn / 4)
            self._note(*knapsacks.repair(np.full(jobs, -1), self.cost, self.use, self.room, usage, order))
        nodes = self.params.first_nodes
        self._trade(5 * self.cost.shape[0])
        while not self._over():
            # A target just above the bound leaves few pairs and is searched fast; one just below the best plan is not.
            target, stride = self.low, 1
            while not self._over():
                verdict = self._below(target, price, nodes)
                if verdict == knapsacks.FOUND:
                    break
                last = min(self.high - 1, self.ceiling)
                if verdict == knapsacks.GAVE_UP:
                    if target >= last:
                        break
                    target, stride = min(target + stride, last), stride * 2
                else:
                    target = self.low
            nodes *= 3
            self._trade(10 * self.cost.shape[0])
        self.settled = self.low >= min(self.high, self.ceiling + 1)
        if math.isfinite(self.high):
            self.low = min(self.low, self.high)

    def _over(self) -> bool:
        if self.low >= min(self.high, self.ceiling + 1) or self.stop():
            return True
        return self.stop.gap > 0 and math.isfinite(self.high) and self.high - self.low <= self.stop.gap * abs(self.high)

    def _root(self) -> tuple[np.ndarray, np.ndarray]:
        """Prices and bound of the whole problem, started from the linear relaxation."""
        agents, jobs = self.cost.shape
        model = linear.Model()
        given = model.add_columns(self.cost, 0.0, 1.0)
        model.add_rows(np.arange(jobs)[None, :], given, 1.0, 1.0, 1.0, jobs)
        model.add_rows(np.arange(agents)[:, None], given, self.use, -np.inf, self.room, agents)
        answer = linear.solve(model, self.stop, relax=True)
        price = (
            np.sort(self.cost, axis=0)[min(1, agents - 1)].copy()
            if answer.row_duals is None
            else answer.row_duals[:jobs].copy()
        )
        usage = np.zeros(self.cost.shape) if answer.values is None else answer.values.reshape(self.cost.shape)
        bound = -math.inf if answer.bound is None else answer.bound
        for _ in range(12):
            target = max(bound, -1e300) + 0.004 * abs(bound) + 1.0 if math.isfinite(bound) else self.ceiling
            climbed, price, recent = knapsacks.climb_root(price, self.cost, self.use, self.room, target, 100)
            if recent.any():
                usage = recent
            if climbed == math.inf:
                break
            gained, bound = climbed - bound, max(bound, climbed)
            if gained < 0.05 or self.stop():
                break
        self.low = math.ceil(bound - 1e-6) if math.isfinite(bound) else math.floor(self.cost.min(axis=0).sum())
        return price, usage

    def _below(self, target: float, price: np.ndarray, nodes: int) -> int:
        """Search for a plan that costs at most target, with so many nodes; what is learnt is kept."""
        self.stack[0], self.prices[0] = True, price
        height, done = 1, 0
        found = np.empty(self.cost.shape[1], dtype=np.int64)
        while done < nodes and not self.stop():
            began = self.stop.elapsed()
            verdict, height, more, total = knapsacks.search(
                self.stack,
                self.prices,
                height,
                self.cost,
                self.use,
                self.room,
                float(target),
                done,
                min(self.pace, nodes - done),
                self.params.rounds,
                found,
            )
            done += more
            spent = self.stop.elapsed() - began
            self.pace = max(
                1, min(4096, self.pace * 2 if spent < 0.05 else self.pace // 2 if spent > 0.2 else self.pace)
            )
            if verdict == knapsacks.FOUND:
                self._note(total, found)
                return knapsacks.FOUND
            if verdict == knapsacks.PROVED:
                self.low = max(self.low, target + 1)
                return knapsacks.PROVED
        return knapsacks.GAVE_UP

    def _trade(self, tries: int) -> None:
        """Let a few agents trade jobs among themselves, by the same search in the small, while it pays."""
        agents = self.cost.shape[0]
        if self.plan is None or agents < 4:
            return
        quiet = 0
        while quiet < tries and not self._over():
            few = np.sort(self.draw.choice(agents, min(agents - 1, int(self.draw.integers(3, 5))), replace=False))
            jobs = np.flatnonzero(np.isin(self.plan, few))
            if len(jobs) < 2:
                quiet += 1
                continue
            here = np.searchsorted(few, self.plan[jobs])
            cost, use = self.cost[np.ix_(few, jobs)], np.ascontiguousarray(self.use[np.ix_(few, jobs)])
            now = float(cost[here, np.arange(len(jobs))].sum())
            better = _trade_among(np.ascontiguousarray(cost), use, self.room[few], now, self.params.rounds)
            if better is None:
                quiet += 1
                continue
            quiet = 0
            plan = self.plan.copy()
            plan[jobs] = few[better]
            self._note(float(self.cost[plan, np.arange(len(plan))].sum()), plan)

    def _note(self, total: float, plan: np.ndarray) -> None:
        if total < self.high:
            self.high, self.plan = total, plan.copy()
            self.note(total, self.low)


def _trade_among(cost: np.ndarray, use: np.ndarray, room: np.ndarray, now: float, rounds: int) -> np.ndarray | None:
    """A plan of a small problem that costs less than ``now``, or ``None`` where none was found in a few nodes."""
    jobs = cost.shape[1]
    price = np.sort(cost, axis=0)[1].copy()
    low, price, _ = knapsacks.climb_root(price, cost, use, room, now, 120)
    if low > now - 1 + 1e-6:
        return None
    stack, prices, found = (
        np.zeros((jobs + 4, *cost.shape), dtype=np.bool_),
        np.zeros((jobs + 4, jobs)),
        np.empty(jobs, dtype=np.int64),
    )
    low = math.ceil(low - 1e-6)
    for target in range(low, int(now), max(1, (int(now) - low) // 5)):
        stack[0], prices[0] = True, price
        verdict, *_ = knapsacks.search(stack, prices, 1, cost, use, room, float(target), 0, 40, rounds, found)
        if verdict == knapsacks.FOUND:
            return found
    return None
