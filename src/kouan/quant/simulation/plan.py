"""A model laid out in arrays for the compiled loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kouan.quant.opening_hours import MICROSECONDS
from kouan.quant.simulation.arrivals import channel_names, model_span
from kouan.quant.simulation.distributions import Table
from kouan.quant.simulation.model import STAGES, ImpossibleModel, Model, Need, Staff

HOLD_FINISH, HOLD_PAUSE = 0, 1


class Plan(NamedTuple):
    """What the loop reads. Queues are sets of needs: steps that need the same people wait in the same queue.

    phase_first ``(phases + 1,)`` delimits steps (in order of phases); first_on_site, first_after: phases.
    applies ``(classes, channels, steps)``; takes, priority ``(classes, steps)``; trader, queue, rework_* ``(steps,)``.
    need_first ``(queues + 1,)`` delimits need_people and able_first; able lists groups for each need in order.
    of_group_first, of_group: queues that a group may serve. open_first delimits opens and closes of each group.
    turn_at, turn_group, turn_open: shifts that begin or end, by time.
    """

    phase_first: np.ndarray
    first_on_site: int
    first_after: int
    applies: np.ndarray
    chance: np.ndarray
    takes: np.ndarray
    trader: np.ndarray
    priority: np.ndarray
    queue: np.ndarray
    rework_chance: np.ndarray
    rework_trader: np.ndarray
    rework_most: np.ndarray
    rework_phase: np.ndarray
    need_first: np.ndarray
    need_people: np.ndarray
    able_first: np.ndarray
    able: np.ndarray
    of_group_first: np.ndarray
    of_group: np.ndarray
    people: np.ndarray
    holds: np.ndarray
    open_first: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    turn_at: np.ndarray
    turn_group: np.ndarray
    turn_open: np.ndarray
    kinds: np.ndarray
    figures: np.ndarray
    values: np.ndarray


@dataclass(frozen=True, slots=True)
class Laid:
    """A plan with the names behind its numbers: steps in the order of the plan, queues by their needs."""

    plan: Plan
    steps: tuple[str, ...]
    queues: tuple[tuple[Need, ...], ...]
    watched_until: int


def lay_out(model: Model) -> Laid:
    """Lay a model out. Raises ImpossibleModel when some needed people are never on duty together."""
    begin, _, _, last = model_span(model)
    # The last cases may wait long after arrivals stop; beyond this they count as unfinished.
    until = last + max(last - begin, 400 * 86_400 * MICROSECONDS)
    table = Table()
    order = sorted(range(len(model.steps)), key=lambda place: STAGES.index(model.steps[place].stage))
    steps = [model.steps[place] for place in order]
    phase_first, phase_of, phase_stage = _phases(steps)
    channels = channel_names(model)
    shape = (len(model.classes), len(steps))
    applies = np.zeros((len(model.classes), len(channels), len(steps)), dtype=np.bool_)
    takes = np.zeros(shape, dtype=np.int64)
    priority = np.zeros(shape, dtype=np.int64)
    queues: dict[tuple[Need, ...], int] = {}
    queue = np.full(len(steps), -1, dtype=np.int64)
    trader = np.full(len(steps), -1, dtype=np.int64)
    rework_trader = trader.copy()
    rework_phase = trader.copy()
    rework_chance = np.zeros(len(steps))
    rework_most = np.zeros(len(steps), dtype=np.int64)
    names = [step.name for step in steps]
    for place, step in enumerate(steps):
        if step.needs:
            queue[place] = queues.setdefault(step.needs, len(queues))
        if step.trader is not None:
            trader[place] = table.add(step.trader, MICROSECONDS)
        if step.rework is not None and step.rework.probability > 0 and step.rework.at_most > 0:
            rework_chance[place], rework_most[place] = step.rework.probability, step.rework.at_most
            if step.rework.trader is not None:
                rework_trader[place] = table.add(step.rework.trader, MICROSECONDS)
            if step.rework.back_to:
                rework_phase[place] = phase_of[names.index(step.rework.back_to)]
        for number, one in enumerate(model.classes):
            takes[number, place] = table.add(step.takes_by_class.get(one.name, step.takes), MICROSECONDS)
            priority[number, place] = one.priority + step.priority
            if step.classes and one.name not in step.classes:
                continue
            for channel, name in enumerate(channels):
                applies[number, channel, place] = not step.channels or name in step.channels
    shifts = _shifts(model, begin, until)
    _demand_duty(model, queues, shifts)
    kinds, figures, values = table.arrays()
    plan = Plan._make(
        (
            phase_first,
            next((p for p, stage in enumerate(phase_stage) if stage >= 1), len(phase_stage)),
            next((p for p, stage in enumerate(phase_stage) if stage >= 2), len(phase_stage)),
            applies,
            np.array([step.probability for step in steps]),
            takes,
            trader,
            priority,
            queue,
            rework_chance,
            rework_trader,
            rework_most,
            rework_phase,
            *_needs(model, list(queues)),
            np.array([one.people for one in model.staff], dtype=np.int64),
            np.array([_hold(one) for one in model.staff], dtype=np.int64),
            *_turns(shifts),
            kinds,
            figures,
            values,
        )
    )
    return Laid(plan, tuple(names), tuple(queues), until)


def _hold(staff: Staff) -> int:
    return HOLD_PAUSE if staff.at_closing == "pause" and not staff.hours.always else HOLD_FINISH


def _phases(steps: list) -> tuple[np.ndarray, list[int], list[int]]:
    first, phase_of, stages = [], [], []
    for place, step in enumerate(steps):
        joined = place > 0 and step.side_by_side and step.side_by_side == steps[place - 1].side_by_side
        if not joined or step.stage != steps[place - 1].stage:
            first.append(place)
            stages.append(STAGES.index(step.stage))
        phase_of.append(len(first) - 1)
    return np.array([*first, len(steps)], dtype=np.int64), phase_of, stages


def _needs(model: Model, queues: list[tuple[Need, ...]]) -> tuple[np.ndarray, ...]:
    """Needs of each queue; the groups that can fill them, those with the fewest skills first."""
    need_first, people, able_first, able = [0], [], [0], []
    serves: list[set[int]] = [set() for _ in model.staff]
    for number, needs in enumerate(queues):
        for need in needs:
            fit = [
                place
                for place, one in enumerate(model.staff)
                if one.agency == need.agency and need.skill in one.skills and one.people >= need.people
            ]
            fit.sort(key=lambda place: (len(model.staff[place].skills), place))
            able += fit
            able_first.append(len(able))
            people.append(need.people)
            for place in fit:
                serves[place].add(number)
        need_first.append(len(people))
    of_group_first = np.concatenate(([0], np.cumsum([len(one) for one in serves], dtype=np.int64))).astype(np.int64)
    of_group = [number for one in serves for number in sorted(one)]
    return (
        np.array(need_first, dtype=np.int64),
        np.array(people, dtype=np.int64),
        np.array(able_first, dtype=np.int64),
        np.array(able, dtype=np.int64),
        of_group_first,
        np.array(of_group, dtype=np.int64),
    )


def _shifts(model: Model, begin: int, until: int) -> list[tuple[np.ndarray, np.ndarray]]:
    made = {}
    for one in model.staff:
        key = id(one.hours)
        if key not in made:
            made[key] = one.hours.expand(begin, until)
    return [made[id(one.hours)] for one in model.staff]


def _turns(shifts: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, ...]:
    """Shifts of all groups in a row, and every beginning and end in order of time (ends first)."""
    lengths = [len(opens) for opens, _ in shifts]
    open_first = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))).astype(np.int64)
    nothing = np.empty(0, dtype=np.int64)
    opens = np.concatenate([opens for opens, _ in shifts] or [nothing])
    closes = np.concatenate([closes for _, closes in shifts] or [nothing])
    group = np.repeat(np.arange(len(shifts), dtype=np.int64), lengths)
    at = np.concatenate((opens, closes))
    is_open = np.repeat(np.array([True, False]), len(opens))
    order = np.lexsort((is_open, at))
    return open_first, opens, closes, at[order], np.concatenate((group, group))[order], is_open[order]


def _demand_duty(model: Model, queues: dict[tuple[Need, ...], int], shifts: list) -> None:
    """Refuse needs of people who are never on duty at one moment, for then the cases would wait for ever."""
    for needs in queues:
        moments = np.unique(
            np.concatenate(
                [
                    shifts[place][0]
                    for need in needs
                    for place, one in enumerate(model.staff)
                    if one.agency == need.agency and need.skill in one.skills
                ]
            )
        )
        possible = np.ones(len(moments), dtype=bool)
        for need in needs:
            covered = np.zeros(len(moments), dtype=bool)
            for place, one in enumerate(model.staff):
                opens, closes = shifts[place]
                if one.agency == need.agency and need.skill in one.skills and one.people >= need.people and len(opens):
                    spot = np.searchsorted(opens, moments, side="right") - 1
                    covered |= (spot >= 0) & (moments < closes[np.maximum(spot, 0)])
            possible &= covered
        if not possible.any():
            what = "、".join(f"{need.agency}.{need.skill}" for need in needs)
            raise ImpossibleModel(f"{what} 从不同时当班", f"{what} are never on duty together")
