"""Goods declarations of the standard to canonical records and back, with a report of what did not come along.

Both sides use the same words; the exceptions (direction, charges, lists of line numbers) stand in functions of their
own. What a record has no place for is told, value by value.
"""

from __future__ import annotations

import types
import typing
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from kouan.kernel import dates
from kouan.records import goods as r
from kouan.records.problems import Loss

from . import attached as a
from .fields import Edition, Nested, parts_of
from .goods import GoodsLine
from .head import Head
from .rules import number_of
from .types import BLOCKS, ROOT, Declaration

_DIRECTIONS: dict[str, r.Direction] = {"I": "import", "E": "export"}
_MARKS: dict[str, typing.Literal["rate", "unit_price", "total"]] = {"1": "rate", "2": "unit_price", "3": "total"}
_CHARGES = {
    "freight": ("freight_mark", "freight_rate", "freight_currency"),
    "insurance": ("insurance_mark", "insurance_rate", "insurance_currency"),
    "other_fee": ("other_fee_mark", "other_fee_rate", "other_fee_currency"),
}
_CARRIED_APART = {"direction", *(name for names in _CHARGES.values() for name in names)}
_CARRIED_BLOCKS = {"head", "lines", "containers", "documents", "attachments"}


def to_record(declaration: Declaration) -> tuple[r.GoodsDeclaration, list[Loss]]:
    """Turn a declaration into its canonical record; the loss report names every value that has no place there."""
    loss: list[Loss] = []
    head = declaration.head
    values = _typed(head, r.GoodsDeclaration, f"/{ROOT}/DecHead", loss, apart=_CARRIED_APART)
    values["direction"] = _DIRECTIONS.get(head.direction or "")
    values["client_no"] = declaration.signing.client_no or None
    values["voyage_no"] = declaration.free_text.voyage_no or None
    for name, (mark, value, currency) in _CHARGES.items():
        values[name] = _charge(head, mark, value, currency, loss)
    values["lines"] = tuple(
        r.GoodsItem(**_typed(line, r.GoodsItem, f"/{ROOT}/DecLists/DecList[{place}]", loss))
        for place, line in enumerate(declaration.lines, 1)
    )
    values["containers"] = tuple(_equipment(one, place, loss) for place, one in enumerate(declaration.containers, 1))
    values["documents"] = tuple(
        r.AccompanyingDocument(document_code=one.document_code or None, document_no=one.document_no or None)
        for one in declaration.documents
    )
    values["files"] = tuple(
        r.AttachedFile(**_typed(one, r.AttachedFile, f"/{ROOT}/EdocRealation[{place}]", loss))
        for place, one in enumerate(declaration.attachments, 1)
    )
    loss += _left_behind(declaration)
    return r.GoodsDeclaration(**values), loss


def from_record(record: r.GoodsDeclaration, edition: Edition = "4.8") -> tuple[Declaration, list[Loss]]:
    """Turn a canonical record into a declaration that saves; nothing of a record is lost."""
    head = _written(record, Head)
    head.direction = {"import": "I", "export": "E"}.get(record.direction or "")
    for name, (mark, value, currency) in _CHARGES.items():
        if charge := getattr(record, name):
            setattr(head, mark, next(code for code, word in _MARKS.items() if word == charge.mark))
            setattr(head, value, _text(charge.value))
            setattr(head, currency, charge.currency)
    made = Declaration(edition=edition, head=head)
    made.lines = [_written(line, GoodsLine) for line in record.lines]
    made.containers = [_container(one) for one in record.containers]
    made.documents = [a.AccompanyingDocument(one.document_code, one.document_no) for one in record.documents]
    made.attachments = [_written(one, a.Attachment) for one in record.files]
    made.free_text.voyage_no = record.voyage_no
    made.signing.client_no, made.signing.operation = record.client_no, "G"
    return made, []


# To records ----------------------------------------------------------------------------------------------------------


def _typed(
    block: Any, record: type, pointer: str, loss: list[Loss], apart: typing.Container[str] = ()
) -> dict[str, Any]:
    wanted = _types_of(record)
    values: dict[str, Any] = {}
    for part in parts_of(type(block)):
        if isinstance(part, Nested):
            for place, one in enumerate(getattr(block, part.name), 1):
                loss += _all_values(one, f"{pointer}/{part.wrapper or part.element}[{place}]")
            continue
        value = getattr(block, part.name)
        if not value or part.name in apart:
            continue
        if part.name not in wanted:
            loss.append(_lost(f"{pointer}/{part.element}", value))
            continue
        typed = _read(wanted[part.name], value)
        values[part.name] = typed
        if typed is None:
            loss.append(Loss(f"{pointer}/{part.element}", value, "没有可用的值", "it has no usable value"))
        elif _text(typed) != value:
            loss.append(Loss(f"{pointer}/{part.element}", value, "数字的写法未保留", "the way it was written"))
    return values


def _read(wanted: type, value: str) -> Any:
    if wanted is str:
        return value
    if wanted is date:
        try:
            return dates.parse_date(value)
        except ValueError:
            return None
    number = number_of(value)
    if wanted is Decimal or number is None:
        return number
    return int(number) if number == int(number) else None


def _charge(head: Head, mark: str, value: str, currency: str, loss: list[Loss]) -> r.Charge | None:
    given = [getattr(head, name) for name in (mark, value, currency)]
    number = number_of(given[1])
    if given[0] in _MARKS and number is not None:
        return r.Charge(mark=_MARKS[given[0]], value=number, currency=given[2] or None)
    for name, one in zip((mark, value, currency), given, strict=True):
        if one:
            loss.append(Loss(f"/{ROOT}/DecHead/{name}", one, "标记或费率不完整", "mark or rate is missing"))
    return None


def _equipment(one: a.Container, place: int, loss: list[Loss]) -> r.TransportEquipment:
    pointer = f"/{ROOT}/DecContainers/Container[{place}]"
    values = _typed(one, r.TransportEquipment, pointer, loss, apart={"line_nos", "is_shared"})
    numbers = [part.strip() for part in (one.line_nos or "").replace("，", ",").split(",") if part.strip()]
    values["line_nos"] = tuple(int(number) for number in numbers if number.isdecimal())
    if len(values["line_nos"]) != len(numbers):
        loss.append(Loss(f"{pointer}/GoodsNo", one.line_nos or "", "没有可用的值", "it has no usable value"))
    values["is_shared"] = {"1": True, "0": False}.get(one.is_shared or "")
    return r.TransportEquipment(**values)


def _left_behind(declaration: Declaration) -> list[Loss]:
    loss: list[Loss] = []
    for block in BLOCKS:
        if block.name in _CARRIED_BLOCKS:
            continue
        value = getattr(declaration, block.name)
        together = value if block.is_list else [] if value is None else [value]
        wrapper = f"/{block.wrapper}" if block.wrapper else ""
        for place, one in enumerate(together, 1):
            pointer = f"/{ROOT}{wrapper}/{block.element}" + (f"[{place}]" if block.is_list else "")
            loss += [
                lost for lost in _all_values(one, pointer) if not lost.pointer.endswith(("/VoyNo", "/ClientSeqNo"))
            ]
    for place, _sheet in enumerate(declaration.supplements, 1):
        loss.append(_lost(f"/{ROOT}/DecSupplementLists/DecSupplementList[{place}]", ""))
    return loss


def _all_values(record: Any, pointer: str) -> list[Loss]:
    loss: list[Loss] = []
    for part in parts_of(type(record)):
        value = getattr(record, part.name)
        if isinstance(part, Nested):
            for place, one in enumerate(value, 1):
                loss += _all_values(one, f"{pointer}/{part.element}[{place}]")
        elif value:
            loss.append(_lost(f"{pointer}/{part.element}", value))
    return loss


def _lost(pointer: str, value: str) -> Loss:
    return Loss(pointer, value[:200], "规范记录没有这一项", "the canonical record has no place for it")


# From records --------------------------------------------------------------------------------------------------------


def _written(record: Any, block: type) -> Any:
    made = block()
    for part in parts_of(block):
        if not isinstance(part, Nested) and part.name not in _CARRIED_APART:
            value = getattr(record, part.name, None)
            if value is not None:
                setattr(made, part.name, _text(value))
    return made


def _container(one: r.TransportEquipment) -> a.Container:
    made = a.Container(one.container_no, one.container_type)
    made.line_nos = ",".join(map(str, one.line_nos)) or None
    made.is_shared = None if one.is_shared is None else str(int(one.is_shared))
    made.goods_weight_kg = None if one.goods_weight_kg is None else _text(one.goods_weight_kg)
    made.tare_kg = None if one.tare_kg is None else _text(one.tare_kg)
    return made


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return dates.format_date(value)
    return str(value)


@cache
def _types_of(record: type) -> dict[str, type]:
    hints = typing.get_type_hints(record)
    found: dict[str, type] = {}
    for one in fields(record):
        options = [each for each in typing.get_args(hints[one.name]) if each is not types.NoneType]
        if len(options) == 1 and options[0] in (str, int, date, Decimal):
            found[one.name] = options[0]
    return found
