"""Lower bounds for boarding plans: an assignment of successors at once, and CP-SAT for an exact answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kouan.quant.boarding.tables import (
    ABLE,
    ABLES,
    AFTER,
    BEGINS,
    DURATION,
    ENDS,
    FIRST,
    FIXED,
    FROM,
    LAST,
    NEVER,
    OWNER,
    PLACE,
    PLANNED,
    SINCE,
    SKIP,
    START,
    TASKS,
    TO,
    UNTIL,
    WITHIN,
    Tables,
)
from kouan.quant.exact import run_cp_sat
from kouan.quant.solving import Stop

LONG = 2**55


class Arcs(NamedTuple):
    """What is possible at all: able (R, T); earliest start (R); follow (R, R), whether a team may go from r to s."""

    able: NDArray[np.bool_]
    earliest: NDArray[np.int64]
    follow: NDArray[np.bool_]
    way: NDArray[np.int64]


def possible_arcs(tables: Tables) -> Arcs:
    """Arcs that the windows, shifts, skills and seats leave."""
    visits, tasks, teams, able_list, ways, _ = tables
    many, n = len(tasks), len(teams)
    able = np.zeros((many, n), bool)
    for r in range(many):
        able[r, able_list[tasks[r, ABLE] : tasks[r, ABLE] + tasks[r, ABLES]]] = True
    owner = tasks[:, OWNER]
    place = visits[owner, PLACE]
    reach = teams[None, :, FROM] + ways[teams[:, BEGINS]][:, place].T  # (R, T)
    earliest = np.maximum(np.where(able, reach, NEVER).min(axis=1, initial=NEVER), visits[owner, SINCE])
    fixed = visits[owner, FIXED] > 0
    earliest[fixed] = np.maximum(earliest, tasks[:, START])[fixed]
    way = ways[np.ix_(place, place)]
    done = earliest + tasks[:, DURATION]
    latest = np.where(fixed, tasks[:, START], visits[owner, LAST])
    follow = done[:, None] + way <= latest[None, :]
    follow &= (able.astype(np.int32) @ able.astype(np.int32).T) > 0
    follow &= owner[:, None] != owner[None, :]
    return Arcs(able, earliest, follow, way)


def successor_bound(tables: Tables) -> int:
    """A bound (times the divisor): every task needs one place to come from and one to go to.

    Teams, times and the distances between tasks are forgotten but for this: a team that comes from r to s is late by
    at least what the earliest time at r makes it.
    """
    from scipy.optimize import linear_sum_assignment

    visits, tasks, teams, _, ways, costs = tables
    many, n = len(tasks), len(teams)
    if not many:
        return 0
    arcs = possible_arcs(tables)
    owner = tasks[:, OWNER]
    place, until = visits[owner, PLACE], visits[owner, UNTIL]
    matrix = np.full((many + n, many + n), float(LONG))
    done = arcs.earliest + tasks[:, DURATION]
    late = np.maximum(0, done[:, None] + arcs.way - until[None, :])
    matrix[:many, :many][arcs.follow] = (costs[0] * arcs.way + costs[1] * late)[arcs.follow]
    reach = teams[None, :, FROM] + ways[teams[:, BEGINS]][:, place].T
    first_late = np.maximum(0, np.maximum(reach, visits[owner, SINCE][:, None]) - until[:, None])
    out = costs[0] * ways[teams[:, BEGINS]][:, place] + costs[1] * first_late.T
    matrix[many:, :many] = np.where(arcs.able.T, out, LONG)
    matrix[:many, many:] = np.where(arcs.able, costs[0] * ways[place][:, teams[:, ENDS]], LONG)
    matrix[range(many, many + n), range(many, many + n)] = 0
    for r in np.flatnonzero((visits[owner, SKIP] >= 0) & (visits[owner, FIXED] == 0)):
        matrix[r, r] = costs[3] * visits[owner[r], SKIP] // visits[owner[r], TASKS]
    rows, columns = linear_sum_assignment(matrix)
    total = int(matrix[rows, columns].sum())
    return total if total < LONG else LONG


class Proof(NamedTuple):
    """What CP-SAT says: the bound, times the divisor; start and team (-1: left out) of every task, or ``None``."""

    status: str
    bound: int
    starts: NDArray[np.int64] | None
    chosen: NDArray[np.int64] | None


def prove(
    tables: Tables,
    chosen: NDArray[np.int64],
    starts: NDArray[np.int64],
    best: int | None,
    stop: Stop,
    seed: int,
    workers: int,
    watch: Callable[[int], None],
) -> Proof:
    """Search for a plan cheaper than ``best`` with CP-SAT until that is settled or the rule says stop."""
    from ortools.sat.python import cp_model

    model = BoardingModel(cp_model, tables, best)
    model.hint(chosen, starts)
    answer = run_cp_sat(model.model, stop, seed, workers, watch)
    if answer.outcome == "infeasible":
        return Proof("infeasible", LONG, None, None)
    bound = -LONG if answer.bound is None else answer.bound
    if answer.outcome == "unknown":
        return Proof("unknown", bound, None, None)
    return Proof(answer.outcome, bound, *model.read(answer.value))


class BoardingModel:
    """One circuit per team over the tasks that it may do, and one start per task."""

    def __init__(self, cp_model: Any, tables: Tables, best: int | None) -> None:
        self.tables, self.model = tables, cp_model.CpModel()
        visits, tasks, teams, costs = tables.visits, tables.tasks, tables.teams, tables.costs
        arcs = possible_arcs(tables)
        owner = tasks[:, OWNER]
        model = self.model
        latest = self._latest(arcs, best)
        self.start = [
            model.new_int_var(int(arcs.earliest[r]), int(max(latest[r], arcs.earliest[r])), f"s{r}")
            for r in range(len(tasks))
        ]
        self.here = [
            model.new_bool_var(f"v{v}") if visits[v, SKIP] >= 0 else model.new_constant(1) for v in range(len(visits))
        ]
        self.does: dict[tuple[int, int], Any] = {}
        spent: list[Any] = []
        for t in range(len(teams)):
            spent += self._circuit(t, arcs, latest)
        for r in range(len(tasks)):
            who = [self.does[t, r] for t in range(len(teams)) if (t, r) in self.does]
            model.add(sum(who) == self.here[owner[r]])
            if visits[owner[r], FIXED]:
                model.add(self.start[r] == int(tasks[r, START]))
            if tasks[r, PLANNED] >= 0 and costs[4]:
                kept = self.does.get((int(tasks[r, PLANNED]), r), 0)
                spent.append(int(costs[4]) * (self.here[owner[r]] - kept))
        for v in range(len(visits)):
            first = int(visits[v, FIRST])
            for r in range(first + 1, first + int(visits[v, TASKS])):
                model.add(self.start[r] >= self.start[first] + int(tasks[r, AFTER])).only_enforce_if(self.here[v])
                if tasks[r, WITHIN] < NEVER:
                    most = self.start[first] + int(tasks[r, WITHIN])
                    model.add(self.start[r] <= most).only_enforce_if(self.here[v])
            for t in range(len(teams)):
                mine = [self.does[t, r] for r in range(first, first + int(visits[v, TASKS])) if (t, r) in self.does]
                if len(mine) > 1:
                    model.add_at_most_one(mine)
            if visits[v, SKIP] >= 0:
                spent.append(int(costs[3] * visits[v, SKIP]) * (1 - self.here[v]))
        spent += self._lateness(arcs, latest)
        objective = sum(spent)
        if best is not None:
            model.add(objective <= best - 1)
        model.minimize(objective)

    def _latest(self, arcs: Arcs, best: int | None) -> NDArray[np.int64]:
        """The last start of each task that a plan better than ``best`` can have."""
        visits, tasks, teams, _, ways, costs = self.tables
        owner = tasks[:, OWNER]
        place, many = visits[owner, PLACE], len(tasks)
        longest = (
            int(ways.max(initial=0)) + int(tasks[:, DURATION].max(initial=0)) + int(tasks[:, AFTER].max(initial=0))
        )
        begin = max(int(arcs.earliest[arcs.earliest < NEVER].max(initial=0)), int(teams[:, FROM].max(initial=0)))
        latest = np.full(many, begin + longest * (many + 1), np.int64)
        weight = int(costs[1] + costs[2])
        if best is not None and weight:
            latest = np.minimum(latest, visits[owner, UNTIL] + best // weight)
        latest = np.minimum(latest, visits[owner, LAST])
        home = teams[None, :, TO] - ways[np.ix_(place, teams[:, ENDS])] - tasks[:, DURATION][:, None]
        return np.minimum(latest, np.where(arcs.able, home, -1).max(axis=1, initial=-1))

    def _circuit(self, t: int, arcs: Arcs, latest: NDArray[np.int64]) -> list[Any]:
        visits, tasks, teams, _, ways, costs = self.tables
        model, place = self.model, visits[tasks[:, OWNER], PLACE]
        mine = [int(r) for r in np.flatnonzero(arcs.able[:, t]) if arcs.earliest[r] <= latest[r]]
        idle = model.new_bool_var(f"idle{t}")
        edges: list[Any] = [(0, 0, idle)]
        spent: list[Any] = []
        for x, r in enumerate(mine, 1):
            here = model.new_bool_var(f"d{t}_{r}")
            self.does[t, r] = here
            edges.append((x, x, ~here))
            model.add_implication(here, ~idle)
            out, back = model.new_bool_var(""), model.new_bool_var("")
            edges += [(0, x, out), (x, 0, back)]
            way = int(ways[teams[t, BEGINS], place[r]])
            model.add(self.start[r] >= int(teams[t, FROM]) + way).only_enforce_if(out)
            home = int(ways[place[r], teams[t, ENDS]])
            if teams[t, TO] < NEVER:
                model.add(self.start[r] <= int(teams[t, TO] - home - tasks[r, DURATION])).only_enforce_if(here)
            spent += [int(costs[0]) * way * out, int(costs[0]) * home * back]
            for y, s in enumerate(mine, 1):
                gap = int(tasks[r, DURATION] + arcs.way[r, s])
                if r == s or not arcs.follow[r, s] or arcs.earliest[r] + gap > latest[s]:
                    continue
                goes = model.new_bool_var("")
                edges.append((x, y, goes))
                model.add(self.start[s] >= self.start[r] + gap).only_enforce_if(goes)
                spent.append(int(costs[0] * arcs.way[r, s]) * goes)
        if mine:
            model.add_circuit(edges)
        return spent

    def _lateness(self, arcs: Arcs, latest: NDArray[np.int64]) -> list[Any]:
        visits, tasks, _, _, _, costs = self.tables
        model, spent = self.model, []
        limits = [int(latest[r] - visits[tasks[r, OWNER], UNTIL]) for r in range(len(tasks))]
        worst = model.new_int_var(0, max([0, *limits]), "worst")
        for r, limit in enumerate(limits):
            if limit <= 0:
                continue
            v = int(tasks[r, OWNER])
            late = model.new_int_var(0, limit, f"l{r}")
            over = model.add(late >= self.start[r] - int(visits[v, UNTIL]))
            if visits[v, SKIP] >= 0:
                over.only_enforce_if(self.here[v])
            model.add(worst >= late)
            spent.append(int(costs[1]) * late)
        return [*spent, int(costs[2]) * worst]

    def hint(self, chosen: NDArray[np.int64], starts: NDArray[np.int64]) -> None:
        """Offer the plan at hand."""
        for r, start in enumerate(self.start):
            if chosen[r] >= 0:
                self.model.add_hint(start, int(starts[r]))
        for (t, r), does in self.does.items():
            self.model.add_hint(does, bool(chosen[r] == t))

    def read(self, value: Callable[[Any], int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The starts and the teams of a solution."""
        chosen = np.full(len(self.start), -1, np.int64)
        for (t, r), does in self.does.items():
            if value(does):
                chosen[r] = t
        return np.array([value(start) for start in self.start], np.int64), chosen
