"""Compiled parts of generalised assignment: prices on jobs, an exact knapsack for each agent, and a search by target.

A target says: look only for assignments that cost no more. Far below the best known plan a target removes nearly all
pairs of agent and job by reduced cost, so that the search either finds such a plan or proves that there is none, and
the bound rises by one.

Reference: M. Posta, J. A. Ferland, P. Michelon, "An exact method with variable fixing for solving the generalized
assignment problem", Computational Optimization and Applications 52 (2012).
"""

from __future__ import annotations

import numpy as np
from numba import njit

FOUND, PROVED, GAVE_UP = 1, 0, -1


@njit(cache=True)
def _table(price, cost, use, room, allowed, table, jobs):
    """Fill ``table[k, w]``, the best gain of the first k wanted jobs in room w; returns how many are wanted."""
    count = 0
    table[0, : room + 1] = 0.0
    for j in range(len(price)):
        gain = price[j] - cost[j]
        if allowed[j] and gain > 1e-12 and use[j] <= room:
            jobs[count] = j
            before, after = table[count], table[count + 1]
            size = use[j]
            after[:size] = before[:size]
            for w in range(size, room + 1):
                with_it = before[w - size] + gain
                after[w] = with_it if with_it > before[w] else before[w]
            count += 1
    return count


@njit(cache=True)
def _spread(allowed, use, capacity, room, owner):
    """Draw the consequences of what is allowed: jobs with one agent take its room, pairs without room are struck.

    ``room`` and ``owner`` (-1 for undecided) are rewritten. False where a job has no agent left.
    """
    agents, jobs = allowed.shape
    owner[:] = -1
    room[:] = capacity
    again = True
    while again:
        again = False
        for j in range(jobs):
            if owner[j] >= 0:
                continue
            left, last = 0, -1
            for i in range(agents):
                if allowed[i, j]:
                    if use[i, j] > room[i]:
                        allowed[i, j] = False
                    else:
                        left += 1
                        last = i
            if left == 0:
                return False
            if left == 1:
                owner[j] = last
                room[last] -= use[last, j]
                again = True
    return True


@njit(cache=True)
def _climb(price, cost, use, room, owner, allowed, target, rounds, step, table, jobs, usage):
    """Raise the bound over undecided jobs by subgradient steps; returns it. ``price`` becomes the best, ``usage`` the
    recent share of each agent in each job."""
    agents, many = cost.shape
    fixed = 0.0
    for j in range(many):
        if owner[j] >= 0:
            fixed += cost[owner[j], j]
    free = allowed.copy()
    for j in range(many):
        if owner[j] >= 0:
            free[:, j] = False
    best, best_price, stale = -np.inf, price.copy(), 0
    direction, slope = np.zeros(many), np.zeros(many)
    usage[:] = 0.0
    for _ in range(rounds):
        bound = fixed
        for j in range(many):
            slope[j] = 0.0
            if owner[j] < 0:
                slope[j] = 1.0
                bound += price[j]
        usage *= 0.9
        for i in range(agents):
            count = _table(price, cost[i], use[i], room[i], free[i], table, jobs)
            w = room[i]
            bound -= table[count, w]
            for k in range(count - 1, -1, -1):
                if table[k + 1, w] != table[k, w]:
                    slope[jobs[k]] -= 1.0
                    usage[i, jobs[k]] += 0.1
                    w -= use[i, jobs[k]]
        if bound > best + 1e-7:
            best, stale = bound, 0
            best_price[:] = price
        else:
            stale += 1
        if best > target + 1e-6:
            break
        norm, dot = 0.0, 0.0
        for j in range(many):
            norm += slope[j] * slope[j]
            direction[j] = slope[j] + 0.3 * direction[j]
            dot += direction[j] * direction[j]
        if norm == 0.0 or dot == 0.0:
            break
        if stale >= 7:
            step *= 0.6
            stale = 0
            price[:] = best_price
            direction[:] = 0.0
            if step < 0.01:
                break
            continue
        size = step * max(target + 0.5 - bound, 0.5) / dot
        for j in range(many):
            if owner[j] < 0:
                price[j] += size * direction[j]
    price[:] = best_price
    return best


@njit(cache=True)
def _strike(price, bound, cost, use, room, owner, allowed, target, table, back, jobs):
    """Strike the pairs that no assignment within the target can use, and fix those that it must use.

    Returns how many pairs were struck.
    """
    agents, many = cost.shape
    struck = 0
    free = allowed.copy()
    for j in range(many):
        if owner[j] >= 0:
            free[:, j] = False
    listed = np.empty(many, np.int64)
    for i in range(agents):
        count = _table(price, cost[i], use[i], room[i], free[i], table, jobs)
        full = table[count, room[i]]
        listed[:] = -1
        back[count, : room[i] + 1] = 0.0
        for k in range(count - 1, -1, -1):
            j = jobs[k]
            listed[j] = k
            gain, size = price[j] - cost[i, j], use[i, j]
            for w in range(room[i] + 1):
                without = back[k + 1, w]
                back[k, w] = without
                if w >= size and back[k + 1, w - size] + gain > without:
                    back[k, w] = back[k + 1, w - size] + gain
        for j in range(many):
            if not free[i, j]:
                continue
            gain, left = price[j] - cost[i, j], room[i] - use[i, j]
            k = listed[j]
            if k < 0:
                with_it = table[count, left] + gain
                without = full
            else:
                with_it, without = 0.0, 0.0
                for w in range(left + 1):
                    together = table[k, w] + back[k + 1, left - w]
                    if together > with_it:
                        with_it = together
                with_it += gain
                for w in range(room[i] + 1):
                    together = table[k, w] + back[k + 1, room[i] - w]
                    if together > without:
                        without = together
            if bound + full - with_it > target + 1e-6:
                allowed[i, j] = False
                struck += 1
            elif bound + full - without > target + 1e-6:
                for other in range(agents):
                    if other != i and allowed[other, j]:
                        allowed[other, j] = False
                        struck += 1
    return struck


@njit(cache=True)
def repair(owner, cost, use, capacity, usage, draw):
    """Make a whole assignment from decided jobs and recent usage, then shift and swap while it helps.

    ``draw`` is a number per job between 0 and 1 that orders them. Returns (cost, agent of each job), infinite cost
    where no room was found.
    """
    agents, many = cost.shape
    plan, room = owner.copy(), capacity.copy()
    for j in range(many):
        if plan[j] >= 0:
            room[plan[j]] -= use[plan[j], j]
    sureness = np.empty(many)
    for j in range(many):
        sureness[j] = -usage[:, j].max() + 0.2 * draw[j]
    for j in np.argsort(sureness):
        if plan[j] >= 0:
            continue
        best, chosen = np.inf, -1
        for i in range(agents):
            if use[i, j] <= room[i] and cost[i, j] - 1e3 * usage[i, j] < best:
                best, chosen = cost[i, j] - 1e3 * usage[i, j], i
        if chosen < 0:
            return np.inf, plan
        plan[j] = chosen
        room[chosen] -= use[chosen, j]
    improved = True
    while improved:
        improved = False
        for j in range(many):
            here = plan[j]
            for i in range(agents):
                if i != here and use[i, j] <= room[i] and cost[i, j] < cost[here, j] - 1e-9:
                    room[here] += use[here, j]
                    room[i] -= use[i, j]
                    plan[j], here, improved = i, i, True
        for j in range(many):
            for k in range(j + 1, many):
                p, q = plan[j], plan[k]
                if p == q or cost[q, j] + cost[p, k] >= cost[p, j] + cost[q, k] - 1e-9:
                    continue
                if room[p] + use[p, j] - use[p, k] >= 0 and room[q] + use[q, k] - use[q, j] >= 0:
                    room[p] += use[p, j] - use[p, k]
                    room[q] += use[q, k] - use[q, j]
                    plan[j], plan[k], improved = q, p, True
    total = 0.0
    for j in range(many):
        total += cost[plan[j], j]
    return total, plan


@njit(cache=True)
def climb_root(price, cost, use, capacity, target, rounds):
    """Bound of the whole problem: (bound, prices, usage); infinite where a job fits nowhere."""
    agents, many = cost.shape
    allowed = np.ones((agents, many), np.bool_)
    room, owner = capacity.copy(), np.full(many, -1)
    usage = np.zeros((agents, many))
    price = price.copy()
    if not _spread(allowed, use, capacity, room, owner):
        return np.inf, price, usage
    table, jobs = np.empty((many + 1, capacity.max() + 1)), np.empty(many, np.int64)
    bound = _climb(price, cost, use, room, owner, allowed, target, rounds, 1.0, table, jobs, usage)
    return bound, price, usage


@njit(cache=True)
def search(stack, prices, height, cost, use, capacity, target, begun, most_nodes, rounds, plan):
    """Look depth first for an assignment that costs at most ``target``, or prove that there is none.

    stack ``(depth, agents, jobs)`` of allowed pairs and prices ``(depth, jobs)``: the open nodes, ``height`` of them;
    both are changed in place, so that the search can be taken up again; ``begun`` counts the nodes before.
    Returns (verdict, height, nodes, cost) and writes a found assignment to ``plan``.
    """
    agents, many = cost.shape
    widest = capacity.max() + 1
    table, back = np.empty((many + 1, widest)), np.empty((many + 1, widest))
    jobs, owner, room = np.empty(many, np.int64), np.empty(many, np.int64), capacity.copy()
    usage, draw = np.zeros((agents, many)), np.zeros(many)
    nodes = 0
    while height > 0:
        if nodes >= most_nodes or height + 2 >= len(stack):
            return GAVE_UP, height, nodes, np.inf
        nodes += 1
        height -= 1
        allowed, price = stack[height].copy(), prices[height].copy()
        alive, step = True, 1.0
        for _ in range(12):
            alive = _spread(allowed, use, capacity, room, owner)
            if not alive:
                break
            undecided = 0
            for j in range(many):
                if owner[j] < 0:
                    undecided += 1
            if undecided == 0:
                break
            bound = _climb(price, cost, use, room, owner, allowed, target, rounds, step, table, jobs, usage)
            if bound > target + 1e-6:
                alive = False
                break
            if _strike(price, bound, cost, use, room, owner, allowed, target, table, back, jobs) < 1 + undecided // 10:
                alive = _spread(allowed, use, capacity, room, owner)
                break
            step = 0.5
        if not alive:
            continue
        undecided = 0
        for j in range(many):
            if owner[j] < 0:
                undecided += 1
        if undecided == 0:
            total = 0.0
            for j in range(many):
                total += cost[owner[j], j]
            if total <= target + 1e-6:
                plan[:] = owner
                return FOUND, height, nodes, total
            continue
        if (begun + nodes) % 8 == 1:
            for j in range(many):
                draw[j] = (j * 0.6180339887 + (begun + nodes) * 0.7548776662) % 1.0
            total, made = repair(owner, cost, use, capacity, usage, draw)
            if total <= target + 1e-6:
                plan[:] = made
                return FOUND, height, nodes, total
        branch_agent, branch_job, best = -1, -1, np.inf
        for j in range(many):
            if owner[j] >= 0:
                continue
            for i in range(agents):
                if allowed[i, j]:
                    doubt = abs(usage[i, j] - 0.6) - 0.002 * use[i, j] * len(price) / max(1, capacity[i])
                    if doubt < best:
                        best, branch_agent, branch_job = doubt, i, j
        stack[height] = allowed
        stack[height, branch_agent, branch_job] = False
        prices[height] = price
        stack[height + 1] = allowed
        stack[height + 1, :, branch_job] = False
        stack[height + 1, branch_agent, branch_job] = True
        prices[height + 1] = price
        height += 2
    return PROVED, 0, nodes, np.inf
