"""Takes the goods lines of a well-behaved message in one stroke, by a pattern made from the field table.

Most messages are written by programs: one element after the other in the order of the schema, without attributes,
comments, entities or sections of raw text. Their goods lines, which are nearly all of a message, are matched by one
regular expression each and cut out; the parser reads the rest. From the first line that does not match, everything is
left to the parser, which reads it exactly and explains what is wrong; so a line taken here is one of which the parser
would have said the same (a test compares them).

Why this is safe: between two tags the pattern allows no character that XML does not know, and neither ``<``, ``&`` nor
``>``. Text of that shape is well-formed by construction and means itself. Without ``<!`` and ``<?`` between the prolog
and the lines, every ``<`` there opens a tag, so that what is cut out is whole elements.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from .fields import Nested, parts_of
from .goods import GoodsLine
from .types import MOST_LINES

_PROLOG = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml\ version=(?:"1\.0"|'1\.0')(?:\ encoding=(?:"(?i:utf-8)"|'(?i:utf-8)'))?\ ?\?>)?""",
    re.VERBOSE,
)
LINES_WRAPPER = "DecLists"
_OPENING, _CLOSING = f"<{LINES_WRAPPER}>".encode(), f"</{LINES_WRAPPER}>".encode()
_SPACE = r"[ \t\r\n]*+"
_CHARACTER = r"[^<&>\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
"""Of a text that means itself; a carriage return would become a line end."""
_EMPTY_TAG = re.compile(r"<([A-Za-z]\w*)[ ]?/>")


def cut_lines(raw: bytes) -> tuple[list[GoodsLine], bytes]:
    """Take the goods lines from the first on, as long as they match; give them, and the message without them."""
    start = raw.find(_OPENING) + len(_OPENING)
    end = raw.find(_CLOSING, start)
    if start < len(_OPENING) or end < 0 or _may_be_no_tag(raw[:start]) or raw.find(_OPENING, end) >= 0:
        return [], raw
    try:
        text = raw[start:end].decode()
    except UnicodeDecodeError:
        return [], raw
    lines: list[GoodsLine] = []
    place = _take(text, lines)
    if place < len(text) and "/>" in text:
        text = _EMPTY_TAG.sub(r"<\1></\1>", text[place:])
        place = _take(text, lines)
    return lines, b"".join((raw[:start], text[place:].encode(), raw[end:])) if lines else raw


def _may_be_no_tag(before: bytes) -> bool:
    """Say whether what looks like a tag behind this could stand in a comment or a section of raw text."""
    prolog = _PROLOG.match(before)
    behind = prolog.end() if prolog else 0
    return before.find(b"<!", behind) >= 0 or before.find(b"<?", behind) >= 0


def _take(text: str, lines: list[GoodsLine]) -> int:
    """Add the lines that match, as long as they do; give the place behind the last one."""
    match_line, nested_at = _pattern()
    place = 0
    while len(lines) < MOST_LINES and (found := match_line(text, place)):
        values: list[Any] = list(found.groups())
        values.insert(nested_at, [])
        lines.append(GoodsLine(*values))
        place = found.end()
    return place


@cache
def _pattern() -> tuple[Callable[[str, int], re.Match[str] | None], int]:
    """Build the pattern of a goods line without licences; say at which place of its parts the licences would be."""
    parts = parts_of(GoodsLine)
    [nested_at] = [place for place, part in enumerate(parts) if isinstance(part, Nested)]
    inner = "".join(_element(part.element) for part in parts if not isinstance(part, Nested))
    return re.compile(f"{_SPACE}<DecList>{_SPACE}{inner}</DecList>{_SPACE}").match, nested_at


def _element(name: str) -> str:
    """A text without white space at its ends, as the parser's reader gives it."""
    return rf"(?:<{name}>(?!\s)({_CHARACTER}*+)(?<!\s)</{name}>{_SPACE})?+"
