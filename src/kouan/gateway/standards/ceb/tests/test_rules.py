"""Every rule: a document without fault passes, and one fault gives exactly its code at exactly its place."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kouan.gateway.standards.ceb.checks import RULES, Context, check, day_of
from kouan.gateway.standards.ceb.codec import decode, encode
from kouan.gateway.standards.ceb.types import KINDS

from .making import envelope_of, node_of

DAY = date(2024, 3, 1)
FIGURES = {"single_limit": Decimal(5000)}


class Tables:
    """A whole table of units and countries, an incomplete one of wrappings, and no others."""

    def has(self, table, code, on_date):
        assert on_date == DAY
        known = {"unit": {"035", "007", "122", "140", "142", "125", "136", "095"},
                 "country": {"142", "116", "609", "133", "305", "601", "502", "304", "307"}}  # fmt: skip
        return code in known[table] if table in known else None


def found(kind: str, change: Callable[[Any], object] | None = None, **more: Any) -> list[tuple[str, str, str]]:
    """Check a document after a change; give severity, code and the place behind the node."""
    node = node_of(kind, **{name: more.pop(name) for name in ("trade_mode", "lines") if name in more})
    node = deepcopy(node)
    if change:
        change(node)
    envelope = decode(encode(envelope_of(kind, node), strict=False))
    check(envelope, Context(DAY, FIGURES, signature="off", **more))
    start = f"/{KINDS[kind].root}/{KINDS[kind].node}[1]/"
    return [(one.severity, one.code, one.pointer.removeprefix(start)) for one in envelope.all_problems()]


@pytest.mark.parametrize("kind", RULES)
def test_a_document_without_fault_passes(kind):
    assert found(kind) == []


def test_bonded_import_without_fault_passes():
    assert found("621", trade_mode="1210") == []


def head(**values: str | None) -> Callable[[Any], object]:
    """Change fields of the head."""

    def change(node: Any) -> None:
        for name, value in values.items():
            setattr(node.head, name, value)

    return change


def line(place: int, **values: str | None) -> Callable[[Any], object]:
    """Change fields of a line, counted from 1."""

    def change(node: Any) -> None:
        for name, value in values.items():
            setattr(node.lines[place - 1], name, value)

    return change


ORDER, PAYMENT, WAYBILL, LIST = "OrderHead", "PaymentHead", "LogisticsHead", "InventoryHead"
FAULTS = [
    # order
    ("311", head(actual_paid="1"), [("error", "-301008", f"{ORDER}/acturalPaid")]),
    ("311", head(goods_value="1", actual_paid=None), [("error", "-301008", f"{ORDER}/acturalPaid"),
                                                      ("error", "-301008", f"{ORDER}/goodsValue")]),
    ("311", head(freight="-1", actual_paid=None), [("error", "-301008", f"{ORDER}/acturalPaid"),
                                                   ("error", "-301008", f"{ORDER}/freight")]),
    ("311", line(1, price="0.001"), [("error", "-301008", "OrderList[1]/totalPrice")]),
    ("311", line(2, line_no="1"), [("error", "-301002", "OrderList[2]/gnum")]),
    ("311", line(2, line_no="3"), [("error", "-301008", "OrderList[2]/gnum")]),
    ("311", head(buyer_id_number="420100199001010010"), [("error", "-911001", f"{ORDER}/buyerIdNumber")]),
    ("311", head(buyer_id_type="2", buyer_id_number="X"), [("warning", "-911002", f"{ORDER}/buyerIdType")]),
    ("311", head(buyer_id_type="3"), [("error", "-301008", f"{ORDER}/buyerIdType")]),
    ("311", head(merchant_code="无"), [("warning", "-911003", f"{ORDER}/ebcCode")]),
    ("311", head(merchant_code="91420100MA4KN8AU9B"), [("warning", "-911003", f"{ORDER}/ebcCode")]),
    ("311", head(guid="a" * 36), [("warning", "-911021", f"{ORDER}/guid")]),
    ("311", head(guid="A" * 35), [("error", "-301008", f"{ORDER}/guid")]),
    ("311", head(order_no=""), [("error", "-301008", f"{ORDER}/orderNo")]),
    ("311", head(order_no="x" * 61), [("error", "-301008", f"{ORDER}/orderNo")]),
    ("311", head(currency="502"), [("error", "-301008", f"{ORDER}/currency")]),
    ("311", head(consignee_district=""), [("warning", "-301008", f"{ORDER}/consigneeDistrict")]),
    ("311", lambda node: node.lines.clear(), [("error", "-301001", "OrderList")]),
    # payment voucher
    ("411", head(payer_id_number="1"), [("error", "-911001", f"{PAYMENT}/payerIdNumber")]),
    ("411", head(amount_paid="-0.01"), [("error", "-401009", f"{PAYMENT}/amountPaid")]),
    ("411", head(amount_paid="1,000"), [("error", "-401009", f"{PAYMENT}/amountPaid")]),
    ("411", head(paid_time="20240230000000"), [("error", "-401009", f"{PAYMENT}/payTime")]),
    # waybill
    ("511", head(packages="2"), [("error", "-504011", f"{WAYBILL}/packNo")]),
    ("511", head(weight_kg="0"), [("error", "-504011", f"{WAYBILL}/weight")]),
    ("511", head(freight=None), [("warning", "-911005", f"{WAYBILL}/freight")]),
    ("511", head(waybill_no=None), [("error", "-504011", f"{WAYBILL}/logisticsNo")]),
    # waybill status
    ("513", head(status="R"), [("error", "-505011", "logisticsStatus")]),
    # list
    ("621", head(transport_name=None), [("error", "-621001", f"{LIST}/trafNo")]),
    ("621", head(voyage_no=""), [("error", "-621001", f"{LIST}/voyageNo")]),
    ("621", head(bill_no=None), [("error", "-621001", f"{LIST}/billNo")]),
    ("621", head(bill_no="88880000002"), [("warning", "-911006", f"{LIST}/billNo")]),
    ("621", head(guarantor_code="420196YS99"), [("error", "-621001", f"{LIST}/assureCode")]),
    ("621", head(customs_code="47a0"), [("error", "-621001", f"{LIST}/customsCode")]),
    ("621", head(list_no="47002024E000000001"), []),
    ("621", head(list_no="1"), [("warning", "-911009", f"{LIST}/invtNo")]),
    ("621", head(packages="6000"), [("error", "-621001", f"{LIST}/packNo")]),
    ("621", head(net_weight_kg="999"), [("error", "-621001", f"{LIST}/netWeight")]),
    ("621", head(net_weight_kg="0"), [("error", "-621001", f"{LIST}/netWeight")]),
    ("621", head(trade_mode="1239"), [("error", "-621001", f"{LIST}/tradeMode")]),
    ("621", head(direction="E"), [("error", "-621001", f"{LIST}/ieFlag")]),
    ("621", line(2, line_no="1"), [("error", "-621027", "InventoryList[2]/gnum")]),
    ("621", line(1, line_no="0"), [("error", "-621001", "InventoryList[1]/gnum")]),
    ("621", line(1, second_quantity="1"), [("error", "-621001", "InventoryList[1]/qty2")]),
    ("621", line(1, second_unit="035"), [("error", "-621001", "InventoryList[1]/qty2")]),
    ("621", line(1, second_unit="035", second_quantity="0"), [("error", "-621001", "InventoryList[1]/qty2")]),
    ("621", line(1, second_unit="035", second_quantity="1"), []),
    ("621", line(1, legal_quantity="0"), [("error", "-621001", "InventoryList[1]/qty1")]),
    ("621", line(1, quantity="0", total_price="0"), [("error", "-621001", "InventoryList[1]/qty")]),
    ("621", line(1, hs_code="21069090A0"), [("error", "-621001", "InventoryList[1]/gcode")]),
    ("621", line(1, item_no="x" * 30), [("warning", "-621001", "InventoryList[1]/itemNo")]),
    ("621", line(1, item_no="x" * 31), [("error", "-621001", "InventoryList[1]/itemNo")]),
    ("625", head(buyer_id_type="2", buyer_id_number="1" * 21),
     [("warning", "-625001", "InvtRefundHead/buyerIdNumber"), ("warning", "-911002", "InvtRefundHead/buyerIdType")]),
    ("621", line(1, quantity="2", price="2500", total_price="5000"), [("error", "-621005", f"{LIST}/orderNo")]),
    ("621", lambda node: node.lines.clear(), [("error", "-621000", "InventoryList")]),
    # cancel, return, inbound
    ("623", head(app_type="3"), [("error", "-623001", "appType")]),
    ("623", head(buyer_id_number="1"), [("error", "-911001", "buyerIdNumber")]),
    ("625", lambda node: node.lines.clear(), [("error", "-625006", "InvtRefundList")]),
    ("625", lambda node: node.lines.append(node.lines[0]), [("error", "-625001", "InvtRefundList[2]/gnum")]),
    ("625", line(1, quantity="0"), [("error", "-625001", "InvtRefundList[1]/qty")]),
    ("711", lambda node: node.lines.clear(), [("error", "-800000", "DeliveryList")]),
    ("711", lambda node: node.lines.append(type(node.lines[0])("2", node.lines[0].waybill_no, None)),
     [("warning", "-911022", "DeliveryList[2]/logisticsNo")]),
    ("711", line(1, line_no="2"), [("error", "-800001", "DeliveryList[1]/gnum")]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "change", "expected"), FAULTS, ids=[f"{one[0]}-{n}" for n, one in enumerate(FAULTS)])
def test_one_fault_gives_its_code(kind, change, expected):
    assert sorted(found(kind, change)) == sorted(expected)


BONDED = [
    (head(account_book_no=None), [("error", "-621001", f"{LIST}/emsNo")]),
    (head(zone_firm_code=None), [("error", "-621001", f"{LIST}/areaCode")]),
    (head(zone_firm_name=None), [("error", "-621001", f"{LIST}/areaName")]),
    (line(1, record_item_no=None), [("error", "-621001", "InventoryList[1]/itemRecordNo")]),
    (head(departure_country="116"), [("error", "-621001", f"{LIST}/country")]),
    (head(voyage_no="1"), [("warning", "-911007", f"{LIST}/voyageNo")]),
]


@pytest.mark.parametrize(("change", "expected"), BONDED)
def test_bonded_import_has_its_own_rules(change, expected):
    assert found("621", change, trade_mode="1210") == expected


def test_a_single_piece_above_the_limit_is_told_and_not_refused():
    change = line(1, quantity="1", price="6000", total_price="6000")
    assert found("621", change, lines=1) == [("warning", "-621005", f"{LIST}/orderNo")]


def test_the_limit_counts_freight_and_insurance():
    def change(node):
        node.lines[0].quantity, node.lines[0].price, node.lines[0].total_price = "2", "2500", "5000"
        node.head.freight, node.head.insured_fee = "0", "0"

    assert found("621", change, lines=1) == []
    assert found("621", lambda node: (change(node), head(insured_fee="0.01")(node)), lines=1) == [
        ("error", "-621005", f"{LIST}/orderNo")
    ]


def test_a_day_without_limit_is_told():
    envelope = envelope_of("621", node_of("621"))
    check(envelope, Context(DAY, {}, signature="off"))
    assert [one.code for one in envelope.all_problems()] == ["-911011"]


def test_prices_are_rounded_to_five_decimals_and_totals_to_the_fen():
    third = {"quantity": "3", "price": "3.33333", "total_price": "10.00"}
    sums = head(goods_value="10", freight="0", tax_total="0", discount="0", actual_paid="10")

    def change(node):
        line(1, **third)(node)
        sums(node)

    assert found("311", change, lines=1) == []
    rough = {**third, "price": "3.33"}
    assert found("311", lambda node: (change(node), line(1, **rough)(node)), lines=1) == [
        ("error", "-301008", "OrderList[1]/totalPrice")
    ]


def test_codes_are_looked_up_on_the_day():
    change = lambda node: (line(1, unit="999")(node), head(package_type="9")(node))  # noqa: E731
    problems = found("621", change, tables=Tables())
    assert ("error", "-621001", "InventoryList[1]/unit") in problems
    assert ("warning", "-911010", f"{LIST}/wrapType") in problems
    assert not [one for one in found("621", change) if one[1] != "-911010"]


@pytest.mark.parametrize(
    ("kind", "policy", "expected"),
    [
        ("621", "require", [("error", "-621026")]),
        ("621", "warn", [("warning", "-911020")]),
        ("621", "off", []),
        ("623", "require", [("error", "-623017")]),
        ("625", "require", [("error", "-625028")]),
        ("711", "require", [("error", "1001")]),
        ("311", "require", []),
    ],
)
def test_what_is_declared_is_signed(kind, policy, expected):
    for status in ("1", "2"):
        node = node_of(kind)
        node.head.app_status = status
        envelope = envelope_of(kind, node)
        check(envelope, Context(DAY, FIGURES, signature=policy))
        problems = [(one.severity, one.code) for one in envelope.all_problems()]
        assert problems == (expected if status == "2" else [])


def test_a_fault_refuses_its_node_and_no_other():
    nodes = [node_of("621", seed=seed) for seed in (1, 2, 3)]
    nodes[1].head.packages = "2"
    envelope = envelope_of("621", *nodes)
    check(envelope, Context(DAY, FIGURES, signature="off"))
    assert [node.is_refused for node in envelope.nodes] == [False, True, False]


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_every_rule_says_its_clause(rules):
    for rule in rules:
        assert rule.__doc__
        assert rule.__doc__.strip().endswith(".")


def test_the_day_of_a_document_is_that_of_its_declaration():
    node = node_of("621")
    node.head.declare_date, node.head.app_time = "20240102", "20240103000000"
    assert day_of(node) == date(2024, 1, 2)
    node.head.declare_date = None
    assert day_of(node) == date(2024, 1, 3)
    node.head.app_time = "x"
    assert day_of(node) is None
