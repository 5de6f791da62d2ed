"""Colours by computation: contrast by WCAG 2.2 (1.4.3, 1.4.11), series that colour-blind eyes can tell apart.

The pale series 5 and 8 stay below 3 to 1 on white; they are never without their label.
"""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

CSS = Path(__file__).parents[1] / "static/screens/css"


def tokens_of(name: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{6});", (CSS / f"{name}.css").read_text("utf-8")))


LIGHT = tokens_of("tokens")
DARK = {**LIGHT, **tokens_of("dark")}
THEMES = {"light": LIGHT, "dark": DARK}

TEXT_ON = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3", "blue") for ground in ("paper", "card", "sunk", "hover")),
    *((tone, f"{tone}-soft") for tone in ("blue", "jade", "amber", "red")),
    *((tone, "card") for tone in ("jade", "amber", "red")),
    ("ink-2", "grey-soft"),
    *(("ink", f"{tone}-soft") for tone in ("blue", "jade", "amber", "red")),
    *(("ink-2", f"{tone}-soft") for tone in ("blue", "jade", "amber", "red")),
    ("act-ink", "act"),
    ("act-ink", "act-2"),
    ("danger-ink", "danger"),
    ("nav-ink", "nav"),
    ("nav-ink-2", "nav"),
    ("nav-ink", "nav-2"),
    ("ink", "mark"),
    *((f"series-{n}-ink", f"series-{n}") for n in range(1, 9)),
]
SHAPE_ON = [("focus", "card"), ("focus", "paper"), ("edge", "card"), *((f"series-{n}", "card") for n in range(1, 9))]


def linear(channel: int) -> float:
    part = channel / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    red, green, blue = rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_dark_gives_every_colour_again() -> None:
    assert set(tokens_of("dark")) >= {name for name in LIGHT if not name.endswith("-line-0")}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON)
def test_text_can_be_read(theme: str, ink: str, ground: str) -> None:
    tokens = THEMES[theme]
    assert contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPE_ON)
def test_shapes_can_be_seen(theme: str, shape: str, ground: str) -> None:
    tokens = THEMES[theme]
    assert contrast(tokens[shape], tokens[ground]) >= (2 if shape in {"series-5", "series-8"} else 3)


# Machado, Oliveira and Fernandes (2009), full deficiency, in linear RGB.
EYES = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def lab(colour: str, eye: str) -> tuple[float, float, float]:
    """CIE L*a*b* of a colour as an eye sees it (D65)."""
    seen = [min(1.0, max(0.0, sum(a * b for a, b in zip(row, rgb(colour), strict=True)))) for row in EYES[eye]]
    red, green, blue = seen
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize(("one", "other"), list(combinations(range(1, 9), 2)))
def test_series_can_be_told_apart(theme: str, eye: str, one: int, other: int) -> None:
    tokens = THEMES[theme]
    first, second = lab(tokens[f"series-{one}"], eye), lab(tokens[f"series-{other}"], eye)
    distance = sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5
    # The first four must be plain to everybody; the later four are still no twins.
    assert distance >= (20 if other <= 4 else 13)


def test_style_sheets_use_no_colour_of_their_own() -> None:
    for sheet in CSS.glob("*.css"):
        if sheet.stem in {"tokens", "dark", "print", "papers"}:
            continue
        text = sheet.read_text("utf-8")
        found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", text)) - {"#fff"}
        assert found <= {"#7db8f2", "#9ccbfa"}, sheet.name
