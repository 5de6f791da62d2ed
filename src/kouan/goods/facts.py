"""What the apps above read and write of goods declarations: routing, the gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection as database
from django.db.models import OuterRef, Q, Subquery
from psycopg import Cursor

from kouan.goods.models import GoodsDeclaration
from kouan.kernel.copying import array_text


@dataclass(frozen=True, slots=True)
class Route:
    """Which agencies a version concerns and why, and who joins those that may see it."""

    agencies: Sequence[str]
    decided: Mapping[str, Any]
    parties: Sequence[UUID] = field(default_factory=list)


class Routable(NamedTuple):
    """What routing asks of the current version of a declaration."""

    id: UUID
    version: int
    trade_mode: str
    direction: str
    customs_code: str
    transport_mode: str
    trade_country: str
    hs_codes: list[str]
    container_nos: list[str]
    gross_weight_kg: Decimal | None
    goods_place: str
    parties: list[UUID]


_TO_ROUTE = """
select id, version, trade_mode, direction, customs_code, transport_mode, trade_country, hs_codes, container_nos,
    gross_weight_kg, goods_place, parties
from goods_goodsdeclaration where message_id = any(%b) and routed_version < version order by id for update
"""


def lock_unrouted_goods(message_ids: Sequence[UUID]) -> list[Routable]:
    """Lock the declarations whose current versions came in these messages and were not routed, in one order."""
    cursor = Cursor(database.connection)
    cursor.execute(_TO_ROUTE, (list(message_ids),))
    return [Routable(*row) for row in cursor.fetchall()]


def lock_goods(ids: Iterable[UUID]) -> list[GoodsDeclaration]:
    """Lock declarations by id, in one order."""
    return list(GoodsDeclaration.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk"))


_WRITE_ROUTES = """
update goods_goodsdeclaration d set routed_version = d.version, routing = n.routing::jsonb,
    agencies = string_to_array(n.agencies, ','), parties = n.parties::uuid[]
from unnest(%b::uuid[], %b::text[], %b::text[], %b::text[]) as n(id, routing, agencies, parties)
where d.id = n.id
"""
"""One write for all, because a declaration stands in many indexes."""


def write_routes(routes: Sequence[tuple[Routable, Route]]) -> None:
    """Write the routes of locked declarations."""
    if routes:
        columns = (
            [row.id for row, _route in routes],
            [msgspec.json.encode(route.decided).decode() for _row, route in routes],
            [",".join(route.agencies) for _row, route in routes],
            [array_text(map(str, sorted({*row.parties, *route.parties}))) for row, route in routes],
        )
        Cursor(database.connection).execute(_WRITE_ROUTES, columns)


def find_goods_by_number(*, number: str, party_id: UUID, most: int) -> list[GoodsDeclaration]:
    """Find the declarations of a party by client, unified, customs, bill or container number."""
    wanted = (
        Q(client_no=number) | Q(seq_no=number) | Q(entry_no=number) | Q(bill_no=number)
        | Q(container_nos__contains=[number.upper()])
    )  # fmt: skip
    if not number:
        return []
    rows = GoodsDeclaration.objects.filter(wanted, parties__contains=[party_id])
    return list(rows.order_by("pk")[:most])


def mark_goods_left(ids: Iterable[UUID], *, at: datetime) -> None:
    """Note, in the caller's transaction, that goods left through the gate."""
    GoodsDeclaration.objects.filter(pk__in=list(ids), left_at__isnull=True).update(left_at=at)


def goods_value(name: str) -> Subquery:
    """Give a column of the declaration that a row's ``case_id`` names, to be shown in lists of other apps."""
    return Subquery(GoodsDeclaration.objects.filter(pk=OuterRef("case_id")).values(name)[:1])
