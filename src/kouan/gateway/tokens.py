"""The token by which a machine is known. Only its digest is kept."""

from __future__ import annotations

import hashlib
import secrets

_PREFIX = "kouan_"


def make_token() -> str:
    """Make a token; its beginning tells a leaked one by its looks."""
    return _PREFIX + secrets.token_urlsafe(32)


def mark_of(token: str) -> str:
    """Give the beginning by which people tell tokens apart: too little of it to guess the rest."""
    return token[: len(_PREFIX) + 5]


def digest_of(token: str) -> bytes:
    """Give what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()
