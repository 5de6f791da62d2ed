"""Problems and plans of port networks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from kouan.quant.reading import UnusableProblem


def _finite(zh: str, en: str, *arrays: np.ndarray) -> None:
    for values in arrays:
        if values.size and not np.isfinite(values).all():
            raise UnusableProblem(f"{zh}含有非有限数", f"{en} holds a number that is not finite")


def _not_negative(zh: str, en: str, *arrays: np.ndarray) -> None:
    for values in arrays:
        if values.size and values.min() < 0:
            raise UnusableProblem(f"{zh}不能为负", f"{en} must not be negative")


@dataclass(frozen=True, slots=True)
class Location:
    """Sites to open so that every customer is served at least cost.

    fixed: cost of opening ``(sites,)``. capacity ``(sites,)``, infinity where there is none. demand ``(customers,)``.
    cost: of serving the whole demand of a customer from a site ``(sites, customers)``.
    single_source: each customer is served by one site. exactly: the number of sites to open, ``None`` for free.
    """

    fixed: np.ndarray
    capacity: np.ndarray
    demand: np.ndarray
    cost: np.ndarray
    single_source: bool = False
    exactly: int | None = None

    def __post_init__(self) -> None:
        if self.cost.shape != (len(self.fixed), len(self.demand)) or len(self.capacity) != len(self.fixed):
            raise UnusableProblem(
                "费用表的行列数与场址数、客户数不符", "the table of costs does not match sites and customers"
            )
        if not len(self.fixed) or not len(self.demand):
            raise UnusableProblem("至少要有一个场址和一个客户", "at least one site and one customer are needed")
        _finite("费用或需求", "cost or demand", self.fixed, self.demand, self.cost)
        if np.isnan(self.capacity).any():
            raise UnusableProblem("容量不是数", "a capacity is not a number")
        _not_negative("容量和需求", "capacity and demand", self.capacity, self.demand)
        if self.exactly is not None and not 1 <= self.exactly <= len(self.fixed):
            raise UnusableProblem(
                f"要开 {self.exactly} 个场址，而可选的有 {len(self.fixed)} 个",
                f"{self.exactly} sites are to open, of {len(self.fixed)} there are",
            )


@dataclass(frozen=True, slots=True)
class Sites:
    """A plan of a Location: which sites open, and the share of each customer that each site serves.

    open: site numbers, ascending. served: site, customer and share, three arrays of one length.
    """

    open: np.ndarray
    served_by: np.ndarray
    customer: np.ndarray
    share: np.ndarray


@dataclass(frozen=True, slots=True)
class Design:
    """Lines to open so that every flow gets from its origin to its destination at least cost.

    Nodes are 0 to nodes-1. Arcs: tail, head, cost per unit, capacity, fixed cost. Flows: origin, destination, amount.
    """

    nodes: int
    tail: np.ndarray
    head: np.ndarray
    unit_cost: np.ndarray
    capacity: np.ndarray
    fixed: np.ndarray
    origin: np.ndarray
    destination: np.ndarray
    amount: np.ndarray

    def __post_init__(self) -> None:
        _finite("费用或流量", "cost or amount", self.unit_cost, self.fixed, self.amount)
        _not_negative(
            "费用、容量和流量", "cost, capacity and amount", self.unit_cost, self.fixed, self.capacity, self.amount
        )
        for ends in (self.tail, self.head, self.origin, self.destination):
            if ends.size and (ends.min() < 0 or ends.max() >= self.nodes):
                raise UnusableProblem("节点编号超出范围", "a node number is out of range")
        if (self.origin == self.destination).any():
            raise UnusableProblem("某一流的起点与终点相同", "a flow ends where it begins")


@dataclass(frozen=True, slots=True)
class Lines:
    """A plan of a Design: arcs that open, and the flow of each commodity on each arc ``(flows, arcs)``."""

    open: np.ndarray
    flow: np.ndarray


@dataclass(frozen=True, slots=True)
class Expansion:
    """Building over several periods under budgets, for demand that is known only as scenarios.

    build_cost ``(projects, periods)`` paid in the period of building; adds ``(projects,)`` capacity at its site from
    that period on; site ``(projects,)``; standing ``(sites,)`` capacity of today; budget ``(periods,)``, unspent money
    is carried on where ``carries``; weight ``(scenarios,)`` probabilities; demand ``(scenarios, periods, customers)``;
    cost ``(sites, customers)`` of one unit served; unmet_cost ``(customers,)`` of one unit turned away;
    after: pairs (project, project that must stand in an earlier or the same period); never_both: pairs that exclude.
    """

    site: np.ndarray
    adds: np.ndarray
    build_cost: np.ndarray
    standing: np.ndarray
    budget: np.ndarray
    weight: np.ndarray
    demand: np.ndarray
    cost: np.ndarray
    unmet_cost: np.ndarray
    carries: bool = True
    after: tuple[tuple[int, int], ...] = ()
    never_both: tuple[tuple[int, int], ...] = ()
    must: tuple[int, ...] = ()
    names: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        projects, periods = self.build_cost.shape
        scenarios, demand_periods, customers = self.demand.shape
        fits = (
            len(self.site) == len(self.adds) == projects
            and len(self.budget) == periods == demand_periods
            and len(self.weight) == scenarios
            and self.cost.shape == (len(self.standing), customers)
            and len(self.unmet_cost) == customers
        )
        if not fits:
            raise UnusableProblem("各表的行列数互不相符", "the tables do not match each other in size")
        everything = (
            self.adds,
            self.build_cost,
            self.standing,
            self.budget,
            self.weight,
            self.demand,
            self.cost,
            self.unmet_cost,
        )
        _finite("数据", "the data", *everything)
        _not_negative("数据", "the data", *everything)
        if projects and (self.site.min() < 0 or self.site.max() >= len(self.standing)):
            raise UnusableProblem("项目所在场址不存在", "a project stands at a site that does not exist")
        if abs(float(self.weight.sum()) - 1.0) > 1e-6:
            raise UnusableProblem("各情景的概率之和不为 1", "the weights of the scenarios do not add up to 1")
        for one, other in (*self.after, *self.never_both):
            if not (0 <= one < projects and 0 <= other < projects) or one == other:
                raise UnusableProblem(
                    "项目之间的关系指向不存在的项目", "a relation of projects names one that does not exist"
                )
        if any(not 0 <= one < projects for one in self.must):
            raise UnusableProblem("必建项目不存在", "a project that must be built does not exist")


@dataclass(frozen=True, slots=True)
class Programme:
    """A plan of an Expansion: the period in which each project is built, -1 for never; unmet units per scenario."""

    built_in: np.ndarray
    spent: np.ndarray
    unmet: np.ndarray
    flow: np.ndarray
