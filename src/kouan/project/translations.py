"""Catalogues of translated texts: compiled from `.po` to `.mo` without any program of the system."""

from __future__ import annotations

import os
from pathlib import Path

from kouan.project.places import ROOT

CATALOGUES = ROOT / "src" / "kouan" / "locale"


def compile_catalogues(folder: Path = CATALOGUES) -> list[Path]:
    """Compile every catalogue whose source is newer than what was compiled from it; return those."""
    compiled = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        with open(source, "rb") as handle:
            catalogue = read_po(handle)
        fresh = target.with_suffix(f".{os.getpid()}.new")
        with open(fresh, "wb") as handle:
            write_mo(handle, catalogue)
        fresh.replace(target)
        compiled.append(target)
    return compiled
