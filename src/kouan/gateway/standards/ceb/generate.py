"""Makes invented parcels: an order, its payment voucher, its waybill and its list, matching and without fault.

For tests, the demonstration and the load benchmark. Everything is invented and says so: names begin with 演示, firms
have codes with YS or DEM in them, and the identity numbers, though their check digit is true, name a district in which
none are issued (420100) and serial number 000 to 009.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from kouan.kernel import dates
from kouan.kernel.numbers import resident_check_character

from .declarations import BaseTransfer, ListHead, ListLine, OrderHead, OrderLine, PaymentHead, WaybillHead
from .types import Envelope, Node
from .writer import encode

PLATFORM = ("420196YS01", "演示跨境电商平台（武汉）有限公司")
MERCHANT = ("420196YS02", "演示海淘贸易（武汉）有限公司")
PAYER = ("310196YS03", "演示支付服务有限公司")
CARRIER = ("420196YS04", "演示速递物流（武汉）有限公司")
DECLARANT = ("420196YS05", "演示报关服务（武汉）有限公司")
WAREHOUSE = ("420166YS06", "演示综保区仓储有限公司")
SENDERS = {"311": PLATFORM, "411": PAYER, "511": CARRIER, "621": DECLARANT}

_KINDS = ("311", "411", "511", "621")


@dataclass(frozen=True, slots=True)
class _Goods:
    name: str
    specification: str
    hs_code: str
    unit: str
    legal_unit: str
    grams: int
    lowest: int  # fen a piece
    highest: int
    country: str


_GOODS = (
    _Goods(
        "演示婴儿配方奶粉",
        "品名：婴儿奶粉；规格：800克/罐",
        "1901101090",
        "122",
        "035",
        950,
        12000,
        32000,
        "609",
    ),
    _Goods(
        "演示婴儿纸尿裤",
        "品名：纸尿裤；规格：L码54片",
        "9619001100",
        "125",
        "035",
        2100,
        6000,
        13900,
        "116",
    ),
    _Goods("演示保湿面膜", "品名：面膜；规格：5片/盒", "3304990039", "140", "035", 180, 3900, 15900, "133"),
    _Goods("演示护肤精华液", "品名：精华液；规格：50毫升", "3304990039", "142", "035", 220, 9900, 62000, "305"),
    _Goods(
        "演示鱼油软胶囊",
        "品名：膳食补充剂；规格：200粒",
        "2106909090",
        "142",
        "035",
        320,
        8800,
        26800,
        "601",
    ),
    _Goods("演示维生素片", "品名：膳食补充剂；规格：120片", "2106909090", "142", "035", 210, 5900, 19900, "502"),
    _Goods(
        "演示不锈钢保温杯",
        "品名：保温杯；规格：480毫升",
        "9617009000",
        "007",
        "007",
        390,
        9900,
        25900,
        "116",
    ),
    _Goods("演示电动牙刷", "品名：电动牙刷；型号：YS-1", "8509809000", "007", "007", 300, 15900, 69900, "304"),
    _Goods("演示红葡萄酒", "品名：葡萄酒；规格：750毫升", "2204210000", "142", "095", 1250, 7900, 45900, "305"),
    _Goods("演示咖啡豆", "品名：烘焙咖啡；规格：1千克/袋", "0901210000", "136", "035", 1040, 9800, 26800, "307"),
)
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = ("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明")


@dataclass(slots=True)
class Parcel:
    """The four documents of one parcel. A document that a defect took away is None."""

    order: OrderHead | None
    order_lines: list[OrderLine]
    payment: PaymentHead | None
    waybill: WaybillHead | None
    list_head: ListHead | None
    list_lines: list[ListLine]
    defects: list[str] = field(default_factory=list)

    def node(self, kind: str, index: int = 1) -> Node | None:
        """Give the document of a kind as a node of a message."""
        head, lines = {
            "311": (self.order, self.order_lines),
            "411": (self.payment, []),
            "511": (self.waybill, []),
            "621": (self.list_head, self.list_lines),
        }[kind]
        return None if head is None else Node(index, head, list(lines), b"")


def parcels(
    count: int,
    *,
    at: datetime,
    seed: int = 0,
    trade_mode: str = "9610",
    lines: tuple[int, int] = (1, 5),
    defects: Mapping[str, float] | None = None,
) -> Iterator[Parcel]:
    """Invent parcels; the same seed and time give the same parcels.

    at: aware; the time of declaration of the first one, each later one a second on. lines: fewest and most goods lines.
    defects: by name (see ``DEFECTS``) the share of parcels that get it.
    """
    draw = random.Random(f"{seed}")
    for place in range(count):
        parcel = _parcel(draw, place, seed, at + timedelta(seconds=place), trade_mode, draw.randint(*lines))
        for name, share in (defects or {}).items():
            if draw.random() < share:
                DEFECTS[name](parcel)
                parcel.defects.append(name)
        yield parcel


def messages(
    made: Iterable[Parcel], *, per_message: int = 100, kinds: Iterable[str] = _KINDS, seed: int = 0
) -> Iterator[tuple[str, bytes]]:
    """Pack parcels into messages: for every ``per_message`` of them one message of each kind, as (kind, bytes)."""
    draw = random.Random(f"messages {seed}")
    batch: list[Parcel] = []
    for parcel in made:
        batch.append(parcel)
        if len(batch) == per_message:
            yield from _pack(batch, kinds, draw)
            batch = []
    if batch:
        yield from _pack(batch, kinds, draw)


def _pack(batch: list[Parcel], kinds: Iterable[str], draw: random.Random) -> Iterator[tuple[str, bytes]]:
    for kind in kinds:
        nodes = [node for parcel in batch if (node := parcel.node(kind))]
        if nodes:
            yield kind, encode(envelope(kind, nodes, guid=_guid(draw)), strict=False)


def envelope(kind: str, nodes: list[Node], *, guid: str) -> Envelope:
    """Put nodes into a message of their kind, sent by the demonstration firm whose document it is."""
    code, name = SENDERS[kind]
    for index, node in enumerate(nodes, 1):
        node.index = index
    return Envelope(kind, guid, "1.0", nodes, BaseTransfer(code, name, "DXP", f"DXPENTDEMO{code[-4:]}", "演示"))


def demo_resident_id(born: date, serial: int) -> str:
    """Make an identity number that nobody has: district 420100, where none are issued, and serial 0 to 9."""
    digits = f"420100{born:%Y%m%d}{serial % 10:03d}"
    return digits + resident_check_character(digits)


def _guid(draw: random.Random) -> str:
    text = f"{draw.getrandbits(128):032X}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _parcel(draw: random.Random, place: int, seed: int, at: datetime, trade_mode: str, count: int) -> Parcel:
    choice, number = draw.choice, draw.randrange
    time, day = dates.format_time(at), dates.format_date(at)
    serial = f"{day[2:]}{seed % 1000:03d}{place:09d}"
    order_no, waybill_no, transaction_no = f"YSD{serial}", f"YSW{serial}", f"YSZ{serial}"
    name = f"演示{choice(_SURNAMES)}{choice(_GIVEN)}"
    identity = demo_resident_id(date(1955 + number(48), 1 + number(12), 1 + number(28)), number(10))
    phone = f"199{number(10**8):08d}"
    address = f"湖北省武汉市江汉区演示路{1 + number(998)}号{1 + number(30)}室"
    order_lines: list[OrderLine] = []
    list_lines: list[ListLine] = []
    goods_fen = grams = 0
    budget = 450_000 // count  # so that the purchase keeps its limit
    for line in range(1, count + 1):
        goods = choice(_GOODS)
        price = goods.lowest + number(goods.highest - goods.lowest)
        quantity = 1 + number(max(1, min(4, budget // price)))
        total = price * quantity
        goods_fen += total
        grams += goods.grams * quantity
        item_no = f"YS{goods.hs_code}{line:02d}"
        barcode = f"69{number(10**11):011d}"
        order_lines.append(
            OrderLine(str(line), item_no, goods.name, goods.specification, None, barcode, goods.unit, str(quantity),
                      _yuan(price), _yuan(total), "142", goods.country, None)
        )  # fmt: skip
        legal = str(quantity) if goods.legal_unit == "007" else f"{goods.grams * quantity / 1000:g}"
        record_no = f"YSBA{goods.hs_code}" if trade_mode == "1210" else None
        list_lines.append(
            ListLine(str(line), record_no, item_no, goods.name, goods.hs_code, goods.name, goods.specification, barcode,
                     goods.country, goods.country, "142", str(quantity), goods.unit, legal, goods.legal_unit, None,
                     None, _yuan(price), _yuan(total), None)
        )  # fmt: skip
    tax = goods_fen * 91 // 1000
    freight = 0 if number(3) else 1000
    discount = 0 if number(4) else min(2000, goods_fen // 10)
    paid = goods_fen + freight + tax - discount
    gross = f"{(grams + 150) / 1000:g}"
    order = OrderHead(
        _guid(draw), "1", time, "2", "I", order_no, *PLATFORM, *MERCHANT, _yuan(goods_fen), _yuan(freight),
        _yuan(discount), _yuan(tax), _yuan(paid), "142", f"ys{number(10**9):09d}", name, phone, "1", identity, *PAYER,
        transaction_no, None, name, phone, address, "420103", None,
    )  # fmt: skip
    payment = PaymentHead(
        _guid(draw), "1", time, "2", *PAYER, transaction_no, order_no, *PLATFORM, "1", identity, name, phone,
        _yuan(paid), "142", time, None,
    )  # fmt: skip
    bonded = trade_mode == "1210"
    bill = None if bonded else _air_waybill(place // 500)
    waybill = WaybillHead(
        _guid(draw), "1", time, "2", *CARRIER, waybill_no, bill, order_no, _yuan(freight), "0", "142", gross, "1",
        "演示包裹", name, address, phone, None,
    )  # fmt: skip
    list_head = ListHead(
        _guid(draw), "1", time, "2", order_no, *PLATFORM, *MERCHANT, waybill_no, *CARRIER, f"YSN{serial[3:]}", None,
        PLATFORM[0], "YST4700A0001" if bonded else None, None, "I", day, "4700", "4700", None if bonded else day,
        "1", identity, name, phone, address, *DECLARANT, *(WAREHOUSE if bonded else (None, None)), trade_mode,
        "Y" if bonded else "5", None if bonded else "YS8888", None if bonded else f"YS{day}", bill, None, None,
        "142" if bonded else order_lines[0].origin_country, _yuan(freight), "0", "142", "2", "1", gross,
        f"{grams / 1000:g}", None,
    )  # fmt: skip
    return Parcel(order, order_lines, payment, waybill, list_head, list_lines)


def _air_waybill(place: int) -> str:
    serial = 8_000_000 + place % 1_000_000
    return f"888-{serial:07d}{serial % 7}"


# --- defects ------------------------------------------------------------------------------------------------------


def _wrong_sum(parcel: Parcel) -> None:
    if parcel.order:
        parcel.order.actual_paid = "0.01"


def _wrong_payment(parcel: Parcel) -> None:
    if parcel.payment:
        parcel.payment.amount_paid = "0.01"


def _wrong_identity(parcel: Parcel) -> None:
    for head in (parcel.order, parcel.list_head):
        if head and head.buyer_id_number:
            wrong = "0" if head.buyer_id_number[-1] != "0" else "1"
            head.buyer_id_number = head.buyer_id_number[:-1] + wrong


def _repeated_line_number(parcel: Parcel) -> None:
    if parcel.list_lines:
        first: Any = parcel.list_lines[0]
        if len(parcel.list_lines) == 1:
            parcel.list_lines.append(ListLine(*(getattr(first, one) for one in ListLine.__slots__)))
        parcel.list_lines[1].line_no = first.line_no


def _no_lines(parcel: Parcel) -> None:
    parcel.list_lines = []


def _above_limit(parcel: Parcel) -> None:
    if parcel.list_lines:
        line: Any = parcel.list_lines[0]
        line.quantity, line.price, line.total_price = "2", "3000", "6000"


def _missing_payment(parcel: Parcel) -> None:
    parcel.payment = None


def _missing_waybill(parcel: Parcel) -> None:
    parcel.waybill = None


def _missing_order(parcel: Parcel) -> None:
    parcel.order = None


def _other_buyer(parcel: Parcel) -> None:
    if parcel.list_head:
        parcel.list_head.buyer_name = "演示另一人"


def _bad_time(parcel: Parcel) -> None:
    if parcel.list_head:
        parcel.list_head.app_time = "20231301000000"


DEFECTS: dict[str, Callable[[Parcel], None]] = {
    "wrong_sum": _wrong_sum,
    "wrong_payment": _wrong_payment,
    "wrong_identity": _wrong_identity,
    "repeated_line_number": _repeated_line_number,
    "no_lines": _no_lines,
    "above_limit": _above_limit,
    "missing_payment": _missing_payment,
    "missing_waybill": _missing_waybill,
    "missing_order": _missing_order,
    "other_buyer": _other_buyer,
    "bad_time": _bad_time,
}
