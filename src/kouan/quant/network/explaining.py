"""Why a plan is as it is: limits that bind, what one more unit would be worth, what the rejected would cost.

Shadow prices are those of the transport problem that remains when the open sites or arcs are kept; they hold for a
small change and while the same ones stay open.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from kouan.quant import linear
from kouan.quant.network.serving import is_uncapacitated, serve
from kouan.quant.network.types import Design, Lines, Location, Sites
from kouan.quant.solving import Stop

MOST_PRICED = 400


def explain_sites(problem: Location, plan: Sites, stop: Stop | None = None) -> dict[str, Any]:
    """For each open site its load, the worth of one more unit of room and the loss without it; for each customer the
    cost of one more unit of demand; for each closed site the change of cost if it were opened as well.

    Exact where demand may be shared; with one site per customer the prices are those of the shared problem.
    """
    stop = stop or Stop(60)
    shared = Location(problem.fixed, problem.capacity, problem.demand, problem.cost, False, None)
    opened = np.sort(plan.open)
    load = np.bincount(plan.served_by, plan.share * problem.demand[plan.customer], len(problem.fixed))
    now, _, _ = serve(shared, opened, stop)
    room, per_unit = _transport_prices(shared, opened, stop)
    sites: list[dict[str, Any]] = []
    for place, site in enumerate(opened.tolist()):
        without, _, _ = (
            serve(shared, np.delete(opened, place), stop) if len(opened) > 1 and not stop() else (np.inf, 0, None)
        )
        sites.append(
            {
                "site": site + 1,
                "load": float(load[site]),
                "capacity": float(problem.capacity[site]) if np.isfinite(problem.capacity[site]) else None,
                "binding": bool(load[site] >= problem.capacity[site] * (1 - 1e-7)),
                "worth_of_one_more_unit": float(room[place]),
                "change_without_it": float(without - now) if np.isfinite(without) else None,
            }
        )
    closed = []
    for site in np.setdiff1d(np.arange(len(problem.fixed)), opened)[:MOST_PRICED].tolist():
        if stop():
            break
        more, _, _ = serve(shared, np.append(opened, site), stop)
        closed.append({"site": site + 1, "change_if_opened_too": float(more - now) if np.isfinite(more) else None})
    customers = [
        {"customer": customer + 1, "cost_of_one_more_unit": float(price)} for customer, price in enumerate(per_unit)
    ]
    return {"open_sites": sites, "closed_sites": closed, "customers": customers}


def _transport_prices(problem: Location, opened: np.ndarray, stop: Stop) -> tuple[np.ndarray, np.ndarray]:
    """Worth of a unit of room at each open site, and cost of one more unit of demand of each customer."""
    unit = problem.cost[opened] / np.where(problem.demand > 0, problem.demand, np.inf)[None, :]
    if is_uncapacitated(problem):
        return np.zeros(len(opened)), unit.min(axis=0)
    model = linear.Model()
    amount = model.add_columns(unit)
    sites, customers = unit.shape
    demand = model.add_rows(np.arange(customers)[None, :], amount, 1.0, problem.demand, problem.demand, customers)
    limit = np.minimum(problem.capacity[opened], problem.demand.sum())
    room = model.add_rows(np.arange(sites)[:, None], amount, 1.0, -np.inf, limit, sites)
    answer = linear.solve(model, stop)
    if answer.row_duals is None:
        return np.full(sites, np.nan), np.full(customers, np.nan)
    return -answer.row_duals[room], answer.row_duals[demand]


def explain_lines(problem: Design, plan: Lines, stop: Stop | None = None) -> dict[str, Any]:
    """For each open arc its load and the worth of a unit of capacity; for each flow the cost of one more unit."""
    stop = stop or Stop(60)
    flows, nodes, opened = len(problem.amount), problem.nodes, plan.open
    model = linear.Model()
    amount = model.add_columns(np.broadcast_to(problem.unit_cost[opened], (flows, len(opened))))
    need = np.zeros((flows, nodes))
    need[np.arange(flows), problem.origin] = -problem.amount
    need[np.arange(flows), problem.destination] = problem.amount
    first = np.arange(flows)[:, None] * nodes
    balance = model.add_rows(
        np.stack([first + problem.tail[opened], first + problem.head[opened]]),
        np.stack([amount, amount]),
        np.array([-1.0, 1.0])[:, None, None],
        need.ravel(),
        need.ravel(),
        flows * nodes,
    )
    limits = model.add_rows(
        np.arange(len(opened))[None, :], amount, 1.0, -np.inf, problem.capacity[opened], len(opened)
    )
    answer = linear.solve(model, stop)
    load = plan.flow.sum(axis=0)
    if answer.row_duals is None:
        return {"arcs": [], "flows": []}
    worth, price = -answer.row_duals[limits], answer.row_duals[balance].reshape(flows, nodes)
    return {
        "arcs": [
            {
                "arc": int(arc) + 1,
                "from": int(problem.tail[arc]) + 1,
                "to": int(problem.head[arc]) + 1,
                "load": float(load[arc]),
                "capacity": float(problem.capacity[arc]),
                "binding": bool(load[arc] >= problem.capacity[arc] * (1 - 1e-7)),
                "worth_of_one_more_unit": float(worth[k]),
            }
            for k, arc in enumerate(opened.tolist())
        ],
        "flows": [
            {
                "flow": k + 1,
                "cost_of_one_more_unit": float(price[k, problem.destination[k]] - price[k, problem.origin[k]]),
            }
            for k in range(flows)
        ],
    }
