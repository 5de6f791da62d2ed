"""Compiled lower bound: one shortest path through time per group of berths, with a price on every ship.

Relax that each ship is served once, pay her price lambda for every visit: what remains is, berth by berth, a shortest
path whose arcs are (ship, start). The sum of paths and prices is a lower bound for every lambda; with all prices
multiples of 2^-10 every sum below is exact in binary, so the bound is too.

Two facts keep the paths close to real plans. Among the best plans there is one (of least cost, then least sum of
departures, then first in order) in which

* a ship starts when her predecessor sails or when one of her own windows opens, never in between;
* no two neighbours could be exchanged to its profit.

So arcs after idle time exist only at openings, and a path may not use a ship twice in a row or neighbours in the
order that an exchange would better.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from kouan.quant.berths.annealing import EARLIEST, HANDLING, LATEST, PROFILE, cost_between

FAR = 1e18


@njit(cache=True, nogil=True)
def list_arcs(cards, next_start, departure, highest, count_only, job, start, end, cost, opening, pointer):
    """All arcs whose own cost is at most ``highest[ship]``, sorted by group, start, ship. Returns how many.

    pointer (G, T+2) gets, per group and time, where its arcs begin.
    """
    groups, n = cards.shape[0], cards.shape[1]
    x = 0
    for g in range(groups):
        for t in range(pointer.shape[1] - 1):
            pointer[g, t] = x
            for i in range(n):
                card = cards[g, i]
                if card[HANDLING] < 0 or t < card[EARLIEST] or t > card[LATEST]:
                    continue
                p = card[PROFILE]
                if p >= 0 and next_start[p, t] != t:
                    continue
                sails = t + card[HANDLING] if p < 0 else departure[p, t]
                c = cost_between(card, t, sails)
                if c > highest[i]:
                    continue
                if not count_only:
                    job[x] = i
                    start[x] = t
                    end[x] = sails
                    cost[x] = c
                    opening[x] = t == card[EARLIEST] or (p >= 0 and next_start[p, t - 1] != t - 1)
                x += 1
        pointer[g, pointer.shape[1] - 1] = x
    return x


@njit(cache=True, nogil=True)
def _may_follow(i, t, j, here):
    """Whether ship j may directly follow ship i that started at t (exchange argument); here: cards of the group."""
    if i == j:
        return False
    one, two = here[i], here[j]
    if two[EARLIEST] > t or t > two[LATEST] or one[PROFILE] >= 0 or two[PROFILE] >= 0:
        return True
    middle, both = t + two[HANDLING], t + one[HANDLING] + two[HANDLING]
    if middle > one[LATEST]:
        return True
    first = t + one[HANDLING]
    now = cost_between(one, t, first) + cost_between(two, first, both)
    then = cost_between(two, t, middle) + cost_between(one, middle, both)
    if then != now:
        return then > now
    if first != middle:
        return first < middle
    return i < j


@njit(cache=True, nogil=True)
def price(cards, copies, arcs, prices, strong, value, after, count, best, visited):
    """Lower bound for the prices; value[x] becomes the cost to go from arc x, after[x] the arc that follows (or -1).

    strong: forbid neighbours that an exchange would better; otherwise only the same ship twice in a row.
    count (n) becomes how often the paths visit each ship, best (G) the length of each group's path; visited (X) how
    often each arc is used.
    """
    job, _, end, cost, opening, pointer = arcs
    groups, times = pointer.shape[0], pointer.shape[1] - 1
    idle = np.empty(times + 1)
    idle_arc = np.empty(times + 1, np.int64)
    first_arc = np.empty(times + 1, np.int64)
    second_arc = np.empty(times + 1, np.int64)
    count[:] = 0.0
    visited[:] = 0.0
    bound = 0.0
    for i in range(prices.size):
        bound += prices[i]
    for g in range(groups):
        idle[times] = 0.0
        idle_arc[times] = -1
        first_arc[times] = -1
        second_arc[times] = -1
        for t in range(times - 1, -1, -1):
            idle[t] = idle[t + 1]
            idle_arc[t] = idle_arc[t + 1]
            fa, sa = -1, -1
            for x in range(pointer[g, t], pointer[g, t + 1]):
                i, e = job[x], end[x]
                if strong:
                    v = idle[e]
                    a = idle_arc[e]
                    for y in range(pointer[g, e], pointer[g, e + 1]):
                        if value[y] < v and _may_follow(i, t, job[y], cards[g]):
                            v = value[y]
                            a = y
                else:
                    v = idle[e]
                    a = idle_arc[e]
                    y = first_arc[e]
                    if y >= 0 and job[y] == i:
                        y = second_arc[e]
                    if y >= 0 and value[y] < v:
                        v = value[y]
                        a = y
                v += cost[x] - prices[i]
                value[x] = v
                after[x] = a
                if fa < 0 or v < value[fa]:
                    if fa >= 0 and job[fa] != i:
                        sa = fa
                    fa = x
                elif job[fa] != i and (sa < 0 or v < value[sa]):
                    sa = x
                if opening[x] and v < idle[t]:
                    idle[t] = v
                    idle_arc[t] = x
            first_arc[t], second_arc[t] = fa, sa
        best[g] = idle[0]
        bound += copies[g] * idle[0]
        x = idle_arc[0]
        while x >= 0:
            count[job[x]] += copies[g]
            visited[x] += copies[g]
            x = after[x]
    return bound


@njit(cache=True, nogil=True)
def hopeless(cards, arcs, prices, value, best, bound, limit, keep):
    """Mark in ``keep`` the arcs that can lie on a plan cheaper than ``limit``; values come from a strong pricing.

    The path of one berth is forced through the arc: if the bound then exceeds the limit, no better plan uses it.
    Returns how many stay.
    """
    job, _, end, cost, opening, pointer = arcs
    groups, times = pointer.shape[0], pointer.shape[1] - 1
    reach = np.full(job.size, FAR)
    stay = 0
    for g in range(groups):
        idle = np.full(times + 1, FAR)
        idle[0] = 0.0
        for t in range(times):
            if t > 0 and idle[t - 1] < idle[t]:
                idle[t] = idle[t - 1]
            for x in range(pointer[g, t], pointer[g, t + 1]):
                if opening[x] and idle[t] < reach[x]:
                    reach[x] = idle[t]
                if reach[x] >= FAR or bound + reach[x] + value[x] - best[g] > limit:
                    keep[x] = False
                    continue
                keep[x] = True
                stay += 1
                i, e = job[x], end[x]
                r = reach[x] + cost[x] - prices[i]
                if r < idle[e]:
                    idle[e] = r
                for y in range(pointer[g, e], pointer[g, e + 1]):
                    if r < reach[y] and _may_follow(i, t, job[y], cards[g]):
                        reach[y] = r
    return stay
