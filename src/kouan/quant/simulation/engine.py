"""The event loop: cases, queues and people, one microsecond-exact moment after the other.

The rules, so that another program can be written from them and give the same times entity by entity:

1. At each moment everything that happens at it is taken in first (shifts turn, cases begin, delays and work end), in
   any order; when nothing more happens at this moment, one waiting step that can begin is begun, and so on.
2. That is the waiting step with the lowest priority number among those that can begin, then the one that has waited
   longest, then that of the earlier case, then the earlier step. A step begins when every need is filled at once,
   each from the first able group that is on shift and has enough people free. Nobody is kept back for a joint step.
3. At the end of a shift work is finished in overtime, or paused until the next shift, as the group does; with several
   groups that pause, work goes on only while all of them are on shift.
4. A phase ends when all its selected steps have ended. Phases on site do not begin before arrival; release is the
   moment when the last of them has ended.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from kouan.quant.simulation.arrivals import Cases
from kouan.quant.simulation.draws import EMPIRICAL, draw, look_up, mix, sample, uniform
from kouan.quant.simulation.plan import HOLD_PAUSE, Plan
from kouan.quant.solving import Stop

HEAP, SPARE, CASE, TURN, ALIVE, STIRS, VISITS, FULLEST, AT = range(9)
_SLOT_TYPES = (np.int32, np.int16, np.int8, np.int16, np.int64, np.int64, np.int64, np.int64)
NEVER = 9_000_000_000_000_000_000
SELECT, WORK, TRADER, MEND, MEND_TRADER = 1, 2, 3, 4, 5
_GATE, _READY, _WORKING, _RESUME = 0, 1, 2, 3
MOST_WORK = 3.2e16
"""A single drawn time is cut at this many microseconds (about 1,000 years)."""
MOST_NEEDS = 6
STRETCH = 500_000
"""Moments between two looks at the stop rule."""


class Run(NamedTuple):
    """What came of one replication.

    release, ended: int64 microseconds of each case, -1 where it did not come so far. sums: per step the visits that
    began to wait in the window, their wait and their work in microseconds, float64 ``(steps, 3)``. load: per group the
    work begun in the window. The visits, if traced, by the moment they ended: case, step, and the moments when the work
    was ready, began and ended, int64 ``(visits, 3)``.
    """

    release: np.ndarray
    ended: np.ndarray
    sums: np.ndarray
    load: np.ndarray
    visit_case: np.ndarray
    visit_step: np.ndarray
    visit_at: np.ndarray


@njit(cache=True, nogil=True)
def _sample(kinds, figures, values, row, key):
    return np.int64(min(sample(kinds, figures, values, row, key), MOST_WORK) + 0.5)


@njit(cache=True, nogil=True)
def _push(times, slots, size, time, slot):
    """Add to the heap of moments; both arrays must have room."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if times[above] <= time:
            break
        times[place] = times[above]
        slots[place] = slots[above]
        place = above
    times[place] = time
    slots[place] = slot


@njit(cache=True, nogil=True)
def _before(rank, since, tie, other_rank, other_since, other_tie):
    if rank != other_rank:
        return rank < other_rank
    if since != other_since:
        return since < other_since
    return tie < other_tie


@njit(cache=True, nogil=True)
def _finish(open_first, opens, closes, groups, shift_of, now, work):
    """When work that begins now ends if it goes on only while all the groups are on shift."""
    begin = now
    while True:
        close = NEVER
        moved = False
        for group in groups:
            shift, end = shift_of[group], open_first[group + 1]
            while shift < end and closes[shift] <= begin:
                shift += 1
            if shift == end:
                return NEVER
            if opens[shift] > begin:
                begin = opens[shift]
                moved = True
                break
            close = min(close, closes[shift])
        if moved:
            continue
        if begin + work <= close:
            return begin + work
        work -= close - begin
        begin = close


@njit(cache=True, nogil=True)
def _run(
    plan, cases_in, outcome, people_now, slots, heap_time, heap_slot, unused, line, queue_now, trace, state, window
):
    """Run until the end (false), or until some array is full and the caller has to make room, or so many moments have
    passed that the caller wants to be asked (true)."""
    begins, arrives, kind, channel, keys = cases_in
    release, ended, phase_of, pending, back, lap, sums, load = outcome
    free, on_shift, shift_of, given = people_now
    v_case, v_step, v_kind, v_again, v_rank, v_since, v_tie, v_begin, v_group = slots
    waiting, stirred, stirring = queue_now
    t_case, t_step, t_time = trace
    counted_from, counted_until, traced, moments = window[0], window[1], window[2] == 1, window[3]
    phase_first = plan.phase_first
    first_on_site = plan.first_on_site
    first_after = plan.first_after
    applies = plan.applies
    chance = plan.chance
    takes = plan.takes
    trader = plan.trader
    priority = plan.priority
    queue_of = plan.queue
    rework_chance = plan.rework_chance
    rework_trader = plan.rework_trader
    rework_most = plan.rework_most
    rework_phase = plan.rework_phase
    need_first = plan.need_first
    need_people = plan.need_people
    able_first = plan.able_first
    able = plan.able
    of_group_first = plan.of_group_first
    of_group = plan.of_group
    holds = plan.holds
    open_first = plan.open_first
    opens = plan.opens
    closes = plan.closes
    turn_at = plan.turn_at
    turn_group = plan.turn_group
    turn_open = plan.turn_open
    kinds = plan.kinds
    figures = plan.figures
    values = plan.values
    cases = begins.size
    steps = queue_of.size
    phases = phase_first.size - 1
    line_room = line.size // waiting.size
    t_room = t_case.size if traced else -1
    chosen = np.empty(MOST_NEEDS, np.int64)
    heap, spare, next_case, next_turn = state[HEAP], state[SPARE], state[CASE], state[TURN]
    alive, stirs, visits, fullest, now = state[ALIVE], state[STIRS], state[VISITS], state[FULLEST], state[AT]
    resumed = now >= 0
    while True:
        if resumed:
            resumed = False
        else:
            moments -= 1
            if moments < 0:
                state[HEAP], state[SPARE], state[CASE], state[TURN] = heap, spare, next_case, next_turn
                state[ALIVE], state[STIRS], state[VISITS], state[FULLEST] = alive, stirs, visits, fullest
                state[AT] = -1
                return True
            now = NEVER
            if next_case < cases:
                now = begins[next_case]
            if heap > 0 and heap_time[0] < now:
                now = heap_time[0]
            if alive == 0 and next_case == cases:
                break
            if next_turn < turn_at.size and turn_at[next_turn] < now:
                now = turn_at[next_turn]
            if now == NEVER:
                break
            while next_turn < turn_at.size and turn_at[next_turn] <= now:
                group = turn_group[next_turn]
                if turn_open[next_turn]:
                    on_shift[group] = True
                    shift_of[group] += 1
                    for place in range(of_group_first[group], of_group_first[group + 1]):
                        queue = of_group[place]
                        if not stirred[queue] and waiting[queue] > 0:
                            stirred[queue] = True
                            stirring[stirs] = queue
                            stirs += 1
                else:
                    on_shift[group] = False
                next_turn += 1
        while True:
            if spare <= steps or fullest + 1 >= line_room or visits == t_room:
                state[HEAP], state[SPARE], state[CASE], state[TURN] = heap, spare, next_case, next_turn
                state[ALIVE], state[STIRS], state[VISITS], state[FULLEST], state[AT] = (
                    alive,
                    stirs,
                    visits,
                    fullest,
                    now,
                )
                return True
            slot = np.int64(-1)
            case = np.int64(-1)
            push_at = np.int64(-1)
            move_on = enter = begin = False
            if next_case < cases and begins[next_case] == now:
                case = next_case
                next_case += 1
                alive += 1
                move_on = True
            elif heap > 0 and heap_time[0] == now:
                slot = np.int64(heap_slot[0])
                heap -= 1
                last_time, last_slot = heap_time[heap], heap_slot[heap]
                place = np.int64(0)
                while True:
                    below = 2 * place + 1
                    if below >= heap:
                        break
                    if below + 1 < heap and heap_time[below + 1] < heap_time[below]:
                        below += 1
                    if heap_time[below] >= last_time:
                        break
                    heap_time[place] = heap_time[below]
                    heap_slot[place] = heap_slot[below]
                    place = below
                heap_time[place] = last_time
                heap_slot[place] = last_slot
                case = np.int64(v_case[slot])
                doing = v_kind[slot]
                if doing == _GATE:
                    unused[spare] = slot
                    spare += 1
                    move_on = True
                elif doing == _READY:
                    enter = True
                else:
                    step = np.int64(v_step[slot])
                    over = True
                    if doing == _WORKING:
                        queue = queue_of[step]
                        if queue >= 0:
                            base = need_first[queue]
                            for need in range(need_first[queue + 1] - base):
                                group = np.int64(v_group[slot, need])
                                free[group] += need_people[base + need]
                                if on_shift[group]:
                                    for place in range(of_group_first[group], of_group_first[group + 1]):
                                        other = of_group[place]
                                        if not stirred[other] and waiting[other] > 0:
                                            stirred[other] = True
                                            stirring[stirs] = other
                                            stirs += 1
                        if traced:
                            t_case[visits] = case
                            t_step[visits] = step
                            t_time[visits, 0] = v_since[slot]
                            t_time[visits, 1] = v_begin[slot]
                            t_time[visits, 2] = now
                            visits += 1
                        if rework_chance[step] > 0:
                            tries = v_again[slot] if rework_phase[step] < 0 else lap[case]
                            if tries < rework_most[step]:
                                own = mix(mix(keys[case], np.uint64(step)), np.uint64(lap[case] * 128 + v_again[slot]))
                                if uniform(mix(own, np.uint64(MEND))) < rework_chance[step]:
                                    over = False
                                    push_at = now
                                    if rework_trader[step] >= 0:
                                        mend = mix(own, np.uint64(MEND_TRADER))
                                        push_at += _sample(kinds, figures, values, rework_trader[step], mend)
                                    if rework_phase[step] < 0:
                                        v_again[slot] += 1
                                        v_kind[slot] = _READY
                                    else:
                                        if back[case] < 0 or rework_phase[step] < back[case]:
                                            back[case] = rework_phase[step]
                                        v_kind[slot] = _RESUME
                    if over:
                        unused[spare] = slot
                        spare += 1
                        pending[case] -= 1
                        if pending[case] == 0:
                            if back[case] >= 0:
                                phase_of[case] = back[case] - 1
                                back[case] = -1
                                lap[case] += 1
                            move_on = True
            elif stirs > 0:
                # Nothing more happens at this moment: the best step that can begin is begun.
                best = np.int64(-1)
                place = np.int64(0)
                while place < stirs:
                    queue = stirring[place]
                    fits = waiting[queue] > 0
                    if fits:
                        first, beyond = need_first[queue], need_first[queue + 1]
                        for need in range(first, beyond):
                            found = False
                            for spot in range(able_first[need], able_first[need + 1]):
                                group = able[spot]
                                if on_shift[group] and free[group] - given[group] >= need_people[need]:
                                    given[group] += need_people[need]
                                    found = True
                                    break
                            if not found:
                                fits = False
                                break
                        for spot in range(able_first[first], able_first[beyond]):
                            given[able[spot]] = 0
                    if not fits:
                        stirred[queue] = False
                        stirs -= 1
                        stirring[place] = stirring[stirs]
                        continue
                    if best < 0:
                        best = queue
                    else:
                        one, other = line[queue * line_room], line[best * line_room]
                        if _before(v_rank[one], v_since[one], v_tie[one], v_rank[other], v_since[other], v_tie[other]):
                            best = queue
                    place += 1
                if best >= 0:
                    top = best * line_room
                    slot = np.int64(line[top])
                    waiting[best] -= 1
                    size = waiting[best]
                    moved = line[top + size]
                    rank, since, tie = v_rank[moved], v_since[moved], v_tie[moved]
                    place = np.int64(0)
                    while True:
                        below = 2 * place + 1
                        if below >= size:
                            break
                        one = line[top + below]
                        if below + 1 < size:
                            other = line[top + below + 1]
                            if _before(
                                v_rank[other], v_since[other], v_tie[other], v_rank[one], v_since[one], v_tie[one]
                            ):
                                one = other
                                below += 1
                        if not _before(v_rank[one], v_since[one], v_tie[one], rank, since, tie):
                            break
                        line[top + place] = one
                        place = below
                    line[top + place] = moved
                    base = need_first[best]
                    for need in range(need_first[best + 1] - base):
                        for spot in range(able_first[base + need], able_first[base + need + 1]):
                            group = able[spot]
                            if on_shift[group] and free[group] >= need_people[base + need]:
                                free[group] -= need_people[base + need]
                                v_group[slot, need] = group
                                break
                    case = np.int64(v_case[slot])
                    begin = True
            else:
                break

            while move_on:
                # The case goes to its next phase in which something is to be done.
                phase = np.int64(phase_of[case]) + 1
                if phase >= first_on_site and arrives[case] > now:
                    spare -= 1
                    slot = np.int64(unused[spare])
                    v_case[slot] = case
                    v_kind[slot] = _GATE
                    push_at = arrives[case]
                    break
                if phase >= first_after and release[case] < 0:
                    release[case] = now
                if phase >= phases:
                    ended[case] = now
                    alive -= 1
                    break
                phase_of[case] = phase
                for step in range(phase_first[phase], phase_first[phase + 1]):
                    if not applies[kind[case], channel[case], step]:
                        continue
                    wait = np.int64(0)
                    if chance[step] < 1.0 or trader[step] >= 0:
                        own = mix(mix(keys[case], np.uint64(step)), np.uint64(lap[case] * 128))
                        if chance[step] < 1.0 and uniform(mix(own, np.uint64(SELECT))) >= chance[step]:
                            continue
                        if trader[step] >= 0:
                            wait = _sample(kinds, figures, values, trader[step], mix(own, np.uint64(TRADER)))
                    spare -= 1
                    fresh = np.int64(unused[spare])
                    pending[case] += 1
                    v_case[fresh] = case
                    v_step[fresh] = step
                    v_again[fresh] = 0
                    v_rank[fresh] = priority[kind[case], step]
                    v_tie[fresh] = case * steps + step
                    v_kind[fresh] = _READY
                    if move_on and wait == 0:
                        # The first goes straight to its queue; the others come back at the same moment.
                        slot = fresh
                        enter = True
                    else:
                        _push(heap_time, heap_slot, heap, now + wait, fresh)
                        heap += 1
                    move_on = False
            if enter:
                step = np.int64(v_step[slot])
                v_since[slot] = now
                queue = queue_of[step]
                if queue < 0:
                    begin = True
                else:
                    # A short way where nothing else happens now: the step begins or waits at once.
                    alone = stirs == 0 and waiting[queue] == 0
                    if alone and heap > 0 and heap_time[0] == now:
                        alone = False
                    if alone and next_case < cases and begins[next_case] == now:
                        alone = False
                    if alone:
                        base = need_first[queue]
                        beyond = need_first[queue + 1]
                        begin = True
                        for need in range(base, beyond):
                            found = False
                            for spot in range(able_first[need], able_first[need + 1]):
                                group = able[spot]
                                if on_shift[group] and free[group] >= need_people[need]:
                                    free[group] -= need_people[need]
                                    v_group[slot, need - base] = group
                                    found = True
                                    break
                            if not found:
                                for taken in range(base, need):
                                    free[np.int64(v_group[slot, taken - base])] += need_people[taken]
                                begin = False
                                break
                    if not begin:
                        top = queue * line_room
                        rank, tie = v_rank[slot], v_tie[slot]
                        place = waiting[queue]
                        while place > 0:
                            above = (place - 1) >> 1
                            other = line[top + above]
                            if not _before(rank, now, tie, v_rank[other], v_since[other], v_tie[other]):
                                break
                            line[top + place] = other
                            place = above
                        line[top + place] = slot
                        waiting[queue] += 1
                        fullest = max(fullest, waiting[queue])
                        if not alone and not stirred[queue]:
                            stirred[queue] = True
                            stirring[stirs] = queue
                            stirs += 1
            if begin:
                step = np.int64(v_step[slot])
                own = mix(mix(keys[case], np.uint64(step)), np.uint64(lap[case] * 128 + v_again[slot]))
                own = mix(own, np.uint64(WORK))
                row = takes[kind[case], step]
                if kinds[row] == EMPIRICAL:
                    drawn = look_up(values, np.int64(figures[row, 0]), np.int64(figures[row, 1]), uniform(own))
                else:
                    drawn = draw(kinds[row], figures[row, 0], figures[row, 1], figures[row, 2], own)
                work = np.int64(min(drawn, MOST_WORK) + 0.5)
                v_kind[slot] = _WORKING
                v_begin[slot] = now
                if counted_from <= v_since[slot] < counted_until:
                    sums[step, 0] += 1
                    sums[step, 1] += now - v_since[slot]
                    sums[step, 2] += work
                push_at = now + work
                queue = queue_of[step]
                if queue >= 0:
                    base = need_first[queue]
                    pausing = 0
                    for need in range(need_first[queue + 1] - base):
                        group = np.int64(v_group[slot, need])
                        if counted_from <= now < counted_until:
                            load[group] += np.float64(work) * need_people[base + need]
                        if holds[group] == HOLD_PAUSE:
                            chosen[pausing] = group
                            pausing += 1
                    if pausing == 1:
                        group = chosen[0]
                        shift, since = shift_of[group], now
                        push_at = NEVER
                        while shift < open_first[group + 1]:
                            since = max(since, opens[shift])
                            if since + work <= closes[shift]:
                                push_at = since + work
                                break
                            work -= closes[shift] - since
                            shift += 1
                    elif pausing > 1:
                        push_at = _finish(open_first, opens, closes, chosen[:pausing], shift_of, now, work)
                    if push_at == NEVER:
                        push_at = np.int64(-1)
            if push_at >= 0:
                place = heap
                while place > 0:
                    above = (place - 1) >> 1
                    if heap_time[above] <= push_at:
                        break
                    heap_time[place] = heap_time[above]
                    heap_slot[place] = heap_slot[above]
                    place = above
                heap_time[place] = push_at
                heap_slot[place] = slot
                heap += 1
    state[VISITS] = visits
    return False


class RunStopped(Exception):
    """The rule said stop before the replication had come to its end."""


def run_plan(
    plan: Plan, cases: Cases, counted_from: int, counted_until: int, *, traced: bool = False, stop: Stop | None = None
) -> Run:
    """Run one replication; raises RunStopped where ``stop`` says so first.

    counted_from, counted_until: visits that began to wait in this window are summed up. traced: record every visit.
    """
    count, steps, groups = len(cases), len(plan.queue), len(plan.people)
    queues = max(1, len(plan.need_first) - 1)
    release = np.full(count, -1, np.int64)
    ended = np.full(count, -1, np.int64)
    sums, load = np.zeros((steps, 3)), np.zeros(groups)
    short = [np.full(count, first, np.int16) for first in (-1, 0, -1, 0)]
    room = max(1024, 4 * steps)
    slots = (*(np.empty(room, kind) for kind in _SLOT_TYPES), np.empty((room, MOST_NEEDS), np.int16))
    heap_time, heap_slot = np.empty(room, np.int64), np.empty(room, np.int32)
    unused = np.arange(room - 1, -1, -1, dtype=np.int32)
    line = np.empty(queues * max(256, 4 * steps), np.int32)
    queue_now = (np.zeros(queues, np.int64), np.zeros(queues, np.bool_), np.empty(queues, np.int64))
    people_now = (plan.people.copy(), np.zeros(groups, np.bool_), plan.open_first[:-1] - 1, np.zeros(groups, np.int64))
    length = 2 * count * steps + 1024 if traced else 1
    trace = (np.empty(length, np.int32), np.empty(length, np.int16), np.empty((length, 3), np.int64))
    state = np.zeros(9, np.int64)
    state[SPARE], state[AT] = room, -1
    window = np.array([counted_from, counted_until, traced, STRETCH if stop else NEVER], dtype=np.int64)
    given = (cases.begins, cases.arrives, cases.kind, cases.channel, cases.key)
    outcome = (release, ended, *short, sums, load)
    while _run(
        plan, given, outcome, people_now, slots, heap_time, heap_slot, unused, line, queue_now, trace, state, window
    ):
        if stop is not None and stop():
            raise RunStopped
        if state[SPARE] <= steps:
            fresh = np.arange(2 * room - 1, room - 1, -1, dtype=np.int32)
            unused = np.concatenate((unused[: state[SPARE]], fresh, np.empty(room - state[SPARE], np.int32)))
            slots = tuple(_double(array) for array in slots)
            heap_time, heap_slot = _double(heap_time), _double(heap_slot)
            state[SPARE] += room
            room *= 2
        if state[FULLEST] + 1 >= len(line) // queues:
            line = np.concatenate((line.reshape(queues, -1),) * 2, axis=1).reshape(-1)
        if traced and state[VISITS] == len(trace[0]):
            trace = tuple(_double(array) for array in trace)
    visits = state[VISITS]
    return Run(release, ended, sums, load, *(array[:visits] for array in trace))


def _double(array: np.ndarray) -> np.ndarray:
    return np.concatenate((array, np.empty_like(array)))
