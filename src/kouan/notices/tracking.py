"""Tracking by number and check value: what anybody who holds a paper may know of a case, and nothing about persons.

The check value is derived from the installation's key and the case, so that it cannot be guessed from the number and
stands in no table: eight signs without those that are taken for one another, forty bits. An app above says how its
cases are found by a number.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.urls import reverse

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8
LONGEST_NUMBER = 64


@dataclass(frozen=True, slots=True)
class Tracked:
    """A case as the public may see it: its stage and whose turn it is. The texts may be lazy."""

    id: UUID
    kind: Any
    number: str
    state: Any
    family: str
    whose_turn: Any
    since: datetime
    stages: Sequence[tuple[Any, bool]] = ()


Finder = Callable[[str], Iterable[Tracked]]
_finders: list[Finder] = []


def register_tracking(find: Finder) -> None:
    """Say how an app's cases are found by a number; called from ``ready()``."""
    if find not in _finders:
        _finders.append(find)


def check_value(case_id: UUID) -> str:
    """Give the check value of a case, as it is printed: ``K7QM-2F9A``."""
    digest = hmac.new(settings.KOUAN_TRACKING_KEY, b"tracking:" + case_id.bytes, hashlib.sha256).digest()
    number = int.from_bytes(digest[:5], "big")
    signs = "".join(_SIGNS[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return f"{signs[:4]}-{signs[4:]}"


def find_tracked(number: str, check: str) -> Tracked | None:
    """Find the case of a number whose check value fits."""
    typed = plain_check(check)
    number = number.strip()[:LONGEST_NUMBER]
    if len(typed) != LENGTH or not number:
        return None
    for find in _finders:
        for tracked in find(number):
            if hmac.compare_digest(plain_check(check_value(tracked.id)), typed):
                return tracked
    return None


def plain_check(text: str) -> str:
    """Give a check value as it is compared: without dashes and blanks, in capitals, in plain letters."""
    plain = "".join(text.split()).replace("-", "").upper()
    return plain if plain.isascii() else ""


def tracking_path(number: str, case_id: UUID) -> str:
    """Give the address of a case's tracking page, as a path with its query."""
    return reverse("track") + "?" + urlencode({"number": number, "check": check_value(case_id)})
