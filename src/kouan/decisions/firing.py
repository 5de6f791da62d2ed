"""How often each row of a table fired: whoever keeps the decided cases says so, once, when it starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Firings:
    """Among ``looked_at`` of the newest cases, ``decided`` were decided by the version; how often each row fired."""

    looked_at: int
    decided: int
    by_row: Mapping[str, int]


_counters: dict[str, Callable[[str, int], Firings]] = {}


def register_counter(key: str, count: Callable[[str, int], Firings]) -> None:
    """Say who counts for a table: ``count(key, number)``; called from an app's ``ready()``."""
    _counters[key] = count


def is_counted(key: str) -> bool:
    """Whether anybody keeps the cases that a table decided."""
    return key in _counters


def count_firings(key: str, number: int) -> Firings | None:
    """How often the rows of a version fired; None where nobody keeps its cases."""
    count = _counters.get(key)
    return count(key, number) if count is not None else None
