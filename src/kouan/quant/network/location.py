"""Place sites: capacitated or not, customers shared or not, a free or a given number of sites.

A Lagrangean bound prices the customers; sites that no better plan can open or close are fixed by it; what is left is
searched best bound first, and each set of sites that survives is served exactly. The proof is the empty heap.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import asdict, dataclass

import numpy as np

from kouan.quant.network import relaxation
from kouan.quant.network.serving import is_uncapacitated, serve
from kouan.quant.network.types import Location, Sites
from kouan.quant.solving import Result, Step, Stop

CLOSE_ENOUGH = 1e-9


@dataclass(frozen=True, slots=True)
class Params:
    """root_rounds, node_rounds: steps on prices at the root and at each node. neighbours: sets tried per descent."""

    root_rounds: int = 400
    node_rounds: int = 50
    neighbours: int = 60


def solve(problem: Location, stop: Stop, seed: int = 0, params: Params = Params()) -> Result[Sites]:
    """Place sites at least cost; ``seed`` moves the starts of the exchange heuristic."""
    reasons = _why_impossible(problem)
    if reasons:
        return Result("infeasible", None, None, None, stop.elapsed(), seed, reasons=reasons, params=asdict(params))
    return _Search(problem, stop, seed, params).run()


def _why_impossible(problem: Location) -> tuple[tuple[str, str], ...]:
    total = float(problem.demand.sum())
    room = np.sort(problem.capacity)[::-1]
    if problem.exactly is not None:
        room = room[: problem.exactly]
    if room.sum() < total * (1 - 1e-12):
        count = len(room)
        return (
            (
                f"总需求 {total:g} 超过最大的 {count} 个场址的总容量 {room.sum():g}",
                f"the total demand {total:g} exceeds {room.sum():g}, the capacity of the {count} largest sites",
            ),
        )
    if problem.single_source and problem.demand.max() > room.max():
        worst = int(problem.demand.argmax())
        return (
            (
                f"客户 {worst + 1} 的需求 {problem.demand[worst]:g} 大于任何单个场址的容量 {room.max():g}",
                f"customer {worst + 1} needs {problem.demand[worst]:g}, more than any one site holds ({room.max():g})",
            ),
        )
    return ()


class _Search:
    """The state of one search: best plan, heap of open nodes, lowest bound among the nodes that were closed."""

    def __init__(self, problem: Location, stop: Stop, seed: int, params: Params) -> None:
        self.problem, self.stop, self.seed, self.params = problem, stop, seed, params
        sites = len(problem.fixed)
        self.needed = float(problem.demand.sum())
        self.exactly = -1 if problem.exactly is None else problem.exactly
        self.capacity = np.minimum(problem.capacity, self.needed if self.needed > 0 else 1.0)
        room = np.cumsum(np.sort(self.capacity)[::-1])
        self.fewest = int(min(sites, np.searchsorted(room, self.needed * (1 - 1e-12)) + 1))
        self.best, self.plan = math.inf, None
        self.closed_bound = math.inf
        self.seen: set[bytes] = set()
        self.history: list[Step] = []
        self.free_capacity = is_uncapacitated(problem)
        whole = self.free_capacity and bool(
            (problem.cost == np.floor(problem.cost)).all() and (problem.fixed == np.floor(problem.fixed)).all()
        )
        self.grain = 1.0 if whole else 0.0

    def run(self) -> Result[Sites]:
        state = np.full(len(self.problem.fixed), relaxation.FREE, dtype=np.int64)
        self._first_plans()
        price = np.sort(self.problem.cost, axis=0)[min(1, len(state) - 1)].astype(np.float64)
        bound, price, state, branch = self._node(price, state, self.params.root_rounds, -math.inf, at_root=True)
        heap: list[tuple[float, int, np.ndarray, np.ndarray, int]] = []
        count = 0
        if branch is not None:
            heap.append((bound, count, price, state, branch))
        while heap and not self.stop():
            bound, _, price, state, branch = heapq.heappop(heap)
            if self._enough(bound):
                self.closed_bound = min(self.closed_bound, bound)
                continue
            if self._within_gap(bound):
                heapq.heappush(heap, (bound, count, price, state, branch))
                break
            for way in (relaxation.OPEN, relaxation.CLOSED):
                child = state.copy()
                child[branch] = way
                low, prices, fixed, next_branch = self._node(price, child, self.params.node_rounds, bound)
                if next_branch is not None:
                    count += 1
                    heapq.heappush(heap, (low, count, prices, fixed, next_branch))
        bound = min([self.closed_bound, self.best, *(node[0] for node in heap)])
        return self._result(bound, finished=not heap)

    def _result(self, bound: float, finished: bool) -> Result[Sites]:
        proved = bound if math.isfinite(bound) else None
        if self.plan is None:
            status = "infeasible" if finished and not self.stop() and not math.isfinite(bound) else "unknown"
            reasons = (
                (("任何场址组合都无法满足全部需求", "no set of sites can serve all demand"),)
                if status == "infeasible"
                else ()
            )
            return Result(
                status,
                None,
                proved,
                None,
                self.stop.elapsed(),
                self.seed,
                tuple(self.history),
                reasons,
                asdict(self.params),
            )
        if proved is not None and self.best - proved <= 10 * CLOSE_ENOUGH * abs(self.best):
            status, proved = "optimal", min(self.best, proved)
        else:
            status = "feasible"
        return Result(
            status,
            self.best,
            proved,
            self.plan,
            self.stop.elapsed(),
            self.seed,
            tuple(self.history),
            params=asdict(self.params),
        )

    def _enough(self, bound: float) -> bool:
        """Whether a node of this bound can hold nothing better."""
        if bound >= self.best - CLOSE_ENOUGH * abs(self.best):
            return True
        return self.grain > 0 and math.ceil(bound - 1e-6) >= self.best

    def _within_gap(self, bound: float) -> bool:
        return self.stop.gap > 0 and math.isfinite(self.best) and self.best - bound <= self.stop.gap * abs(self.best)

    def _try(self, chosen: np.ndarray, settle: bool = False) -> float:
        """Serve from a set of sites, keep the plan if it is the best; returns a bound of the cost of this set.

        One site per customer is itself hard: unless the set has to be settled, it gets a small share of the time.
        """
        key = np.packbits(np.isin(np.arange(len(self.problem.fixed)), chosen)).tobytes()
        if key in self.seen or not len(chosen):
            return math.inf
        single = self.problem.single_source and not self.free_capacity
        left = self.stop.remaining()
        brief = Stop(min(2.0, left / 20), gap=max(self.stop.gap, 2e-4), cancelled=self.stop)
        total, bound, plan = serve(self.problem, chosen, brief if single and not settle else self.stop)
        if bound >= total or not single:
            self.seen.add(key)
        if plan is not None and total < self.best:
            self.best, self.plan = total, plan
            self.history.append(self.stop.note(total))
        return bound

    def _first_plans(self) -> None:
        if not self.free_capacity:
            return
        draw = np.random.default_rng(self.seed)
        sites = len(self.problem.fixed)
        starts = 3 if self.problem.cost.size <= 100_000 else 1
        for _ in range(starts):
            is_open = np.zeros(sites, dtype=np.bool_)
            is_open[draw.choice(sites, self.exactly if self.exactly > 0 else max(1, sites // 10), replace=False)] = True
            while True:  # a few rounds at a time, so that the rule is asked in between
                before = is_open.copy()
                relaxation.exchange(is_open, self.problem.cost, self.problem.fixed, self.exactly, 5)
                if self.stop() or (before == is_open).all():
                    break
            self._try(np.flatnonzero(is_open))
            if self.stop():
                return

    def _node(
        self, price: np.ndarray, state: np.ndarray, rounds: int, bound: float, at_root: bool = False
    ) -> tuple[float, np.ndarray, np.ndarray, int | None]:
        """Bound a node, fix its sites, try its sets: (bound, prices, states, the site to branch on or ``None``)."""
        problem, step, often = self.problem, 1.0, np.zeros(0)
        values = np.zeros(0)
        left = rounds
        while left > 0 and not (self.stop() and math.isfinite(bound)):
            target = (
                self.best
                if math.isfinite(self.best)
                else max(abs(bound) * 1.05 if math.isfinite(bound) else 0.0, self._guess())
            )
            low, new_price, new_values, often, step = relaxation.improve_prices(
                price,
                problem.cost,
                problem.demand,
                self.capacity,
                problem.fixed,
                state,
                self.needed,
                self.fewest,
                self.exactly,
                target,
                min(left, 25 if problem.cost.size > 200_000 else 50),
                step,
            )
            left -= 50
            if low == math.inf:
                return math.inf, price, state, None
            price, values = new_price, new_values
            bound = max(bound, low)
            if self._enough(bound):
                self.closed_bound = min(self.closed_bound, bound)
                return bound, price, state, None
            if not at_root or left <= rounds // 2 or not problem.single_source:
                self._promising(
                    values, price, state, often, thorough=at_root and (left <= 50 or not problem.single_source)
                )
            if not self._fix(values, price, state):
                return math.inf, price, state, None
            if step < 1e-3:
                break
        if not len(values):
            return bound, price, state, self._any_free(state)
        free = np.flatnonzero(state == relaxation.FREE)
        if not len(free):
            return self._leaf(price, state, bound)
        return bound, price, state, int(free[np.abs(often[free] - 0.5).argmin()])

    def _any_free(self, state: np.ndarray) -> int | None:
        free = np.flatnonzero(state == relaxation.FREE)
        return int(free[0]) if len(free) else int(np.flatnonzero(state)[0])

    def _guess(self) -> float:
        """A cost that a good plan might have, before any plan is known."""
        problem = self.problem
        return float(np.sort(problem.fixed)[: self.fewest].sum() + problem.cost.mean(axis=0).sum())

    def _leaf(
        self, price: np.ndarray, state: np.ndarray, bound: float
    ) -> tuple[float, np.ndarray, np.ndarray, int | None]:
        """Settle a node whose sites are all decided; where the rule forbids it, its bound stays in the account."""
        exact = self._try(np.flatnonzero(state == relaxation.OPEN), settle=True)
        if exact < self.best and math.isfinite(exact):
            bound = max(bound, exact)
            self.closed_bound = min(self.closed_bound, bound)
        elif exact == -math.inf:
            self.closed_bound = min(self.closed_bound, bound)
        return bound, price, state, None

    def _fix(self, values: np.ndarray, price: np.ndarray, state: np.ndarray) -> bool:
        """Fix the sites that no better plan can flip; false where a site can be neither open nor closed."""
        if not math.isfinite(self.best):
            return True
        flipped = relaxation.bounds_if_flipped(
            values, price.sum(), self.capacity, state, self.needed, self.fewest, self.exactly
        )
        limit = self.best - CLOSE_ENOUGH * abs(self.best)
        if self.grain:
            limit = min(limit, self.best - 1.0 + 1e-6)
        not_closed, not_open = flipped[:, 0] >= limit, flipped[:, 1] >= limit
        for column, mask in ((0, not_closed), (1, not_open)):
            if mask.any():
                self.closed_bound = min(self.closed_bound, float(flipped[mask, column].min()))
        state[not_closed] = relaxation.OPEN
        state[not_open & ~not_closed] = relaxation.CLOSED
        return not bool((not_closed & not_open).any())

    def _promising(
        self, values: np.ndarray, price: np.ndarray, state: np.ndarray, often: np.ndarray, thorough: bool
    ) -> None:
        """Try the set of sites that the prices like, and at the root its neighbours, best estimate first."""
        problem = self.problem
        chosen = state == relaxation.OPEN
        finite = np.where(state == relaxation.CLOSED, 0.0, values)
        order = np.argsort(np.where(state == relaxation.CLOSED, np.inf, finite - 1e-6 * often * np.abs(finite)))
        for site in order:
            if self.exactly >= 0:
                if chosen.sum() >= self.exactly:
                    break
            elif values[site] >= 0 and chosen.sum() >= self.fewest and self.capacity[chosen].sum() >= self.needed:
                break
            if state[site] == relaxation.FREE:
                chosen[site] = True
        sum_of_prices = float(price.sum())
        if sum_of_prices + float(values[chosen].sum()) < self.best:
            if self.free_capacity:
                is_open = chosen.copy()
                if thorough:
                    relaxation.exchange(
                        is_open, problem.cost, problem.fixed, self.exactly, 3 if problem.cost.size > 200_000 else 20
                    )
                self._try(np.flatnonzero(is_open))
            else:
                self._try(np.flatnonzero(chosen))
        if thorough and not self.free_capacity:
            self._descend(values, sum_of_prices, chosen)

    def _descend(self, values: np.ndarray, sum_of_prices: float, chosen: np.ndarray) -> None:
        values = np.where(np.isfinite(values), values, np.inf)
        if self.plan is not None:
            chosen = np.zeros(len(values), bool)
            chosen[self.plan.open] = True
        tries = self.params.neighbours // (4 if self.problem.single_source else 1)
        improved = True
        while improved and tries > 0:
            improved = False
            inside, outside = np.flatnonzero(chosen), np.flatnonzero(~chosen & np.isfinite(values))
            base = sum_of_prices + float(values[inside].sum())
            moves = [(base - values[i] + values[o], i, o) for i in inside for o in outside]
            if self.exactly < 0:
                moves += [(base + values[o], -1, o) for o in outside] + [(base - values[i], i, -1) for i in inside]
            moves.sort(key=lambda move: move[0])
            for estimate, drop, add in moves:
                if estimate >= self.best or tries <= 0 or self.stop():
                    break
                candidate = chosen.copy()
                if drop >= 0:
                    candidate[drop] = False
                if add >= 0:
                    candidate[add] = True
                if self.capacity[candidate].sum() < self.needed:
                    continue
                tries -= 1
                before = self.best
                self._try(np.flatnonzero(candidate))
                if self.best < before:
                    chosen, improved = candidate, True
                    break
