"""One search for everything: apps register searchers, the page and the quick list ask them all within a time limit."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _

from kouan.screens import framing

logger = logging.getLogger(__name__)

BUDGET_SECONDS = 1.5
"""All searchers together; one that would begin later is reported as not asked."""
LONGEST_QUERY = 100
FEWEST_CHARACTERS = 2


@dataclass(frozen=True)
class Hit:
    """One thing found. `state` is a Chip or a state of `family`; `note` says what tells it from its neighbours."""

    title: Any
    url: str
    kind: Any = ""
    state: Any = None
    note: Any = ""
    family: str = ""


@dataclass(frozen=True)
class Searcher:
    """Who searches one kind of thing: `find(user, q)` returns at most `limit` hits that the person may see."""

    label: Any
    find: Callable[[Any, str], Sequence[Hit]]
    roles: frozenset[str] = frozenset()
    order: int = 100
    limit: int = 20


@dataclass(frozen=True)
class Found:
    """The answer of one searcher. `trouble` is empty, or says why the answer is missing."""

    label: Any
    hits: tuple[Hit, ...]
    trouble: Any = ""


_searchers: dict[str, Searcher] = {}


def register(
    key: str,
    label: Any,
    find: Callable[[Any, str], Sequence[Hit]],
    *,
    roles: Sequence[str] = (),
    order: int = 100,
    limit: int = 20,
) -> None:
    """Add a searcher; called from an app's `ready()`. The same key replaces it."""
    _searchers[key] = Searcher(label, find, frozenset(str(role) for role in roles), order, limit)


def find_everything(
    user: Any, q: str, *, limit: int | None = None, clock: Callable[[], float] = time.monotonic
) -> tuple[Found, ...]:
    """Ask every searcher that the person's roles may use. `limit` caps the hits of each; empty answers are left out.

    Runs inside one time budget: the database ends a query that outlasts it, and what was not asked says so.
    """
    q = " ".join(q.split())[:LONGEST_QUERY]
    if len(q) < FEWEST_CHARACTERS:
        return ()
    roles = framing.roles_of(user)
    ends_at = clock() + BUDGET_SECONDS
    answers = []
    for searcher in sorted(_searchers.values(), key=lambda each: each.order):
        if searcher.roles and not searcher.roles & roles:
            continue
        found = _ask(searcher, user, q, seconds=ends_at - clock(), limit=min(limit or searcher.limit, searcher.limit))
        if found.hits or found.trouble:
            answers.append(found)
    return tuple(answers)


def _ask(searcher: Searcher, user: Any, q: str, *, seconds: float, limit: int) -> Found:
    if seconds <= 0:
        return Found(searcher.label, (), _("时间已到，未查询"))
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('statement_timeout')")
                before = cursor.fetchone()[0]
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(max(1, int(seconds * 1000)))])
            hits = tuple(searcher.find(user, q)[:limit])
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
    except DatabaseError:
        logger.warning("a searcher failed or ran out of time", exc_info=True, extra={"searcher": str(searcher.label)})
        return Found(searcher.label, (), _("未能查完，请缩小范围"))
    return Found(searcher.label, hits)
