"""The signed document: parsed without risk, and in canonical form with the signature cut out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from .algorithms import NAMESPACE

SIGNATURE = f"{{{NAMESPACE}}}Signature"
_WHITE = b" \t\n\r"
_MOST_NAMESPACES = 500  # declared in a document
_MOST_ATTRIBUTES = 100  # of an element
_MOST_WHITE = 12  # characters that are taken away one by one
_OPENING_TAG = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[ \t\r\n/>]")
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t\r\n]++|<\?(?:(?!\?>).)*+\?>|<!--(?:(?!-->).)*+-->)*+", re.DOTALL)


class UnparsableDocument(ValueError):
    """The bytes are no XML that may be looked at."""


def root_name(raw: bytes) -> str:
    """Read the name of the root element, without prefix and without parsing; empty if it is not to be seen."""
    prolog = _PROLOG.match(raw)
    opening = _OPENING_TAG.match(raw, prolog.end() if prolog else 0)
    return opening[1].decode("ascii") if opening else ""


def parse(raw: bytes, *, huge_text: bool = False, encoding: str | None = None) -> etree._Element:
    """Parse a document as it is signed: comments and instructions stay, a document type declaration is refused.

    huge_text: lets a single text be larger than ten megabytes, for callers that have bounded size and elements before.
    encoding: counts instead of the declared one.
    """
    prolog = _PROLOG.match(raw)
    if prolog and raw.startswith(b"<!", prolog.end()):
        raise UnparsableDocument("a document type declaration is not accepted")
    parser = etree.XMLParser(
        encoding=encoding, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=huge_text
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise UnparsableDocument(str(fault)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnparsableDocument("a document type declaration is not accepted")
    if raw.count(b"xmlns") > _MOST_NAMESPACES or (raw.count(b"=") > _MOST_ATTRIBUTES and _swarms(root)):
        raise UnparsableDocument("there are too many attributes")
    return root


def _swarms(root: etree._Element) -> bool:
    """Say whether an element has more attributes than canonical XML could sort in reasonable time."""
    return any(len(element.attrib) > _MOST_ATTRIBUTES for element in root.iter(etree.Element))


@dataclass(frozen=True, slots=True)
class Document:
    """A document in two pieces: most of it in canonical form already, and the rest.

    A reader that knows a stretch of the document by heart (see ``ceb.scanner``) can hand it over in canonical form, and
    spares the slowest step of verification. rest: the document without that stretch, as XML. known: the stretch, which
    stands directly behind the opening tag of the root and declares no namespace. encoding: of both, where it is not the
    one that the document declares.
    """

    rest: bytes
    known: bytes = b""
    encoding: str | None = None


def canonical_without_signature(root: etree._Element, known: bytes, *, with_comments: bool) -> tuple[bytes, int]:
    """Give the canonical document without its one signature, and the place where the signature stood.

    The canonical form is made once and the signature cut out of it: leaving out an element changes nothing else in
    canonical XML 1.0, because what the element declared was in force inside it only. For the same reason the known
    stretch can be put in.
    """
    signature = root.find(SIGNATURE)
    prefix = f"{signature.prefix}:".encode() if signature is not None and signature.prefix else b""
    canonical: bytes = etree.tostring(root.getroottree(), method="c14n", with_comments=with_comments)
    opening = _opening_of(root).search(canonical)
    start = re.search(rb"<" + re.escape(prefix) + rb"Signature[ >]", canonical)
    end_tag = b"</" + prefix + b"Signature>"
    end = canonical.rfind(end_tag)
    if opening is None or start is None or end < 0:
        raise UnparsableDocument("there is no signature to cut out")
    before = canonical[: opening.end()] + known + canonical[opening.end() : start.start()]
    return before + canonical[end + len(end_tag) :], len(before)


def _opening_of(root: etree._Element) -> re.Pattern[bytes]:
    """Build the pattern of the root's opening tag in canonical form, where an attribute may hold ``>``."""
    name = etree.QName(root).localname.encode()
    prefix = f"{root.prefix}:".encode() if root.prefix else b""
    return re.compile(rb"<" + re.escape(prefix + name) + rb"""(?: [^ =]+="[^"]*")*+>""")


def with_less_white_space(document: bytes, place: int) -> list[bytes]:
    """Give the document again with less white space around the place where the signature stood.

    Real senders insert line ends and tabs before the signature, or behind it, after they computed the digest.
    """
    before, behind = document[:place], document[place:]
    content, tail = before.rstrip(_WHITE), behind.lstrip(_WHITE)
    white, white_behind = before[len(content) :], behind[: len(behind) - len(tail)]
    spaces = {white[:kept] + after for kept in range(min(len(white), _MOST_WHITE) + 1) for after in (white_behind, b"")}
    spaces.discard(white + white_behind)
    return [content + space + tail for space in sorted(spaces, key=len)]
