"""Types to text: strict, in the order of the schema, and never one of the known contradictions of the package."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from kouan.records.problems import Problem, has_error

from . import codes
from .fields import ACCEPTED, MANDATORY, Field, Value, fields_of, values_of
from .lexical import explain_block
from .types import KINDS, NAMESPACE, Envelope, Kind, Node

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class UnwritableMessage(Exception):
    """A message that may not leave in this state; ``problems`` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{one.code} {one.pointer} {one.en}" for one in problems[:5]))
        self.problems = list(problems)


def encode(envelope: Envelope, *, strict: bool = True, schema_only: bool = False) -> bytes:
    """Write a CEB message in UTF-8, without signature.

    strict: give every element that schema or handbook asks for, and refuse whatever either refuses (raises
    UnwritableMessage); with ``schema_only`` what the schema refuses. Not strict: write exactly what the envelope holds,
    for tests and for showing; only characters that XML cannot carry are refused. Declarations carry the prefix ``ceb``;
    receipts none, as the official ones do.
    """
    kind = KINDS[envelope.kind]
    if strict:
        envelope = _completed(envelope)
        problems = _faults(envelope, kind, schema_only)
        if has_error(problems):
            raise UnwritableMessage([one for one in problems if one.is_error])
    text = _Writer(kind, strict).message(envelope)
    if found := _FORBIDDEN.search(text):
        character = f"U+{ord(found[0]):04X}"
        raise UnwritableMessage([codes.problem("-910030", f"/{kind.root}", character=character)])
    return text.encode()


class _Writer:
    def __init__(self, kind: Kind, strict: bool) -> None:
        self.kind = kind
        self.strict = strict
        self.tag = "ceb:" if kind.is_declaration else ""

    def message(self, envelope: Envelope) -> str:
        kind, tag = self.kind, self.tag
        root = tag + kind.root
        attributes = "".join(
            f" {name}={_quoted(value)}"
            for name, value in (("guid", envelope.guid), ("version", envelope.version))
            if value is not None
        )
        declared = "xmlns:ceb" if tag else "xmlns"
        parts = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}{attributes} {declared}="{NAMESPACE}">']
        parts += [self.node(node) for node in envelope.nodes]
        if envelope.transfer is not None:
            parts.append(self.block("BaseTransfer", envelope.transfer))
        parts += [self.block("BaseSubscribe", one) for one in envelope.subscribes]
        if envelope.extend is not None:
            parts.append(self.block("ExtendMessage", envelope.extend))
        return "\n".join(parts) + f"\n</{root}>"

    def node(self, node: Node) -> str:
        kind = self.kind
        if kind.head_element is None:
            return self.block(kind.node, node.head)
        inner = self.block(kind.head_element, node.head)
        inner += "".join(self.block(kind.line_element or "", line) for line in node.lines)
        return f"<{self.tag}{kind.node}>{inner}</{self.tag}{kind.node}>"

    def block(self, name: str, record: Any) -> str:
        parts = [f"<{self.tag}{name}>"]
        for (field, opening, closing), value in zip(_tags_of(type(record), self.tag), values_of(record), strict=True):
            if value is None or (self.strict and _is_left_out(field, value)):
                continue
            parts += (opening, _content(field, value), closing)
        parts.append(f"</{self.tag}{name}>")
        return "".join(parts)


@cache
def _tags_of(block: type, tag: str) -> tuple[tuple[Field, str, str], ...]:
    return tuple((one, f"<{tag}{one.element}>", f"</{tag}{one.element}>") for one in fields_of(block))


def _is_left_out(field: Field, value: str) -> bool:
    """Say whether a strict writer leaves an element out: beyond the schema, or empty where it may not be."""
    if field.need == ACCEPTED:
        return True
    return value == "" and field.need != MANDATORY and not field.may_be_empty


def _content(field: Field, value: str) -> str:
    if field.form == "XML":
        return _fragment(value)
    if field.name == "original":  # the standard asks for a section of raw text
        return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
    return _escaped(value)


def _escaped(value: str) -> str:
    if "&" in value or "<" in value or ">" in value:
        value = escape(value)
    return value.replace("\r", "&#13;") if "\r" in value else value


def _quoted(value: str) -> str:
    return '"' + escape(value, {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}) + '"'


def _fragment(value: str) -> str:
    """Let a piece of XML through if it is well-formed by itself."""
    try:
        etree.fromstring(f"<x>{value}</x>", etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise UnwritableMessage([codes.problem("-910031", "/ExtendMessage/Message", reason=str(fault))]) from None
    return value


# --- what a strict writer adds and refuses -------------------------------------------------------------------------


def _completed(envelope: Envelope) -> Envelope:
    """Give a copy in which every element with a standing value has one."""
    nodes = [Node(one.index, _with_standing_values(one.head), one.lines, one.digest) for one in envelope.nodes]
    return Envelope(envelope.kind, envelope.guid, envelope.version or "1.0", nodes, envelope.transfer,
                    envelope.subscribes, envelope.extend)  # fmt: skip


def _with_standing_values(head: Any) -> Any:
    fields, values = fields_of(type(head)), values_of(head)
    if not any(field.always and not value for field, value in zip(fields, values, strict=True)):
        return head
    return type(head)(*(value or field.always or value for field, value in zip(fields, values, strict=True)))


def _faults(envelope: Envelope, kind: Kind, schema_only: bool) -> list[Problem]:
    root = f"/{kind.root}"
    problems: list[Problem] = []
    if not envelope.guid or len(envelope.guid) != 36:
        code = "-910011" if envelope.guid else "-910010"
        problems.append(codes.problem(code, f"{root}/@guid", severity="error", length=len(envelope.guid or "")))
    if not envelope.nodes:
        problems.append(codes.problem(kind.faults.empty, root))
    if kind.max_nodes is not None and len(envelope.nodes) > kind.max_nodes:
        count = len(envelope.nodes)
        problems.append(codes.problem(kind.faults.too_many, f"{root}/{kind.node}", count=count, limit=kind.max_nodes))
    if kind.is_declaration and envelope.transfer is None:
        problems.append(codes.problem("-910015", f"{root}/BaseTransfer"))
    for place, node in enumerate(envelope.nodes, 1):
        problems += _node_faults(node, kind, f"{root}/{kind.node}[{place}]", schema_only)
    others = [("BaseTransfer", envelope.transfer), ("ExtendMessage", envelope.extend)]
    others += [(f"BaseSubscribe[{place}]", one) for place, one in enumerate(envelope.subscribes, 1)]
    for name, record in others:
        if record is not None:
            problems += _block_faults(record, "0002", f"{root}/{name}", schema_only)
    return problems


def _node_faults(node: Node, kind: Kind, pointer: str, schema_only: bool) -> list[Problem]:
    code = kind.faults.field
    head_pointer = f"{pointer}/{kind.head_element}" if kind.head_element else pointer
    problems = _block_faults(node.head, code, head_pointer, schema_only)
    for place, line in enumerate(node.lines, 1):
        problems += _block_faults(line, code, f"{pointer}/{kind.line_element}[{place}]", schema_only)
    if kind.line and not node.lines and kind.min_lines:
        problems.append(codes.problem(kind.faults.no_lines, f"{pointer}/{kind.line_element}"))
    if kind.max_lines is not None and len(node.lines) > kind.max_lines:
        problems.append(codes.problem("-910023", f"{pointer}/{kind.line_element}", count=len(node.lines),
                                      limit=kind.max_lines))  # fmt: skip
    return problems


def _block_faults(record: Any, code: str, pointer: str, schema_only: bool) -> list[Problem]:
    fields, values = fields_of(type(record)), values_of(record)
    problems = explain_block(type(record), values, code, pointer, schema_only=schema_only)
    if not schema_only:
        for field, value in zip(fields, values, strict=True):
            problems += _sender_faults(field, value, code, f"{pointer}/{field.element}")
    return problems


def _sender_faults(field: Field, value: Value, code: str, pointer: str) -> list[Problem]:
    if field.always == "" and not value:
        return [codes.problem(code, pointer, zh=f"{field.element} 按手册为必填。", fix_zh="填写该项。",
                              en=f"The handbook asks for {field.element}.", fix_en="Give a value.")]  # fmt: skip
    if field.sent_longest is not None and value and len(value) > field.sent_longest:
        longest = field.sent_longest
        return [codes.problem(code, pointer, zh=f"{field.element} 发送时最多 {longest} 个字符。",
                              en=f"{field.element} may have {longest} characters when it is sent.",
                              fix_zh="缩短该项。", fix_en="Shorten it.")]  # fmt: skip
    return []
