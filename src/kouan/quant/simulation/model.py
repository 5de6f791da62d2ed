"""A model of clearance: classes of cases, who arrives when, what is done in which stage, and who does it.

Times are seconds here; the engine counts in microseconds. A case runs through *phases* in the order of the steps:
neighbouring steps with the same ``side_by_side`` name form one phase and are done in parallel. Steps ``before`` may
start when the case is declared, steps ``on_site`` from arrival on, and a case is released when the last of these is
done; steps ``after`` follow release.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kouan.quant.opening_hours import ROUND_THE_CLOCK, OpeningHours
from kouan.quant.simulation.distributions import Distribution

STAGES = ("before", "on_site", "after")
MOST_STEPS = 200
MOST_NEEDS = 6
MOST_PRIORITY = 1_000_000


class ImpossibleModel(ValueError):
    """A model contradicts itself or cannot run; ``line`` is that of the model file, 0 where none is to blame."""

    def __init__(self, zh: str, en: str, line: int = 0) -> None:
        self.zh, self.en, self.line = zh, en, line
        where = (f"第 {line} 行：", f"line {line}: ") if line else ("", "")
        super().__init__(f"{where[0]}{zh} / {where[1]}{en}")


@dataclass(frozen=True, slots=True)
class Staff:
    """People of one agency with the same skills and shift.

    at_closing: ``finish`` the case in hand in overtime, or ``pause`` it until the shift comes back; nobody begins a
    case outside the shift.
    """

    agency: str
    name: str
    people: int
    skills: tuple[str, ...]
    hours: OpeningHours = ROUND_THE_CLOCK
    at_closing: str = "pause"


@dataclass(frozen=True, slots=True)
class Need:
    """People with one skill of one agency, all taken from the same staff."""

    agency: str
    skill: str
    people: int = 1


@dataclass(frozen=True, slots=True)
class Rework:
    """After a step: the share of cases that must be mended by the trader, how long that takes, and how often at most.

    back_to: the step whose phase the case goes back to; empty for the same step.
    """

    probability: float
    trader: Distribution | None = None
    at_most: int = 3
    back_to: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done to a case.

    needs: taken all together for the whole time; none makes the step a mere delay. takes: the work in seconds, by
    class where ``takes_by_class`` says so. trader: what the trader needs before the case can queue. probability: the
    share of cases selected, drawn for each case. classes, channels: whom it concerns; empty for all.
    """

    name: str
    stage: str
    takes: Distribution
    needs: tuple[Need, ...] = ()
    probability: float = 1.0
    classes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    trader: Distribution | None = None
    rework: Rework | None = None
    side_by_side: str = ""
    priority: int = 0
    takes_by_class: Mapping[str, Distribution] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseClass:
    """A kind of case. A lower priority number is served first; channels are drawn once for each case."""

    name: str
    priority: int = 0
    channels: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """Arrivals: by intervals (``every``), by a rate per day with a profile, or by a weekly timetable with delays.

    batch: how many cases each arrival brings. classes: weights. ahead: how long before arrival a case is declared.
    by_hour (24) and by_weekday (7, from Monday) are weights of the rate; ``timetable`` is seconds after Monday 0:00.
    """

    name: str
    classes: Mapping[str, float]
    every: Distribution | None = None
    per_day: float = 0.0
    by_hour: tuple[float, ...] = ()
    by_weekday: tuple[float, ...] = ()
    timetable: tuple[float, ...] = ()
    late: Distribution | None = None
    batch: Distribution = Distribution("constant", 1.0)  # noqa: RUF009 - frozen
    ahead: Distribution | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can run. days are measured, after warm_up and before cool_down days, in which cases arrive too."""

    classes: tuple[CaseClass, ...]
    sources: tuple[Source, ...]
    steps: tuple[Step, ...]
    staff: tuple[Staff, ...]
    starts: date = date(2024, 1, 1)
    days: float = 28.0
    warm_up: float = 7.0
    cool_down: float = 7.0
    zone: str = "Asia/Shanghai"
    target: float | None = None
    name: str = ""

    def __post_init__(self) -> None:
        check_model(self)


def check_model(model: Model) -> None:
    """Refuse what cannot run. Raises ImpossibleModel."""
    _unique("类别", "class", [one.name for one in model.classes])
    _unique("步骤", "step", [one.name for one in model.steps])
    _unique("到达来源", "source", [one.name for one in model.sources])
    _unique("人员组", "staff", [f"{one.agency}.{one.name}" for one in model.staff])
    if not (0 < model.days <= 36525 and 0 <= model.warm_up <= 36525 and 0 <= model.cool_down <= 36525):
        raise ImpossibleModel(
            "模拟天数应为正、预热与收尾天数不能为负", "days are above zero; warm-up and cool-down are not negative"
        )
    if len(model.steps) > MOST_STEPS:
        raise ImpossibleModel(f"步骤多于 {MOST_STEPS} 个", f"there are more than {MOST_STEPS} steps")
    classes = {one.name: one for one in model.classes}
    channels = {name for one in model.classes for name in one.channels}
    for one in model.classes:
        _weights(one.channels, f"类别“{one.name}”的通道", f"the channels of class '{one.name}'", empty=True)
        _priority(one.priority)
    for source in model.sources:
        _check_source(source, classes)
    names = [step.name for step in model.steps]
    for step in model.steps:
        _check_step(step, model, classes, channels, names)


def _check_source(source: Source, classes: Mapping[str, CaseClass]) -> None:
    where = (f"来源“{source.name}”", f"source '{source.name}'")
    _weights(source.classes, f"{where[0]}的类别", f"the classes of {where[1]}")
    for name in source.classes:
        if name not in classes:
            raise ImpossibleModel(f"{where[0]}提到未定义的类别“{name}”", f"{where[1]} names an unknown class '{name}'")
    ways = (source.every is not None) + (source.per_day > 0) + bool(source.timetable)
    if ways != 1:
        raise ImpossibleModel(
            f"{where[0]}应在 every、per_day、timetable 中恰有其一",
            f"{where[1]} needs exactly one of every, per_day and timetable",
        )
    if source.every is not None and source.every.mean <= 0:
        raise ImpossibleModel(f"{where[0]}的间隔为零", f"the interval of {where[1]} is zero")
    if source.batch.mean > 1_000_000 or source.per_day > 100_000_000:
        raise ImpossibleModel(f"{where[0]}的数量过大", f"{where[1]} brings too many cases")
    for profile, size in ((source.by_hour, 24), (source.by_weekday, 7)):
        if profile and (len(profile) != size or min(profile) < 0 or sum(profile) <= 0):
            raise ImpossibleModel(
                f"{where[0]}的时段权重应有 {size} 个非负数",
                f"a profile of {where[1]} has {size} weights of zero or more",
            )
    if any(not 0 <= moment < 7 * 86400 for moment in source.timetable):
        raise ImpossibleModel(f"{where[0]}的时刻不在一周之内", f"a time of {where[1]} lies outside the week")


def _check_step(
    step: Step, model: Model, classes: Mapping[str, CaseClass], channels: set[str], names: list[str]
) -> None:
    where = (f"步骤“{step.name}”", f"step '{step.name}'")
    if step.stage not in STAGES:
        raise ImpossibleModel(
            f"{where[0]}的阶段应为 {'、'.join(STAGES)} 之一", f"the stage of {where[1]} is one of {', '.join(STAGES)}"
        )
    for name in (*step.classes, *step.takes_by_class):
        if name not in classes:
            raise ImpossibleModel(f"{where[0]}提到未定义的类别“{name}”", f"{where[1]} names an unknown class '{name}'")
    for name in step.channels:
        if name not in channels:
            raise ImpossibleModel(
                f"{where[0]}提到未定义的通道“{name}”", f"{where[1]} names an unknown channel '{name}'"
            )
    _share(step.probability, where)
    _priority(step.priority)
    if len(step.needs) > MOST_NEEDS:
        raise ImpossibleModel(
            f"{where[0]}同时需要的人员多于 {MOST_NEEDS} 组",
            f"{where[1]} needs more than {MOST_NEEDS} kinds of people at once",
        )
    open_staff = []
    for need in step.needs:
        able = [one for one in model.staff if one.agency == need.agency and need.skill in one.skills]
        if not able:
            raise ImpossibleModel(
                f"{where[0]}需要“{need.agency}.{need.skill}”，但没有人员具备",
                f"{where[1]} needs '{need.agency}.{need.skill}', which nobody has",
            )
        if need.people < 1 or max(one.people for one in able) < need.people:
            raise ImpossibleModel(
                f"{where[0]}需要 {need.people} 名“{need.agency}.{need.skill}”，没有一组有这么多人",
                f"{where[1]} needs {need.people} of '{need.agency}.{need.skill}', more than any staff has",
            )
        open_staff.append([one for one in able if one.people >= need.people])
    if step.rework is not None:
        _share(step.rework.probability, where)
        if step.rework.at_most < 0 or step.rework.at_most > 100:
            raise ImpossibleModel(
                f"{where[0]}的返工次数上限应在 0 至 100", f"the most repeats of {where[1]} are 0 to 100"
            )
        if step.rework.back_to:
            if step.rework.back_to not in names:
                raise ImpossibleModel(
                    f"{where[0]}要退回的步骤“{step.rework.back_to}”不存在",
                    f"{where[1]} goes back to an unknown step '{step.rework.back_to}'",
                )
            target = next(one for one in model.steps if one.name == step.rework.back_to)
            if STAGES.index(target.stage) != STAGES.index(step.stage) or names.index(target.name) > names.index(
                step.name
            ):
                raise ImpossibleModel(
                    f"{where[0]}只能退回同一阶段中在它之前的步骤",
                    f"{where[1]} can only go back to an earlier step of its stage",
                )


def _unique(zh: str, en: str, names: list[str]) -> None:
    if not names and en not in ("staff",):
        raise ImpossibleModel(f"模型没有{zh}", f"the model has no {en}")
    for name in names:
        if names.count(name) > 1:
            raise ImpossibleModel(f"{zh}“{name}”重复", f"{en} '{name}' is defined twice")


def _weights(weights: Mapping[str, float], zh: str, en: str, *, empty: bool = False) -> None:
    if empty and not weights:
        return
    if not weights or any(not 0 <= weight < float("inf") for weight in weights.values()) or sum(weights.values()) <= 0:
        raise ImpossibleModel(f"{zh}应有非负且不全为零的权重", f"{en} need weights of zero or more, not all zero")


def _share(value: float, where: tuple[str, str]) -> None:
    if not 0 <= value <= 1:
        raise ImpossibleModel(f"{where[0]}的概率应在 0 与 1 之间", f"a probability of {where[1]} lies between 0 and 1")


def _priority(value: int) -> None:
    if abs(value) > MOST_PRIORITY:
        raise ImpossibleModel("优先级过大", "the priority is too large")
