"""Compiled parts of the Lagrangean relaxation of location, in which no customer has to be served.

With a price u for each customer, every site alone chooses whom to serve (a continuous knapsack under its capacity),
and sites are chosen by their value under the total of capacity or the number to open. Every price gives a valid bound.

References: J. E. Beasley, "An algorithm for solving large capacitated warehouse location problems", European Journal of
Operational Research 33 (1988); N. Christofides and J. E. Beasley, on the p-median, same journal 10 (1982).
"""

from __future__ import annotations

import numpy as np
from numba import njit

CLOSED, FREE, OPEN = 0, 1, 2


@njit(cache=True)
def _fill(price, cost, demand, limit, share):
    """Value of one site at the given prices; ``share`` becomes what it serves."""
    customers = len(price)
    load, value, wanted = 0.0, 0.0, 0
    for j in range(customers):
        gain = price[j] - cost[j]
        if gain > 0.0:
            share[j] = 1.0
            load += demand[j]
            value -= gain
            wanted += 1
        else:
            share[j] = 0.0
    if load <= limit:
        return value
    rate, who = np.empty(wanted), np.empty(wanted, np.int64)
    k = 0
    for j in range(customers):
        if share[j] > 0.0 and demand[j] > 0.0:
            rate[k] = (price[j] - cost[j]) / demand[j]
            who[k] = j
            k += 1
    order = np.argsort(rate[:k])  # the worst are put back first
    for place in order:
        j = who[place]
        excess = load - limit
        if excess <= 0.0:
            break
        cut = min(1.0, excess / demand[j])
        share[j] -= cut
        load -= cut * demand[j]
        value += cut * (price[j] - cost[j])
    return value


@njit(cache=True)
def value_sites(price, cost, demand, capacity, fixed, state, share):
    """Fixed cost plus value of each site that is not closed, ``(sites,)``; ``share`` is room to work."""
    sites = len(fixed)
    values = np.empty(sites)
    for i in range(sites):
        values[i] = np.inf if state[i] == CLOSED else fixed[i] + _fill(price, cost[i], demand, capacity[i], share)
    return values


@njit(cache=True)
def choose_sites(values, capacity, state, needed, fewest, exactly, take):
    """Least sum of values over sets of sites that may suffice; ``take`` becomes the share taken of each site.

    needed: total capacity to cover. fewest: a number of sites below which no set covers it. exactly: -1 for free.
    Returns infinity where no set suffices.
    """
    sites = len(values)
    order = np.argsort(values)
    take[:] = 0.0
    total, count, room = 0.0, 0, 0.0
    for i in range(sites):
        if state[i] == OPEN:
            take[i] = 1.0
            total += values[i]
            count += 1
            room += capacity[i]
    if exactly >= 0:
        if count > exactly:
            return np.inf
        for i in order:
            if count == exactly:
                break
            if state[i] == FREE:
                take[i] = 1.0
                total += values[i]
                count += 1
                room += capacity[i]
        return total if count == exactly else np.inf
    for i in order:
        if state[i] == FREE and values[i] < 0.0:
            take[i] = 1.0
            total += values[i]
            count += 1
            room += capacity[i]
    by_count, more = total, count
    for i in order:
        if more >= fewest:
            break
        if state[i] == FREE and values[i] >= 0.0:
            by_count += values[i]
            more += 1
    if more < fewest:
        return np.inf
    by_room, missing = total, needed - room
    rate = np.full(sites, np.inf)
    for i in range(sites):
        if state[i] == FREE and values[i] >= 0.0 and capacity[i] > 0.0:
            rate[i] = values[i] / capacity[i]
    covering = np.argsort(rate)
    for i in covering:
        if missing <= 1e-9 or rate[i] == np.inf:
            break
        part = min(1.0, missing / capacity[i])
        by_room += part * values[i]
        missing -= part * capacity[i]
    if missing > 1e-6 * max(1.0, needed):
        return np.inf
    if by_count >= by_room:
        for i in order:
            if count >= more:
                break
            if state[i] == FREE and values[i] >= 0.0:
                take[i] = 1.0
                count += 1
        return by_count
    missing = needed - room
    for i in covering:
        if missing <= 1e-9 or rate[i] == np.inf:
            break
        take[i] = min(1.0, missing / capacity[i])
        missing -= take[i] * capacity[i]
    return by_room


@njit(cache=True)
def improve_prices(price, cost, demand, capacity, fixed, state, needed, fewest, exactly, target, rounds, step):
    """Raise the bound by subgradient steps with deflection.

    Returns (best bound, its prices, its site values, how often each site was taken, last step). Ends early when the
    bound passes ``target``.
    """
    sites, customers = cost.shape
    share, take = np.empty(customers), np.empty(sites)
    best, best_price, best_values = -np.inf, price.copy(), np.zeros(sites)
    often = np.full(sites, 0.5)
    direction = np.zeros(customers)
    price = price.copy()
    stale = 0
    for _ in range(rounds):
        values = value_sites(price, cost, demand, capacity, fixed, state, share)
        bound = choose_sites(values, capacity, state, needed, fewest, exactly, take)
        if bound == np.inf:
            return np.inf, best_price, best_values, often, step
        bound += price.sum()
        if bound > best:
            if bound > best + 1e-6 * abs(best):
                stale = 0
            best, best_price[:], best_values[:] = bound, price, values
        else:
            stale += 1
        if best >= target:
            break
        slope = np.ones(customers)
        for i in range(sites):
            often[i] += 0.1 * (take[i] - often[i])
            if take[i] > 0.0:
                _fill(price, cost[i], demand, capacity[i], share)
                for j in range(customers):
                    slope[j] -= take[i] * share[j]
        norm, along = 0.0, 0.0
        for j in range(customers):
            along += slope[j] * direction[j]
        dot = 0.0
        for j in range(customers):
            dot += direction[j] * direction[j]
        keep = 0.0
        if along < 0.0 and dot > 0.0:  # Camerini, Fratta and Maffioli: never turn against the last direction
            keep = -1.5 * along / dot
        for j in range(customers):
            direction[j] = slope[j] + keep * direction[j]
            norm += direction[j] * direction[j]
        if norm < 1e-12:
            break
        if stale >= 8:
            step *= 0.7
            stale = 0
            price[:] = best_price
            direction[:] = 0.0
            if step < 1e-4:
                break
            continue
        size = step * (max(target - bound, 1e-3 * abs(target))) / norm
        for j in range(customers):
            price[j] += size * direction[j]
    return best, best_price, best_values, often, step


@njit(cache=True)
def bounds_if_flipped(values, price_sum, capacity, state, needed, fewest, exactly):
    """For each free site the bound if it were open and if it were closed, ``(sites, 2)``: [closed, open]."""
    sites = len(values)
    take = np.empty(sites)
    flipped = np.full((sites, 2), -np.inf)
    for i in range(sites):
        if state[i] == FREE:
            state[i] = OPEN
            flipped[i, 1] = price_sum + choose_sites(values, capacity, state, needed, fewest, exactly, take)
            state[i] = CLOSED
            flipped[i, 0] = price_sum + choose_sites(values, capacity, state, needed, fewest, exactly, take)
            state[i] = FREE
    return flipped


@njit(cache=True)
def exchange(is_open, cost, fixed, exactly, most_rounds):
    """Add, drop and swap sites without capacity until nothing gets cheaper; ``is_open`` is changed in place.

    The gain of every swap is found in one pass over customers (R. Whitaker, INFOR 21 (1983)). Returns the cost.
    """
    sites, customers = cost.shape
    near, next_near = np.empty(customers, np.int64), np.empty(customers, np.int64)
    total = 0.0
    for _ in range(most_rounds):
        total = 0.0
        for i in range(sites):
            if is_open[i]:
                total += fixed[i]
        for j in range(customers):
            first, second = -1, -1
            for i in range(sites):
                if is_open[i]:
                    if first < 0 or cost[i, j] < cost[first, j]:
                        first, second = i, first
                    elif second < 0 or cost[i, j] < cost[second, j]:
                        second = i
            near[j], next_near[j] = first, second
            total += cost[first, j]
        loss = fixed * -1.0
        alone = 0
        for i in range(sites):
            alone += 1 if is_open[i] else 0
        for j in range(customers):
            if next_near[j] >= 0:
                loss[near[j]] += cost[next_near[j], j] - cost[near[j], j]
        best, drop_best, add_best = -1e-7 * max(1.0, abs(total)), -1, -1
        if exactly < 0 and alone > 1:
            for i in range(sites):
                if is_open[i] and loss[i] < best:
                    best, drop_best, add_best = loss[i], i, -1
        change = np.empty(sites)
        for a in range(sites):
            if is_open[a]:
                continue
            gain = fixed[a]
            for i in range(sites):
                change[i] = loss[i]
            for j in range(customers):
                n = near[j]
                here = cost[a, j]
                if here < cost[n, j]:
                    gain += here - cost[n, j]
                    if next_near[j] >= 0:
                        change[n] -= cost[next_near[j], j] - cost[n, j]
                elif next_near[j] >= 0 and here < cost[next_near[j], j]:
                    change[n] -= cost[next_near[j], j] - here
                elif next_near[j] < 0:
                    change[n] += here - cost[n, j]
            if exactly < 0 and gain < best:
                best, drop_best, add_best = gain, -1, a
            for i in range(sites):
                if is_open[i] and gain + change[i] < best:
                    best, drop_best, add_best = gain + change[i], i, a
        if drop_best < 0 and add_best < 0:
            break
        if drop_best >= 0:
            is_open[drop_best] = False
        if add_best >= 0:
            is_open[add_best] = True
    return total
