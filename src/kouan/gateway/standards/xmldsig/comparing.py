"""Whether a message that comes back signed is the one that was given out to be signed."""

from __future__ import annotations

from lxml import etree

from .documents import SIGNATURE, parse

_WHITE = " \t\r\n"


def is_same_but_for_signature(signed: bytes, unsigned: bytes) -> bool:
    """Say whether two messages have the same content once the signature below the root is left out.

    Compared as exclusive canonical XML with comments: elements, attributes, text, comments and instructions have to be
    the same; quotes, order of attributes, encoding and namespaces that nothing uses do not matter, nor does white space
    where the signature stood. Raises UnparsableDocument.
    """
    return _without_signature(signed) == _without_signature(unsigned)


def _without_signature(raw: bytes) -> bytes:
    root = parse(raw)
    for signature in root.findall(SIGNATURE):
        _cut_out(root, signature)
    _strip_end(root)
    return etree.tostring(root.getroottree(), method="c14n", exclusive=True, with_comments=True)


def _cut_out(root: etree._Element, element: etree._Element) -> None:
    """Take a child out and leave the text behind it where it is."""
    behind, before = element.tail or "", element.getprevious()
    if before is None:
        root.text = (root.text or "") + behind
    else:
        before.tail = (before.tail or "") + behind
    root.remove(element)


def _strip_end(root: etree._Element) -> None:
    """Take the white space before the end of the root away."""
    if len(root):
        root[-1].tail = (root[-1].tail or "").rstrip(_WHITE) or None
    else:
        root.text = (root.text or "").rstrip(_WHITE) or None
