"""Composing: the values of a form or a sheet become one goods declaration, and back. Pure.

A value set is flat: our words of the standard's head, ``voyage_no`` and ``client_no``, ``statement_1`` to
``statement_5``, and lists ``goods``, ``containers`` and ``documents`` of flat lines. Every value is text as typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

from kouan.gateway.standards.dec.attached import AccompanyingDocument, Container
from kouan.gateway.standards.dec.document_types import WITH_LIST, compose_type, prefix_of, step_of
from kouan.gateway.standards.dec.fields import Nested, parts_of
from kouan.gateway.standards.dec.goods import GoodsLine
from kouan.gateway.standards.dec.head import Head
from kouan.gateway.standards.dec.rules import number_of
from kouan.gateway.standards.dec.types import Declaration
from kouan.records.problems import Problem

STATEMENTS = ("special_relation", "price_influence", "royalty", "formula_price", "provisional_price")
"""What the price statements say, in the order of their marks."""
LISTS: dict[str, tuple[str, type]] = {
    "goods": ("lines", GoodsLine),
    "containers": ("containers", Container),
    "documents": ("documents", AccompanyingDocument),
}
_HEAD_WORDS = frozenset(one.name for one in fields(Head))


@dataclass(frozen=True, slots=True)
class Sender:
    """The firm that declares, as the message names it."""

    code: str
    uscc: str
    name: str


def compose(values: Mapping[str, Any], *, sender: Sender, operation: str = "G") -> Declaration:
    """Compose a declaration of edition 4.8; what a clerk need not type is filled in."""
    given = {name: str(value).strip() for name, value in values.items() if not isinstance(value, list)}
    made = Declaration("4.8")
    made.head = Head(**{name: given.get(name) or None for name in _HEAD_WORDS})
    for name, value in _standing(given, sender).items():
        if not getattr(made.head, name):
            setattr(made.head, name, value)
    made.head.document_type = compose_type(given.get("document_type", ""), given.get("step", "")) or None
    made.head.price_statements = "".join(given.get(f"statement_{name}") or "9" for name in STATEMENTS)
    for key, (part, block) in LISTS.items():
        setattr(made, part, [_block(block, line) for line in filled(values.get(key, []))])
    for place, line in enumerate(made.lines, 1):
        line.line_no = str(place)
        line.total_price = line.total_price or _total(line)
    made.free_text.voyage_no = given.get("voyage_no") or None
    made.free_text.declarant_contact = given.get("declarant_contact") or None
    made.signing.client_no, made.signing.operation = given.get("client_no") or None, operation
    made.signing.list_seq_no = given.get("list_no") or given.get("client_no") or None
    made.signing.operator_name, made.signing.card_no = made.head.typist_name, made.head.typist_card
    return made


def _standing(given: Mapping[str, str], sender: Sender) -> dict[str, str | None]:
    return {
        "agent_code": sender.code,
        "agent_uscc": sender.uscc,
        "agent_name": sender.name,
        "typing_firm_code": sender.uscc[8:17] if len(sender.uscc) == 18 else sender.code[:9],
        "typing_firm_name": sender.name,
        "edi_flag": "1",
        "entry_type": "M",
        "is_transit": "0",
        "no_other_packing": "1",
        "declarant_name": given.get("typist_name"),
        "owner_code": given.get("trader_code"),
        "owner_uscc": given.get("trader_uscc"),
        "owner_name": given.get("trader_name"),
        "trading_country": given.get("trade_country"),
    }


def filled(lines: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Leave out lines in which nothing was typed."""
    return [line for line in lines if any(str(value).strip() for value in line.values())]


def _block(block: type, line: Mapping[str, Any]) -> Any:
    known = _names_of(block)
    return block(**{name: text for name, value in line.items() if name in known and (text := str(value).strip())})


@cache
def _names_of(block: type) -> frozenset[str]:
    return frozenset(part.name for part in parts_of(block) if not isinstance(part, Nested))


def _total(line: GoodsLine) -> str | None:
    price, quantity = number_of(line.price), number_of(line.quantity)
    return None if price is None or quantity is None else f"{(price * quantity).normalize():f}"


def values_of(declaration: Declaration) -> dict[str, Any]:
    """Give the value set of a declaration: what a form shows of it."""
    values: dict[str, Any] = {name: getattr(declaration.head, name) or "" for name in sorted(_HEAD_WORDS)}
    marks = (declaration.head.price_statements or "").ljust(len(STATEMENTS), "9")
    values |= {f"statement_{name}": mark for name, mark in zip(STATEMENTS, marks, strict=False)}
    values.pop("price_statements")
    values["voyage_no"] = declaration.free_text.voyage_no or ""
    values["declarant_contact"] = declaration.free_text.declarant_contact or ""
    values["client_no"] = declaration.signing.client_no or ""
    values["document_type"] = prefix_of(declaration.head.document_type)
    values["step"] = step_of(declaration.head.document_type) or ""
    values["list_no"] = (declaration.signing.list_seq_no or "") if declaration.head.entry_type in WITH_LIST else ""
    for key, (part, _block_type) in LISTS.items():
        values[key] = [
            {one.name: getattr(line, one.name) or "" for one in parts_of(type(line)) if not isinstance(one, Nested)}
            for line in getattr(declaration, part)
        ]
    return values


_NUMBERS = ("client_no", "seq_no", "entry_no", "pre_entry_no", "bill_no", "contract_no", "licence_no", "voyage_no",
            "entry_date", "departure_date", "discharge_date", "delivery_order_no", "list_no")  # fmt: skip


def to_copy(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what belongs to one shipment alone: its numbers, days, containers and documents."""
    return {**values, **dict.fromkeys(_NUMBERS, ""), "containers": [], "documents": []}


# Where a problem stands in the form ----------------------------------------------------------------------------------

_ELEMENTS = {
    block: {part.element: part.name for part in parts_of(block) if not isinstance(part, Nested)}
    for block in (Head, GoodsLine, Container, AccompanyingDocument)
}
_LINES = (
    (re.compile(r"/DecMessage/DecLists/DecList\[(\d+)\]/(?:.*/)?(\w+)$"), "goods", GoodsLine),
    (re.compile(r"/DecMessage/DecContainers/Container\[(\d+)\]/(\w+)$"), "containers", Container),
    (re.compile(r"/DecMessage/DecLicenseDocus/LicenseDocu\[(\d+)\]/(\w+)$"), "documents", AccompanyingDocument),
)
_OTHERS = {
    "/DecMessage/DecHead/PromiseItmes": "statement_special_relation",
    "/DecMessage/DecFreeTxt/VoyNo": "voyage_no",
    "/DecMessage/DecSign/ClientSeqNo": "client_no",
    "/DecMessage/DecSign/BillSeqNo": "list_no",
    "/DecMessage/DecLists/DecList": "goods-0-hs_code",
}


def at_field(problem: Problem) -> Problem:
    """Let a problem point at the field of the form that it concerns; one without a field keeps its pointer."""
    pointer = _OTHERS.get(problem.pointer, "")
    if not pointer and problem.pointer.startswith("/DecMessage/DecHead/"):
        pointer = _ELEMENTS[Head].get(problem.pointer.rpartition("/")[2], "")
    for pattern, key, block in _LINES:
        if not pointer and (found := pattern.match(problem.pointer)):
            name = _ELEMENTS[block].get(found[2])
            pointer = f"{key}-{int(found[1]) - 1}-{name}" if name else ""
    return replace(problem, pointer=pointer) if pointer else problem


_PARTS = {"goods": ("DecLists/DecList", GoodsLine), "containers": ("DecContainers/Container", Container),
          "documents": ("DecLicenseDocus/LicenseDocu", AccompanyingDocument)}  # fmt: skip


def in_message(field: str) -> str:
    """Give the pointer into the message of a field of the form: ``goods-1-hs_code`` → ``…/DecList[2]/CodeTS``."""
    names = {name: f"/DecMessage/DecHead/{element}" for element, name in _ELEMENTS[Head].items()}
    names |= {name: pointer for pointer, name in _OTHERS.items() if "-" not in name}
    if found := re.fullmatch(r"(goods|containers|documents)-(\d+)-(\w+)", field):
        path, block = _PARTS[found[1]]
        elements = {name: element for element, name in _ELEMENTS[block].items()}
        element = elements.get(found[3], "")
        return f"/DecMessage/{path}[{int(found[2]) + 1}]" + (f"/{element}" if element else "")
    return names.get(field, "")


_LABELS = {
    **{part.label: part.name for part in parts_of(Head) if not isinstance(part, Nested)},
    "毛重": "gross_weight_kg", "净重": "net_weight_kg", "件数": "packages", "合同": "contract_no",
}  # fmt: skip
_LINE_LABELS = {
    **{part.label: part.name for part in parts_of(GoodsLine) if not isinstance(part, Nested)},
    "商品编号": "hs_code", "商品编码": "hs_code", "品名": "goods_name", "商品名称": "goods_name",
    "规格型号": "specification", "申报要素": "specification", "原产国": "origin_country", "单价": "price",
    "总价": "total_price", "数量": "quantity",
}  # fmt: skip


def field_in_text(text: str) -> str:
    """Find the field that an official text speaks of: 第 2 项…商品编号… → ``goods-1-hs_code``; empty for none."""
    line = re.search(r"第\s*(\d+)\s*项", text)
    found = _first_label(text, _LINE_LABELS)
    if line and int(line[1]) > 0:
        return f"goods-{int(line[1]) - 1}-{found or 'hs_code'}"
    return _first_label(text, _LABELS) or (f"goods-0-{found}" if found else "")


def _first_label(text: str, labels: Mapping[str, str]) -> str:
    places = [(text.find(label), -len(label), name) for label, name in labels.items() if label and label in text]
    return min(places)[2] if places else ""
