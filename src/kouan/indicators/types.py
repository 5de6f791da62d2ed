"""What an indicator is and where it stands, whoever computes or enters it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

Compute = Callable[[date, date], Decimal | int | None]
"""The value from a day until another (exclusive); None where there is nothing to count."""


@dataclass(frozen=True)
class Definition:
    """What an indicator counts. key: lower snake case, never changed. owner_id: who enters it; None if computed."""

    key: str
    name: Any
    meaning: Any
    unit: Any
    period: str
    shape: str
    source: Any
    fresh_days: int
    owner_id: UUID | None = None
    compute: Compute | None = None
    pk: UUID | None = None

    @property
    def is_computed(self) -> bool:
        """Whether the system computes it."""
        return self.compute is not None


@dataclass(frozen=True)
class Point:
    """One value for a time (both days inclusive)."""

    since: date
    until: date
    value: Decimal


@dataclass(frozen=True)
class Forecast:
    """What the end of the year will bring. method: ``pace`` (this year's pace goes on) or ``trend`` (a line)."""

    value: Decimal
    method: str


@dataclass(frozen=True)
class Standing:
    """Where an indicator stands: the year so far, as of a day; nothing where nobody has entered anything."""

    definition: Definition
    year: int
    value: Decimal | None
    as_of: date | None
    is_stale: bool
    forecast: Forecast | None
    points: tuple[Point, ...] = ()
    computed_at: datetime | None = None
