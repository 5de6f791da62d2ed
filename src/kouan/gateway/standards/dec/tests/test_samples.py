"""The published examples, read in place: each is read, or refused for its true defect."""

from pathlib import Path

import pytest

from kouan.gateway.standards.dec.codec import UnreadableMessage, decode, encode
from kouan.gateway.standards.dec.plain import to_plain
from kouan.gateway.standards.dec.reading import read
from kouan.gateway.standards.dec.receipts import read_receipts

SAMPLES = Path(__file__).resolve().parents[7] / "shared/samples/messages/dec"
if not SAMPLES.exists():  # worktrees stand one level deeper
    SAMPLES = Path(__file__).resolve().parents[8] / "shared/samples/messages/dec"

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason=f"no published examples at {SAMPLES}")


def raw_of(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def test_every_sample_is_read_or_refused_for_its_defect():
    outcomes = {}
    for path in sorted(SAMPLES.glob("*.xml")):
        try:
            outcomes[path.name] = read(path.read_bytes()).kind
        except UnreadableMessage as refusal:
            outcomes[path.name] = refusal.problem.code
    assert outcomes == {
        "official_2018_67_DEC_DATA_receipt.xml": "DEC_RESULT",
        "official_2018_67_DecImportResponse.xml": "DecResponse",
        "official_2018_67_TRN_DATA_receipt.xml": "-960012",
        "official_2018_67_section4_DecMessage.xml": "DecMessage",
    }


def test_the_declaration_keeps_everything_there_and_back():
    made = decode(raw_of("official_2018_67_section4_DecMessage.xml"))
    assert (made.edition, made.loss) == ("3.1", [])
    assert made.head.trader_name == "宁波金鸡强磁股份有限公司"
    assert made.lines[0].licences[0].vehicles[0].product_name == "ProdCnnm"
    assert made.documents[0].document_no == "<14>I2017-0166475"
    assert to_plain(decode(encode(made, "3.1", strict=False))) == to_plain(made)


def test_the_declaration_has_no_error_by_our_rules():
    problems = read(raw_of("official_2018_67_section4_DecMessage.xml")).problems
    assert [one for one in problems if one.is_error] == []
    assert {one.code for one in problems} == {"-960005", "-960021", "-960023"}


def test_the_import_response():
    [response] = read_receipts(raw_of("official_2018_67_DecImportResponse.xml")).receipts
    assert response.is_success
    assert (response.client_no, response.transit_seq_no) == ("Z00000900000000658", "T000000000012356")


def test_the_business_receipt_in_its_old_form():
    [receipt] = read_receipts(raw_of("official_2018_67_DEC_DATA_receipt.xml")).receipts
    assert (receipt.channel, receipt.entry_no, receipt.seq_no) == ("7", "006112112", "000000000000043781")
    assert receipt.noticed_at.isoformat() == "2006-06-30T16:29:40+08:00"


def test_the_transit_example_is_read_once_its_tags_are_mended():
    mended = raw_of("official_2018_67_TRN_DATA_receipt.xml").replace(b"< ", b"<").replace(b"</ ", b"</")
    [receipt] = read_receipts(mended).receipts
    assert (receipt.channel, receipt.transit_no, receipt.note) == ("L", "1234567890123456", "入库")
