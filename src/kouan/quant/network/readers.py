"""Readers: OR-Library capacitated location and p-median, Canad multicommodity design, building programmes in JSON.

Formats: J. E. Beasley, OR-Library, pages "capinfo" and "pmedinfo"; B. Gendron and T. G. Crainic, Canad problem
instances (``.dow``). A text in, a problem out; nothing here opens a file.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from kouan.quant.network.types import Design, Expansion, Location
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


def read_expansion(text: str) -> Expansion:
    """Read a building programme from JSON.

    ``{"sites": [{"name", "capacity"}], "customers": [{"name", "unmet_cost", "cost": {site: per unit}}],
    "periods": [{"budget"}], "carries"?: true, "projects": [{"name", "site", "adds", "cost": [per period] or number,
    "after"?: [name], "excludes"?: [name], "must"?: true}], "scenarios": [{"weight", "demand": [[per customer] per
    period]}]}``. A site that a customer's cost does not name cannot serve it at less than turning it away.
    """
    data = _json(text)
    sites, customers, periods, projects, scenarios = (
        _listed(data, field) for field in ("sites", "customers", "periods", "projects", "scenarios")
    )
    place = _numbered(sites, "sites")
    project_at = _numbered(projects, "projects")
    cost = np.zeros((len(sites), len(customers)))
    unmet = np.array([_number(customer, "unmet_cost") for customer in customers])
    for k, customer in enumerate(customers):
        prices = customer.get("cost")
        if not isinstance(prices, dict):
            raise UnusableProblem("客户缺少 cost（场址: 单价）", "a customer lacks cost (site: per unit)")
        cost[:, k] = unmet[k]
        for name in prices:
            cost[_known(place, name), k] = _number(prices, name)
    build = np.zeros((len(projects), len(periods)))
    after, never, must = [], [], []
    for k, project in enumerate(projects):
        given = project.get("cost")
        row = given if isinstance(given, list) else [given] * len(periods)
        if len(row) != len(periods):
            raise UnusableProblem(
                "项目的 cost 应为一个数或每期一个", "the cost of a project is one number or one per period"
            )
        build[k] = [_plain(value, "cost") for value in row]
        after += [(k, _known(project_at, name)) for name in _names(project, "after")]
        never += [(k, _known(project_at, name)) for name in _names(project, "excludes")]
        must += [k] if project.get("must") is True else []
    demand = np.zeros((len(scenarios), len(periods), len(customers)))
    for s, scenario in enumerate(scenarios):
        table = scenario.get("demand")
        rows = table if isinstance(table, list) else []
        if len(rows) != len(periods) or not all(isinstance(row, list) and len(row) == len(customers) for row in rows):
            raise UnusableProblem(
                "情景的 demand 应为每期一行、每个客户一列", "demand has a row per period, a column per customer"
            )
        demand[s] = [[_plain(value, "demand") for value in row] for row in rows]
    return Expansion(
        np.array([_known(place, project.get("site")) for project in projects], dtype=np.int64),
        np.array([_number(project, "adds") for project in projects]),
        build,
        np.array([_number(site, "capacity") for site in sites]),
        np.array([_number(period, "budget") for period in periods]),
        np.array([_number(scenario, "weight") for scenario in scenarios]),
        demand,
        cost,
        unmet,
        data.get("carries", True) is True,
        tuple(after),
        tuple(never),
        tuple(must),
        tuple(str(project["name"]) for project in projects),
    )


def _json(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as fault:
        raise UnreadableInstance(
            fault.lineno, f"JSON 有误：第 {fault.colno} 列", f"broken JSON at column {fault.colno}"
        ) from None
    except RecursionError:
        raise UnusableProblem("JSON 嵌套过深", "the JSON is nested too deeply") from None
    if not isinstance(data, dict):
        raise UnusableProblem("最外层应为对象", "the outermost value must be an object")
    return data


def _listed(data: dict[str, Any], field: str) -> list[dict[str, Any]]:
    entries = data.get(field)
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise UnusableProblem(f"{field} 应为非空的对象列表", f"{field} must be a list of objects, not empty")
    return entries


def _numbered(entries: list[dict[str, Any]], field: str) -> dict[str, int]:
    place = {str(entry.get("name", "")): k for k, entry in enumerate(entries)}
    if len(place) != len(entries) or "" in place:
        raise UnusableProblem(f"{field} 的名称缺失或重复", f"names of {field} are missing or listed twice")
    return place


def _known(place: dict[str, int], name: Any) -> int:
    if str(name) not in place:
        raise UnusableProblem(f"“{name}”不存在", f"there is no '{name}'")
    return place[str(name)]


def _names(entry: dict[str, Any], field: str) -> list[str]:
    names = entry.get(field, [])
    if not isinstance(names, list):
        raise UnusableProblem(f"{field} 应为名称的列表", f"{field} must be a list of names")
    return [str(name) for name in names]


def _number(entry: dict[str, Any], field: str) -> float:
    return _plain(entry.get(field), field)


def _plain(value: Any, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        raise UnusableProblem(
            f"{field} 应为非负数，却是“{value}”", f"{field} must be a number, zero or more, not '{value}'"
        )
    return float(value)
