"""The cases that a decision table decided, grouped by what its conditions can see of them: one statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection as database
from psycopg import Cursor

from kouan.decisions.decided import Alike
from kouan.decisions.types import Seen
from kouan.kernel.identifiers import first_uuid7_at

ROUTING_TABLE = "parcel_routing"
COLUMNS = {
    "trade_mode": "c.trade_mode",
    "ie_flag": "'I'::text",
    "customs_code": "c.customs_code",
    "place_code": "c.place_code",
    "hs_chapters": "c.hs_codes",
    "country": "c.departure_country",
    "gross_weight_kg": "c.gross_weight_kg::float8",
    "total_value_cny": "c.total_value::float8",
}
"""What the routing table asks, as it stands in the rows of cases; of codes the chapters are taken afterwards."""

_LIMITED = "width_bucket({column}, %b::float8[]), {column} = any(%b::float8[])"
_STATEMENT = """
select (c.routing->>'version')::int, count(*), max(c.id::text), {values}
from declarations_case c
where c.id >= %b and c.id < %b and c.routed_version > 0 and c.routing->>'table' = %b
group by 1{groups}
"""


def group_decided(seen: Sequence[Seen], since: datetime, until: datetime) -> Iterator[Alike]:
    """Give the cases received in a time that the routing table decided, as many groups as its conditions can tell.

    A number that is only compared with limits is grouped by its place among them, and speaks by its largest value.
    """
    values, groups, limits = [], [], []
    for column in seen:
        expression = COLUMNS[column.name]
        if column.limits is None:
            values.append(expression)
            groups.append(expression)
        else:
            values.append(f"max({expression})")
            groups.append(_LIMITED.format(column=expression))
            limits += [list(column.limits)] * 2
    statement: Any = _STATEMENT.format(values=", ".join(values) or "1", groups="".join(f", {one}" for one in groups))
    database.ensure_connection()
    cursor = Cursor(database.connection)
    cursor.execute(statement, (first_uuid7_at(since), first_uuid7_at(until), ROUTING_TABLE, *limits))
    unseen = {name: value for name, value in _UNSEEN.items() if name not in {column.name for column in seen}}
    for version, count, newest, *found in cursor:
        context = dict(zip((column.name for column in seen), found, strict=False)) | unseen
        context["hs_chapters"] = sorted({code[:2] for code in context["hs_chapters"]})
        yield Alike(version, context, count, newest)


_UNSEEN: dict[str, Any] = {
    name: [] if name == "hs_chapters" else 0 if name.endswith(("_kg", "_cny")) else "" for name in COLUMNS
}
"""What stands for a column that nobody asks."""
