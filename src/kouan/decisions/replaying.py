"""What would have changed, had a version decided the cases that others decided. No database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kouan.decisions.decided import Alike
from kouan.decisions.engine import CompiledTable
from kouan.decisions.types import Decision

MOST_CHANGES = 200
"""Kinds of change that are told for each result; the rest is counted."""


@dataclass(slots=True)
class Outcome:
    """What a replay found. ``changes``: for each result the kinds of change, the most frequent first."""

    cases: int = 0
    changed: int = 0
    undecided: int = 0
    groups: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    changes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The form that is stored."""
        return {
            "cases": self.cases,
            "changed": self.changed,
            "undecided": self.undecided,
            "groups": self.groups,
            "rows": dict(self.rows),
            "changes": self.changes,
        }


def replay(groups: Iterable[Alike], draft: CompiledTable, tables: Mapping[int, CompiledTable]) -> Outcome:
    """Let a draft decide every group and compare with the version that decided it.

    tables: the versions by number. A group that either of them cannot decide counts as undecided.
    """
    outcome = Outcome()
    kinds: dict[str, dict[tuple[Any, Any], list[Any]]] = {}
    for group in groups:
        outcome.groups += 1
        outcome.cases += group.count
        table = tables.get(group.version)
        then = table.decide(group.context) if table else None
        now = draft.decide(group.context)
        if then is None or then.problem or now.problem:
            outcome.undecided += group.count
            continue
        outcome.rows.update(dict.fromkeys(now.rows, group.count))
        different = _different(then, now)
        outcome.changed += group.count if different else 0
        for name, pair in different.items():
            seen = kinds.setdefault(name, {}).setdefault(pair, [0, ""])
            seen[0] += group.count
            seen[1] = max(seen[1], group.newest)
    for name, found in kinds.items():
        most = sorted(found.items(), key=lambda item: -item[1][0])[:MOST_CHANGES]
        outcome.changes[name] = [
            {"before": before, "after": after, "count": count, "newest": newest}
            for (before, after), (count, newest) in most
        ]
    return outcome


def _different(then: Decision, now: Decision) -> dict[str, tuple[Any, Any]]:
    """Give the results that differ, with both values; in what order values were gathered says nothing."""
    names = dict.fromkeys([*then.outputs, *now.outputs])
    pairs = {name: (_settled(then.outputs.get(name)), _settled(now.outputs.get(name))) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _settled(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(sorted(map(str, value)))
    return None if value == "" else value
