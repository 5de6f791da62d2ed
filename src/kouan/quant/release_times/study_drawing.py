"""The answers of a study as pictures: whose time it was, what did not fit, the effect of a measure, the base year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kouan.quant.drawing import COLOURS, Picture

PART_NAMES = {
    "agency_work": "单位办理 agency work",
    "agency_wait": "等待单位 agency wait",
    "queue": "排队 queue",
    "closed": "非工作时间 closed",
    "trader_wait": "等待企业 trader wait",
    "other": "其他 other",
}
_LEFT, _ROOM = 230.0, 560.0


def draw_attribution(report: dict[str, Any]) -> Picture:
    """One bar of shares for all cases, and below it one for each agency's own threads."""
    rows = [("全部 all cases", {part: found["seconds"] for part, found in report["parts"].items()})]
    rows += list(report["agencies"].items())
    title = f"时间归因 whose time it was · {report['cases']:,} 案 cases"
    picture = Picture(_LEFT + _ROOM + 150, 110 + 34 * len(rows), title)
    picture.text(20, 26, title, 15)
    for place, name in enumerate(PART_NAMES.values()):
        x, y = 20 + 310 * (place % 3), 42 + 18 * (place // 3)
        picture.rectangle(x, y, 12, 12, COLOURS[place])
        picture.text(x + 18, y + 11, name, 12)
    for row, (name, parts) in enumerate(rows):
        y, x, whole = 92 + 34 * row, _LEFT, sum(parts.values())
        picture.text(_LEFT - 10, y + 16, name[:24], 12, "end")
        for place, (part, label) in enumerate(PART_NAMES.items()):
            width = _ROOM * parts[part] / whole if whole else 0.0
            share = f"{parts[part] / whole:.1%}" if whole else "–"
            picture.rectangle(
                x, y, width, 22, COLOURS[place], f"{name} · {label}: {parts[part] / 3600:,.1f} h, {share}"
            )
            if width > 44:
                picture.text(x + width / 2, y + 15, share, 11, "middle", "#fff")
            x += width
        picture.text(_LEFT + _ROOM + 10, y + 16, f"{whole / 3600:,.0f} h", 12)
    return picture


def draw_conformance(report: dict[str, Any]) -> Picture:
    """How often each step was missing and each stamp unexpected, the most frequent first."""
    rows = [
        (name, count, colour, label)
        for found, colour, label in (
            (report["missing"], COLOURS[1], "缺少 missing"),
            (report["unexpected"], COLOURS[4], "意外 unexpected"),
        )
        for name, count in sorted(found.items(), key=lambda pair: -pair[1])[:25]
    ]
    share = report["share_fitting"]
    title = f"符合预期路径 as expected {report['fitting']:,} / {report['cases']:,}（{share['value']:.1%}）"
    picture = Picture(_LEFT + _ROOM + 110, 60 + 24 * max(1, len(rows)), title)
    picture.text(20, 26, title, 15)
    most = max((count for _, count, _, _ in rows), default=1)
    for row, (name, count, colour, label) in enumerate(rows):
        y = 46 + 24 * row
        picture.text(_LEFT - 10, y + 14, f"{label.partition(' ')[0]} {name}"[:26], 12, "end")
        picture.rectangle(_LEFT, y, _ROOM * count / most, 18, colour, f"{label}: {name} {count:,}")
        picture.text(_LEFT + _ROOM * count / most + 6, y + 14, f"{count:,}", 12)
    return picture


def draw_effect(report: dict[str, Any]) -> Picture:
    """The difference of every stratum and of all together with intervals, in hours; left of the line is faster."""
    rows = [("合计（分层加权） all strata", report["difference"], True), ("不分层 plain", report["plain"], True)]
    rows += [(found["label"] or "（无 none）", found["difference"], False) for found in report["strata"][:30]]
    if not (len(report["strata"]) > 1 or report["strata"][0]["label"]):
        rows = rows[:1]
    if report["restricted_mean"]:
        rows.append(("含未完成 with unfinished", report["restricted_mean"]["difference"], True))
    return _intervals(f"措施前后差异（小时） effect of the measure (hours) · {report['measure_at'][:16]}", rows)


def draw_same_periods(report: dict[str, Any]) -> Picture:
    """Median hours of each month beside the same month of the base year."""
    months = report["months"]
    title = f"各月中位时长（小时） median hours by month · {report['base_year']} / {report['year']}"
    picture = Picture(80 + 64 * 12, 330, title)
    picture.text(20, 26, title, 15)
    most = (
        max((side["median"] or 0.0 for month in months for side in (month["base"], month["now"])), default=0.0) or 1.0
    )
    for month in months:
        x = 40 + 64 * (month["month"] - 1)
        for place, (side, year) in enumerate(((month["base"], report["base_year"]), (month["now"], report["year"]))):
            if side["median"] is None:
                continue
            height = 220 * side["median"] / most
            hint = f"{year}-{month['month']:02d}: {side['median'] / 3600:,.2f} h, {side['cases']:,} 案 cases"
            picture.rectangle(x + 24 * place, 290 - height, 22, height, COLOURS[(9, 0)[place]], hint)
            picture.text(x + 24 * place + 11, 285 - height, f"{side['median'] / 3600:,.1f}", 9, "middle")
        picture.text(x + 23, 308, str(month["month"]), 12, "middle")
    picture.line(30, 290, 60 + 64 * 12, 290, "#455a64")
    return picture


def _intervals(title: str, rows: Sequence[tuple[str, dict[str, float | None], bool]]) -> Picture:
    """Points with intervals around a line at zero."""
    known = [value / 3600 for _, found, _ in rows for value in found.values() if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    span = high - low or 1.0
    low, high = low - 0.05 * span, high + 0.05 * span

    def across(hours: float) -> float:
        return _LEFT + _ROOM * (hours - low) / (high - low)

    picture = Picture(_LEFT + _ROOM + 190, 80 + 26 * len(rows), title)
    picture.text(20, 26, title, 15)
    picture.line(across(0), 42, across(0), 58 + 26 * len(rows), "#455a64", 1, "0", "4 3")
    for row, (name, found, strong) in enumerate(rows):
        if found["value"] is None:
            continue
        y, value = 58 + 26 * row, found["value"] / 3600
        ends = [value if found[end] is None else (found[end] or 0.0) / 3600 for end in ("low", "high")]
        picture.text(_LEFT - 10, y + 4, name[:26], 12, "end")
        picture.line(across(ends[0]), y, across(ends[1]), y, COLOURS[0 if strong else 9], 3 if strong else 2)
        words = f"{value:+,.2f} [{ends[0]:+,.2f}, {ends[1]:+,.2f}]"
        picture.circle(across(value), y, 5 if strong else 4, COLOURS[0 if strong else 9], words)
        picture.text(_LEFT + _ROOM + 10, y + 4, words, 11)
    return picture
