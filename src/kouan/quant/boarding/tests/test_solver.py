"""Boarding plans against brute force, and what the solver must never do."""

from __future__ import annotations

import dataclasses
import random

import pytest

from kouan.quant.boarding.bounding import successor_bound
from kouan.quant.boarding.checking import check_plan, cost_of
from kouan.quant.boarding.problem import BadBoardingProblem, BoardingProblem, Placed, Task, Team, Visit
from kouan.quant.boarding.solver import BoardingParams, solve
from kouan.quant.boarding.tables import build_tables
from kouan.quant.boarding.tests.exhaustive import cheapest
from kouan.quant.solving import Stop

QUICK = BoardingParams(moves=100, runs=2, workers=2)
SKILLS = ("海事", "海关", "边检")


def make_day(chance: random.Random, visits: int, rich: bool) -> BoardingProblem:
    """A few ships, three teams, together or in order; if rich also shifts, seats, limits, and visits to leave out."""
    points = [(chance.randint(0, 9), chance.randint(0, 9)) for _ in range(visits + 1)]
    ways = tuple(tuple(abs(a - c) + abs(b - d) for c, d in points) for a, b in points)
    teams = [Team(f"{i}", frozenset(chance.sample(SKILLS, chance.randint(1, 3)))) for i in range(2)]
    teams.append(Team("2", frozenset(SKILLS)))
    calls = []
    for v in range(visits):
        second = chance.choice([None, (0, 0), (3, 8), (2, None)])
        tasks = [Task(chance.choice(SKILLS), chance.randint(1, 6))]
        if second:
            tasks.append(Task(chance.choice(SKILLS), chance.randint(1, 6), *second))
        since = chance.randint(0, 25)
        calls.append(Visit(f"船{v}", v + 1, tuple(tasks), since, since + chance.randint(2, 10)))
    if rich:
        teams = [
            dataclasses.replace(
                t, since=chance.randint(0, 6), until=chance.choice([None, 60]), seats=chance.choice([1, 3])
            )
            for t in teams
        ]
        for v, visit in enumerate(calls):
            tasks = tuple(dataclasses.replace(task, seats=chance.choice([0, 0, 2])) for task in visit.tasks)
            plan = tuple(Placed(chance.randrange(3), visit.since + task.after) for task in tasks)
            calls[v] = dataclasses.replace(
                visit,
                tasks=tasks,
                last_start=chance.choice([None, visit.since + 15]),
                skip_penalty=chance.choice([None, 8, 30]),
                planned=chance.choice([None, plan]),
            )
    weights = (1, 1, 1) if not rich else (chance.randint(0, 2), 3, chance.randint(0, 2))
    return BoardingProblem(tuple(calls), tuple(teams), ways, 1, *weights, divisor=3, change_cost=2 if rich else 0)


@pytest.mark.parametrize("seed", range(24))
def test_small_days_reach_the_brute_force_optimum(seed):
    """Least cost, proved, or the proof that there is no plan; the assignment bound is below it."""
    try:
        problem = make_day(random.Random(seed), 3, rich=seed % 2 == 1)
    except BadBoardingProblem:
        return
    least = cheapest(problem)
    try:
        result = solve(problem, Stop(None), seed, QUICK)
    except BadBoardingProblem:
        assert least is None
        return
    if least is None:
        assert result.status == "infeasible" and result.reasons
        return
    assert result.status == "optimal" and result.objective == result.bound == float(least)
    assert not check_plan(problem, result.found()) and cost_of(problem, result.found()) == least
    assert successor_bound(build_tables(problem)) <= least * problem.divisor


def test_visits_that_cross_are_found_by_the_exact_search():
    """One team goes from ship one to ship two, the other from two to the later task of one: only so is nobody late."""
    early, late = Task("海事", 1), Task("海关", 1, 50, 60)
    one = Visit("一", 0, (early, late), 0, 55)
    two = Visit(
        "二", 0, (dataclasses.replace(late, after=0, within=0), dataclasses.replace(early, after=30, within=40)), 10, 45
    )
    teams = (Team("甲", frozenset({"海事"})), Team("乙", frozenset({"海关"})))
    problem = BoardingProblem((one, two), teams, ((0,),))
    result = solve(problem, Stop(None), 0, QUICK)
    assert (result.status, result.objective) == ("optimal", 0)


def test_a_decision_that_stands_is_kept():
    """When an arrival moves, the visit under way stays and a change of team costs."""
    task = (Task("海事", 10),)
    teams = (Team("甲", frozenset({"海事"})), Team("乙", frozenset({"海事"})))
    ways = ((0, 5, 5), (5, 0, 1), (5, 1, 0))
    under_way = Visit("一", 1, task, 0, 50, planned=(Placed(0, 6),), fixed=True)
    moved = Visit("二", 2, task, 40, 60, planned=(Placed(1, 20),))
    dear = BoardingProblem((under_way, moved), teams, ways, change_cost=100)
    cheap = dataclasses.replace(dear, change_cost=0)
    assert [placed[0].team for placed in solve(dear, Stop(None), 0, QUICK).found().visits if placed] == [0, 1]
    result = solve(cheap, Stop(None), 0, QUICK).found()
    assert result.visits[0] == (Placed(0, 6),) and result.visits[1] is not None and result.visits[1][0].team == 0


def test_no_time_gives_no_wrong_optimum():
    """With a time limit of zero the first plan comes back with an honest bound."""
    problem = make_day(random.Random(5), 12, rich=False)
    result = solve(problem, Stop(0), 0)
    assert result.status in ("feasible", "unknown")
    if result.solution is not None:
        assert not check_plan(problem, result.solution)
        assert result.bound is not None and result.objective is not None and result.bound <= result.objective


def test_too_few_different_teams_are_named():
    """Two tasks that only one team can do cannot be a joint visit."""
    visit = Visit("江海一号", 0, (Task("海事", 1), Task("海事", 1)))
    with pytest.raises(BadBoardingProblem, match="江海一号"):
        solve(BoardingProblem((visit,), (Team("甲", frozenset({"海事"})),), ((0,),)), Stop(None), 0, QUICK)


@pytest.mark.parametrize(
    "make",
    [
        lambda t: BoardingProblem((), (t,), ((0, 1),)),  # the table of ways is not square
        lambda t: BoardingProblem((), (t,), ((-1,),)),  # a negative way
        lambda t: BoardingProblem((), (dataclasses.replace(t, begins=3),), ((0,),)),  # begins nowhere
        lambda t: BoardingProblem((), (dataclasses.replace(t, since=5, until=5),), ((0,),)),  # an empty shift
        lambda t: BoardingProblem((Visit("a", 0, ()),), (t,), ((0,),)),  # nothing to do
        lambda t: BoardingProblem((Visit("a", 2, (Task("s", 1),)),), (t,), ((0,),)),  # no such place
        lambda t: BoardingProblem((Visit("a", 0, (Task("x", 1),)),), (t,), ((0,),)),  # nobody can
        lambda t: BoardingProblem((Visit("a", 0, (Task("s", -1),)),), (t,), ((0,),)),  # negative duration
        lambda t: BoardingProblem((Visit("a", 0, (Task("s", 1),), 9, 3),), (t,), ((0,),)),  # window runs backward
        lambda t: BoardingProblem((Visit("a", 0, (Task("s", 1),), fixed=True),), (t,), ((0,),)),  # fixed to nothing
        lambda t: BoardingProblem((), (t,), ((0,),), divisor=0),
    ],
)
def test_contradictions_are_refused(make):
    """A problem that contradicts itself cannot be made."""
    with pytest.raises(BadBoardingProblem):
        make(Team("甲", frozenset({"s"})))


def test_the_visits_that_clash_are_named_and_no_others():
    """One team cannot start at two ships within the same two minutes; the third visit is free."""
    task = Task("海关", 10)
    visits = (
        Visit("甲", 0, (task,), last_start=2),
        Visit("丙", 0, (task,)),
        Visit("乙", 0, (task,), last_start=2),
    )
    problem = BoardingProblem(visits, (Team("一", frozenset({"海关"})),), ((0,),))
    result = solve(problem, Stop(None), 0, QUICK)
    said = result.reasons[0][0]
    assert result.status == "infeasible"
    assert "甲" in said and "乙" in said and "丙" not in said
