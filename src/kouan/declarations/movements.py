"""What a master bill (607), an arrival (507) or a departure (509) says, in the words of the standard. Pure.

What is typed by hand is never split over messages: part 1 of 1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from kouan.declarations.codes import Kind
from kouan.declarations.composing import new_guid
from kouan.declarations.types import Sender
from kouan.gateway.standards.ceb.export_transport import (
    ArrivalHead,
    ArrivalLine,
    DepartureHead,
    DepartureLine,
    MasterBillHead,
    MasterBillLine,
)
from kouan.gateway.standards.ceb.types import Node
from kouan.kernel.dates import format_time

KINDS = (Kind.MASTER_BILL, Kind.ARRIVAL, Kind.DEPARTURE)
PREFIX = {Kind.MASTER_BILL: "ZD", Kind.ARRIVAL: "YD", Kind.DEPARTURE: "LJ"}
"""What the firm's own number of each document begins with."""
_WHOLE = {"part_count": "1", "part_no": "1"}


def parcels_of(text: str) -> list[tuple[str, str]]:
    """Read waybills as they are typed or pasted: one a line, its package number behind it; each once."""
    found: dict[str, str] = {}
    for line in text.replace("\x00", "").splitlines():
        waybill, _, package = (part.strip() for part in re.sub(r"[\t,，;；]+", "\t", line.strip()).partition("\t"))
        if waybill:
            found.setdefault(waybill, package)
    return list(found.items())


def node_of(
    kind: Kind, values: Mapping[str, Any], parcels: Sequence[tuple[str, str]], *, sender: Sender, number: str,
    at: datetime, names: Mapping[str, str],
) -> Node:  # fmt: skip
    """Write one document. values: fields of the head by our words; ``left_at`` is a time. names: firms by code."""
    given = {name: value.strip() or None for name, value in values.items() if isinstance(value, str)}
    carrier = given.pop("carrier_code", None) or sender.code
    head: dict[str, Any] = {
        "guid": new_guid(), "app_type": "1", "app_time": format_time(at), "app_status": "2", "internal_no": number,
        "pre_entry_no": None, "note": None, **_WHOLE, **given, "carrier_code": carrier,
        "carrier_name": given.get("carrier_name") or names.get(carrier) or carrier,
    }  # fmt: skip
    firm = {"code": sender.code, "name": sender.name}
    if kind == Kind.MASTER_BILL:
        head |= {f"declarant_{word}": value for word, value in firm.items()}
        lines: list[Any] = [
            MasterBillLine(str(place), package or None, waybill)
            for place, (waybill, package) in enumerate(parcels, start=1)
        ]
        return Node(1, MasterBillHead(**head), lines, b"")
    if kind == Kind.ARRIVAL:
        head |= {f"operator_{word}": value for word, value in firm.items()} | {"direction": "E"}
        lines = [
            ArrivalLine(str(place), waybill, package or None)
            for place, (waybill, package) in enumerate(parcels, start=1)
        ]
        return Node(1, ArrivalHead(**head), lines, b"")
    head |= {"left_time": format_time(values["left_at"])}
    lines = [
        DepartureLine(str(place), package or None, waybill) for place, (waybill, package) in enumerate(parcels, start=1)
    ]
    return Node(1, DepartureHead(**head), lines, b"")
