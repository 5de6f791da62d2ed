"""Connection scans: earliest arrival at all stops, Pareto sets over time and boardings, profiles.

Reference: J. Dibbelt, T. Pajor, B. Strasser, D. Wagner, "Connection scan algorithm", ACM Journal of Experimental
Algorithmics 23 (2018).
"""

# numba compiles these: what pyright guesses of array elements does not hold.
# pyright: reportArgumentType=false, reportCallIssue=false, reportOperatorIssue=false, reportGeneralTypeIssues=false
from __future__ import annotations

import numpy as np
from numba import njit

NEVER = 2**60


@njit(cache=True)
def next_open(stop, at, first, since, until):
    """The first instant not before ``at`` at which a stop is open, NEVER where there is none."""
    low, high = first[stop], first[stop + 1]
    if low == high:
        return at
    end = high
    while low < high:  # the first window that ends at ``at`` or later
        middle = (low + high) // 2
        if until[middle] < at:
            low = middle + 1
        else:
            high = middle
    if low == end:
        return NEVER
    return max(at, since[low])


@njit(cache=True)
def last_open(stop, at, first, since, until):
    """The last instant not after ``at`` at which a stop is open, -NEVER where there is none."""
    low, high = first[stop], first[stop + 1]
    if low == high:
        return at
    begin = low
    while low < high:
        middle = (low + high) // 2
        if since[middle] <= at:
            low = middle + 1
        else:
            high = middle
    if low == begin:
        return -NEVER
    return min(at, until[low - 1])


@njit(cache=True)
def scan_arrivals(connections, wait, windows, trucks, source, start, horizon):
    """Earliest arrival at every stop ``(stops,)``, NEVER where there is none within the horizon.

    connections, windows, trucks: tuples of arrays as ``arrays_of`` makes them. wait: seconds from arrival to boarding.
    """
    origin, destination, departure, arrival, trip, deadline, trips = connections
    first, since, until = windows
    truck_first, truck_number, truck_to, truck_seconds = trucks
    stops = len(wait)
    reached, by_trip = np.full(stops, NEVER), np.full(stops, NEVER)
    aboard = np.zeros(trips, np.bool_)
    reached[source] = start - wait[source]
    by_trip[source] = reached[source]
    leave = next_open(source, start, first, since, until)
    if leave < NEVER:
        for place in range(truck_first[source], truck_first[source + 1]):
            t = truck_number[place]
            if leave + truck_seconds[t] < reached[truck_to[t]]:
                reached[truck_to[t]] = leave + truck_seconds[t]
    last = start + horizon
    for c in range(np.searchsorted(departure, start), len(departure)):
        if departure[c] > last:
            break
        run = trip[c]
        if not aboard[run]:
            s = origin[c]
            if reached[s] >= NEVER or reached[s] + wait[s] > deadline[c]:
                continue
            aboard[run] = True
        s, at = destination[c], arrival[c]
        if at < reached[s]:
            reached[s] = at
        if at < by_trip[s]:
            by_trip[s] = at
            if truck_first[s] < truck_first[s + 1]:
                leave = next_open(np.int64(s), np.int64(at + wait[s]), first, since, until)
                if leave < NEVER:
                    for place in range(truck_first[s], truck_first[s + 1]):
                        t = truck_number[place]
                        if leave + truck_seconds[t] < reached[truck_to[t]]:
                            reached[truck_to[t]] = leave + truck_seconds[t]
    reached[source] = start
    return reached


@njit(cache=True)
def fewest_to(target, stops, line_first, line_stop, truck_from, truck_to, most):
    """Fewest boardings from every stop to the target if times did not matter, ``(stops,)``; most + 1 for more."""
    fewest = np.full(stops, most + 1, np.int32)
    fewest[target] = 0
    changed = True
    while changed:
        changed = False
        for t in range(len(truck_from)):
            if fewest[truck_to[t]] < fewest[truck_from[t]]:
                fewest[truck_from[t]] = fewest[truck_to[t]]
                changed = True
        for line in range(len(line_first) - 1):
            ahead = most
            for place in range(line_first[line + 1] - 1, line_first[line] - 1, -1):
                s = line_stop[place]
                if ahead + 1 < fewest[s]:
                    fewest[s] = ahead + 1
                    changed = True
                ahead = min(ahead, fewest[s])
    return fewest


@njit(cache=True)
def scan_boardings(connections, wait, windows, trucks, to_go, source, target, start, horizon, most):
    """Pareto set over delivery and boardings for one pair; ``to_go`` as ``fewest_to`` gives it.

    Returns (delivery ``(most + 1,)`` at the target by number of boardings, NEVER where no better than with fewer, and
    tables for ``trace``: arrivals by trip and by any means, boarding and leaving connection, truck).
    """
    origin, destination, departure, arrival, trip, deadline, trips = connections
    first, since, until = windows
    truck_first, truck_number, truck_to, truck_seconds = trucks
    stops = len(wait)
    reached, by_trip = np.full((stops, most + 1), NEVER), np.full((stops, most + 1), NEVER)
    boarded, left = np.full((stops, most + 1), -1), np.full((stops, most + 1), -1)
    by_truck = np.full((stops, most + 1), -1)
    aboard, aboard_at = np.full(trips, most + 1, np.int32), np.full(trips, -1, np.int32)
    fewest = np.full(stops, most + 1, np.int32)  # below it nothing has reached the stop
    reached[source, 0] = start - wait[source]
    by_trip[source, 0] = reached[source, 0]
    fewest[source] = 0
    best = np.full(most + 1, NEVER)
    leave = next_open(source, start, first, since, until)
    if leave < NEVER:
        for place in range(truck_first[source], truck_first[source + 1]):
            t = truck_number[place]
            at, to = leave + truck_seconds[t], truck_to[t]
            if at < reached[to, 0]:
                reached[to, 0], by_truck[to, 0] = at, t
                fewest[to] = 0
                if to == target:
                    best[0] = next_open(target, at, first, since, until)
    last = start + horizon
    enough = min(most, to_go[source])  # no journey has fewer boardings
    if to_go[source] > most:
        last = start - 1
    for c in range(np.searchsorted(departure, start), len(departure)):
        if departure[c] > last:
            break
        run, s = trip[c], origin[c]
        k = aboard[run]
        if fewest[s] + 1 < k:
            for j in range(fewest[s], k - 1):
                if reached[s, j] < NEVER and reached[s, j] + wait[s] <= deadline[c]:
                    aboard[run], aboard_at[run] = j + 1, c
                    k = j + 1
                    break
        if k > most:
            continue
        s, at = destination[c], arrival[c]
        if k + to_go[s] > most:
            continue
        useful = True
        for j in range(fewest[s], k + 1):
            if by_trip[s, j] <= at:
                useful = False
                break
        if useful:
            for j in range(k + to_go[s] + 1):
                if best[j] <= at:  # the target is reached sooner with no more boardings
                    useful = False
                    break
        if not useful:
            continue
        by_trip[s, k], boarded[s, k], left[s, k] = at, aboard_at[run], c
        if k < fewest[s]:
            fewest[s] = k
        if at < reached[s, k]:
            reached[s, k], by_truck[s, k] = at, -1
            if s == target:
                best[k] = min(best[k], next_open(np.int64(s), np.int64(at), first, since, until))
        if truck_first[s] < truck_first[s + 1]:
            leave = next_open(np.int64(s), np.int64(at + wait[s]), first, since, until)
            if leave < NEVER:
                for place in range(truck_first[s], truck_first[s + 1]):
                    t = truck_number[place]
                    to, there = truck_to[t], leave + truck_seconds[t]
                    if there < reached[to, k]:
                        reached[to, k], by_truck[to, k] = there, t
                        if k < fewest[to]:
                            fewest[to] = k
                        if to == target:
                            best[k] = min(best[k], next_open(np.int64(to), np.int64(there), first, since, until))
        last = min(last, best[0], best[enough])  # what leaves later is beaten
    least = NEVER
    for k in range(most + 1):
        if best[k] >= least:
            best[k] = NEVER
        else:
            least = best[k]
    return best, by_trip, boarded, left, by_truck


@njit(cache=True)
def scan_profile(connections, wait, windows, trucks, back, source, target, since_time, until_time, horizon, most):
    """All (departure, delivery, boardings) from source to target that none other beats, for a range of departures.

    Scans backward once. A departure is the last instant at which the goods may be ready at the source. Returns
    ``(answers, 3)``.
    """
    origin, destination, departure, arrival, trip, deadline, trips = connections
    first, since, until = windows
    truck_seconds = trucks[3]
    back_first, back_number, truck_from = back
    stops = len(wait)
    head = np.full((stops, most + 1), -1)
    room = 1024
    key, tau, following = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    used = 0
    rest = np.full((trips, most + 1), NEVER)
    now = np.empty(most + 1, np.int64)
    direct = np.full(stops, -1)  # the truck from each stop to the target
    for place in range(back_first[target], back_first[target + 1]):
        t = back_number[place]
        s = truck_from[t]
        if direct[s] < 0 or truck_seconds[t] < truck_seconds[direct[s]]:
            direct[s] = t
    low = np.searchsorted(departure, since_time)
    high = np.searchsorted(departure, until_time + horizon, side="right")
    for c in range(high - 1, low - 1, -1):
        s, at, run = destination[c], arrival[c], trip[c]
        leave_now = NEVER
        if s == target:
            leave_now = next_open(np.int64(s), np.int64(at), first, since, until)
        if direct[s] >= 0:
            leave = next_open(np.int64(s), np.int64(at + wait[s]), first, since, until)
            if leave < NEVER:
                leave_now = min(leave_now, next_open(target, leave + truck_seconds[direct[s]], first, since, until))
        now[0] = NEVER
        changed = False
        for k in range(1, most + 1):
            value = min(rest[run, k], leave_now)
            e = head[s, k - 1]
            while e >= 0 and key[e] < at:
                e = following[e]
            if e >= 0 and tau[e] < value:
                value = tau[e]
            value = min(value, now[k - 1])
            now[k] = value
            if value < rest[run, k]:
                rest[run, k] = value
            if value < now[k - 1]:
                changed = True
        if not changed:
            continue
        s = origin[c]
        for part in range(-1, back_first[s + 1] - back_first[s]):
            if part < 0:
                r, latest = s, deadline[c] - wait[s]
            else:
                t = back_number[back_first[s] + part]
                r = truck_from[t]
                latest = last_open(r, deadline[c] - wait[s] - truck_seconds[t], first, since, until) - wait[r]
            if latest + wait[r] < since_time and r == source:
                continue
            for k in range(1, most + 1):
                value = now[k]
                if value >= NEVER or value >= now[k - 1]:
                    continue
                beaten = False
                for j in range(1, k + 1):
                    e = head[r, j]
                    while e >= 0 and key[e] < latest:
                        e = following[e]
                    if e >= 0 and tau[e] <= value:
                        beaten = True
                        break
                if beaten:
                    continue
                if used == room:
                    room *= 2
                    key, tau, following = _grown(key, room), _grown(tau, room), _grown(following, room)
                before, e = -1, head[r, k]
                while e >= 0 and tau[e] < value:  # all of these have smaller keys, for the new one is not beaten
                    before, e = e, following[e]
                while e >= 0 and key[e] <= latest:
                    e = following[e]
                key[used], tau[used], following[used] = latest, value, e
                if before < 0:
                    head[r, k] = used
                else:
                    following[before] = used
                used += 1
    return _answers(
        head, key, tau, following, wait, source, target, direct, truck_seconds, windows, since_time, until_time, most
    )


@njit(cache=True)
def _grown(values, room):
    larger = np.empty(room, values.dtype)
    larger[: len(values)] = values
    return larger


@njit(cache=True)
def _answers(
    head, key, tau, following, wait, source, target, direct, truck_seconds, windows, since_time, until_time, most
):
    """The entries of the source that start within the range and that none with fewer boardings beats."""
    first, since, until = windows
    found = []
    for k in range(1, most + 1):
        e = head[source, k]
        while e >= 0:
            ready = key[e] + wait[source]
            beaten = ready < since_time
            if not beaten:
                for j in range(1, k):
                    f = head[source, j]
                    while f >= 0 and key[f] < key[e]:
                        f = following[f]
                    if f >= 0 and tau[f] <= tau[e]:
                        beaten = True
                        break
            if not beaten and direct[source] >= 0:
                leave = next_open(source, ready, first, since, until)
                if (
                    leave < NEVER
                    and next_open(target, leave + truck_seconds[direct[source]], first, since, until) <= tau[e]
                ):
                    beaten = True
            if not beaten:
                found.append((ready, tau[e], k))
                if ready > until_time:
                    break
            e = following[e]
    answers = np.empty((len(found), 3), np.int64)
    for n in range(len(found)):
        answers[n, 0], answers[n, 1], answers[n, 2] = found[n]
    return answers
