"""Compiled search for good plans: simulated annealing over the order of ships at each berth.

A plan is a row of ships per berth; each ship starts as early as her predecessor and her windows allow. Moves: take a
ship to another place (same berth or another), exchange two ships. All numbers are whole, so a cost is exact. A start
that is not allowed costs ``penalty`` and more the later it is; a plan without such a start is valid.
"""

from __future__ import annotations

import numpy as np
from numba import njit

# columns of a card: what one ship means at one group of berths
HANDLING, EARLIEST, LATEST, EXTRA, PROFILE, WEIGHT, ARRIVAL, DUE, LATE, PLANNED, DELAY = range(11)


@njit(cache=True, nogil=True)
def draw(state):
    """Next number in [0, 1) of a xorshift64* stream."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return np.float64((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, nogil=True, inline="always")
def cost_between(card, start, sails):
    """Cost of a ship with this card that lies from start to sails."""
    cost = card[WEIGHT] * (sails - card[ARRIVAL]) + card[EXTRA]
    if sails > card[DUE]:
        cost += card[LATE] * (sails - card[DUE])
    if start > card[PLANNED]:
        cost += card[DELAY] * (start - card[PLANNED])
    return cost


@njit(cache=True, nogil=True)
def place(i, g, free, cards, next_start, departure, penalty):
    """Start, departure and cost of a ship put at a berth of group g that is free from ``free``."""
    card = cards[g, i]
    start = max(free, card[EARLIEST])
    if start > card[LATEST]:
        sails = start + card[HANDLING]
        return start, sails, cost_between(card, start, sails) + penalty * (1 + start - card[LATEST])
    p = card[PROFILE]
    if p >= 0:
        start = next_start[p, start]
        sails = departure[p, start]
    else:
        sails = start + card[HANDLING]
    return start, sails, cost_between(card, start, sails)


@njit(cache=True, nogil=True)
def _tail(row, length, since, g, free, cards, next_start, departure, penalty, budget):
    """Cost of the ships from position ``since`` on, or more than the budget as soon as that is clear."""
    cost = np.int64(0)
    for p in range(since, length):
        _, free, c = place(row[p], g, free, cards, next_start, departure, penalty)
        cost += c
        if cost > budget:
            break
    return cost


@njit(cache=True, nogil=True)
def _settle(rows, lengths, k, since, group, opens, cards, next_start, departure, penalty, free, before):
    """Bring the running times and costs of berth k up to date from position ``since``."""
    g = group[k]
    if since == 0:
        free[k, 0] = opens[g]
        before[k, 0] = 0
    for p in range(since, lengths[k]):
        _, sails, c = place(rows[k, p], g, free[k, p], cards, next_start, departure, penalty)
        free[k, p + 1] = sails
        before[k, p + 1] = before[k, p] + c


@njit(cache=True, nogil=True)
def anneal(
    rows,
    lengths,
    group,
    opens,
    cards,
    next_start,
    departure,
    penalty,
    steps,
    hot,
    cold,
    state,
    best_rows,
    best_lengths,
    best,
):
    """Run ``steps`` moves from temperature hot to cold; keep the best plan seen. Returns its cost.

    rows (m, n+1) and lengths (m) are changed in place and can be handed in again for the next stretch.
    """
    m, n = rows.shape[0], rows.shape[1] - 1
    free = np.zeros((m, n + 2), np.int64)
    before = np.zeros((m, n + 2), np.int64)
    total = np.int64(0)
    for k in range(m):
        _settle(rows, lengths, k, np.int64(0), group, opens, cards, next_start, departure, penalty, free, before)
        total += before[k, lengths[k]]
    if total < best:
        best = total
        best_rows[:] = rows
        best_lengths[:] = lengths
    temperature = hot
    cooling = (cold / hot) ** (1.0 / max(1, steps))
    for _ in range(steps):
        temperature *= cooling
        k = int(draw(state) * m)
        if lengths[k] == 0:
            continue
        p = int(draw(state) * lengths[k])
        i = rows[k, p]
        other = int(draw(state) * m)
        allowance = -temperature * np.log(max(1e-12, draw(state)))
        g, o = group[k], group[other]
        if cards[o, i, HANDLING] < 0:
            continue
        if draw(state) < 0.5:
            if other == k:
                if lengths[k] < 2:
                    continue
                q = int(draw(state) * lengths[k])
                if q == p:
                    continue
                _shift(rows, k, p, q)
                first = min(p, q)
                budget = before[k, lengths[k]] - before[k, first] + allowance
                cost = before[k, first]
                cost += _tail(
                    rows[k], lengths[k], first, g, free[k, first], cards, next_start, departure, penalty, budget
                )
                change = cost - before[k, lengths[k]]
                if change <= allowance:
                    _settle(rows, lengths, k, first, group, opens, cards, next_start, departure, penalty, free, before)
                else:
                    _shift(rows, k, q, p)
                    continue
            else:
                q = int(draw(state) * (lengths[other] + 1))
                was = before[k, lengths[k]] + before[other, lengths[other]]
                budget = was + allowance - before[k, p] - before[other, q]
                cost = before[k, p]
                cost += _tail(rows[k], lengths[k], p + 1, g, free[k, p], cards, next_start, departure, penalty, budget)
                _, sails, c = place(i, o, free[other, q], cards, next_start, departure, penalty)
                cost += before[other, q] + c
                if cost - was > allowance:
                    continue
                budget = was + allowance - cost
                cost += _tail(rows[other], lengths[other], q, o, sails, cards, next_start, departure, penalty, budget)
                change = cost - was
                if change > allowance:
                    continue
                for x in range(p, lengths[k] - 1):
                    rows[k, x] = rows[k, x + 1]
                lengths[k] -= 1
                for x in range(lengths[other], q, -1):
                    rows[other, x] = rows[other, x - 1]
                rows[other, q] = i
                lengths[other] += 1
                _settle(rows, lengths, k, p, group, opens, cards, next_start, departure, penalty, free, before)
                _settle(rows, lengths, other, q, group, opens, cards, next_start, departure, penalty, free, before)
        else:
            if lengths[other] == 0:
                continue
            q = int(draw(state) * lengths[other])
            j = rows[other, q]
            if i == j or cards[g, j, HANDLING] < 0:
                continue
            rows[k, p] = j
            rows[other, q] = i
            if other == k:
                first = min(p, q)
                budget = before[k, lengths[k]] - before[k, first] + allowance
                cost = before[k, first]
                cost += _tail(
                    rows[k], lengths[k], first, g, free[k, first], cards, next_start, departure, penalty, budget
                )
                change = cost - before[k, lengths[k]]
                if change <= allowance:
                    _settle(rows, lengths, k, first, group, opens, cards, next_start, departure, penalty, free, before)
            else:
                was = before[k, lengths[k]] + before[other, lengths[other]]
                budget = was + allowance - before[k, p] - before[other, q]
                cost = before[k, p]
                cost += _tail(rows[k], lengths[k], p, g, free[k, p], cards, next_start, departure, penalty, budget)
                budget = was + allowance - cost - before[other, q]
                cost += before[other, q]
                cost += _tail(
                    rows[other], lengths[other], q, o, free[other, q], cards, next_start, departure, penalty, budget
                )
                change = cost - was
                if change <= allowance:
                    _settle(rows, lengths, k, p, group, opens, cards, next_start, departure, penalty, free, before)
                    _settle(rows, lengths, other, q, group, opens, cards, next_start, departure, penalty, free, before)
            if change > allowance:
                rows[k, p] = i
                rows[other, q] = j
                continue
        total += change
        if total < best:
            best = total
            best_rows[:] = rows
            best_lengths[:] = lengths
    return best


@njit(cache=True, nogil=True)
def _shift(rows, k, p, q):
    """Take the ship at position p of berth k to position q."""
    i = rows[k, p]
    if p < q:
        for x in range(p, q):
            rows[k, x] = rows[k, x + 1]
    else:
        for x in range(p, q, -1):
            rows[k, x] = rows[k, x - 1]
    rows[k, q] = i


@njit(cache=True, nogil=True)
def first_come(order, group, opens, cards, next_start, departure, penalty, rows, lengths):
    """Give each ship, in the order given, the berth where she costs least. Returns the cost of the plan."""
    m = rows.shape[0]
    free = np.empty(m, np.int64)
    for k in range(m):
        free[k] = opens[group[k]]
        lengths[k] = 0
    total = np.int64(0)
    for i in order:
        chosen, least, until = -1, np.int64(0), np.int64(0)
        for k in range(m):
            if cards[group[k], i, HANDLING] < 0:
                continue
            _, sails, cost = place(i, group[k], free[k], cards, next_start, departure, penalty)
            if chosen < 0 or cost < least:
                chosen, least, until = k, cost, sails
        rows[chosen, lengths[chosen]] = i
        lengths[chosen] += 1
        free[chosen] = until
        total += least
    return total
