"""How personal data is written when it is masked: enough to recognise, too little to use."""

from __future__ import annotations

DOT = "•"

KEPT = {"id": (15, 4, 2), "phone": (11, 3, 4), "account": (12, 0, 4)}
"""By kind: how long a value must be at least to show this many characters at its start and end."""


def to_masked(value: str | None, kind: str = "") -> str:
    """Mask a value by its kind: name, id (identity card or passport), phone, mail, account; else first and last."""
    text = (value or "").strip()
    if not text:
        return ""
    if kind == "name":
        return _mask_name(text)
    if kind == "mail" and "@" in text:
        head, _at, tail = text.partition("@")
        return _keep(head, 1, 0) + "@" + tail
    shortest, start, end = KEPT.get(kind, (4, 1, 1))
    if len(text) < shortest:
        start, end = (1, 1) if len(text) > 3 else (0, 1)
    return _keep(text, start, end)


def _mask_name(text: str) -> str:
    if " " in text:
        return " ".join(_keep(word, 1, 0) for word in text.split())
    return _keep(text, 1, 1 if len(text) > 3 else 0)


def _keep(text: str, start: int, end: int) -> str:
    if len(text) <= start + end:
        return DOT * len(text)
    hidden = len(text) - start - end
    return text[:start] + DOT * hidden + (text[-end:] if end else "")
