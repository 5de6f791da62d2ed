"""Independent checks of allocations: objective recomputed from the problem alone, and the faults found."""

from __future__ import annotations

import numpy as np

from kouan.quant.allocation.types import Assignment, Awarded, Awards, Packing

Faults = list[tuple[str, str]]


def check_assignment(problem: Assignment, agent_of: np.ndarray) -> tuple[float, Faults]:
    """Recompute an assignment: agent of each job."""
    faults: Faults = []
    agents, jobs = problem.cost.shape
    if len(agent_of) != jobs or any(not 0 <= int(agent) < agents for agent in agent_of):
        return float("nan"), [("每件任务须恰有一个存在的单位", "each job needs one agent that exists")]
    load, total = [0.0] * agents, 0.0
    for job, agent in enumerate(int(agent) for agent in agent_of):
        load[agent] += float(problem.use[agent, job])
        total += float(problem.cost[agent, job])
    for agent in range(agents):
        limit = float(problem.capacity[agent])
        if load[agent] > limit + 1e-9 * max(1.0, limit):
            faults.append(
                (
                    f"单位 {agent + 1} 超出容量：{load[agent]:g} > {limit:g}",
                    f"agent {agent + 1} is over capacity: {load[agent]:g} > {limit:g}",
                )
            )
    return total, faults


def check_packing(problem: Packing, chosen: np.ndarray) -> tuple[float, Faults]:
    """Recompute a packing: numbers of chosen items."""
    items = [int(item) for item in chosen]
    if len(set(items)) != len(items) or any(not 0 <= item < len(problem.value) for item in items):
        return float("nan"), [("物品重复或不存在", "an item is listed twice or does not exist")]
    inside, faults = set(items), []
    for number, row in enumerate(problem.rows, 1):
        together = [int(item) + 1 for item in row if int(item) in inside]
        if len(together) > 1:
            faults.append((f"约束 {number} 选了多个：{together}", f"row {number} has several: {together}"))
    return float(sum(float(problem.value[item]) for item in items)), faults


def check_awards(problem: Awards, awarded: Awarded) -> tuple[float, Faults]:
    """Recompute an award: score paid, budgets, ceilings, groups, exclusions, subjects, least and most of each claim."""
    faults: Faults = []
    if set(awarded.paid) != {claim.name for claim in problem.claims}:
        return float("nan"), [("申请与结果的名单不一致", "claims and results do not list the same names")]
    total = 0.0
    by_pot: dict[str, int] = {}
    by_applicant: dict[str, int] = {}
    by_group: dict[str, int] = {}
    subjects: dict[str, list[str]] = {}
    for claim in problem.claims:
        fen = awarded.paid[claim.name]
        least = claim.amount if claim.least is None else claim.least
        if not isinstance(fen, int) or (fen != 0 and not least <= fen <= claim.amount):
            faults.append(
                (
                    f"申请“{claim.name}”所得 {fen} 分不在允许范围",
                    f"claim '{claim.name}' gets {fen} fen, outside what is allowed",
                )
            )
        total += claim.score * fen / claim.amount
        by_pot[claim.pot] = by_pot.get(claim.pot, 0) + fen
        by_applicant[claim.applicant] = by_applicant.get(claim.applicant, 0) + fen
        by_group[claim.group] = by_group.get(claim.group, 0) + fen
        if fen and claim.subject:
            subjects.setdefault(claim.subject, []).append(claim.name)
        if not fen and not awarded.reasons.get(claim.name):
            faults.append((f"申请“{claim.name}”被拒而没有理由", f"claim '{claim.name}' is refused without a reason"))
    for subject, names in subjects.items():
        if len(names) > 1:
            faults.append(
                (f"同一事项“{subject}”重复支付：{'、'.join(names)}", f"'{subject}' is paid twice: {', '.join(names)}")
            )
    for members in problem.exclusions:
        paid = [name for name in members if awarded.paid[name]]
        if len(paid) > 1:
            faults.append(
                (
                    f"互斥申请同时支付：{'、'.join(paid)}",
                    f"claims that exclude each other are both paid: {', '.join(paid)}",
                )
            )
    for pot, budget in problem.pots.items():
        if by_pot.get(pot, 0) > budget:
            faults.append(
                (
                    f"资金池“{pot}”超支 {by_pot[pot] - budget} 分",
                    f"pot '{pot}' is overspent by {by_pot[pot] - budget} fen",
                )
            )
    for applicant, fen in by_applicant.items():
        ceiling = problem.ceilings.get(applicant, problem.ceilings.get("*"))
        if ceiling is not None and fen > ceiling:
            faults.append(
                (
                    f"“{applicant}”超出上限 {fen - ceiling} 分",
                    f"'{applicant}' is over its ceiling by {fen - ceiling} fen",
                )
            )
    for group, fen in problem.group_most.items():
        if by_group.get(group, 0) > fen:
            faults.append((f"分组“{group}”超出上限", f"group '{group}' is over its most"))
    for group, fen in problem.group_least.items():
        if by_group.get(group, 0) < fen:
            faults.append((f"分组“{group}”低于下限", f"group '{group}' is below its least"))
    return total, faults
