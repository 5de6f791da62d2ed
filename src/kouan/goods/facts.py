"""What the apps above read and write of goods declarations: routing, the gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from kouan.goods.models import GoodsDeclaration


@dataclass(frozen=True, slots=True)
class Route:
    """Which agencies a version concerns and why, and who joins those that may see it."""

    agencies: Sequence[str]
    decided: Mapping[str, Any]
    parties: Sequence[UUID] = field(default_factory=list)


def lock_goods_of_messages(message_ids: Iterable[UUID]) -> list[GoodsDeclaration]:
    """Lock the declarations whose current versions came in these messages, in one order."""
    rows = GoodsDeclaration.objects.select_for_update().filter(message_id__in=list(message_ids))
    return list(rows.order_by("pk"))


def lock_goods(ids: Iterable[UUID]) -> list[GoodsDeclaration]:
    """Lock declarations by id, in one order."""
    return list(GoodsDeclaration.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk"))


def write_routes(routes: Sequence[tuple[GoodsDeclaration, Route]]) -> None:
    """Write the routes of locked declarations."""
    for row, route in routes:
        row.agencies, row.routing = list(route.agencies), dict(route.decided)
        row.parties = sorted({*row.parties, *route.parties})
        row.routed_version = row.version
    GoodsDeclaration.objects.bulk_update(
        [row for row, _route in routes], ["agencies", "routing", "parties", "routed_version"], batch_size=500
    )


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
