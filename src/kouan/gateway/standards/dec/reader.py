"""Reads a goods declaration: bytes to types, in any order of elements and both editions, within bounds."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from kouan.gateway.standards.xmldsig.documents import UnparsableDocument, parse
from kouan.records.problems import Loss

from .codes import problem
from .fields import Edition, Nested, names_by_element, names_by_place, nested_by_element
from .goods import GoodsLine
from .scanner import LINES_WRAPPER, cut_lines
from .types import (
    BLOCKS,
    MOST_SUPPLEMENTS,
    NAMESPACE,
    ROOT,
    SUPPLEMENT,
    SUPPLEMENT_WRAPPER,
    Block,
    Declaration,
    UnreadableMessage,
)

LARGEST = 12 * 1024 * 1024
"""Bytes of one message: fifty full lines with every block take less than one megabyte, the rest is for pictures."""
MOST_ELEMENTS = 120_000
DEFAULT_EDITION: Edition = "3.1"
_SPACED_TAG = re.compile(rb"<[ \t]+/?[A-Za-z_][\w.-]{0,60}")
"""A known defect of a published example: the name of a tag begins with a space."""
_PLACES = {(block.wrapper, block.element): block for block in BLOCKS}
_WRAPPERS = {wrapper for block in BLOCKS for wrapper in (block.wrapper.split("/")[0], block.wrapper) if wrapper}


def decode(raw: bytes) -> Declaration:
    """Read one message. Raises UnreadableMessage."""
    if len(raw) <= LARGEST:
        lines, rest = cut_lines(raw)
        if lines and (declaration := _read_around(lines, rest)):
            return declaration
    return _read(_Reader(parsed(raw)))


def _read_around(lines: list[GoodsLine], rest: bytes) -> Declaration | None:
    """Read the rest of a message whose first goods lines were taken; None where the whole has to be read."""
    try:
        reader = _Reader(parsed(rest), lines)
        declaration = _read(reader)
    except UnreadableMessage:
        return None  # the pointers of its problem would be those of the rest
    return None if reader.taken else declaration


def _read(reader: _Reader) -> Declaration:
    reader.edition()
    reader.children(reader.root, "", f"/{ROOT}")
    reader.absences()
    return reader.made


def parsed(raw: bytes) -> etree._Element:
    """Parse bytes that may be a message of this standard, within bounds. Raises UnreadableMessage."""
    if len(raw) > LARGEST:
        raise UnreadableMessage(problem("-960003", "", size=len(raw), limit=LARGEST))
    count = raw.count(b"</") + raw.count(b"/>")
    if count > MOST_ELEMENTS:
        raise UnreadableMessage(problem("-960004", "", count=count))
    try:
        return parse(raw, huge_text=True)
    except UnparsableDocument as fault:
        if spaced := _SPACED_TAG.search(raw):
            raise UnreadableMessage(problem("-960012", "", tag=spaced[0].decode("utf-8", "replace"))) from None
        raise UnreadableMessage(problem("-960001", "", reason=str(fault)[:300])) from None


class _Reader:
    """Collects the parts of one declaration, and what is wrong with how they are put.

    taken: goods lines that were read before, and stand in front of what their wrapper still holds.
    """

    def __init__(self, root: etree._Element, taken: list[GoodsLine] | None = None) -> None:
        if _local(root) != ROOT:
            raise UnreadableMessage(problem("-960002", "", root=_local(root)[:40]))
        self.root = root
        self.made = Declaration(edition=DEFAULT_EDITION)
        self.taken = taken or []
        self.seen: set[str] = set()

    def complain(self, code: str, pointer: str, **places: Any) -> None:
        self.made.problems.append(problem(code, pointer, **places))

    def lose(self, pointer: str, value: str) -> None:
        self.made.loss.append(
            Loss(pointer, value[:200], "标准没有这个位置，未收入", "the standard has no place for it")
        )

    def edition(self) -> None:
        """Choose the edition by the version that the root names."""
        root = self.root
        if etree.QName(root).namespace != NAMESPACE:
            self.complain("-960007", f"/{ROOT}")
        version = (root.get("Version") or root.get("version") or "").strip()
        edition: Edition = "4.8" if version.startswith(("4", "5")) else DEFAULT_EDITION
        self.made.edition = edition
        if not version:
            self.complain("-960005", f"/{ROOT}/@Version", edition=edition)
        elif version not in ("3.1", "4.8"):
            self.complain("-960006", f"/{ROOT}/@Version", version=version[:20], edition=edition)

    def children(self, parent: etree._Element, wrapper: str, pointer: str) -> None:
        """Go through what stands in the root or in a wrapper."""
        for child in parent.iterchildren(etree.Element):
            name = _local(child)
            below = f"{wrapper}/{name}".lstrip("/")
            if block := _PLACES.get((wrapper, name)):
                self.seen.add(block.name)
                self._take(block, child, f"{pointer}/{name}")
            elif below in _WRAPPERS:
                self.seen.update(one.name for one in BLOCKS if one.wrapper == below)
                if below == LINES_WRAPPER:
                    self.made.lines += self.taken
                    self.taken = []
                self.children(child, below, f"{pointer}/{name}")
            elif below == SUPPLEMENT_WRAPPER:
                self._supplements(child, f"{pointer}/{name}")
            else:
                self._unknown(child, f"{pointer}/{name}")

    def _take(self, block: Block, element: etree._Element, pointer: str) -> None:
        if not block.is_list:
            if pointer in self.seen:
                self.complain("-960009", pointer, element=block.element)
                self.lose(pointer, _all_text(element))
                return
            self.seen.add(pointer)
            setattr(self.made, block.name, self.block(block.block, element, pointer))
            return
        together: list[Any] = getattr(self.made, block.name)
        if len(together) >= 10 * block.most:  # enough to say that there are too many, not any number
            return
        together.append(self.block(block.block, element, f"{pointer}[{len(together) + 1}]"))

    def block(self, made_of: type, element: etree._Element, pointer: str) -> Any:
        """Read one block with what is inside it."""
        values: dict[str, Any] = {}
        known, inner, placed = names_by_element(made_of), nested_by_element(made_of), names_by_place(made_of)
        for child in element.iterchildren(etree.Element):
            name = _local(child)
            word = known.get(name)
            if word is not None and word not in values:
                text = (child.text or "") if not len(child) else _all_text(child)
                values[word] = text.rstrip() if word in placed and "\n" not in text else text.strip()
            elif word is not None:
                self.complain("-960009", f"{pointer}/{name}", element=name)
                self.lose(f"{pointer}/{name}", _all_text(child))
            elif part := inner.get(name):
                self._inside(part, child, values.setdefault(part.name, []), f"{pointer}/{name}")
            else:
                self._unknown(child, f"{pointer}/{name}")
        return made_of(**values)

    def _inside(self, part: Nested, element: etree._Element, together: list[Any], pointer: str) -> None:
        if not part.wrapper:
            together.append(self.block(part.block, element, f"{pointer}[{len(together) + 1}]"))
            return
        for child in element.iterchildren(etree.Element):
            if _local(child) == part.element:
                where = f"{pointer}/{part.element}[{len(together) + 1}]"
                together.append(self.block(part.block, child, where))
            else:
                self._unknown(child, f"{pointer}/{_local(child)}")

    def _supplements(self, wrapper: etree._Element, pointer: str) -> None:
        for child in wrapper.iterchildren(etree.Element):
            if _local(child) != SUPPLEMENT:
                self._unknown(child, f"{pointer}/{_local(child)}")
            elif len(self.made.supplements) < 10 * MOST_SUPPLEMENTS:
                sheet = [(_local(one), _all_text(one)) for one in child.iterchildren(etree.Element)]
                self.made.supplements.append(sheet)

    def _unknown(self, element: etree._Element, pointer: str) -> None:
        self.complain("-960008", pointer, element=_local(element)[:60])
        self.lose(pointer, _all_text(element))

    def absences(self) -> None:
        """Complain about parts that no declaration is without; empty ones that only the schema wants are forgiven."""
        for name, element in (("head", "DecHead"), ("lines", "DecLists"), ("signing", "DecSign")):
            if name not in self.seen:
                self.complain("-960010", f"/{ROOT}/{element}", element=element)


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2]


def _all_text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip()
