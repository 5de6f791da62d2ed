"""Compiled search for plans of a continuous quay: annealing over the order in which ships take their cheapest place."""

from __future__ import annotations

import numpy as np
from numba import njit

from kouan.quant.berths.annealing import draw

ARRIVAL, HANDLING, LENGTH, PRIORITY, LATEST, WISHED, AWAY, PLANNED, PLANNED_AT, FIXED, FIXED_AT, REACH, REACHES = range(
    13
)


@njit(cache=True, nogil=True)
def _cost(card, position, start, shift_cost, delay_cost):
    cost = card[PRIORITY] * (start + card[HANDLING] - card[ARRIVAL])
    if card[WISHED] >= 0:
        cost += card[AWAY] * abs(position - card[WISHED])
    if card[PLANNED] >= 0:
        if position != card[PLANNED]:
            cost += shift_cost
        if start > card[PLANNED_AT]:
            cost += delay_cost * (start - card[PLANNED_AT])
    return cost


@njit(cache=True, nogil=True)
def _free(boxes, many, low, high, since, until):
    """Whether the rectangle meets none of the first ``many`` boxes (low, high, since, until)."""
    for b in range(many):
        if low < boxes[b, 1] and boxes[b, 0] < high and since < boxes[b, 3] and boxes[b, 2] < until:
            return False
    return True


@njit(cache=True, nogil=True)
def place(i, cards, reach, boxes, many, shift_cost, delay_cost, penalty):
    """Position, start and cost of the cheapest place for ship i beside the boxes that are there.

    Starts: her arrival, and the ends of boxes. Positions: her wish, her earlier place, the ends of the stretches deep
    enough, and beside every box.
    """
    card = cards[i]
    if card[FIXED] >= 0:
        low, at = card[FIXED], card[FIXED_AT]
        cost = _cost(card, low, at, shift_cost, delay_cost)
        if not _free(boxes, many, low, low + card[LENGTH], at, at + card[HANDLING]):
            cost += penalty
        return low, at, cost
    best, best_position, best_start = np.int64(2**62), np.int64(0), np.int64(0)
    for s in range(-1, many):
        start = card[ARRIVAL] if s < 0 else boxes[s, 3]
        if start < card[ARRIVAL]:
            continue
        late = np.int64(0)
        if start + card[HANDLING] > card[LATEST]:
            late = penalty + start + card[HANDLING] - card[LATEST]
        if card[PRIORITY] * (start + card[HANDLING] - card[ARRIVAL]) + late >= best:
            continue
        for c in range(2 + 2 * many + 2 * card[REACHES]):
            if c == 0:
                position = card[WISHED]
            elif c == 1:
                position = card[PLANNED]
            elif c < 2 + many:
                position = boxes[c - 2, 1]
            elif c < 2 + 2 * many:
                position = boxes[c - 2 - many, 0] - card[LENGTH]
            else:
                r = c - 2 - 2 * many
                position = reach[card[REACH] + r // 2, r % 2]
            if position < 0:
                continue
            cost = _cost(card, position, start, shift_cost, delay_cost) + late
            if cost >= best:
                continue
            deep = False
            for r in range(card[REACH], card[REACH] + card[REACHES]):
                deep = deep or reach[r, 0] <= position <= reach[r, 1]
            if deep and _free(boxes, many, position, position + card[LENGTH], start, start + card[HANDLING]):
                best, best_position, best_start = cost, position, start
    return best_position, best_start, best


@njit(cache=True, nogil=True)
def pack(order, since, cards, reach, boxes, closures, costs, shift_cost, delay_cost, penalty, budget):
    """Place the ships of the order from position ``since`` on; returns the cost, or more than the budget early.

    boxes: the closures first, then the ships in the order; costs[p]: spent before position p.
    """
    for p in range(since, order.size):
        i = order[p]
        position, start, cost = place(i, cards, reach, boxes, closures + p, shift_cost, delay_cost, penalty)
        b = closures + p
        boxes[b, 0], boxes[b, 1] = position, position + cards[i, LENGTH]
        boxes[b, 2], boxes[b, 3] = start, start + cards[i, HANDLING]
        costs[p + 1] = costs[p] + cost
        if costs[p + 1] > budget:
            return costs[p + 1]
    return costs[order.size]


@njit(cache=True, nogil=True)
def anneal(
    order, cards, reach, boxes, closures, shift_cost, delay_cost, penalty, steps, hot, cold, state, best_order, best
):
    """Run ``steps`` moves (a ship earlier or later, two exchanged); keep the best order. Returns its cost."""
    n = order.size
    costs = np.zeros(n + 1, np.int64)
    trial, trial_costs = boxes.copy(), costs.copy()
    total = pack(order, np.int64(0), cards, reach, boxes, closures, costs, shift_cost, delay_cost, penalty, np.inf)
    if total < best:
        best = total
        best_order[:] = order
    temperature, cooling = hot, (cold / hot) ** (1.0 / max(1, steps))
    trial_order = order.copy()
    for _ in range(steps):
        temperature *= cooling
        p, q = int(draw(state) * n), int(draw(state) * n)
        allowance = -temperature * np.log(max(1e-12, draw(state)))
        if p == q:
            continue
        trial_order[:] = order
        if draw(state) < 0.5:
            trial_order[p], trial_order[q] = order[q], order[p]
        elif p < q:
            trial_order[p:q] = order[p + 1 : q + 1]
            trial_order[q] = order[p]
        else:
            trial_order[q + 1 : p + 1] = order[q:p]
            trial_order[q] = order[p]
        since = min(p, q)
        trial[: closures + since] = boxes[: closures + since]
        trial_costs[: since + 1] = costs[: since + 1]
        cost = pack(
            trial_order, since, cards, reach, trial, closures, trial_costs, shift_cost, delay_cost, penalty,
            total + allowance,
        )  # fmt: skip
        if cost - total <= allowance:
            total = cost
            order[:] = trial_order
            boxes[:] = trial
            costs[:] = trial_costs
            if total < best:
                best = total
                best_order[:] = order
    return best
