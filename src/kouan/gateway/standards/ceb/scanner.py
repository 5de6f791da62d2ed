"""Reads well-behaved nodes in one stroke: a pattern made from the field table both takes and checks them.

Most messages are written by programs, one element after the other in the order of the schema, without attributes,
comments or sections of raw text. Such a node is matched by one regular expression for its head and one for each line.
Whatever does not match is left to the XML parser, which reads it exactly and explains what is wrong; so a node taken
here is one of which the parser would have said the same (a property test compares them).

Why this is safe: the pattern allows nothing between two tags but characters other than ``<``, ``&`` and ``>``. Text of
that shape is well-formed by construction and means itself. Control characters and surrogates are excluded for the
whole message beforehand, line ends are made ``\\n`` as XML demands, and the five predefined entities are replaced by
control characters while the patterns run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .fields import MANDATORY, Field, Value, fields_of
from .types import KINDS, Kind

_SPACE = r"[ \t\n]*+"
_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
_ATTRIBUTE = r"""[A-Za-z_][A-Za-z0-9_.:-]*[ \t\n]*=[ \t\n]*(?:"[^"<&]*"|'[^'<&]*')"""
_OPENING = re.compile(
    rf"(?:<\?xml[ \t\n][^<>?]*\?>)?{_SPACE}"
    rf"(?P<tag><(?:(?P<prefix>{_NAME}):)?CEB(?P<kind>[0-9]{{3}})Message(?:[ \t\n]+{_ATTRIBUTE})*[ \t\n]*>){_SPACE}"
)
_TAG_NAME = re.compile(rf"(?:{_NAME}:)?{_NAME}")
# What text may not hold, as UTF-8: control characters but tab and line ends, and the two code points that XML forbids.
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D})
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
# The entities that need no declaration, and the control characters that stand for them while patterns run.
_ENTITIES = {"&amp;": "\x01", "&lt;": "\x02", "&gt;": "\x03", "&quot;": "\x04", "&apos;": "\x05"}
_CANONICAL = {"\x01": "&amp;", "\x02": "&lt;", "\x03": "&gt;", "\x04": '"', "\x05": "'"}
_MARKS = re.compile("[\x01-\x05]")
_CHARACTERS = str.maketrans("\x01\x02\x03\x04\x05", "&<>\"'")


@dataclass(frozen=True, slots=True)
class Layout:
    """The patterns of one kind under one prefix: a node's opening with its head, a line, the closing tag."""

    head: re.Pattern[str]
    line: re.Pattern[str] | None
    close: re.Pattern[str]
    max_lines: int


# Values of the head, values of each line, and the content for the digest (see ``content_of``).
TakenNode = tuple[tuple[Value, ...], list[tuple[Value, ...]], str]


@dataclass(slots=True)
class Scan:
    """What was taken: nodes as tuples of values, and what is left for the parser.

    rest: everything up to the opening tag, and everything behind the last node taken. stretch: what stood between, with
    the entities as marks where ``marked`` says so.
    """

    kind: str
    nodes: list[TakenNode]
    rest: str
    stretch: str
    marked: bool

    def canonical_stretch(self) -> bytes:
        """Give what was taken in canonical XML: it has neither comments nor attributes, so only entities matter."""
        text = self.stretch
        if self.marked:
            for mark, written in _CANONICAL.items():
                text = text.replace(mark, written)
        return text.encode()


def scan(body: bytes, text: str) -> Scan | None:
    """Take the well-behaved nodes at the start of a message; None if its opening is not of the usual form.

    body: the message in UTF-8 without byte order mark. text: the same, decoded.
    """
    if b"<!" in body or _has_forbidden_characters(body):  # comments and raw sections are the parser's business
        return None
    if b"\r" in body:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if b"/>" in body:
        text = _with_closing_tags(text)
    opening = _OPENING.match(text)
    if opening is None or opening["kind"] not in KINDS or "&" in opening["tag"]:
        return None
    marked = b"&" in body
    if marked:
        for entity, mark in _ENTITIES.items():
            text = text.replace(entity, mark)
    layout = layout_of(opening["kind"], opening["prefix"])
    nodes, end = _take(text, opening.end(), layout, marked)
    rest = text[end:]
    if marked:
        rest = _restored(rest)
    before = opening.end("tag")
    return Scan(opening["kind"], nodes, text[:before] + rest, text[before:end], marked)


def content_of(head: Sequence[Value], lines: Iterable[Sequence[Value]]) -> str:
    """Write what a node says except its guid as one text: fields parted by U+001F, lines by U+001E."""
    return "\x1e".join(["\x1f".join([value or "" for value in block]) for block in (head[1:], *lines)])


def _has_forbidden_characters(body: bytes) -> bool:
    if len(body.translate(None, _CONTROLS)) != len(body):
        return True
    return any(one in body for one in _NO_CHARACTERS)


def _with_closing_tags(text: str) -> str:
    """Write empty elements with two tags; those with attributes stay, and are left to the parser."""
    known: set[str] = set()
    parts = text.split("/>")
    for place, part in enumerate(parts[:-1]):
        name = part[part.rfind("<") + 1 :]
        if name not in known:
            if not _TAG_NAME.fullmatch(name):
                parts[place] = part + "/>"
                continue
            known.add(name)
        parts[place] = f"{part}></{name}>"
    return "".join(parts)


def _take(text: str, place: int, layout: Layout, marked: bool) -> tuple[list[TakenNode], int]:
    head_match, close_match, line_match = layout.head.match, layout.close.match, layout.line and layout.line.match
    max_lines = layout.max_lines
    nodes: list[TakenNode] = []
    while match := head_match(text, place):
        head = match.groups()
        contents = ["\x1f".join(match.groups("")[1:])]
        lines = []
        end = match.end()
        if line_match:
            while match := line_match(text, end):
                lines.append(match.groups())
                contents.append("\x1f".join(match.groups("")))
                end = match.end()
            if not 1 <= len(lines) <= max_lines:
                break
        match = close_match(text, end)
        if match is None:
            break
        end = match.end()
        content = "\x1e".join(contents)
        if marked and _MARKS.search(text, place, end):
            head, lines = _plain(head), [_plain(line) for line in lines]
            content = content.translate(_CHARACTERS)
        nodes.append((head, lines, content))
        place = end
    return nodes, place


def _plain(values: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(value and value.translate(_CHARACTERS) for value in values)


def _restored(text: str) -> str:
    for entity, mark in _ENTITIES.items():
        text = text.replace(mark, entity)
    return text


@lru_cache(maxsize=256)  # the prefix is the sender's choice
def layout_of(code: str, prefix: str | None) -> Layout:
    """Build the patterns of a kind for a namespace prefix."""
    kind = KINDS[code]
    tag = f"{prefix}:" if prefix else ""
    head = f"<{tag}{kind.node}>{_SPACE}"
    body = "".join(_element(field, tag) for field in fields_of(kind.head))
    if kind.head_element:
        body = _block(kind.head_element, body, tag)
    line = None
    if kind.line:
        inner = "".join(_element(field, tag) for field in fields_of(kind.line))
        line = re.compile(_block(kind.line_element or "", inner, tag))
    close = f"</{tag}{kind.node}>{_SPACE}"
    return Layout(re.compile(head + body), line, re.compile(close), _most_lines(kind))


def _most_lines(kind: Kind) -> int:
    return kind.max_lines if kind.max_lines is not None else 10**9


def _block(name: str, inner: str, tag: str) -> str:
    return f"<{tag}{name}>{_SPACE}{inner}</{tag}{name}>{_SPACE}"


def _element(field: Field, tag: str) -> str:
    name = tag + field.element
    element = f"<{name}>({field.pattern('[^<&>]')})</{name}>{_SPACE}"
    return element if field.need == MANDATORY else f"(?:{element})?+"
