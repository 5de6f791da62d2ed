"""Playing the national window for goods declarations: taking packets from the client's folder, laying receipts back."""

from __future__ import annotations

import json
import random
import sqlite3
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kouan.gateway.counterparts.goods_window.behaviour import Behaviour, note_of, plan
from kouan.gateway.standards.dec.packing import LARGEST_ZIP, check_packet, unpack
from kouan.gateway.standards.dec.reader import decode
from kouan.gateway.standards.dec.receipts import BusinessReceipt, ImportResponse, write_receipt
from kouan.gateway.standards.dec.types import UnreadableMessage
from kouan.gateway.transports.folder import Folder
from kouan.kernel.dates import CHINA_TIME

_TABLES = """
create table if not exists held (
    id integer primary key, name text, client_no text, seq_no text, customs_code text, direction text, channel text,
    taken_at real, version integer
);
create unique index if not exists held_key on held (client_no);
create table if not exists answer (
    id integer primary key, held_id integer, code text, note text, due_at real, given_at real
);
create index if not exists answer_due on answer (due_at) where given_at is null;
create table if not exists setting (name text primary key, value text);
"""


@dataclass(frozen=True, slots=True)
class _Owed:
    id: int
    code: str
    note: str
    due_at: float
    held_id: int
    name: str
    client_no: str
    seq_no: str
    customs_code: str
    direction: str


class GoodsWindow:
    """One played window with what it holds. One process writes; a reader may look on."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("pragma journal_mode = wal")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @property
    def behaviour(self) -> Behaviour:
        """How the window behaves now."""
        row = self._db.execute("select value from setting where name = 'behaviour'").fetchone()
        return Behaviour(**json.loads(row[0])) if row else Behaviour()

    @behaviour.setter
    def behaviour(self, value: Behaviour) -> None:
        self._db.execute("insert or replace into setting values ('behaviour', ?)", (json.dumps(value.to_dict()),))

    def take(self, raw: bytes, name: str, at: float) -> bytes | None:
        """Take one packet; give a failed import response for one that cannot be read or whose files are wrong."""
        try:
            packet = unpack(raw)
            declaration = decode(packet.raw)
        except UnreadableMessage as reason:
            return write_receipt(ImportResponse("1", f"{reason.problem.zh}（演示）"))
        wrong = [one for one in check_packet(declaration, packet) if one.is_error]
        client_no = declaration.signing.client_no or ""
        if wrong or not client_no:
            text = wrong[0].zh if wrong else "缺少企业编号"
            return write_receipt(ImportResponse("1", f"{text}（演示）", client_no))
        head = declaration.head
        behaviour = self.behaviour
        draw = random.Random(f"{behaviour.seed}:{client_no}:{at}" if behaviour.seed else uuid.uuid4().hex)
        self._db.execute("begin immediate")
        row = (name, client_no, head.customs_code or "", head.direction or "", at)
        self._db.execute(
            """insert into held (name, client_no, seq_no, customs_code, direction, channel, taken_at, version)
            values (?, ?, '', ?, ?, '', ?, 1) on conflict (client_no) do update set
            name = excluded.name, taken_at = excluded.taken_at, channel = '', version = version + 1""",
            row,
        )
        (held_id,) = self._db.execute("select id from held where client_no = ?", (client_no,)).fetchone()
        self._db.execute("update held set seq_no = ? where id = ?", (f"I{held_id:017d}", held_id))
        self._db.execute("delete from answer where held_id = ? and given_at is null", (held_id,))
        for code, delay in plan(behaviour, draw):
            self._owe(held_id, code, "", at + delay)
        self._db.execute("commit")
        return None

    def decide(self, client_no: str, code: str, note: str = "", at: float | None = None) -> bool:
        """Give a declaration one more answer by hand; tell whether it is held."""
        row = self._db.execute("select id from held where client_no = ?", (client_no,)).fetchone()
        if row is None:
            return False
        self._owe(row[0], code, note, time.time() if at is None else at)
        return True

    def _owe(self, held_id: int, code: str, note: str, due_at: float) -> None:
        self._db.execute("insert into answer (held_id, code, note, due_at) values (?, ?, ?, ?)",
                         (held_id, code, note, due_at))  # fmt: skip

    def list_held(self, *, q: str = "", limit: int = 100) -> list[dict[str, Any]]:
        """Show what is held, newest first."""
        rows = self._db.execute(
            """select client_no, seq_no, channel, taken_at, version,
            (select count(*) from answer where held_id = held.id and given_at is null) from held
            where ? = '' or instr(client_no, ?) order by taken_at desc, id desc limit ?""",
            (q, q, limit),
        ).fetchall()
        names = ("client_no", "seq_no", "channel", "taken_at", "version", "owed")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def answers(self, now: float, limit: int = 500) -> Iterator[tuple[str, bytes]]:
        """Write what is due, oldest first; each is given once it is taken from here."""
        rows: list[Any] = self._db.execute(
            """select a.id, a.code, a.note, a.due_at, h.id, h.name, h.client_no, h.seq_no, h.customs_code, h.direction
            from answer a join held h on h.id = a.held_id
            where a.given_at is null and a.due_at <= ? order by a.due_at, a.id limit ?""",
            (now, limit),
        ).fetchall()
        for owed in [_Owed(*row) for row in rows]:
            yield _name_of(owed), _receipt_of(owed)
            self._db.execute("update answer set given_at = ? where id = ?", (now, owed.id))
            self._db.execute("update held set channel = ? where id = ?", (owed.code, owed.held_id))


def _name_of(owed: _Owed) -> str:
    if owed.code.startswith("response"):
        word = "Successed" if owed.code.endswith("0") else "Failed"
        return f"{word}_{Path(owed.name).stem}_{uuid.uuid4().hex[:12]}"
    return f"Receipt_{owed.seq_no}_{uuid.uuid4().hex[:12]}"


def _receipt_of(owed: _Owed) -> bytes:
    if owed.code.startswith("response"):
        code = owed.code.split()[1]
        text = owed.note or ("暂存成功（演示）" if code == "0" else "导入失败：操作员卡未登记（演示）")
        return write_receipt(ImportResponse(code, text, owed.client_no, owed.seq_no if code == "0" else ""))
    at = datetime.fromtimestamp(owed.due_at, CHINA_TIME)
    direction = "1" if owed.direction == "I" else "0"
    entry_no = f"{owed.customs_code or '4700'}{at:%Y}{direction}{owed.held_id:09d}"
    known_to_customs = owed.code in "LEHZGTBFRDMWICSa"
    return write_receipt(
        BusinessReceipt(
            seq_no=owed.seq_no, entry_no=entry_no if known_to_customs else "", noticed=f"{at:%Y-%m-%dT%H:%M:%S}",
            channel=owed.code, note=owed.note or note_of(owed.code), customs_code=owed.customs_code,
            declare_date=f"{at:%Y%m%d}",
        )
    )  # fmt: skip


class WindowPlayer:
    """Plays the import client's folder of goods declarations: takes from ``OutBox``, lays receipts into ``InBox``."""

    def __init__(self, window: GoodsWindow, root: Path) -> None:
        self._window, self._folder = window, Folder(root)
        self._folder.prepare()

    def turn(self, now: float) -> int:
        """Take what lies there and give what is due; return how much was done."""
        moment = datetime.fromtimestamp(now, CHINA_TIME)
        done = 0
        for path, data in self._folder.waiting("OutBox", limit=200, largest=LARGEST_ZIP):
            refusal = None if data is None else self._window.take(data, path.name, now)
            if refusal is not None:
                self._folder.put("InBox", f"Failed_{path.stem}_{uuid.uuid4().hex[:12]}.xml", refusal)
            self._folder.move(path, "FailBox" if data is None or refusal is not None else "SentBox", moment)
            done += 1
        for name, body in self._window.answers(now):
            self._folder.put("InBox", f"{name}.xml", body)
            done += 1
        return done
