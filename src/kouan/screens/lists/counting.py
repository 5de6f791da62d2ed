"""Counts and sums that stay cheap: exact up to a bound, beyond it the planner's estimate, marked as such."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Field, IntegerField, QuerySet, Sum
from django.utils.translation import gettext as _

from kouan.screens import formats
from kouan.screens.lists.columns import Column

EXACT_TO = 10_000


@dataclass(frozen=True)
class Counted:
    """How many rows: exact, or at least `at_least` with an estimate."""

    at_least: int
    is_exact: bool
    estimate: int | None = None

    @property
    def words(self) -> str:
        if self.is_exact:
            return formats.to_count(self.at_least)
        if self.estimate and self.estimate > self.at_least:
            return _("约 %(n)s") % {"n": formats.to_large_count(self.estimate)}
        return _("%(n)s 以上") % {"n": formats.to_large_count(self.at_least)}


@dataclass(frozen=True)
class Totals:
    """The count of a list, and sums by column key where the count is exact."""

    count: Counted
    sums: dict[str, Any]


def count_to(rows: QuerySet, limit: int) -> int:
    """Count rows, but never look at more than `limit` + 1."""
    return rows.order_by()[: limit + 1].count()


def count_and_sum(rows: QuerySet, columns: Sequence[Column], exact_to: int | None = None) -> Totals:
    """Count to the bound (EXACT_TO unless told) and sum the columns in the same query.

    Past the bound, estimate and sum nothing.
    """
    bound = EXACT_TO if exact_to is None else exact_to
    named = {f"_total_{index}": column.total for index, column in enumerate(columns)}
    inner = rows.order_by().annotate(
        **{name: F(total) if isinstance(total, str) else total for name, total in named.items() if total is not None}
    )[: bound + 1]
    found = inner.aggregate(_rows=Count("pk"), **{f"_sum{name}": Sum(name) for name in named})
    count = found.pop("_rows")
    if count > bound:
        return Totals(Counted(bound, False, estimate_count(rows)), {})
    sums = {
        column.key: _as_stored(found[f"_sum{name}"], inner.query.annotations[name].output_field)
        for name, column in zip(named, columns, strict=True)
    }
    return Totals(Counted(count, True), sums)


def _as_stored(value: Any, field: Field) -> Any:
    """PostgreSQL sums big integers as numeric; a sum of fen stays a whole number of fen."""
    return int(value) if value is not None and isinstance(field, IntegerField) else value


def estimate_count(rows: QuerySet) -> int | None:
    """How many rows the planner expects, without running the query."""
    try:
        plan = json.loads(rows.order_by().explain(format="json"))
        return int(plan[0]["Plan"]["Plan Rows"])
    except (ValueError, KeyError, IndexError, TypeError):
        return None
