"""The compiled loops over an event log: group by case, count what follows what, find equal paths.

Every loop here is exact; the oracles of the tests are plain Python.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def group_events(case, recode, activity, at, codes, keep_source):
    """Bring events into case order and time order.

    case ``(events,)`` in ``[-1, codes)``; recode maps codes of ``activity`` to those of the log. Cases stand in the
    order of their first appearance; events of equal time keep the order of the source.

    Returns offsets, activity, at, the code of each case, the source row of each event (empty unless keep_source) and
    the number of events that stood before an earlier one of their case.
    """
    events = case.size
    place_of = np.full(codes, -1, np.int64)
    count = np.zeros(codes + 1, np.int64)
    cases = 0
    for row in range(events):
        code = case[row]
        if code < 0 or activity[row] < 0:
            continue
        place = place_of[code]
        if place < 0:
            place = cases
            place_of[code] = place
            cases += 1
        count[place] += 1
    offsets = np.empty(cases + 1, np.int64)
    offsets[0] = 0
    for place in range(cases):
        offsets[place + 1] = offsets[place] + count[place]
        count[place] = offsets[place]
    case_codes = np.empty(cases, np.int64)
    used = offsets[cases]
    activity_out = np.empty(used, np.int32)
    at_out = np.empty(used, np.int64)
    source = np.empty(used if keep_source else 0, np.int64)
    for row in range(events):
        code = case[row]
        if code < 0 or activity[row] < 0:
            continue
        place = place_of[code]
        case_codes[place] = code
        to = count[place]
        count[place] = to + 1
        activity_out[to] = recode[activity[row]]
        at_out[to] = at[row]
        if keep_source:
            source[to] = row
    backward = 0
    for place in range(cases):
        low, high = offsets[place], offsets[place + 1]
        unsorted = 0
        for row in range(low + 1, high):
            if at_out[row] < at_out[row - 1]:
                unsorted += 1
        if unsorted == 0:
            continue
        backward += unsorted
        if high - low <= 64:
            for row in range(low + 1, high):
                moment, act = at_out[row], activity_out[row]
                origin = source[row] if keep_source else 0
                to = row
                while to > low and at_out[to - 1] > moment:
                    at_out[to] = at_out[to - 1]
                    activity_out[to] = activity_out[to - 1]
                    if keep_source:
                        source[to] = source[to - 1]
                    to -= 1
                at_out[to] = moment
                activity_out[to] = act
                if keep_source:
                    source[to] = origin
        else:
            order = np.argsort(at_out[low:high], kind="mergesort")
            at_out[low:high] = at_out[low:high][order]
            activity_out[low:high] = activity_out[low:high][order]
            if keep_source:
                source[low:high] = source[low:high][order]
    return offsets, activity_out, at_out, case_codes, source, backward


@njit(cache=True, nogil=True)
def count_followers(offsets, activity, activities):
    """Count how often each activity directly follows each other, and how often it begins and ends a case.

    Returns the matrix int64 ``(activities, activities)`` and two vectors ``(activities,)``.
    """
    follows = np.zeros((activities, activities), np.int64)
    begins = np.zeros(activities, np.int64)
    ends = np.zeros(activities, np.int64)
    for case in range(offsets.size - 1):
        low, high = offsets[case], offsets[case + 1]
        begins[activity[low]] += 1
        ends[activity[high - 1]] += 1
        for row in range(low + 1, high):
            follows[activity[row - 1], activity[row]] += 1
    return follows, begins, ends


@njit(cache=True, nogil=True)
def gather_gaps(offsets, activity, at, place_of, starts):
    """Lay the time between neighbours out edge by edge.

    place_of ``(activities, activities)`` gives the edge's number or -1; starts ``(edges + 1,)`` its first place.
    Returns int64 microseconds ``(starts[-1],)``.
    """
    cursor = starts[:-1].copy()
    gaps = np.empty(starts[-1], np.int64)
    for case in range(offsets.size - 1):
        for row in range(offsets[case] + 1, offsets[case + 1]):
            edge = place_of[activity[row - 1], activity[row]]
            if edge >= 0:
                gaps[cursor[edge]] = at[row] - at[row - 1]
                cursor[edge] += 1
    return gaps


@njit(cache=True, nogil=True)
def match_paths(offsets, activity):
    """Number the paths: cases with the very same sequence of activities bear the same number.

    A hash only finds candidates; each is confirmed event by event, so that no two different paths are ever merged.
    Returns the number of each case ``(cases,)``, and for each number a representative case and how many bear it.
    """
    cases = offsets.size - 1
    path = np.empty(cases, np.int64)
    chief = np.empty(cases, np.int64)
    bearers = np.zeros(cases, np.int64)
    digest_of = np.empty(cases, np.uint64)
    found = 0
    size = 1024
    table = np.full(size, -1, np.int64)
    for case in range(cases):
        low, high = offsets[case], offsets[case + 1]
        digest = np.uint64(0x9E3779B97F4A7C15)
        for row in range(low, high):
            digest = (digest ^ np.uint64(activity[row] + 1)) * np.uint64(0xFF51AFD7ED558CCD)
            digest ^= digest >> np.uint64(32)
        slot = np.int64(digest & np.uint64(size - 1))
        number = np.int64(-1)
        while table[slot] >= 0:
            candidate = table[slot]
            if digest_of[candidate] == digest:
                begin = offsets[chief[candidate]]
                same = offsets[chief[candidate] + 1] - begin == high - low
                row = 0
                while same and row < high - low:
                    same = activity[begin + row] == activity[low + row]
                    row += 1
                if same:
                    number = candidate
                    break
            slot = (slot + 1) & (size - 1)
        if number < 0:
            number = found
            chief[number] = case
            digest_of[number] = digest
            table[slot] = number
            found += 1
            if 2 * found > size:
                size *= 4
                table = np.full(size, -1, np.int64)
                for old in range(found):
                    slot = np.int64(digest_of[old] & np.uint64(size - 1))
                    while table[slot] >= 0:
                        slot = (slot + 1) & (size - 1)
                    table[slot] = old
        path[case] = number
        bearers[number] += 1
    return path, chief[:found].copy(), bearers[:found].copy()


@njit(cache=True, nogil=True)
def first_and_last(offsets, activity, at, wanted, after):
    """Find for each case the first and the last stamp of a set of activities at or after a moment.

    wanted: boolean ``(activities,)``; after: int64 ``(cases,)``, the moment before which stamps do not count.
    Returns two int64 vectors ``(cases,)``; the smallest integer stands where a case has none.
    """
    none = np.iinfo(np.int64).min
    cases = offsets.size - 1
    first = np.full(cases, none, np.int64)
    last = np.full(cases, none, np.int64)
    for case in range(cases):
        for row in range(offsets[case], offsets[case + 1]):
            if wanted[activity[row]] and at[row] >= after[case]:
                if first[case] == none:
                    first[case] = at[row]
                last[case] = at[row]
    return first, last


@njit(cache=True, nogil=True)
def count_repeats(offsets, activity, activities):
    """Count, per activity, the cases where it occurs, where it occurs again, and its repeats in a row and in all.

    Returns int64 ``(activities, 4)``.
    """
    counts = np.zeros((activities, 4), np.int64)
    seen_in = np.full(activities, -1, np.int64)
    again_in = np.full(activities, -1, np.int64)
    for case in range(offsets.size - 1):
        for row in range(offsets[case], offsets[case + 1]):
            act = activity[row]
            if seen_in[act] != case:
                seen_in[act] = case
                counts[act, 0] += 1
                continue
            if again_in[act] != case:
                again_in[act] = case
                counts[act, 1] += 1
            if activity[row - 1] == act:
                counts[act, 2] += 1
            counts[act, 3] += 1
    return counts
