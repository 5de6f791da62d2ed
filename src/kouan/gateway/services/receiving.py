"""Receiving: bytes are on disk for good before anybody hears "received".

Nothing here looks deeper into a message than its first bytes: what it is and which guid it carries. Reading, checking
and answering come later, in batches, from the rows of ``Work`` that are written in the same statement.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection as database
from psycopg import Cursor

from kouan.accounts.codes import GOODS_DOCUMENTS
from kouan.gateway.codes import Side, Step
from kouan.gateway.models import Connection
from kouan.gateway.standards.dec.packing import LARGEST_ZIP
from kouan.gateway.standards.dec.reading import is_packet
from kouan.gateway.standards.dec.reading import kind_of as kind_of_goods
from kouan.gateway.standards.dxp.codec import UnreadableEnvelope, open_message
from kouan.kernel.identifiers import uuid7
from kouan.records.problems import Problem
from kouan.safekeeping.safe import safe

MAX_MESSAGE_BYTES = 8 * 1024 * 1024
"""The largest single message that is taken: a full 621 of 100 nodes is about 2 MiB; DXP carries at most 4 MiB."""
MAX_BODY_BYTES = 64 * 1024 * 1024
"""The largest body of one request, a zip of many messages."""
MAX_MESSAGES_A_BODY = 500

_ROOT = re.compile(
    rb"<(?:[A-Za-z_][\w.-]*:)?(?:CEB(?P<ceb>\d{3})(?:Message)?|(?P<other>DxpMsgSv|DxpMsg|DxpRep))\b(?P<attributes>[^>]{0,2000})>"
)
_GUID = re.compile(rb"""\bguid\s*=\s*["']([^"'<]{1,64})["']""")
_COP_MSG_ID = re.compile(rb"<(?:[\w.-]+:)?CopMsgId>\s*([^<\s]{1,64})\s*<")
_HEAD_BYTES = 4096
_DATA = re.compile(rb"<(?:[\w.-]+:)?Data>\s*([A-Za-z0-9+/\s]{16,})")
_PEEKED = 2048
"""So much of what an envelope carries is looked at, to see whose it is."""
_ZIP = b"PK\x03\x04"

_INSERT = """
with incoming as (
    select * from unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::bytea[], %b::bytea[], %b::int[],
        %b::text[], %b::text[]) as row(id, standard, kind, guid, digest, raw, raw_size, file_name, step)
), keyed as (
    insert into gateway_envelopekey (connection_id, guid, digest, message_id)
    select %b, guid, digest, id from incoming order by guid
    on conflict do nothing returning message_id
), kept as (
    insert into gateway_message
        (id, connection_id, organisation_id, side, standard, kind, guid, digest, raw, raw_size, file_name, received_at)
    select id, %b, %b, %b, standard, kind, guid, digest, raw, raw_size, file_name, %b
    from incoming join keyed on message_id = id
), queued as (
    insert into gateway_work
    (item_id, step, is_receipt, connection_id, created_at, available_at, attempts, error, is_parked)
    select message_id, step, false, %b, %b, %b, 0, '', false from incoming join keyed on message_id = id
)
select message_id from keyed
"""


class NotReceived(Exception):
    """The bytes were not taken, and the sender is told why. Nothing was stored."""

    def __init__(self, problem: Problem, *, status: int) -> None:
        super().__init__(problem.en)
        self.problem, self.status = problem, status


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What the sender hears about one message once it is on disk.

    is_repeated: the same bytes were here before and the answer is the same. conflicts_with: the message that came
    earlier under the same guid with other bytes; this one is kept and goes no further.
    """

    message_id: UUID
    guid: str
    digest: str
    is_repeated: bool = False
    conflicts_with: UUID | None = None

    def problem(self) -> Problem:
        """Say that the guid is taken by other content."""
        return _problem(
            "-930006",
            f"报文编号 {self.guid} 已用于内容不同的报文 {self.conflicts_with}，本报文只留存、不处理",
            f"The guid {self.guid} stands for another message, {self.conflicts_with}; this is only kept",
            "请为新的报文生成新的编号（guid）",
            "Give a new message a new guid",
        )


@dataclass(slots=True)
class _Incoming:
    id: UUID
    standard: str
    kind: str
    guid: str
    digest: bytes
    raw: bytes
    file_name: str
    is_of_goods: bool = False


def receive(
    *, channel: Connection, body: bytes, at: datetime, file_name: str = "", kinds: frozenset[str] = frozenset()
) -> list[Acknowledgement]:
    """Keep a body that arrived whole, and acknowledge every message in it.

    body: one message (CEB, DXP envelope, goods declaration), a zip of them without folders, or a goods declaration with
    its files as one zip. at: when it arrived. kinds: the documents that the sender's token covers, empty for all.
    Raises NotReceived when it is too large, names no message at all, or holds a document that the token does not cover.
    One transaction: all of it or nothing.
    """
    incoming = [_look_at(raw, name) for name, raw in unpack(body, file_name)]
    if kinds and (others := sorted({_document_of(message) for message in incoming} - kinds)):
        raise _not_covered(others, kinds)
    return _keep(channel, incoming, at)


def _document_of(message: _Incoming) -> str:
    """Say which document a message is or, in an envelope, carries; as tokens and delegations call it."""
    if message.is_of_goods:
        return GOODS_DOCUMENTS
    if message.standard == "dxp":
        try:
            return _look_at(open_message(message.raw).data, "").kind
        except UnreadableEnvelope:
            return message.kind
    return message.kind


def _not_covered(others: list[str], kinds: frozenset[str]) -> NotReceived:
    found, needed = "、".join(others), "、".join(sorted(kinds))
    return NotReceived(
        _problem(
            "-930008",
            f"令牌不含此类单证：{found}（可报送：{needed}）",
            f"The token does not cover these documents: {', '.join(others)} (it covers {', '.join(sorted(kinds))})",
            "请换用含该类单证的令牌，或由企业管理员发放",
            "Use a token that covers them, or let the firm's administrator issue one",
        ),
        status=403,
    )


def _keep(channel: Connection, incoming: list[_Incoming], at: datetime) -> list[Acknowledgement]:
    """Write messages, keys and work in one statement, and compare what was here before."""
    unique = list({m.guid: m for m in reversed(incoming)}.values())
    database.ensure_connection()
    cursor = Cursor(database.connection)
    rows = _rows_of(unique, at, is_official=channel.side == Side.NATIONAL)
    cursor.execute(
        _INSERT,
        (
            *rows,
            channel.id,
            channel.id,
            channel.organisation_id,
            str(channel.side),
            at,
            channel.id,
            at,
            at,
        ),
    )
    fresh = {row[0] for row in cursor.fetchall()}
    known = {} if len(fresh) == len(incoming) else _known(cursor, channel, [m.guid for m in incoming])
    answers = []
    for message in incoming:
        if message.id in fresh:
            answers.append(Acknowledgement(message.id, message.guid, message.digest.hex()))
            continue
        digest, first = known[message.guid]
        if digest == message.digest:
            answers.append(Acknowledgement(first, message.guid, message.digest.hex(), is_repeated=True))
        else:
            _keep_aside(cursor, channel, message, at)
            answers.append(Acknowledgement(message.id, message.guid, message.digest.hex(), conflicts_with=first))
    return answers


_FIRST_STEP = {(False, False): Step.STORE, (True, False): Step.ANSWER,
               (False, True): Step.STORE_GOODS, (True, True): Step.ANSWER_GOODS}  # fmt: skip
"""The first step of a message, by whether it is official and whether it is of goods declarations."""


def _rows_of(messages: list[_Incoming], at: datetime, *, is_official: bool) -> tuple[list, ...]:
    return (
        [m.id for m in messages],
        [m.standard for m in messages],
        [m.kind for m in messages],
        [m.guid for m in messages],
        [m.digest for m in messages],
        [safe().keep(m.raw, at) for m in messages],
        [len(m.raw) for m in messages],
        [m.file_name for m in messages],
        [str(_FIRST_STEP[is_official, m.is_of_goods]) for m in messages],
    )


def _known(cursor: Cursor, channel: Connection, guids: list[str]) -> dict[str, tuple[bytes, UUID]]:
    cursor.execute(
        "select guid, digest, message_id from gateway_envelopekey where connection_id = %b and guid = any(%b)",
        (channel.id, guids),
    )
    return {guid: (bytes(digest), message_id) for guid, digest, message_id in cursor.fetchall()}


def _keep_aside(cursor: Cursor, channel: Connection, message: _Incoming, at: datetime) -> None:
    """Keep a message whose guid is taken: in the monitor for everybody to see, without work."""
    cursor.execute(
        """insert into gateway_message
        (id, connection_id, organisation_id, side, standard, kind, guid, digest, raw, raw_size, file_name, received_at)
        values (%b, %b, %b, %b, %b, 'conflict', %b, %b, %b, %b, %b, %b)""",
        (
            message.id,
            channel.id,
            channel.organisation_id,
            str(channel.side),
            message.standard,
            message.guid,
            message.digest,
            safe().keep(message.raw, at),
            len(message.raw),
            message.file_name,
            at,
        ),
    )


def _look_at(raw: bytes, file_name: str) -> _Incoming:
    """See what a message is from its first bytes; what cannot be told is kept as unknown, keyed by its digest."""
    digest = hashlib.sha256(raw).digest()
    head = raw[:_HEAD_BYTES]
    standard, kind, guid, is_of_goods = "unknown", "unknown", None, False
    if found := _ROOT.search(head):
        if found["ceb"]:
            standard, kind = "ceb", found["ceb"].decode()
            guid = _GUID.search(found["attributes"])
        else:
            standard, kind = "dxp", found["other"].decode()
            guid = _COP_MSG_ID.search(head)
            is_of_goods = _carries_goods(raw)
    elif goods := "DecMessage" if raw[:4] == _ZIP else kind_of_goods(head):
        standard, kind, is_of_goods = "dec", goods, True
    key = guid[1].decode("utf-8", "replace").replace("\x00", "�") if guid else digest.hex()
    return _Incoming(uuid7(), standard, kind, key, digest, raw, file_name[:255], is_of_goods)


def _carries_goods(envelope: bytes) -> bool:
    """Say by its first bytes whether what an envelope carries is of goods declarations."""
    found = _DATA.search(envelope, 0, 4 * _HEAD_BYTES)
    if found is None:
        return False
    start = b"".join(found[1][: 2 * _PEEKED].split())
    try:
        inside = base64.b64decode(start[: len(start) // 4 * 4])
    except ValueError:
        return False
    return inside[:4] == _ZIP or kind_of_goods(inside[:_PEEKED]) is not None


def unpack(body: bytes, file_name: str) -> list[tuple[str, bytes]]:
    """Give the messages of a body with their names: the body itself, or what a zip holds. Raises NotReceived."""
    if not body:
        raise NotReceived(
            _problem("-930001", "报文为空", "The body is empty", "请发送报文内容", "Send the message"), status=400
        )
    if body[:4] == _ZIP:
        return [(file_name, body)] if len(body) <= LARGEST_ZIP and is_packet(body) else _unzip(body)
    if len(body) > MAX_MESSAGE_BYTES:
        raise _too_large(len(body), MAX_MESSAGE_BYTES)
    return [(file_name, body)]


def _unzip(body: bytes) -> list[tuple[str, bytes]]:
    """Take the messages out of a zip: no folders, nothing encrypted, bounded in count and in what it unpacks to."""
    if len(body) > MAX_BODY_BYTES:
        raise _too_large(len(body), MAX_BODY_BYTES)
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            return [(entry.filename, archive.read(entry)) for entry in entries]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise NotReceived(
            _problem(
                "-930003",
                "压缩包无法读取",
                f"The zip cannot be read: {error}",
                "请重新压缩后发送",
                "Pack it again and send it",
            ),
            status=400,
        ) from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if not entries or len(entries) > MAX_MESSAGES_A_BODY:
        raise NotReceived(
            _problem(
                "-930004",
                f"压缩包内应有 1 至 {MAX_MESSAGES_A_BODY} 个报文，实有 {len(entries)} 个",
                f"A zip holds 1 to {MAX_MESSAGES_A_BODY} messages, this one {len(entries)}",
                "请拆分后发送",
                "Split it",
            ),
            status=400,
        )
    if sum(entry.file_size for entry in entries) > MAX_BODY_BYTES:
        raise _too_large(sum(entry.file_size for entry in entries), MAX_BODY_BYTES)
    for entry in entries:
        if entry.file_size > MAX_MESSAGE_BYTES:
            raise _too_large(entry.file_size, MAX_MESSAGE_BYTES)
        if entry.is_dir() or "/" in entry.filename or "\\" in entry.filename or ".." in entry.filename:
            raise NotReceived(
                _problem(
                    "-930005",
                    f"压缩包内不得有文件夹：{entry.filename[:80]}",
                    f"No folders in the zip: {entry.filename[:80]}",
                    "请把报文直接放在压缩包根部",
                    "Put the messages at the root of the zip",
                ),
                status=400,
            )


def body_is_too_large(size: int) -> NotReceived:
    """Refuse a body by the length that was announced."""
    return _too_large(size, MAX_BODY_BYTES)


def body_was_cut_off() -> NotReceived:
    """Refuse a body that broke off half-way: nothing of it is kept."""
    return NotReceived(
        _problem(
            "-930007",
            "报文传输中断，未收完整",
            "The body broke off half-way",
            "请重新发送完整报文",
            "Send the whole message again",
        ),
        status=400,
    )


def _too_large(size: int, limit: int) -> NotReceived:
    mebibytes = limit // (1024 * 1024)
    return NotReceived(
        _problem(
            "-930002",
            f"报文过大：{size} 字节，上限 {mebibytes} MiB",
            f"Too large: {size} bytes, the limit is {mebibytes} MiB",
            "请拆分为多个报文",
            "Split it into several messages",
        ),
        status=413,
    )


def _problem(code: str, zh: str, en: str, fix_zh: str, fix_en: str) -> Problem:
    return Problem(code=code, pointer="", severity="error", zh=zh, en=en, fix_zh=fix_zh, fix_en=fix_en)
