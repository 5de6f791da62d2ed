"""An independent check of a plan of a continuous quay, and its cost."""

from __future__ import annotations

from itertools import combinations

from kouan.quant.quays.problem import QuayPlan, QuayProblem


def cost_of(problem: QuayProblem, plan: QuayPlan) -> int:
    """The cost of a plan as the problem defines it."""
    total = 0
    for ship, spot in zip(problem.ships, plan.spots, strict=True):
        total += ship.priority * (spot.start + ship.handling - ship.arrival)
        if ship.wished is not None:
            total += ship.away_cost * abs(spot.position - ship.wished)
        if ship.planned is not None:
            total += problem.shift_cost * (spot.position != ship.planned.position)
            total += problem.delay_cost * max(0, spot.start - ship.planned.start)
    return total


def check_plan(problem: QuayProblem, plan: QuayPlan) -> list[tuple[str, str]]:
    """Everything that is wrong with a plan, in Chinese and English; empty for a valid plan."""
    if len(plan.spots) != len(problem.ships):
        return [("计划与船舶数不符", "the plan does not have one entry per ship")]
    wrong = []
    boxes = []
    for ship, spot in zip(problem.ships, plan.spots, strict=True):
        low, high, until = spot.position, spot.position + ship.length, spot.start + ship.handling
        boxes.append((ship.name, low, high, spot.start, until))
        if spot.start < ship.arrival:
            wrong.append((f"{ship.name}：早于到港", f"{ship.name}: starts before she arrives"))
        if low < 0 or high > problem.quay:
            wrong.append((f"{ship.name}：超出岸线", f"{ship.name}: lies beyond the quay"))
        if ship.latest_departure is not None and until > ship.latest_departure:
            wrong.append((f"{ship.name}：超过最晚离泊时间", f"{ship.name}: sails after her latest departure"))
        if ship.fixed is not None and ship.fixed != spot:
            wrong.append((f"{ship.name}：改动了已定安排", f"{ship.name}: moves a fixed decision"))
        for one in problem.sections:
            if low < one.high and one.low < high and one.depth < ship.draught:
                wrong.append((f"{ship.name}：水深不足", f"{ship.name}: there is not enough water"))
        for one in problem.closures:
            if low < one.high and one.low < high and spot.start < one.until and one.since < until:
                wrong.append((f"{ship.name}：占用封闭岸段", f"{ship.name}: lies in a closed stretch"))
    for one, two in combinations(boxes, 2):
        if one[1] < two[2] and two[1] < one[2] and one[3] < two[4] and two[3] < one[4]:
            wrong.append((f"{one[0]}与{two[0]}重叠", f"{one[0]} and {two[0]} overlap"))
    return wrong
