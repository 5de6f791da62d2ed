"""Words of a document as a person points at them: which of the same words they are, and where they stand now. Pure.

Spaces and line breaks do not count, so that words are found again in a text whose lines were torn elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

Span = tuple[int, int]


def chosen(text: str, start: int, end: int) -> Span | None:
    """Give the stretch without the spaces around it; None where nothing else is in it or it is not in the text."""
    if not 0 <= start < end <= len(text):
        return None
    words = text[start:end]
    first = start + len(words) - len(words.lstrip())
    last = end - (len(words) - len(words.rstrip()))
    return (first, last) if first < last else None


def which_of(text: str, span: Span) -> int:
    """Count the same words before a stretch."""
    return sum(1 for each in _places(text, text[slice(*span)]) if each[0] < span[0])


def place_of(text: str, words: str, which: int) -> Span | None:
    """Find the words again: that of the same words, else the only one there is."""
    found = list(_places(text, words))
    if which < len(found):
        return found[which]
    return found[0] if len(found) == 1 else None


def _places(text: str, words: str) -> Iterator[Span]:
    sought = "".join(words.split())
    if not sought:
        return
    places = [at for at, sign in enumerate(text) if not sign.isspace()]
    dense = "".join(text.split())
    at = dense.find(sought)
    while at >= 0:
        yield places[at], places[at + len(sought) - 1] + 1
        at = dense.find(sought, at + len(sought))
