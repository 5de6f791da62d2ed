"""Lower bounds by the volume algorithm, and removal of the starts that no better plan can use.

References: Barahona and Anbil (2000), the volume algorithm; Kramer, Lalla-Ruiz, Iori and Voss (2019), time-indexed
formulations of the dynamic berth allocation problem; Pessoa, Uchoa, Poggi and Rodrigues (2010), arc-time-indexed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kouan.quant.berths.pricing import hopeless, list_arcs, price
from kouan.quant.berths.tables import Tables

GRAIN = 1024.0  # prices are multiples of 1/GRAIN, so that sums are exact


class Arcs(NamedTuple):
    """Possible starts, sorted by group, time and ship; pointer (G, T+2) says where each time begins."""

    job: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    cost: NDArray[np.float64]
    opening: NDArray[np.bool_]
    pointer: NDArray[np.int64]

    def groups(self) -> NDArray[np.int64]:
        """The group of each arc."""
        return np.repeat(np.arange(len(self.pointer)), self.pointer[:, -1] - self.pointer[:, 0])

    def only(self, keep: NDArray[np.bool_]) -> Arcs:
        """The arcs that are marked."""
        kept = np.concatenate([[0], np.cumsum(keep)])
        job, start, end, cost, opening, pointer = self
        return Arcs(job[keep], start[keep], end[keep], cost[keep], opening[keep], kept[pointer])


@dataclass(slots=True)
class Node:
    """Arcs that are still possible, the best prices found, the bound they prove, and how often paths use each arc."""

    arcs: Arcs
    prices: NDArray[np.float64]
    bound: float
    share: NDArray[np.float64] | None = None


def first_arcs(tables: Tables, least: NDArray[np.int64], limit: int) -> Arcs:
    """All arcs that a plan of cost at most ``limit`` can use; least (n) is what each ship costs at the very least."""
    data = (tables.cards, tables.next_start, tables.departure)
    highest = limit - int(least.sum()) + least
    pointer = np.zeros((len(tables.copies), tables.horizon + 2), np.int64)
    empty = np.zeros(0, np.int64)
    x = list_arcs(*data, highest, True, empty, empty, empty, np.zeros(0), np.zeros(0, bool), pointer)
    job, start, end = (np.empty(x, np.int64) for _ in range(3))
    arcs = Arcs(job, start, end, np.empty(x, np.float64), np.empty(x, np.bool_), pointer)
    list_arcs(*data, highest, False, *arcs)
    last = int(arcs.end.max(initial=0))
    return arcs._replace(pointer=np.ascontiguousarray(pointer[:, : last + 2]))


def prices_from_times(
    arcs: Arcs, copies: NDArray[np.int64], hourly: NDArray[np.float64], n: int
) -> NDArray[np.float64]:
    """What each ship would pay if each unit of time at a berth had this price (G, T): her cheapest start."""
    total = np.concatenate([np.zeros((len(copies), 1)), np.cumsum(hourly, axis=1)], axis=1)
    groups = arcs.groups()
    paid = arcs.cost + total[groups, arcs.end] - total[groups, arcs.start]
    least = np.full(n, 2.0**40)
    np.minimum.at(least, arcs.job, paid)
    return np.round(least * GRAIN) / GRAIN


class Bounder:
    """Raises the bound of nodes and thins their arcs. ``limit`` is the cost of the best plan known, minus one."""

    def __init__(self, tables: Tables, limit: float) -> None:
        self.tables, self.limit = tables, limit
        self.n = tables.cards.shape[1]

    def evaluate(self, arcs: Arcs, prices: NDArray[np.float64], strong: bool) -> _Priced:
        """Price the berths once."""
        value, after = np.empty(len(arcs.job)), np.empty(len(arcs.job), np.int64)
        count, best, visited = np.empty(self.n), np.empty(len(self.tables.copies)), np.empty(len(arcs.job))
        bound = price(self.tables.cards, self.tables.copies, arcs, prices, strong, value, after, count, best, visited)
        return _Priced(bound, count, visited, value, best)

    def thin(self, node: Node) -> bool:
        """Drop the arcs that no better plan can use; false when a ship has none left."""
        priced = self.evaluate(node.arcs, node.prices, True)
        node.bound = max(node.bound, priced.bound)
        if node.bound > self.limit:
            return False
        keep = np.empty(len(node.arcs.job), bool)
        stay = hopeless(
            self.tables.cards, node.arcs, node.prices, priced.value, priced.best, priced.bound, self.limit, keep
        )
        if stay < len(keep):
            node.arcs = node.arcs.only(keep)
            if node.share is not None:
                node.share = node.share[keep]
        return bool((np.bincount(node.arcs.job, minlength=self.n) > 0).all())

    def raise_bound(
        self,
        node: Node,
        rounds: int,
        stop: Callable[[], bool],
        *,
        strong: bool = True,
        step: float = 0.1,
        blend: float = 0.1,
        thin_every: int = 30,
        found: Callable[[Arcs, NDArray[np.float64]], None] | None = None,
        told: Callable[[float], None] = lambda bound: None,
    ) -> bool:
        """Run the volume algorithm on a node. False when the node is finished: no plan below the limit is in it."""
        priced = self.evaluate(node.arcs, node.prices, strong)
        node.bound = max(node.bound, priced.bound)
        here = priced.bound
        share, count = priced.visited.copy(), priced.count.copy()
        bad, since, low = 0, 0, here
        for turn in range(1, rounds + 1):
            if here > self.limit:
                node.bound = max(node.bound, here)
                return False
            missing = 1.0 - count
            square = float(missing @ missing)
            if square < 1e-12:
                break
            aim = min(self.limit + 1, here + max(1.0, 0.05 * abs(here)))
            prices = node.prices + step * (aim - here) / square * missing
            prices = np.round(prices * GRAIN) / GRAIN
            priced = self.evaluate(node.arcs, prices, strong)
            if found is not None and (priced.count == 1.0).all():
                found(node.arcs, priced.visited)
            change = priced.count - count
            size = float(change @ change)
            part = min(blend, max(blend / 10, float(missing @ change) / size)) if size > 0 else blend
            count += part * change
            share += part * (priced.visited - share)
            if priced.bound > here:
                if float(missing @ (1.0 - priced.count)) > 0:
                    step = min(2.0, step * 1.1)
                here, node.prices, bad = priced.bound, prices, 0
            else:
                bad += 1
                if bad >= 10:
                    step, bad = step * 0.66, 0
            if turn % 100 == 0:
                blend = max(0.01, blend * 0.7)
            if turn % thin_every == 0 or turn == rounds:
                node.bound, node.share = max(node.bound, here), share
                if stop():
                    return True
                if not self.thin(node):
                    return False
                told(node.bound)
                if turn - since >= 60:
                    if here - low < 2e-5 * abs(here):
                        break
                    since, low = turn, here
                share = node.share
                if step < 1e-4:
                    break
        node.bound, node.share = max(node.bound, here), share
        return True


class _Priced(NamedTuple):
    bound: float
    count: NDArray[np.float64]
    visited: NDArray[np.float64]
    value: NDArray[np.float64]
    best: NDArray[np.float64]
