"""A Gantt chart of a berth plan."""

from __future__ import annotations

from kouan.quant.berths.problem import BerthPlan, BerthProblem
from kouan.quant.drawing import COLOURS, Picture

LEFT, TOP, ROW, WIDTH = 110.0, 60.0, 34.0, 1100.0


def draw_plan(problem: BerthProblem, plan: BerthPlan) -> Picture:
    """Berths from top to bottom, time to the right; a thin line shows the wait, grey the closed periods."""
    until = max(plan.departures, default=1)
    since = min((ship.arrival for ship in problem.ships), default=0)
    scale = WIDTH / max(1, until - since)

    def across(time: int) -> float:
        return LEFT + (min(max(time, since), until) - since) * scale

    bottom = TOP + ROW * len(problem.berths)
    picture = Picture(LEFT + WIDTH + 30, bottom + 40, "泊位计划 / berth plan")
    picture.text(LEFT, 24, "泊位计划 / berth plan", 15)
    for mark in range(11):
        time = since + (until - since) * mark // 10
        picture.line(across(time), TOP - 6, across(time), bottom, "#ddd")
        picture.text(across(time), TOP - 10, str(time), 11, "middle", "#555")
    for k, berth in enumerate(problem.berths):
        top = TOP + k * ROW
        picture.text(LEFT - 8, top + ROW / 2 + 4, berth.name, 12, "end")
        picture.line(LEFT, top + ROW, LEFT + WIDTH, top + ROW, "#ccc")
        shut = [*berth.closed, (since, berth.opens)]
        shut += [(berth.closes, until)] if berth.closes is not None else []
        for a, b in shut:
            if max(a, since) < min(b, until):
                hint = f"{berth.name}：{a}–{b} 关闭 / closed"
                picture.rectangle(across(a), top + 2, across(b) - across(a), ROW - 4, "#e5e5e5", hint)
    rows = zip(problem.ships, plan.berths, plan.starts, plan.departures, plan.anchorages, strict=True)
    for i, (ship, k, start, sails, area) in enumerate(rows):
        top = TOP + k * ROW
        colour = COLOURS[i % len(COLOURS)]
        where = "" if area is None else f"，锚地 anchorage {problem.anchorages[area].name}"
        hint = f"{ship.name}：到港 arrives {ship.arrival}，靠泊 berths {start}，离泊 sails {sails}{where}"
        if start > ship.arrival:
            picture.line(across(ship.arrival), top + ROW - 6, across(start), top + ROW - 6, colour, 1.2, hint, "3 2")
        picture.rectangle(across(start), top + 5, across(sails) - across(start), ROW - 14, colour, hint, "#fff")
        if (sails - start) * scale > 16:
            picture.text((across(start) + across(sails)) / 2, top + 19, ship.name, 11, "middle", "#fff")
    return picture
