"""Tables partitioned by month on their UUIDv7 key.

A UUIDv7 begins with its time in milliseconds, so a month is a range of keys and the key alone stays unique.

To make a model such a table:

1. give it ``id = models.UUIDField(primary_key=True, default=uuid7, editable=False)``; no other unique constraint or
   unique field (uniqueness across months lives in a narrow key table of its own);
2. run ``makemigrations`` and, in the new migration, write ``CreatePartitionedTable(`` for ``migrations.CreateModel(``.

Nothing else changes: the model is managed, ``AddField``, ``AddIndex``, ``COPY`` and ``bulk_create`` work as ever
(``AddIndexConcurrently`` does not). Reading by id, or by a range from ``kernel.identifiers.first_uuid7_at``, touches
only its months.

``ensure_partitions(at=…)`` makes the partitions of the coming months; it runs at migration and then daily. A row whose
month has no partition goes to the table's default partition and is moved out when the month is made: nothing is ever
refused. ``drop_months`` takes whole months away when their retention is over.

Source: PostgreSQL 15 documentation, section 5.11 "Table Partitioning"; RFC 9562 section 5.7.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from kouan.kernel.identifiers import first_uuid7_at

MONTHS_AHEAD = 3
"""Months made beyond the running one, so that a scheduler that stood still for weeks does no harm."""

_MARK = "kouan: partitioned by month of id"
_LOCK_TIMEOUT = "5s"


class TheTableCannotBePartitioned(ValueError):
    """The model's key or constraints do not allow partitions by month."""


def month_starts(at: dt.datetime, months: int) -> list[dt.datetime]:
    """The first moments (UTC) of the month of ``at`` and of the ``months`` that follow it."""
    utc = at.astimezone(dt.UTC)
    numbers = range(utc.year * 12 + utc.month - 1, utc.year * 12 + utc.month + months)
    return [dt.datetime(number // 12, number % 12 + 1, 1, tzinfo=dt.UTC) for number in numbers]


class CreatePartitionedTable(migrations.CreateModel):
    """Create the model's table, partitioned by month of its UUIDv7 ``id``, with a default partition.

    Takes the arguments of ``CreateModel``. Raises TheTableCannotBePartitioned where the model has another primary key
    or another unique constraint.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        _check(model)
        with _creating_partitioned(schema_editor):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        quote = schema_editor.quote_name
        table = model._meta.db_table
        schema_editor.execute(f"COMMENT ON TABLE {quote(table)} IS '{_MARK}'")
        schema_editor.execute(f"CREATE TABLE {quote(_default_partition(table))} PARTITION OF {quote(table)} DEFAULT")
        for start in month_starts(timezone.now(), MONTHS_AHEAD):
            low, high = _bounds(start)
            schema_editor.execute(
                f"CREATE TABLE {quote(_partition(table, start))} PARTITION OF {quote(table)} "
                f"FOR VALUES FROM ('{low}') TO ('{high}')"
            )

    def reduce(self, operation: Any, app_label: str) -> bool:
        """Never merge with another operation: merging would give a plain table."""
        return False

    def describe(self) -> str:
        return f"Create partitioned table for model {self.name}"


def ensure_partitions(*, at: dt.datetime, months_ahead: int = MONTHS_AHEAD, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Make the missing partitions of every table in this module's care, from the month of ``at`` on.

    Returns the names of the partitions made. Gives up after five seconds of waiting for a table that is in use and
    raises OperationalError; what was made before stays, and the next run goes on.
    """
    made = []
    for table in list_partitioned_tables(using=using):
        for start in month_starts(at, months_ahead):
            with transaction.atomic(using=using), connections[using].cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
                if name := _make_month(cursor, table, start):
                    made.append(name)
    return made


def drop_months(*, table: str, until: dt.datetime, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Drop the months of a table that end at or before ``until``, rows and all; return the partitions dropped."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        names = [name for name, month in _months_of(cursor, table) if month_starts(month, 1)[1] <= until]
        for name in names:
            cursor.execute(f'DROP TABLE "{name}"')
    return names


def count_rows_by_month(*, table: str, using: str = DEFAULT_DB_ALIAS) -> dict[str, int]:
    """Return how many rows lie in each month of a table, by the partition's name."""
    with connections[using].cursor() as cursor:
        counts = {}
        for name, _month in _months_of(cursor, table):
            cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608
            counts[name] = cursor.fetchone()[0]
    return counts


def list_partitioned_tables(*, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The names of all tables of this database that are partitioned by month of their id."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname FROM pg_partitioned_table p
            JOIN pg_class c ON c.oid = p.partrelid
            WHERE c.relnamespace = current_schema()::regnamespace AND obj_description(c.oid, 'pg_class') = %s
            ORDER BY 1
            """,
            [_MARK],
        )
        return [row[0] for row in cursor.fetchall()]


def _check(model: type[models.Model]) -> None:
    key = model._meta.pk
    if key is None or key.name != "id" or not isinstance(key, models.UUIDField):
        raise TheTableCannotBePartitioned(f"{model.__name__} needs a UUIDv7 named id as its only primary key")
    uniques = [field.name for field in model._meta.local_fields if field.unique and not field.primary_key]
    uniques += [c.name for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    if uniques or model._meta.unique_together:
        raise TheTableCannotBePartitioned(
            f"{model.__name__} cannot be unique across months ({', '.join(uniques) or 'unique_together'}): "
            "use a narrow key table"
        )


@contextmanager
def _creating_partitioned(schema_editor: BaseDatabaseSchemaEditor) -> Iterator[None]:
    plain = schema_editor.sql_create_table
    schema_editor.sql_create_table = plain + ' PARTITION BY RANGE ("id")'
    try:
        yield
    finally:
        schema_editor.sql_create_table = plain


def _default_partition(table: str) -> str:
    return f"{table}_default"


def _partition(table: str, start: dt.datetime) -> str:
    return f"{table}_{start:%Y_%m}"


def _bounds(start: dt.datetime) -> tuple[UUID, UUID]:
    return first_uuid7_at(start), first_uuid7_at(month_starts(start, 1)[1])


def _make_month(cursor: Any, table: str, start: dt.datetime) -> str | None:
    """Make one month of a table unless it is there; rows of the month that lie in the default partition move in.

    The new partition is built beside the table and then attached, so that writers of other months go on meanwhile.
    Only where rows have to move does the whole table wait.
    """
    name, default, (low, high) = _partition(table, start), _default_partition(table), _bounds(start)
    if _exists(cursor, name):
        return None
    rows_to_move = _has_rows_between(cursor, default, low, high)
    cursor.execute(f'LOCK TABLE ONLY "{table}" IN {"ACCESS" if rows_to_move else "SHARE UPDATE"} EXCLUSIVE MODE')
    cursor.execute(f'LOCK TABLE "{default}" IN ACCESS EXCLUSIVE MODE')
    if _exists(cursor, name) or (not rows_to_move and _has_rows_between(cursor, default, low, high)):
        return None  # another process was quicker, or a row came in between: the next run sees it
    if rows_to_move:
        # Detached, the default partition loses the triggers of its parent: rows of an append-only table can move.
        cursor.execute(f'ALTER TABLE "{table}" DETACH PARTITION "{default}"')
    cursor.execute(f'CREATE TABLE "{name}" (LIKE "{table}" INCLUDING DEFAULTS INCLUDING ALL EXCLUDING INDEXES)')
    if rows_to_move:
        cursor.execute(
            f"WITH moved AS (DELETE FROM \"{default}\" WHERE id >= '{low}' AND id < '{high}' RETURNING *) "  # noqa: S608
            f'INSERT INTO "{name}" SELECT * FROM moved'
        )
    cursor.execute(f"ALTER TABLE \"{table}\" ATTACH PARTITION \"{name}\" FOR VALUES FROM ('{low}') TO ('{high}')")
    if rows_to_move:
        cursor.execute(f'ALTER TABLE "{table}" ATTACH PARTITION "{default}" DEFAULT')
    return name


def _exists(cursor: Any, table: str) -> bool:
    cursor.execute("SELECT to_regclass(quote_ident(%s)) IS NOT NULL", [table])
    return cursor.fetchone()[0]


def _has_rows_between(cursor: Any, table: str, low: UUID, high: UUID) -> bool:
    cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" WHERE id >= %s AND id < %s)', [low, high])  # noqa: S608
    return cursor.fetchone()[0]


def _months_of(cursor: Any, table: str) -> list[tuple[str, dt.datetime]]:
    cursor.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
        "WHERE i.inhparent = to_regclass(quote_ident(%s)) ORDER BY 1",
        [table],
    )
    names = [row[0] for row in cursor.fetchall()]
    found = [(name, re.fullmatch(re.escape(table) + r"_(\d{4})_(\d{2})", name)) for name in names]
    return [(name, dt.datetime(int(m[1]), int(m[2]), 1, tzinfo=dt.UTC)) for name, m in found if m]
