"""Makes invented export parcels: an order, its receipt of payment, its waybill and its list, matching and without
fault; and what follows them: master bill, arrival, departure, cancellation, summary application, return and tally.

For tests, the demonstration and the counterpart. Everything is invented and says so, as in ``generate``.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kouan.kernel import dates

from .declarations import BaseTransfer
from .export_declarations import (
    ExportCancelHead,
    ExportListHead,
    ExportListLine,
    ExportOrderHead,
    ExportOrderLine,
    ExportWaybillHead,
    ReceiptHead,
)
from .export_returns import ExportReturnHead, ExportReturnLine, ReturnTallyHead
from .export_summaries import SummaryHead, SummaryLine
from .export_transport import ArrivalHead, ArrivalLine, DepartureHead, DepartureLine, MasterBillHead, MasterBillLine
from .generate import CARRIER, DECLARANT, MERCHANT, PAYER, PLATFORM, WAREHOUSE
from .types import Envelope, Node
from .writer import encode

PARCEL_KINDS = ("303", "403", "505", "603")
SENDERS = {
    "303": PLATFORM, "403": PAYER, "505": CARRIER, "603": DECLARANT, "605": DECLARANT, "607": DECLARANT,
    "507": WAREHOUSE, "509": CARRIER, "701": DECLARANT, "213": DECLARANT, "215": WAREHOUSE,
}  # fmt: skip
PRODUCER = ("420196YS07", "演示光谷电子制造（武汉）有限公司")

_DOLLAR, _CHINA, _ZONE = "502", "142", "1210"
_DISTRICT = "4700"
# Name, specification, commodity code, legal unit, grams a piece, lowest and highest price in cents.
_GOODS = (
    ("演示蓝牙耳机", "品名：蓝牙耳机；型号：YS-E1", "8518300000", "007", 120, 1200, 5900),
    ("演示手机保护壳", "品名：手机壳；材质：硅胶", "3926909090", "035", 45, 300, 1500),
    ("演示棉质连衣裙", "品名：连衣裙；成份：棉100%", "6204420000", "007", 320, 900, 4200),
    ("演示不锈钢保温杯", "品名：保温杯；规格：480毫升", "9617009000", "007", 390, 700, 2600),
    ("演示宠物玩具", "品名：玩具；材质：橡胶", "9503008900", "035", 150, 250, 1200),
)
_COUNTRIES = ("502", "304", "303", "116", "601")


@dataclass(slots=True)
class ExportParcel:
    """The four documents of one export parcel."""

    order: ExportOrderHead
    order_lines: list[ExportOrderLine]
    receipt: ReceiptHead
    waybill: ExportWaybillHead
    list_head: ExportListHead
    list_lines: list[ExportListLine]

    def node(self, kind: str, index: int = 1) -> Node:
        """Give the document of a kind as a node of a message."""
        head, lines = {
            "303": (self.order, self.order_lines),
            "403": (self.receipt, []),
            "505": (self.waybill, []),
            "603": (self.list_head, self.list_lines),
        }[kind]
        return Node(index, head, list(lines), b"")


def export_parcels(
    count: int,
    *,
    at: datetime,
    seed: int = 0,
    trade_mode: str = "9610",
    procedure: str = "B",
    lines: tuple[int, int] = (1, 3),
) -> Iterator[ExportParcel]:
    """Invent export parcels; the same seed and time give the same parcels.

    at: aware; the time of declaration of the first one, each later one a second on. procedure: A simplified, B summary.
    """
    draw = random.Random(f"export {seed}")
    for place in range(count):
        moment = at + timedelta(seconds=place)
        yield _parcel(draw, place, seed, moment, trade_mode, procedure, draw.randint(*lines))


def export_messages(
    made: Iterable[ExportParcel], *, kinds: Iterable[str] = PARCEL_KINDS, seed: int = 0
) -> Iterator[tuple[str, bytes]]:
    """Pack parcels, at most a hundred, into one message of each kind, as (kind, bytes)."""
    together = list(made)
    for kind in kinds:
        nodes = [parcel.node(kind) for parcel in together]
        yield kind, encode(envelope(kind, nodes, guid=guid_of(f"message {kind} {seed}")), strict=False)


def envelope(kind: str, nodes: list[Node], *, guid: str) -> Envelope:
    """Put nodes into a message of their kind, sent by the demonstration firm whose document it is."""
    code, name = SENDERS[kind]
    for index, node in enumerate(nodes, 1):
        node.index = index
    return Envelope(kind, guid, "1.0", nodes, BaseTransfer(code, name, "DXP", f"DXPENTDEMO{code[-4:]}", "演示"))


def guid_of(what: str) -> str:
    """Make a serial number of 36 characters, the same for the same words."""
    text = f"{random.Random(what).getrandbits(128):032X}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _parcel(
    draw: random.Random, place: int, seed: int, at: datetime, trade_mode: str, procedure: str, count: int
) -> ExportParcel:
    time, day = dates.format_time(at), dates.format_date(at)
    serial = f"{day[2:]}{seed % 1000:03d}{place:09d}"
    order_no, waybill_no, list_no = f"YSE{serial}", f"YSX{serial}", f"YSC{serial}"
    country = draw.choice(_COUNTRIES)
    order_lines: list[ExportOrderLine] = []
    list_lines: list[ExportListLine] = []
    cents = grams = 0
    for line in range(1, count + 1):
        name, model, code, legal_unit, weight, lowest, highest = draw.choice(_GOODS)
        price, quantity = draw.randint(lowest, highest), draw.randint(1, 4)
        total, mass = price * quantity, weight * quantity
        cents, grams = cents + total, grams + mass
        item = f"YSE{code}{line:02d}"
        legal = str(quantity) if legal_unit == "007" else f"{mass / 1000:g}"
        amounts = (_money(price), _money(total))
        order_lines.append(ExportOrderLine(str(line), item, name, None, None, "007", _DOLLAR, str(quantity), *amounts))
        list_lines.append(
            ExportListLine(str(line), item, f"YSBA{code}" if trade_mode == _ZONE else None, name, code, name, model,
                           "无", country, _DOLLAR, str(quantity), legal, None, "007", legal_unit, None, *amounts)
        )  # fmt: skip
    gross = f"{(grams + 60) / 1000:g}"
    order = ExportOrderHead(
        _guid(draw), "1", time, "2", "B" if trade_mode == "9710" else "W" if trade_mode == "9810" else "E", order_no,
        *PLATFORM, *MERCHANT, _money(cents), "0", _DOLLAR,
    )  # fmt: skip
    receipt = ReceiptHead(
        _guid(draw), "1", time, "2", *PLATFORM, *MERCHANT, order_no, *PAYER, f"YSR{serial}", _money(cents), _DOLLAR,
        time,
    )  # fmt: skip
    waybill = ExportWaybillHead(
        _guid(draw), "1", time, "2", *CARRIER, waybill_no, "3", "0", _DOLLAR, gross, "1", "演示出口包裹", *MERCHANT,
    )  # fmt: skip
    zone = WAREHOUSE if trade_mode == _ZONE else (None, None)
    list_head = ExportListHead(
        _guid(draw), "1", time, "2", _DISTRICT, *PLATFORM, order_no, *CARRIER, waybill_no, list_no, None, None, "E",
        _DISTRICT, day, procedure, *DECLARANT, *MERCHANT, *PRODUCER, *zone, "YST4700E0001" if zone[0] else None,
        trade_mode, "5", None, None, None, None, None, None, country, "502", "3", _DOLLAR, "3", "0", _DOLLAR, "3", "2",
        "1", gross, f"{grams / 1000:g}",
    )  # fmt: skip
    return ExportParcel(order, order_lines, receipt, waybill, list_head, list_lines)


def _guid(draw: random.Random) -> str:
    return guid_of(f"{draw.getrandbits(64)}")


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


# --- what follows the parcels ---------------------------------------------------------------------------------------

_BILL = "888-80000001"
_FLIGHT = ("YS8888", "YS20240301")


def master_bill(waybills: Sequence[str], *, number: str, at: datetime, bill_no: str = _BILL) -> Node:
    """Invent the master bill (607) of waybills."""
    head = MasterBillHead(
        guid_of(f"607 {number}"), "1", dates.format_time(at), "2", _DISTRICT, number, None, *DECLARANT, None, "5",
        *_FLIGHT, bill_no, "演示鄂A00001", f"{len(waybills)}", *CARRIER, "1", "1",
    )  # fmt: skip
    return Node(1, head, [MasterBillLine(str(at), None, one) for at, one in enumerate(waybills, 1)], b"")


def arrival(waybills: Sequence[str], *, number: str, at: datetime, bill_no: str = _BILL) -> Node:
    """Invent the arrival (507) of waybills at the demonstration warehouse."""
    head = ArrivalHead(
        guid_of(f"507 {number}"), "1", dates.format_time(at), "2", _DISTRICT, number, None, *WAREHOUSE, None, "E", "5",
        bill_no, "演示鄂A00001", *CARRIER, "1", "1",
    )  # fmt: skip
    return Node(1, head, [ArrivalLine(str(at), one) for at, one in enumerate(waybills, 1)], b"")


def departure(waybills: Sequence[str], *, number: str, at: datetime, bill_no: str = _BILL) -> Node:
    """Invent the departure (509) of waybills."""
    time = dates.format_time(at)
    head = DepartureHead(
        guid_of(f"509 {number}"), "1", time, "2", _DISTRICT, number, None, *CARRIER, "5", *_FLIGHT, bill_no, time, "1",
        "1",
    )  # fmt: skip
    return Node(1, head, [DepartureLine(str(at), None, one) for at, one in enumerate(waybills, 1)], b"")


def cancellation(list_no: str, *, number: str, at: datetime) -> Node:
    """Invent the request (605) to cancel an export list."""
    head = ExportCancelHead(
        guid_of(f"605 {number}"), "1", dates.format_time(at), "2", _DISTRICT, number, None, list_no,
        "演示：买家取消订单", *DECLARANT, *MERCHANT,
    )  # fmt: skip
    return Node(1, head, [], b"")


def summary(list_nos: Sequence[str], *, number: str, at: datetime) -> Node:
    """Invent the application (701) to sum up lists in one declaration."""
    head = SummaryHead(
        guid_of(f"701 {number}"), "1", dates.format_time(at), "2", _DISTRICT, number, None, None, *DECLARANT, *MERCHANT,
        *DECLARANT, None, None, None, "1", "1", "1", "1",
    )  # fmt: skip
    return Node(1, head, [SummaryLine(one) for one in list_nos], b"")


def goods_return(parcel: ExportParcel, list_no: str, *, number: str, at: datetime) -> Node:
    """Invent the request (213) to return the first goods of a released export parcel."""
    line = parcel.list_lines[0]
    head = ExportReturnHead(
        guid_of(f"213 {number}"), "1", dates.format_time(at), "2", _DISTRICT, None, *PLATFORM, *MERCHANT,
        f"{parcel.waybill.waybill_no}R", *CARRIER, number, None, list_no,
        "1261" if parcel.list_head.trade_mode == _ZONE else "9661", *DECLARANT, _BILL, "I", "5", _FLIGHT[0], _DISTRICT,
        "演示：买家退货", parcel.list_head.arrival_country, _FLIGHT[1],
    )  # fmt: skip
    values: Any = (line.line_no, line.hs_code, line.goods_name, line.specification, line.quantity, line.legal_quantity,
                   line.unit, line.legal_unit)  # fmt: skip
    return Node(1, head, [ExportReturnLine(*values)], b"")


def tally(returned: Node, *, number: str, at: datetime) -> Node:
    """Invent the tally (215) of returned goods at the demonstration warehouse."""
    asked = returned.head
    head = ReturnTallyHead(
        guid_of(f"215 {number}"), "1", dates.format_time(at), "2", _DISTRICT, *WAREHOUSE, *CARRIER, asked.waybill_no,
        asked.list_no, number, None, _BILL, "I", "5", *_FLIGHT, "演示A区01号位",
    )  # fmt: skip
    return Node(1, head, [], b"")
