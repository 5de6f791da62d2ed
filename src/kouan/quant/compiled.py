"""Where compiled loops are kept: once for each user and state of the sources, whichever checkout they stand in.

Numba's own cache goes by the path of a file and does not see that a loop in another file, compiled into this one, has
changed. This one goes by the contents of all files of a part (``berths``, ``simulation`` …). Where it cannot be
written, or NUMBA_CACHE_DIR names another place, Numba's own ways are taken.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import time
from pathlib import Path
from typing import Any

from numba.core import config
from numba.core.caching import _CacheLocator  # the only way to say where a compiled function is kept

QUANT = Path(__file__).parent
KEPT_DAYS = 60


class SharedCache(_CacheLocator):
    """Keeps the compiled functions of one part of ``kouan.quant`` in the user's cache folder."""

    def __init__(self, function: Any, file: Path) -> None:
        self._function, self._digest = f"{file.stem}-{function.__code__.co_firstlineno}", digest_of(file.parent)
        self._place = cache_folder() / f"{file.parent.name}-{self._digest[:16]}"

    def get_cache_path(self) -> str:
        return str(self._place)

    def get_source_stamp(self) -> str:
        return self._digest

    def get_disambiguator(self) -> str:
        return self._function

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> SharedCache | None:
        """The cache of a function of ours; ``None`` for others, or where the folder cannot be written."""
        file = Path(py_file)
        if config.CACHE_DIR or QUANT not in file.parents or not file.is_file():
            return None
        found = cls(py_func, file)
        try:
            if not found._place.is_dir():
                forget_old(found._place.parent)
            found.ensure_cache_path()
        except OSError:
            return None
        return found


def cache_folder() -> Path:
    """The folder of all parts."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kouan" / "compiled"


@functools.cache
def digest_of(folder: Path) -> str:
    """Digest of all sources of a part and of those that all parts share."""
    digest = hashlib.sha256()
    for path in sorted({*folder.glob("*.py"), *QUANT.glob("*.py")}):
        digest.update(f"{path.relative_to(QUANT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def forget_old(folder: Path) -> None:
    """Remove what no program has compiled into for KEPT_DAYS."""
    for place in folder.glob("*-*"):
        if place.stat().st_mtime < time.time() - KEPT_DAYS * 86400:
            shutil.rmtree(place, ignore_errors=True)
