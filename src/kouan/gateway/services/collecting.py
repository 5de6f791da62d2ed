"""Collecting: files that lie in exchange folders are received like any other body, and moved when they are safe.

A firm's folder is read at its ``OutBox``: what was taken moves to ``SentBox``, what cannot be taken to ``FailBox``, and
``InBox`` says which (``technical``). The national client's folder is read at its ``InBox``: what was taken is removed,
as the client expects. A crash between receiving and moving makes the file come again; the same bytes change nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection as database
from psycopg import Cursor

from kouan.gateway.codes import Carrier, Carries, Side
from kouan.gateway.models import Connection
from kouan.gateway.services.outages import note_standstill
from kouan.gateway.services.receiving import MAX_BODY_BYTES, Acknowledgement, NotReceived, receive
from kouan.gateway.services.technical import note_technical, tell_refused, tell_taken
from kouan.gateway.transports.file_names import read_technical, readable, technical_name
from kouan.gateway.transports.folder import Folder
from kouan.records.problems import Problem

log = logging.getLogger("kouan.gateway.collect")

MAX_FILES_A_TURN = 50
STANDSTILL_AFTER = timedelta(minutes=5)
"""How long the national client may leave a message in its folder before the channel counts as failing."""


def collect_due(*, root: Path, at: datetime) -> int:
    """Receive what lies in the folders of all active channels below ``root``; return how many files were taken."""
    taken = 0
    for channel in Connection.objects.filter(carrier=Carrier.FOLDER, is_active=True):
        taken += _collect(channel, folder_of(channel, root), at)
    return taken


def watch_folders(*, root: Path, at: datetime) -> None:
    """See whether the national side takes what is laid into its folder, and write down since when it does not."""
    for channel in Connection.objects.filter(carrier=Carrier.FOLDER, side=Side.NATIONAL, is_active=True):
        since, count = folder_of(channel, root).left_behind("OutBox")
        stands_still = since is not None and at - since > STANDSTILL_AFTER
        detail = f"OutBox 中有 {count} 份报文未被客户端取走 / {count} messages in OutBox were not taken by the client"
        note_standstill(channel, since=since if stands_still else None, detail=detail)


def folder_of(channel: Connection, root: Path) -> Folder:
    """Give the folder of a channel; an address that leads out of the exchange root is refused."""
    path = (root / channel.address).resolve()
    if not path.is_relative_to(root.resolve()):
        raise ValueError(f"the folder of channel {channel.pk} lies outside the exchange root")
    return Folder(path)


def _collect(channel: Connection, folder: Folder, at: datetime) -> int:
    """Receive the files of one channel; one worker at a time, each file in a transaction of its own."""
    cursor = Cursor(database.connection)
    name = f"folder {channel.pk}"
    if not cursor.execute("select pg_try_advisory_lock(hashtextextended(%b, 0))", (name,)).fetchone()[0]:  # type: ignore[index]
        return 0
    try:
        return _take_files(channel, folder, at)
    finally:
        cursor.execute("select pg_advisory_unlock(hashtextextended(%b, 0))", (name,))


def _take_files(channel: Connection, folder: Folder, at: datetime) -> int:
    folder.prepare()
    box, take = ("InBox", _take_answer) if channel.side == Side.NATIONAL else ("OutBox", _take_declaration)
    taken = 0
    for path, data in folder.waiting(box, limit=MAX_FILES_A_TURN, largest=MAX_BODY_BYTES):
        taken += 1
        try:
            take(channel, folder, path, data, at)
        except OSError as fault:  # another hand was quicker, or the disk does not let us: the other files go on
            log.warning("%s of channel %s: %s", readable(path.name), channel.pk, fault)
    if taken:
        Connection.objects.filter(pk=channel.pk).update(last_received_at=at)
    return taken


def _take_answer(channel: Connection, folder: Folder, path: Path, data: bytes | None, at: datetime) -> None:
    """Receive a file of the national client and remove it; one that cannot be taken goes to FailBox and is shown."""
    said = read_technical(path.name) if channel.carries == Carries.PARCELS else None
    if said is not None and data is not None:
        note_technical(channel, said, data, at)
        path.unlink()
        return
    try:
        _receive(channel, path, data, at)
    except NotReceived as refusal:
        log.warning("%s of channel %s: %s", path.name, channel.pk, refusal)
        folder.move(path, "FailBox", at)
        return
    path.unlink()


def _take_declaration(channel: Connection, folder: Folder, path: Path, data: bytes | None, at: datetime) -> None:
    """Receive a file of a firm, say in its InBox whether it was taken, and move it where the client would."""
    try:
        acknowledgements = _receive(channel, path, data, at)
    except NotReceived as refusal:
        is_taken, told = False, tell_refused(channel, readable(path.name), refusal.problem, at)
    else:
        is_taken = not any(one.conflicts_with for one in acknowledgements)
        told = tell_taken(channel, acknowledgements, at)
    folder.put("InBox", technical_name(path.name, is_taken=is_taken, at=at), told)
    folder.move(path, "SentBox" if is_taken else "FailBox", at)


def _receive(channel: Connection, path: Path, data: bytes | None, at: datetime) -> list[Acknowledgement]:
    if data is None:
        raise NotReceived(_too_large(readable(path.name)), status=413)
    return receive(channel=channel, body=data, at=at, file_name=readable(path.name))


def _too_large(name: str) -> Problem:
    limit = MAX_BODY_BYTES // (1024 * 1024)
    return Problem(
        "-930002",
        "",
        "error",
        f"文件 {name[:80]} 超过 {limit} MiB",
        f"File {name[:80]} is larger than {limit} MiB",
        "请拆分为多个文件",
        "Split it into several files",
    )
