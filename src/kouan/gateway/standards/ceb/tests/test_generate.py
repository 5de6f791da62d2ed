"""Invented parcels: the same for the same seed, without fault, and visibly invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kouan.gateway.standards.ceb.checks import Context, check
from kouan.gateway.standards.ceb.codec import decode, encode
from kouan.gateway.standards.ceb.generate import DEFECTS, demo_resident_id, messages, parcels
from kouan.kernel.numbers import is_resident_id

from .making import AT

CONTEXT = Context(AT.date(), {"single_limit": Decimal(5000)}, signature="off")


@pytest.mark.parametrize("trade_mode", ["9610", "1210"])
def test_they_pass_every_check_and_the_strict_writer(trade_mode):
    for _, raw in messages(parcels(60, at=AT, trade_mode=trade_mode), per_message=30):
        envelope = decode(raw)
        check(envelope, CONTEXT)
        assert list(envelope.all_problems()) == []
        assert decode(encode(envelope)).nodes == envelope.nodes


def test_the_same_seed_gives_the_same_messages():
    assert list(messages(parcels(5, at=AT, seed=7))) == list(messages(parcels(5, at=AT, seed=7)))
    assert list(messages(parcels(5, at=AT, seed=7))) != list(messages(parcels(5, at=AT, seed=8)))


def test_messages_are_filled_and_numbers_unique():
    made = list(messages(parcels(250, at=AT), per_message=100))
    assert [kind for kind, _ in made] == ["311", "411", "511", "621"] * 3
    lists = [node for kind, raw in made if kind == "621" for node in decode(raw).nodes]
    assert len({node.head.order_no for node in lists}) == 250
    assert len({node.head.guid for node in lists}) == 250
    assert {len(node.lines) for node in lists} == {1, 2, 3, 4, 5}


def test_they_are_visibly_invented():
    for one in parcels(20, at=AT):
        assert one.order is not None
        for name in (one.order.buyer_name, one.order.platform_name, one.order.merchant_name, one.order.consignee_name):
            assert name is not None
            assert name.startswith("演示")
        assert one.order.buyer_id_number is not None
        assert one.order.buyer_id_number.startswith("420100")


def test_demonstration_identity_numbers_are_well_formed():
    assert all(is_resident_id(demo_resident_id(date(1990, 2, 28), serial)) for serial in range(10))


EXPECTED = {
    "wrong_sum": ("311", "-301008"),
    "wrong_identity": ("621", "-911001"),
    "repeated_line_number": ("621", "-621027"),
    "no_lines": ("621", "-621000"),
    "above_limit": ("621", "-621005"),
    "bad_time": ("621", "-621001"),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_defect_gives_its_code(name):
    kind, code = EXPECTED[name]
    assert name in DEFECTS
    ((_, raw),) = messages(parcels(3, at=AT, defects={name: 1.0}), kinds=[kind])
    envelope = decode(raw)
    check(envelope, CONTEXT)
    assert all(code in {one.code for one in node.problems} for node in envelope.nodes)
