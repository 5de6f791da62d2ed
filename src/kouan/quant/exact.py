"""CP-SAT in a thread of its own, so that signals are heard while it works and nothing is left when it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from kouan.quant.solving import Stop


@dataclass(frozen=True, slots=True)
class Exact:
    """What CP-SAT said of a minimisation: bound (whole), ``None`` where nothing is known; value reads a variable."""

    outcome: Literal["optimal", "feasible", "infeasible", "unknown"]
    bound: int | None
    value: Callable[[Any], int]


def run_cp_sat(model: Any, stop: Stop, seed: int, workers: int, watch: Callable[[int], None]) -> Exact:
    """Minimise a model until it is settled or the rule says stop; watch is told of every better bound."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed % 2**31
    # CP-SAT's own handler looks for its solver in the thread that hears the signal, which is not ours, and aborts.
    solver.parameters.catch_sigint_signal = False
    if stop.seconds is not None:
        solver.parameters.max_time_in_seconds = max(0.01, stop.remaining())
    bounds: list[float] = []
    solver.best_bound_callback = bounds.append
    outcome: list[Any] = []
    worker = threading.Thread(target=lambda: outcome.append(solver.solve(model)), daemon=True)
    worker.start()
    told: int | None = None
    while worker.is_alive():
        worker.join(0.05)
        if bounds and np.isfinite(bounds[-1]) and (told is None or np.ceil(bounds[-1] - 1e-6) > told):
            told = int(np.ceil(bounds[-1] - 1e-6))
            watch(told)
        if stop():
            solver.stop_search()
    if not outcome or outcome[0] == cp_model.UNKNOWN:
        return Exact("unknown", told, solver.value)
    if outcome[0] == cp_model.INFEASIBLE:
        return Exact("infeasible", None, solver.value)
    if outcome[0] not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RuntimeError(f"CP-SAT refused the model: {solver.status_name(outcome[0])}")
    bound = int(np.ceil(solver.best_objective_bound - 1e-6))
    return Exact("optimal" if outcome[0] == cp_model.OPTIMAL else "feasible", bound, solver.value)
