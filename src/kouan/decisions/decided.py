"""Cases that were decided: whoever keeps them gives them here in groups that no condition can tell apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kouan.decisions.types import Seen


@dataclass(frozen=True, slots=True)
class Alike:
    """Cases that look the same: ``context`` speaks for all of them, ``version`` decided them, ``newest`` is one."""

    version: int
    context: Mapping[str, Any]
    count: int
    newest: str


Source = Callable[[Sequence[Seen], datetime, datetime], Iterable[Alike]]
"""Gives the cases that were decided from one time until before another, grouped by what is seen of them."""

_sources: dict[str, Source] = {}


def register_source(key: str, source: Source) -> None:
    """Say who keeps the cases that a table decided; called from an app's ``ready()``."""
    _sources[key] = source


def source_of(key: str) -> Source | None:
    """Give who keeps the cases of a table, if anybody does."""
    return _sources.get(key)


def seen_by_all(tables: Iterable[Sequence[Seen]]) -> list[Seen]:
    """Join what several tables see, so that what one of them can tell apart stays apart."""
    joined: dict[str, tuple[float, ...] | None] = {}
    for seen in tables:
        for column in seen:
            if column.name not in joined:
                joined[column.name] = column.limits
            elif joined[column.name] is None or column.limits is None:
                joined[column.name] = None
            else:
                joined[column.name] = tuple(sorted({*joined[column.name], *column.limits}))  # type: ignore[misc]
    return [Seen(name, limits) for name, limits in joined.items()]
