"""Readers of public formats: OR-Library capacitated location and p-median, Canad multicommodity design.

Formats: J. E. Beasley, OR-Library, pages "capinfo" and "pmedinfo"; B. Gendron and T. G. Crainic, Canad problem
instances (``.dow``). A text in, a problem out; nothing here opens a file.
"""

from __future__ import annotations

import numpy as np

from kouan.quant.network.types import Design, Location
from kouan.quant.reading import Numbers, UnreadableInstance, UnusableProblem

MOST_NODES = 5_000


def read_capacitated(text: str, capacity: float | None = None, *, single_source: bool = False) -> Location:
    """Read an OR-Library ``cap`` file; its word "capacity" stands for the given one.

    The costs of the file are those of the whole demand of a customer.
    """
    numbers = Numbers(text)
    sites = numbers.integer("场址数", "the number of sites", 1, 100_000)
    customers = numbers.integer("客户数", "the number of customers", 1, 1_000_000)
    capacities, fixed = [], []
    for _ in range(sites):
        ahead = numbers.peek()
        if ahead is not None and ahead[1].lower() == "capacity":
            numbers.word("容量", "the capacity")
            if capacity is None:
                raise UnreadableInstance(
                    numbers.line,
                    "本文件的容量写作“capacity”，请用 --capacity 给出数值",
                    "this file leaves the capacity open; give it by --capacity",
                )
            capacities.append(capacity)
        else:
            given = numbers.number("容量", "the capacity", 0)
            capacities.append(given if capacity is None else capacity)
        fixed.append(numbers.number("固定费用", "the fixed cost", 0))
    demand, cost = np.zeros(customers), []
    for customer in range(customers):
        demand[customer] = numbers.number("客户需求", "the demand of a customer", 0)
        cost.append(numbers.numbers(sites, "服务费用", "the cost of service", 0))
    numbers.end()
    return Location(
        np.array(fixed), np.array(capacities, dtype=np.float64), demand, np.array(cost).T.copy(), single_source
    )


def read_median(text: str) -> Location:
    """Read an OR-Library ``pmed`` file: a graph whose shortest paths are the costs.

    An edge that is listed twice counts with its last length, as the OR-Library says.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import shortest_path

    numbers = Numbers(text)
    nodes = numbers.integer("节点数", "the number of nodes", 1, MOST_NODES)
    edges = numbers.integer("边数", "the number of edges", 0, 20_000_000)
    exactly = numbers.integer("中位点数 p", "the number of medians p", 1, nodes)
    length: dict[tuple[int, int], float] = {}
    for _ in range(edges):
        one = numbers.integer("边的端点", "an end of an edge", 1, nodes) - 1
        other = numbers.integer("边的端点", "an end of an edge", 1, nodes) - 1
        length[min(one, other), max(one, other)] = numbers.number("边长", "the length of an edge", 0)
    numbers.end()
    ends = np.array(list(length), dtype=np.int64).reshape(-1, 2)
    graph = csr_matrix(
        (np.fromiter(length.values(), np.float64, len(length)), (ends[:, 0], ends[:, 1])), shape=(nodes, nodes)
    )
    distance = shortest_path(graph, directed=False)
    apart = np.argwhere(~np.isfinite(distance))
    if len(apart):
        one, other = apart[0] + 1
        raise UnusableProblem(f"节点 {one} 与 {other} 之间没有路", f"there is no way between nodes {one} and {other}")
    return Location(np.zeros(nodes), np.full(nodes, np.inf), np.ones(nodes), distance, exactly=exactly)


def read_canad(text: str) -> Design:
    """Read a Canad ``.dow`` file: a heading, nodes, arcs, commodities, then both tables."""
    numbers = Numbers(text)
    ahead = numbers.peek()
    if ahead is not None and not ahead[1].lstrip("+-").replace(".", "", 1).isdigit():
        numbers.skip_line()
    nodes = numbers.integer("节点数", "the number of nodes", 2, 1_000_000)
    arcs = numbers.integer("弧数", "the number of arcs", 1, 10_000_000)
    flows = numbers.integer("流数", "the number of commodities", 1, 1_000_000)
    table = []
    for _ in range(arcs):
        tail = numbers.integer("弧的起点", "the tail of an arc", 1, nodes)
        head = numbers.integer("弧的终点", "the head of an arc", 1, nodes)
        unit = numbers.number("单位费用", "the unit cost", 0)
        capacity = numbers.number("容量", "the capacity", 0)
        fixed = numbers.number("固定费用", "the fixed cost", 0)
        numbers.numbers(2, "弧的标记和编号", "the mark and number of an arc")
        table.append((tail - 1, head - 1, unit, capacity, fixed))
    demands = []
    for _ in range(flows):
        origin = numbers.integer("流的起点", "the origin of a commodity", 1, nodes)
        destination = numbers.integer("流的终点", "the destination of a commodity", 1, nodes)
        if origin == destination:
            raise UnreadableInstance(numbers.line, "流的起点与终点相同", "a commodity ends where it begins")
        demands.append((origin - 1, destination - 1, numbers.number("流量", "the amount", 0)))
    numbers.end()
    arc, demand = np.array(table), np.array(demands)
    tail, head, unit, capacity, fixed = (column.copy() for column in arc.T)
    origin, destination, amount = (column.copy() for column in demand.T)
    tail, head, origin, destination = (ends.astype(np.int64) for ends in (tail, head, origin, destination))
    return Design(nodes, tail, head, unit, capacity, fixed, origin, destination, amount)
