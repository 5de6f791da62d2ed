"""Text to types: lenient, and everything that was forgiven is told.

Two readers share one field table: ``scanner`` takes the well-behaved nodes at the start of a message in one stroke, and
the XML parser reads everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from kouan.gateway.standards.xmldsig.documents import Document
from kouan.records.problems import Loss, Problem, has_error

from . import codes
from .declarations import BaseSubscribe, BaseTransfer, ExtendMessage
from .fields import Field, Value, fields_of, positions_of, values_of
from .lexical import explain_block, shown
from .raw import kind_of, parse, refuse_beyond, refuse_doctype, to_utf8
from .scanner import Scan, TakenNode, content_of, scan
from .types import LIMITS, NAMESPACE, SIGNATURE_NAMESPACE, Envelope, Kind, Limits, Node, UnreadableMessage

_IN_NAMESPACE = f"{{{NAMESPACE}}}"
_SIGNATURE = f"{{{SIGNATURE_NAMESPACE}}}Signature"
_MOST_SUBSCRIBERS = 5
_MOST_PROBLEMS = 200  # of the envelope, and of a node
_MOST_LOSSES = 1000  # of a message
_MOST_ATTRIBUTES = 20  # named of an element; looking one up takes the longer the more there are


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
            return Document(self.body, encoding="utf-8")
        return Document(self.taken.rest.encode(), self.taken.canonical_stretch(), "utf-8")


def decode(raw: bytes, limits: Limits = LIMITS) -> Envelope:
    """Read a CEB message.

    raw: the bytes as they arrived. Raises UnreadableMessage if nothing of them can be taken; everything lesser is
    told in ``problems`` of the envelope or of the node concerned, and in ``loss``.
    """
    return read(raw, limits).envelope


def read(raw: bytes, limits: Limits = LIMITS) -> Reading:
    """Read a CEB message and keep what the verification of its signature needs. Raises UnreadableMessage."""
    refuse_beyond(raw, limits)
    body, text, warning = to_utf8(raw)
    refuse_doctype(text)
    taken, root = _parsed(body, text)
    kind = kind_of(root)
    envelope = Envelope(kind.code, root.get("guid"), root.get("version"), [])
    if warning:
        envelope.problems.append(warning)
    if taken:
        envelope.nodes = [_taken_node(kind, place, node) for place, node in enumerate(taken.nodes, 1)]
    _Reader(kind, envelope).read(root)
    return Reading(envelope, body, taken)


def _parsed(body: bytes, text: str) -> tuple[Scan | None, etree._Element]:
    taken = scan(text)
    if taken is not None:
        try:
            return taken, parse(taken.rest.encode())
        except UnreadableMessage:
            pass  # parsed as a whole, it says on which line the fault is
    return None, parse(body)


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
        count = len(envelope.nodes)
        seen: dict[str, int] = {}
        for child in root:
            name = child.tag
            if name == _IN_NAMESPACE + kind.node:
                count += 1
                if count <= kind.most_nodes_read:
                    envelope.nodes.append(self._node(child, count))
                if seen:
                    self._tell("-910021", f"{pointer}/{kind.node}[{count}]")
                continue
            local = str(name).rpartition("}")[2]
            seen[local] = seen.get(local, 0) + 1
            self._part(child, local, seen[local], pointer)
        self._check_whole(pointer, count)

    def _check_root(self, root: etree._Element, pointer: str) -> None:
        envelope = self.envelope
        if not (name := etree.QName(root).localname).endswith("Message"):
            self._tell("-910017", pointer, root=name)
        if not envelope.guid:
            self._tell("-910010", f"{pointer}/@guid")
        elif len(envelope.guid) != 36:
            self._tell("-910011", f"{pointer}/@guid", length=len(envelope.guid))
        if envelope.version != "1.0":
            self._tell("-910012", f"{pointer}/@version", version=shown(envelope.version or "—"))
        self._lose_attributes(root, pointer, ("guid", "version"))
        self._lose_text(root.text, pointer)

    def _part(self, child: etree._Element, local: str, count: int, pointer: str) -> None:
        """Read one of the parts behind the nodes."""
        envelope = self.envelope
        name = child.tag
        if name == _SIGNATURE:
            envelope.signature_present = True  # its meaning, and whether there are two, is judged by ``xmldsig``
        elif name == _IN_NAMESPACE + "BaseTransfer" and self.kind.is_declaration:
            self._transfer(child, count, pointer)
        elif name == _IN_NAMESPACE + "BaseSubscribe" and self.kind.is_declaration and count <= 2 * _MOST_SUBSCRIBERS:
            envelope.subscribes.append(self._block(child, BaseSubscribe, f"{pointer}/BaseSubscribe[{count}]", "0002"))
        elif name == _IN_NAMESPACE + "ExtendMessage" and self.kind.is_declaration and envelope.extend is None:
            envelope.extend = self._block(child, ExtendMessage, f"{pointer}/ExtendMessage", "0002")
        else:
            self._unknown(child, f"{pointer}/{local}[{count}]")
        self._lose_text(child.tail, pointer)

    def _transfer(self, child: etree._Element, count: int, pointer: str) -> None:
        transfer = self._block(child, BaseTransfer, f"{pointer}/BaseTransfer", "0002")
        if self.envelope.transfer is None:
            self.envelope.transfer = transfer
            return
        where = f"{pointer}/BaseTransfer[{count}]"
        self._tell("-910013" if transfer == self.envelope.transfer else "-910014", where)
        self._lose(where, _text_of(child), "重复的 BaseTransfer 只保留第一个", "only the first BaseTransfer is kept")

    def _check_whole(self, pointer: str, count: int) -> None:
        envelope, kind = self.envelope, self.kind
        if count == 0:
            self._tell(kind.faults.empty, pointer)
        elif kind.max_nodes is not None and count > kind.max_nodes:
            self._tell(kind.faults.too_many, f"{pointer}/{kind.node}", count=count, limit=kind.max_nodes)
        elif count > kind.most_nodes_read:
            self._tell("-910025", f"{pointer}/{kind.node}", count=count, limit=kind.most_nodes_read)
        if kind.is_declaration and envelope.transfer is None:
            self._tell("-910015", f"{pointer}/BaseTransfer")
        if len(envelope.subscribes) > _MOST_SUBSCRIBERS:
            self._tell("-910016", f"{pointer}/BaseSubscribe", count=len(envelope.subscribes))

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
        """Read the head and the lines of a node."""
        field_code = kind.faults.field
        head, lines, count = None, [], 0
        self._lose_attributes(element, pointer)
        self._lose_text(element.text, pointer)
        for child in element:
            local = str(child.tag).rpartition("}")[2]
            if kind.line and child.tag == f"{_IN_NAMESPACE}{kind.line_element}":
                count += 1
                if count <= kind.most_lines_read:
                    lines.append(self._block(child, kind.line, f"{pointer}/{local}[{count}]", field_code))
            elif child.tag != f"{_IN_NAMESPACE}{kind.head_element}":
                self._unknown(child, f"{pointer}/{local}")
            elif head is None:
                if lines:
                    self._tell("-910021", f"{pointer}/{local}")
                head = self._block(child, kind.head, f"{pointer}/{local}", field_code)
            else:
                self._tell(field_code, f"{pointer}/{local}[2]", zh="一个业务节点只能有一个表头。",
                           en="A node has one head only.", fix_zh="每份单证单独成一个节点。",
                           fix_en="Give every document a node of its own.")  # fmt: skip
                self._keep_outside(child, f"{pointer}/{local}[2]")
            self._lose_text(child.tail, pointer)
        if head is None:
            head = kind.head()
            self._tell(field_code, f"{pointer}/{kind.head_element}", zh=f"缺少表头 {kind.head_element}。",
                       en=f"The head {kind.head_element} is missing.",
                       fix_zh="补上表头。", fix_en="Add the head.")  # fmt: skip
        if kind.line and not lines and kind.min_lines:
            self._tell(kind.faults.no_lines, f"{pointer}/{kind.line_element}")
        most = kind.most_lines_read if kind.max_lines is None else kind.max_lines
        if count > most:
            self._tell("-910023", f"{pointer}/{kind.line_element}", count=count, limit=most)
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
                    self._tell("-910021", where)
                latest = max(latest, place)
            self._lose_text(child.tail, pointer)
        if not self._is_full("error"):
            for problem in explain_block(block, values, code, pointer):
                self._add(problem)
        return block(*values)

    def _value(self, child: etree._Element, field: Field, pointer: str, code: str) -> str:
        self._lose_attributes(child, pointer)
        if field.form == "XML":
            return escape(child.text or "") + "".join(_standing_alone(one) for one in child)
        if len(child):
            self._tell(code, pointer, zh=f"{field.element} 里不应再有元素。",
                       en=f"{field.element} may not contain elements.",
                       fix_zh="只填文字。", fix_en="Give text only.")  # fmt: skip
            self._keep_outside(child, pointer)
        return child.text or ""

    # --- what is forgiven, and what is lost by it ---

    def _tell(self, code: str, pointer: str, **texts: Any) -> None:
        if not self._is_full(codes.CODES[code].severity):
            self._add(codes.problem(code, pointer, **texts))

    def _add(self, problem: Problem) -> None:
        """Add a problem; beyond a number only the first error still counts, so that no message costs any memory."""
        if self._is_full(problem.severity):
            return
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(problem)
            return
        if len(self.problems) == _MOST_PROBLEMS:
            self.problems.append(codes.problem("-910024", problem.pointer, limit=_MOST_PROBLEMS))
        if problem.is_error and not has_error(self.problems):
            self.problems[-1] = problem

    def _is_full(self, severity: str) -> bool:
        if len(self.problems) <= _MOST_PROBLEMS:
            return False
        return severity == "warning" or self.problems[-1].is_error or has_error(self.problems)

    def _repeated(self, pointer: str, value: Value, first: Value, code: str) -> None:
        if value == first:
            self._tell("-910020", pointer)
        else:
            self._tell(code, pointer, zh="元素出现两次，内容不同。",
                       en="The element is there twice with different values.",
                       fix_zh="只保留正确的一个。", fix_en="Keep the right one.")  # fmt: skip
        self.extra.append(f"{pointer}={value}")
        self._lose(pointer, value or "", "重复的元素只保留第一个", "only the first of repeated elements is kept")

    def _unknown(self, child: etree._Element, pointer: str) -> None:
        self._tell("-910022", pointer)
        self._keep_outside(child, pointer)

    def _keep_outside(self, child: etree._Element, pointer: str) -> None:
        text = _text_of(child)
        self.extra.append(f"{pointer}={text}")
        self._lose(pointer, text, "标准没有这个位置，未收入", "the standard has no place for it")

    def _lose_attributes(self, element: etree._Element, pointer: str, known: Sequence[str] = ()) -> None:
        names = [str(name) for name in element.keys() if name not in known]  # noqa: SIM118 (an element is no dict)
        for name in names[:_MOST_ATTRIBUTES]:
            self._lose(f"{pointer}/@{name}", element.get(name) or "", "标准没有这个属性", "unknown attribute")
        if len(names) > _MOST_ATTRIBUTES:
            self._lose(f"{pointer}/@*", str(len(names)), "其余属性未列出", "further attributes are not listed")

    def _lose_text(self, text: str | None, pointer: str) -> None:
        if text and text.strip():
            self._lose(f"{pointer}/text()", text.strip(), "元素之间的文字", "text between elements")

    def _lose(self, pointer: str, value: str, zh: str, en: str) -> None:
        losses = self.envelope.loss
        if len(losses) < _MOST_LOSSES:
            losses.append(Loss(pointer, value, zh, en))
        elif len(losses) == _MOST_LOSSES:
            losses.append(Loss(pointer, "", "其余未列出，见原报文", "the rest is not listed; the message has it"))


def _standing_alone(element: etree._Element) -> str:
    """Write an element with the namespaces that it uses, and no others."""
    copy = deepcopy(element)
    etree.cleanup_namespaces(copy)
    return etree.tostring(copy, encoding="unicode")


def _text_of(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip()
