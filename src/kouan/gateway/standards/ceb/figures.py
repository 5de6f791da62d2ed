"""The dated figures that rules compare with, read from ``figures.yaml`` beside this module."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import yaml


class NoFigure(LookupError):
    """A day for which a figure is not known; it never counts as zero."""


@lru_cache(maxsize=4096)
def figures_on(day: date) -> dict[str, Decimal]:
    """Give the figures in force on a day by name, in yuan. Raises NoFigure if one had not begun yet."""
    found = {}
    for name, values in _steps().items():
        begun = [value for since, value in values if since <= day]
        if not begun:
            raise NoFigure(f"there is no {name} on {day}")
        found[name] = begun[-1]
    return found


@lru_cache(maxsize=1)
def _steps() -> dict[str, list[tuple[date, Decimal]]]:
    content = yaml.safe_load((Path(__file__).parent / "figures.yaml").read_text("utf-8"))
    return {
        name: sorted((step["since"], Decimal(step["value"])) for step in figure["values"])
        for name, figure in content.items()
    }
