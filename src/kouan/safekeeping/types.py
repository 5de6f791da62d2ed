"""What is passed between the safe and the apps whose cases name persons. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Datum:
    """One thing that is said of a person. kind: how it is masked (name, id, phone, account, address)."""

    label: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person as one document names it: as whom, and what is said."""

    role: str
    document: str
    said: Sequence[Datum]
