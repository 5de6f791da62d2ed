"""The matrix as a drawing: one line a clause, one column a question, gaps hollow and red. Pure text of an SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

ROW, LEFT, TOP, CELL = 30, 430, 96, 104
_CHECKS = ("not_entered", "no_lead", "no_deadline", "no_evidence", "no_indicator", "no_part")
_HEADS = ("入账", "牵头单位", "时限", "佐证", "指标", "系统支撑")
_INK, _SOFT, _LINE, _JADE, _RED = "#14202e", "#5d6a7d", "#dde3ea", "#13694f", "#ad2c1b"


def draw_matrix(title: str, rows: Sequence[Any], words: Mapping[str, str]) -> str:
    """Draw the rows of a matrix; a full circle is there, a hollow red one is missing, a dash does not apply."""
    width = LEFT + CELL * len(_CHECKS) + 20
    height = TOP + ROW * len(rows) + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="Noto Sans SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="30" font-size="17" font-weight="600" fill="{_INK}">{escape(title[:52])}</text>',
        f'<text x="16" y="54" fill="{_SOFT}">条款 → 事项 → 责任单位 → 佐证 → 指标 → 系统</text>',
    ]
    for index, head in enumerate(_HEADS):
        x = LEFT + CELL * index + CELL / 2
        parts.append(f'<text x="{x}" y="{TOP - 12}" text-anchor="middle" fill="{_SOFT}">{head}</text>')
    for at, row in enumerate(rows):
        y = TOP + ROW * at
        parts.append(f'<line x1="16" y1="{y}" x2="{width - 16}" y2="{y}" stroke="{_LINE}"/>')
        middle = y + ROW / 2
        parts.append(f'<text x="16" y="{middle + 5}" fill="{_SOFT}">{escape(row.clause)}</text>')
        parts.append(f'<text x="110" y="{middle + 5}" fill="{_INK}">{escape(row.title[:22])}</text>')
        for index, check in enumerate(_CHECKS):
            parts.append(_circle(row, check, LEFT + CELL * index + CELL / 2, middle, words))
    y = TOP + ROW * len(rows) + 30
    parts.append(
        f'<circle cx="24" cy="{y - 4}" r="6" fill="{_JADE}"/><text x="36" y="{y}" fill="{_SOFT}">已有</text>'
        f'<circle cx="96" cy="{y - 4}" r="6" fill="none" stroke="{_RED}" stroke-width="2"/>'
        f'<text x="108" y="{y}" fill="{_SOFT}">缺口</text>'
        f'<text x="160" y="{y}" fill="{_SOFT}">— 不适用</text></svg>'
    )
    return "".join(parts)


def _circle(row: Any, check: str, x: float, y: float, words: Mapping[str, str]) -> str:
    is_missing = check in row.gaps
    nothing = (
        (check == "no_indicator" and not row.targets)
        or (check == "no_part" and row.part is None and not is_missing)
        or (check != "not_entered" and check != "no_part" and row.task is None)
    )
    if nothing:
        return f'<text x="{x}" y="{y + 5}" text-anchor="middle" fill="{_SOFT}">—</text>'
    if is_missing:
        hint = f"<title>{escape(words.get(check, check))}</title>"
        return f'<circle cx="{x}" cy="{y}" r="6" fill="none" stroke="{_RED}" stroke-width="2">{hint}</circle>'
    return f'<circle cx="{x}" cy="{y}" r="6" fill="{_JADE}"/>'
