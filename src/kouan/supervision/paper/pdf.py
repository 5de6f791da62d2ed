"""Papers as PDF, set with Typst."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import typst

from kouan.supervision.paper.layout import font_folders
from kouan.supervision.paper.types import Paper

TEMPLATE = Path(__file__).with_name("paper.typ")


def to_pdf(paper: Paper) -> bytes:
    """Set a paper as PDF."""
    return _pages(typst.compile(str(TEMPLATE), font_paths=font_folders(), sys_inputs=_inputs(paper), format="pdf"))[0]


def to_pictures(paper: Paper, *, ppi: int = 72) -> list[bytes]:
    """Set a paper as one PNG a page, to look at."""
    made = typst.compile(
        str(TEMPLATE), font_paths=font_folders(), sys_inputs=_inputs(paper), format="png", ppi=float(ppi)
    )
    return _pages(made)


def _pages(made: Any) -> list[bytes]:
    """What Typst gives: the bytes of one file, or of one file a page."""
    return [bytes(each) for each in made] if isinstance(made, list) else [bytes(made)]


def _inputs(paper: Paper) -> dict[str, str]:
    return {"paper": orjson.dumps(paper.to_dict()).decode()}
