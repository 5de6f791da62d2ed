"""Who serves whom once the open sites are known: nearest site, transport problem, or one site per customer."""

from __future__ import annotations

import numpy as np

from kouan.quant import linear
from kouan.quant.network.types import Location, Sites
from kouan.quant.solving import Stop


def is_uncapacitated(problem: Location) -> bool:
    """Whether any single site could serve everybody."""
    return bool(problem.capacity.min() >= problem.demand.sum())


def serve(problem: Location, chosen: np.ndarray, stop: Stop) -> tuple[float, float, Sites | None]:
    """Serve all customers from the chosen sites at least cost.

    Returns (cost with opening, a bound of it, the plan); infinite cost without a plan where it cannot be done, and a
    bound below the cost where the rule stopped the proof.
    """
    chosen = np.sort(np.asarray(chosen, dtype=np.int64))
    opening = float(problem.fixed[chosen].sum())
    cost = problem.cost[chosen]
    sites, customers = cost.shape
    everyone = np.arange(customers)
    if is_uncapacitated(problem):
        best = cost.argmin(axis=0)
        total = opening + float(cost[best, everyone].sum())
        return total, total, Sites(chosen, chosen[best], everyone, np.ones(customers))
    if problem.capacity[chosen].sum() < problem.demand.sum() * (1 - 1e-12):
        return np.inf, np.inf, None
    model = linear.Model()
    share = model.add_columns(cost, 0.0, 1.0, whole=problem.single_source)
    model.add_rows(everyone[None, :], share, 1.0, 1.0, 1.0, customers)
    model.add_rows(np.arange(sites)[:, None], share, problem.demand[None, :], -np.inf, problem.capacity[chosen], sites)
    answer = linear.solve(model, stop)
    if answer.outcome == "infeasible":
        return np.inf, np.inf, None
    bound = -np.inf if answer.bound is None else opening + answer.bound
    if answer.values is None or (answer.outcome != "optimal" and not problem.single_source):
        return np.inf, bound, None
    plan = as_sites(chosen, answer.values.reshape(sites, customers), problem.single_source)
    total = opening + float((problem.cost[plan.served_by, plan.customer] * plan.share).sum())
    return total, min(bound, total), plan


def as_sites(chosen: np.ndarray, share: np.ndarray, single_source: bool) -> Sites:
    """A plan from a table of shares ``(chosen sites, customers)``, with rounding dust swept off."""
    share = np.where(share > (0.5 if single_source else 1e-9), share, 0.0)
    share = np.round(share) if single_source else share
    share = share / np.maximum(share.sum(axis=0), 1e-300)
    site, customer = np.nonzero(share)
    return Sites(chosen, chosen[site], customer, share[site, customer])


def whole_model(problem: Location) -> tuple[linear.Model, np.ndarray, np.ndarray]:
    """The full mixed-integer model with one forcing row for each site and customer: (model, open, share)."""
    sites, customers = problem.cost.shape
    model = linear.Model()
    opened = model.add_columns(problem.fixed, 0.0, 1.0, whole=True)
    share = model.add_columns(problem.cost, 0.0, 1.0, whole=problem.single_source)
    pair = np.arange(sites * customers).reshape(sites, customers)
    model.add_rows(np.arange(customers)[None, :], share, 1.0, 1.0, 1.0, customers)
    model.add_rows(
        np.stack([pair, pair]),
        np.stack([share, np.broadcast_to(opened[:, None], share.shape)]),
        np.array([1.0, -1.0])[:, None, None],
        -np.inf,
        0.0,
        sites * customers,
    )
    if not is_uncapacitated(problem):
        limit = np.minimum(problem.capacity, problem.demand.sum())
        for site in range(sites):
            model.add_rows(
                0, np.append(share[site], opened[site]), np.append(problem.demand, -limit[site]), -np.inf, 0.0, 1
            )
        model.add_rows(0, opened, limit, float(problem.demand.sum()), np.inf, 1)
    if problem.exactly is not None:
        model.add_rows(0, opened, 1.0, problem.exactly, problem.exactly, 1)
    return model, opened, share
