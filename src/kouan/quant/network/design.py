"""Open lines for many flows at once: fixed-charge capacitated multicommodity network design.

The relaxation carries a forcing row (flow no greater than its share of an open arc) only for those pairs of flow and
arc that a solution has violated; its bound is that of all of them. Small problems then go whole to HiGHS. Large ones
first get a plan from the arcs that the relaxation likes, and lose the arcs that no better plan can open.

Reference: T. G. Crainic, A. Frangioni, B. Gendron, "Bundle-based relaxation methods for multicommodity capacitated
fixed charge network design", Discrete Applied Mathematics 112 (2001).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np

from kouan.quant import linear
from kouan.quant.network.types import Design, Lines
from kouan.quant.solving import Result, Step, Stop


@dataclass(frozen=True, slots=True)
class Params:
    """whole_up_to: pairs of flow and arc up to which all forcing rows are given at once. rounds: of the row search."""

    whole_up_to: int = 30_000
    rounds: int = 30
    trial_share: float = 0.3


def solve(problem: Design, stop: Stop, seed: int = 0, params: Params = Params()) -> Result[Lines]:
    """Open arcs and route all flows at least cost."""
    history: list[Step] = []
    arcs, flows = len(problem.tail), len(problem.amount)
    forced = np.ones((flows, arcs), bool) if flows * arcs <= params.whole_up_to else np.zeros((flows, arcs), bool)
    relaxed = _relax(problem, forced, stop, params)
    if relaxed.outcome == "infeasible":
        return Result(
            "infeasible", None, None, None, stop.elapsed(), seed, reasons=why_impossible(problem), params=asdict(params)
        )
    bound = relaxed.bound
    best: Lines | None = None
    upper = np.ones(arcs)
    if relaxed.values is not None and not forced.all():
        best = _trial(problem, forced, relaxed, stop, seed, params)
        if best is not None:
            objective = cost_of(problem, best)
            history.append(stop.note(objective, bound))
            if relaxed.reduced_costs is not None and bound is not None:
                upper[bound + np.maximum(relaxed.reduced_costs[:arcs], 0.0) > objective * (1 + 1e-9)] = 0.0
    if stop():
        return _result(problem, best, bound, False, stop, seed, history, params)
    model = _model(problem, forced)
    limits = model.arrays()["upper"].copy()
    limits[:arcs] = upper
    start = None if best is None else _columns(problem, best)

    def watch(found: float, proved: float) -> None:
        history.append(stop.note(found, proved))

    answer = linear.solve(model, stop, start=start, seed=seed, fixed_upper=limits, watch=watch)
    if answer.values is not None:
        plan = _lines(problem, answer.values)
        if best is None or cost_of(problem, plan) < cost_of(problem, best):
            best = plan
    if answer.bound is not None:
        cut_off = math.inf if (upper == 1.0).all() or best is None else cost_of(problem, best)
        bound = max(bound if bound is not None else -math.inf, min(answer.bound, cut_off))
    return _result(problem, best, bound, answer.outcome == "optimal", stop, seed, history, params)


def _result(
    problem: Design,
    best: Lines | None,
    bound: float | None,
    settled: bool,
    stop: Stop,
    seed: int,
    history: list[Step],
    params: Params,
) -> Result[Lines]:
    if best is None:
        return Result("unknown", None, bound, None, stop.elapsed(), seed, tuple(history), params=asdict(params))
    objective = cost_of(problem, best)
    close = bound is not None and objective - bound <= 1e-7 * max(1.0, abs(objective))
    bound = min(bound, objective) if bound is not None else None
    status = "optimal" if settled and close else "feasible"
    return Result(status, objective, bound, best, stop.elapsed(), seed, tuple(history), params=asdict(params))


def cost_of(problem: Design, plan: Lines) -> float:
    """Fixed cost of the open arcs plus cost of all flow."""
    return float(problem.fixed[plan.open].sum() + plan.flow.sum(axis=0) @ problem.unit_cost)


def weak_model(problem: Design) -> linear.Model:
    """The plain mixed-integer model, without forcing rows."""
    return _model(problem, np.zeros((len(problem.amount), len(problem.tail)), bool))


def _model(problem: Design, forced: np.ndarray) -> linear.Model:
    """Columns: open ``(arcs,)``, then the share of each flow on each arc ``(flows, arcs)``."""
    arcs, flows = len(problem.tail), len(problem.amount)
    model = linear.Model()
    opened = model.add_columns(problem.fixed, 0.0, 1.0, whole=True)
    share = model.add_columns(problem.amount[:, None] * problem.unit_cost[None, :], 0.0, 1.0)
    balance = np.zeros((flows, problem.nodes))
    balance[np.arange(flows), problem.origin] = -1.0
    balance[np.arange(flows), problem.destination] = 1.0
    first = np.arange(flows)[:, None] * problem.nodes
    model.add_rows(
        np.stack([first + problem.tail, first + problem.head]),
        np.stack([share, share]),
        np.array([-1.0, 1.0])[:, None, None],
        balance.ravel(),
        balance.ravel(),
        flows * problem.nodes,
    )
    limit = np.minimum(problem.capacity, problem.amount.sum())
    model.add_rows(
        np.broadcast_to(np.arange(arcs), (flows + 1, arcs)),
        np.vstack([share, opened]),
        np.vstack([np.broadcast_to(problem.amount[:, None], (flows, arcs)), -limit]),
        -np.inf,
        0.0,
        arcs,
    )
    _force(model, problem, opened, share, *np.nonzero(forced))
    return model


def _force(
    model: linear.Model, problem: Design, opened: np.ndarray, share: np.ndarray, flow: np.ndarray, arc: np.ndarray
) -> None:
    if not len(flow):
        return
    row = np.arange(len(flow))
    most = np.minimum(1.0, problem.capacity[arc] / np.maximum(problem.amount[flow], 1e-12))
    model.add_rows(
        np.stack([row, row]),
        np.stack([share[flow, arc], opened[arc]]),
        np.stack([np.ones(len(row)), -most]),
        -np.inf,
        0.0,
        len(row),
    )


def _relax(problem: Design, forced: np.ndarray, stop: Stop, params: Params) -> linear.Answer:
    """Solve the relaxation, adding violated forcing rows to ``forced`` until none is left."""
    arcs, flows = len(problem.tail), len(problem.amount)
    best = linear.Answer("unknown", None, None, None)
    for _ in range(params.rounds):
        answer = linear.solve(_model(problem, forced), stop, relax=True)
        if answer.outcome != "optimal":
            return answer if best.values is None else best
        best = answer
        if forced.all() or answer.values is None or stop():
            break
        opened, share = answer.values[:arcs], answer.values[arcs:].reshape(flows, arcs)
        most = np.minimum(1.0, problem.capacity[None, :] / np.maximum(problem.amount[:, None], 1e-12))
        violated = (share > opened[None, :] * most + 1e-6) & ~forced
        if not violated.any():
            break
        forced |= violated
    return best


def _trial(
    problem: Design, forced: np.ndarray, relaxed: linear.Answer, stop: Stop, seed: int, params: Params
) -> Lines | None:
    """A plan from the arcs that the relaxation uses, found by HiGHS within a share of the time that is left."""
    assert relaxed.values is not None
    arcs = len(problem.tail)
    limits = np.ones(arcs + forced.size)
    liked = relaxed.values[:arcs] > 1e-6
    limits[:arcs] = np.where(liked, 1.0, 0.0)
    left = stop.remaining()
    budget = Stop(None if math.isinf(left) else left * params.trial_share, gap=max(stop.gap, 1e-3), cancelled=stop)
    answer = linear.solve(_model(problem, forced), budget, seed=seed, fixed_upper=limits)
    if answer.values is not None:
        return _lines(problem, answer.values)
    if answer.outcome == "infeasible" or stop():
        return None
    return route(problem, np.arange(arcs), stop)


def route(problem: Design, chosen: np.ndarray, stop: Stop) -> Lines | None:
    """Route all flows at least cost over the given open arcs; ``None`` where they cannot carry them."""
    arcs, flows = len(problem.tail), len(problem.amount)
    limits = np.ones(arcs + flows * arcs)
    limits[:arcs] = 0.0
    limits[chosen] = 1.0
    lower = np.zeros(len(limits))
    lower[chosen] = 1.0
    answer = linear.solve(
        _model(problem, np.zeros((flows, arcs), bool)), stop, relax=True, fixed_lower=lower, fixed_upper=limits
    )
    return None if answer.outcome != "optimal" or answer.values is None else _lines(problem, answer.values)


def _lines(problem: Design, values: np.ndarray) -> Lines:
    arcs = len(problem.tail)
    share = values[arcs:].reshape(-1, arcs)
    flow = np.where(share > 1e-9, share, 0.0) * problem.amount[:, None]
    used = flow.sum(axis=0) > 1e-9
    return Lines(np.flatnonzero(used), flow)


def _columns(problem: Design, plan: Lines) -> np.ndarray:
    opened = np.zeros(len(problem.tail))
    opened[plan.open] = 1.0
    return np.concatenate([opened, (plan.flow / np.maximum(problem.amount[:, None], 1e-12)).ravel()])


def why_impossible(problem: Design) -> tuple[tuple[str, str], ...]:
    """Name flows that conflict: a flow without any way, or a smallest set that the arcs cannot carry together."""
    from kouan.quant.conflicts import smallest_conflict

    def fits(flows: list[int]) -> bool:
        part = Design(
            problem.nodes,
            problem.tail,
            problem.head,
            problem.unit_cost,
            problem.capacity,
            problem.fixed,
            problem.origin[flows],
            problem.destination[flows],
            problem.amount[flows],
        )
        return route(part, np.arange(len(problem.tail)), Stop(20)) is not None

    clash = smallest_conflict(list(range(len(problem.amount))), fits)
    names = [
        f"{flow + 1}（{problem.origin[flow] + 1}→{problem.destination[flow] + 1}，{problem.amount[flow]:g}）"
        for flow in clash
    ]
    english = [
        f"{flow + 1} ({problem.origin[flow] + 1} to {problem.destination[flow] + 1}, {problem.amount[flow]:g})"
        for flow in clash
    ]
    if len(clash) == 1:
        return (
            (
                f"即使全部弧都开设，流 {names[0]} 也无法送达",
                f"even with all arcs open, flow {english[0]} cannot be carried",
            ),
        )
    return (
        (
            f"以下各流合起来超出网络能力，去掉任何一个即可行：{'、'.join(names)}",
            f"these flows together exceed the network, which could carry all but any one of them: {', '.join(english)}",
        ),
    )
