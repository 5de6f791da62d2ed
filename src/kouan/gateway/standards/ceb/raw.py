"""The bytes of a message: bounded, decoded, parsed without risk, and known by their root.

Everything here raises UnreadableMessage with the one problem that makes the message unreadable.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from kouan.records.problems import Problem

from . import codes
from .lexical import shown
from .types import KINDS, NAMESPACE, Kind, Limits, UnreadableMessage

_PARSER_OPTIONS: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_KIND = re.compile(r"CEB([0-9]{3})(?:Message)?")  # the official sample of 214 has a root without "Message"
_DECLARATION = re.compile(rb"""<\?xml[ \t\r\n][^>]*?encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z0-9._-]+)["']""")
_PROLOG = re.compile(r"(?:[ \t\r\n]++|<\?(?:(?!\?>).)*+\?>|<!--(?:(?!-->).)*+-->)*+", re.DOTALL)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8",
              "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030"}  # fmt: skip


def refuse_beyond(raw: bytes, limits: Limits) -> None:
    """Refuse what is too large, has too many elements, or is empty; all before memory is spent on it."""
    if len(raw) > limits.size:
        raise UnreadableMessage(codes.problem("-910001", "", size=len(raw), limit=limits.size))
    if raw.count(b"<") > limits.elements and raw.count(b"<") - raw.count(b"</") > limits.elements:
        raise UnreadableMessage(codes.problem("-910002", "", limit=limits.elements))
    if raw.count(b"=") > limits.attributes:
        raise UnreadableMessage(codes.problem("-910005", "", limit=limits.attributes))
    if not raw.strip():
        raise UnreadableMessage(codes.problem("0001", "", zh="报文为空。", en="The message is empty."))


def to_utf8(raw: bytes) -> tuple[bytes, str, Problem | None]:
    """Give the message in UTF-8 without byte order mark, the same decoded, and a warning if it was not UTF-8."""
    body = raw.removeprefix(_BYTE_ORDER_MARK).strip()
    declared = _DECLARATION.match(body)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    encoding = _ENCODINGS.get(name)
    if encoding is None or body[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in body[:4]:
        raise UnreadableMessage(
            codes.problem("0001", "", zh=f"不支持的字符编码：{name}。", en=f"The encoding {name} is not supported.",
                          fix_zh="用 UTF-8 编码重新生成报文。", fix_en="Produce the message in UTF-8.")
        )  # fmt: skip
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as fault:
        raise UnreadableMessage(
            codes.problem("0001", "", zh=f"第 {fault.start + 1} 字节不是声明的编码 {name}。",
                          en=f"Byte {fault.start + 1} is not in the declared encoding {name}.",
                          fix_zh="用 UTF-8 编码重新生成报文，声明与内容一致。",
                          fix_en="Produce the message in UTF-8 and declare what it is.")
        ) from None  # fmt: skip
    if encoding == "utf-8":
        return body, text, None
    return text.encode(), text, codes.problem("-910003", "", encoding=name)


def refuse_doctype(text: str) -> None:
    """Refuse a document type declaration: it can stand only before the root, behind comments and instructions."""
    prolog = _PROLOG.match(text)
    if prolog and text.startswith("<!", prolog.end()):
        raise UnreadableMessage(codes.problem("-910004", ""))


def parse(body: bytes) -> etree._Element:
    """Parse a message in UTF-8, whatever its declaration says: lxml lets the parser's word prevail."""
    parser = etree.XMLParser(encoding="utf-8", **_PARSER_OPTIONS)
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        reason = str(fault).split(" (<string>")[0]
        raise UnreadableMessage(
            codes.problem(
                "0001", "", zh=f"不是完整有效的 XML：{reason}。", en=f"This is not well-formed XML: {reason}."
            )
        ) from None


def kind_of(root: etree._Element) -> Kind:
    """Say what kind of message a root element begins, or refuse it."""
    name = etree.QName(root)
    match = _KIND.fullmatch(name.localname)
    if name.namespace != NAMESPACE:
        raise UnreadableMessage(
            codes.problem("0002", f"/{name.localname}", zh=f"根元素的命名空间不是 {NAMESPACE}。",
                          en=f"The root element is not in the namespace {NAMESPACE}.",
                          fix_zh="按规范声明命名空间。", fix_en="Declare the namespace of the standard.")
        )  # fmt: skip
    if match is None or match[1] not in KINDS:
        raise UnreadableMessage(
            codes.problem("0002", f"/{name.localname}", zh=f"不认识的报文类型 {shown(name.localname)}。",
                          en=f"Unknown type of message: {shown(name.localname)}.",
                          fix_zh="使用规范列出的报文类型。", fix_en="Use a type that the standard lists.")
        )  # fmt: skip
    return KINDS[match[1]]
