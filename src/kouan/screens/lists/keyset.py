"""Pages by key: the next page begins after the last row seen, so page ten thousand costs what page one costs.

Order is one sort path with the primary key as tie-break in the same direction; blanks come last either way.
A cursor names the row at the edge of the page and is only good for the sort that made it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import BooleanField, F, Field, Func, QuerySet, Value

LONGEST_CURSOR = 600


class UnreadableCursor(Exception):
    """The cursor in the address is not one that this list made for this sort."""


@dataclass(frozen=True)
class Sort:
    """An order of rows: an ORM path, its direction, its field, and whether it can be blank."""

    path: str
    is_descending: bool
    field: Field
    can_be_blank: bool

    @property
    def name(self) -> str:
        return ("-" if self.is_descending else "") + self.path


@dataclass(frozen=True)
class Slice:
    """One page of rows with the cursors that lead on; an empty cursor means there is nothing that way."""

    rows: list[Any]
    after: str
    before: str


@dataclass(frozen=True)
class Edge:
    """The row that a cursor names: its value under the sort, None for a blank, and the parts of its key."""

    value: Any
    key: list[Any]


def to_sort(rows: QuerySet, path: str, *, is_descending: bool) -> Sort:
    """Resolve a sort path against the queryset: a field, a related field, or an annotation."""
    if path in rows.query.annotations:
        return Sort(path, is_descending, rows.query.annotations[path].output_field, can_be_blank=True)
    model, field, can_be_blank = rows.model, None, False
    for name in path.split("__"):
        found = model._meta.pk if name == "pk" else model._meta.get_field(name)
        if not isinstance(found, Field):
            raise FieldDoesNotExist(path)
        field, can_be_blank = found, can_be_blank or found.null
        model = found.related_model or model
    assert field is not None
    return Sort(path, is_descending, field, can_be_blank)


def take(rows: QuerySet, sort: Sort, *, size: int, after: str = "", before: str = "", from_end: bool = False) -> Slice:
    """Take the page after or before a cursor, or the last page. Raises UnreadableCursor.

    One query; a second one where the page may reach from filled values into blanks or back.
    """
    backward = bool(before) or from_end
    cursor = before or after
    edge = _read_cursor(rows, sort, cursor) if cursor else None
    taken: list[Any] = []
    for part in _parts(rows, sort, edge, backward=backward):
        taken += part[: size + 1 - len(taken)]
        if len(taken) > size:
            break
    has_more = len(taken) > size
    taken = taken[:size]
    if backward:
        taken.reverse()
    if not taken:
        return Slice([], "", "")
    has_after = bool(before) if backward else has_more
    has_before = has_more if backward else bool(after)
    return Slice(
        taken,
        to_cursor(sort, taken[-1]) if has_after else "",
        to_cursor(sort, taken[0]) if has_before else "",
    )


def _parts(rows: QuerySet, sort: Sort, edge: Edge | None, *, backward: bool) -> Iterator[QuerySet]:
    """The rows beyond the edge, filled values and blanks apart: each part is one range of an index on (path, key).

    Together with `ORDER BY … NULLS LAST` or an `OR … IS NULL` in one query PostgreSQL would sort the whole table.
    """
    compares = _RowBefore if sort.is_descending != backward else _RowAfter
    sign = "-" if sort.is_descending != backward else ""
    names = [field.name for field in rows.model._meta.pk_fields]
    key, keys = [F(name) for name in names], [f"{sign}{name}" for name in names]
    if sort.path == "pk":
        yield (rows.filter(compares(*key, *_key(rows, edge))) if edge else rows).order_by(*keys)
        return
    filled, blank = rows, rows.none()
    if sort.can_be_blank:
        filled, blank = rows.filter(**{f"{sort.path}__isnull": False}), rows.filter(**{f"{sort.path}__isnull": True})
    filled, blank = filled.order_by(f"{sign}{sort.path}", *keys), blank.order_by(*keys)
    is_in_blanks = edge is not None and edge.value is None
    if edge is not None and is_in_blanks:
        blank = blank.filter(compares(*key, *_key(rows, edge)))
    elif edge is not None:
        value = Value(edge.value, sort.field)
        filled = filled.filter(compares(F(sort.path), *key, value, *_key(rows, edge)))
    if not sort.can_be_blank:
        yield filled
    elif backward:
        yield from ([blank, filled] if edge is None or is_in_blanks else [filled])
    else:
        yield from ([blank] if is_in_blanks else [filled, blank])


def _key(rows: QuerySet, edge: Edge) -> list[Value]:
    return [Value(value, field) for value, field in zip(edge.key, rows.model._meta.pk_fields, strict=True)]


def order(sort: Sort) -> list[Any]:
    """The order of all rows in one query, for a file: blanks last, ties by key."""
    key = F(sort.path)
    if sort.can_be_blank:
        key = key.desc(nulls_last=True) if sort.is_descending else key.asc(nulls_last=True)
    else:
        key = key.desc() if sort.is_descending else key.asc()
    tie = "-pk" if sort.is_descending else "pk"
    return [tie] if sort.path == "pk" else [key, tie]


class _RowCompares(Func):
    """`(a, b) > (x, y)`: one comparison of pairs, which PostgreSQL answers from an index on (a, b)."""

    sign = ">"

    def __init__(self, *expressions: Any) -> None:
        super().__init__(*expressions, output_field=BooleanField())

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        parts, params = [], []
        for expression in self.get_source_expressions():
            sql, values = compiler.compile(expression)
            parts.append(sql)
            params.extend(values)
        half = len(parts) // 2
        sql = f"({', '.join(parts[:half])}) {self.sign} ({', '.join(parts[half:])})"
        return sql, params


class _RowAfter(_RowCompares):
    sign = ">"


class _RowBefore(_RowCompares):
    sign = "<"


def to_cursor(sort: Sort, row: Any) -> str:
    """The cursor of one row under a sort."""
    value: Any = row if sort.path != "pk" else None
    for name in sort.path.split("__"):
        value = getattr(value, name) if value is not None else None
    if hasattr(value, "pk"):
        value = value.pk
    key = [_to_plain(getattr(row, field.attname)) for field in row._meta.pk_fields]
    text = json.dumps([sort.name, _to_plain(value), key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _to_plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.days} {value.seconds}.{value.microseconds:06d}"
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value


def _read_cursor(rows: QuerySet, sort: Sort, cursor: str) -> Edge:
    if len(cursor) > LONGEST_CURSOR:
        raise UnreadableCursor
    try:
        name, value, parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if name != sort.name or None in parts:
            raise UnreadableCursor
        field = sort.field.target_field if sort.field.is_relation else sort.field
        key = [one.to_python(part) for part, one in zip(parts, rows.model._meta.pk_fields, strict=True)]
        return Edge(None if value is None else field.to_python(value), key)
    except (ValueError, TypeError, ValidationError, binascii.Error, RecursionError) as error:
        raise UnreadableCursor from error
