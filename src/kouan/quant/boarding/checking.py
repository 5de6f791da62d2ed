"""An independent check of a boarding plan, and its cost, from the problem alone."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from kouan.quant.boarding.problem import BoardingPlan, BoardingProblem, Placed, Visit

Fault = tuple[str, str]


def cost_of(problem: BoardingProblem, plan: BoardingPlan) -> Fraction:
    """The exact cost of a plan, in parts of the unit."""
    way, late, penalties = 0, [0], 0
    for visit, placed in zip(problem.visits, plan.visits, strict=True):
        if placed is None:
            penalties += visit.skip_penalty or 0
            continue
        if visit.until is not None:
            late += [max(0, one.start - visit.until) for one in placed]
        if visit.planned is not None:
            moved = sum(a.team != b.team for a, b in zip(visit.planned, placed, strict=True))
            penalties += problem.change_cost * moved
    for t, team in enumerate(problem.teams):
        stops = [team.begins, *(place for _, _, place, _ in _work(problem, plan, t)), team.ends]
        if len(stops) > 2:
            way += sum(problem.ways[a][b] for a, b in pairwise(stops))
    weighed = problem.travel_weight * way + problem.lateness_weight * sum(late) + problem.worst_weight * max(late)
    return Fraction(weighed, problem.divisor) + penalties


def check_plan(problem: BoardingProblem, plan: BoardingPlan) -> list[Fault]:
    """Everything that is wrong with a plan, in Chinese and English; empty for a valid plan."""
    if len(plan.visits) != len(problem.visits):
        return [("计划与登临数不符", "the plan does not have one entry per visit")]
    wrong: list[Fault] = []
    for visit, placed in zip(problem.visits, plan.visits, strict=True):
        wrong += [(f"{visit.name}：{zh}", f"{visit.name}: {en}") for zh, en in _faults(problem, visit, placed)]
    if wrong:
        return wrong
    for t, team in enumerate(problem.teams):
        place, free = team.begins, team.since
        work = _work(problem, plan, t)
        for start, duration, there, name in work:
            if start < free + problem.ways[place][there]:
                wrong.append((f"{team.name}赶不到{name}", f"{team.name} cannot reach {name} in time"))
            place, free = there, start + duration
        if work and team.until is not None and free + problem.ways[place][team.ends] > team.until:
            wrong.append((f"{team.name}超过下班时间", f"{team.name} is back after its shift"))
    return wrong


def _work(problem: BoardingProblem, plan: BoardingPlan, team: int) -> list[tuple[int, int, int, str]]:
    """Start, duration, place and name of a team's tasks in the order of their starts."""
    out = []
    for visit, placed in zip(problem.visits, plan.visits, strict=True):
        for task, one in zip(visit.tasks, placed or (), strict=False):
            if one.team == team:
                out.append((one.start, task.duration, visit.place, visit.name))
    return sorted(out, key=lambda work: work[:2])


def _faults(problem: BoardingProblem, visit: Visit, placed: tuple[Placed, ...] | None) -> list[Fault]:
    if placed is None:
        if visit.fixed or visit.skip_penalty is None:
            return [("必须登临却未安排", "has to be visited and is not")]
        return []
    if len(placed) != len(visit.tasks):
        return [("任务数不符", "does not have one team per task")]
    wrong: list[Fault] = []
    if len({one.team for one in placed}) != len(placed):
        wrong.append(("同一队伍不能同时承担两项", "one team cannot do two of its tasks"))
    anchor = placed[0].start
    for k, (task, one) in enumerate(zip(visit.tasks, placed, strict=True)):
        if not 0 <= one.team < len(problem.teams):
            wrong.append(("队伍不存在", "no such team"))
            continue
        team = problem.teams[one.team]
        if task.skill not in team.skills:
            wrong.append((f"{team.name}不具备“{task.skill}”", f"{team.name} does not have “{task.skill}”"))
        if team.seats is not None and team.seats < task.seats:
            wrong.append((f"{team.name}座位不足", f"{team.name} has too few seats"))
        if one.start < visit.since:
            wrong.append(("早于允许时间", "starts before it may"))
        if visit.last_start is not None and one.start > visit.last_start:
            wrong.append(("晚于最晚开始", "starts after its last start"))
        gap = one.start - anchor
        if k and (gap < task.after or (task.within is not None and gap > task.within)):
            wrong.append(("未按要求同时或先后登临", "the teams are not there together or in order as asked"))
    if visit.fixed and visit.planned != placed:
        wrong.append(("改动了已定安排", "moves a fixed decision"))
    return wrong
