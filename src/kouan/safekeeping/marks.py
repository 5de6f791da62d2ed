"""Marks: by an identity or telephone number one finds what was kept, though no column holds the number.

A mark is a keyed hash of a number, made under a key that is derived from the key of the month and the kind of number.
To search, a number is marked under every month that is readable still; once the key of a month is destroyed, nobody
can make or test a mark of it, wherever copies of the table are.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from uuid import UUID

from kouan.kernel.numbers import is_resident_id
from kouan.safekeeping.safe import KeyGone, safe

_SIZE = 16
_APART = re.compile(r"[\s\-‐-―()（）.·]+")
_CHINA = re.compile(r"(?:\+|00)?86(?=1[3-9]\d{9}$)")


class Number(StrEnum):
    """The kinds of numbers by which a person is found."""

    IDENTITY = "identity"
    TELEPHONE = "telephone"


def normalised(kind: Number, text: str) -> str:
    """Give a number as it is marked, so that ways of writing it are one; empty where nothing is left of it."""
    if text.isascii() and text.isdigit() and len(text) in (11, 18):
        return text
    text = _APART.sub("", unicodedata.normalize("NFKC", text)).upper()
    return _CHINA.sub("", text) if kind is Number.TELEPHONE else text


class Marker:
    """Marks numbers of one kind under one month; made once for a batch."""

    def __init__(self, kind: Number, month: str | datetime) -> None:
        self._kind = kind
        self._empty = blake2b(digest_size=_SIZE, key=safe().key_for(f"mark {kind}", month))

    def mark(self, text: str | None) -> bytes | None:
        """Give the mark of a number (16 bytes), None of none."""
        value = normalised(self._kind, text) if text else ""
        if not value:
            return None
        hashed = self._empty.copy()
        hashed.update(value.encode())
        return hashed.digest()


def marks_of(kind: Number, text: str) -> list[UUID]:
    """Give the marks of a number under every month that is readable still."""
    found = []
    for month in safe().months():
        try:
            mark = Marker(kind, month).mark(text)
        except KeyGone:
            continue  # destroyed between the two looks
        if mark is not None:
            found.append(UUID(bytes=mark))
    return found


def kind_of(text: str) -> Number | None:
    """Say which kind of number a search is for; only a whole one is: part of a number finds nobody."""
    value = normalised(Number.TELEPHONE, text)
    if is_resident_id(value):
        return Number.IDENTITY
    if re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}", value):
        return Number.TELEPHONE
    return None


_BEGUN = re.compile(r"1[3-9]\d{7,9}|[1-9]\d{5}(19|20)\d\d(0[1-9]|1[0-2])\d{0,5}X?")


def may_name_person(text: str) -> bool:
    """Whether words are a person's identity or telephone number, or most of one that is still being typed."""
    value = normalised(Number.TELEPHONE, text)
    return kind_of(value) is not None or _BEGUN.fullmatch(value) is not None
