"""Canonical records: typed values there and back, and every loss named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kouan.gateway.standards.ceb.codec import decode
from kouan.gateway.standards.ceb.fields import fields_of, values_of
from kouan.gateway.standards.ceb.mapping import RECORDS, from_record, to_record
from kouan.gateway.standards.ceb.types import KINDS
from kouan.records.parcels import ImportList

from .making import node_of
from .samples import needs_shared, official_samples, sample_id


@pytest.mark.parametrize("kind", KINDS)
def test_there_and_back(kind):
    node = node_of(kind)
    record, loss = to_record(kind, node)
    again, loss_back = from_record(kind, record)
    assert loss == loss_back == []
    assert (again.head, again.lines) == (node.head, node.lines)


def test_every_kind_has_a_record_with_a_place_for_every_field():
    assert set(RECORDS) == set(KINDS)
    for kind, (record, line) in RECORDS.items():
        names = set(record.__dataclass_fields__)
        renamed = {"app_type", "app_time", "app_status", "paid_time", "status_time", "return_time", "received_time",
                   "left_time", "processed_time"}  # fmt: skip
        assert {one.name for one in fields_of(KINDS[kind].head)} - renamed <= names
        if line:
            assert {one.name for one in fields_of(KINDS[kind].line or object)} <= set(line.__dataclass_fields__)


def test_values_are_typed():
    record, _ = to_record("621", node_of("621"))
    assert isinstance(record, ImportList)
    assert record.declared_at == datetime(2024, 3, 1, 1, tzinfo=UTC)
    assert record.declare_date == date(2024, 3, 1)
    assert record.action == "new"
    assert record.intent == "declare"
    assert record.packages == 1
    assert isinstance(record.gross_weight_kg, Decimal)
    assert record.lines[0].line_no == 1


def test_what_has_no_typed_meaning_is_told():
    node = node_of("621")
    node.head.declare_date, node.head.gross_weight_kg, node.lines[0].quantity = "20240230", "+001.50", "viele"
    record, loss = to_record("621", node)
    assert (record.declare_date, record.gross_weight_kg, record.lines[0].quantity) == (None, Decimal("1.50"), None)
    assert {(one.pointer.rpartition("/")[2], one.value) for one in loss} == {
        ("declTime", "20240230"), ("grossWeight", "+001.50"), ("qty", "viele"),
    }  # fmt: skip


def test_what_a_message_cannot_carry_is_told():
    record, _ = to_record("622", node_of("622"))
    record = replace(record, order_no="D1", issued_at=datetime(2024, 3, 1, 1, 2, 3, 456789, tzinfo=UTC))
    node, loss = from_record("622", record)
    assert node.head.return_time == "20240301090203456"
    assert {one.pointer.rpartition("/")[2] for one in loss} == {"order_no", "returnTime"}


@needs_shared
@pytest.mark.parametrize("path", official_samples(), ids=sample_id)
def test_official_samples_lose_nothing(path):
    envelope = decode(path.read_bytes())
    for node in envelope.nodes:
        record, loss = to_record(envelope.kind, node)
        again, loss_back = from_record(envelope.kind, record)
        assert loss == loss_back == []
        assert [value or None for value in values_of(node.head)] == list(values_of(again.head))
