"""A log as a picture: the process map in SVG, and a page with figures, the release curve and the map."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import Any

import numpy as np

from kouan.quant.release_times.log import EventLog
from kouan.quant.release_times.paths import Edge, Graph, draw_graph
from kouan.quant.release_times.survival import follow

MOST_DRAWN = 40
"""Edges on a map; the most frequent are kept, and one way in and out of every activity."""
_WIDTH, _HEIGHT, _GAP_X, _GAP_Y = 190, 44, 46, 56
_FONT = "font-family:'Noto Sans CJK SC','WenQuanYi Micro Hei',sans-serif"


def draw_map(log: EventLog) -> str:
    """Draw the directly-follows graph: activities from top to bottom, edges with counts and median times."""
    graph = draw_graph(log)
    edges = _choose_edges(graph)
    layers = _lay_out(graph, edges)
    places = {}
    widest = max(len(layer) for layer in layers)
    for depth, layer in enumerate(layers):
        shift = (widest - len(layer)) * (_WIDTH + _GAP_X) / 2
        for column, name in enumerate(layer):
            places[name] = (30 + shift + column * (_WIDTH + _GAP_X), 30 + depth * (_HEIGHT + _GAP_Y))
    width = 60 + widest * (_WIDTH + _GAP_X) + 60
    height = 60 + len(layers) * (_HEIGHT + _GAP_Y)
    heaviest = max((edge.count for edge in edges), default=1)
    slowest = max((edge.total_seconds for edge in edges), default=1.0) or 1.0
    parts = [_draw_edge(edge, places, heaviest, slowest) for edge in edges]
    busiest = max(graph.counts.values())
    for name, (x, y) in places.items():
        shade = 96 - round(34 * graph.counts.get(name, 0) / busiest)
        border = "#1b5e20" if name in graph.begins else "#455a64"
        parts.append(
            f'<g><title>{escape(name)}</title><rect x="{x:.0f}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="7" '
            f'fill="hsl(210 60% {shade}%)" stroke="{border}"/>'
            f'<text x="{x + _WIDTH / 2:.0f}" y="{y + 19}" text-anchor="middle">{escape(_short(name))}</text>'
            f'<text x="{x + _WIDTH / 2:.0f}" y="{y + 36}" text-anchor="middle" class="n">'
            f"{graph.counts.get(name, 0):,}</text></g>"
        )
    title = f"流转图 process map · {log.cases:,} 案 cases · {len(edges)}/{len(graph.edges)} 条流转 edges"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" '
        f'width="{width:.0f}" height="{height}" role="img">'
        f"<title>{title}</title><style>text{{{_FONT};font-size:13px;fill:#102027}}.n{{font-size:11px;fill:#37474f}}"
        ".e{font-size:11px;fill:#263238;paint-order:stroke;stroke:#fff;stroke-width:3px}</style>"
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="#546e7a"/></marker></defs>'
        f'<rect width="100%" height="100%" fill="#fff"/><text x="12" y="18" class="n">{title}</text>'
        f"{''.join(parts)}</svg>"
    )


def draw_curve(log: EventLog) -> str:
    """Draw the share of cases not yet through over time, with its interval, on a logarithmic scale of hours."""
    seconds = log.case_seconds()
    curve = follow(seconds, np.ones(len(seconds), dtype=bool))
    some = np.unique(np.linspace(0, len(curve.seconds) - 1, 400).astype(int))
    most = max(120.0, float(seconds.max()))
    least = min(max(60.0, float(np.quantile(seconds, 0.01))), most / 2)
    low, high = np.log10(least), np.log10(most)

    def across(value: float) -> float:
        return 60 + 600 * min(1.0, max(0.0, (np.log10(max(value, 1e-9)) - low) / (high - low)))

    def up(share: float) -> float:
        return 280 - 240 * share

    line = " ".join(f"{across(float(curve.seconds[n])):.1f},{up(float(curve.open_share[n])):.1f}" for n in some)
    band = " ".join(
        [f"{across(float(curve.seconds[n])):.1f},{up(float(curve.low[n])):.1f}" for n in some]
        + [f"{across(float(curve.seconds[n])):.1f},{up(float(curve.high[n])):.1f}" for n in some[::-1]]
    )
    marks = "".join(
        f'<line x1="{across(at):.0f}" x2="{across(at):.0f}" y1="40" y2="280" stroke="#eceff1"/>'
        f'<text x="{across(at):.0f}" y="298" text-anchor="middle">{label}</text>'
        for at, label in (
            (60, "1 min"),
            (600, "10 min"),
            (3600, "1 h"),
            (6 * 3600, "6 h"),
            (86400, "1 d"),
            (7 * 86400, "7 d"),
            (30 * 86400, "30 d"),
            (365 * 86400, "1 y"),
        )
        if least <= at <= most
    )
    shares = "".join(
        f'<line x1="60" x2="660" y1="{up(share):.0f}" y2="{up(share):.0f}" stroke="#eceff1"/>'
        f'<text x="52" y="{up(share) + 4:.0f}" text-anchor="end">{share:.0%}</text>'
        for share in (0, 0.1, 0.25, 0.5, 0.75, 1)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 690 320" width="690" height="320" role="img">'
        "<title>尚未结束的案件比例 share of cases not yet through</title>"
        f"<style>text{{{_FONT};font-size:11px;fill:#37474f}}</style><rect width='100%' height='100%' fill='#fff'/>"
        '<text x="60" y="24" style="font-size:13px">尚未结束的案件比例 share of cases not yet through</text>'
        f'{shares}{marks}<polygon points="{band}" fill="#90caf9" opacity=".5"/>'
        f'<polyline points="{line}" fill="none" stroke="#0d47a1" stroke-width="1.6"/></svg>'
    )


def draw_page(log: EventLog, report: dict[str, Any]) -> str:
    """Make a page of its own: figures, curve, map and the quality report."""
    figures = report["case_seconds"]
    rows = "".join(
        f"<tr><th>{label}</th><td>{figures[key] / 3600:,.2f}</td><td>{_bounds(figures['intervals'][key])}</td></tr>"
        for key, label in (("mean", "平均 mean"), ("median", "中位数 median"), ("p90", "P90"), ("p95", "P95"))
    )
    remarks = "".join(
        f"<li>{'剔除 left out' if r['excluded'] else '注意 note'} {r['count']:,}：{escape(r['zh'])} "
        f"<span lang=en>{escape(r['en'])}</span></li>"
        for r in report["quality"]
    )
    return (
        "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>放行时间 release times</title>"
        f"<style>body{{{_FONT};margin:2rem;color:#102027}}table{{border-collapse:collapse}}td,th{{padding:.3rem .9rem;"
        "border-bottom:1px solid #cfd8dc;text-align:right}}th{{text-align:left}}.map{{overflow:auto}}</style>"
        f"<h1>放行时间 release times</h1><p>事件 events {report['events']:,} · "
        f"案件 cases {report['cases']:,} · 环节 activities "
        f"{report['activities']} · 路径 variants {report['variants']:,} · 流转 edges {report['edges']:,}</p>"
        f"<table><tr><th></th><th>小时 hours</th><th>{report['level']:.0%} 区间 interval</th></tr>{rows}</table>"
        f"{draw_curve(log)}<div class=map>{draw_map(log)}</div><h2>数据质量 quality</h2>"
        f"<ul>{remarks or '<li>无 none</li>'}</ul></html>"
    )


def _choose_edges(graph: Graph) -> list[Edge]:
    by_count = sorted(graph.edges, key=lambda edge: (-edge.count, edge.before, edge.after))
    kept = dict.fromkeys((edge.before, edge.after) for edge in by_count[:MOST_DRAWN])
    for edge in by_count:
        if edge.before != edge.after:
            if not any(after == edge.after and before != after for before, after in kept):
                kept[edge.before, edge.after] = None
            if not any(before == edge.before and before != after for before, after in kept):
                kept[edge.before, edge.after] = None
    return [edge for edge in by_count if (edge.before, edge.after) in kept]


def _lay_out(graph: Graph, edges: list[Edge]) -> list[list[str]]:
    """Layers by the longest way along edges that do not turn back, each ordered by where its forerunners stand."""
    names = list(graph.counts)
    forward: dict[str, list[str]] = {name: [] for name in names}

    def reaches(start: str, goal: str) -> bool:
        stack, seen = [start], {start}
        while stack:
            here = stack.pop()
            if here == goal:
                return True
            fresh = [name for name in forward[here] if name not in seen]
            seen.update(fresh)
            stack.extend(fresh)
        return False

    for edge in edges:
        if edge.before != edge.after and not reaches(edge.after, edge.before):
            forward[edge.before].append(edge.after)
    depth = dict.fromkeys(names, 0)
    for _ in names:
        for before, afters in forward.items():
            for after in afters:
                depth[after] = max(depth[after], depth[before] + 1)
    layers: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for name in names:
        layers[depth[name]].append(name)
    for before, layer in pairwise(layers):
        where = {name: place for place, name in enumerate(before)}
        middle = {}
        for name in layer:
            found = [where[other] for other in before if name in forward[other]]
            middle[name] = sum(found) / len(found) if found else len(before) / 2
        layer.sort(key=lambda name: middle[name])
    return layers


def _draw_edge(edge: Edge, places: dict[str, tuple[float, float]], heaviest: int, slowest: float) -> str:
    (x1, y1), (x2, y2) = places[edge.before], places[edge.after]
    heat = edge.total_seconds / slowest
    stroke = f"hsl({round(205 - 195 * heat)} {35 + round(45 * heat)}% 45%)"
    weight = 1 + 5 * edge.count / heaviest
    if edge.before == edge.after:
        right, middle = x1 + _WIDTH, y1 + _HEIGHT / 2
        way = f"M{right:.0f} {middle - 10:.0f}c34 -14 34 34 0 20"
        label = (right + 30, middle + 4)
    elif y2 > y1:
        start, end = (x1 + _WIDTH / 2, y1 + _HEIGHT), (x2 + _WIDTH / 2, y2 - 2)
        bend = (end[1] - start[1]) / 2
        way = (
            f"M{start[0]:.0f} {start[1]:.0f}C{start[0]:.0f} {start[1] + bend:.0f} "
            f"{end[0]:.0f} {end[1] - bend:.0f} {end[0]:.0f} {end[1]:.0f}"
        )
        label = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    else:
        side = 1 if x2 >= x1 else -1
        start = (x1 + (_WIDTH if side > 0 else 0), y1 + _HEIGHT / 2)
        end = (x2 + (_WIDTH if side > 0 else 0), y2 + _HEIGHT / 2)
        out = max(start[0], end[0]) + 40 if side > 0 else min(start[0], end[0]) - 40
        way = (
            f"M{start[0]:.0f} {start[1]:.0f}C{out:.0f} {start[1]:.0f} {out:.0f} {end[1]:.0f} {end[0]:.0f} {end[1]:.0f}"
        )
        label = (out - side * 10, (start[1] + end[1]) / 2)
    return (
        f'<path d="{way}" fill="none" stroke="{stroke}" stroke-width="{weight:.1f}" opacity=".75" '
        f'marker-end="url(#arrow)">'
        f"<title>{escape(edge.before)} → {escape(edge.after)}: {edge.count:,}</title></path>"
        f'<text x="{label[0]:.0f}" y="{label[1]:.0f}" text-anchor="middle" class="e">'
        f"{edge.count:,} · {_span(edge.median_seconds)}</text>"
    )


def _span(seconds: float) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def _short(name: str) -> str:
    room = 24
    used = 0
    for place, sign in enumerate(name):
        used += 2 if ord(sign) > 0x2E7F else 1
        if used > room:
            return name[:place] + "…"
    return name


def _bounds(pair: list[float | None]) -> str:
    return " – ".join("?" if bound is None else f"{bound / 3600:,.2f}" for bound in pair)
