"""Writes a goods declaration in the edition that is named: elements in the order of the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from kouan.gateway.standards.xmldsig.documents import UnparsableDocument, parse
from kouan.records.problems import Loss, Problem

from .checks import check_form
from .codes import problem
from .fields import Edition, Field, Nested, parts_of, read_all
from .types import BLOCKS, NAMESPACE, ROOT, SUPPLEMENT, SUPPLEMENT_WRAPPER, Block, Declaration

_MOST = {block.name: block.most for block in BLOCKS}


class UnwritableMessage(ValueError):
    """A declaration that the import service would not take, with everything that is wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(one.en for one in problems[:3]))
        self.problems = problems


def encode(declaration: Declaration, edition: Edition | None = None, *, strict: bool = True) -> bytes:
    """Write a declaration. strict: refuses what breaks the form of the edition; raises UnwritableMessage."""
    edition = edition or declaration.edition
    if strict and (wrong := [one for one in check_form(declaration, edition, strict=True) if one.is_error]):
        raise UnwritableMessage(wrong)
    raw = "".join(_message(declaration, edition)).encode("utf-8", "surrogatepass")
    try:
        parse(raw, huge_text=True)
    except UnparsableDocument:
        raise UnwritableMessage([problem("-960029", f"/{ROOT}")]) from None
    return raw


def losses(declaration: Declaration, edition: Edition) -> list[Loss]:
    """Name what the edition has no place for and writing it leaves out."""
    lost: list[Loss] = []
    for block in BLOCKS:
        together = _blocks(declaration, block)
        for place, one in enumerate(together, 1):
            pointer = f"/{ROOT}/{block.element}" + (f"[{place}]" if block.is_list else "")
            if block.later and edition == "3.1":
                lost.append(Loss(pointer, "", "3.1 版没有这一部分", "edition 3.1 has no such part"))
            else:
                lost += _lost_fields(one, edition, pointer)
    return lost


def _lost_fields(record: Any, edition: Edition, pointer: str) -> list[Loss]:
    lost: list[Loss] = []
    for part in parts_of(type(record)):
        value = getattr(record, part.name)
        if isinstance(part, Nested):
            for place, one in enumerate(value, 1):
                lost += _lost_fields(one, edition, f"{pointer}/{part.element}[{place}]")
        elif value and part.form(edition).kind == "none":
            lost.append(
                Loss(f"{pointer}/{part.element}", value, f"{edition} 版没有这一项", f"not in edition {edition}")
            )
    return lost


def _message(declaration: Declaration, edition: Edition) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{ROOT} Version={quoteattr(edition)} xmlns="{NAMESPACE}">'
    open_outer = ""
    for block in BLOCKS:
        if block.name == "attachments":
            yield from _supplements(declaration)
        if block.later and edition == "3.1":
            continue
        together = _blocks(declaration, block)
        outer, _, inner = block.wrapper.partition("/")
        is_double = block.wrapper.startswith("SddTax")
        if is_double:
            outer, inner = "SddTax", inner
        if open_outer and outer != open_outer:
            yield f"</{open_outer}>"
            open_outer = ""
        if not together and not block.needed:
            continue
        if is_double:
            if not open_outer:
                yield f"<{outer}>"
                open_outer = outer
            wrapper = inner
        else:
            wrapper = block.wrapper
        if wrapper:
            yield f"<{wrapper}>"
        for one in together:
            yield _block(block.element, one, edition)
        if wrapper:
            yield f"</{wrapper}>"
    if open_outer:
        yield f"</{open_outer}>"
    yield f"</{ROOT}>"


def _blocks(declaration: Declaration, block: Block) -> list[Any]:
    value = getattr(declaration, block.name)
    if block.is_list:
        return value
    return [] if value is None else [value]


def _block(element: str, record: Any, edition: Edition) -> str:
    read, parts = _parts_of(type(record), edition)
    texts = [f"<{element}>"]
    for value, (name, is_wanted, inside) in zip(read(record), parts, strict=True):
        if value and inside:
            inner = "".join([_block(inside.element, one, edition) for one in value])
            texts.append(f"<{inside.wrapper}>{inner}</{inside.wrapper}>" if inside.wrapper else inner)
        elif value and name:
            texts.append(f"<{name}>{escape(value)}</{name}>")
        elif is_wanted:
            texts.append(f"<{name}></{name}>")
    texts.append(f"</{element}>")
    return "".join(texts)


_Part = tuple[str, bool, Nested | None]
"""An element of a block in one edition, empty where the edition has none; whether it stands even where it is empty; the
blocks inside."""


@cache
def _parts_of(block: type, edition: Edition) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[_Part, ...]]:
    """Give how the parts of a block are read all at once, and how each is written."""
    return read_all(block), tuple(_part(part, edition) for part in parts_of(block))


def _part(part: Field | Nested, edition: Edition) -> _Part:
    if isinstance(part, Nested):
        return "", False, part
    is_known = part.form(edition).kind != "none"
    return part.element if is_known else "", is_known and part.is_in_schema, None


def _supplements(declaration: Declaration) -> Iterator[str]:
    if not declaration.supplements:
        return
    yield f"<{SUPPLEMENT_WRAPPER}>"
    for sheet in declaration.supplements:
        yield f"<{SUPPLEMENT}>"
        for name, value in sheet:
            yield f"<{name}>{escape(value)}</{name}>"
        yield f"</{SUPPLEMENT}>"
    yield f"</{SUPPLEMENT_WRAPPER}>"
