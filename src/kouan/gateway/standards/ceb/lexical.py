"""Explains what is wrong with the characters of one field: the slow and exact half of the check.

The fast half is the pattern of each field (``fields.Field.pattern``); it accepts only what is accepted here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from kouan.gateway.masking import masked_words
from kouan.kernel import dates
from kouan.records.problems import Problem, Severity

from .fields import MANDATORY, Field, Value, fields_of

_DECIMAL = re.compile(r"[ \t\n]*([+-]?)([0-9]*)(?:\.([0-9]*))?[ \t\n]*")
_WHOLE = re.compile(r"[ \t\n]*([+-]?[0-9]+)[ \t\n]*")
_READERS = {"date": dates.parse_date, "time": dates.parse_time, "stamp": dates.parse_stamp}
_FORMS = {"date": "YYYYMMDD", "time": "YYYYMMDDhhmmss", "stamp": "YYYYMMDDhhmmssSSS"}
_LONGEST_NUMBER = 64  # characters; a number of a megabyte is refused before it is counted


def explain_block(
    block: type, values: Sequence[Value], code: str, pointer: str, *, schema_only: bool = False
) -> list[Problem]:
    """Explain everything that is wrong with the values of a block; an empty list if nothing is.

    schema_only: by the schema alone, which knows lengths and numbers but neither times nor lists of values.
    """
    if _pattern_of(block).fullmatch("\x1f".join(["\x00" if value is None else value for value in values])):
        return []
    found = []
    for field, value in zip(fields_of(block), values, strict=True):
        if problem := explain(field, value, code, f"{pointer}/{field.element}", schema_only=schema_only):
            found.append(problem)
    return found


@cache
def _pattern_of(block: type) -> re.Pattern[str]:
    """Build the quick test of a whole block: its values in a row, U+0000 for an absent one, U+001F between."""
    parts = []
    for field in fields_of(block):
        pattern = field.pattern("[^\\x00\\x1f]")
        parts.append(pattern if field.need == MANDATORY else f"(?:\\x00|{pattern})")
    return re.compile("\\x1f".join(parts))


def explain(field: Field, value: Value, code: str, pointer: str, *, schema_only: bool = False) -> Problem | None:
    """Explain what is wrong with one value, or give None. The sentences name the field in both languages."""
    fault = _fault(field, value, schema_only)
    if fault is None:
        return None
    severity, zh, en, fix_zh, fix_en = fault
    name_zh, name_en = f"{field.element}（{label(field)}）", f"{field.element} ({field.en})"
    return Problem(code, pointer, severity, f"{name_zh}{zh}", f"{name_en} {en}", fix_zh, fix_en)


def label(field: Field) -> str:
    """Give the Chinese name of a field without its rule."""
    return re.split("[：，（]", field.zh, maxsplit=1)[0]


_Fault = tuple[Severity, str, str, str, str]


def _fault(field: Field, value: Value, schema_only: bool) -> _Fault | None:
    if value is None:
        if field.need != MANDATORY:
            return None
        return "error", "缺失。", "is missing.", "补上该元素。", "Add the element."
    if value == "" and (field.need != MANDATORY or field.may_be_empty):
        if field.may_be_empty:
            return None
        return (
            "warning", "为空，按未填处理。", "is empty and read as left out.",
            "不填时请去掉该元素。", "Leave the element out when there is no value.",
        )  # fmt: skip
    if value == "":
        return "error", "为空。", "is empty.", "填写该项。", "Give a value."
    if field.is_number:
        return _number_fault(field, value)
    fault = _length_fault(field, value)
    return fault if fault or schema_only else _content_fault(field, value)


def _length_fault(field: Field, value: str) -> _Fault | None:
    longest = field.longest
    if longest is None or field.shortest <= len(value) <= longest:
        return None
    if field.shortest == longest:
        return (
            "error", f"应为 {longest} 个字符，实为 {len(value)} 个。",
            f"must have {longest} characters, not {len(value)}.",
            f"按 {longest} 个字符填写。", f"Give exactly {longest} characters.",
        )  # fmt: skip
    return (
        "error", f"最多 {longest} 个字符，实为 {len(value)} 个。", f"may have {longest} characters, not {len(value)}.",
        f"缩短到 {longest} 个字符以内。", f"Shorten it to {longest} characters.",
    )  # fmt: skip


def _content_fault(field: Field, value: str) -> _Fault | None:
    if field.values and value not in field.values:
        allowed_zh, allowed_en = "、".join(field.values), ", ".join(field.values)
        return (
            "error", f"的值“{shown(value)}”不在允许范围。", f"has the value “{shown(value)}”, which is not allowed.",
            f"填写：{allowed_zh}。", f"Use one of: {allowed_en}.",
        )  # fmt: skip
    if field.shape == "digits" and not re.fullmatch("[0-9]+", value):
        return "error", "只能是数字。", "may have digits only.", "只填数字。", "Use digits only."
    if reader := _READERS.get(field.shape):
        try:
            reader(value)
        except ValueError:
            form = _FORMS[field.shape]
            return (
                "error", f"的值“{shown(value)}”不是有效时间。",
                f"has the value “{shown(value)}”, which is no real time.",
                f"按 {form} 填写真实存在的时间。", f"Give a time that exists, as {form}.",
            )  # fmt: skip
    if field.sent_longest is not None and len(value) > field.sent_longest:
        longest = field.sent_longest
        return (
            "warning", f"有 {len(value)} 个字符，规范和手册中较严的一方只允许 {longest} 个。",
            f"has {len(value)} characters; the stricter of schema and handbook allows {longest}.",
            f"缩短到 {longest} 个字符以内，否则可能被退回。", f"Shorten it to {longest}, or it may be sent back.",
        )  # fmt: skip
    return None


def _number_fault(field: Field, value: str) -> _Fault | None:
    whole = field.form == "INT" or "," not in field.form
    form_zh, form_en = ("整数", "a whole number") if whole else ("数字", "a number")
    match = (_WHOLE if whole else _DECIMAL).fullmatch(value) if len(value) <= _LONGEST_NUMBER else None
    if match is None or not any(character.isdigit() for character in value):
        return (
            "error", f"的值“{shown(value)}”不是{form_zh}。", f"has the value “{shown(value)}”, which is not {form_en}.",
            f"填写{form_zh}，不带单位和千位分隔符。", f"Give {form_en} without unit or separators.",
        )  # fmt: skip
    if field.form == "INT":
        fits = -(2**31) <= int(match[1]) < 2**31
        limit_zh, limit_en = "32 位整数", "a whole number of 32 bits"
    else:
        total, _, fraction = field.form[1:].partition(",")
        digits, decimals = _digits(value.strip(" \t\n"))
        fits = digits <= int(total) and decimals <= int(fraction or 0)
        limit_zh = f"最多 {total} 位数字" + (f"，其中小数 {fraction} 位" if fraction else "")
        limit_en = f"at most {total} digits" + (f", {fraction} of them after the point" if fraction else "")
    if fits:
        return None
    return (
        "error", f"的值“{shown(value)}”位数过多。", f"has too many digits: “{shown(value)}”.",
        f"{limit_zh}。", f"Use {limit_en}.",
    )  # fmt: skip


def _digits(text: str) -> tuple[int, int]:
    """Count the digits of a decimal's value, all and after the point; zeros at either end do not count."""
    whole, _, fraction = text.lstrip("+-").partition(".")
    fraction = fraction.rstrip("0")
    return len(whole.lstrip("0") + fraction), len(fraction)


def shown(value: str) -> str:
    """Shorten a value for a sentence, which names nobody: an identity number in the wrong place is masked too."""
    value = masked_words(value)
    return value if len(value) <= 40 else value[:37] + "…"


_PLAIN_NUMBER = re.compile(r"[0-9]{1,19}(?:\.[0-9]{1,19})?")


def to_decimal(value: Value) -> Decimal | None:
    """Read a number that passed the check; None where there is none or where it is no number."""
    if not value:
        return None
    if _PLAIN_NUMBER.fullmatch(value):
        return Decimal(value)
    if len(value) > _LONGEST_NUMBER or not _DECIMAL.fullmatch(value):
        return None
    text = value.strip(" \t\n")
    return Decimal(text) if any(map(str.isdigit, text)) else None
