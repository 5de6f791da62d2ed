"""Plain models of the same problems for the peers: HiGHS with gap 0, and CP-SAT with one worker."""

from __future__ import annotations

from typing import Any

import numpy as np

from kouan.quant import linear
from kouan.quant.solving import Result, Stop


def by_highs(model: linear.Model, stop: Stop, sign: float = 1.0) -> Result[Any]:
    """Solve a model as it stands."""
    answer = linear.solve(model, stop)
    objective = None if answer.objective is None else sign * answer.objective
    bound = None if answer.bound is None else sign * answer.bound
    status = "optimal" if answer.outcome == "optimal" else "feasible" if objective is not None else "unknown"
    return Result(status, objective, bound, None, stop.elapsed())


def by_cp_sat(model: linear.Model, stop: Stop, scale: float = 1.0, sign: float = 1.0) -> Result[Any]:
    """Solve an all-integer 0-1 model with CP-SAT; costs are multiplied by ``scale`` and rounded."""
    from ortools.sat.python import cp_model

    parts = model.arrays()
    problem = cp_model.CpModel()
    columns = [problem.new_bool_var(str(k)) for k in range(len(parts["cost"]))]
    by_row: dict[int, list[tuple[int, int]]] = {}
    for column in range(len(columns)):
        for at in range(parts["start"][column], parts["start"][column + 1]):
            by_row.setdefault(int(parts["index"][at]), []).append((column, round(float(parts["value"][at]))))
    for row, terms in by_row.items():
        total = sum(value * columns[column] for column, value in terms)
        low, high = parts["row_lower"][row], parts["row_upper"][row]
        if np.isfinite(low):
            problem.add(total >= round(float(low)))
        if np.isfinite(high):
            problem.add(total <= round(float(high)))
    problem.minimize(sum(round(float(c) * scale) * column for c, column in zip(parts["cost"], columns, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = stop.remaining()
    solver.parameters.num_workers = 1
    status = solver.solve(problem)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Result("unknown", None, sign * solver.best_objective_bound / scale, None, stop.elapsed())
    said = "optimal" if status == cp_model.OPTIMAL else "feasible"
    return Result(
        said, sign * solver.objective_value / scale, sign * solver.best_objective_bound / scale, None, stop.elapsed()
    )
