"""Routing of goods declarations: which agencies they concern, in whose place they lie, and inspections ordered.

The table ``goods_routing`` says which agencies; the row that fired is kept with the declaration. Where a declaration
stands is never computed from what is said here: that is customs' word alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection as database
from django.utils import timezone
from psycopg import Cursor

from kouan.clearance.authority import CUSTOMS, way_of
from kouan.clearance.codes import SubjectKind
from kouan.clearance.models import Inspection
from kouan.clearance.services.routing import agencies_of
from kouan.clearance.states import InspectionState, ReviewState
from kouan.decisions import selectors as decisions
from kouan.gateway.codes import Step
from kouan.gateway.services.working import Claimed, finish
from kouan.goods.facts import Routable, Route, lock_goods, lock_unrouted_goods, write_routes
from kouan.goods.services.answering import answer_goods
from kouan.goods.states import GoodsState
from kouan.kernel.identifiers import uuid7
from kouan.transport import selectors as transport
from kouan.transport.types import Place
from kouan.workflow.services import Happening, record_events

ROUTING_TABLE = "goods_routing"


def route_goods(messages: Sequence[Claimed], at: datetime) -> None:
    """Route a batch of declarations that were stored: agencies named, one review opened for each."""
    ids = [message.id for message in messages]
    if rows := lock_unrouted_goods(ids):
        day = timezone.localdate(at)
        places = _Places(transport.load_places(day).values())
        made = decisions.evaluate_many(ROUTING_TABLE, [_context(row) for row in rows], day)
        routes = []
        for row, decision in zip(rows, made, strict=True):
            decided = {"table": decision.key, "version": decision.version, "rows": list(decision.rows)}
            decided |= {name: value for name, value in decision.outputs.items() if name != "agencies"}
            place = places.of(row.goods_place)
            parties = [place.operator_id] if place and place.operator_id else []
            routes.append((row, Route(agencies_of(decision.outputs), decided, parties)))
        write_routes(routes)
        _open_reviews(routes, at)
    finish(ids, step=Step.ROUTE_GOODS)


_OPEN_REVIEWS = """
insert into clearance_review
    (id, case_id, version, agency, way, subject_kind, state, opinion, opened_at, state_since)
select id, case_id, version, agency, way, %b, %b, '', %b, %b
from unnest(%b::uuid[], %b::uuid[], %b::int[], %b::text[], %b::text[]) as row(id, case_id, version, agency, way)
on conflict do nothing
"""


def _open_reviews(routes: Sequence[tuple[Routable, Route]], at: datetime) -> None:
    """Open one review an agency; one that is open stays."""
    opened = [(row, agency) for row, route in routes for agency in route.agencies]
    columns = (
        [uuid7() for _one in opened],
        [row.id for row, _agency in opened],
        [row.version for row, _agency in opened],
        [agency for _row, agency in opened],
        [str(way_of(agency)) for _row, agency in opened],
    )
    Cursor(database.connection).execute(
        _OPEN_REVIEWS, (str(SubjectKind.GOODS), str(ReviewState.PENDING), at, at, *columns)
    )


def _context(row: Routable) -> dict[str, object]:
    return {
        "trade_mode": row.trade_mode,
        "ie_flag": row.direction,
        "customs_code": row.customs_code,
        "transport_mode": row.transport_mode,
        "hs_chapters": sorted({code[:2] for code in row.hs_codes if code}),
        "country": row.trade_country,
        "gross_weight_kg": float(row.gross_weight_kg or 0),
        "containers": len(row.container_nos),
    }


class _Places:
    """The supervision places of a day, by code and by name."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._known: dict[str, Place] = {}
        for place in places:
            self._known[place.code] = self._known[place.name_zh] = place

    def of(self, words: str) -> Place | None:
        """Find the place that the place of the goods names by its code or whole name; never by likeness."""
        text = words.strip()
        return self._known.get(text) or self._known.get(text.partition(" ")[0])


def answer_goods_messages(messages: Sequence[Claimed], at: datetime) -> None:
    """Take a batch of official messages, and open the inspections that customs orders in them."""
    touched = answer_goods(messages, at)
    inspected = [row for row in lock_goods(touched) if row.state == GoodsState.INSPECTED]
    open_goods_inspections(inspected, agency=CUSTOMS, at=at, source="官方回执 C、S 查验")


def open_goods_inspections(rows: Sequence[Any], *, agency: str, at: datetime, source: str) -> None:
    """Open one inspection a declaration, version and agency; ordered twice it is one."""
    if not rows:
        return
    places = _Places(transport.load_places(timezone.localdate(at)).values())
    known = set(
        Inspection.objects.filter(case_id__in=[row.pk for row in rows], agency=agency).values_list("case_id", "version")
    )
    opened: list[tuple[UUID, UUID]] = []
    for row in rows:
        if (row.pk, row.version) in known:
            continue
        place = places.of(row.goods_place)
        made = Inspection.objects.create(
            case_id=row.pk, version=row.version, agency=agency, subject_kind=SubjectKind.GOODS,
            place_code=place.code if place else "", parties=row.parties, ordered_at=at, order_source=source,
            state_since=at,
        )  # fmt: skip
        opened.append((row.pk, made.pk))
    record_events(
        [
            Happening(pk, "inspection", "order", "", str(InspectionState.ORDERED), inspection)
            for pk, inspection in opened
        ],
        at=at,
    )
