"""Messages as plain objects: there and back, and what does not fit is refused."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from kouan.gateway.standards.ceb.plain import from_plain, to_plain

from .making import envelope_of, envelopes, node_of


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(envelopes())
def test_there_and_back(envelope):
    again, problems = from_plain(envelope.kind, to_plain(envelope))
    assert problems == []
    assert again == envelope


def test_the_words_are_those_of_the_standard():
    plain = to_plain(envelope_of("621", node_of("621")))
    assert plain["records"][0]["head"]["ebpCode"] == "420196YS01"
    assert plain["records"][0]["lines"][0]["gnum"] == "1"
    assert plain["transfer"]["dxpMode"] == "DXP"


def test_records_alone_and_flat_ones_are_understood():
    node = node_of("513")
    flat = to_plain(envelope_of("513", node))["records"][0]["head"]
    for plain in ([flat], [{"head": flat}], {"records": [flat]}):
        envelope, problems = from_plain("513", plain)
        assert problems == []
        assert envelope.nodes[0].head == node.head


@pytest.mark.parametrize(
    ("plain", "pointer"),
    [
        ("x", ""),
        ({}, ""),
        ({"records": {}}, ""),
        ([1], "records[1]"),
        ([{"head": {"orderno": "1"}}], "records[1]/head/orderno"),
        ([{"head": {"orderNo": ["1"]}}], "records[1]/head/orderNo"),
        ([{"head": {}, "lines": [{"x": "1"}]}], "records[1]/lines[1]/x"),
        ([{"head": {}, "line": []}], "records[1]/line"),
    ],
)
def test_what_does_not_fit_is_named(plain, pointer):
    _, problems = from_plain("311", plain)
    assert [(one.code, one.pointer) for one in problems] == [("-910032", pointer)]
