"""Invented goods declarations for demonstration and benchmarks: plausible, reproducible, and nobody's.

Every firm and number is made up; what carries a check digit has a true one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from kouan.kernel import dates

from .attached import AccompanyingDocument, Container
from .fields import Edition
from .goods import GoodsLine
from .head import Head
from .types import Declaration

_WARES = (
    ("8471300000", "便携式数据处理设备", "4|3|品牌类型:境外品牌|型号:演示", "台", "001", "2.1", 3200),
    ("8542319000", "处理器", "4|3|用途:通信设备|型号:演示", "个", "007", "0.02", 85),
    ("9018193090", "病员监护仪", "4|3|用途:临床监护|型号:演示", "台", "001", "6.5", 12800),
    ("8708999990", "车身用零件", "4|3|适用车型:演示", "件", "011", "1.8", 240),
    ("3926909090", "塑料密封圈", "4|3|材质:聚氨酯", "千克", "035", "1", 60),
    ("8501310000", "直流电动机", "4|3|功率:550瓦", "台", "001", "3.4", 410),
    ("9031809090", "光学检测仪", "4|3|用途:检测线宽", "台", "001", "42", 156000),
    ("8481804090", "阀门", "4|3|材质:不锈钢", "套", "006", "2.6", 330),
)  # fmt: skip
_ORIGINS = ("DEU", "JPN", "KOR", "USA", "FRA", "SGP")
_FIRMS = ("演示光谷电子有限公司", "演示东湖医疗器械有限公司", "演示阳逻汽车零部件有限公司", "演示空港进出口有限公司")
_LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (n for n in range(10, 39) if n % 11), strict=True))


@dataclass(frozen=True, slots=True)
class Sender:
    """The firm that declares: customs code, credit code, name."""

    code: str = "4201980001"
    uscc: str = "91420100MA4KNDEM19"
    name: str = "演示报关行（武汉）有限公司"


def make_declaration(
    number: int,
    *,
    day: date,
    lines: int = 3,
    edition: Edition = "4.8",
    sender: Sender | None = None,
    export: bool = False,
) -> Declaration:
    """Make the declaration of a number: the same one every time."""
    sender = sender or Sender()
    draw = random.Random(f"goods:{number}:{lines}:{export}")
    made = Declaration(edition=edition)
    made.lines = [_line(draw, place, export) for place in range(1, lines + 1)]
    net = sum((Decimal(line.legal_quantity or 0) for line in made.lines if line.legal_unit == "035"), Decimal(0))
    net = max(net, Decimal(lines) * 12)
    trader = draw.choice(_FIRMS)
    code = f"42019{draw.randrange(10, 99)}{draw.randrange(100, 999)}"
    made.head = Head(
        direction="E" if export else "I", agent_code=sender.code, agent_name=sender.name, bill_no=f"DEMO{number:010d}",
        contract_no=f"HT{day:%y%m}{number:06d}", customs_code="4700", levy_nature="101",
        port_of_call="CHN290" if export else "JPN000",
        gross_weight_kg=str((net * Decimal("1.08")).quantize(Decimal("0.01"))),
        entry_date=dates.format_date(day - timedelta(days=draw.randrange(0, 4))), port_code="4712",
        net_weight_kg=str(net.quantize(Decimal("0.01"))), note="演示", owner_code=code, owner_name=trader,
        packages=str(max(1, lines * draw.randrange(1, 5))), trader_code=code, trader_name=trader,
        trade_country=draw.choice(_ORIGINS), trade_mode="0110", transport_mode="2", transport_name="演示轮",
        price_terms="1", package_type="22", edi_flag="1", typing_firm_name=sender.name,
        typing_firm_code=sender.code[:9], entry_type="M", typist_card="8950000000000", typist_name="演示录入员",
        is_transit="0",
        owner_uscc=sender.uscc, agent_uscc=sender.uscc, trader_uscc=sender.uscc,
        price_statements="00000", trading_country=draw.choice(_ORIGINS), departure_port="JPN000",
        entry_port="420003", goods_place="演示堆场", declarant_name="演示申报员", no_other_packing="1",
    )  # fmt: skip
    made.containers = [
        Container(container_number(draw), "21", ",".join(str(n) for n in range(1, min(lines, 30) + 1)), "0")
    ]
    made.documents = [AccompanyingDocument("Y", f"<14>DEMO{number:08d}")] if draw.random() < 0.2 else []
    made.free_text.voyage_no = f"{day:%y%m}W"
    made.signing.operation, made.signing.client_no = "G", client_number(number, day)
    made.signing.operator_name, made.signing.card_no = "演示录入员", "8950000000000"
    return made


def client_number(number: int, day: date) -> str:
    """Give the firm's own number of a declaration: eighteen characters, as the schema wants."""
    return f"DEMO{day:%Y%m%d}{number % 1_000_000:06d}"


def container_number(draw: random.Random) -> str:
    """Make up a container number with a true check digit (ISO 6346)."""
    body = "DEMU" + f"{draw.randrange(1_000_000):06d}"
    total = sum((_LETTERS[c] if c in _LETTERS else int(c)) * 2**place for place, c in enumerate(body))
    return f"{body}{total % 11 % 10}"


def _line(draw: random.Random, place: int, export: bool) -> GoodsLine:
    hs_code, name, elements, _unit, unit, weight, price = draw.choice(_WARES)
    quantity = Decimal(draw.randrange(1, 400))
    unit_price = (Decimal(price) * Decimal(draw.randrange(80, 120)) / 100).quantize(Decimal("0.0001"))
    kilograms = (quantity * Decimal(weight)).quantize(Decimal("0.01"))
    origin = "CHN" if export else draw.choice(_ORIGINS)
    target = draw.choice(_ORIGINS) if export else "CHN"
    line = GoodsLine(
        hs_code=hs_code, price=str(unit_price), duty_mode="1", specification=elements, goods_name=name,
        line_no=str(place), origin_country=target if export else origin, currency="USD",
        total_price=str((unit_price * quantity).quantize(Decimal("0.01"))), quantity=str(quantity),
        legal_quantity=str(kilograms if unit != "035" else quantity), unit=unit, legal_unit="035",
        destination_country=origin if export else "CHN", district_code="42013", ciq_code="999",
    )  # fmt: skip
    if unit != "035":
        line.second_quantity, line.second_unit = str(quantity), unit
    return line


def make_pdf(text: str = "Kouan") -> bytes:
    """Make a PDF of one page with a line of text (ASCII) on it."""
    drawn = f"BT /F1 24 Tf 72 720 Td ({text}) Tj ET".encode("ascii")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    made, table = b"%PDF-1.4\n", b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for number, one in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(made)
        made += b"%d 0 obj%b endobj\n" % (number, one)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    return made + table + end
