"""What is shown of a message: no name, number or address of a natural person, whatever the message looks like."""

from __future__ import annotations

import base64

import pytest

from kouan.gateway.masking import ELEMENTS, masked, masked_words
from kouan.gateway.standards.ceb import declarations as d
from kouan.gateway.standards.ceb.fields import fields_of
from kouan.gateway.standards.ceb.lexical import shown

ID_NUMBER, PHONE = "11010519491231002X", "13912345678"  # the number is the example of GB 11643


@pytest.mark.parametrize(
    "text",
    [
        f"<buyerIdNumber>{ID_NUMBER}</buyerIdNumber>",
        f"<ceb:buyerIdNumber>{ID_NUMBER}</ceb:buyerIdNumber>",
        f'<buyerIdNumber a="1">{ID_NUMBER}</buyerIdNumber>',
        f"<buyerIdNumber>{ID_NUMBER[:17]}",
        f"<returnInfo>订购人{ID_NUMBER}年度额度不足，电话{PHONE}</returnInfo>",
    ],
)
def test_an_identity_number_never_shows(text):
    shown_text = masked(text.encode())
    assert ID_NUMBER[1:17] not in shown_text
    assert PHONE not in shown_text


def test_a_wrapped_message_is_not_shown():
    wrapped = base64.b64encode(f"<buyerName>张三</buyerName><x>{ID_NUMBER}</x>".encode() * 10).decode()
    assert wrapped[:40] not in masked(f"<Data>{wrapped}</Data>".encode())


def test_every_field_of_a_person_in_the_standard_is_masked():
    words = ("姓名", "证件号码", "电话", "地址")
    heads = (d.OrderHead, d.PaymentHead, d.WaybillHead, d.ListHead, d.CancelHead, d.ReturnHead)
    personal = {
        field.element for head in heads for field in fields_of(head) if any(word in field.zh for word in words)
    } - {"consigneeDistrict"}
    assert personal <= set(ELEMENTS)
    assert "buyerName" in personal


@pytest.mark.parametrize("number", ["420120221000000001", "110105194912310021", "53012022I000000001", "0.13912345678"])
def test_numbers_that_are_no_persons_stay(number):
    assert number in masked_words(f"单号 {number}")


def test_a_problem_names_nobody():
    assert ID_NUMBER not in shown(ID_NUMBER)
