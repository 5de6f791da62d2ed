"""The boarding problem as flat arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kouan.quant.boarding.problem import BoardingProblem

NEVER = 2**50
# columns of a visit, of a task and of a team
PLACE, SINCE, UNTIL, LAST, SKIP, FIXED, FIRST, TASKS = range(8)
DURATION, AFTER, WITHIN, PLANNED, START, OWNER, ABLE, ABLES = range(8)
BEGINS, ENDS, FROM, TO = range(4)


class Tables(NamedTuple):
    """visits (V, 8), tasks (R, 8), teams (T, 4), with the columns named above; able: the teams of each task, joined.

    SKIP -1: has to be visited. PLANNED -1: no plan. ways (P, P). costs: weights of travel, lateness, worst lateness,
    of a penalty (the divisor), of a change, and what breaking a limit costs at least.
    """

    visits: NDArray[np.int64]
    tasks: NDArray[np.int64]
    teams: NDArray[np.int64]
    able: NDArray[np.int64]
    ways: NDArray[np.int64]
    costs: NDArray[np.int64]


def build_tables(problem: BoardingProblem) -> Tables:
    """Compile the problem."""
    visits, tasks, able = [], [], []
    for v, visit in enumerate(problem.visits):
        visits.append(
            (
                *(visit.place, visit.since, _or(visit.until), _or(visit.last_start)),
                *(-1 if visit.skip_penalty is None else visit.skip_penalty, int(visit.fixed)),
                *(len(tasks), len(visit.tasks)),
            )
        )
        for k, task in enumerate(visit.tasks):
            plan = None if visit.planned is None else visit.planned[k]
            fitting = [plan.team] if plan is not None and visit.fixed else problem.able(visit, task)
            tasks.append(
                (
                    *(task.duration, task.after, _or(task.within)),
                    *((-1, 0) if plan is None else (plan.team, plan.start)),
                    *(v, len(able), len(fitting)),
                )
            )
            able += fitting
    teams = [(team.begins, team.ends, team.since, _or(team.until)) for team in problem.teams]
    ways = np.array(problem.ways, np.int64).reshape(len(problem.ways), len(problem.ways))
    return Tables(
        np.array(visits, np.int64).reshape(-1, 8),
        np.array(tasks, np.int64).reshape(-1, 8),
        np.array(teams, np.int64).reshape(-1, 4),
        np.array(able, np.int64),
        ways,
        np.array(
            [
                *(problem.travel_weight, problem.lateness_weight, problem.worst_weight),
                *(problem.divisor, problem.divisor * problem.change_cost, _broken(problem, ways)),
            ],
            np.int64,
        ),
    )


def _or(value: int | None) -> int:
    return NEVER if value is None else value


def _broken(problem: BoardingProblem, ways: NDArray[np.int64]) -> int:
    """More than the difference that any sensible choice can make."""
    tasks = sum(len(visit.tasks) for visit in problem.visits)
    farthest = int(ways.max(initial=1)) + max((t.duration for v in problem.visits for t in v.tasks), default=1)
    weight = problem.travel_weight + problem.lateness_weight + problem.worst_weight + 1
    skips = problem.divisor * sum(visit.skip_penalty or 0 for visit in problem.visits)
    changes = problem.divisor * problem.change_cost * tasks
    return weight * farthest * (tasks + 2) + skips + changes
