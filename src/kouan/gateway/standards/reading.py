"""Reads any message that Kouan knows, whatever it is wrapped in, into one plain form for the command line.

A file may hold one message, or be a zip with several; an envelope of the data exchange platform is one message, and
what it carries is another.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from kouan.gateway.standards.ceb import codes
from kouan.gateway.standards.ceb.checks import Context, check_node, day_of
from kouan.gateway.standards.ceb.codec import LIMITS, UnreadableMessage, decode
from kouan.gateway.standards.ceb.plain import to_plain
from kouan.gateway.standards.ceb.types import KINDS, NAMESPACE, Envelope, Kind, Node
from kouan.gateway.standards.dec import reading as goods
from kouan.gateway.standards.dxp import plain as dxp_plain
from kouan.gateway.standards.dxp.codec import UnreadableEnvelope, is_envelope, open_message, read_report
from kouan.gateway.standards.xmldsig.documents import root_name
from kouan.law import figures
from kouan.records.problems import Loss, Problem

_MOST_MEMBERS = 1000
_LARGEST_ARCHIVE = 256 * 1024 * 1024  # bytes of all members together
_DEEPEST_ENVELOPE = 3


@dataclass(slots=True)
class Reading:
    """One message as read. standard and kind are None where nothing could be read; ``more`` is the plain rest."""

    file: str
    standard: str | None
    kind: str | None
    records: list[Any] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    loss: list[Loss] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def is_readable(self) -> bool:
        """True if at least the message was understood as one."""
        return self.standard is not None

    def to_dict(self) -> dict[str, Any]:
        """Give the plain form for JSON: file, standard, kind, records, problems, loss, and the message's own rest."""
        return {
            "file": self.file,
            "standard": self.standard,
            "kind": self.kind,
            "records": self.records,
            "problems": [problem_to_plain(one) for one in self.problems],
            "loss": [one.to_dict() for one in self.loss],
            **self.more,
        }


def problem_to_plain(problem: Problem) -> dict[str, str]:
    """Give a problem for JSON: code, pointer, severity, zh, en, fix (in both languages)."""
    fix = " / ".join(one for one in (problem.fix_zh, problem.fix_en) if one)
    return {"code": problem.code, "pointer": problem.pointer, "severity": problem.severity,
            "zh": problem.zh, "en": problem.en, "fix": fix}  # fmt: skip


def read_messages(name: str, raw: bytes) -> Iterator[Reading]:
    """Read every message of a file. Never raises for what the file holds: the reading tells."""
    if raw[:4] == b"PK\x03\x04" and not goods.is_packet(raw):
        yield from _read_archive(name, raw)
    else:
        yield from _read_one(name, raw)


def _read_archive(name: str, raw: bytes) -> Iterator[Reading]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        members = [one for one in archive.infolist() if one.filename.lower().endswith(".xml")]
    except (zipfile.BadZipFile, ValueError) as fault:
        yield _refused(name, "0001", f"压缩包损坏：{fault}。", f"The zip is damaged: {fault}.")
        return
    if not members:
        yield _refused(name, "0001", "压缩包里没有 XML。", "The zip holds no XML.")
    if len(members) > _MOST_MEMBERS:
        count = len(members)
        yield _refused(name, "-910001", f"压缩包里有 {count} 个报文，最多 {_MOST_MEMBERS} 个。",
                       f"The zip holds {count} messages; {_MOST_MEMBERS} are allowed.")  # fmt: skip
        return
    left = _LARGEST_ARCHIVE
    for member in members:
        inside = f"{name}!{member.filename}"
        limit = min(LIMITS.size, left)
        try:
            with archive.open(member) as stream:
                content = stream.read(limit + 1)  # what the directory says of the size is not believed
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as fault:
            yield _refused(inside, "0001", f"不能解压：{fault}。", f"It cannot be unpacked: {fault}.")
            continue
        if len(content) > limit:
            yield Reading(inside, None, None, problems=[codes.problem("-910001", "", size=f">{limit}", limit=limit)])
            continue
        left -= len(content)
        yield from _read_one(inside, content)


def _read_one(name: str, raw: bytes, depth: int = 0) -> Iterator[Reading]:
    if is_envelope(raw):
        yield from _read_envelope(name, raw, depth)
        return
    if goods.is_of_goods(raw):
        yield _read_goods(name, raw)
        return
    try:
        envelope = decode(raw)
    except UnreadableMessage as fault:
        yield _unreadable(name, fault.problem)
        return
    check(envelope)
    plain = to_plain(envelope)
    records = plain.pop("records")
    reading = Reading(name, "ceb", envelope.kind, records, list(envelope.all_problems()), list(envelope.loss), plain)
    if envelope.signature_present:
        pointer = f"/{KINDS[envelope.kind].root}/Signature"
        reading.loss.append(
            Loss(pointer, "", "签名只在原报文里有效，记录不含", "a signature holds for the original only")
        )
    yield reading


def _read_goods(name: str, raw: bytes) -> Reading:
    try:
        read = goods.read(raw)
    except goods.UnreadableMessage as fault:
        return _unreadable(name, fault.problem)
    return Reading(name, "dec", read.kind, read.records, read.problems, read.loss)


def _read_envelope(name: str, raw: bytes, depth: int) -> Iterator[Reading]:
    try:
        if root_name(raw) == "DxpRep":
            report = read_report(raw)
            plain = dxp_plain.report_to_plain(report)
            yield Reading(name, "dxp", "DxpRep", [plain], report.problems, report.loss)
            return
        message = open_message(raw)
    except UnreadableEnvelope as fault:
        yield _unreadable(name, fault.problem)
        return
    reading = Reading(name, "dxp", "DxpMsg", [dxp_plain.message_to_plain(message)], message.problems, message.loss)
    if message.signature_present:
        reading.loss.append(
            Loss("/DxpMsg/Signature", "", "签名只在原报文里有效，记录不含", "a signature holds for the original only")
        )
    yield reading
    is_ceb = NAMESPACE.encode() in message.data[:2048]
    is_known = is_ceb or is_envelope(message.data) or goods.is_of_goods(message.data)
    if depth < _DEEPEST_ENVELOPE and is_known:
        yield from _read_one(f"{name}!Data", message.data, depth + 1)


def _lost_signature(pointer: str) -> Loss:
    return Loss(pointer, "", "签名只在原报文里有效，记录不含", "a signature holds for the original only")


def _unreadable(name: str, problem: Problem) -> Reading:
    return Reading(name, None, None, problems=[problem])


def _refused(name: str, code: str, zh: str, en: str) -> Reading:
    return _unreadable(name, codes.problem(code, "", zh=zh, en=en))


def check(envelope: Envelope) -> None:
    """Check every node by the figures of its own day; without code tables and without trust in signatures."""
    kind = KINDS[envelope.kind]
    for node in envelope.nodes:
        node.problems.extend(_checked(kind, node, envelope.signature_present))


def _checked(kind: Kind, node: Node, signature_present: bool) -> list[Problem]:
    day = day_of(node)
    known: dict[str, Decimal] = {}
    if day is not None:
        with suppress(figures.NoFigureOnDay):
            known["single_limit"] = Decimal(figures.get("ceb.single_limit_cny", day))
    return check_node(kind, node, Context(day or date.min, known), signature_present=signature_present)
