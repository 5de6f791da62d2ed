"""Compiled search for boarding plans: simulated annealing over one order of all visits and a team for every task.

Visits are taken in the order; each task starts as early as its team can be there, the visit's window opens and the
tasks of the visit keep their distances; for a given order the earliest times are the cheapest. Left out are only plans
in which two visits cross: one team goes from the first to the second, another from the second to a later task of the
first. The exact search knows those too. Reference: Ceschia, Di Gaspero, Rosati and Schaerf (2024).
"""

from __future__ import annotations

import numpy as np
from numba import njit

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
)

# what has been spent so far
WAY, LATE, WORST, OTHER = range(4)


@njit(cache=True, nogil=True)
def _random(state):
    """Next number in [0, 1) of a xorshift64* stream."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return np.float64((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, nogil=True)
def visit_next(v, chosen, tables, where, free, spent, starts):
    """Let the chosen teams make visit v; where (-1: not set out yet), free and spent are brought up to date."""
    visits, tasks, teams, _, ways, costs = tables
    visit = visits[v]
    place, first, last = visit[PLACE], visit[FIRST], visit[FIRST] + visit[TASKS]
    if chosen[first] < 0:
        spent[OTHER] += visit[SKIP] * costs[3]
        return
    anchor = visit[SINCE]
    for r in range(first, last):
        t = chosen[r]
        begin = teams[t, BEGINS] if where[t] < 0 else where[t]
        way = ways[begin, place]
        spent[WAY] += way
        reach = max(free[t] + way, visit[SINCE])
        starts[r] = reach
        if r == first:
            anchor = max(anchor, reach)
        else:
            anchor = max(anchor, reach - tasks[r, WITHIN])
    for r in range(first, last):
        task = tasks[r]
        t = chosen[r]
        start = anchor if r == first else max(starts[r], anchor + task[AFTER])
        if visit[FIXED]:
            if start > task[START]:
                spent[OTHER] += costs[5] + costs[0] * (start - task[START])
            else:
                start = task[START]
        starts[r] = start
        if start > visit[UNTIL]:
            late = start - visit[UNTIL]
            spent[LATE] += late
            spent[WORST] = max(spent[WORST], late)
        if start > visit[LAST]:
            spent[OTHER] += costs[5] + 10 * (start - visit[LAST])
        if task[PLANNED] >= 0 and task[PLANNED] != t:
            spent[OTHER] += costs[4]
        where[t] = place
        free[t] = start + task[DURATION]


@njit(cache=True, nogil=True)
def _weigh(spent, costs):
    return costs[0] * spent[WAY] + costs[1] * spent[LATE] + costs[2] * spent[WORST] + spent[OTHER]


@njit(cache=True, nogil=True)
def _finish(tables, where, free, spent):
    """Bring all teams home; returns the whole cost (times the divisor)."""
    teams, ways, costs = tables[2], tables[4], tables[5]
    cost = _weigh(spent, costs)
    for t in range(teams.shape[0]):
        if where[t] >= 0:
            way = ways[where[t], teams[t, ENDS]]
            cost += costs[0] * way
            if free[t] + way > teams[t, TO]:
                cost += costs[5] + 10 * (free[t] + way - teams[t, TO])
    return cost


@njit(cache=True, nogil=True)
def _run(order, chosen, since, tables, places, frees, spents, where, free, spent, starts, budget):
    """Cost of a plan whose first ``since`` visits are as noted; ends early, above the budget, when that is certain."""
    where[:] = places[since]
    free[:] = frees[since]
    spent[:] = spents[since]
    for p in range(since, order.size):
        visit_next(order[p], chosen, tables, where, free, spent, starts)
        if _weigh(spent, tables[5]) > budget:
            return _weigh(spent, tables[5])
    return _finish(tables, where, free, spent)


@njit(cache=True, nogil=True)
def _note(order, chosen, since, tables, places, frees, spents, starts):
    """Note the state before every position from ``since`` on. Returns the cost."""
    for p in range(since, order.size):
        places[p + 1] = places[p]
        frees[p + 1] = frees[p]
        spents[p + 1] = spents[p]
        visit_next(order[p], chosen, tables, places[p + 1], frees[p + 1], spents[p + 1], starts)
    return _finish(tables, places[order.size], frees[order.size], spents[order.size])


@njit(cache=True, nogil=True)
def cost_of_order(order, chosen, tables, starts):
    """Cost (times the divisor) of the plan of an order, and the start of every task."""
    teams = tables[2]
    where = np.full(teams.shape[0], -1, np.int64)
    free = teams[:, FROM].copy()
    spent = np.zeros(4, np.int64)
    for v in order:
        visit_next(v, chosen, tables, where, free, spent, starts)
    return _finish(tables, where, free, spent)


@njit(cache=True, nogil=True)
def _other_team(r, chosen, tables, state):
    """Another team for task r that does not work on the same visit; -1 if the draw fails."""
    visits, tasks, able = tables[0], tables[1], tables[3]
    t = able[tasks[r, ABLE] + int(_random(state) * tasks[r, ABLES])]
    first = visits[tasks[r, OWNER], FIRST]
    for s in range(first, first + visits[tasks[r, OWNER], TASKS]):
        if chosen[s] == t:
            return -1
    return t


@njit(cache=True, nogil=True)
def _may(r, t, chosen, tables):
    """Whether team t can do task r and has no other task of the same visit."""
    visits, tasks, able = tables[0], tables[1], tables[3]
    first = visits[tasks[r, OWNER], FIRST]
    for s in range(first, first + visits[tasks[r, OWNER], TASKS]):
        if s != r and chosen[s] == t:
            return False
    return t in able[tasks[r, ABLE] : tasks[r, ABLE] + tasks[r, ABLES]]


@njit(cache=True, nogil=True)
def choose_teams(v, chosen, tables, state):
    """Draw a team for every task of visit v; false if they do not suffice."""
    visits, tasks, able = tables[0], tables[1], tables[3]
    first = visits[v, FIRST]
    for _ in range(1000):
        for r in range(first, first + visits[v, TASKS]):
            chosen[r] = -1
        whole = True
        for r in range(first, first + visits[v, TASKS]):
            if tasks[r, ABLES] == 0:
                return False
            offset = int(_random(state) * tasks[r, ABLES])
            for x in range(tasks[r, ABLES]):
                t = able[tasks[r, ABLE] + (offset + x) % tasks[r, ABLES]]
                if _may(r, t, chosen, tables):
                    chosen[r] = t
                    break
            whole = whole and chosen[r] >= 0
        if whole:
            return True
    for r in range(first, first + visits[v, TASKS]):
        chosen[r] = -1
    return False


@njit(cache=True, nogil=True)
def _shift(order, p, q):
    v = order[p]
    if p < q:
        for x in range(p, q):
            order[x] = order[x + 1]
    else:
        for x in range(p, q, -1):
            order[x] = order[x - 1]
    order[q] = v


@njit(cache=True, nogil=True)
def anneal(order, chosen, tables, steps, hot, cold, state, best_order, best_chosen, best):
    """Run ``steps`` moves from temperature hot to cold; keep the best plan seen. Returns its cost, times the divisor.

    order (V) and chosen (R) are changed in place and can be handed in again. Moves: another team for one task, a
    visit earlier or later (with or without a new team), two visits exchanged, two tasks exchange their teams, an
    optional visit left out or taken in.
    """
    visits, tasks, teams = tables[0], tables[1], tables[2]
    n = order.size
    places = np.empty((n + 1, teams.shape[0]), np.int64)
    frees = np.empty((n + 1, teams.shape[0]), np.int64)
    spents = np.zeros((n + 1, 4), np.int64)
    places[0] = -1
    frees[0] = teams[:, FROM]
    where = np.empty(teams.shape[0], np.int64)
    free = np.empty(teams.shape[0], np.int64)
    spent = np.empty(4, np.int64)
    starts = np.zeros(tasks.shape[0], np.int64)
    saved = chosen.copy()
    total = _note(order, chosen, np.int64(0), tables, places, frees, spents, starts)
    if total < best:
        best = total
        best_order[:] = order
        best_chosen[:] = chosen
    temperature = hot
    cooling = (cold / hot) ** (1.0 / max(1, steps))
    reach = max(3, n // 4)
    for _ in range(steps):
        temperature *= cooling
        allowance = -temperature * np.log(max(1e-12, _random(state)))
        p = int(_random(state) * n)
        v = order[p]
        first, many = visits[v, FIRST], visits[v, TASKS]
        kind = _random(state)
        since, q, partner = p, p, -1
        if visits[v, SKIP] >= 0 and not visits[v, FIXED] and (chosen[first] < 0 or kind < 0.05):
            if chosen[first] >= 0:
                for r in range(first, first + many):
                    chosen[r] = -1
            elif not choose_teams(v, chosen, tables, state):
                continue
        elif kind < 0.3:
            r = first + int(_random(state) * many)
            t = -1 if visits[v, FIXED] else _other_team(r, chosen, tables, state)
            if t < 0:
                continue
            chosen[r] = t
        elif kind < 0.75:
            q = p + int((2.0 * _random(state) - 1.0) * reach)
            if q < 0 or q >= n or q == p:
                continue
            if kind < 0.5 and not visits[v, FIXED]:
                r = first + int(_random(state) * many)
                t = _other_team(r, chosen, tables, state)
                if t < 0:
                    continue
                chosen[r] = t
            _shift(order, p, q)
            since = min(p, q)
        else:
            q = p + int((2.0 * _random(state) - 1.0) * reach)
            if q < 0 or q >= n or q == p:
                continue
            partner = order[q]
            since = min(p, q)
            if kind < 0.85:
                order[p] = partner
                order[q] = v
            else:
                r = first + int(_random(state) * many)
                s = visits[partner, FIRST] + int(_random(state) * visits[partner, TASKS])
                a, b = chosen[r], chosen[s]
                if a < 0 or b < 0 or a == b or not _may(r, b, chosen, tables) or not _may(s, a, chosen, tables):
                    continue
                chosen[r] = b
                chosen[s] = a
        cost = _run(order, chosen, since, tables, places, frees, spents, where, free, spent, starts, total + allowance)
        if cost <= total + allowance:
            total = _note(order, chosen, since, tables, places, frees, spents, starts)
            for r in range(first, first + many):
                saved[r] = chosen[r]
            if partner >= 0:
                for r in range(visits[partner, FIRST], visits[partner, FIRST] + visits[partner, TASKS]):
                    saved[r] = chosen[r]
            if total < best:
                best = total
                best_order[:] = order
                best_chosen[:] = chosen
        else:
            for r in range(first, first + many):
                chosen[r] = saved[r]
            if partner >= 0:
                for r in range(visits[partner, FIRST], visits[partner, FIRST] + visits[partner, TASKS]):
                    chosen[r] = saved[r]
                if kind < 0.85:
                    order[p] = v
                    order[q] = partner
            elif q != p:
                _shift(order, q, p)
    return best
