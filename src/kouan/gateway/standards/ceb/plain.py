"""CEB messages as plain objects for JSON, in the standard's own words; there and back without loss.

``{"guid", "version", "records": [{"head": {"orderNo": …}, "lines": [{…}]}], "transfer": {…}, "subscribes": [{…}],
"extend": {…}}``. Values are texts; what is absent is left out.
"""

from __future__ import annotations

from typing import Any

from kouan.records.problems import Problem

from . import codes
from .declarations import BaseSubscribe, BaseTransfer, ExtendMessage
from .fields import fields_of, positions_of
from .types import KINDS, Envelope, Kind, Node


def to_plain(envelope: Envelope) -> dict[str, Any]:
    """Give a message as a plain object."""
    plain: dict[str, Any] = {
        "guid": envelope.guid,
        "version": envelope.version,
        "records": [_node_to_plain(KINDS[envelope.kind], node) for node in envelope.nodes],
    }
    if envelope.transfer is not None:
        plain["transfer"] = _block_to_plain(envelope.transfer)
    if envelope.subscribes:
        plain["subscribes"] = [_block_to_plain(one) for one in envelope.subscribes]
    if envelope.extend is not None:
        plain["extend"] = _block_to_plain(envelope.extend)
    return plain


def from_plain(kind_code: str, plain: Any) -> tuple[Envelope, list[Problem]]:
    """Make a message of a plain object, or of a list of records alone.

    The problems name everything that has no place in the message; an error among them means that something that was
    given would be lost.
    """
    kind = KINDS[kind_code]
    plain = {"records": plain} if isinstance(plain, list) else plain
    maker = _Maker(kind)
    if not isinstance(plain, dict) or not isinstance(plain.get("records"), list):
        maker.complain("", "需要一个含 records 的对象，或记录的数组。", "An object with records, or a list of records.")
        return Envelope(kind_code, None, None, []), maker.problems
    envelope = Envelope(
        kind=kind_code,
        guid=_text_or_none(plain.get("guid")),
        version=_text_or_none(plain.get("version")) or "1.0",
        nodes=[maker.node(one, place) for place, one in enumerate(plain["records"], 1)],
        transfer=maker.block(BaseTransfer, plain.get("transfer"), "transfer"),
        subscribes=[
            made
            for place, one in enumerate(plain.get("subscribes") or [], 1)
            if (made := maker.block(BaseSubscribe, one, f"subscribes[{place}]"))
        ],
        extend=maker.block(ExtendMessage, plain.get("extend"), "extend"),
    )
    return envelope, maker.problems


class _Maker:
    """Makes typed blocks of plain objects and complains about what does not fit."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.problems: list[Problem] = []

    def node(self, plain: Any, place: int) -> Node:
        pointer = f"records[{place}]"
        kind = self.kind
        if not isinstance(plain, dict):
            self.complain(pointer, "记录应为对象。", "A record is an object.")
            return Node(place, kind.head(), [], b"")
        unknown = set(plain) - {"head", "lines"}
        head = plain.get("head")
        if head is None and unknown:  # a record without lines may be written flat
            head, unknown = {name: plain[name] for name in unknown}, set()
        for name in sorted(unknown):
            self.complain(f"{pointer}/{name}", "记录只有 head 和 lines。", "A record has head and lines only.")
        lines = plain.get("lines") or []
        if lines and kind.line is None:
            self.complain(f"{pointer}/lines", "这种单证没有表体。", "This kind of document has no lines.")
            lines = []
        return Node(
            place,
            self.block(kind.head, head or {}, f"{pointer}/head") or kind.head(),
            [self.block(kind.line, one, f"{pointer}/lines[{at}]") for at, one in enumerate(lines, 1)]
            if kind.line
            else [],
            b"",
        )

    def block(self, block: type, plain: Any, pointer: str) -> Any:
        if plain is None:
            return None
        if not isinstance(plain, dict):
            self.complain(pointer, "应为对象。", "An object is needed.")
            return block()
        positions = positions_of(block)
        values: list[str | None] = [None] * len(positions)
        for name, value in plain.items():
            if name not in positions:
                self.complain(f"{pointer}/{name}", "标准没有这一项。", "The standard has no such field.")
            elif isinstance(value, dict | list | bool):
                self.complain(f"{pointer}/{name}", "值应为文字。", "The value has to be a text.")
            else:
                values[positions[name]] = _text_or_none(value)
        return block(*values)

    def complain(self, pointer: str, zh: str, en: str) -> None:
        self.problems.append(
            codes.problem(
                "-910032", pointer, zh=zh, en=en, fix_zh="按读出的结构填写。", fix_en="Use what reading gives."
            )
        )


def _text_or_none(value: Any) -> str | None:
    return None if value is None else str(value)


def _node_to_plain(kind: Kind, node: Node) -> dict[str, Any]:
    plain: dict[str, Any] = {"head": _block_to_plain(node.head)}
    if kind.line is not None:
        plain["lines"] = [_block_to_plain(line) for line in node.lines]
    return plain


def _block_to_plain(record: Any) -> dict[str, str]:
    return {
        field.element: value for field in fields_of(type(record)) if (value := getattr(record, field.name)) is not None
    }
