"""Plan a continuous quay: annealing for the plan, priced time for the bound, CP-SAT for the proof of small days."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kouan.quant.conflicts import smallest_clash
from kouan.quant.exact import run_cp_sat
from kouan.quant.quays.checking import check_plan, cost_of
from kouan.quant.quays.packing import anneal, pack
from kouan.quant.quays.problem import QuayPlan, QuayProblem, QuayShip, Spot
from kouan.quant.restarts import luby
from kouan.quant.solving import Result, Status, Step, Stop

STRETCH = 2_000  # moves between two looks at the stop rule
LARGEST_CELLS = 20_000_000
GRAIN = 1024.0  # prices are multiples of 1/GRAIN, so that sums are exact


@dataclass(frozen=True, slots=True)
class QuayParams:
    """How the search runs.

    moves: unit of the length of an annealing run, per ship squared. hot, cold: shares of the mean cost of a ship that
    never waits. runs: before the exact search. rounds: of the bound. most_ships: more are not proved by CP-SAT.
    explain: whether the smallest set of ships that clash is sought where there is no plan.
    """

    moves: int = 30
    hot: float = 0.5
    cold: float = 0.02
    runs: int = 4
    rounds: int = 400
    most_ships: int = 30
    explain: bool = True
    workers: int = min(8, os.cpu_count() or 1)


def solve(
    problem: QuayProblem,
    stop: Stop,
    seed: int = 0,
    params: QuayParams | None = None,
) -> Result[QuayPlan]:
    """Find a plan of least cost, with a bound; proved where the day is small."""
    return _Planner(problem, stop, seed, params or QuayParams()).run()


class _Planner:
    def __init__(self, problem: QuayProblem, stop: Stop, seed: int, params: QuayParams) -> None:
        self.problem, self.stop, self.seed, self.params = problem, stop, seed, params
        n, closures = len(problem.ships), problem.closures
        self.horizon = self._horizon()
        self.cards, self.reach = _cards(problem, self.horizon)
        self.boxes = np.zeros((len(closures) + n, 4), np.int64)
        for c, one in enumerate(closures):
            self.boxes[c] = one.low, one.high, one.since, one.until
        self.penalty = 1 + sum(
            s.priority * self.horizon
            + s.away_cost * problem.quay
            + problem.shift_cost
            + problem.delay_cost * self.horizon
            for s in problem.ships
        )
        if self.penalty * (n + 1) > 2**60:
            raise OverflowError("priorities and costs are too large for this period: divide them by a common factor")
        self.random = np.array([(seed * 0x9E3779B97F4A7C15 + 0x2545F491) % 2**64 | 1], np.uint64)
        self.unit, self.runs = max(2_000, params.moves * n * n), 0
        self.best: int | None = None
        self.plan: QuayPlan | None = None
        self.bound = sum(s.priority * s.handling for s in problem.ships)
        self.infeasible = False
        self.history: list[Step] = []

    def run(self) -> Result[QuayPlan]:
        self._raise_bound()
        while not (self.runs and self._done()):
            self._anneal()
            if self.runs == self.params.runs and len(self.problem.ships) <= self.params.most_ships and not self._done():
                self._prove()
        shared = {"seconds": self.stop.elapsed(), "seed": self.seed, "history": tuple(self.history)}
        if self.plan is None:
            reasons = (
                ("没有满足所有期限、封闭与已定安排的计划", "no plan keeps every limit, closure and fixed decision"),
            )
            status = "infeasible" if self.infeasible else "unknown"
            if self.infeasible and self.params.explain and (clash := ", ".join(self._clash())):
                zh, en = "这些船舶的期限与已定安排不能同时满足", "the limits of these ships cannot all be kept"
                reasons = ((f"{zh}：{clash}", f"{en}: {clash}"),)
            return Result(status, None, None, None, reasons=reasons, params=asdict(self.params), **shared)
        status = "optimal" if self.best == self.bound else "feasible"
        return Result(status, self.best, self.bound, self.plan, params=asdict(self.params), **shared)

    def _clash(self) -> list[str]:
        """The smallest set of ships that no plan can serve, each with its limits."""
        ships, params = self.problem.ships, replace(self.params, explain=False)
        limited = [i for i, ship in enumerate(ships) if ship.latest_departure is not None or ship.fixed is not None]

        def settle(chosen: list[int], stop: Stop) -> Status:
            part = replace(self.problem, ships=tuple(ships[i] for i in sorted(chosen)))
            return solve(part, stop, self.seed, params).status

        return [_told(ships[i]) for i in sorted(smallest_clash(limited, settle, self.stop))]

    def _anneal(self) -> None:
        p, ships = self.params, self.problem.ships
        fixed_first = [(s.fixed is None, s.arrival) for s in ships]
        order = np.array(sorted(range(len(ships)), key=fixed_first.__getitem__), np.int64)
        self.runs += 1
        moves, usual = luby(self.runs) * self.unit, self.bound / max(1, len(ships)) or 1.0
        stretches = max(1, moves // STRETCH)
        ratio = (p.cold / p.hot) ** (1.0 / stretches)
        best_order, best = order.copy(), 2**62
        closures, costs = len(self.problem.closures), (self.problem.shift_cost, self.problem.delay_cost, self.penalty)
        for s in range(stretches):
            since = p.hot * usual * ratio**s
            steps = 0 if len(ships) < 2 or (self.stop() and self.best is not None) else min(STRETCH, moves)
            found = anneal(
                *(order, self.cards, self.reach, self.boxes, closures, *costs, steps),
                *(since, since * ratio, self.random, best_order, best),
            )
            if found < best:
                best = found
                self._consider(best_order)
            if self._done():
                return

    def _consider(self, order: NDArray[np.int64]) -> None:
        boxes, closures, n = self.boxes.copy(), len(self.problem.closures), len(order)
        costs = np.zeros(n + 1, np.int64)
        limits = (self.problem.shift_cost, self.problem.delay_cost, self.penalty, np.inf)
        pack(order, 0, self.cards, self.reach, boxes, closures, costs, *limits)
        spots = [Spot(0, 0)] * n
        for p, i in enumerate(order):
            spots[i] = Spot(int(boxes[closures + p, 0]), int(boxes[closures + p, 2]))
        self._keep(QuayPlan(tuple(spots)))

    def _keep(self, plan: QuayPlan) -> None:
        cost = cost_of(self.problem, plan)
        if (self.best is None or cost < self.best) and not check_plan(self.problem, plan):
            self.best, self.plan = cost, plan
            self._note()

    def _raise_bound(self) -> None:
        """Give every metre of the quay a price per unit of time; each ship then takes her cheapest start alone.

        The volume of all ships at a time may not exceed the quay: relaxed, with prices moved along what is over.
        """
        ships, quay, width = self.problem.ships, self.problem.quay, self.horizon + 1
        if not ships or len(ships) * width > LARGEST_CELLS:
            return
        starts = np.arange(width)
        own = np.full((len(ships), width), np.inf)
        for i, s in enumerate(ships):
            last = min(s.latest_departure or self.horizon, self.horizon) - s.handling
            late = self.problem.delay_cost * np.maximum(0, starts - s.planned.start) if s.planned else 0
            own[i] = s.priority * (starts + s.handling - s.arrival) + late
            allowed = (starts >= s.arrival) & (starts <= last) if s.fixed is None else starts == s.fixed.start
            own[i][~allowed] = np.inf
        if np.isinf(own.min(axis=1)).any():
            return
        length, hours = np.array([s.length for s in ships], float), np.array([s.handling for s in ships])
        ends = np.minimum(starts[None, :] + hours[:, None], width)
        prices, best, step, bad = np.zeros(width), -np.inf, 1.0, 0
        anchor, mean = prices, np.full(width, 0.0)
        for _ in range(self.params.rounds):
            summed = np.concatenate([[0.0], np.cumsum(prices)])
            paid = own + length[:, None] * (summed[ends] - summed[starts][None, :])
            chosen = paid.argmin(axis=1)
            value = paid[np.arange(len(ships)), chosen].sum() - quay * prices.sum()
            if value > best + 1e-9:
                best, anchor, bad = value, prices, 0
                self._lift(int(np.ceil(value)))
            else:
                bad += 1
                if bad >= 8:
                    step, bad = step * 0.6, 0
            used = np.zeros(width + 1)
            np.add.at(used, chosen, length)
            np.add.at(used, ends[np.arange(len(ships)), chosen], -length)
            mean = 0.7 * mean + 0.3 * (np.cumsum(used)[:width] - quay)
            square = float(mean @ mean)
            if square < 1e-9 or step < 1e-4 or self._done():
                break
            aim = self.best if self.best is not None else 1.1 * best + 1.0
            prices = np.maximum(0.0, anchor + step * max(1.0, aim - best) / square * mean)
            prices = np.round(prices * GRAIN) / GRAIN

    def _prove(self) -> None:
        """CP-SAT with rectangles that may not overlap, and the quay as a resource over time."""
        from ortools.sat.python import cp_model

        model, spent = cp_model.CpModel(), []
        across, along, starts, positions = [], [], [], []
        alone = sum(s.priority * s.handling for s in self.problem.ships)
        for s in self.problem.ships:
            latest = min(s.latest_departure or self.horizon, self.horizon) - s.handling
            if self.best is not None and s.priority:
                latest = min(latest, s.arrival + (self.best - alone) // s.priority)
            start = model.new_int_var(s.arrival, max(s.arrival, latest), "")
            reaches = cp_model.Domain.from_intervals([[a, b] for a, b in self.problem.reaches(s)])
            position = model.new_int_var_from_domain(reaches, "")
            if s.fixed is not None:
                model.add(start == s.fixed.start)
                model.add(position == s.fixed.position)
            starts.append(start)
            positions.append(position)
            across.append(model.new_fixed_size_interval_var(start, s.handling, ""))
            along.append(model.new_fixed_size_interval_var(position, s.length, ""))
            spent.append(s.priority * (start + s.handling - s.arrival))
            if s.wished is not None and s.away_cost:
                away = model.new_int_var(0, self.problem.quay, "")
                model.add_abs_equality(away, position - s.wished)
                spent.append(s.away_cost * away)
            if s.planned is not None and self.problem.shift_cost:
                moved = model.new_bool_var("")
                model.add(position == s.planned.position).only_enforce_if(~moved)
                spent.append(self.problem.shift_cost * moved)
            if s.planned is not None and self.problem.delay_cost:
                late = model.new_int_var(0, self.horizon, "")
                model.add(late >= start - s.planned.start)
                spent.append(self.problem.delay_cost * late)
        demands = [s.length for s in self.problem.ships]
        for one in self.problem.closures:
            across.append(model.new_fixed_size_interval_var(one.since, one.until - one.since, ""))
            along.append(model.new_fixed_size_interval_var(one.low, one.high - one.low, ""))
        model.add_no_overlap_2d(across, along)
        model.add_cumulative(across[: len(demands)], demands, self.problem.quay)
        objective = sum(spent)
        model.add(objective >= self.bound)
        if self.best is not None and self.plan is not None:
            model.add(objective <= self.best - 1)
        model.minimize(objective)
        answer = run_cp_sat(model, self.stop, self.seed, self.params.workers, self._lift)
        if answer.outcome == "infeasible":
            self.infeasible = self.best is None
            self._lift(self.best or 0)
        elif answer.outcome in ("optimal", "feasible"):
            spots = [Spot(answer.value(x), answer.value(t)) for x, t in zip(positions, starts, strict=True)]
            self._keep(QuayPlan(tuple(spots)))
        if answer.bound is not None:
            self._lift(answer.bound)

    def _horizon(self) -> int:
        """A time by which every ship can be gone."""
        ships = self.problem.ships
        edges = [0, *(s.arrival for s in ships), *(c.until for c in self.problem.closures)]
        edges += [s.fixed.start + s.handling for s in ships if s.fixed]
        return max(edges) + sum(s.handling for s in ships)

    def _lift(self, bound: int) -> None:
        bound = bound if self.best is None else min(bound, self.best)
        if bound > self.bound:
            self.bound = bound
            self._note()

    def _note(self) -> None:
        self.history.append(self.stop.note(self.best, self.bound))

    def _done(self) -> bool:
        if self.best is not None and self.best - self.bound <= self.stop.gap * self.best:
            return True
        return self.infeasible or self.stop()


def _told(ship: QuayShip) -> str:
    """A ship with the limits that she brings."""
    limits = [] if ship.latest_departure is None else [f"≤ {ship.latest_departure}"]
    limits += [] if ship.fixed is None else [f"@ {ship.fixed.start}/{ship.fixed.position}"]
    return f"{ship.name}（{'，'.join([str(ship.arrival), *limits])}）"


def _cards(problem: QuayProblem, horizon: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ships and their positions as arrays, in the columns of ``packing``."""
    cards, reach = [], []
    for s in problem.ships:
        mine = problem.reaches(s)
        spots = [x for spot in (s.planned, s.fixed) for x in ((-1, 0) if spot is None else (spot.position, spot.start))]
        wished = -1 if s.wished is None else s.wished
        latest = horizon if s.latest_departure is None else s.latest_departure
        cards.append(
            (s.arrival, s.handling, s.length, s.priority, latest, wished, s.away_cost, *spots, len(reach), len(mine))
        )
        reach += mine
    return np.array(cards, np.int64).reshape(-1, 13), np.array(reach, np.int64).reshape(-1, 2)
