"""Build over several periods under budgets, before it is known which demand will come.

Building is decided once; serving and turning away follow the scenario. One mixed-integer model with all scenarios
(extensive form), solved by HiGHS; where budgets and rules clash, the smallest clash is named.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kouan.quant import linear
from kouan.quant.conflicts import smallest_conflict
from kouan.quant.network.types import Expansion, Programme
from kouan.quant.solving import Result, Step, Stop

Reason = tuple[str, str]


def solve(problem: Expansion, stop: Stop, seed: int = 0) -> Result[Programme]:
    """Build so that building, serving and turning away cost least, weighted over scenarios."""
    history: list[Step] = []

    def watch(found: float, proved: float) -> None:
        history.append(stop.note(found, proved))

    model, build, flow, unmet = _model(problem)
    answer = linear.solve(model, stop, seed=seed, watch=watch)
    if answer.outcome == "infeasible":
        return Result("infeasible", None, None, None, stop.elapsed(), seed, tuple(history), _why_impossible(problem))
    if answer.values is None:
        return Result("unknown", None, answer.bound, None, stop.elapsed(), seed, tuple(history))
    chosen = answer.values[build] > 0.5
    built_in = np.where(chosen.any(axis=1), chosen.argmax(axis=1), -1)
    spent = np.where(chosen, problem.build_cost, 0.0).sum(axis=0)
    plan = Programme(built_in, spent, np.maximum(answer.values[unmet], 0.0), np.maximum(answer.values[flow], 0.0))
    served = problem.weight @ (
        (plan.flow * problem.cost).sum(axis=(1, 2, 3)) + (plan.unmet * problem.unmet_cost).sum(axis=(1, 2))
    )
    objective = float(spent.sum() + served)
    bound = None if answer.bound is None else min(answer.bound, objective)
    settled = answer.outcome == "optimal" and bound is not None and objective - bound <= 1e-7 * max(1.0, objective)
    return Result("optimal" if settled else "feasible", objective, bound, plan, stop.elapsed(), seed, tuple(history))


def _model(problem: Expansion) -> tuple[linear.Model, np.ndarray, np.ndarray, np.ndarray]:
    """Columns: build ``(projects, periods)``, flow ``(scenarios, periods, sites, customers)``, unmet demand."""
    projects, periods = problem.build_cost.shape
    scenarios, _, customers = problem.demand.shape
    sites = len(problem.standing)
    model = linear.Model()
    build = model.add_columns(problem.build_cost, 0.0, 1.0, whole=True)
    weight = problem.weight[:, None, None, None]
    flow = model.add_columns(np.broadcast_to(weight * problem.cost, (scenarios, periods, sites, customers)))
    unmet = model.add_columns(np.broadcast_to(problem.weight[:, None, None] * problem.unmet_cost, problem.demand.shape))
    every = np.arange(problem.demand.size).reshape(problem.demand.shape)
    model.add_rows(
        np.concatenate([np.broadcast_to(every[:, :, None, :], flow.shape).ravel(), every.ravel()]),
        np.concatenate([flow.ravel(), unmet.ravel()]),
        1.0,
        problem.demand.ravel(),
        problem.demand.ravel(),
        every.size,
    )
    for period in range(periods):
        for site in range(sites):
            there = np.flatnonzero(problem.site == site)
            earlier = build[there, : period + 1].ravel()
            adds = np.repeat(problem.adds[there], period + 1)
            for scenario in range(scenarios):
                model.add_rows(
                    0,
                    np.concatenate([flow[scenario, period, site], earlier]),
                    np.concatenate([np.ones(customers), -adds]),
                    -np.inf,
                    problem.standing[site],
                    1,
                )
        spans = range(period + 1) if problem.carries else range(period, period + 1)
        columns, costs = build[:, spans].ravel(), problem.build_cost[:, spans].ravel()
        if projects:
            model.add_rows(0, columns, costs, -np.inf, float(problem.budget[list(spans)].sum()), 1)
    for project in range(projects):
        least = 1.0 if project in problem.must else 0.0
        model.add_rows(0, build[project], 1.0, least, 1.0, 1)
    for later, earlier_one in problem.after:
        for period in range(periods):
            columns = np.concatenate([build[later, : period + 1], build[earlier_one, : period + 1]])
            model.add_rows(0, columns, np.repeat([1.0, -1.0], period + 1), -np.inf, 0.0, 1)
    for one, other in problem.never_both:
        model.add_rows(0, np.concatenate([build[one], build[other]]), 1.0, -np.inf, 1.0, 1)
    return model, build, flow, unmet


def _why_impossible(problem: Expansion) -> tuple[Reason, ...]:
    """The smallest set of projects that must be built, and rules, that clash under the budgets."""
    rules: list[tuple[str, tuple[int, ...]]] = [("must", (one,)) for one in problem.must]
    rules += [("after", pair) for pair in problem.after] + [("never_both", pair) for pair in problem.never_both]

    def works(kept: list[tuple[str, tuple[int, ...]]]) -> bool:
        part = replace(
            problem,
            must=tuple(ends[0] for kind, ends in kept if kind == "must"),
            after=tuple((ends[0], ends[1]) for kind, ends in kept if kind == "after"),
            never_both=tuple((ends[0], ends[1]) for kind, ends in kept if kind == "never_both"),
        )
        return linear.solve(_model(part)[0], Stop(20)).outcome != "infeasible"

    def name(project: int) -> str:
        return problem.names[project] if problem.names else str(project + 1)

    said = {
        "must": lambda e: (f"必建“{name(e[0])}”", f"'{name(e[0])}' must be built"),
        "after": lambda e: (f"“{name(e[0])}”须在“{name(e[1])}”之后", f"'{name(e[0])}' comes after '{name(e[1])}'"),
        "never_both": lambda e: (
            f"“{name(e[0])}”与“{name(e[1])}”互斥",
            f"'{name(e[0])}' and '{name(e[1])}' exclude each other",
        ),
    }
    clash = [said[kind](ends) for kind, ends in smallest_conflict(rules, works)]
    listed, english = "；".join(zh for zh, _ in clash), "; ".join(en for _, en in clash)
    return (
        (f"在各期预算下，以下要求不能同时满足：{listed}", f"under the budgets these cannot hold together: {english}"),
    )


def worth_of_money(problem: Expansion, stop: Stop, step: float) -> list[float]:
    """What ``step`` more money in each period would save in all, found by solving again with it."""
    now = solve(problem, stop).objective
    savings = []
    for period in range(len(problem.budget)):
        richer = problem.budget.copy()
        richer[period] += step
        then = solve(replace(problem, budget=richer), stop).objective
        savings.append(0.0 if now is None or then is None else max(0.0, now - then))
    return savings
