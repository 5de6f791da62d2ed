"""The documents of one parcel: alike they match, and each difference is named by its code and place."""

from __future__ import annotations

import pytest

from kouan.gateway.standards.ceb.generate import DEFECTS, parcels
from kouan.gateway.standards.ceb.matching import match

from .making import AT, parcel


def matched(one):
    return [
        (problem.code, problem.pointer.rpartition("/")[2])
        for problem in match(one.order, one.order_lines, one.payment, one.waybill, one.list_head, one.list_lines)
    ]


@pytest.mark.parametrize("trade_mode", ["9610", "1210"])
def test_invented_parcels_match(trade_mode):
    assert all(matched(one) == [] for one in parcels(50, at=AT, trade_mode=trade_mode))


CASES = [
    ("payment", {"amount_paid": "1"}, [("-912001", "amountPaid")]),
    ("payment", {"order_no": "x"}, [("-912003", "orderNo")]),
    ("payment", {"platform_code": "x"}, [("-912003", "ebpCode")]),
    ("payment", {"transaction_no": "x"}, [("-912003", "payTransactionId")]),
    ("payment", {"payer_name": "x"}, [("-912008", "payerName")]),
    ("payment", {"payer_id_number": "x"}, [("-912008", "payerIdNumber")]),
    ("waybill", {"consignee_name": "x"}, [("-912002", "consignee")]),
    ("waybill", {"consignee_phone": "x"}, [("-912002", "consigneeTelephone")]),
    ("waybill", {"consignee_address": "x"}, [("-912002", "consigneeAddress")]),
    ("waybill", {"order_no": "x"}, [("-912004", "orderNo"), ("-912004", "orderNo")]),
    ("waybill", {"waybill_no": "x"}, [("-912004", "logisticsNo")]),
    ("waybill", {"carrier_code": "x"}, [("-912004", "logisticsCode")]),
    ("list_head", {"order_no": "x"}, [("-912004", "orderNo"), ("-912004", "orderNo")]),
    ("list_head", {"merchant_code": "x"}, [("-912004", "ebcCode")]),
    ("list_head", {"buyer_name": "x"}, [("-912007", "buyerName")]),
    ("list_head", {"buyer_id_number": "x"}, [("-912007", "buyerIdNumber")]),
]


@pytest.mark.parametrize(("document", "change", "expected"), CASES)
def test_a_difference_is_named(document, change, expected):
    one = parcel()
    for name, value in change.items():
        setattr(getattr(one, document), name, value)
    assert matched(one) == expected


LINES = [
    ({"quantity": "99"}, "-912009", "qty"),
    ({"price": "99"}, "-912009", "price"),
    ({"total_price": "99"}, "-912009", "totalPrice"),
    ({"unit": "999"}, "-912009", "unit"),
    ({"origin_country": "999"}, "-912009", "country"),
    ({"goods_name": "x"}, "-912006", "gname"),
    ({"line_no": "9"}, "-912005", "InventoryList"),
]


@pytest.mark.parametrize(("change", "code", "place"), LINES)
def test_lines_match_one_to_one(change, code, place):
    one = parcel()
    for name, value in change.items():
        setattr(one.list_lines[1], name, value)
    assert matched(one) == [(code, place)]


def test_the_same_number_written_differently_is_the_same():
    one = parcel()
    one.list_lines[0].quantity = f"{one.list_lines[0].quantity}.000"
    assert matched(one) == []


def test_what_is_missing_is_not_compared():
    one = parcel()
    one.order = one.waybill = None
    assert matched(one) == []


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_spoils_only_the_parcels_that_got_it(name):
    made = list(parcels(40, at=AT, defects={name: 0.5}))
    spoilt = [one for one in made if one.defects]
    assert 0 < len(spoilt) < 40
    assert all(matched(one) == [] for one in made if not one.defects)
