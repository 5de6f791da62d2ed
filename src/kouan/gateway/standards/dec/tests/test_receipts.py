"""Receipts: all forms, all channels, all writings of time, in any order, never a crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kouan.gateway.standards.dec.channels import CHANNELS, meaning_of
from kouan.gateway.standards.dec.receipts import (
    BusinessReceipt,
    ImportResponse,
    TransitReceipt,
    read_notice_time,
    read_receipts,
    write_receipt,
)
from kouan.gateway.standards.dec.types import UnreadableMessage

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=12).map(
    str.strip
)


@pytest.mark.parametrize("made_of", [ImportResponse, BusinessReceipt, TransitReceipt])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_there_and_back(made_of, data):
    made = data.draw(st.builds(made_of, **dict.fromkeys(made_of.__dataclass_fields__, TEXTS)))
    assert read_receipts(write_receipt(made)).receipts == [made]


@pytest.mark.parametrize("code", CHANNELS)
def test_every_channel_is_read_and_means_something(code):
    read = read_receipts(write_receipt(BusinessReceipt(seq_no="1", channel=code, noticed="2026-11-23T08:00:00")))
    assert (read.receipts[0].channel, read.problems) == (code, [])
    assert all(meaning_of(code))


def test_an_unknown_channel_is_kept_and_said_to_be_unknown():
    read = read_receipts(b"<DEC_RESULT><CUS_CIQ_NO>1</CUS_CIQ_NO><CHANNEL>?</CHANNEL></DEC_RESULT>")
    assert (read.receipts[0].channel, [one.code for one in read.problems]) == ("?", ["-960080"])
    assert meaning_of("?")[0] == "未知官方状态 ?"


def test_an_old_receipt_in_gb2312_that_does_not_say_so():
    raw = "<DEC_DATA><DEC_RESULT><SEQ_NO>1</SEQ_NO><CHANNEL>L</CHANNEL><NOTE>入库成功</NOTE></DEC_RESULT></DEC_DATA>"
    [receipt] = read_receipts(raw.encode("gb2312")).receipts
    assert receipt.note == "入库成功"


def test_several_results_in_one_message():
    body = "<DEC_RESULT><SEQ_NO>1</SEQ_NO><CHANNEL>L</CHANNEL></DEC_RESULT>" * 3
    assert len(read_receipts(f"<DEC_DATA>{body}</DEC_DATA>".encode()).receipts) == 3


def test_a_failure_of_the_import_client():
    raw = (
        "<Root><resultFlag><Type>1</Type><Value>11</Value></resultFlag><failCode version='1'>C134</failCode>"
        "<failInfo>打开读卡器失败</failInfo><retData/></Root>"
    )
    read = read_receipts(raw.encode())
    assert (read.kind, read.receipts[0].code, read.receipts[0].message) == ("ClientFail", "C134", "打开读卡器失败")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2018-12-06T10:11:12", "2018-12-06T10:11:12+08:00"),
        ("20060630T16294000", "2006-06-30T16:29:40+08:00"),
        ("20181206101112", "2018-12-06T10:11:12+08:00"),
        ("20060220", "2006-02-20T00:00:00+08:00"),
        ("2018-12-06 10:11:12.5", "2018-12-06T10:11:12+08:00"),
        ("20181306", None),
        ("yesterday", None),
    ],
)
def test_times_as_receipts_write_them(text, iso):
    at = read_notice_time(text)
    assert (at and at.isoformat()) == iso


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_noise_is_refused(raw):
    with pytest.raises(UnreadableMessage):
        read_receipts(raw)


@pytest.mark.parametrize("raw", [b"<Root/>", b"<DEC_DATA/>", b"<CEB622Message/>"])
def test_what_is_no_receipt_is_refused(raw):
    with pytest.raises(UnreadableMessage):
        read_receipts(raw)
