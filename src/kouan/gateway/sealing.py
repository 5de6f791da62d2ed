"""Secrets at rest: encrypted under a key that stands outside the database (derived from the installation's own)."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class SealBroken(ValueError):
    """What was sealed does not open: the installation's secret is another than it was."""


def seal(data: bytes) -> bytes:
    """Give the form in which a secret may lie in the database."""
    return Fernet(settings.KOUAN_SEALING_KEY).encrypt(data)


def unseal(kept: bytes) -> bytes:
    """Give a secret as it was entered. Raises SealBroken."""
    try:
        return Fernet(settings.KOUAN_SEALING_KEY).decrypt(bytes(kept))
    except InvalidToken:
        raise SealBroken("this was sealed under another key") from None
