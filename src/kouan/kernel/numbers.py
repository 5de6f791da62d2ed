"""Numbers of firms, persons, airway bills, containers, ships and customs: is the form right, is the check digit true?

Sources: GB 32100 and GB 11643 (through python-stdnum where it is quick enough), IATA Resolution 600a, ISO 6346, the IMO
scheme, and the forms that customs publishes.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from operator import mul

from stdnum import iso6346
from stdnum.cn import uscc
from stdnum.imo import is_valid as _imo_is_valid

_RESIDENT_ID = re.compile(r"[1-9][0-9]{16}[0-9X]").fullmatch
_AIR_WAYBILL = re.compile(r"([0-9]{3})[- ]?([0-9]{7})([0-9])").fullmatch


@lru_cache(maxsize=4096)  # a few hundred firms send a million messages
def is_social_credit_code(code: str) -> bool:
    """Is this a unified social credit code 统一社会信用代码 with a true check character (GB 32100)?"""
    return len(code) == 18 and uscc.is_valid(code)


def is_customs_code(code: str) -> bool:
    """Has this the form of a ten-character customs registration code 海关注册编码?

    Five characters of district (the fifth may be a letter), one of the kind of firm, four of serial number.
    It carries no check character.
    """
    return re.fullmatch(r"[0-9]{4}[0-9A-Z]{6}", code) is not None


@lru_cache(maxsize=4096)  # a few hundred firms send a million messages
def is_firm_code(code: str) -> bool:
    """Is this a code by which customs knows a firm: customs code (10) or social credit code (18)?"""
    return is_customs_code(code) if len(code) == 10 else is_social_credit_code(code)


_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_WEIGHED_ZEROS = sum(_RESIDENT_WEIGHTS) * ord("0")


def is_resident_id(number: str) -> bool:
    """Is this an 18-character resident identity number 居民身份证号码 (GB 11643): date real, check character true?

    Our own sum instead of python-stdnum's, which needs ten times as long because it also looks up the county;
    counties are merged and renamed, and a person keeps the number.
    """
    if not _RESIDENT_ID(number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return resident_check_character(number[:17]) == number[17]


def resident_check_character(seventeen_digits: str) -> str:
    """Compute the last character of a resident identity number (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(map(mul, _RESIDENT_WEIGHTS, seventeen_digits.encode("ascii"))) - _WEIGHED_ZEROS
    return "10X98765432"[total % 11]


def is_air_waybill(number: str) -> bool:
    """Is this an air waybill number: three digits of the airline, seven of serial, their remainder by 7?

    A hyphen or a space after the prefix is allowed (IATA Resolution 600a).
    """
    match = _AIR_WAYBILL(number)
    return match is not None and int(match[2]) % 7 == int(match[3])


def is_container_number(number: str) -> bool:
    """Is this a container number with a true check digit (ISO 6346)?"""
    return len(number) == 11 and iso6346.is_valid(number)


def is_imo_number(number: str) -> bool:
    """Is this a ship's IMO number (seven digits, with or without ``IMO``) with a true check digit?"""
    return _imo_is_valid(number)


@lru_cache(maxsize=4096)
def is_customs_district(code: str) -> bool:
    """Has this the form of a four-character customs district 关区代码 (two digits, two digits or letters)?"""
    return re.fullmatch(r"[0-9]{2}[0-9A-Z]{2}", code) is not None


def list_number_parts(number: str) -> tuple[str, int, str, str] | None:
    """Take a number of an e-commerce list 清单编号 apart: district, year, direction ``I`` or ``E``, serial.

    18 characters for import; export lists since May 2022 up to 20. None if it has another form.
    """
    match = re.fullmatch(r"([0-9]{2}[0-9A-Z]{2})([0-9]{4})([IE])([0-9]{9,11})", number)
    return (match[1], int(match[2]), match[3], match[4]) if match else None
