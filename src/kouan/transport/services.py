"""Writes of ports and supervision places."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.db import transaction

from kouan.accounts.access import require_role
from kouan.accounts.codes import Role
from kouan.audit.services import record
from kouan.audit.types import Actor
from kouan.transport import selectors
from kouan.transport.models import Port, SupervisionPlace
from kouan.transport.rules import check_place
from kouan.transport.types import Place, PlaceNotAcceptable, PlaceUnknown

_HERE = Path(__file__).parent


def register_place(
    *,
    actor: Actor,
    at: datetime,
    code: str,
    name_zh: str,
    kind: str,
    customs_code: str,
    since: date,
    name_en: str = "",
    port_code: str = "",
    operator_id: UUID | None = None,
    operator_label: str = "",
    goods_kinds: Sequence[str] = (),
    gates: Sequence[str] = (),
    source: str = "",
    is_demo: bool = False,
) -> Place:
    """Enter a supervision place, or what a known place is from a later day on.

    A place that is known already ends, in its earlier shape, on the day before ``since``. For the port office; raises
    NotAllowed, PlaceNotAcceptable.
    """
    require_role(actor, Role.PORT_OFFICE_CLERK)
    check_place(code=code, name_zh=name_zh, kind=kind, customs_code=customs_code, goods_kinds=goods_kinds, gates=gates)
    with transaction.atomic():
        earlier = list(SupervisionPlace.objects.select_for_update().filter(code=code).order_by("-since"))
        if earlier and earlier[0].since >= since:
            raise PlaceNotAcceptable(
                "since",
                f"场所 {code} 已有自 {earlier[0].since} 起的登记，启用日期须更晚",
                f"The place {code} is registered from {earlier[0].since} on; the first day must be later",
            )
        if earlier and (earlier[0].until is None or earlier[0].until > since):
            earlier[0].until = since
            earlier[0].save(update_fields=["until"])
        row = SupervisionPlace.objects.create(
            code=code,
            name_zh=name_zh,
            name_en=name_en,
            kind=kind,
            port=_get_port(port_code) if port_code else None,
            customs_code=customs_code,
            operator_id=operator_id,
            operator_label=operator_label,
            goods_kinds=list(goods_kinds),
            gates=list(gates),
            since=since,
            source=source,
            is_demo=is_demo,
        )
        record(
            actor=actor,
            act="register_place",
            subject_kind="supervision_place",
            subject_id=row.id,
            at=at,
            detail={"code": code, "since": since.isoformat(), "customs_code": customs_code},
        )
    return selectors.to_place(row)


def close_place(*, actor: Actor, at: datetime, code: str, until: date) -> Place:
    """End a supervision place: ``until`` is the first day on which it is no more.

    For the port office; raises NotAllowed, PlaceUnknown, or PlaceNotAcceptable when the day is not after its first
    day or it has ended before.
    """
    require_role(actor, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        row = SupervisionPlace.objects.select_for_update().filter(code=code).order_by("-since").first()
        if row is None:
            raise PlaceUnknown(f"no supervision place {code!r}")
        if until <= row.since or (row.until is not None and row.until <= until):
            raise PlaceNotAcceptable(
                "until",
                f"场所 {code} 的停用日期不合：启用 {row.since}，已停用 {row.until or '—'}",
                f"The place {code} cannot end on {until}: it began {row.since} and ends {row.until or '—'}",
            )
        row.until = until
        row.save(update_fields=["until"])
        record(
            actor=actor,
            act="close_place",
            subject_kind="supervision_place",
            subject_id=row.id,
            at=at,
            detail={"code": code, "until": until.isoformat()},
        )
    return selectors.get_place(code)


def install_builtin_ports() -> int:
    """Bring in the ports of entry that published sources name; return how many were new.

    A port that is there already stays as the office keeps it.
    """
    known = set(Port.objects.values_list("code", flat=True))
    fresh = [
        Port(
            code=port["code"],
            name_zh=port["name"]["zh"],
            name_en=port["name"]["en"],
            kind=port["kind"],
            domestic_port_code=port.get("domestic_port_code", ""),
            unlocode=port.get("unlocode", ""),
            source=port["source"],
        )
        for port in _read_yaml("builtin_ports.yaml")
        if port["code"] not in known
    ]
    Port.objects.bulk_create(fresh)
    return len(fresh)


def install_demo_places(
    *, actor: Actor, at: datetime, since: date, operators: Mapping[str, tuple[UUID, str]]
) -> list[Place]:
    """Register the places of the demonstration, once; return all of them.

    ``operators`` gives, for the words of demo_places.yaml (``zone_operator``, ``airport_operator``, ``port_operator``,
    ``rail_operator``), the organisation's id and name; a place whose operator is not given has none.
    """
    places = []
    for place in _read_yaml("demo_places.yaml"):
        if SupervisionPlace.objects.filter(code=place["code"]).exists():
            places.append(selectors.get_place(place["code"]))
            continue
        operator_id, operator_label = operators.get(place["operator"], (None, ""))
        places.append(
            register_place(
                actor=actor,
                at=at,
                code=place["code"],
                name_zh=place["name"]["zh"],
                name_en=place["name"]["en"],
                kind=place["kind"],
                port_code=place["port"],
                customs_code=place["customs_code"],
                operator_id=operator_id,
                operator_label=operator_label,
                goods_kinds=place["goods_kinds"],
                gates=place["gates"],
                since=since,
                source="演示数据",
                is_demo=True,
            )
        )
    return places


def _get_port(code: str) -> Port:
    port = Port.objects.filter(code=code).first()
    if port is None:
        raise PlaceNotAcceptable("port_code", f"没有标识为 {code} 的口岸", f"There is no port {code!r}")
    return port


@lru_cache(maxsize=4)
def _read_yaml(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))
