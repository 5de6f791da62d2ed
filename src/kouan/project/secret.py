"""The key that signs sessions: from the environment, else made once and kept in the data folder."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from pathlib import Path


def read_secret_key(data: Path) -> str:
    """Return KOUAN_SECRET_KEY, else the key kept in the data folder, else one that lives as long as this process."""
    named = os.environ.get("KOUAN_SECRET_KEY")
    if named:
        return named
    kept = data / "secret-key"
    return kept.read_text() if kept.exists() else secrets.token_urlsafe(48)


def keep_secret_key(data: Path) -> None:
    """Make the key of a data folder, readable by its owner only, unless it has one."""
    kept = data / "secret-key"
    if not kept.exists():
        with open(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(48))


def derive_key(secret: str, purpose: str) -> bytes:
    """Derive a key of 32 bytes for one purpose from the secret key, in the form that Fernet takes."""
    digest = hashlib.blake2b(secret.encode(), digest_size=32, person=f"kouan {purpose}".encode()[:16]).digest()
    return base64.urlsafe_b64encode(digest)
