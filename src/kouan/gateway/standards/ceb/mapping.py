"""CEB types to canonical records and back, with a report of what did not come along.

Both sides use the same words, so that one table of exceptions is the whole mapping; values are converted by their type.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from kouan.kernel import dates
from kouan.records import exports as e
from kouan.records import parcels as r
from kouan.records.problems import Loss

from .fields import Field, Value, fields_of
from .lexical import to_decimal
from .types import KINDS, Node

# Kind of message: record, record of a line.
_RECEIPTS = tuple(kind.receipt for kind in KINDS.values() if kind.receipt)
RECORDS: dict[str, tuple[type, type | None]] = {
    "311": (r.Order, r.OrderItem),
    "411": (r.PaymentVoucher, None),
    "511": (r.Waybill, None),
    "513": (r.WaybillStatus, None),
    "621": (r.ImportList, r.ImportListItem),
    "623": (r.CancelRequest, None),
    "625": (r.ReturnRequest, r.ReturnItem),
    "711": (r.InboundDetail, r.InboundItem),
    "816": (r.TaxBill, r.TaxBillItem),
    "818": (r.TaxBill, None),
    "303": (e.ExportOrder, e.ExportOrderItem),
    "403": (e.ReceiptOfPayment, None),
    "505": (e.ExportWaybill, None),
    "507": (e.Arrival, e.ArrivedWaybill),
    "509": (e.Departure, e.DepartedWaybill),
    "603": (e.ExportList, e.ExportListItem),
    "605": (e.ExportCancelRequest, None),
    "607": (e.MasterBill, e.MasterBillItem),
    "701": (e.SummaryApplication, e.SummarisedList),
    "792": (e.SummaryResult, e.SummaryResultItem),
    "213": (e.ExportReturnRequest, e.ExportReturnItem),
    "215": (e.ReturnTally, None),
    "900": (r.FormatReceipt, None),
    **dict.fromkeys(_RECEIPTS, (r.BusinessReceipt, None)),
}

# Our word in the CEB types: the word of the record.
_RENAMED = {
    "app_type": "action",
    "app_time": "declared_at",
    "app_status": "intent",
    "paid_time": "paid_at",
    "status_time": "status_at",
    "return_time": "issued_at",
    "received_time": "received_at",
    "left_time": "left_at",
    "processed_time": "processed_at",
}
_WORDS = {
    "action": {"1": "new", "2": "change", "3": "delete"},
    "intent": {"1": "store", "2": "declare"},
}


def to_record(kind: str, node: Node) -> tuple[Any, list[Loss]]:
    """Turn a node into its canonical record.

    A value that has no typed meaning (a date that does not exist) becomes None and is told in the loss report, as is a
    number that was written in an unusual way (``+007.10``); the node still has its characters.
    """
    record, line_record = RECORDS[kind]
    shape = KINDS[kind]
    pointer = f"/{shape.root}/{shape.node}[{node.index}]"
    loss: list[Loss] = []
    head_pointer = f"{pointer}/{shape.head_element}" if shape.head_element else pointer
    values = _typed(node.head, record, head_pointer, loss)
    if line_record is not None:
        values["lines"] = tuple(
            line_record(**_typed(line, line_record, f"{pointer}/{shape.line_element}[{place}]", loss))
            for place, line in enumerate(node.lines, 1)
        )
    return record(**values), loss


def from_record(kind: str, record: Any, index: int = 1) -> tuple[Node, list[Loss]]:
    """Turn a canonical record into a node; the loss report names what a message of this kind cannot carry."""
    shape = KINDS[kind]
    pointer = f"/{shape.root}/{shape.node}[{index}]"
    loss: list[Loss] = []
    head = _written(record, shape.head, pointer, loss)
    lines = []
    if shape.line is not None:
        for place, line in enumerate(record.lines, 1):
            lines.append(_written(line, shape.line, f"{pointer}/{shape.line_element}[{place}]", loss))
    return Node(index, head, lines, b""), loss


# --- to records ---------------------------------------------------------------------------------------------------


def _typed(block: Any, record: type, pointer: str, loss: list[Loss]) -> dict[str, Any]:
    types = _types_of(record)
    values: dict[str, Any] = {}
    for field in fields_of(type(block)):
        value: Value = getattr(block, field.name)
        if not value:
            continue
        name = _RENAMED.get(field.name, field.name)
        typed = _READERS[types[name]](name, field, value)
        values[name] = typed
        if typed is None:
            loss.append(Loss(f"{pointer}/{field.element}", value, "没有可用的值", "it has no usable value"))
        elif isinstance(typed, Decimal | int) and _text(name, field, typed) != value:
            loss.append(Loss(f"{pointer}/{field.element}", value, "数字的写法未保留", "the way the number was written"))
    return values


def _read_text(name: str, field: Field, value: str) -> str | None:
    return _WORDS[name].get(value) if name in _WORDS else value


def _read_number(name: str, field: Field, value: str) -> Decimal | None:
    return to_decimal(value)


def _read_whole(name: str, field: Field, value: str) -> int | None:
    number = to_decimal(value)
    return int(number) if number is not None and number == int(number) else None


def _read_date(name: str, field: Field, value: str) -> date | None:
    try:
        return dates.parse_date(value)
    except ValueError:
        return None


def _read_time(name: str, field: Field, value: str) -> datetime | None:
    try:
        return dates.parse_stamp(value) if field.shape == "stamp" else dates.parse_time(value)
    except ValueError:
        return None


_READERS: dict[type, Callable[[str, Field, str], Any]] = {
    str: _read_text,
    Decimal: _read_number,
    int: _read_whole,
    date: _read_date,
    datetime: _read_time,
}


@cache
def _types_of(record: type) -> dict[str, type]:
    """Find the type of each value of a record: ``Decimal | None`` gives Decimal, a Literal gives str."""
    hints = typing.get_type_hints(record)
    found = {}
    for one in fields(record):
        first = (typing.get_args(hints[one.name]) or (hints[one.name],))[0]
        found[one.name] = first if isinstance(first, type) else str
    return found


# --- from records -------------------------------------------------------------------------------------------------


def _written(record: Any, block: type, pointer: str, loss: list[Loss]) -> Any:
    carried = {"lines"}
    values: list[Value] = []
    for field in fields_of(block):
        name = _RENAMED.get(field.name, field.name)
        carried.add(name)
        value = getattr(record, name, None)
        text = None if value is None else _text(name, field, value)
        values.append(text)
        if isinstance(value, datetime) and text is not None and _read_time(name, field, text) != value:
            loss.append(Loss(f"{pointer}/{field.element}", value.isoformat(), "秒以下的时间", "parts of a second"))
    for one in fields(record):
        value = getattr(record, one.name)
        if one.name not in carried and value not in (None, ()):
            loss.append(Loss(f"{pointer}/{one.name}", str(value), "报文没有这一项", "the message has no such field"))
    return block(*values)


def _text(name: str, field: Field, value: Any) -> str:
    if name in _WORDS:
        return {word: code for code, word in _WORDS[name].items()}[value]
    if isinstance(value, datetime):
        return dates.format_stamp(value) if field.shape == "stamp" else dates.format_time(value)
    if isinstance(value, date):
        return dates.format_date(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
