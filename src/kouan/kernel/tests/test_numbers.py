"""Numbers that carry a check: known true and false ones, and python-stdnum as the oracle for our own sum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from kouan.kernel import numbers

# Printed in messages.md §6 with the verdicts of others (doctests of python-stdnum, real declarations).
VERDICTS = [
    (numbers.is_social_credit_code, "91110000600037341L", True),
    (numbers.is_social_credit_code, "914403001922038216", True),
    (numbers.is_social_credit_code, "914403007663746551", True),
    (numbers.is_social_credit_code, "91420100MA4KN8AU9B", False),
    (numbers.is_resident_id, "11010519491231002X", True),
    (numbers.is_resident_id, "130681136250023332", False),
    (numbers.is_resident_id, "11010519490231002X", False),
    (numbers.is_resident_id, "", False),
    (numbers.is_air_waybill, "999-53458543", True),
    (numbers.is_air_waybill, "02012345675", True),
    (numbers.is_air_waybill, "112-10011003", False),
    (numbers.is_container_number, "CSQU3054383", True),
    (numbers.is_container_number, "CSQU3054384", False),
    (numbers.is_imo_number, "9074729", True),
    (numbers.is_imo_number, "9074728", False),
    (numbers.is_customs_code, "420196206P", True),
    (numbers.is_customs_code, "42019", False),
    (numbers.is_firm_code, "4201680002", True),
    (numbers.is_firm_code, "91110000600037341L", True),
    (numbers.is_firm_code, "无", False),
    (numbers.is_customs_district, "4722", True),
    (numbers.is_customs_district, "47A", False),
]


@pytest.mark.parametrize(("test", "number", "verdict"), VERDICTS)
def test_known_numbers(test, number, verdict):
    assert test(number) is verdict


@given(st.from_regex(r"110105(19|20)[0-9]{9}[0-9X]", fullmatch=True))
def test_resident_ids_agree_with_stdnum(number):
    assert numbers.is_resident_id(number) == ric.is_valid(number)


def test_list_number_falls_apart():
    assert numbers.list_number_parts("470020221I123456789") is None
    assert numbers.list_number_parts("47002022I123456789") == ("4700", 2022, "I", "123456789")
    assert numbers.list_number_parts("47002022E12345678901") == ("4700", 2022, "E", "12345678901")
