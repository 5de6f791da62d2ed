"""draws docs/states: which act leads from which state to which.

./kouan states
"""

from __future__ import annotations

import argparse

from kouan.project.places import ROOT

FOLDER = ROOT / "docs" / "states"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(args: argparse.Namespace) -> int:
    """Write the pages; no database is needed."""
    from kouan.project.state_drawings import written_pages

    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in written_pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print((FOLDER / name).relative_to(ROOT))
    return 0
