"""Reads whatever of goods declarations a file holds, a declaration with its files or receipts, into one plain form."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from kouan.gateway.standards.xmldsig.documents import root_name
from kouan.kernel import dates
from kouan.records.problems import Loss, Problem

from .checks import Context, check
from .packing import check_packet, unpack
from .plain import receipt_to_plain, to_plain
from .reader import decode
from .receipts import KINDS, read_receipts
from .types import ROOT, Declaration, UnreadableMessage

__all__ = ["ReadMessage", "UnreadableMessage", "is_of_goods", "is_packet", "kind_of", "read"]


@dataclass(slots=True)
class ReadMessage:
    """A message of goods declarations in plain form: its kind, records, problems and losses."""

    kind: str
    records: list[Any] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    loss: list[Loss] = field(default_factory=list)


def kind_of(raw: bytes) -> str | None:
    """Say by the root element alone which kind of message bytes are; None if none of this standard."""
    name = root_name(raw)
    if name == "Root" and b"<resultFlag" not in raw[:2048]:
        return None
    return ROOT if name == ROOT else KINDS.get(name)


def is_packet(raw: bytes) -> bool:
    """Say whether a zip is one declaration with its files, not a collection of messages."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            names = [one.filename.lower() for one in archive.infolist()]
            messages = [name for name in names if name.endswith(".xml")]
            if len(messages) != 1 or len(names) > 50:
                return False
            with archive.open(archive.infolist()[names.index(messages[0])]) as stream:
                return kind_of(stream.read(4096)) == ROOT
    except (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError, EOFError, OSError):
        return False


def is_of_goods(raw: bytes) -> bool:
    """Say whether bytes are a message of this standard, bare or as a packet."""
    return is_packet(raw) if raw[:4] == b"PK\x03\x04" else kind_of(raw) is not None


def read(raw: bytes) -> ReadMessage:
    """Read a declaration, a packet, or receipts; a declaration is checked without code tables. Raises
    UnreadableMessage.
    """
    if raw[:4] != b"PK\x03\x04" and kind_of(raw) != ROOT:
        receipts = read_receipts(raw)
        plain = [receipt_to_plain(one) for one in receipts.receipts]
        return ReadMessage(receipts.kind, plain, receipts.problems, receipts.loss)
    packet = unpack(raw)
    declaration = decode(packet.raw)
    check(declaration, Context(day_of(declaration)))
    declaration.problems += check_packet(declaration, packet)
    for name in packet.files:
        declaration.loss.append(Loss(name, "", "附件只在压缩包里，记录不含", "an attached file stays in the zip"))
    return ReadMessage(ROOT, [to_plain(declaration)], declaration.problems, declaration.loss)


def day_of(declaration: Declaration) -> date:
    """Give the day by which a declaration is judged: when the goods come or go, else the first day of all."""
    try:
        return dates.parse_date(declaration.head.entry_date or "")
    except ValueError:
        return dates.parse_date("20180801")
