"""Rules of export documents: the invented ones pass, and one fault gives exactly its code at exactly its place."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest

from kouan.gateway.standards.ceb.checks import Context, check
from kouan.gateway.standards.ceb.codec import decode, encode
from kouan.gateway.standards.ceb.generate_exports import export_messages, export_parcels
from kouan.gateway.standards.ceb.types import KINDS

from .making import AT, EXPORTS, envelope_of, export_node_of


def found(kind, change=None, **more):
    """Check a document after a change; give severity, code and the element concerned."""
    node = deepcopy(export_node_of(kind, **more))
    if change:
        change(node)
    envelope = decode(encode(envelope_of(kind, node), strict=False))
    check(envelope, Context(date(2024, 3, 1), {}, signature="off"))
    return [(one.severity, one.code, one.pointer.rpartition("/")[2]) for one in envelope.all_problems()]


def head(**values):
    def change(node):
        for name, value in values.items():
            setattr(node.head, name, value)

    return change


def first_line(**values):
    def change(node):
        for name, value in values.items():
            setattr(node.lines[0], name, value)

    return change


@pytest.mark.parametrize("kind", EXPORTS)
def test_an_export_document_without_fault_passes(kind):
    assert found(kind) == []


@pytest.mark.parametrize("trade_mode", ["9610", "1210", "9710", "9810"])
def test_parcels_of_every_trade_mode_pass_the_check_and_the_strict_writer(trade_mode):
    made = export_parcels(30, at=AT, trade_mode=trade_mode)
    for _, raw in export_messages(made):
        envelope = decode(raw)
        check(envelope, Context(AT.date(), {}, signature="off"))
        assert list(envelope.all_problems()) == []
        assert decode(encode(envelope)).nodes == envelope.nodes


ERROR, WARNING = "error", "warning"


@pytest.mark.parametrize(
    ("kind", "change", "expected"),
    [
        ("303", head(goods_value="0.01"), (ERROR, "-912001", "goodsValue")),
        ("303", head(freight="-1"), (ERROR, "-912001", "freight")),
        ("303", head(order_type="I"), (ERROR, "-912001", "orderType")),
        ("303", first_line(line_no="3"), (ERROR, "-912001", "gnum")),
        ("303", head(platform_code="YS1"), (WARNING, "-911003", "ebpCode")),
        ("403", head(amount_received="-0.01"), (ERROR, "-912001", "charge")),
        ("505", head(packages="0"), (ERROR, "-912001", "packNo")),
        ("505", head(waybill_no="W" * 33), (WARNING, "-912001", "logisticsNo")),
        ("507", head(part_no="2"), (ERROR, "-912001", "msgSeqNo")),
        ("507", head(part_count="0"), (ERROR, "-912001", "msgCount")),
        ("509", head(left_time="20240230000000"), (ERROR, "-912001", "leaveTime")),
        ("603", head(direction="I"), (ERROR, "-912001", "ieFlag")),
        ("603", head(net_weight_kg="99"), (ERROR, "-912001", "netWeight")),
        ("603", head(account_book_no="YS1"), (WARNING, "-912008", "emsNo")),
        ("603", head(list_no="47002024I000000001"), (WARNING, "-912006", "invtNo")),
        ("603", head(procedure="A", licence_no="YS-L1"), (ERROR, "-912001", "statisticsFlag")),
        ("603", first_line(total_price="999999"), (ERROR, "-912001", "totalPrice")),
        ("605", head(list_no="1"), (WARNING, "-912006", "invtNo")),
        ("607", head(gross_weight_kg="0"), (ERROR, "-912001", "grossWeight")),
        ("701", head(period_start="20240201000000"), (ERROR, "-912001", "endTime")),
        ("701", head(period_start="20240201000000", period_end="20240301000000"), (WARNING, "-912007", "startTime")),
        ("213", head(departure_country="142"), (ERROR, "-912001", "country")),
        ("213", head(direction="E"), (ERROR, "-912001", "ieFlag")),
        ("213", first_line(quantity="0"), (ERROR, "-912001", "qty")),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_fault_gives_its_code(kind, change, expected):
    assert found(kind, change) == [expected]


def test_a_platform_abroad_and_an_unregistered_producer_have_words_instead_of_codes():
    assert found("603", head(platform_code="无", producer_code="NO")) == []


def test_orders_in_several_currencies_are_not_added_up():
    assert found("303", lambda node: (head(goods_value="1")(node), first_line(currency="303")(node))) == []


def test_a_zone_export_names_its_account():
    missing = found("603", head(account_book_no=None, zone_firm_code=None, zone_firm_name=None), trade_mode="1210")
    assert [element for _, _, element in missing] == ["emsNo", "iacCode", "iacName"]
    assert found("603", first_line(record_item_no=None), trade_mode="1210") == [(ERROR, "-912001", "itemRecordNo")]


def test_an_arrival_may_have_no_waybills_if_it_names_its_bill():
    assert found("507", lambda node: node.lines.clear()) == []
    without = found("507", lambda node: (node.lines.clear(), head(bill_no=None)(node)))
    assert without == [(ERROR, "-912001", "billNo")]


def test_a_summary_names_lists_or_a_period():
    assert found("701", lambda node: node.lines.clear()) == [(ERROR, "-912001", "startTime")]
    period = head(period_start="20240301000000", period_end="20240201000000")
    assert found("701", lambda node: (node.lines.clear(), period(node))) == [(ERROR, "-912001", "endTime")]
    twice = found("701", lambda node: node.lines.append(deepcopy(node.lines[0])))
    assert twice == [(ERROR, "-912001", "invtNo")]


def test_the_edition_of_2018_may_have_longer_numbers_and_they_are_told():
    assert KINDS["603"].head.__dataclass_fields__["waybill_no"].metadata["specification"].longest == 80
    assert found("603", head(waybill_no="W" * 81)) == [(ERROR, "-912001", "logisticsNo")]
    assert found("603", head(platform_code="P" * 19))[0] == (WARNING, "-912001", "ebpCode")
