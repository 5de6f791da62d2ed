"""The measures of GB/T 9704-2012 that both setters share, and the fonts that they ask for.

Page A4; 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm; 22 lines of 28 characters; 正文 3号 (16 pt) 仿宋, 标题 2号 (22 pt)
小标宋, first level 黑体, second 楷体; 版记 4号 (14 pt).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext_lazy as _

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210, 297
TOP_MM, LEFT_MM = 37, 28
TEXT_WIDTH_MM, TEXT_HEIGHT_MM = 156, 225
LINES, CHARACTERS = 22, 28
BODY_POINTS, TITLE_POINTS, NOTE_POINTS = 16, 22, 14
POINTS_PER_MM = 72 / 25.4
LINE_POINTS = TEXT_HEIGHT_MM * POINTS_PER_MM / LINES
CHARACTER_POINTS = TEXT_WIDTH_MM * POINTS_PER_MM / CHARACTERS

WORD_FONTS = {
    "body": "仿宋_GB2312",
    "title": "方正小标宋简体",
    "first": "黑体",
    "second": "楷体_GB2312",
    "page": "宋体",
}
"""What the offices' word processors have; a machine without them shows its own of the same kind."""


@dataclass(frozen=True, slots=True)
class Style:
    """One style of the standard: where it is used, its own fonts, and the open font that stands in for them in PDF.

    own: families of the font that the standard means, as offices have them. weight: that of the stand-in.
    """

    key: str
    use: Any
    standard: Any
    own: tuple[str, ...]
    stand_in: str
    weight: int


STYLES = (
    Style(
        "title",
        _("发文机关标志、标题"),
        _("小标宋体"),
        ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
        "Noto Serif SC",
        700,
    ),
    Style("body", _("正文"), _("仿宋体"), ("FangSong_GB2312", "FangSong", "STFangsong"), "LXGW WenKai", 300),
    Style("first", _("一级标题"), _("黑体"), ("SimHei", "STHeiti"), "Noto Sans S Chinese", 500),
    Style("second", _("二级标题"), _("楷体"), ("KaiTi_GB2312", "KaiTi", "STKaiti"), "LXGW WenKai", 400),
    Style("page", _("页码"), _("宋体"), ("SimSun", "STSong"), "Noto Serif SC", 400),
)
"""GB/T 9704-2012 names the styles; the fonts that offices use for them may not be given on, so open ones stand in
(霞鹜文楷 LXGW WenKai between 仿宋 and 楷体, 思源宋体, 思源黑体; SIL Open Font License 1.1; fonts.lock.json)."""

LATIN = "Libertinus Serif"
"""For letters and digits within text; comes with the setter."""

FONTS = Path(__file__).resolve().parents[4] / "build" / "fonts"
"""Where `./kouan` puts the stand-ins."""


def font_folders() -> list[str]:
    """The folders in which fonts for PDF are looked for, and no other: those of KOUAN_FONTS first."""
    wanted = [*os.environ.get("KOUAN_FONTS", "").split(os.pathsep), str(FONTS)]
    return [folder for folder in wanted if folder and Path(folder).is_dir()]


@cache
def families(folders: tuple[str, ...]) -> frozenset[str]:
    """The families of the fonts in some folders."""
    return frozenset(
        typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders)).families()
    )


def font_of(style: Style, known: frozenset[str]) -> str:
    """The family that a style is set in: the standard's own where it is there, else its stand-in."""
    return next((each for each in style.own if each in known), style.stand_in)


def fonts_in_use() -> list[tuple[Style, str]]:
    """Give every style with the family that it is set in now."""
    known = families(tuple(font_folders()))
    return [(style, font_of(style, known)) for style in STYLES]
