"""Plan joint boarding: annealing for the plan, CP-SAT for the proof of small days, an assignment bound for large."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from kouan.quant.boarding.annealing import anneal, choose_teams, cost_of_order
from kouan.quant.boarding.bounding import LONG, prove, successor_bound
from kouan.quant.boarding.checking import check_plan, cost_of
from kouan.quant.boarding.problem import BadBoardingProblem, BoardingPlan, BoardingProblem, Placed, Visit
from kouan.quant.boarding.tables import SINCE, build_tables
from kouan.quant.conflicts import smallest_clash
from kouan.quant.restarts import luby
from kouan.quant.solving import Result, Status, Step, Stop

STRETCH = 20_000  # moves between two looks at the stop rule


@dataclass(frozen=True, slots=True)
class BoardingParams:
    """How the search runs.

    moves: unit of the length of an annealing run, per visit squared; runs follow the Luby sequence.
    hot, cold: temperatures, as shares of the mean cost of the way between two places.
    runs: annealing runs before the exact search. most_tasks: days with more tasks are not proved by CP-SAT.
    workers: threads of CP-SAT; 1 makes it reproducible.
    explain: whether the smallest set of visits that clash is sought where there is no plan.
    """

    moves: int = 200
    hot: float = 0.5
    cold: float = 0.015
    runs: int = 7
    most_tasks: int = 45
    workers: int = min(8, os.cpu_count() or 1)
    explain: bool = True


def solve(
    problem: BoardingProblem,
    stop: Stop,
    seed: int = 0,
    params: BoardingParams | None = None,
) -> Result[BoardingPlan]:
    """Find a plan of least cost; prove it where the day is small, bound it otherwise.

    Objective and bound are in the problem's own unit (parts divided by ``unit``).
    """
    return _Planner(problem, stop, seed, params or BoardingParams()).run()


class _Planner:
    def __init__(self, problem: BoardingProblem, stop: Stop, seed: int, params: BoardingParams) -> None:
        self.problem, self.stop, self.seed, self.params = problem, stop, seed, params
        self.tables = build_tables(problem)
        n = len(problem.visits)
        self.unit, self.runs = max(10_000, params.moves * n * n), 0
        self.random = np.array([(seed * 0x9E3779B97F4A7C15 + 0x7654321) % 2**64 | 1], np.uint64)
        self.best: int | None = None  # cost times the divisor
        self.plan: BoardingPlan | None = None
        self.bound = 0
        self.infeasible = False
        self.history: list[Step] = []
        self.rough: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None

    def run(self) -> Result[BoardingPlan]:
        for visit in self.problem.visits:
            if visit.skip_penalty is None and not visit.fixed:
                self._demand_teams(visit)
        least = successor_bound(self.tables)
        self.infeasible = least >= LONG
        self._raise(least)
        while not self.infeasible:
            self._anneal()
            if self._done():
                break
            if self.runs == self.params.runs and len(self.tables.tasks) <= self.params.most_tasks:
                self._prove()
                if self._done():
                    break
        return self._result()

    def _demand_teams(self, visit: Visit) -> None:
        """Raise BadBoardingProblem where a visit has not a different team for every task."""
        able = np.zeros((len(visit.tasks), len(self.problem.teams)))
        for k, task in enumerate(visit.tasks):
            able[k, self.problem.able(visit, task)] = 1.0
        rows, columns = linear_sum_assignment(able, maximize=True)
        if able[rows, columns].sum() < len(visit.tasks):
            raise BadBoardingProblem(
                f"登临{visit.name}：没有足够的不同队伍", f"visit {visit.name}: there are not enough different teams"
            )

    def _anneal(self) -> None:
        """One run from a day in the order of the windows."""
        t, n = self.tables, len(self.problem.visits)
        order = np.argsort(t.visits[:, SINCE], kind="stable").astype(np.int64)
        chosen = np.full(len(t.tasks), -1, np.int64)
        for v in range(n):
            choose_teams(v, chosen, t, self.random)
        self.runs += 1
        moves = luby(self.runs) * self.unit
        usual = float(t.ways.mean()) * max(1.0, float(t.costs[0])) if t.ways.size else 1.0
        hot, cold = max(1e-3, self.params.hot * usual), max(1e-5, self.params.cold * usual)
        stretches = max(1, moves // STRETCH)
        ratio = (cold / hot) ** (1.0 / stretches)
        best_order, best_chosen, best = order.copy(), chosen.copy(), 2**62
        seen = best
        for s in range(stretches if n else 1):
            since = hot * ratio**s
            steps = min(STRETCH, moves) if n and not (self.best is not None and self.stop()) else 0
            best = anneal(
                *(order, chosen, t, steps, since, since * ratio, self.random, best_order, best_chosen, best),
            )
            if best < seen:
                seen = best
                self._consider(best_order, best_chosen)
            if self._done():
                break

    def _consider(self, order: NDArray[np.int64], chosen: NDArray[np.int64]) -> None:
        """Keep a plan of the search if it is valid and better."""
        starts = np.zeros(len(self.tables.tasks), np.int64)
        cost = int(cost_of_order(order, chosen, self.tables, starts))
        if self.best is None or cost < self.best:
            self._keep(starts, chosen)

    def _keep(self, starts: NDArray[np.int64], chosen: NDArray[np.int64]) -> None:
        plan, r = [], 0
        for visit in self.problem.visits:
            tasks = range(r, r + len(visit.tasks))
            plan.append(None if chosen[r] < 0 else tuple(Placed(int(chosen[x]), int(starts[x])) for x in tasks))
            r += len(visit.tasks)
        kept = BoardingPlan(tuple(plan))
        if check_plan(self.problem, kept):
            if self.best is None:
                self.rough = starts.copy(), chosen.copy()
            return
        cost = int(cost_of(self.problem, kept) * self.problem.divisor)
        if self.best is None or cost < self.best:
            self.best, self.plan, self.rough = cost, kept, (starts.copy(), chosen.copy())
            self._note()

    def _prove(self) -> None:
        if self.rough is None:
            return
        starts, chosen = self.rough
        proof = prove(
            *(self.tables, chosen, starts, self.best, self.stop, self.seed, self.params.workers, self._raise),
        )
        if proof.starts is not None and proof.chosen is not None:
            self._keep(proof.starts, proof.chosen)
        if proof.status == "infeasible" and self.best is None:
            self.infeasible = True
        self._raise(min(proof.bound, LONG))

    def _raise(self, bound: int) -> None:
        bound = bound if self.best is None else min(bound, self.best)
        if bound > self.bound and bound < LONG:
            self.bound = bound
            self._note()

    def _value(self, cost: int | None) -> float | None:
        return None if cost is None else float(Fraction(cost, self.problem.divisor * self.problem.unit))

    def _note(self) -> None:
        self.history.append(self.stop.note(self._value(self.best), self._value(self.bound)))

    def _done(self) -> bool:
        if self.best is not None and self.best - self.bound <= self.stop.gap * self.best:
            return True
        return self.infeasible or self.stop()

    def _result(self) -> Result[BoardingPlan]:
        shared = {"seconds": self.stop.elapsed(), "seed": self.seed, "params": asdict(self.params)}
        if self.plan is None:
            starts, chosen = self.rough or (None, None)
            reasons = self._conflicts(starts, chosen)
            status = "infeasible" if self.infeasible else "unknown"
            if self.infeasible and self.params.explain and (clash := ", ".join(self._clash())):
                zh, en = (
                    "这些登临无法在时间窗与班次内全部完成",
                    "these visits cannot all be made within windows and shifts",
                )
                reasons = ((f"{zh}：{clash}", f"{en}: {clash}"),)
            return Result(status, None, None, None, history=tuple(self.history), reasons=reasons, **shared)
        status = "optimal" if self.best == self.bound else "feasible"
        history = tuple(self.history)
        return Result(status, self._value(self.best), self._value(self.bound), self.plan, history=history, **shared)

    def _clash(self) -> list[str]:
        """The smallest set of visits that no plan can make, optional ones aside."""
        visits, params = self.problem.visits, replace(self.params, explain=False)
        needed = [v for v, visit in enumerate(visits) if visit.skip_penalty is None or visit.fixed]

        def settle(chosen: list[int], stop: Stop) -> Status:
            part = replace(self.problem, visits=tuple(visits[v] for v in sorted(chosen)))
            return solve(part, stop, self.seed, params).status

        return [visits[v].name for v in sorted(smallest_clash(needed, settle, self.stop))]

    def _conflicts(
        self, starts: NDArray[np.int64] | None, chosen: NDArray[np.int64] | None
    ) -> tuple[tuple[str, str], ...]:
        """What the least bad plan breaks."""
        if starts is None or chosen is None:
            return (("时间用尽，未得方案", "the time ran out before a plan was found"),)
        plan, r = [], 0
        for visit in self.problem.visits:
            tasks = range(r, r + len(visit.tasks))
            plan.append(None if chosen[r] < 0 else tuple(Placed(int(chosen[x]), int(starts[x])) for x in tasks))
            r += len(visit.tasks)
        return tuple(check_plan(self.problem, BoardingPlan(tuple(plan)))[:5])
