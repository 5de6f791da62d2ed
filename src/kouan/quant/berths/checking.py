"""An independent check of a berth plan: from the problem alone, with none of the solver's tables."""

from __future__ import annotations

from itertools import pairwise

from kouan.quant.berths.problem import BerthPlan, BerthProblem, Ship


def cost_of(problem: BerthProblem, plan: BerthPlan) -> int:
    """The cost of a plan as the problem defines it, whether or not the plan is allowed."""
    total = 0
    for i, ship in enumerate(problem.ships):
        berth, start, sails = plan.berths[i], plan.starts[i], plan.departures[i]
        total += ship.priority * (sails - ship.arrival)
        if ship.due is not None:
            total += ship.lateness_cost * max(0, sails - ship.due)
        if ship.berth_costs:
            total += ship.berth_costs[berth]
        if ship.planned is not None:
            total += problem.berth_change_cost if ship.planned.berth != berth else 0
            total += problem.delay_cost * max(0, start - ship.planned.start)
    return total


def check_plan(problem: BerthProblem, plan: BerthPlan) -> list[tuple[str, str]]:
    """Everything that is wrong with a plan, in Chinese and English; empty for a valid plan."""
    n = len(problem.ships)
    if not len(plan.berths) == len(plan.starts) == len(plan.departures) == len(plan.anchorages) == n:
        return [("计划与船舶数不符", "the plan does not have one entry per ship")]
    wrong: list[tuple[str, str]] = []
    for i, ship in enumerate(problem.ships):
        if not 0 <= plan.berths[i] < len(problem.berths):
            wrong.append((f"{ship.name}：泊位不存在", f"{ship.name}: no such berth"))
            continue
        wrong += [(f"{ship.name}：{zh}", f"{ship.name}: {en}") for zh, en in _faults(problem, plan, i, ship)]
    for k, berth in enumerate(problem.berths):
        stays = sorted((plan.starts[i], plan.departures[i], i) for i in range(n) if plan.berths[i] == k)
        for (_, until, a), (since, _, b) in pairwise(stays):
            if since < until:
                one, two = problem.ships[a].name, problem.ships[b].name
                wrong.append((f"泊位{berth.name}：{one}与{two}重叠", f"berth {berth.name}: {one} and {two} overlap"))
    return wrong + _crowding(problem, plan)


def _faults(problem: BerthProblem, plan: BerthPlan, i: int, ship: Ship) -> list[tuple[str, str]]:
    berth, start, sails = problem.berths[plan.berths[i]], plan.starts[i], plan.departures[i]
    hours = ship.handling[plan.berths[i]]
    if hours is None:
        return [("不得靠该泊位", "may not lie at this berth")]
    wrong = []
    if start < ship.arrival:
        wrong.append(("早于到港", "starts before she arrives"))
    if sails < start + hours:
        wrong.append(("作业时间不足", "sails before she is handled"))
    if ship.latest_departure is not None and sails > ship.latest_departure:
        wrong.append(("超过最晚离泊时间", "sails after her latest departure"))
    if start < berth.opens or (berth.closes is not None and sails > berth.closes):
        wrong.append(("泊位未开放", "the berth is not open"))
    if any(start < until and since < sails for since, until in berth.closed):
        wrong.append(("占用封闭时段", "lies there in a closed period"))
    if berth.length_cm and ship.length_cm > berth.length_cm:
        wrong.append(("泊位长度不足", "the berth is too short"))
    if ship.enter is not None and not any(since <= start < until for since, until in ship.enter):
        wrong.append(("不在进港时窗", "berths outside her entering windows"))
    if ship.leave is not None and not any(since <= sails < until for since, until in ship.leave):
        wrong.append(("不在离港时窗", "sails outside her leaving windows"))
    if ship.fixed is not None and (ship.fixed.berth, ship.fixed.start) != (plan.berths[i], start):
        wrong.append(("改动了已定安排", "moves a fixed decision"))
    if berth.depth_cm is not None:
        need = ship.draught_cm + problem.keel_clearance_cm
        if _least_water(problem, start, sails) + berth.depth_cm < need:
            wrong.append(("水深不足", "there is not enough water"))
    return wrong


def _least_water(problem: BerthProblem, since: int, until: int) -> int:
    if not problem.water_level:
        return 0
    steps = problem.water_level
    before = [level for at, level in steps if at <= since]
    levels = [before[-1] if before else steps[0][1]]
    return min(levels + [level for at, level in steps if since < at < until])


def _crowding(problem: BerthProblem, plan: BerthPlan) -> list[tuple[str, str]]:
    """Faults of the waiting ships."""
    if not problem.anchorages:
        return []
    wrong = []
    waiting = [i for i, ship in enumerate(problem.ships) if plan.starts[i] > ship.arrival]
    for i in waiting:
        a, ship = plan.anchorages[i], problem.ships[i]
        if a is None or not 0 <= a < len(problem.anchorages):
            wrong.append((f"{ship.name}：候泊无锚位", f"{ship.name}: waits without an anchorage"))
            continue
        area = problem.anchorages[a]
        if area.longest_cm is not None and ship.length_cm > area.longest_cm:
            wrong.append((f"{ship.name}：船长超过{area.name}", f"{ship.name}: too long for {area.name}"))
        if area.deepest_draught_cm is not None and ship.draught_cm > area.deepest_draught_cm:
            wrong.append((f"{ship.name}：吃水超过{area.name}", f"{ship.name}: too deep for {area.name}"))
    for a, area in enumerate(problem.anchorages):
        here = [i for i in waiting if plan.anchorages[i] == a]
        for i in here:  # crowding can only begin when a ship arrives
            at = problem.ships[i].arrival
            present = [j for j in here if problem.ships[j].arrival <= at < plan.starts[j]]
            room = sum(problem.ships[j].length_cm + area.separation_cm for j in present)
            if len(present) > area.ships or (area.room_cm is not None and room > area.room_cm):
                wrong.append((f"{area.name}在{at}时超容", f"{area.name} is over its capacity at {at}"))
                break
    return wrong
