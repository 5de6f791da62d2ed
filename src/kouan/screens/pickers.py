"""What a picker finds: by code, by name, by pinyin and by its initials; and the answer in the form scripts read.

An app with its own tables may find in its own way and use only `respond`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.http import JsonResponse
from pypinyin import Style, lazy_pinyin

MOST_SHOWN = 30


@dataclass(frozen=True)
class Option:
    """One choice: the code that is written, the name that is shown, and what tells it from its neighbours.

    ``fill``: values of other fields of the same line, or of the form, by their names.
    """

    code: str
    name: str
    note: str = ""
    fill: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=20_000)
def to_pinyin(name: str) -> tuple[str, str]:
    """The pinyin of a name and its initials: 江城 → ("jiangcheng", "jc")."""
    return "".join(lazy_pinyin(name)).lower(), "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()


def find(options: Iterable[Option], q: str, *, limit: int = MOST_SHOWN) -> list[Option]:
    """The options that match, best first: code, beginning of code, of name, of initials, of pinyin, anywhere."""
    wanted = q.strip().lower()
    if not wanted:
        return list(options)[:limit]
    ranked = []
    for at, option in enumerate(options):
        rank = _rank(option, wanted)
        if rank is not None:
            ranked.append((rank, at, option))
    return [option for _rank_, _at, option in sorted(ranked, key=lambda each: each[:2])[:limit]]


def _rank(option: Option, wanted: str) -> int | None:
    code, name, note = option.code.lower(), option.name.lower(), option.note.lower()
    if wanted in (code, note):
        return 0
    if code.startswith(wanted):
        return 1
    if name.startswith(wanted):
        return 2
    if wanted.isascii():
        pinyin, initials = to_pinyin(option.name)
        if initials.startswith(wanted):
            return 3
        if pinyin.startswith(wanted):
            return 4
        if note.startswith(wanted):
            return 5
        if wanted in pinyin or wanted in initials:
            return 7
    return 6 if wanted in name or wanted in note else None


def respond(options: Sequence[Option]) -> JsonResponse:
    """The answer that the picker's script reads."""
    found = [
        {"code": option.code, "name": option.name, "note": option.note}
        | ({"fill": dict(option.fill)} if option.fill else {})
        for option in options
    ]
    return JsonResponse({"options": found})
