"""The oracle of the berth tests: every assignment and every order, each ship as early as the problem lets her."""

from __future__ import annotations

import itertools
from typing import Any

from kouan.quant.berths.checking import check_plan, cost_of
from kouan.quant.berths.problem import BerthPlan, BerthProblem


def cheapest(problem: BerthProblem, horizon: int) -> int | None:
    """Least cost over all plans, by brute force; ``None`` when there is no valid plan."""
    ships, berths = len(problem.ships), len(problem.berths)
    least: int | None = None
    stays: dict[Any, tuple[int, int] | None] = {}
    for where in itertools.product(range(berths), repeat=ships):
        if any(problem.ships[i].handling[k] is None for i, k in enumerate(where)):
            continue
        rows = [[i for i in range(ships) if where[i] == k] for k in range(berths)]
        for orders in itertools.product(*(itertools.permutations(row) for row in rows)):
            plan = _earliest(problem, where, orders, horizon, stays)
            if plan is not None and not check_plan(problem, plan):
                cost = cost_of(problem, plan)
                least = cost if least is None else min(least, cost)
    return least


def _earliest(
    problem: BerthProblem, where: Any, orders: Any, horizon: int, stays: dict[Any, tuple[int, int] | None]
) -> BerthPlan | None:
    n = len(problem.ships)
    starts, sails = [0] * n, [0] * n
    for k, order in enumerate(orders):
        free = problem.berths[k].opens
        for i in order:
            if (i, k, free) not in stays:
                stays[i, k, free] = _first_stay(problem, i, k, free, horizon)
            found = stays[i, k, free]
            if found is None:
                return None
            starts[i], sails[i] = found
            free = sails[i]
    return BerthPlan(tuple(where), tuple(starts), tuple(sails), (None,) * n)


def _first_stay(problem: BerthProblem, i: int, k: int, free: int, horizon: int) -> tuple[int, int] | None:
    """The first allowed stay of one ship alone at a berth: the checker decides what is allowed."""
    ship = problem.ships[i]
    alone = BerthProblem(
        (ship,), problem.berths, problem.water_level, problem.keel_clearance_cm, (), problem.berth_change_cost
    )
    for start in range(max(free, ship.arrival), horizon):
        for until in range(start + (ship.handling[k] or 0), horizon + 1):
            if not check_plan(alone, BerthPlan((k,), (start,), (until,), (None,))):
                return start, until
            if ship.leave is None:
                break
    return None
