"""Choose a best set without conflicts: weighted set packing.

Rows become maximal cliques of the conflict graph (fewer and stronger rows), a tabu search gives the plan, HiGHS on the
cliques the bound and, where time allows, the proof.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
from numba import njit

from kouan.quant import linear
from kouan.quant.allocation.types import Packing
from kouan.quant.solving import Result, Step, Stop


@dataclass(frozen=True, slots=True)
class Params:
    """search_share: part of the time for the tabu search before the proof. moves: of it for each item."""

    search_share: float = 0.25
    moves: int = 4_000


def solve(problem: Packing, stop: Stop, seed: int = 0, params: Params = Params()) -> Result[np.ndarray]:
    """Choose items of greatest value; the solution is their numbers, ascending."""
    whole = bool((problem.value == np.floor(problem.value)).all())
    conflict = conflicts_of(problem)
    history: list[Step] = []
    best = _search(problem, conflict, stop, seed, params, history)
    objective = float(problem.value[best].sum())
    bound = float(problem.value.clip(0).sum())
    settled = objective >= bound
    if not settled and not stop():
        model = clique_model(problem, conflict)
        start = np.zeros(len(problem.value))
        start[best] = 1.0

        def note(found: float, proved: float) -> None:
            history.append(stop.note(-found, -proved))

        answer = linear.solve(model, stop, start=start, seed=seed, watch=note)
        if answer.values is not None:
            found = np.flatnonzero(answer.values > 0.5)
            if not conflict[np.ix_(found, found)].any() and problem.value[found].sum() > objective:
                best, objective = found, float(problem.value[found].sum())
        if answer.bound is not None:
            proved = -answer.bound
            bound = min(bound, math.floor(proved + 1e-6) if whole else proved)
    bound = max(bound, objective)
    settled = bound <= objective + 1e-9 * max(1.0, abs(objective))
    return Result(
        "optimal" if settled else "feasible",
        objective,
        bound,
        np.sort(best),
        stop.elapsed(),
        seed,
        tuple(history),
        params=asdict(params),
    )


def conflicts_of(problem: Packing) -> np.ndarray:
    """Which items exclude each other, bool ``(items, items)``."""
    items = len(problem.value)
    conflict = np.zeros((items, items), dtype=np.bool_)
    for row in problem.rows:
        conflict[np.ix_(row, row)] = True
    np.fill_diagonal(conflict, False)
    return conflict


def clique_model(problem: Packing, conflict: np.ndarray) -> linear.Model:
    """The model (a minimisation of minus the value) with one row for each maximal clique grown from a row."""
    model = linear.Model()
    taken = model.add_columns(-problem.value, 0.0, 1.0, whole=True)
    cliques: set[tuple[int, ...]] = set()
    for row in sorted(problem.rows, key=len, reverse=True):
        if len(row) < 2:
            continue
        clique = list(dict.fromkeys(row.tolist()))
        shared = np.logical_and.reduce(conflict[clique])
        while shared.any():
            candidates = np.flatnonzero(shared)
            joining = int(candidates[conflict[np.ix_(candidates, candidates)].sum(axis=1).argmax()])
            clique.append(joining)
            shared &= conflict[joining]
        cliques.add(tuple(sorted(clique)))
    if cliques:
        listed = sorted(cliques)
        row_of = np.repeat(np.arange(len(listed)), [len(clique) for clique in listed])
        model.add_rows(
            row_of, taken[np.concatenate([np.array(clique) for clique in listed])], 1.0, -np.inf, 1.0, len(listed)
        )
    return model


def row_model(problem: Packing) -> linear.Model:
    """The plain model (a minimisation of minus the value) with the rows as they are given."""
    model = linear.Model()
    taken = model.add_columns(-problem.value, 0.0, 1.0, whole=True)
    rows = [row for row in problem.rows if len(row)]
    if rows:
        row_of = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        model.add_rows(row_of, taken[np.concatenate(rows)], 1.0, -np.inf, 1.0, len(rows))
    return model


def _search(
    problem: Packing, conflict: np.ndarray, stop: Stop, seed: int, params: Params, history: list[Step]
) -> np.ndarray:
    items = len(problem.value)
    degree = conflict.sum(axis=1)
    first = np.concatenate([[0], np.cumsum(degree)])
    near = np.nonzero(conflict)[1]
    inside = np.zeros(items, dtype=np.bool_)
    blocked = np.zeros(items)
    tabu = np.zeros(items, dtype=np.int64)
    best_inside = inside.copy()
    value, best, clock = 0.0, 0.0, 0
    limit = math.inf if math.isinf(stop.remaining()) else stop.elapsed() + params.search_share * stop.remaining()
    chunk = max(1, 2_000_000 // max(1, items))
    for turn in range(max(1, params.moves * items // (chunk * 4))):
        value, now_best, clock = tabu_search(
            problem.value,
            first,
            near,
            inside,
            blocked,
            tabu,
            best_inside,
            value,
            best,
            clock,
            chunk,
            seed * 1_000_003 + turn,
        )
        if now_best > best:
            best = now_best
            history.append(stop.note(best))
        if stop() or stop.elapsed() >= limit:
            break
    return np.flatnonzero(best_inside)


@njit(cache=True)
def tabu_search(value, first, near, inside, blocked, tabu, best_inside, total, best, clock, moves, seed):
    """Put items in and their conflicting neighbours out, the best gain first, not back before some moves have passed.

    blocked: value of the chosen neighbours of each item. All arrays carry the search from call to call. Returns
    (value now, best value, moves so far).
    """
    np.random.seed(seed % 2147483647)
    items = len(value)
    for _ in range(moves):
        clock += 1
        chosen, gain_best, ties = -1, -np.inf, 0
        for v in range(items):
            if inside[v]:
                continue
            gain = value[v] - blocked[v]
            if tabu[v] > clock and total + gain <= best:
                continue
            if gain > gain_best + 1e-12:
                gain_best, chosen, ties = gain, v, 1
            elif gain > gain_best - 1e-12:
                ties += 1
                if np.random.randint(ties) == 0:
                    chosen = v
        if chosen < 0 or (gain_best < 0.0 and np.random.random() < 0.02):
            chosen = np.random.randint(items)
            if inside[chosen]:
                continue
        for at in range(first[chosen], first[chosen + 1]):
            out = near[at]
            if inside[out]:
                inside[out] = False
                total -= value[out]
                tabu[out] = clock + 7 + np.random.randint(8)
                for other in range(first[out], first[out + 1]):
                    blocked[near[other]] -= value[out]
        inside[chosen] = True
        total += value[chosen]
        for at in range(first[chosen], first[chosen + 1]):
            blocked[near[at]] += value[chosen]
        if total > best + 1e-9:
            best = total
            best_inside[:] = inside
    return total, best, clock
