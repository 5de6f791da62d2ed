"""The last step of the proof: flows through time on the starts that are left, settled by HiGHS."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kouan.quant import linear
from kouan.quant.berths.bounding import Arcs
from kouan.quant.solving import Stop


class Settled(NamedTuple):
    """bound: no plan on these arcs is cheaper; used (X): how often the plan found uses each arc, or ``None``."""

    bound: float
    used: NDArray[np.float64] | None


def settle(arcs: Arcs, copies: NDArray[np.int64], ships: int, limit: int, stop: Stop, seed: int) -> Settled:
    """Look for a plan of cost at most ``limit`` on these arcs, or prove that there is none (bound above the limit).

    Each group of berths is a flow of as many units as it has berths, over the times at which some arc begins or ends;
    every ship is on exactly one arc.
    """
    model = linear.Model()
    x = model.add_columns(arcs.cost, 0.0, 1.0, whole=True)
    model.add_rows(arcs.job, x, 1.0, 1.0, 1.0, ships)
    groups = arcs.groups()
    for g in range(len(copies)):
        mine = np.flatnonzero(groups == g)
        if not len(mine):
            continue
        times = np.unique(np.concatenate([arcs.start[mine], arcs.end[mine]]))
        wait = model.add_columns(np.zeros(len(times) - 1))
        rows = np.concatenate(
            [
                np.searchsorted(times, arcs.start[mine]),
                np.searchsorted(times, arcs.end[mine]),
                np.arange(len(times) - 1),
                np.arange(1, len(times)),
            ]
        )
        columns = np.concatenate([x[mine], x[mine], wait, wait])
        values = np.repeat([1.0, -1.0, 1.0, -1.0], [len(mine), len(mine), len(wait), len(wait)])
        supply = np.zeros(len(times))
        supply[0], supply[-1] = copies[g], -copies[g]
        model.add_rows(rows, columns, values, supply, supply, len(times))
    answer = linear.solve(model, stop, seed=seed, options={"objective_bound": limit + 0.5, "mip_abs_gap": 0.999})
    if answer.outcome == "infeasible":
        return Settled(math.inf, None)
    used = None if answer.values is None else np.rint(np.asarray(answer.values[: len(x)], np.float64))
    bound = -math.inf if answer.bound is None else float(np.ceil(answer.bound - 1e-6))
    return Settled(bound, used)
