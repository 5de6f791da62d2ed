"""Text to types and nothing else: what the values mean is the business of ``checks``.

Reading is lenient and tells what it forgave. Two readers share one field table: ``scanner`` takes
the well-behaved nodes at the start of a message in one stroke, and the XML parser reads everything else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from kouan.gateway.standards.xmldsig.documents import Document
from kouan.records.problems import Loss, Problem

from . import codes
from .declarations import BaseSubscribe, BaseTransfer, ExtendMessage
from .fields import Field, Value, fields_of, positions_of, values_of
from .lexical import explain_block, shown
from .scanner import Scan, TakenNode, content_of, scan
from .types import KINDS, LIMITS, NAMESPACE, SIGNATURE_NAMESPACE, Envelope, Kind, Limits, Node, UnreadableMessage

_PARSER_OPTIONS: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_IN_NAMESPACE = f"{{{NAMESPACE}}}"
_SIGNATURE = f"{{{SIGNATURE_NAMESPACE}}}Signature"
_KIND = re.compile(r"CEB([0-9]{3})Message")
_DECLARATION = re.compile(rb"""<\?xml[ \t\r\n][^>]*?encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z0-9._-]+)["']""")
_PROLOG = re.compile(r"(?:[ \t\r\n]++|<\?(?:(?!\?>).)*+\?>|<!--(?:(?!-->).)*+-->)*+", re.DOTALL)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8",
              "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030"}  # fmt: skip
_MOST_SUBSCRIBERS = 5


@dataclass(slots=True)
class Reading:
    """A message as read, with what the verification of its signature needs."""

    envelope: Envelope
    body: bytes
    taken: Scan | None

    @property
    def document(self) -> Document:
        """The document for ``xmldsig.verify``: the nodes that were taken in one stroke are canonical already."""
        if self.taken is None:
            return Document(self.body)
        return Document(self.taken.rest.encode(), self.taken.canonical_stretch())


def decode(raw: bytes, limits: Limits = LIMITS) -> Envelope:
    """Read a CEB message.

    raw: the bytes as they arrived. Raises UnreadableMessage if nothing of them can be taken; everything lesser is
    told in ``problems`` of the envelope or of the node concerned, and in ``loss``.
    """
    return read(raw, limits).envelope


def read(raw: bytes, limits: Limits = LIMITS) -> Reading:
    """Read a CEB message and keep what the verification of its signature needs. Raises UnreadableMessage."""
    _refuse_beyond(raw, limits)
    body, text, warning = _to_utf8(raw)
    _refuse_doctype(text)
    taken = scan(text)
    root = _root_of(body, taken)
    kind = _kind_of(root)
    envelope = Envelope(kind.code, root.get("guid"), root.get("version"), [])
    if warning:
        envelope.problems.append(warning)
    if taken:
        envelope.nodes = [_taken_node(kind, place, node) for place, node in enumerate(taken.nodes, 1)]
    _Reader(kind, envelope).read(root)
    return Reading(envelope, body, taken)


# --- before parsing ---------------------------------------------------------------------------------------------


def _refuse_beyond(raw: bytes, limits: Limits) -> None:
    if len(raw) > limits.size:
        raise UnreadableMessage(codes.problem("-910001", "", size=len(raw), limit=limits.size))
    if raw.count(b"<") > 2 * limits.elements:  # an opening and a closing tag each; memory is not yet spent
        raise UnreadableMessage(codes.problem("-910002", "", limit=limits.elements))
    if not raw.strip():
        raise UnreadableMessage(codes.problem("0001", "", zh="报文为空。", en="The message is empty."))


def _to_utf8(raw: bytes) -> tuple[bytes, str, Problem | None]:
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


def _refuse_doctype(text: str) -> None:
    """Refuse a document type declaration: it can stand only before the root, behind comments and instructions."""
    prolog = _PROLOG.match(text)
    if prolog and text.startswith("<!", prolog.end()):
        raise UnreadableMessage(codes.problem("-910004", ""))


def _root_of(body: bytes, taken: Scan | None) -> etree._Element:
    if taken is not None:
        try:
            return _parse(taken.rest.encode())
        except UnreadableMessage:
            pass  # parsed as a whole, it says on which line the fault is
    return _parse(body)


def _parse(body: bytes) -> etree._Element:
    # The body is UTF-8 whatever its declaration says, and lxml lets the parser's word prevail.
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


def _kind_of(root: etree._Element) -> Kind:
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


# --- nodes ------------------------------------------------------------------------------------------------------


def digest_of(kind: str, content: str, extra: Sequence[str] = ()) -> bytes:
    """Compute the digest of a node from its kind and content (``scanner.content_of``).

    extra: what the node said outside the field table, so that it counts too.
    """
    return blake2b("\x1d".join((kind, content, *extra)).encode(), digest_size=16).digest()


def _taken_node(kind: Kind, place: int, node: TakenNode) -> Node:
    head, lines, content = node
    line = kind.line
    typed = [line(*values) for values in lines] if line else []
    return Node(place, kind.head(*head), typed, digest_of(kind.code, content))


class _Reader:
    """Reads a parsed message into an envelope, forgiving what can be forgiven and writing it down."""

    def __init__(self, kind: Kind, envelope: Envelope) -> None:
        self.kind = kind
        self.envelope = envelope
        self.problems = envelope.problems  # of what is being read: the envelope, or a node
        self.extra: list[str] = []

    def read(self, root: etree._Element) -> None:
        envelope, kind = self.envelope, self.kind
        pointer = f"/{kind.root}"
        self._check_root(root, pointer)
        seen: dict[str, int] = {}
        for child in root:
            name = child.tag
            if name == _IN_NAMESPACE + kind.node:
                envelope.nodes.append(self._node(child, len(envelope.nodes) + 1))
                if seen:
                    self._out_of_order(f"{pointer}/{kind.node}[{len(envelope.nodes)}]")
                continue
            local = str(name).rpartition("}")[2]
            seen[local] = seen.get(local, 0) + 1
            self._part(child, local, seen[local], pointer)
        self._check_whole(pointer)

    def _check_root(self, root: etree._Element, pointer: str) -> None:
        envelope = self.envelope
        if not envelope.guid:
            self.problems.append(codes.problem("-910010", f"{pointer}/@guid"))
        elif len(envelope.guid) != 36:
            self.problems.append(codes.problem("-910011", f"{pointer}/@guid", length=len(envelope.guid)))
        if envelope.version != "1.0":
            self.problems.append(codes.problem("-910012", f"{pointer}/@version", version=envelope.version or "—"))
        self._lose_attributes(root, pointer, ("guid", "version"))
        self._lose_text(root.text, pointer)

    def _part(self, child: etree._Element, local: str, count: int, pointer: str) -> None:
        """Read one of the parts behind the nodes."""
        envelope = self.envelope
        name = child.tag
        if name == _SIGNATURE:
            envelope.signature_present = True  # its meaning, and whether there are two, is judged by ``xmldsig``
        elif name == _IN_NAMESPACE + "BaseTransfer" and self.kind.is_declaration:
            transfer = self._block(child, BaseTransfer, f"{pointer}/BaseTransfer", "0002")
            if envelope.transfer is None:
                envelope.transfer = transfer
            else:
                same = transfer == envelope.transfer
                where = f"{pointer}/BaseTransfer[{count}]"
                self.problems.append(codes.problem("-910013" if same else "-910014", where))
                self._lose(
                    where, _text_of(child), "重复的 BaseTransfer 只保留第一个", "only the first BaseTransfer is kept"
                )
        elif name == _IN_NAMESPACE + "BaseSubscribe" and self.kind.is_declaration:
            envelope.subscribes.append(self._block(child, BaseSubscribe, f"{pointer}/BaseSubscribe[{count}]", "0002"))
        elif name == _IN_NAMESPACE + "ExtendMessage" and self.kind.is_declaration and envelope.extend is None:
            envelope.extend = self._block(child, ExtendMessage, f"{pointer}/ExtendMessage", "0002")
        else:
            self._unknown(child, f"{pointer}/{local}[{count}]")
        self._lose_text(child.tail, pointer)

    def _check_whole(self, pointer: str) -> None:
        envelope, kind = self.envelope, self.kind
        faults = kind.faults
        count = len(envelope.nodes)
        if count == 0:
            self.problems.append(codes.problem(faults.empty, pointer))
        elif kind.max_nodes is not None and count > kind.max_nodes:
            self.problems.append(codes.problem(faults.too_many, f"{pointer}/{kind.node}", count=count,
                                               limit=kind.max_nodes))  # fmt: skip
        if kind.is_declaration and envelope.transfer is None:
            self.problems.append(codes.problem("-910015", f"{pointer}/BaseTransfer"))
        if len(envelope.subscribes) > _MOST_SUBSCRIBERS:
            self.problems.append(codes.problem("-910016", f"{pointer}/BaseSubscribe", count=len(envelope.subscribes)))

    def _node(self, element: etree._Element, index: int) -> Node:
        kind = self.kind
        pointer = f"/{kind.root}/{kind.node}[{index}]"
        outside, self.problems, self.extra = self.problems, [], []
        try:
            if kind.head_element is None:
                head: Any = self._block(element, kind.head, pointer, kind.faults.field)
                lines: list[Any] = []
            else:
                head, lines = self._blocks(element, kind, pointer)
            content = content_of(values_of(head), map(values_of, lines))
            return Node(index, head, lines, digest_of(kind.code, content, self.extra), self.problems)
        finally:
            self.problems, self.extra = outside, []
            self._lose_text(element.tail, f"/{kind.root}")

    def _blocks(self, element: etree._Element, kind: Kind, pointer: str) -> tuple[Any, list[Any]]:
        head, lines = None, []
        self._lose_attributes(element, pointer)
        self._lose_text(element.text, pointer)
        for child in element:
            local = str(child.tag).rpartition("}")[2]
            if child.tag == f"{_IN_NAMESPACE}{kind.head_element}" and head is None:
                if lines:
                    self._out_of_order(f"{pointer}/{local}")
                head = self._block(child, kind.head, f"{pointer}/{local}", kind.faults.field)
            elif kind.line and child.tag == f"{_IN_NAMESPACE}{kind.line_element}":
                where = f"{pointer}/{local}[{len(lines) + 1}]"
                lines.append(self._block(child, kind.line, where, kind.faults.field))
            elif child.tag == f"{_IN_NAMESPACE}{kind.head_element}":
                self.problems.append(codes.problem(kind.faults.field, f"{pointer}/{local}[2]",
                                                   zh="一个业务节点只能有一个表头。", en="A node has one head only.",
                                                   fix_zh="每份单证单独成一个节点。",
                                                   fix_en="Give every document a node of its own."))  # fmt: skip
                self._keep_outside(child, f"{pointer}/{local}[2]")
            else:
                self._unknown(child, f"{pointer}/{local}")
            self._lose_text(child.tail, pointer)
        if head is None:
            head = kind.head()
            self.problems.append(codes.problem(kind.faults.field, f"{pointer}/{kind.head_element}",
                                               zh=f"缺少表头 {kind.head_element}。",
                                               en=f"The head {kind.head_element} is missing.",
                                               fix_zh="补上表头。", fix_en="Add the head."))  # fmt: skip
        if kind.line and not lines:
            self.problems.append(codes.problem(kind.faults.no_lines, f"{pointer}/{kind.line_element}"))
        if kind.max_lines is not None and len(lines) > kind.max_lines:
            self.problems.append(codes.problem("-910023", f"{pointer}/{kind.line_element}", count=len(lines),
                                               limit=kind.max_lines))  # fmt: skip
        return head, lines

    def _block(self, element: etree._Element, block: type, pointer: str, code: str) -> Any:
        """Read the fields of a block, check their characters, and write down what does not belong there."""
        fields, positions = fields_of(block), positions_of(block)
        values: list[Value] = [None] * len(fields)
        self._lose_attributes(element, pointer)
        self._lose_text(element.text, pointer)
        latest = -1
        for child in element:
            namespace, _, local = str(child.tag).rpartition("}")
            place = positions.get(local) if namespace == _IN_NAMESPACE[:-1] else None
            where = f"{pointer}/{local}"
            if place is None:
                self._unknown(child, where)
            else:
                value = self._value(child, fields[place], where, code)
                if values[place] is None:
                    values[place] = value
                else:
                    self._repeated(where, value, values[place], code)
                if place < latest:
                    self._out_of_order(where)
                latest = max(latest, place)
            self._lose_text(child.tail, pointer)
        self.problems.extend(explain_block(block, values, code, pointer))
        return block(*values)

    def _value(self, child: etree._Element, field: Field, pointer: str, code: str) -> str:
        self._lose_attributes(child, pointer)
        if field.form == "XML":
            return escape(child.text or "") + "".join(_standing_alone(one) for one in child)
        if len(child):
            self.problems.append(codes.problem(code, pointer, zh=f"{field.element} 里不应再有元素。",
                                               en=f"{field.element} may not contain elements.",
                                               fix_zh="只填文字。", fix_en="Give text only."))  # fmt: skip
            self._keep_outside(child, pointer)
        return child.text or ""

    # --- what is forgiven, and what is lost by it ---

    def _repeated(self, pointer: str, value: Value, first: Value, code: str) -> None:
        if value == first:
            self.problems.append(codes.problem("-910020", pointer))
        else:
            self.problems.append(codes.problem(code, pointer, zh="元素出现两次，内容不同。",
                                               en="The element is there twice with different values.",
                                               fix_zh="只保留正确的一个。", fix_en="Keep the right one."))  # fmt: skip
        self.extra.append(f"{pointer}={value}")
        self._lose(pointer, value or "", "重复的元素只保留第一个", "only the first of repeated elements is kept")

    def _out_of_order(self, pointer: str) -> None:
        self.problems.append(codes.problem("-910021", pointer))

    def _unknown(self, child: etree._Element, pointer: str) -> None:
        self.problems.append(codes.problem("-910022", pointer))
        self._keep_outside(child, pointer)

    def _keep_outside(self, child: etree._Element, pointer: str) -> None:
        text = _text_of(child)
        self.extra.append(f"{pointer}={text}")
        self._lose(pointer, text, "标准没有这个位置，未收入", "the standard has no place for it")

    def _lose_attributes(self, element: etree._Element, pointer: str, known: Sequence[str] = ()) -> None:
        for name, value in element.items():
            if name not in known:
                self._lose(f"{pointer}/@{name}", str(value), "标准没有这个属性", "unknown attribute")

    def _lose_text(self, text: str | None, pointer: str) -> None:
        if text and text.strip():
            self._lose(f"{pointer}/text()", shown(text.strip()), "元素之间的文字", "text between elements")

    def _lose(self, pointer: str, value: str, zh: str, en: str) -> None:
        self.envelope.loss.append(Loss(pointer, value, zh, en))


def _standing_alone(element: etree._Element) -> str:
    """Write an element with the namespaces that it uses, and no others."""
    copy = deepcopy(element)
    etree.cleanup_namespaces(copy)
    return etree.tostring(copy, encoding="unicode")


def _text_of(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip()
