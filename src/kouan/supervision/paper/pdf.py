"""Papers as PDF, set with Typst."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import typst

from kouan.supervision.paper.layout import font_folders, fonts_in_use
from kouan.supervision.paper.types import Paper

TEMPLATE = Path(__file__).with_name("paper.typ")


def to_pdf(paper: Paper) -> bytes:
    """Set a paper as PDF; its fonts are embedded."""
    return _set(paper, format="pdf")[0]


def to_pictures(paper: Paper, *, ppi: int = 72) -> list[bytes]:
    """Set a paper as one PNG a page, to look at."""
    return _set(paper, format="png", ppi=float(ppi))


def _set(paper: Paper, **options: Any) -> list[bytes]:
    """Set with the fonts of the folders and no others, so that every machine gives the same paper."""
    content = paper.to_dict() | {"fonts": [(style.key, family, style.weight) for style, family in fonts_in_use()]}
    made = typst.compile(
        str(TEMPLATE),
        font_paths=font_folders(),
        ignore_system_fonts=True,
        sys_inputs={"paper": orjson.dumps(content).decode()},
        **options,
    )
    return [bytes(each) for each in made] if isinstance(made, list) else [bytes(made)]
