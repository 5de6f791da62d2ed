"""Receipts: what Kouan may say, what it may never say, and what official ones say."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from kouan.gateway.standards.ceb.answers import (
    NotOursToSay,
    answer,
    answer_check,
    format_answer,
    meaning_of,
    message_of,
    parse_info,
)
from kouan.gateway.standards.ceb.checks import Context, check_node
from kouan.gateway.standards.ceb.codec import UnreadableMessage, decode, encode
from kouan.gateway.standards.ceb.codes import CODES, OWN_RANGE
from kouan.gateway.standards.ceb.fields import fields_of
from kouan.gateway.standards.ceb.statuses import STATUSES, status_of
from kouan.gateway.standards.ceb.types import KINDS

from .making import AT, GUID, node_of
from .samples import SHARED, needs_shared

DECLARATIONS = [kind for kind in KINDS.values() if kind.is_declaration]
OFFICIAL = ["1", "2", "3", "4", "100", "120", "300", "399", "500", "501", "502", "503", "599", "600", "700", "800",
            "899", "777", "1000", "5", "99999"]  # fmt: skip


@pytest.mark.parametrize("kind", DECLARATIONS, ids=lambda kind: kind.code)
def test_the_answer_to_a_check_names_the_document_and_can_be_sent(kind):
    node = node_of(kind.code)
    receipt = answer_check(kind.code, node, at=AT, guid=GUID)
    assert receipt.return_status == "91"
    again = decode(encode(message_of(kind.code, [receipt], guid=GUID)))
    assert again.kind == kind.receipt
    assert again.nodes[0].head == receipt
    shared = {one.name for one in fields_of(type(receipt))} & {one.name for one in fields_of(kind.head)} - {"guid"}
    assert shared
    for name in shared:
        assert getattr(receipt, name) == getattr(node.head, name)


def test_the_answer_to_a_fault_carries_its_code_and_its_remedy():
    node = node_of("621")
    node.head.packages = "2"
    context = Context(AT.date(), {"single_limit": Decimal(5000)}, signature="off")
    node.problems = check_node(KINDS["621"], node, context, signature_present=False)
    receipt = answer_check("621", node, at=AT, guid=GUID)
    assert receipt.return_status == "-621001"
    ((code, text),) = parse_info(receipt.return_info)
    assert code == "-621001"
    assert text.startswith("packNo ")
    assert "填写 1" in text


@pytest.mark.parametrize("status", OFFICIAL)
def test_kouan_never_speaks_for_the_port_or_for_customs(status):
    head = node_of("621").head
    with pytest.raises(NotOursToSay):
        answer("621", head, status=status, info="放行", at=AT, guid=GUID)
    assert (
        answer("621", head, status=status, info="放行", at=AT, guid=GUID, as_counterpart=True).return_status == status
    )


def test_official_states_are_known_and_others_stay_unknown():
    assert status_of("800").zh == "放行"
    assert status_of("800").is_official
    unknown = status_of("888")
    assert (unknown.name, unknown.issuer) == ("unknown", "unknown")
    assert "888" in unknown.zh
    assert "888" in unknown.en
    assert status_of("-621018").issuer == "port"
    assert status_of("-911001").issuer == "kouan"
    assert "-42" in status_of("-42").zh


def test_no_state_of_kouan_lies_among_the_official_ones():
    own = [one for one in STATUSES.values() if one.issuer == "kouan"]
    assert own
    assert all(90 <= int(one.code) <= 99 for one in own)


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ("[Code:1800;Desc:逻辑校验通过]", [("1800", "逻辑校验通过")]),
        ("[Code:1;Desc:a][Code:2;Desc:b]", [("1", "a"), ("2", "b")]),
        ("暂存", [("", "暂存")]),
        ("", [("", "")]),
        ("[Code:", [("", "[Code:")]),
    ],
)
def test_infos_are_taken_apart(info, expected):
    assert parse_info(info) == expected


def test_a_receipt_is_told_in_both_languages():
    receipt = answer("621", node_of("621").head, status="800", info="[Code:2600;Desc:放行]", at=AT, guid=GUID,
                     as_counterpart=True)  # fmt: skip
    assert meaning_of(receipt) == ("放行：放行", "released: 放行")


@pytest.mark.parametrize("raw", [b"\x00\xff<a", "<ceb>演示".encode() + b"\r\n]]>", b""])
def test_an_unreadable_message_gets_a_format_receipt_with_its_text(raw):
    with pytest.raises(UnreadableMessage) as refusal:
        decode(raw)
    receipt = format_answer(refusal.value.problem, raw, at=AT, guid=GUID, message_id="M" * 300)
    (node,) = decode(encode(receipt)).nodes
    assert node.head.return_status == "-0001"
    assert node.head.original_type == "Unknown"
    assert len(node.head.original_message_id) == 255
    assert node.head.original == raw.decode("utf-8", "replace").replace("\x00", "\ufffd").replace("\r\n", "\n")


def test_a_long_info_is_cut_to_the_length_of_the_field():
    receipt = answer("311", node_of("311").head, status="-301008", info="长" * 5000, at=AT, guid=GUID)
    assert len(receipt.return_info) == 1000


@needs_shared
def test_every_official_code_has_a_meaning():
    assert SHARED is not None
    with (SHARED / "domain/codelists/ceb_error_codes_202205.csv").open(encoding="utf-8") as rows:
        official = {row["code"] for row in csv.DictReader(rows)}
    assert official == {code for code, one in CODES.items() if not one.is_own}


@pytest.mark.parametrize("code", CODES.values(), ids=lambda one: one.code)
def test_codes_speak_both_languages(code):
    assert code.zh.endswith("。")
    assert code.en.endswith(".")
    assert bool(code.fix_zh) == bool(code.fix_en)
    if code.is_own:
        assert int(code.code) in OWN_RANGE
        assert code.fix_zh


def test_every_code_of_a_kind_exists():
    for kind in KINDS.values():
        for name in kind.faults.__slots__:
            value = getattr(kind.faults, name)
            assert value == "" or value in CODES
