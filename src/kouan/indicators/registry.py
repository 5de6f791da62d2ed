"""What the apps above compute: registered in process when they start, never stored."""

from __future__ import annotations

from typing import Any

from kouan.indicators.codes import Period, Shape
from kouan.indicators.types import Compute, Definition

_computed: dict[str, Definition] = {}


class TheIndicatorIsTaken(ValueError):
    """Two apps registered indicators under the same key."""


def register(
    key: str,
    name: Any,
    *,
    meaning: Any,
    unit: Any,
    source: Any,
    compute: Compute,
    shape: Shape = Shape.FLOW,
    period: Period = Period.DAY,
) -> None:
    """Add an indicator that the system computes; from an app's ``ready()``."""
    if key in _computed and _computed[key].compute is not compute:
        raise TheIndicatorIsTaken(key)
    _computed[key] = Definition(key, name, meaning, unit, period, shape, source, 0, None, compute)


def computed() -> list[Definition]:
    """Every registered indicator, in the order of registration."""
    return list(_computed.values())


def find_computed(key: str) -> Definition | None:
    """The registered indicator of this key."""
    return _computed.get(key)
