"""Pareto sets of journeys over delivery time, boardings, cost, CO2 and reliability.

Labels grow with the connections in order of departure. A label is kept at a stop while no other there is at least as
good in everything that counts; aboard a trip time no longer counts, for all on board arrive together.
"""

# numba compiles these: what pyright guesses of array elements does not hold.
# pyright: reportArgumentType=false, reportCallIssue=false, reportOperatorIssue=false, reportGeneralTypeIssues=false
from __future__ import annotations

import numpy as np
from numba import njit

from kouan.quant.journeys.scanning import NEVER, next_open

TIME, BOARDINGS, COST, CO2, RISK = 0, 1, 2, 3, 4


@njit(cache=True)
def cleared_within(stop, slack, first, seconds, share):
    """Probability that goods are cleared within ``slack`` seconds at a stop; 1 where nothing is cleared."""
    if first[stop] == first[stop + 1]:
        return 1.0
    reached = 0.0
    for place in range(first[stop], first[stop + 1]):
        if seconds[place] > slack:
            break
        reached = share[place]
    return reached


@njit(cache=True)
def _beats(values, one, other, counts, first_criterion):
    """Whether label ``one`` is at least as good as ``other`` in all criteria that count."""
    for criterion in range(first_criterion, 5):
        if counts[criterion] and values[one, criterion] > values[other, criterion] + 1e-9:
            return False
    return True


@njit(cache=True)
def _admit(new, head, slot, following, values, counts, first_criterion, truck, over):
    """Put a label into a bag unless one there beats it; those that it beats leave. Unless the journey is ``over``, a
    label that came by truck beats no label that may still take one."""
    e = head[slot]
    while e >= 0:
        if (over or truck[e] < 0 or truck[new] >= 0) and _beats(values, e, new, counts, first_criterion):
            return False
        e = following[e]
    before, e = -1, head[slot]
    while e >= 0:
        after = following[e]
        if (over or truck[new] < 0 or truck[e] >= 0) and _beats(values, new, e, counts, first_criterion):
            if before < 0:
                head[slot] = after
            else:
                following[before] = after
        else:
            before = e
        e = after
    following[new] = head[slot]
    head[slot] = new
    return True


@njit(cache=True)
def least_to(target, stops, edge_origin, edge_destination, edge_least, truck_from, truck_to, truck_least):
    """Least seconds, cost and CO2 from every stop to the target if nothing had to be waited for, ``(stops, 3)``."""
    least = np.full((stops, 3), np.inf)
    least[target] = 0.0
    changed = True
    while changed:
        changed = False
        for e in range(len(edge_origin)):
            for what in range(3):
                through = least[edge_destination[e], what] + edge_least[e, what]
                if through < least[edge_origin[e], what]:
                    least[edge_origin[e], what] = through
                    changed = True
        for t in range(len(truck_from)):
            for what in range(3):
                through = least[truck_to[t], what] + truck_least[t, what]
                if through < least[truck_from[t], what]:
                    least[truck_from[t], what] = through
                    changed = True
    return least


@njit(cache=True)
def _hope(at, boardings, cost, co2, risk, stop, to_go, least_left, values, scratch):
    """Write the best that a journey at a stop can still come to into the row ``scratch``."""
    values[scratch, TIME] = at + least_left[stop, 0]
    values[scratch, BOARDINGS] = boardings + to_go[stop]
    values[scratch, COST] = cost + least_left[stop, 1]
    values[scratch, CO2] = co2 + least_left[stop, 2]
    values[scratch, RISK] = risk


@njit(cache=True, nogil=True)
def scan_choices(
    room,
    told,
    connections,
    sums,
    wait,
    handling,
    windows,
    clearing,
    trucks,
    truck_money,
    to_go,
    least_left,
    source,
    target,
    start,
    horizon,
    most,
    least,
    counts,
):
    """Labels at the target that none other beats.

    sums: cost and CO2 of each trip before and after each connection, and boarding costs. least: the smallest
    probability of clearance in time with which boarding is planned. to_go, least_left: what is left at best from each
    stop, as ``scanning.fewest_to`` and ``least_to`` give it. counts: which of the five criteria count, bool
    ``(5,)``. room: most labels. told: ends the scan once its only element is true. Returns (state, labels at the
    target, values, parent, boarded, left, truck); state is 1 where the room did not suffice, 2 where the scan was told
    to end: then others may beat these labels, and some may be missing.
    """
    origin, destination, departure, arrival, trip, deadline, trips = connections
    cost_before, cost_after, co2_before, co2_after, boarding_cost = sums
    first, since, until = windows
    clear_first, clear_seconds, clear_share = clearing
    truck_first, truck_number, truck_to, truck_seconds = trucks
    truck_cost, truck_co2 = truck_money
    stops = len(wait)
    inner = counts.copy()
    inner[TIME], inner[BOARDINGS] = True, True  # on the way both decide what can still be reached
    values = np.zeros((room, 5))
    parent, boarded, left = np.full(room, -1), np.full(room, -1), np.full(room, -1)
    truck, following = np.full(room, -1), np.full(room, -1)
    at_stop, on_trip, at_target = np.full(stops, -1), np.full(trips, -1), np.full(1, -1)
    # Plain numbers would each be a type of their own for the compiler, and every loop be compiled for each.
    none, one, over, ahead = np.int64(0), np.int64(1), np.bool_(True), np.bool_(False)
    used, scratch, state = one, np.int64(room - 1), none
    values[0, TIME], at_stop[source] = start, 0
    found = np.empty(0, np.int64)
    last = start + horizon
    leave = next_open(source, start, first, since, until)
    if leave < NEVER:
        for place in range(truck_first[source], truck_first[source + 1]):
            t = truck_number[place]
            if used + 2 >= room:
                return 1, found, values, parent, boarded, left, truck
            to, at = np.int64(truck_to[t]), leave + truck_seconds[t]
            values[used] = values[0]
            values[used, TIME] = next_open(to, at, first, since, until) if to == target else at
            values[used, COST] += truck_cost[t]
            values[used, CO2] += truck_co2[t]
            parent[used], truck[used] = 0, t
            if values[used, TIME] < NEVER:
                if to == target:
                    if _admit(used, at_target, none, following, values, counts, none, truck, over):
                        used += 1
                elif _admit(used, at_stop, to, following, values, inner, none, truck, ahead):
                    used += 1
    for c in range(np.searchsorted(departure, start), len(departure)):
        if departure[c] > last:
            break
        if told[0]:
            state = 2
            break
        s, run = np.int64(origin[c]), np.int64(trip[c])
        e = at_stop[s]
        while e >= 0:
            slack = np.int64(deadline[c] - values[e, TIME])
            chance = 1.0 if slack >= 0 else 0.0
            if parent[e] >= 0:
                chance = (
                    cleared_within(s, slack - handling[s], clear_first, clear_seconds, clear_share)
                    if slack >= handling[s]
                    else 0.0
                )
            if chance >= least and values[e, BOARDINGS] + max(1, to_go[s]) <= most:
                _hope(
                    0.0,
                    values[e, BOARDINGS],
                    values[e, COST] + boarding_cost[run],
                    values[e, CO2],
                    values[e, RISK] - np.log(chance),
                    s,
                    to_go,
                    least_left,
                    values,
                    scratch,
                )
                values[scratch, TIME] = arrival[c] + least_left[destination[c], 0]
                if _is_beaten(scratch, at_target, following, values, counts):
                    e = following[e]
                    continue
                if used + 2 >= room:
                    return 1, found, values, parent, boarded, left, truck
                values[used] = values[e]
                values[used, BOARDINGS] += 1
                values[used, COST] += boarding_cost[run] - cost_before[c]
                values[used, CO2] -= co2_before[c]
                values[used, RISK] -= np.log(chance)
                parent[used], boarded[used], truck[used] = e, c, -1
                if _admit(used, on_trip, run, following, values, inner, one, truck, ahead):
                    used += 1
            e = following[e]
        e = on_trip[run]
        s = np.int64(destination[c])
        while e >= 0:
            if used + 2 >= room:
                return 1, found, values, parent, boarded, left, truck
            new = used
            values[new] = values[e]
            values[new, TIME] = arrival[c] if s != target else next_open(s, np.int64(arrival[c]), first, since, until)
            values[new, COST] += cost_after[c]
            values[new, CO2] += co2_after[c]
            parent[new], boarded[new], left[new], truck[new] = parent[e], boarded[e], c, -1
            e = following[e]
            if values[new, TIME] >= NEVER or values[new, BOARDINGS] + to_go[s] > most:
                continue
            _hope(
                values[new, TIME],
                values[new, BOARDINGS],
                values[new, COST],
                values[new, CO2],
                values[new, RISK],
                s,
                to_go,
                least_left,
                values,
                scratch,
            )
            if _is_beaten(scratch, at_target, following, values, counts):
                continue
            if s == target:
                if _admit(new, at_target, none, following, values, counts, none, truck, over):
                    used += 1
                continue
            if not _admit(new, at_stop, s, following, values, inner, none, truck, ahead):
                continue
            used += 1
            leave = next_open(s, np.int64(arrival[c] + wait[s]), first, since, until)
            if leave >= NEVER:
                continue
            chance = cleared_within(s, wait[s] - handling[s], clear_first, clear_seconds, clear_share)
            for place in range(truck_first[s], truck_first[s + 1]):
                t = truck_number[place]
                if used + 2 >= room:
                    return 1, found, values, parent, boarded, left, truck
                to, at = np.int64(truck_to[t]), leave + truck_seconds[t]
                values[used] = values[new]
                values[used, TIME] = next_open(to, at, first, since, until) if to == target else at
                values[used, COST] += truck_cost[t]
                values[used, CO2] += truck_co2[t]
                values[used, RISK] -= np.log(chance)
                parent[used], truck[used], boarded[used], left[used] = new, t, -1, -1
                if values[used, TIME] >= NEVER or values[used, BOARDINGS] + to_go[to] > most:
                    continue
                _hope(
                    values[used, TIME],
                    values[used, BOARDINGS],
                    values[used, COST],
                    values[used, CO2],
                    values[used, RISK],
                    to,
                    to_go,
                    least_left,
                    values,
                    scratch,
                )
                if _is_beaten(scratch, at_target, following, values, counts):
                    continue
                if to == target:
                    if _admit(used, at_target, none, following, values, counts, none, truck, over):
                        used += 1
                elif _admit(used, at_stop, to, following, values, inner, none, truck, ahead):
                    used += 1
    count, e = 0, at_target[0]
    while e >= 0:
        count += 1
        e = following[e]
    found = np.empty(count, np.int64)
    e = at_target[0]
    for n in range(count):
        found[n] = e
        e = following[e]
    return state, found, values, parent, boarded, left, truck


@njit(cache=True)
def _is_beaten(new, at_target, following, values, counts):
    """Whether a label at the target is already at least as good."""
    e = at_target[0]
    while e >= 0:
        if _beats(values, e, new, counts, np.int64(0)):
            return True
        e = following[e]
    return False
