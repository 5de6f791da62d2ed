"""Journeys over time: one row each, one bar for each leg."""

from __future__ import annotations

from kouan.quant.drawing import COLOURS, Picture
from kouan.quant.journeys.types import Journey, Timetable

COLOUR_OF = {
    "rail": COLOURS[0],
    "barge": COLOURS[2],
    "sea": COLOURS[5],
    "ship": COLOURS[5],
    "air": COLOURS[4],
    "truck": COLOURS[9],
    "bus": COLOURS[6],
}


def draw(timetable: Timetable, journeys: list[Journey], start: int) -> Picture:
    """Bars of all journeys on one scale of hours from ``start``."""
    picture = Picture(900, 90 + 34 * len(journeys), "行程方案 / journeys")
    picture.text(
        20, 28, f"{len(journeys)} 个方案，横轴为出发后的小时 / {len(journeys)} journeys, hours from the start", 14
    )
    span = max((journey.arrival - start for journey in journeys), default=1) or 1
    for mark in range(11):
        x = 20 + 860 * mark / 10
        picture.line(x, 44, x, 60 + 34 * len(journeys), "#ddd")
        picture.text(x, 76 + 34 * len(journeys), f"{span * mark / 36_000:.1f}", 10, "middle", "#555")
    for row, journey in enumerate(journeys):
        y = 50 + 34 * row
        picture.line(
            20 + 860 * (journey.departure - start) / span,
            y + 11,
            20 + 860 * (journey.arrival - start) / span,
            y + 11,
            "#999",
            1,
            "",
            "3 3",
        )
        for leg in journey.legs:
            x = 20 + 860 * (leg.departure - start) / span
            width = max(1.5, 860 * (leg.arrival - leg.departure) / span)
            ends = f"{timetable.stops[leg.origin].name} → {timetable.stops[leg.destination].name}"
            picture.rectangle(
                x, y, width, 22, COLOUR_OF.get(leg.mode, COLOURS[3]), f"{leg.mode} {leg.name}: {ends}", "#fff"
            )
            if width > 60:
                picture.text(x + 4, y + 15, ends[: int(width // 8)], 10, fill="#fff")
    return picture
