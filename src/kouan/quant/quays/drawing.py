"""The plan of a continuous quay: time to the right, the quay from top to bottom."""

from __future__ import annotations

from kouan.quant.drawing import COLOURS, Picture
from kouan.quant.quays.problem import QuayPlan, QuayProblem

LEFT, TOP, WIDTH, HEIGHT = 80.0, 60.0, 1100.0, 560.0


def draw_plan(problem: QuayProblem, plan: QuayPlan) -> Picture:
    """A rectangle per ship; grey are the closures."""
    ends = [spot.start + ship.handling for ship, spot in zip(problem.ships, plan.spots, strict=True)]
    since, until = min((s.arrival for s in problem.ships), default=0), max(ends, default=1)
    wide, high = WIDTH / max(1, until - since), HEIGHT / problem.quay
    picture = Picture(LEFT + WIDTH + 30, TOP + HEIGHT + 40, "岸线计划 / quay plan")
    picture.text(LEFT, 24, "岸线计划 / quay plan", 15)

    def box(low: int, length: int, start: int, end: int, fill: str, hint: str) -> None:
        start, end = max(start, since), min(end, until)
        picture.rectangle(
            LEFT + (start - since) * wide, TOP + low * high, (end - start) * wide, length * high, fill, hint, "#fff"
        )

    picture.rectangle(LEFT, TOP, WIDTH, HEIGHT, "#f6f6f6")
    for mark in range(11):
        time, metre = since + (until - since) * mark // 10, problem.quay * mark // 10
        picture.text(LEFT + (time - since) * wide, TOP - 10, str(time), 11, "middle", "#555")
        picture.text(LEFT - 8, TOP + metre * high + 4, str(metre), 11, "end", "#555")
    for one in problem.closures:
        if one.until > since and one.since < until:
            box(one.low, one.high - one.low, one.since, one.until, "#ccc", "封闭 / closed")
    for i, (ship, spot) in enumerate(zip(problem.ships, plan.spots, strict=True)):
        end = spot.start + ship.handling
        hint = f"{ship.name}：{spot.position}–{spot.position + ship.length}，{spot.start}–{end}"
        box(spot.position, ship.length, spot.start, end, COLOURS[i % len(COLOURS)], hint)
        x, y = LEFT + ((spot.start + end) / 2 - since) * wide, TOP + (spot.position + ship.length / 2) * high
        picture.text(x, y + 4, ship.name, 11, "middle", "#fff")
    return picture
