"""Studies as pictures: release figures of scenarios with intervals, waits of steps and use of staff."""

from __future__ import annotations

import math
from html import escape

from kouan.quant.release_times.durations import Estimate
from kouan.quant.simulation.replications import Study

_FONT = "font-family:'Noto Sans CJK SC','WenQuanYi Micro Hei',sans-serif"
_COLOURS = ("#455a64", "#1565c0", "#2e7d32", "#ef6c00", "#6a1b9a", "#00838f")
_FIGURES = (("mean", "平均 mean"), ("median", "中位 median"), ("p90", "P90"), ("p95", "P95"))


def draw_release(studies: dict[str, Study]) -> str:
    """Draw the time from arrival to release of each scenario, with intervals, in hours."""
    rows = [
        (label, [(name, _scaled(study.release(figure), 1 / 3600)) for name, study in studies.items()])
        for figure, label in _FIGURES
    ]
    return _bars("到港至放行（小时） arrival to release (hours)", rows, list(studies))


def draw_steps(studies: dict[str, Study]) -> str:
    """Draw the mean wait of each step in each scenario, in hours."""
    steps = [
        name for name, one in next(iter(studies.values())).outcomes[0].steps.items() if not math.isnan(one["wait"])
    ]
    rows = [
        (name, [(label, _scaled(study.step(name, "wait"), 1 / 3600)) for label, study in studies.items()])
        for name in steps
    ]
    return _bars("各步骤平均等待（小时） mean wait by step (hours)", rows, list(studies))


def draw_staff(studies: dict[str, Study]) -> str:
    """Draw how much of its time on shift each staff works, in percent."""
    names = list(next(iter(studies.values())).outcomes[0].staff)
    rows = [(name, [(label, _scaled(study.use(name), 100)) for label, study in studies.items()]) for name in names]
    return _bars("人员利用（%） staff in use (%)", rows, list(studies))


def draw_page(studies: dict[str, Study]) -> str:
    """Make a page of its own with all three pictures and the notes."""
    base = next(iter(studies.values()))
    notes = "".join(
        f"<li>{escape(zh)} <span lang=en>{escape(en)}</span></li>"
        for study in studies.values()
        for zh, en in study.notes
    )
    return (
        "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>通关模拟 clearance simulated</title>"
        f"<style>body{{{_FONT};margin:2rem;color:#102027}}svg{{display:block;margin:1.2rem 0;max-width:100%}}</style>"
        f"<h1>通关模拟 clearance simulated</h1><p>{escape(base.model.name)} · "
        f"{len(base.outcomes)} 次重复 replications · "
        f"{base.level:.0%} 区间 intervals · 种子 seed {base.seed}</p>"
        f"{draw_release(studies)}{draw_steps(studies)}{draw_staff(studies)}<ul>{notes}</ul></html>"
    )


def _scaled(estimate: Estimate, factor: float) -> Estimate:
    return Estimate(estimate.value * factor, estimate.low * factor, estimate.high * factor)


def _bars(title: str, rows: list[tuple[str, list[tuple[str, Estimate]]]], names: list[str]) -> str:
    most = max(
        (bound for _, bars in rows for _, one in bars for bound in (one.value, one.high) if not math.isnan(bound)),
        default=1.0,
    )
    most = most or 1.0
    height, y, parts = 18, 58, []
    for label, bars in rows:
        parts.append(f'<text x="190" y="{y + height * len(bars) / 2 + 4:.0f}" text-anchor="end">{escape(label)}</text>')
        for name, one in bars:
            colour = _COLOURS[names.index(name) % len(_COLOURS)]
            value = 0.0 if math.isnan(one.value) else one.value
            end = 200 + 460 * value / most
            parts.append(
                f'<rect x="200" y="{y + 2}" width="{max(0.0, end - 200):.1f}" height="{height - 4}" '
                f'fill="{colour}" opacity=".8"><title>{escape(name)}</title></rect>'
            )
            reach = end
            if not math.isnan(one.low):
                low, high = 200 + 460 * max(0.0, one.low) / most, 200 + 460 * one.high / most
                middle = y + height / 2
                parts.append(
                    f'<path d="M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 4}v8M{high:.1f} {middle - 4}v8" '
                    'stroke="#000" fill="none"/>'
                )
                reach = max(end, high)
            parts.append(f'<text x="{reach + 6:.0f}" y="{y + height / 2 + 4:.0f}" class="n">{value:.2f}</text>')
            y += height
        y += 12
    legend = "".join(
        f'<rect x="{200 + 150 * place}" y="30" width="12" height="12" fill="{_COLOURS[place % len(_COLOURS)]}"/>'
        f'<text x="{217 + 150 * place}" y="40" class="n">{escape(name[:22])}</text>'
        for place, name in enumerate(names)
    )
    width = max(760, 220 + 150 * len(names))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" height="{y}" '
        f'role="img"><title>{title}</title>'
        f"<style>text{{{_FONT};font-size:13px;fill:#102027}}.n{{font-size:11px;fill:#37474f}}</style>"
        f'<rect width="100%" height="100%" fill="#fff"/><text x="12" y="20">{title}</text>{legend}'
        f"{''.join(parts)}</svg>"
    )
