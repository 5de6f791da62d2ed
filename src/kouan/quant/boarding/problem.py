"""Visits that need several teams, teams with skills, seats and shifts, and the ways between the places.

Times and distances are whole numbers of ``unit`` parts (unit 1000: thousandths of a minute). The cost of a plan is

    (travel_weight x way travelled + lateness_weight x sum of lateness + worst_weight x largest lateness) / divisor
  + the penalties of the visits left out + change_cost for every team that is not the planned one,

in parts of the unit. Lateness is counted for every task, from the end of the visit's window to the task's start.
With all weights 1 and divisor 3 this is the cost of the HHCRSP benchmark (Mankowska, Meisel and Bierwirth 2014;
Ceschia, Di Gaspero, Rosati and Schaerf 2024).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kouan.quant.reading import UnusableProblem

LARGEST = 2**40


class BadBoardingProblem(UnusableProblem):
    """A problem that contradicts itself; says which visit or team, and why."""


@dataclass(frozen=True, slots=True)
class Task:
    """What one team does aboard.

    after, within: start, counted from the start of the visit's first task: at least ``after`` later and at most
    ``within`` later (``None``: no limit). Both 0 is the same moment. The first task has 0 and 0.
    """

    skill: str
    duration: int
    after: int = 0
    within: int | None = 0
    seats: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A task of a plan: who, and when it starts."""

    team: int
    start: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One ship to board; every task by another team.

    since: no task starts earlier (window, or end of quarantine). until: later is late. last_start: later is not
    allowed. skip_penalty: cost of leaving the visit out, ``None`` where it has to be. planned: the earlier plan, task
    by task. fixed: that plan stands.
    """

    name: str
    place: int
    tasks: tuple[Task, ...]
    since: int = 0
    until: int | None = None
    last_start: int | None = None
    skip_penalty: int | None = None
    planned: tuple[Placed, ...] | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Team:
    """A team with its boat or car: skills of its crew, seats, its shift and where it begins and ends.

    It sets out at ``since`` and, where ``until`` is given, has to be back by then.
    """

    name: str
    skills: frozenset[str]
    begins: int = 0
    ends: int = 0
    since: int = 0
    until: int | None = None
    seats: int | None = None


@dataclass(frozen=True, slots=True)
class BoardingProblem:
    """One day. ways[a][b] is the time and the distance from place a to place b."""

    visits: tuple[Visit, ...]
    teams: tuple[Team, ...]
    ways: tuple[tuple[int, ...], ...]
    unit: int = 1
    travel_weight: int = 1
    lateness_weight: int = 1
    worst_weight: int = 1
    divisor: int = 1
    change_cost: int = 0
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        places = len(self.ways)
        if any(len(row) != places for row in self.ways):
            raise BadBoardingProblem("路程表不是方阵", "the table of ways is not square")
        if any(not 0 <= x <= LARGEST for row in self.ways for x in row):
            raise BadBoardingProblem("路程有负数或过大的数", "the table of ways has a negative or too large number")
        if not 0 < self.divisor <= 1000 or self.unit <= 0:
            raise BadBoardingProblem("除数或单位无效", "the divisor or the unit is not valid")
        weights = (self.travel_weight, self.lateness_weight, self.worst_weight, self.change_cost)
        if any(not 0 <= w <= LARGEST for w in weights):
            raise BadBoardingProblem("权重有负数或过大的数", "a weight is negative or too large")
        for team in self.teams:
            _check_team(team, places)
        for visit in self.visits:
            _check_visit(visit, self)

    def able(self, visit: Visit, task: Task) -> list[int]:
        """The teams that have the skill and the seats for a task."""
        return [
            t
            for t, team in enumerate(self.teams)
            if task.skill in team.skills and (team.seats is None or team.seats >= task.seats)
        ]


@dataclass(frozen=True, slots=True)
class BoardingPlan:
    """visits[i][k] is who does task k of visit i and when; ``None`` for a visit that is left out.

    The order of a team's work is the order of its starts.
    """

    visits: tuple[tuple[Placed, ...] | None, ...]


def _check_team(team: Team, places: int) -> None:
    if not (0 <= team.begins < places and 0 <= team.ends < places):
        raise BadBoardingProblem(f"队伍{team.name}的起讫地点不存在", f"team {team.name} begins or ends at no place")
    if not 0 <= team.since <= LARGEST or (team.until is not None and not team.since < team.until <= LARGEST):
        raise BadBoardingProblem(f"队伍{team.name}的班次无效", f"the shift of team {team.name} is not valid")


def _check_visit(visit: Visit, problem: BoardingProblem) -> None:
    zh, en = f"登临{visit.name}", f"visit {visit.name}"
    if not 0 <= visit.place < len(problem.ways):
        raise BadBoardingProblem(f"{zh}的地点不存在", f"{en} is at no place")
    if not visit.tasks:
        raise BadBoardingProblem(f"{zh}没有任务", f"{en} has no task")
    numbers = [visit.since, visit.until, visit.last_start, visit.skip_penalty]
    numbers += [x for task in visit.tasks for x in (task.duration, task.after, task.within, task.seats)]
    if any(x is not None and not 0 <= x <= LARGEST for x in numbers):
        raise BadBoardingProblem(f"{zh}有负数或过大的数值", f"{en} has a negative or too large number")
    if visit.until is not None and visit.until < visit.since:
        raise BadBoardingProblem(f"{zh}的时窗先止后起", f"the window of {en} ends before it begins")
    if visit.last_start is not None and visit.last_start < visit.since:
        raise BadBoardingProblem(f"{zh}的最晚开始早于最早开始", f"{en} has to start before it may start")
    first = visit.tasks[0]
    if first.after or first.within not in (0, None):
        raise BadBoardingProblem(f"{zh}的首项任务不得有先后间隔", f"the first task of {en} has a gap to itself")
    for task in visit.tasks:
        if task.within is not None and task.within < task.after:
            raise BadBoardingProblem(
                f"{zh}的任务间隔上限小于下限", f"{en} has a task whose largest gap is below its smallest"
            )
        if not problem.able(visit, task) and visit.skip_penalty is None:
            raise BadBoardingProblem(f"{zh}：没有队伍能做“{task.skill}”", f"{en}: no team can do “{task.skill}”")
    if visit.fixed and visit.planned is None:
        raise BadBoardingProblem(f"{zh}标为已定却没有计划", f"{en} is fixed but has no plan")
    if visit.planned is not None and (
        len(visit.planned) != len(visit.tasks)
        or any(not 0 <= p.team < len(problem.teams) or not 0 <= p.start <= LARGEST for p in visit.planned)
    ):
        raise BadBoardingProblem(f"{zh}的原计划与任务或队伍不符", f"the earlier plan of {en} does not fit its tasks")
