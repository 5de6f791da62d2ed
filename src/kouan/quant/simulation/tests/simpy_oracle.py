"""The same model in simpy, written from the engine's four rules and nothing else of it: slow, plain, to be believed.

Only the random numbers are shared, for they are common by construction. Cases are processes; people are given out by
one dispatcher that wakes last at each moment.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import simpy

from kouan.quant.simulation.arrivals import Cases, channel_names, model_span
from kouan.quant.simulation.distributions import Distribution, Table
from kouan.quant.simulation.draws import mix, sample, uniform
from kouan.quant.simulation.model import STAGES, CaseClass, Model, Staff, Step

SELECT, WORK, TRADER, MEND, MEND_TRADER = 1, 2, 3, 4, 5
LAST = 5
SECOND = 1_000_000


@dataclass
class Group:
    staff: Staff
    opens: list[int]
    closes: list[int]
    free: int
    on_shift: bool = False


@dataclass
class Oracle:
    """One run: release and end of every case, and (case, step, ready, begin, end) of every visit."""

    model: Model
    cases: Cases
    until: int
    release: dict[int, int] = field(default_factory=dict)
    ended: dict[int, int] = field(default_factory=dict)
    visits: list[tuple[int, str, int, int, int]] = field(default_factory=list)

    @property
    def now(self) -> int:
        return int(self.env.now)

    def run(self) -> None:
        self.begin = model_span(self.model)[0]
        self.env = simpy.Environment(initial_time=self.begin)
        self.steps = sorted(self.model.steps, key=lambda step: STAGES.index(step.stage))
        self.place = {step.name: place for place, step in enumerate(self.steps)}
        self.phases: list[list[Step]] = []
        for before, step in zip([None, *self.steps], self.steps, strict=False):
            if before and step.side_by_side and (before.side_by_side, before.stage) == (step.side_by_side, step.stage):
                self.phases[-1].append(step)
            else:
                self.phases.append([step])
        self.channels = channel_names(self.model)
        self.waiting: list[tuple[tuple[int, int, int, int], Step, simpy.Event]] = []
        self.called = False
        self.groups = []
        for staff in self.model.staff:
            opens, closes = staff.hours.expand(self.begin, self.until)
            group = Group(staff, opens.tolist(), closes.tolist(), staff.people)
            self.groups.append(group)
            self.env.process(self.shifts(group))
        self.env.process(self.arrive())
        self.env.run()

    def shifts(self, group: Group):
        for opens, closes in zip(group.opens, group.closes, strict=True):
            yield self.env.timeout(opens - self.now)
            group.on_shift = True
            self.call()
            yield self.env.timeout(closes - self.now)
            group.on_shift = False

    def arrive(self):
        for number, begins in enumerate(self.cases.begins.tolist()):
            if begins > self.now:
                yield self.env.timeout(begins - self.now)
            self.env.process(self.case(number))

    def key(self, number: int, step: Step, lap: int, again: int) -> np.uint64:
        own = mix(np.uint64(self.cases.key[number]), np.uint64(self.place[step.name]))
        return np.uint64(mix(np.uint64(own), np.uint64(lap * 128 + again)))

    def share(self, key: np.uint64, purpose: int) -> float:
        return uniform(np.uint64(mix(key, np.uint64(purpose))))

    def time(self, distribution: Distribution, key: np.uint64, purpose: int) -> int:
        table = Table()
        row = table.add(distribution, SECOND)
        return int(sample(*table.arrays(), row, np.uint64(mix(key, np.uint64(purpose)))) + 0.5)

    def case(self, number: int):
        kind = self.model.classes[self.cases.kind[number]]
        channel = self.channels[self.cases.channel[number]]
        arrives = int(self.cases.arrives[number])
        phase = lap = 0
        while phase < len(self.phases):
            steps = self.phases[phase]
            if steps[0].stage != "before" and self.now < arrives:
                yield self.env.timeout(arrives - self.now)
            if steps[0].stage == "after":
                self.release.setdefault(number, self.now)
            backs: list[int] = []
            yield self.env.all_of(
                [
                    self.env.process(self.visit(number, kind, step, lap, backs))
                    for step in steps
                    if (not step.classes or kind.name in step.classes)
                    and (not step.channels or channel in step.channels)
                    and (step.probability >= 1 or self.share(self.key(number, step, lap, 0), SELECT) < step.probability)
                ]
            )
            if backs:
                phase, lap = min(backs), lap + 1
            else:
                phase += 1
        if self.now < arrives:
            yield self.env.timeout(arrives - self.now)
        self.release.setdefault(number, self.now)
        self.ended[number] = self.now

    def visit(self, number: int, kind: CaseClass, step: Step, lap: int, backs: list[int]):
        if step.trader is not None:
            yield self.env.timeout(self.time(step.trader, self.key(number, step, lap, 0), TRADER))
        again = 0
        while True:
            key = self.key(number, step, lap, again)
            work = self.time(step.takes_by_class.get(kind.name, step.takes), key, WORK)
            ready = self.now
            taken: list[tuple[Group, int]] = []
            if step.needs:
                turn = self.env.event()
                rank = (kind.priority + step.priority, ready, number, self.place[step.name])
                self.waiting.append((rank, step, turn))
                self.call()
                taken = yield turn
            begin = self.now
            yield self.env.timeout(self.end([group for group, _ in taken], begin, work) - begin)
            for group, people in taken:
                group.free += people
            self.call()
            self.visits.append((number, step.name, ready, begin, self.now))
            mend = step.rework
            if mend is None or mend.probability == 0:
                return
            tries = lap if mend.back_to else again
            if tries >= mend.at_most or self.share(key, MEND) >= mend.probability:
                return
            if mend.back_to:
                backs.append(
                    next(n for n, steps in enumerate(self.phases) for one in steps if one.name == mend.back_to)
                )
            if mend.trader is not None:
                yield self.env.timeout(self.time(mend.trader, key, MEND_TRADER))
            if mend.back_to:
                return
            again += 1

    def end(self, groups: list[Group], begin: int, work: int) -> int:
        """Walk the clock through the shifts of the groups that pause."""
        pausing = [group for group in groups if group.staff.at_closing == "pause" and not group.staff.hours.always]
        edges = sorted({edge for group in pausing for edge in (*group.opens, *group.closes) if edge > begin})
        now = begin
        for edge in edges:
            if all(any(o <= now < c for o, c in zip(g.opens, g.closes, strict=True)) for g in pausing):
                if now + work <= edge:
                    return now + work
                work -= edge - now
            now = edge
        return now + work

    def call(self) -> None:
        if not self.called:
            self.called = True
            wake = self.env.event()
            wake._ok, wake._value = True, None
            wake.callbacks.append(self.give)
            self.env.schedule(wake, priority=LAST)  # type: ignore[arg-type]

    def give(self, woken: simpy.Event) -> None:
        self.called = False
        self.waiting.sort(key=lambda entry: entry[0])
        for place, (_, step, turn) in enumerate(list(self.waiting)):
            taken: list[tuple[Group, int]] = []
            for need in step.needs:
                able = [
                    group
                    for group in sorted(self.groups, key=lambda group: len(group.staff.skills))
                    if group.staff.agency == need.agency
                    and need.skill in group.staff.skills
                    and group.on_shift
                    and group.free - sum(people for other, people in taken if other is group) >= need.people
                ]
                if not able:
                    break
                taken.append((able[0], need.people))
            else:
                for group, people in taken:
                    group.free -= people
                del self.waiting[place]
                turn.succeed(taken)
                self.call()
                return
