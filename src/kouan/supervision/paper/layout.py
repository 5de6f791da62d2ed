"""The measures of GB/T 9704-2012 that both setters share, and the fonts that they ask for.

Page A4; 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm; 22 lines of 28 characters; 正文 3号 (16 pt) 仿宋, 标题 2号 (22 pt)
小标宋, first level 黑体, second 楷体; 版记 4号 (14 pt).
"""

from __future__ import annotations

import os
from pathlib import Path

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

FONT_FOLDERS = ("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol", "/usr/share/fonts/opentype/fandol")
"""Where Debian's texlive-lang-chinese puts the Fandol fonts, which have all four styles."""


def font_folders() -> list[str]:
    """The folders in which fonts for PDF are looked for besides the system's own: KOUAN_FONTS first."""
    wanted = [*os.environ.get("KOUAN_FONTS", "").split(os.pathsep), *FONT_FOLDERS]
    return [folder for folder in wanted if folder and Path(folder).is_dir()]
