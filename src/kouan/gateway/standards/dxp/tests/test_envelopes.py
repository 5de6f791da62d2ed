"""Envelopes of the data exchange platform: opened, closed, and bounded."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouan.gateway.standards.ceb.tests.samples import SHARED, needs_shared
from kouan.gateway.standards.dxp import codec
from kouan.gateway.standards.dxp.codec import (
    UnreadableEnvelope,
    UnwritableEnvelope,
    is_envelope,
    open_message,
    read_report,
    wrap,
    write_report,
)
from kouan.gateway.standards.dxp.plain import (
    message_from_plain,
    message_to_plain,
    report_from_plain,
    report_to_plain,
)
from kouan.gateway.standards.dxp.types import (
    AdditionalInfo,
    Message,
    Report,
    Response,
    Result,
    TransferInfo,
    response_meaning,
)


def message(data: bytes = b"x", **more) -> Message:
    info = TransferInfo("M1", "DXPENTDEMO000001", ["DXPEDCCEB0000002"], "2024-03-01T09:00:00", "CEB621Message")
    return Message(info, data, **more)


REPORT = Report(
    "DXPENTDEMO000001",
    [Response("-1201007", "部分", "N1", [Result("A", "0"), Result("B", "-1201004", "无", "n")], "2024-03-01", "n",
              message().info)],
    node="N",
)  # fmt: skip


@given(st.binary(max_size=200))
def test_what_is_inside_comes_out_byte_for_byte(data):
    assert open_message(wrap(message(data))).data == data


@given(st.text("&<>\"'演示a ", max_size=20))
def test_every_part_comes_back(text):
    additional = AdditionalInfo(text[:13] or "f", text[:13], [(text, text)], text, None)
    sent = message(b"<a/>", additional=additional, identifier="A1")
    assert open_message(wrap(sent)) == sent


def test_a_report_comes_back():
    assert read_report(write_report(REPORT)) == REPORT


def test_plain_forms_come_back():
    sent = message(b"\x00", additional=AdditionalInfo("f", None, [("a", "b")], "UTF-8", "m"), identifier="A1")
    assert message_from_plain(message_to_plain(sent)) == sent
    assert report_from_plain(report_to_plain(REPORT)) == REPORT


@needs_shared
@pytest.mark.parametrize("name", ["DxpMsg_MaxNode-NoSign.xml", "DxpMsg_MaxNode-Sign.xml"])
def test_official_envelopes(name):
    raw = sample(name).read_bytes()
    opened = open_message(raw)
    assert opened.problems == opened.loss == []
    assert opened.data.startswith(b"this is a test.")
    assert len(opened.info.receivers) == 5
    assert opened.signature_present == ("-Sign" in name)
    again = open_message(wrap(opened))
    again.signature_present = opened.signature_present
    assert again == opened


@needs_shared
def test_the_official_report_is_mended_and_the_mending_told():
    report = read_report(sample("DxpRep.xml").read_bytes())
    assert [(one.severity, one.code) for one in report.problems] == [("warning", "-914001")]
    assert [one.value for one in report.loss] == ["##other"]
    (response,) = report.responses
    assert (response.code, response.results[0].receiver) == ("0", "user02")
    assert read_report(write_report(report)).responses == report.responses


def sample(name: str) -> Path:
    assert SHARED is not None
    return SHARED / "samples/messages/dxp" / name


GOOD = wrap(message())
UNREADABLE = {
    "nothing": (b"", "0001"),
    "cut off": (GOOD[:100], "0001"),
    "a document type": (b"<!DOCTYPE x>" + GOOD.split(b"?>", 1)[1], "0001"),
    "another root": (GOOD.replace(b"DxpMsg", b"DxpRep"), "0002"),
    "another namespace": (GOOD.replace(b"chinaport", b"example"), "0002"),
    "no data": (GOOD.replace(b"<dxp:Data>eA==</dxp:Data>", b""), "0002"),
    "data that is no base64": (GOOD.replace(b"eA==", b"e!=="), "0001"),
    "data cut off": (GOOD.replace(b"eA==", b"eA="), "0001"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable(name):
    raw, code = UNREADABLE[name]
    with pytest.raises(UnreadableEnvelope) as refusal:
        open_message(raw)
    assert refusal.value.problem.code == code


def test_size_and_elements_are_bounded(monkeypatch):
    monkeypatch.setattr(codec, "LARGEST", 100)
    with pytest.raises(UnreadableEnvelope) as refusal:
        open_message(GOOD)
    assert refusal.value.problem.code == "-910001"
    monkeypatch.undo()
    with pytest.raises(UnreadableEnvelope) as refusal:
        open_message(b"<a>" * 50_000)
    assert refusal.value.problem.code == "-910002"


def test_a_large_content_is_carried():
    data = b"x" * (12 * 1024 * 1024)
    assert open_message(wrap(message(data))).data == data


FAULTS = {
    "no sender": (GOOD.replace(b"<dxp:SenderId>DXPENTDEMO000001</dxp:SenderId>", b""), "SenderId"),
    "a long sender": (GOOD.replace(b"DXPENTDEMO000001", b"D" * 17), "SenderId"),
    "no receiver": (GOOD.replace(b"<dxp:ReceiverId>DXPEDCCEB0000002</dxp:ReceiverId>", b""), "ReceiverIds"),
    "six receivers": (
        GOOD.replace(b"<dxp:ReceiverIds>", b"<dxp:ReceiverIds>" + b"<dxp:ReceiverId>R</dxp:ReceiverId>" * 5),
        "ReceiverIds",
    ),
    "an unknown element": (GOOD.replace(b"<dxp:Data>", b"<dxp:New/><dxp:Data>"), "New"),
    "another version": (GOOD.replace(b'ver="1.0"', b'ver="2.0"'), "@ver"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_told(name):
    raw, place = FAULTS[name]
    opened = open_message(raw)
    assert [one.pointer.rpartition("/")[2] for one in opened.problems] == [place]
    assert opened.data == b"x"


@pytest.mark.parametrize(
    "change",
    [{"message_id": ""}, {"sender": ""}, {"created": ""}, {"receivers": []}, {"receivers": ["R"] * 6},
     {"sender": "D" * 17}, {"message_type": "\x00"}],
)  # fmt: skip
def test_what_the_platform_would_not_take_is_not_written(change):
    sent = message()
    for name, value in change.items():
        setattr(sent.info, name, value)
    with pytest.raises(UnwritableEnvelope):
        wrap(sent)


@pytest.mark.parametrize(
    ("raw", "answer"),
    [(GOOD, True), (write_report(REPORT), True), (b"<!-- x --><a:DxpMsg xmlns:a='u'>", True), (b"<DxpMsgs>", False),
     (b"<x>&lt;DxpMsg></x>", False), (b"", False), (b"\xef\xbb\xbf<DxpRep/>", True)],
)  # fmt: skip
def test_envelopes_are_known_by_their_root(raw, answer):
    assert is_envelope(raw) is answer


def test_response_codes_are_known_and_others_stay_unknown():
    assert response_meaning("0")[1] == "received"
    assert "-9" in response_meaning("-9")[0]
