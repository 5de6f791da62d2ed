"""Cutting a receipt message into the parts that belong to several receivers: what is kept, is kept byte for byte.

The parser says which children of the root are business nodes; a walk over the tags says at which bytes they stand.
Nothing is written anew, so that declarations, prefixes, comments, sections of raw text and the encoding stay as they
came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from lxml import etree

from .raw import parse, to_utf8
from .types import KINDS, NAMESPACE

# What stands between angle brackets in a well-formed document without a document type.
_MARKUP = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    rb"|<(?P<end>/)?(?P<name>[^\s/>!?]++)(?:[^>\"']|\"[^\"]*+\"|'[^']*+')*+>",
    re.DOTALL,
)
# A character of several bytes in GB18030; its later bytes may look like ASCII.
_LONG_CHARACTER = re.compile(rb"[\x81-\xfe](?:[\x40-\x7e\x80-\xfe]|[\x30-\x39][\x81-\xfe][\x30-\x39])")
_SPACE = re.compile(rb"[ \t\r\n]*+")


def keep_nodes(raw: bytes, indexes: Set[int]) -> bytes:
    """Give the message with only the business nodes at these places (from 1); everything else stays as it came.

    raw: a message that ``codec.decode`` reads. White space behind a node goes with it.
    """
    body, _, warning = to_utf8(raw)
    root = parse(body)
    node_tag = f"{{{NAMESPACE}}}{KINDS[etree.QName(root).localname[3:6]].node}"
    walked = raw if warning is None else _LONG_CHARACTER.sub(lambda one: b"x" * len(one[0]), raw)
    kept, end, place = bytearray(), 0, 0
    for child, (start, stop) in zip(root, _children(walked), strict=True):
        if child.tag != node_tag:
            continue
        place += 1
        if place not in indexes:
            kept += raw[end:start]
            space = _SPACE.match(walked, stop)
            end = space.end() if space else stop
    return bytes(kept + raw[end:])


def _children(raw: bytes) -> Iterator[tuple[int, int]]:
    """Give the first byte of every element below the root, and the first byte behind it."""
    depth = start = 0
    for markup in _MARKUP.finditer(raw):
        if markup["name"] is None:  # a comment, an instruction, a section of raw text
            continue
        if markup["end"]:
            depth -= 1
        else:
            if depth == 1:
                start = markup.start()
            if not markup[0].endswith(b"/>"):
                depth += 1
                continue
        if depth == 1:
            yield start, markup.end()
        elif depth == 0:
            return
