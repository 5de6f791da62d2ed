"""Where the official sample messages lie, beside the project; tests that need them skip visibly where they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[6]


def shared_folder() -> Path | None:
    """Find the folder of reference material beside the checkout, or beside the checkout that a worktree belongs to."""
    for place in (ROOT.parent / "shared", ROOT.parent.parent / "shared"):
        if place.is_dir():
            return place
    return None


SHARED = shared_folder()
needs_shared = pytest.mark.skipif(SHARED is None, reason="../shared is not here")


def official_samples() -> list[Path]:
    """List the official samples of both editions, import and export."""
    return sorted(SHARED.glob("samples/messages/ceb_2*/*/*.xml")) if SHARED else []


def sample_id(path: Path) -> str:
    """Name a sample for the list of tests."""
    return f"{path.parts[-3][4:]}-{path.stem[3:6]}"
