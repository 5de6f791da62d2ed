"""Compiled waiting areas: where each waiting ship lies from her arrival until she berths."""

from __future__ import annotations

import numpy as np
from numba import njit

from kouan.quant.berths.annealing import HANDLING, draw, place


@njit(cache=True, nogil=True)
def anchor(order, arrival, starts, length, fits, ships, room, separation, chosen):
    """Give each waiting ship, in order of arrival, the fitting area with the least room left. Returns the excess.

    fits (n, A); ships, room (-1: no limit), separation (A). chosen (n) becomes the area, -1 for a ship that need not
    wait or finds no place; the excess counts the latter.
    """
    excess = 0
    areas = ships.size
    for p in range(order.size):
        i = order[p]
        chosen[i] = -1
        if starts[i] <= arrival[i]:
            continue
        best, least = -1, np.int64(2**60)
        for a in range(areas):
            if not fits[i, a]:
                continue
            count = 1
            used = length[i] + separation[a]
            for q in range(p):
                j = order[q]
                if chosen[j] == a and starts[j] > arrival[i]:
                    count += 1
                    used += length[j] + separation[a]
            if count > ships[a] or (room[a] >= 0 and used > room[a]):
                continue
            left = room[a] - used if room[a] >= 0 else (ships[a] - count) * np.int64(1_000_000)
            if left < least:
                best, least = a, left
        if best < 0:
            excess += 1
        else:
            chosen[i] = best
    return excess


@njit(cache=True, nogil=True)
def crowded_cost(rows, lengths, group, opens, cards, next_start, departure, penalty, crowd, starts, chosen):
    """Cost of a plan with the waiting areas: ``penalty`` for every ship that has no place to wait."""
    order, arrival, length, fits, ships, room, separation = crowd
    cost = np.int64(0)
    for k in range(rows.shape[0]):
        free = opens[group[k]]
        for p in range(lengths[k]):
            i = rows[k, p]
            starts[i], free, c = place(i, group[k], free, cards, next_start, departure, penalty)
            cost += c
    return cost + penalty * anchor(order, arrival, starts, length, fits, ships, room, separation, chosen)


@njit(cache=True, nogil=True)
def anneal_crowded(
    rows, lengths, group, opens, cards, next_start, departure, penalty,
    steps, hot, cold, state, best_rows, best_lengths, best, crowd,
):  # fmt: skip
    """Run ``steps`` moves as ``annealing.anneal`` does, where waiting areas bind the berths together."""
    m, n = rows.shape[0], rows.shape[1] - 1
    starts, chosen = np.zeros(n, np.int64), np.full(n, -1, np.int64)
    total = crowded_cost(rows, lengths, group, opens, cards, next_start, departure, penalty, crowd, starts, chosen)
    if total < best:
        best = total
        best_rows[:] = rows
        best_lengths[:] = lengths
    temperature = hot
    cooling = (cold / hot) ** (1.0 / max(1, steps))
    for _ in range(steps):
        temperature *= cooling
        k, other = int(draw(state) * m), int(draw(state) * m)
        swap = draw(state) < 0.5
        allowance = -temperature * np.log(max(1e-12, draw(state)))
        if lengths[k] == 0 or (swap and lengths[other] == 0):
            continue
        p = int(draw(state) * lengths[k])
        i = rows[k, p]
        if cards[group[other], i, HANDLING] < 0:
            continue
        if swap:
            q = int(draw(state) * lengths[other])
            j = rows[other, q]
            if i == j or cards[group[k], j, HANDLING] < 0:
                continue
            rows[k, p], rows[other, q] = j, i
        else:
            q = int(draw(state) * (lengths[other] if other == k else lengths[other] + 1))
            _move(rows, lengths, k, p, other, q)
        cost = crowded_cost(rows, lengths, group, opens, cards, next_start, departure, penalty, crowd, starts, chosen)
        if cost - total <= allowance:
            total = cost
            if total < best:
                best = total
                best_rows[:] = rows
                best_lengths[:] = lengths
        elif swap:
            rows[k, p], rows[other, q] = i, rows[k, p]
        else:
            _move(rows, lengths, other, q, k, p)
    return best


@njit(cache=True, nogil=True)
def _move(rows, lengths, k, p, other, q):
    """Take the ship at position p of berth k to position q of another (or the same) berth."""
    i = rows[k, p]
    for x in range(p, lengths[k] - 1):
        rows[k, x] = rows[k, x + 1]
    lengths[k] -= 1
    for x in range(lengths[other], q, -1):
        rows[other, x] = rows[other, x - 1]
    rows[other, q] = i
    lengths[other] += 1
