"""Sealed words: what stands in an address in place of a person's number, to be read under the key of its month."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.utils import timezone

from kouan.safekeeping.safe import KeyGone, NotReadable, safe


def seal(text: str) -> str:
    """Give the mark of words, in characters that an address may have."""
    return urlsafe_b64encode(safe().keep(text.encode(), timezone.now())).rstrip(b"=").decode()


def unseal(mark: str) -> str | None:
    """Give the words of a mark; None of what is no mark, was changed, or was made in a month that is erased."""
    try:
        kept = urlsafe_b64decode(mark + "=" * (-len(mark) % 4))
        return safe().take(kept).decode()
    except (KeyGone, NotReadable, ValueError):
        return None
