"""Charts: what the server draws as SVG, and what echarts draws in the browser. Each with finding, unit, source, period.

A chart's title says the finding; unit, source and period are not optional. Colours come by series number from the
tokens, so that light, dark and print each have their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kouan.screens import formats

SERIES = 8
"""How many series have a colour; a chart with more folds the rest together before it comes here."""


class TooManySeries(Exception):
    """A chart has more series than there are colours that can be told apart."""


@dataclass(frozen=True)
class Labels:
    """What every chart says about itself. `finding` is the title; `definition_url` leads to how the figure is made."""

    finding: Any
    unit: Any
    source: Any
    period: Any
    definition_url: str = ""
    cases_url: str = ""


@dataclass(frozen=True)
class Part:
    """One part of a bar: its label, its size, and the page of the cases behind it. `series` 1 to 8."""

    label: Any
    size: float
    series: int
    url: str = ""
    words: str = ""


@dataclass(frozen=True)
class Piece:
    """A part as drawn: place and width in a bar of 1000 units, and the text where it fits."""

    part: Part
    x: float
    width: float
    text: str
    words: str


@dataclass(frozen=True)
class Bar:
    """A bar of parts, ready to draw."""

    label: Any
    pieces: tuple[Piece, ...]
    total_words: str
    url: str = ""


def _text_units(text: str) -> float:
    """About how wide a text is in a bar of 1000 units drawn on 520 pixels at 12 px: Han characters count double."""
    return sum(13.0 if ord(character) > 0x2E80 else 7.2 for character in text) * 1000 / 520


def to_bar(
    label: Any,
    parts: Sequence[Part],
    *,
    words: Callable[[float], str] = formats.to_duration,
    whole: float | None = None,
    url: str = "",
) -> Bar:
    """Lay parts along a bar of 1000 units. `whole` is the size of a full bar; without it, the sum fills the bar."""
    if any(not 1 <= part.series <= SERIES for part in parts):
        raise TooManySeries
    total = sum(part.size for part in parts)
    scale = 1000 / (whole or total) if (whole or total) else 0
    pieces, x = [], 0.0
    for part in parts:
        if part.size <= 0:
            continue
        width = part.size * scale
        shown = part.words or words(part.size)
        text = f"{part.label} {shown}"
        text = text if _text_units(text) + 16 < width else shown if _text_units(shown) + 16 < width else ""
        pieces.append(Piece(part, round(x, 2), round(width, 2), text, shown))
        x += width
    return Bar(label, tuple(pieces), words(total), url)


@dataclass(frozen=True)
class StackedBars:
    """Several bars on one scale with one legend."""

    labels: Labels
    bars: tuple[Bar, ...]
    legend: tuple[tuple[Any, int], ...]


def to_stacked_bars(
    labels: Labels, rows: Sequence[tuple[Any, Sequence[Part]]], *, words: Callable[[float], str] = formats.to_duration
) -> StackedBars:
    """Lay several bars on the scale of the longest."""
    whole = max((sum(part.size for part in parts) for _label, parts in rows), default=0)
    legend: dict[Any, int] = {}
    for _label, parts in rows:
        for part in parts:
            legend.setdefault(str(part.label), part.series)
    bars = tuple(to_bar(label, parts, words=words, whole=whole) for label, parts in rows)
    return StackedBars(labels, bars, tuple(legend.items()))


@dataclass(frozen=True)
class Column:
    """One column of a histogram as drawn."""

    x: float
    width: float
    y: float
    height: float
    words: str


@dataclass(frozen=True)
class Mark:
    """A line across a distribution: the median, the 90th percentile, a promise."""

    label: Any
    x: float
    words: str
    anchor: str
    row: int


@dataclass(frozen=True)
class Distribution:
    """A histogram with its marks, in a box of 720 by 240."""

    labels: Labels
    columns: tuple[Column, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str], ...]
    levels: tuple[tuple[float, str], ...]
    count: int


WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 720, 240, 44, 34, 26


def to_distribution(
    labels: Labels,
    edges: Sequence[float],
    counts: Sequence[int],
    *,
    marks: Sequence[tuple[Any, float]] = (),
    words: Callable[[float], str] = formats.to_duration,
) -> Distribution:
    """Draw a distribution from the edges of its classes (one more than counts) and how many fall in each."""
    if len(edges) != len(counts) + 1:
        raise ValueError("a histogram has one edge more than classes")
    low, high = edges[0], edges[-1]
    plot_width, plot_height = WIDTH - LEFT, HEIGHT - TOP - BOTTOM
    top = nice_top(max(counts, default=0))

    def at(value: float) -> float:
        return round(LEFT + (value - low) / (high - low) * plot_width, 1) if high > low else LEFT

    columns = tuple(
        Column(
            at(edges[index]) + 1,
            max(at(edges[index + 1]) - at(edges[index]) - 2, 1),
            round(TOP + plot_height * (1 - count / top), 1) if top else TOP + plot_height,
            round(plot_height * count / top, 1) if top else 0,
            f"{words(edges[index])} – {words(edges[index + 1])}：{count:,}",
        )
        for index, count in enumerate(counts)
    )
    placed = sorted(((label, value) for label, value in marks if low <= value <= high), key=lambda each: each[1])
    drawn, last_x, row = [], -math.inf, 0
    for label, value in placed:
        x = at(value)
        row = 1 - row if x - last_x < 150 else 0
        last_x = x
        drawn.append(Mark(label, x, words(value), "end" if x > WIDTH - 150 else "start", row))
    step = max(1, math.ceil(len(edges) / 7))
    ticks = tuple((min(at(edge), WIDTH - 22), words(edge)) for edge in list(edges)[::step])
    levels = tuple(
        (round(TOP + plot_height * (1 - part), 1), formats.to_large_count(int(top * part))) for part in (0, 0.5, 1)
    )
    return Distribution(labels, columns, tuple(drawn), ticks, levels if top else (), sum(counts))


def nice_top(value: float) -> int:
    """The next round number at or above a value, even so that its half is whole: 2, 4, 10, 20, 40, 100 …"""
    if value <= 0:
        return 0
    size = 10 ** math.floor(math.log10(value))
    for factor in (1, 2, 4, 6, 8, 10):
        top = int(max(factor * size, 2))
        if top >= value and top % 2 == 0:
            return top
    return int(10 * size)


def to_spark(values: Sequence[float], *, width: int = 96, height: int = 24) -> str:
    """The points of a small line without axes, for an SVG polyline."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = (width - 4) / (len(values) - 1)
    return " ".join(
        f"{2 + index * step:.1f},{2 + (height - 4) * (1 - (value - low) / span):.1f}"
        for index, value in enumerate(values)
    )


@dataclass(frozen=True)
class Interactive:
    """A chart that echarts draws. `options` is echarts' own, without colours: the script gives those of the tokens.

    `rows` is the same data as a table (first row the heads), for readers, print and people without scripts.
    """

    key: str
    labels: Labels
    options: dict[str, Any]
    rows: Sequence[Sequence[Any]] = field(default_factory=tuple)
    height: str = ""
