"""Goods declarations and receipts as plain objects for JSON, in the standard's own words; there and back without loss.

A declaration is ``{"Version": "4.8", "DecHead": {…}, "DecLists": [{…}], …}``; what is absent is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from itertools import compress
from typing import Any

from kouan.records.problems import Problem

from .codes import problem
from .fields import EDITIONS, Edition, Nested, by_element, parts_of, read_all
from .receipts import Receipt
from .types import BLOCKS, ROOT, SUPPLEMENT_WRAPPER, Declaration

_KEYS = {block.name: block.wrapper.split("/")[-1] or block.element for block in BLOCKS} | {"tax_report": "SddTaxHead"}


def to_plain(declaration: Declaration) -> dict[str, Any]:
    """Give a declaration as a plain object."""
    plain: dict[str, Any] = {"Version": declaration.edition}
    for block in BLOCKS:
        value = getattr(declaration, block.name)
        if block.is_list and value:
            plain[_KEYS[block.name]] = [_block_to_plain(one) for one in value]
        elif not block.is_list and value is not None and (made := _block_to_plain(value)):
            plain[_KEYS[block.name]] = made
    if declaration.supplements:
        plain[SUPPLEMENT_WRAPPER] = [[list(pair) for pair in sheet] for sheet in declaration.supplements]
    return plain


def _block_to_plain(record: Any) -> dict[str, Any]:
    read, keys, inner = _keys_of(type(record))
    values = read(record)
    plain = dict(compress(zip(keys, values, strict=True), values))
    for key in inner:
        if key in plain:
            plain[key] = [_block_to_plain(one) for one in plain[key]]
    return plain


@cache
def _keys_of(block: type) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[str, ...], tuple[str, ...]]:
    """Give how the parts of a block are read all at once, under which key each stands, and the keys of blocks."""
    parts = parts_of(block)
    keys = tuple((part.wrapper or part.element) if isinstance(part, Nested) else part.element for part in parts)
    inner = tuple(key for key, part in zip(keys, parts, strict=True) if isinstance(part, Nested))
    return read_all(block), keys, inner


def from_plain(plain: Any) -> tuple[Declaration, list[Problem]]:
    """Make a declaration of a plain object; the problems name everything that has no place in it."""
    maker = _Maker()
    if not isinstance(plain, dict):
        maker.complain("", "需要一个对象。", "An object is needed.")
        return Declaration("4.8"), maker.problems
    version = str(plain.get("Version", "4.8"))
    named: list[Edition] = [one for one in EDITIONS if one == version]
    made = Declaration(edition=named[0] if named else "4.8")
    if version not in EDITIONS:
        maker.complain("Version", "版本应为 3.1 或 4.8。", "The version is 3.1 or 4.8.")
    names = {_KEYS[block.name]: block for block in BLOCKS}
    for key, value in plain.items():
        if (block := names.get(key)) is not None:
            setattr(made, block.name, maker.many(block.block, value, key) if block.is_list
                    else maker.one(block.block, value, key))  # fmt: skip
        elif key == SUPPLEMENT_WRAPPER:
            made.supplements = maker.supplements(value)
        elif key != "Version":
            maker.complain(key, "标准没有这一部分。", "The standard has no such part.")
    return made, maker.problems


class _Maker:
    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def many(self, block: type, value: Any, pointer: str) -> list[Any]:
        if not isinstance(value, list):
            self.complain(pointer, "应为数组。", "A list is needed.")
            return []
        return [self.one(block, one, f"{pointer}[{place}]") for place, one in enumerate(value, 1)]

    def one(self, block: type, value: Any, pointer: str) -> Any:
        made = block()
        if not isinstance(value, dict):
            self.complain(pointer, "应为对象。", "An object is needed.")
            return made
        known = by_element(block)
        inner = {(part.wrapper or part.element): part for part in parts_of(block) if isinstance(part, Nested)}
        for name, given in value.items():
            where = f"{pointer}/{name}"
            if name in inner:
                setattr(made, inner[name].name, self.many(inner[name].block, given, where))
            elif name not in known:
                self.complain(where, "标准没有这一项。", "The standard has no such field.")
            elif isinstance(given, dict | list | bool):
                self.complain(where, "值应为文字。", "The value has to be a text.")
            else:
                setattr(made, known[name].name, None if given is None else str(given))
        return made

    def supplements(self, value: Any) -> list[list[tuple[str, str]]]:
        try:
            return [[(str(name), str(text)) for name, text in sheet] for sheet in value]
        except (TypeError, ValueError):
            self.complain(SUPPLEMENT_WRAPPER, "应为名称和值的数组。", "Lists of names and values are needed.")
            return []

    def complain(self, pointer: str, zh: str, en: str) -> None:
        known = problem("-960030", f"/{ROOT}/{pointer}".rstrip("/"))
        self.problems.append(Problem(known.code, known.pointer, "error", zh, en, known.fix_zh, known.fix_en))


def receipt_to_plain(receipt: Receipt) -> dict[str, str]:
    """Give a receipt as a plain object in our words."""
    return {name: value for name, value in asdict(receipt).items() if value}
