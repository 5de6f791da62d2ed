"""Plan berths: annealing for the plan, priced paths for the bound, HiGHS for what they leave open."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from kouan.quant.berths.anchoring import anchor, anneal_crowded
from kouan.quant.berths.annealing import DELAY, EXTRA, HANDLING, LATE, WEIGHT, anneal, first_come, place
from kouan.quant.berths.bounding import Arcs, Bounder, Node, first_arcs, prices_from_times
from kouan.quant.berths.problem import BerthPlan, BerthProblem, Ship
from kouan.quant.berths.settling import settle
from kouan.quant.berths.tables import Tables, build_tables
from kouan.quant.conflicts import smallest_clash
from kouan.quant.restarts import luby
from kouan.quant.solving import Result, Status, Step, Stop

STRETCH = 100_000  # moves between two looks at the stop rule


@dataclass(frozen=True, slots=True)
class BerthParams:
    """How the search runs.

    moves: unit of the length of an annealing run, per ship squared; runs follow the Luby sequence 1, 1, 2, 1, 1, 2, 4 …
    hot, cold: temperatures, as shares of the mean cost of a ship that never waits.
    first_runs: before the first bound; more_runs: between two liftings of the bound; guided_runs as many that begin
    from what the priced paths suggest.
    weak_rounds, strong_rounds: rounds of the bound with the cheap and with the strict path rules.
    proof: whether HiGHS settles what the bound leaves open, once at most ``most_arcs`` starts are left.
    explain: whether the smallest set of ships that clash is sought where there is no plan.
    """

    moves: int = 150
    hot: float = 0.5
    cold: float = 0.018
    first_runs: int = 3
    more_runs: int = 4
    guided_runs: int = 2
    weak_rounds: int = 1500
    strong_rounds: int = 300
    most_arcs: int = 40_000
    proof: bool = True
    explain: bool = True


def solve(
    problem: BerthProblem,
    stop: Stop,
    seed: int = 0,
    params: BerthParams | None = None,
) -> Result[BerthPlan]:
    """Find a plan of least cost and prove how far it can be from the best.

    The plan is ``optimal`` only where the bound, exact in arithmetic, meets it.
    """
    return _Planner(problem, stop, seed, params or BerthParams()).run()


class _Planner:
    def __init__(self, problem: BerthProblem, stop: Stop, seed: int, params: BerthParams) -> None:
        self.problem, self.stop, self.seed, self.params = problem, stop, seed, params
        self.tables: Tables = build_tables(problem)
        t = self.tables
        self.cards = (t.cards, t.next_start, t.departure)
        n, m = len(problem.ships), len(problem.berths)
        self.rows, self.lengths = np.zeros((m, n + 1), np.int64), np.zeros(m, np.int64)
        self.arrivals = np.array([s.arrival for s in problem.ships], np.int64)
        self.penalty = self._penalty()
        self.crowd = _crowd(problem)
        self.random = np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64 | 1], np.uint64)
        self.runs, self.unit = 0, max(10_000, self.params.moves * n * n)
        self.chance = np.random.default_rng(seed)
        self.objective: int | None = None
        self.cost = 2**62
        self.least = self._least()
        self.bound = float(self.least.sum())
        self.history: list[Step] = []

    def run(self) -> Result[BerthPlan]:
        order = np.argsort(self.arrivals, kind="stable").astype(np.int64)
        rows, lengths = self.rows.copy(), self.lengths.copy()
        first = first_come(order, self.tables.group, self.tables.opens, *self.cards, self.penalty, rows, lengths)
        self._keep(int(first) + self.penalty * self._anchored(rows, lengths)[0], rows, lengths)
        if self.problem.ships and not self._done():
            self._search()
        return self._result()

    def _search(self) -> None:
        p = self.params
        for _ in range(p.first_runs):
            self._anneal()
        node = self._root() if not self._done() else None
        proofs = 0
        while node is not None and not self._done():
            for _ in range(p.guided_runs):
                self._guided(node)
            for _ in range(p.more_runs):
                self._anneal()
            node = self._lift(node, p.strong_rounds)
            if node is not None and p.proof and len(node.arcs.job) <= p.most_arcs and not self._done():
                proofs += 1
                if proofs > 3 and self.crowd is not None and self.stop.seconds is None:
                    return  # what binds are the waiting areas, which the bound does not see
                self._prove(node, max(5.0, min(1.0, 0.3 * proofs) * self.stop.remaining()))

    def _anneal(self) -> None:
        """One run from first come, first served; its best is kept."""
        if self._done():
            return
        t, p = self.tables, self.params
        rows, lengths = np.zeros_like(self.rows), np.zeros_like(self.lengths)
        order = np.argsort(self.arrivals, kind="stable").astype(np.int64)
        first_come(order, t.group, t.opens, *self.cards, self.penalty, rows, lengths)
        self.runs += 1
        self._improve(rows, lengths, luby(self.runs) * self.unit, p.hot, p.cold)

    def _guided(self, node: Node) -> None:
        """A short run from the plan that the priced paths of a node suggest."""
        arcs, share, t = node.arcs, node.share, self.tables
        if share is None or self._done():
            return
        n, chance = len(self.problem.ships), self.chance
        weight = share * (0.5 + chance.random(len(share))) + 1e-9
        starts = np.bincount(arcs.job, weight * arcs.start, n) / np.bincount(arcs.job, weight, n)
        by_group = np.zeros((n, len(t.copies)))
        np.add.at(by_group, (arcs.job, arcs.groups()), weight)
        rows, lengths = np.zeros_like(self.rows), np.zeros_like(self.lengths)
        free = t.opens[t.group].astype(float)
        for i in np.argsort(starts, kind="stable"):
            alike = np.flatnonzero(t.group == by_group[i].argmax())
            k = alike[free[alike].argmin()]
            rows[k, lengths[k]] = i
            lengths[k] += 1
            free[k] = max(free[k], starts[i]) + t.cards[t.group[k], i, HANDLING]
        self._improve(rows, lengths, self.unit, 0.06, self.params.cold)

    def _improve(
        self, rows: NDArray[np.int64], lengths: NDArray[np.int64], moves: int, hot: float, cold: float
    ) -> None:
        t = self.tables
        usual = float(np.mean(self.least))
        stretches = max(1, moves // STRETCH)
        hot, cold = hot * usual, cold * usual
        ratio = (cold / hot) ** (1.0 / stretches)
        best_rows, best_lengths = rows.copy(), lengths.copy()
        best = 2**62
        for s in range(stretches):
            if self.stop():
                break
            since = hot * ratio**s
            arguments = (
                *(rows, lengths, t.group, t.opens, *self.cards, self.penalty, min(STRETCH, moves), since),
                *(since * ratio, self.random, best_rows, best_lengths, best),
            )
            best = anneal(*arguments) if self.crowd is None else anneal_crowded(*arguments, self.crowd)
            if best < self.cost:
                self._keep(int(best), best_rows, best_lengths)

    def _anchored(self, rows: NDArray[np.int64], lengths: NDArray[np.int64]) -> tuple[int, NDArray[np.int64]]:
        """How many waiting ships find no place, and the area of each ship (-1: none)."""
        starts, chosen = np.zeros(len(self.problem.ships), np.int64), np.full(len(self.problem.ships), -1, np.int64)
        if self.crowd is None:
            return 0, chosen
        for i, _, start, _, _ in self._placings(rows, lengths):
            starts[i] = start
        order, arrival, length, fits, ships, room, separation = self.crowd
        return int(anchor(order, arrival, starts, length, fits, ships, room, separation, chosen)), chosen

    def _keep(self, cost: int, rows: NDArray[np.int64], lengths: NDArray[np.int64]) -> None:
        self.rows, self.lengths, self.cost = rows.copy(), lengths.copy(), int(cost)
        if cost < self.penalty:
            self.objective = int(cost)
            self._note()

    def _root(self) -> Node | None:
        """The first node: all starts that a better plan can use, with prices from the plan at hand."""
        arcs = first_arcs(self.tables, self.least, self._limit())
        node = Node(arcs, np.zeros(len(self.problem.ships)), self.bound)
        bounder = Bounder(self.tables, self._limit())
        node.prices = self._first_prices(arcs, bounder)
        open_still = bounder.thin(node) and bounder.raise_bound(
            node, self.params.weak_rounds, self._done, strong=False, found=self._found, told=self._raise
        )
        self._raise(node.bound if open_still else bounder.limit + 1)
        return self._lift(node, self.params.strong_rounds) if open_still and not self._done() else None

    def _first_prices(self, arcs: Arcs, bounder: Bounder) -> NDArray[np.float64]:
        """Prices from the plan at hand: an hour at a berth is worth the priorities of those who wait behind it.

        The price of an hour is taken per group, over all berths, or half of each, in several sizes; the best stays.
        """
        t, priority = self.tables, [ship.priority for ship in self.problem.ships]
        hourly = np.zeros((len(t.group), arcs.pointer.shape[1]))
        stays: list[list[tuple[int, int, int]]] = [[] for _ in t.group]
        for i, k, start, sails, _ in self._placings(self.rows, self.lengths):
            stays[k].append((start, sails, priority[i]))
        for k, row in enumerate(stays):
            behind, following = 0.0, None
            for start, sails, weight in reversed(row):
                behind = weight + (behind if following == sails else 0.0)
                following = start
                hourly[k, start:sails] = behind
        overall = hourly.mean(axis=0)
        per_group = np.array([hourly[t.group == g].mean(axis=0) for g in range(len(t.copies))])
        best, chosen = -np.inf, np.zeros(len(priority))
        for share, size in product((0.0, 0.5, 1.0), (0.7, 0.8, 0.9, 1.0)):
            mixed = size * (share * overall + (1 - share) * per_group)
            prices = prices_from_times(arcs, t.copies, mixed, len(priority))
            bound = bounder.evaluate(arcs, prices, False).bound
            if bound > best:
                best, chosen = bound, prices
        return chosen

    def _lift(self, node: Node, rounds: int) -> Node | None:
        bounder = Bounder(self.tables, self._limit())
        open_still = bounder.thin(node) and bounder.raise_bound(
            node, rounds, self._done, found=self._found, told=self._raise
        )
        self._raise(min(node.bound, bounder.limit + 1) if open_still else bounder.limit + 1)
        return node if open_still else None

    def _prove(self, node: Node, seconds: float) -> None:
        """Settle what is left, as flows through time, with HiGHS."""
        part = Stop(seconds, cancelled=self.stop, clock=self.stop.elapsed)
        answer = settle(node.arcs, self.tables.copies, len(self.problem.ships), self._limit(), part, self.seed)
        before = self._limit()
        if answer.used is not None:
            self._found(node.arcs, answer.used)
        self._raise(min(answer.bound, before + 1))

    def _found(self, arcs: Arcs, visited: NDArray[np.float64]) -> None:
        """Paths that visit every ship once are a plan: keep it if it is better."""
        chosen = np.flatnonzero(visited > 0.5)
        order = chosen[np.argsort(arcs.start[chosen], kind="stable")]
        groups = arcs.groups()
        free = np.zeros(len(self.tables.group), np.int64)
        rows, lengths = np.zeros_like(self.rows), np.zeros_like(self.lengths)
        for x in order:
            fits = [k for k in np.flatnonzero(self.tables.group == groups[x]) if free[k] <= arcs.start[x]]
            if not fits:
                return
            k = max(fits, key=lambda k: free[k])
            rows[k, lengths[k]], free[k] = arcs.job[x], arcs.end[x]
            lengths[k] += 1
        if lengths.sum() != len(self.problem.ships):
            return
        cost = sum(c for *_, c in self._placings(rows, lengths)) + self.penalty * self._anchored(rows, lengths)[0]
        if cost < self.cost:
            self._keep(cost, rows, lengths)

    def _placings(self, rows: NDArray[np.int64], lengths: NDArray[np.int64]) -> list[tuple[int, int, int, int, int]]:
        """Ship, berth, start, departure and cost of each ship of a plan."""
        out = []
        for k, g in enumerate(self.tables.group):
            free = self.tables.opens[g]
            for p in range(lengths[k]):
                start, free, cost = place(rows[k, p], g, free, *self.cards, self.penalty)
                out.append((int(rows[k, p]), k, int(start), int(free), int(cost)))
        return out

    def _least(self) -> NDArray[np.int64]:
        """What each ship costs alone."""
        t, n = self.tables, len(self.problem.ships)
        least = np.full(n, 2**60, np.int64)
        for g in range(len(t.copies)):
            for i in range(n):
                if t.cards[g, i, HANDLING] >= 0:
                    least[i] = min(least[i], place(i, g, t.opens[g], *self.cards, 0)[2])
        return least

    def _penalty(self) -> int:
        """More than any valid plan can cost."""
        t = self.tables
        slopes = t.cards[:, :, [WEIGHT, LATE, DELAY]].sum(axis=2).max(axis=0)
        each = slopes * (t.horizon + 1) + t.column(EXTRA).max(axis=0, initial=0)
        penalty = int(each.sum()) + 1
        if penalty > 2**62 // ((t.horizon + 2) * max(1, len(each)) * 2):
            raise OverflowError("priorities and costs are too large for this period: divide them by a common factor")
        return penalty

    def _limit(self) -> int:
        return (self.objective if self.objective is not None else self.penalty) - 1

    def _raise(self, bound: float) -> None:
        bound = float(np.ceil(bound))
        if self.objective is not None:
            bound = min(bound, self.objective)
        if bound > self.bound:
            self.bound = bound
            self._note()

    def _note(self) -> None:
        self.history.append(self.stop.note(self.objective, self.bound))

    def _done(self) -> bool:
        if self.objective is not None:
            distance = self.objective - self.bound
            if distance <= 0 or (self.objective and distance / self.objective <= self.stop.gap):
                return True
        elif self.bound > self.penalty:
            return True
        return self.stop()

    def _clash(self) -> list[str]:
        """The smallest set of ships that no plan can serve, each with its limits."""
        ships, params = self.problem.ships, replace(self.params, explain=False)
        limited = [i for i, ship in enumerate(ships) if ship.latest_departure is not None or ship.fixed is not None]

        def settle(chosen: list[int], stop: Stop) -> Status:
            part = replace(self.problem, ships=tuple(ships[i] for i in sorted(chosen)))
            return solve(part, stop, self.seed, params).status

        return [_told(ships[i]) for i in sorted(smallest_clash(limited, settle, self.stop))]

    def _result(self) -> Result[BerthPlan]:
        shared = {"seconds": self.stop.elapsed(), "seed": self.seed, "params": asdict(self.params)}
        if self.objective is None:
            placings = self._placings(self.rows, self.lengths)
            ships, area = self.problem.ships, self._anchored(self.rows, self.lengths)[1]
            names = [ships[i].name for i, *_, cost in placings if cost >= self.penalty]
            zh, en = "没有满足所有期限的计划，冲突涉及", "no plan meets every limit; in conflict"
            if not names:
                names = [ships[i].name for i, _, start, *_ in placings if start > ships[i].arrival and area[i] < 0]
                zh, en = "候泊锚地不足，无处候泊", "the anchorages do not suffice; nowhere to wait"
            status = "infeasible" if self.bound >= self.penalty else "unknown"
            if status == "infeasible" and self.params.explain and (clash := self._clash()):
                zh, en, names = (
                    "这些船舶的期限与已定安排不能同时满足",
                    "the limits of these ships cannot all be kept",
                    clash,
                )
            reasons = ((f"{zh}：{', '.join(names[:9])}", f"{en}: {', '.join(names[:9])}"),)
            return Result(status, None, None, None, history=tuple(self.history), reasons=reasons, **shared)
        n = len(self.problem.ships)
        plan = {i: (k, start, sails) for i, k, start, sails, _ in self._placings(self.rows, self.lengths)}
        columns = [tuple(plan[i][c] for i in range(n)) for c in range(3)]
        areas = tuple(None if a < 0 else int(a) for a in self._anchored(self.rows, self.lengths)[1])
        solution = BerthPlan(columns[0], columns[1], columns[2], areas)
        status = "optimal" if self.bound >= self.objective else "feasible"
        return Result(status, self.objective, self.bound, solution, history=tuple(self.history), **shared)


def _told(ship: Ship) -> str:
    """A ship with the limits that she brings."""
    limits = [] if ship.latest_departure is None else [f"≤ {ship.latest_departure}"]
    limits += [] if ship.fixed is None else [f"@ {ship.fixed.start}"]
    return f"{ship.name}（{'，'.join([str(ship.arrival), *limits])}）"


def _crowd(problem: BerthProblem) -> tuple[NDArray[np.int64], ...] | None:
    """The waiting areas as arrays: order of arrival, arrival, length, fits, ships, room, separation."""
    if not problem.anchorages:
        return None
    ships, areas = problem.ships, problem.anchorages
    fits = [
        [
            (area.longest_cm is None or ship.length_cm <= area.longest_cm)
            and (area.deepest_draught_cm is None or ship.draught_cm <= area.deepest_draught_cm)
            for area in areas
        ]
        for ship in ships
    ]
    arrival = np.array([ship.arrival for ship in ships], np.int64)
    return (
        np.argsort(arrival, kind="stable").astype(np.int64),
        arrival,
        np.array([ship.length_cm for ship in ships], np.int64),
        np.array(fits, np.int64).reshape(-1, len(areas)),
        np.array([area.ships for area in areas], np.int64),
        np.array([-1 if area.room_cm is None else area.room_cm for area in areas], np.int64),
        np.array([area.separation_cm for area in areas], np.int64),
    )
