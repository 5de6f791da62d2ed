"""Reads well-behaved nodes in one stroke: a pattern made from the field table both takes and checks them.

Most messages are written by programs, one element after the other in the order of the schema, without attributes,
comments or sections of raw text. Such a node is matched by one regular expression for its head and one for each line.
Whatever does not match is left to the XML parser, which reads it exactly and explains what is wrong; so a node taken
here is one of which the parser would have said the same (a property test compares them).

Why this is safe: the pattern allows nothing between two tags but characters that XML knows, without ``<``, ``&`` and
``>``. Text of that shape is well-formed by construction and means itself. Line ends are made ``\\n`` beforehand, as XML
demands. Only where a node does not match, empty tags are written out and the five predefined entities are replaced by
code points that stand for no character, and the scan goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .fields import MANDATORY, Field, Value, fields_of
from .types import KINDS, MOST_LINES

_SPACE = r"[ \t\n]*+"
_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
_ATTRIBUTE = r"""[A-Za-z_][A-Za-z0-9_.:-]*[ \t\n]*=[ \t\n]*(?:"[^"<&]*"|'[^'<&]*')"""
_OPENING = re.compile(
    rf"(?:<\?xml[ \t\n][^<>?]*\?>)?{_SPACE}"
    rf"(?P<tag><(?:(?P<prefix>{_NAME}):)?CEB(?P<kind>[0-9]{{3}})Message"
    rf"(?:[ \t\n]+{_ATTRIBUTE}){{0,50}}+[ \t\n]*>){_SPACE}"
)
_TAG_NAME = re.compile(rf"(?:{_NAME}:)?{_NAME}")
_CHARACTER = r"[^<&>\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"  # of a text, as far as it means itself
# The entities that need no declaration, and the code points that stand for them while patterns run.
_MARKED = (("&amp;", "\ufdd0"), ("&lt;", "\ufdd1"), ("&gt;", "\ufdd2"), ("&quot;", "\ufdd3"), ("&apos;", "\ufdd4"))
_MARKS = re.compile("[\ufdd0-\ufdd4]")
_CHARACTERS = str.maketrans("\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4", "&<>\"'")
_AS_CANONICAL = {"&quot;": '"', "&apos;": "'"}  # canonical XML writes these two as themselves in a text


@dataclass(frozen=True, slots=True)
class Layout:
    """The patterns of one kind under one prefix: a node's start, its opening with its head, a line, the closing tag."""

    start: str
    head: re.Pattern[str]
    line: re.Pattern[str] | None
    close: re.Pattern[str]
    most_nodes: int
    min_lines: int
    max_lines: int


# Values of the head, values of each line, and the content for the digest (see ``content_of``).
TakenNode = tuple[tuple[Value, ...], list[tuple[Value, ...]], str]


@dataclass(slots=True)
class Scan:
    """What was taken: nodes as tuples of values, and what is left for the parser.

    rest: everything up to the opening tag, and everything behind the last node taken. plain, marked: what stood
    between, first as it came, then as it was rewritten to match.
    """

    kind: str
    nodes: list[TakenNode]
    rest: str
    plain: str
    marked: str

    def canonical_stretch(self) -> bytes:
        """Give what was taken in canonical XML: it has neither comments nor attributes, so only entities matter."""
        marked = self.marked
        for entity, mark in _MARKED:
            marked = marked.replace(mark, _AS_CANONICAL.get(entity, entity))
        return (self.plain + marked).encode()


def scan(text: str) -> Scan | None:
    """Take the well-behaved nodes at the start of a message; None if its opening is not of the usual form."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    opening = _OPENING.match(text)
    if opening is None or opening["kind"] not in KINDS:
        return None
    layout = layout_of(opening["kind"], opening["prefix"])
    nodes: list[TakenNode] = []
    end = _take(text, opening.end(), layout, nodes)
    rest, before = text[end:], opening.end("tag")
    plain, marked = text[before:end], ""
    if rest.startswith(layout.start) and (rewritten := _rewritten(rest)):
        first = len(nodes)
        end = _take(rewritten, 0, layout, nodes)
        nodes[first:] = map(_plain, nodes[first:])
        rest, marked = _restored(rewritten[end:]), rewritten[:end]
    return Scan(opening["kind"], nodes, text[:before] + rest, plain, marked)


def content_of(head: Sequence[Value], lines: Iterable[Sequence[Value]]) -> str:
    """Write what a node says except its guid as one text: fields parted by U+001F, lines by U+001E."""
    return "\x1e".join(["\x1f".join([value or "" for value in block]) for block in (head[1:], *lines)])


def _rewritten(text: str) -> str | None:
    """Write out empty tags and mark the predefined entities; None where that does not help or could do harm."""
    if "<!" in text or "<?" in text or _MARKS.search(text):  # what is no element has to stay as it is
        return None
    rewritten = _with_closing_tags(text) if "/>" in text else text
    if "&" in rewritten:
        for entity, mark in _MARKED:
            rewritten = rewritten.replace(entity, mark)
    return None if rewritten is text else rewritten


def _with_closing_tags(text: str) -> str:
    """Write empty elements with two tags; those with attributes stay, and are left to the parser."""
    known: set[str] = set()
    parts = text.split("/>")
    for place, part in enumerate(parts[:-1]):
        name = part.rpartition("<")[2] if "<" in part else ""  # "/>" may also stand in a text
        if name not in known:
            if not _TAG_NAME.fullmatch(name):
                parts[place] = part + "/>"
                continue
            known.add(name)
        parts[place] = f"{part}></{name}>"
    return "".join(parts)


def _take(text: str, place: int, layout: Layout, nodes: list[TakenNode]) -> int:
    """Add the nodes that match from a place on, as long as they do; give the place behind the last one."""
    head_match, close_match, line_match = layout.head.match, layout.close.match, layout.line and layout.line.match
    most_nodes, min_lines, max_lines = layout.most_nodes, layout.min_lines, layout.max_lines
    while len(nodes) < most_nodes and (match := head_match(text, place)):
        head = match.groups()
        contents = ["\x1f".join(match.groups("")[1:])]
        lines = []
        end = match.end()
        if line_match:
            while match := line_match(text, end):
                lines.append(match.groups())
                contents.append("\x1f".join(match.groups("")))
                end = match.end()
            if not min_lines <= len(lines) <= max_lines:
                break
        match = close_match(text, end)
        if match is None:
            break
        place = match.end()
        nodes.append((head, lines, "\x1e".join(contents)))
    return place


def _plain(node: TakenNode) -> TakenNode:
    """Put characters back in the place of marks."""
    head, lines, content = node
    if not _MARKS.search(content) and not _MARKS.search(head[0] or ""):
        return node
    return _unmarked(head), [_unmarked(line) for line in lines], content.translate(_CHARACTERS)


def _unmarked(values: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(value and value.translate(_CHARACTERS) for value in values)


def _restored(text: str) -> str:
    for entity, mark in _MARKED:
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
    return Layout(
        start=f"<{tag}{kind.node}>",
        head=re.compile(head + body),
        line=line,
        close=re.compile(f"</{tag}{kind.node}>{_SPACE}"),
        most_nodes=kind.most_nodes_read,
        min_lines=kind.min_lines,
        max_lines=MOST_LINES if kind.max_lines is None else kind.max_lines,
    )


def _block(name: str, inner: str, tag: str) -> str:
    return f"<{tag}{name}>{_SPACE}{inner}</{tag}{name}>{_SPACE}"


def _element(field: Field, tag: str) -> str:
    name = tag + field.element
    element = f"<{name}>({field.pattern(_CHARACTER)})</{name}>{_SPACE}"
    return element if field.need == MANDATORY else f"(?:{element})?+"
