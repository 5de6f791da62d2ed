"""The text of a Word document: paragraphs with their automatic numbers, tables as rows with tabs.

Read from the parts of the package (ECMA-376, WordprocessingML) with bounded sizes and without entities. What tracked
changes have deleted is left out, what they have inserted is in.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from kouan.supervision.reading.numbering import to_chinese
from kouan.supervision.reading.problems import UnreadableFile, problem

_LARGEST_PART = 64 * 1024 * 1024
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_LEFT_OUT = frozenset(
    f"{_W}{tag}" for tag in ("del", "moveFrom", "pPr", "rPr", "instrText", "footnoteReference", "tblPr")
)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_FEWEST_CELLS = 3
_CHINESE = {"chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "taiwaneseCounting"}


@dataclass(slots=True)
class _Level:
    """A level of a list: its format, its text (%1、), where it starts."""

    kind: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class _Numbers:
    """The lists of a document and how far each has counted."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def next_label(self, number: str, level: int) -> str:
        """Count one further in a list and give what Word writes before the paragraph."""
        abstract = self.lists.get(number, "")
        levels = self.levels.get(abstract, {})
        if level not in levels or levels[level].kind in ("bullet", "none"):
            return ""
        counts = self.counts.setdefault(abstract, {})
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]

        def written(match: re.Match[str]) -> str:
            one = int(match[1]) - 1
            of = levels.get(one, _Level())
            return _written(counts.get(one, of.start), of.kind)

        return re.sub(r"%([1-9])", written, levels[level].text)


def text_of_word(content: bytes) -> str:
    """Get the text out of a docx file. Raises UnreadableFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "word/document.xml" not in names:
                raise UnreadableFile(problem("kind_unknown", kind="zip"))
            document = _part(archive, "word/document.xml")
            numbering = _part(archive, "word/numbering.xml") if "word/numbering.xml" in names else None
            styles = _part(archive, "word/styles.xml") if "word/styles.xml" in names else None
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as fault:
        is_locked = "encrypted" in str(fault)
        raise UnreadableFile(problem("encrypted") if is_locked else problem("damaged", kind="Word")) from fault
    body = document.find(f"{_W}body")
    if body is None:
        raise UnreadableFile(problem("damaged", kind="Word"))
    return "\n".join(_blocks(body, _numbers(numbering, styles)))


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    """Read a part of the package, never more of it than allowed."""
    with archive.open(name) as stream:
        raw = stream.read(_LARGEST_PART + 1)
    if len(raw) > _LARGEST_PART:
        raise UnreadableFile(problem("file_too_large", limit=_LARGEST_PART // 1024 // 1024))
    raw = raw.replace(_STRICT.encode(), _W[1:-1].encode())
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as fault:
        raise UnreadableFile(problem("damaged", kind="Word")) from fault
    if root.getroottree().docinfo.doctype:
        raise UnreadableFile(problem("damaged", kind="Word"))
    return root


def _blocks(parent: etree._Element, numbers: _Numbers) -> Iterator[str]:
    """Yield the lines of a body or a cell: paragraphs and rows."""
    for node in parent:
        if node.tag == f"{_W}p":
            yield from _paragraph(node, numbers)
        elif node.tag == f"{_W}tbl":
            yield from _table(node, numbers)
        elif node.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
            yield from _blocks(node, numbers)


def _paragraph(node: etree._Element, numbers: _Numbers) -> Iterator[str]:
    boxes: list[etree._Element] = []
    words = "".join(_words(node, boxes))
    for box in boxes:
        yield from _blocks(box, numbers)
    if words.strip():
        yield _label(node, numbers) + words


def _words(node: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
    """Yield the words of a paragraph in order; text boxes in it are put aside."""
    stack = list(reversed(node))
    while stack:
        one = stack.pop()
        if one.tag in _LEFT_OUT or one.tag == _FALLBACK:
            continue
        if one.tag == f"{_W}txbxContent":
            boxes.append(one)
        elif one.tag == f"{_W}t":
            yield one.text or ""
        elif one.tag == f"{_W}tab":
            yield " "
        elif one.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n" if one.get(f"{_W}type") is None else ""
        elif one.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif one.tag == f"{_W}r" and one.find(f"{_W}rPr/{_W}vanish") is not None:
            continue
        else:
            stack.extend(reversed(one))


def _label(node: etree._Element, numbers: _Numbers) -> str:
    """Give the automatic number of a paragraph, of its own or of its style."""
    style = node.find(f"{_W}pPr/{_W}pStyle")
    named = numbers.styles.get(style.get(f"{_W}val", "") if style is not None else "")
    own = node.find(f"{_W}pPr/{_W}numPr")
    number, level = named or ("", 0)
    if own is not None:
        number = _value(own, "numId") or number
        level = int(_value(own, "ilvl") or level)
    return numbers.next_label(number, level) if number and number != "0" else ""


def _table(node: etree._Element, numbers: _Numbers) -> Iterator[str]:
    """Yield a table of data as rows with tabs; of another, the lines of its cells one after the other."""
    rows = [row for row in node.iter(f"{_W}tr") if _nearest_table(row) is node]
    wide = max((len(row.findall(f"{_W}tc")) for row in rows), default=0)
    if wide < _FEWEST_CELLS:
        for row in rows:
            for cell in row.findall(f"{_W}tc"):
                yield from _blocks(cell, numbers)
        return
    above: dict[int, str] = {}
    for row in rows:
        cells: list[str] = []
        for cell in row.findall(f"{_W}tc"):
            words = " ".join(line.replace("\t", " ").replace("\n", " ") for line in _blocks(cell, numbers))
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merged is not None and merged.get(f"{_W}val", "continue") == "continue":
                words = above.get(len(cells), words)
            span = _value(cell.find(f"{_W}tcPr"), "gridSpan") if cell.find(f"{_W}tcPr") is not None else ""
            for _ in range(min(int(span) if span.isdigit() else 1, 200)):
                above[len(cells)] = words
                cells.append(words)
        yield "\t".join(cells)


def _nearest_table(row: etree._Element) -> etree._Element | None:
    return next(row.iterancestors(f"{_W}tbl"), None)


def _numbers(numbering: etree._Element | None, styles: etree._Element | None) -> _Numbers:
    found = _Numbers()
    for abstract in numbering.findall(f"{_W}abstractNum") if numbering is not None else ():
        levels = found.levels.setdefault(abstract.get(f"{_W}abstractNumId", ""), {})
        for level in abstract.findall(f"{_W}lvl"):
            start = _value(level, "start")
            levels[int(level.get(f"{_W}ilvl", "0"))] = _Level(
                _value(level, "numFmt") or "decimal", _value(level, "lvlText"), int(start) if start.isdigit() else 1
            )
    for number in numbering.findall(f"{_W}num") if numbering is not None else ():
        found.lists[number.get(f"{_W}numId", "")] = _value(number, "abstractNumId")
    for style in styles.findall(f"{_W}style") if styles is not None else ():
        own = style.find(f"{_W}pPr/{_W}numPr")
        if own is not None and _value(own, "numId"):
            level = _value(own, "ilvl")
            found.styles[style.get(f"{_W}styleId", "")] = (_value(own, "numId"), int(level) if level.isdigit() else 0)
    return found


def _value(node: etree._Element, name: str) -> str:
    one = node.find(f"{_W}{name}")
    return one.get(f"{_W}val", "") if one is not None else ""


def _written(value: int, kind: str) -> str:
    """Write a number in one of Word's formats."""
    if kind in _CHINESE:
        return to_chinese(value)
    if kind == "decimalEnclosedCircle" and 1 <= value <= 20:
        return chr(ord("①") + value - 1)
    if kind in ("lowerLetter", "upperLetter") and 1 <= value <= 26:
        return chr((ord("a") if kind == "lowerLetter" else ord("A")) + value - 1)
    return str(value)
