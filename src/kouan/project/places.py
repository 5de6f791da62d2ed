"""Where things stand on the disk: the project's root, and the data folder of one installation."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SYSTEM = Path("/var/lib/kouan")


def data_folder(named: str | None = None) -> Path:
    """Return the data folder: the one named, else KOUAN_DATA, else the usual one.

    The usual one is `var` in the project; for root it is a folder below /var/lib/kouan that carries the project's
    name and a digest of its path, since the database's unprivileged owner often cannot enter root's own folders.
    """
    chosen = named or os.environ.get("KOUAN_DATA")
    if chosen:
        return Path(chosen).expanduser().resolve()
    if os.geteuid() == 0:
        return SYSTEM / f"{ROOT.name}-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
    return ROOT / "var"


def make_shared_folder(folder: Path) -> None:
    """Make a folder that everybody may enter; folders that stand already are left as they are."""
    missing = [path for path in [folder, *folder.parents] if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        path.chmod(0o755)


def make_private_folder(folder: Path) -> None:
    """Make a folder that others may pass through and not list; one that stands already is left as it is."""
    make_shared_folder(folder.parent)
    if not folder.exists():
        folder.mkdir()
        folder.chmod(0o711)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)
