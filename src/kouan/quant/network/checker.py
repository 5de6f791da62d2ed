"""Independent checks of network plans: each recomputes cost and constraints from the problem alone.

A check returns the recomputed objective and the faults it found, (Chinese, English) each; no fault means valid.
"""

from __future__ import annotations

import numpy as np

from kouan.quant.network.types import Design, Expansion, Lines, Location, Programme, Sites

Faults = list[tuple[str, str]]
TOLERANCE = 1e-6


def check_sites(problem: Location, plan: Sites) -> tuple[float, Faults]:
    """Recompute a plan of sites."""
    faults: Faults = []
    sites, customers = problem.cost.shape
    chosen = [int(site) for site in plan.open]
    if len(set(chosen)) != len(chosen) or any(not 0 <= site < sites for site in chosen):
        return float("nan"), [("场址重复或不存在", "a site is listed twice or does not exist")]
    if problem.exactly is not None and len(chosen) != problem.exactly:
        faults.append(
            (f"开设 {len(chosen)} 个，应为 {problem.exactly} 个", f"{len(chosen)} sites open, not {problem.exactly}")
        )
    served, load = [0.0] * customers, [0.0] * sites
    total = float(sum(problem.fixed[site] for site in chosen))
    is_open = set(chosen)
    for site, customer, share in zip(plan.served_by.tolist(), plan.customer.tolist(), plan.share.tolist(), strict=True):
        if not (0 <= site < sites and 0 <= customer < customers):
            return float("nan"), [("指派指向不存在的场址或客户", "an assignment names no site or customer")]
        if site not in is_open:
            faults.append(
                (
                    f"客户 {customer + 1} 由未开设的场址 {site + 1} 服务",
                    f"closed site {site + 1} serves customer {customer + 1}",
                )
            )
        if share < -TOLERANCE or (problem.single_source and abs(share - 1.0) > TOLERANCE):
            faults.append(
                (
                    f"客户 {customer + 1} 的份额 {share} 不合规",
                    f"share {share} of customer {customer + 1} is not allowed",
                )
            )
        served[customer] += share
        load[site] += share * float(problem.demand[customer])
        total += share * float(problem.cost[site, customer])
    for customer, part in enumerate(served):
        if abs(part - 1.0) > TOLERANCE:
            faults.append(
                (f"客户 {customer + 1} 得到 {part:.6f}，应为 1", f"customer {customer + 1} gets {part:.6f}, not 1")
            )
    for site, amount in enumerate(load):
        limit = float(problem.capacity[site])
        if amount > limit + TOLERANCE * max(1.0, limit if np.isfinite(limit) else 1.0):
            faults.append(
                (
                    f"场址 {site + 1} 超出容量：{amount:g} > {limit:g}",
                    f"site {site + 1} is over capacity: {amount:g} > {limit:g}",
                )
            )
    return total, faults


def check_lines(problem: Design, plan: Lines) -> tuple[float, Faults]:
    """Recompute a plan of lines."""
    faults: Faults = []
    arcs, flows = len(problem.tail), len(problem.amount)
    if plan.flow.shape != (flows, arcs) or not np.isfinite(plan.flow).all():
        return float("nan"), [("流量表的大小或数值不对", "the table of flows has a wrong size or value")]
    is_open = np.zeros(arcs, bool)
    is_open[plan.open] = True
    if plan.flow.min(initial=0.0) < -TOLERANCE:
        faults.append(("存在负流量", "a flow is negative"))
    load = plan.flow.sum(axis=0)
    for arc in np.flatnonzero(
        load > np.where(is_open, problem.capacity, 0.0) + TOLERANCE * np.maximum(1.0, problem.capacity)
    ):
        faults.append(
            (f"弧 {arc + 1} 未开或超载：{load[arc]:g}", f"arc {arc + 1} is closed or overloaded: {load[arc]:g}")
        )
    for flow in range(flows):
        balance = np.zeros(problem.nodes)
        np.subtract.at(balance, problem.tail, plan.flow[flow])
        np.add.at(balance, problem.head, plan.flow[flow])
        wanted = np.zeros(problem.nodes)
        wanted[problem.origin[flow]] -= problem.amount[flow]
        wanted[problem.destination[flow]] += problem.amount[flow]
        if np.abs(balance - wanted).max() > TOLERANCE * max(1.0, float(problem.amount[flow])):
            faults.append((f"流 {flow + 1} 不守恒", f"flow {flow + 1} is not conserved"))
    total = float(problem.fixed[is_open].sum() + (plan.flow @ problem.unit_cost).sum())
    return total, faults


def check_programme(problem: Expansion, plan: Programme) -> tuple[float, Faults]:
    """Recompute a building programme: cost of building, serving and turning away, weighted over scenarios."""
    faults: Faults = []
    projects, periods = problem.build_cost.shape
    scenarios, _, customers = problem.demand.shape
    sites = len(problem.standing)
    if plan.flow.shape != (scenarios, periods, sites, customers) or plan.unmet.shape != problem.demand.shape:
        return float("nan"), [("方案的表大小不对", "a table of the plan has a wrong size")]
    built = [int(period) for period in plan.built_in]
    if len(built) != projects or any(not -1 <= period < periods for period in built):
        return float("nan"), [("项目的建设期不存在", "a project is built in no period that exists")]
    total, left = 0.0, 0.0
    for period in range(periods):
        spent = sum(
            float(problem.build_cost[project, period]) for project in range(projects) if built[project] == period
        )
        left = (left if problem.carries else 0.0) + float(problem.budget[period]) - spent
        total += spent
        if left < -TOLERANCE * max(1.0, float(problem.budget[period])):
            faults.append((f"第 {period + 1} 期超预算 {-left:g}", f"period {period + 1} is over budget by {-left:g}"))
    for later, earlier in problem.after:
        if built[later] >= 0 and not 0 <= built[earlier] <= built[later]:
            faults.append(
                (f"项目 {later + 1} 早于其前提 {earlier + 1}", f"project {later + 1} comes before {earlier + 1}")
            )
    for one, other in problem.never_both:
        if built[one] >= 0 and built[other] >= 0:
            faults.append(
                (f"项目 {one + 1} 与 {other + 1} 互斥", f"projects {one + 1} and {other + 1} exclude each other")
            )
    faults += [
        (f"必建项目 {one + 1} 未建", f"project {one + 1} must be built") for one in problem.must if built[one] < 0
    ]
    for period in range(periods):
        room = [float(amount) for amount in problem.standing]
        for project in range(projects):
            if 0 <= built[project] <= period:
                room[int(problem.site[project])] += float(problem.adds[project])
        for scenario in range(scenarios):
            flow, unmet = plan.flow[scenario, period], plan.unmet[scenario, period]
            if min(flow.min(initial=0.0), unmet.min(initial=0.0)) < -TOLERANCE:
                faults.append(("存在负流量", "a flow is negative"))
            if (np.abs(flow.sum(axis=0) + unmet - problem.demand[scenario, period]) > 1e-5).any():
                faults.append((f"第 {period + 1} 期需求不平衡", f"demand of period {period + 1} is not balanced"))
            if (flow.sum(axis=1) > np.array(room) + 1e-5).any():
                faults.append((f"第 {period + 1} 期超出能力", f"period {period + 1} is over capacity"))
            weight = float(problem.weight[scenario])
            total += weight * float((flow * problem.cost).sum() + unmet @ problem.unmet_cost)
    return total, faults
