"""The oracle of the boarding tests: every choice of teams and every order of each team's work, times by relaxation."""

from __future__ import annotations

import itertools
from fractions import Fraction

from kouan.quant.boarding.checking import check_plan, cost_of
from kouan.quant.boarding.problem import BoardingPlan, BoardingProblem, Placed


def cheapest(problem: BoardingProblem) -> Fraction | None:
    """Least cost over all plans, by brute force; ``None`` when there is no valid plan."""
    least: Fraction | None = None
    choices = []
    for visit in problem.visits:
        ways = list(itertools.product(*(problem.able(visit, task) for task in visit.tasks)))
        ways = [way for way in ways if len(set(way)) == len(way)]
        if visit.fixed and visit.planned:
            ways = [tuple(one.team for one in visit.planned)]
        choices.append(ways + ([()] if visit.skip_penalty is not None and not visit.fixed else []))
    for teams in itertools.product(*choices):
        work: list[list[tuple[int, int]]] = [[] for _ in problem.teams]
        for v, way in enumerate(teams):
            for k, t in enumerate(way):
                work[t].append((v, k))
        for orders in itertools.product(*(itertools.permutations(mine) for mine in work)):
            plan = _earliest(problem, teams, orders)
            if plan is not None and not check_plan(problem, plan):
                cost = cost_of(problem, plan)
                least = cost if least is None else min(least, cost)
    return least


def _earliest(problem: BoardingProblem, teams, orders) -> BoardingPlan | None:
    """Raise all starts until every rule holds; ``None`` when they chase one another."""
    starts = {}
    for v, way in enumerate(teams):
        visit = problem.visits[v]
        for k in range(len(way)):
            starts[v, k] = visit.planned[k].start if visit.fixed and visit.planned else visit.since
    for _ in range(4 * len(starts) + 4):
        before = dict(starts)
        for t, order in enumerate(orders):
            place, free = problem.teams[t].begins, problem.teams[t].since
            for v, k in order:
                visit = problem.visits[v]
                starts[v, k] = max(starts[v, k], free + problem.ways[place][visit.place])
                place, free = visit.place, starts[v, k] + visit.tasks[k].duration
        for v, k in starts:
            task = problem.visits[v].tasks[k]
            if k:
                starts[v, k] = max(starts[v, k], starts[v, 0] + task.after)
                if task.within is not None:
                    starts[v, 0] = max(starts[v, 0], starts[v, k] - task.within)
        if starts == before:
            return BoardingPlan(
                tuple(
                    tuple(Placed(t, starts[v, k]) for k, t in enumerate(way)) if way else None
                    for v, way in enumerate(teams)
                )
            )
    return None
