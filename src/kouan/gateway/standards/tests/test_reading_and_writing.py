"""The command line's plain form: whatever a message is wrapped in, there and back."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from kouan.gateway.standards.ceb.codec import UnwritableMessage, decode, encode
from kouan.gateway.standards.ceb.tests.making import AT, envelope_of, node_of
from kouan.gateway.standards.ceb.tests.samples import needs_shared, official_samples, sample_id
from kouan.gateway.standards.dxp.codec import open_message, wrap
from kouan.gateway.standards.dxp.types import Message, TransferInfo
from kouan.gateway.standards.reading import read_messages
from kouan.gateway.standards.writing import NoPlainForm, UnknownKind, write_message
from kouan.gateway.standards.xmldsig.keys import demo_rsa_key
from kouan.gateway.standards.xmldsig.signing import sign

SIGNED = sign(encode(envelope_of("621", node_of("621"))), demo_rsa_key("演示签名", since=AT, bits=1024))
INFO = TransferInfo("M1", "DXPENTDEMO000001", ["DXPEDCCEB0000002"], "2024-03-01T09:00:00", "CEB621Message")
WRAPPED = wrap(Message(INFO, SIGNED))


def read(raw, name="a.xml"):
    return [reading.to_dict() for reading in read_messages(name, raw)]


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return stream.getvalue()


def test_a_message():
    (plain,) = read(SIGNED)
    assert list(plain)[:6] == ["file", "standard", "kind", "records", "problems", "loss"]
    assert (plain["file"], plain["standard"], plain["kind"]) == ("a.xml", "ceb", "621")
    assert plain["records"][0]["head"]["orderNo"] == node_of("621").head.order_no
    assert plain["problems"] == []
    assert [one["pointer"] for one in plain["loss"]] == ["/CEB621Message/Signature"]


def test_problems_have_their_remedy():
    (plain,) = read(SIGNED.replace(b"<ceb:packNo>1<", b"<ceb:packNo>2<"))
    (problem,) = plain["problems"]
    assert list(problem) == ["code", "pointer", "severity", "zh", "en", "fix"]
    assert problem["code"] == "-621001"
    assert "填写 1" in problem["fix"]
    assert "Give 1" in problem["fix"]


def test_an_envelope_and_what_it_carries():
    outer, inner = read(WRAPPED)
    assert (outer["standard"], outer["kind"]) == ("dxp", "DxpMsg")
    assert (inner["file"], inner["standard"], inner["kind"]) == ("a.xml!Data", "ceb", "621")


def test_an_envelope_in_an_envelope_is_opened_so_far_and_no_further():
    raw = SIGNED
    for _ in range(10):
        raw = wrap(Message(INFO, raw))
    assert len(read(raw)) == 4


def test_a_zip_with_several():
    found = read(zipped(a_xml=SIGNED, b_xml=b"x", c_pdf=b"%PDF", d_xml=WRAPPED), "z.zip")
    assert [(one["file"], one["standard"]) for one in found] == [
        ("z.zip!a.xml", "ceb"), ("z.zip!b.xml", None), ("z.zip!d.xml", "dxp"), ("z.zip!d.xml!Data", "ceb"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "raw", [b"", b"x", b"PK\x03\x04", zipped(a_xml=SIGNED)[:200], zipped(a_pdf=b""), b"<a/>", SIGNED[:-5]]
)
def test_the_unreadable_says_so(raw):
    (plain,) = read(raw)
    assert plain["standard"] is None
    assert plain["kind"] is None
    assert plain["records"] == []
    assert [one["severity"] for one in plain["problems"]] == ["error"]


def test_a_zip_that_swells_is_refused():
    (plain,) = read(zipped(a_xml=b" " * 20_000_000))
    assert [one["code"] for one in plain["problems"]] == ["-910001"]


def test_written_as_it_was_read():
    (plain,) = read(SIGNED)
    again = decode(write_message("ceb", "621", json.dumps(plain))[0])
    before = decode(SIGNED)
    assert (again.nodes, again.transfer, again.guid) == (before.nodes, before.transfer, before.guid)
    outer, inner = read(WRAPPED)
    lines = json.dumps(outer) + "\n" + json.dumps(inner) + "\n"
    assert open_message(write_message("dxp", "DxpMsg", lines)[0]).data == SIGNED
    assert decode(write_message("ceb", "CEB621Message", lines)[0]).nodes == before.nodes


def test_numbers_keep_their_characters():
    plain = read(encode(envelope_of("511", node_of("511"))))[0]
    plain["records"][0]["head"]["weight"] = 1.10
    text = json.dumps(plain).replace('"weight": 1.1', '"weight": 1.10000')
    assert b"<ceb:weight>1.10000</ceb:weight>" in write_message("ceb", "511", text)[0]


@pytest.mark.parametrize(("standard", "kind"), [("ceb", "999"), ("ceb", "DxpMsg"), ("edi", "621"), ("dxp", "x")])
def test_unknown_kinds(standard, kind):
    with pytest.raises(UnknownKind):
        write_message(standard, kind, "{}")


@pytest.mark.parametrize("text", ["", "x", "{", "[" * 100_000, '{"kind": "311"}', '{"records": []}\n{"records": []}'])
def test_texts_that_describe_no_message(text):
    with pytest.raises(NoPlainForm):
        write_message("ceb", "621", text)


@pytest.mark.parametrize(
    ("standard", "kind", "text"),
    [("ceb", "621", "{}"), ("ceb", "621", '{"records": [{"head": {"x": "1"}}]}'), ("dxp", "DxpMsg", "{}"),
     ("dxp", "DxpRep", '[{"RecevierId": "x"}]')],
)  # fmt: skip
def test_what_does_not_make_a_message(standard, kind, text):
    with pytest.raises(UnwritableMessage) as refusal:
        write_message(standard, kind, text)
    assert refusal.value.problems


@needs_shared
@pytest.mark.parametrize("path", official_samples(), ids=sample_id)
def test_official_samples_are_written_as_they_were_read(path):
    raw = path.read_bytes()
    (plain,) = read(raw)
    before = decode(raw)
    written, problems = write_message("ceb", plain["kind"], json.dumps(plain))
    assert {(one.code, one.pointer.rpartition("/")[2]) for one in problems} == BY_THE_SCHEMA.get(plain["kind"], set())
    again = decode(written)
    assert [(one.head, one.lines) for one in again.nodes] == [(one.head, one.lines) for one in before.nodes]


BY_THE_SCHEMA = {
    "513": {("-505011", "logisticsStatus")},  # says R where the handbook allows S only
    "603": {("-912001", "ieFlag"), ("-912001", "tradeMode")},  # a and 0101 instead of values of the handbook
    "213": {("-912001", "tradeMode")},  # absent
    "792": {("0002", "gseqno")},  # absent
}
"""What official samples say that their schema lets pass and their handbook does not."""
