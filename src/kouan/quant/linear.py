"""Linear and mixed-integer models through HiGHS, with bounds that are computed again from the duals.

HiGHS is loaded when a model is first solved. The versions 1.15 of highspy cannot share a process with ortools 9.15
(or-tools issue 5246); 1.12 to 1.14 can, in both orders of import, and a test says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from kouan.quant.solving import Step, Stop

Outcome = Literal["optimal", "feasible", "infeasible", "unbounded", "unknown"]
INFINITY = math.inf


@dataclass(frozen=True, slots=True)
class Answer:
    """What HiGHS said of a model; ``bound`` is a lower bound of the minimum, ``None`` where nothing was proved."""

    outcome: Outcome
    objective: float | None
    bound: float | None
    values: np.ndarray | None
    row_duals: np.ndarray | None = None
    reduced_costs: np.ndarray | None = None
    history: tuple[Step, ...] = ()


class Model:
    """A minimisation over columns and rows, grown block by block.

    Columns and rows are numbered in the order of their coming. Rows may carry a name (Chinese, English) under which
    they are shown when they conflict.
    """

    def __init__(self) -> None:
        self._cost: list[np.ndarray] = []
        self._lower: list[np.ndarray] = []
        self._upper: list[np.ndarray] = []
        self._whole: list[np.ndarray] = []
        self._row_lower: list[np.ndarray] = []
        self._row_upper: list[np.ndarray] = []
        self._entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.columns = 0
        self.rows = 0

    def add_columns(self, cost: Any, lower: Any = 0.0, upper: Any = INFINITY, whole: bool = False) -> np.ndarray:
        """Add one column per entry of cost and return their numbers, in the shape of cost."""
        cost = np.asarray(cost, dtype=np.float64)
        size = cost.size
        self._cost.append(cost.ravel())
        self._lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), cost.shape).ravel())
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), cost.shape).ravel())
        self._whole.append(np.full(size, whole))
        numbers = np.arange(self.columns, self.columns + size)
        self.columns += size
        return numbers.reshape(cost.shape)

    def add_rows(self, row: Any, column: Any, value: Any, lower: Any, upper: Any, count: int) -> np.ndarray:
        """Add ``count`` rows; row counts from 0 within this block, and the three arrays broadcast to each other."""
        row, column, value = np.broadcast_arrays(
            np.asarray(row), np.asarray(column), np.asarray(value, dtype=np.float64)
        )
        self._entries.append((row.ravel().astype(np.int64) + self.rows, column.ravel().astype(np.int64), value.ravel()))
        self._row_lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), (count,)))
        self._row_upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), (count,)))
        numbers = np.arange(self.rows, self.rows + count)
        self.rows += count
        return numbers

    def arrays(self) -> dict[str, np.ndarray]:
        """The whole model as flat arrays, the matrix by columns (start, index, value)."""
        joined = {
            "cost": np.concatenate(self._cost),
            "lower": np.concatenate(self._lower),
            "upper": np.concatenate(self._upper),
            "whole": np.concatenate(self._whole),
            "row_lower": np.concatenate(self._row_lower) if self._row_lower else np.zeros(0),
            "row_upper": np.concatenate(self._row_upper) if self._row_upper else np.zeros(0),
        }
        if self._entries:
            row, column, value = (np.concatenate(parts) for parts in zip(*self._entries, strict=True))
        else:
            row, column, value = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
        order = np.lexsort((row, column))
        row, column, value = row[order], column[order], value[order]
        start = np.searchsorted(column, np.arange(self.columns + 1))
        return joined | {
            "start": start.astype(np.int32),
            "index": row.astype(np.int32),
            "value": value,
            "column": column,
        }


def solve(
    model: Model,
    stop: Stop,
    *,
    relax: bool = False,
    start: np.ndarray | None = None,
    seed: int = 0,
    fixed_lower: np.ndarray | None = None,
    fixed_upper: np.ndarray | None = None,
    watch: Callable[[float, float], None] | None = None,
    options: dict[str, Any] | None = None,
) -> Answer:
    """Minimise a model until it is settled or the rule says stop.

    relax: forget that columns are whole, and give duals. start: values of all columns, a first solution.
    fixed_lower, fixed_upper: bounds that replace those of the model. watch: told (objective, bound) at improvements.
    The gap at which HiGHS may end is 0, not its 1e-4, unless the rule asks for more.
    """
    import highspy

    parts = model.arrays()
    lower = parts["lower"] if fixed_lower is None else np.asarray(fixed_lower, dtype=np.float64)
    upper = parts["upper"] if fixed_upper is None else np.asarray(fixed_upper, dtype=np.float64)
    whole = bool(parts["whole"].any()) and not relax
    highs = highspy.Highs()
    highs.silent()
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", seed % 2**31)
    highs.setOptionValue("mip_rel_gap", float(stop.gap))
    highs.setOptionValue("mip_abs_gap", 1e-9)
    for name, value in (options or {}).items():
        highs.setOptionValue(name, value)
    if math.isfinite(stop.remaining()):
        highs.setOptionValue("time_limit", max(0.01, stop.remaining()))
    highs.passModel(_as_highs(parts, lower, upper, whole))
    if start is not None and whole:
        first = highspy.HighsSolution()
        first.col_value = list(map(float, start))
        highs.setSolution(first)
    history: list[Step] = []
    _listen(highs, stop, history, watch)
    highs.run()
    return _read(highs, parts, lower, upper, whole, tuple(history))


def _as_highs(parts: dict[str, np.ndarray], lower: np.ndarray, upper: np.ndarray, whole: bool) -> Any:
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(parts["cost"]), len(parts["row_lower"])
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = parts["cost"], lower, upper
    lp.row_lower_, lp.row_upper_ = parts["row_lower"], parts["row_upper"]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = parts["start"], parts["index"], parts["value"]
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(flag)] for flag in parts["whole"]]
    return lp


def _listen(highs: Any, stop: Stop, history: list[Step], watch: Callable[[float, float], None] | None) -> None:
    def end_when_told(event: Any) -> None:
        if stop():
            event.interrupt()

    def note(event: Any) -> None:
        found, proved = float(event.data_out.mip_primal_bound), float(event.data_out.mip_dual_bound)
        history.append(Step(stop.elapsed(), found, proved if math.isfinite(proved) else None))
        if watch is not None:
            watch(found, proved)

    highs.cbMipInterrupt += end_when_told
    highs.cbSimplexInterrupt += end_when_told
    highs.cbMipImprovingSolution += note


def _read(
    highs: Any,
    parts: dict[str, np.ndarray],
    lower: np.ndarray,
    upper: np.ndarray,
    whole: bool,
    history: tuple[Step, ...],
) -> Answer:
    import highspy

    status = highs.getModelStatus()
    kind = highspy.HighsModelStatus
    if status in (kind.kInfeasible,):
        return Answer("infeasible", None, None, None, history=history)
    if status in (kind.kUnbounded, kind.kUnboundedOrInfeasible):
        return Answer("unbounded" if status == kind.kUnbounded else "unknown", None, None, None, history=history)
    info, solution = highs.getInfo(), highs.getSolution()
    feasible = info.primal_solution_status == 2 and solution.value_valid
    values = np.array(solution.col_value, dtype=np.float64) if feasible else None
    objective = float(parts["cost"] @ values) if values is not None else None
    if whole:
        bound = float(info.mip_dual_bound)
        outcome: Outcome = (
            "optimal"
            if status == kind.kOptimal and objective is not None
            else "feasible"
            if objective is not None
            else "unknown"
        )
        return Answer(outcome, objective, bound if math.isfinite(bound) else None, values, history=history)
    duals = np.array(solution.row_dual, dtype=np.float64) if solution.dual_valid else None
    bound_of_duals = dual_bound(parts, lower, upper, duals) if duals is not None else None
    reduced = np.array(solution.col_dual, dtype=np.float64) if solution.dual_valid else None
    settled = status == kind.kOptimal and objective is not None
    return Answer(
        "optimal" if settled else "feasible" if objective is not None else "unknown",
        objective,
        bound_of_duals,
        values,
        duals,
        reduced,
        history,
    )


def dual_bound(parts: dict[str, np.ndarray], lower: np.ndarray, upper: np.ndarray, duals: np.ndarray) -> float | None:
    """A lower bound of a linear program that holds for any row duals (weak duality), ``None`` where it is -infinity."""
    up, down = np.maximum(duals, 0.0), np.minimum(duals, 0.0)
    up = np.where(np.isfinite(parts["row_lower"]), up, 0.0)
    down = np.where(np.isfinite(parts["row_upper"]), down, 0.0)
    price = up + down
    rest = parts["cost"] - np.bincount(
        parts["column"], weights=parts["value"] * price[parts["index"]], minlength=len(parts["cost"])
    )
    rows = up @ np.where(up > 0, parts["row_lower"], 0.0) + down @ np.where(down < 0, parts["row_upper"], 0.0)
    slack = 1e-9 * (1.0 + np.abs(parts["cost"]))
    reach = np.where(rest > 0, lower, upper)
    open_ended = ~np.isfinite(reach)
    if np.any(open_ended & (np.abs(rest) > slack * 1e3)):
        return None
    columns = rest @ np.where(open_ended, 0.0, reach)
    return float(rows + columns)
