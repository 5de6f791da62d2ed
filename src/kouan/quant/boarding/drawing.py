"""A Gantt chart of a boarding plan."""

from __future__ import annotations

from kouan.quant.boarding.problem import BoardingPlan, BoardingProblem
from kouan.quant.drawing import COLOURS, Picture

LEFT, TOP, ROW, WIDTH = 110.0, 60.0, 34.0, 1100.0


def draw_plan(problem: BoardingProblem, plan: BoardingPlan) -> Picture:
    """A row per team, time to the right, one colour per ship; a line joins the tasks of one ship."""
    every = [
        (v, visit, task, one)
        for v, (visit, placed) in enumerate(zip(problem.visits, plan.visits, strict=True))
        for task, one in zip(visit.tasks, placed or (), strict=False)
    ]
    since = min((one.start for *_, one in every), default=0)
    until = max((one.start + task.duration for *_, task, one in every), default=since + 1)
    scale = WIDTH / max(1, until - since)

    def across(time: int) -> float:
        return LEFT + (time - since) * scale

    bottom = TOP + ROW * len(problem.teams)
    picture = Picture(LEFT + WIDTH + 30, bottom + 40, "联合登临计划 / joint boarding plan")
    picture.text(LEFT, 24, "联合登临计划 / joint boarding plan", 15)
    for mark in range(11):
        time = since + (until - since) * mark // 10
        picture.line(across(time), TOP - 6, across(time), bottom, "#ddd")
        picture.text(across(time), TOP - 10, f"{time / problem.unit:g}", 11, "middle", "#555")
    for t, team in enumerate(problem.teams):
        picture.text(LEFT - 8, TOP + t * ROW + ROW / 2 + 4, team.name, 12, "end")
        picture.line(LEFT, TOP + (t + 1) * ROW, LEFT + WIDTH, TOP + (t + 1) * ROW, "#ccc")
    for v, (visit, placed) in enumerate(zip(problem.visits, plan.visits, strict=True)):
        if placed is None:
            continue
        for one in placed[1:]:
            a, b, colour = placed[0], one, COLOURS[v % len(COLOURS)]
            y1, y2 = (TOP + x.team * ROW + ROW / 2 for x in (a, b))
            picture.line(across(a.start), y1, across(b.start), y2, colour, 1.2, visit.name, "3 2")
    for v, visit, task, one in every:
        top, end = TOP + one.team * ROW, one.start + task.duration
        late = visit.until is not None and one.start > visit.until
        hint = f"{visit.name} {task.skill}：{one.start / problem.unit:g}–{end / problem.unit:g}"
        hint += "，迟到 late" if late else ""
        stroke = "#c00" if late else "#fff"
        picture.rectangle(
            across(one.start), top + 6, (end - one.start) * scale, ROW - 12, COLOURS[v % len(COLOURS)], hint, stroke
        )
        if (end - one.start) * scale > 16:
            picture.text((across(one.start) + across(end)) / 2, top + 21, visit.name, 11, "middle", "#fff")
    return picture
