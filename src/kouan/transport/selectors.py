"""Reads of ports and supervision places. What they hold is public within Kouan: every signed-in user may see it."""

from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kouan.screens.formats import is_english
from kouan.transport.models import Port, SupervisionPlace
from kouan.transport.types import Place, PlaceUnknown


def get_place(code: str, on_date: date | None = None) -> Place:
    """The supervision place of this code on a day; without a day, as it was last known.

    Raises PlaceUnknown.
    """
    rows = SupervisionPlace.objects.select_related("port").filter(code=code)
    row = (rows if on_date is None else _in_force(rows, on_date)).order_by("-since").first()
    if row is None:
        raise PlaceUnknown(f"no supervision place {code!r}" + (f" on {on_date}" if on_date else ""))
    return to_place(row)


def places_of(organisation_id: UUID, on_date: date | None = None) -> list[Place]:
    """The places that an organisation operates on a day; without a day, all it ever operated."""
    rows = SupervisionPlace.objects.select_related("port").filter(operator_id=organisation_id)
    return [to_place(row) for row in (rows if on_date is None else _in_force(rows, on_date))]


def places_under(customs_code: str, on_date: date) -> list[Place]:
    """The places that a customs office supervises on a day."""
    rows = SupervisionPlace.objects.select_related("port").filter(customs_code=customs_code)
    return [to_place(row) for row in _in_force(rows, on_date)]


def load_places(on_date: date) -> dict[str, Place]:
    """Every place of a day by its code, for work on many documents: one query."""
    rows = _in_force(SupervisionPlace.objects.select_related("port"), on_date)
    return {row.code: to_place(row) for row in rows}


def list_places() -> QuerySet[SupervisionPlace]:
    """The places with their ports, past and future ones too."""
    return SupervisionPlace.objects.select_related("port")


def list_history(code: str) -> QuerySet[SupervisionPlace]:
    """What a place was and is, newest first."""
    return SupervisionPlace.objects.select_related("port").filter(code=code).order_by("-since")


def list_ports(on_date: date) -> QuerySet[Port]:
    """The ports of entry and bonded zones, with ``place_count``, their supervision places on a day."""
    stands = Q(places__since__lte=on_date) & (Q(places__until__isnull=True) | Q(places__until__gt=on_date))
    return Port.objects.annotate(place_count=Count("places", filter=stands))


def to_place(row: SupervisionPlace) -> Place:
    """A row as other apps see it; the port must be loaded with it."""
    return Place(
        id=row.id,
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        kind=row.kind,
        port_code=row.port.code if row.port else "",
        port_name_zh=row.port.name_zh if row.port else "",
        customs_code=row.customs_code,
        operator_id=row.operator_id,
        operator_label=row.operator_label,
        goods_kinds=tuple(row.goods_kinds),
        gates=tuple(row.gates),
        since=row.since,
        until=row.until,
        source=row.source,
        is_demo=row.is_demo,
    )


def _in_force(rows: QuerySet[SupervisionPlace], on_date: date) -> QuerySet[SupervisionPlace]:
    return rows.filter(since__lte=on_date).filter(Q(until__isnull=True) | Q(until__gt=on_date))


def place_name(code: str) -> str:
    """The name of a supervision place in the language of the page, or its code where no place is known by it.

    Chinese where the register has no English one.
    """
    names = SupervisionPlace.objects.filter(code=code).order_by("-since").values_list("name_zh", "name_en").first()
    if names is None:
        return code
    return (is_english() and names[1]) or names[0]
