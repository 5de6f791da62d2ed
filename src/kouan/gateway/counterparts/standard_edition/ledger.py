"""What the played national side remembers, in one SQLite file: the nodes it holds, the answers it owes, and the letters
that wait to be fetched."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kouan.gateway.counterparts.standard_edition.behaviour import CLOSED, CONCLUDED, RELEASED, Behaviour, Planned, plan

_TABLES = """
create table if not exists message (digest text primary key, file_name text, taken_at real);
create table if not exists node (
    id integer primary key, kind text, owner text, number text, version integer, dxp_id text, pre_no text,
    list_no text, last_status text, taken_at real, head text
);
create unique index if not exists node_key on node (kind, owner, number);
create table if not exists answer (
    id integer primary key, node_id integer, status text, info text, decided_at real, due_at real, given_at real
);
create index if not exists answer_due on answer (due_at) where given_at is null;
create table if not exists parcel (
    carrier text, waybill text, kind text, node_id integer, primary key (carrier, waybill, kind, node_id)
) without rowid;
create index if not exists node_list on node (list_no) where list_no <> '';
create table if not exists letter (name text primary key, body blob, laid_at real);
create table if not exists setting (name text primary key, value text);
"""
_LIST, _DEPARTURE = "603", "509"
WAYBILLS = "waybills"
"""Under which word the head that is kept of a departure holds the parcels that it names."""
_SHOWN = ("id", "kind", "owner", "number", "version", "list_no", "last_status", "taken_at")


@dataclass(frozen=True, slots=True)
class Owed:
    """An answer that is due, with the node it answers. ``decided_at`` is what it says of its time."""

    id: int
    kind: str
    dxp_id: str
    status: str
    info: str
    decided_at: float
    pre_no: str
    list_no: str
    head: dict[str, Any]


class Ledger:
    """The memory of one played side. One process writes it; a reader may look on."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("pragma journal_mode = wal")
        self._db.executescript(_TABLES)
        if "decided_at" not in {row[1] for row in self._db.execute("pragma table_info(answer)")}:
            self._db.execute("alter table answer add column decided_at real")  # a ledger of an earlier version

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *reason: object) -> None:
        self._db.close()

    @property
    def behaviour(self) -> Behaviour:
        """How the side behaves now."""
        row = self._db.execute("select value from setting where name = 'behaviour'").fetchone()
        return Behaviour(**json.loads(row[0])) if row else Behaviour()

    @behaviour.setter
    def behaviour(self, value: Behaviour) -> None:
        self._db.execute("insert or replace into setting values ('behaviour', ?)", (json.dumps(value.to_dict()),))

    def take(
        self, digest: str, file_name: str, kind: str, dxp_id: str, nodes: Iterable[tuple[str, str, dict]], at: float
    ) -> bool:
        """Store the nodes of a message and plan their answers; the same message a second time changes nothing."""
        behaviour = self.behaviour
        self._db.execute("begin immediate")
        try:
            if self._db.execute("select 1 from message where digest = ?", (digest,)).fetchone():
                self._db.execute("rollback")
                return False
            self._db.execute("insert into message values (?, ?, ?)", (digest, file_name, at))
            for place, (owner, number, head) in enumerate(nodes):
                draw = random.Random(f"{behaviour.seed}:{digest}:{place}")
                self._take_node(kind, owner, number, dxp_id, head, plan(behaviour, kind, draw), at)
            self._db.execute("commit")
        except BaseException:
            self._db.execute("rollback")
            raise
        return True

    def _take_node(
        self, kind: str, owner: str, number: str, dxp_id: str, head: dict, planned: Sequence[Planned], at: float
    ) -> None:
        self._db.execute(
            """insert into node (kind, owner, number, version, dxp_id, pre_no, list_no, last_status, taken_at, head)
            values (?, ?, ?, 1, ?, '', '', '', ?, ?)
            on conflict (kind, owner, number) do update set version = version + 1, head = excluded.head,
                last_status = '', taken_at = excluded.taken_at""",
            (kind, owner, number, dxp_id, at, json.dumps(head)),
        )
        (node_id,) = self._db.execute(
            "select id from node where kind = ? and owner = ? and number = ?", (kind, owner, number)
        ).fetchone()
        day = head.get("app_time", "20260101")[:8]
        way = {"621": "I", "603": "E"}.get(kind)
        list_no = f"{head.get('customs_code') or '4700'}{day[:4]}{way}{node_id:09d}" if way else ""
        self._db.execute(
            "update node set pre_no = ?, list_no = ? where id = ?", (f"B{day}{node_id:09d}", list_no, node_id)
        )
        self._db.execute("delete from answer where node_id = ? and given_at is null", (node_id,))
        for one in planned:
            self._owe(node_id, one.status, "", at + one.decided_seconds, at + one.arrives_seconds)
        if kind in (_LIST, _DEPARTURE):
            self._close_departed(kind, node_id, head)

    def _close_departed(self, kind: str, node_id: int, head: dict) -> None:
        """Plan to close the export lists that are released and whose parcels have left, whichever was said first."""
        waybills = [head.get("waybill_no")] if kind == _LIST else head.get(WAYBILLS, [])
        carrier = head.get("carrier_code") or ""
        self._db.execute("delete from parcel where kind = ? and node_id = ?", (kind, node_id))
        self._db.executemany(
            "insert or ignore into parcel values (?, ?, ?, ?)",
            [(carrier, waybill, kind, node_id) for waybill in waybills],
        )
        rows = self._db.execute(
            """select l.node_id, max(released.decided_at), min(gone.decided_at), max(gone.due_at)
            from parcel mine join parcel l on l.carrier = mine.carrier and l.waybill = mine.waybill and l.kind = ?
            join parcel d on d.carrier = mine.carrier and d.waybill = mine.waybill and d.kind = ?
            join answer released on released.node_id = l.node_id and released.status = ?
            join answer gone on gone.node_id = d.node_id and gone.status = ?
            where mine.kind = ? and mine.node_id = ?
                and not exists (select 1 from answer c where c.node_id = l.node_id and c.status = ?)
            group by l.node_id""",
            (_LIST, _DEPARTURE, RELEASED, CONCLUDED, kind, node_id, CLOSED),
        ).fetchall()
        seconds = self.behaviour.seconds
        for list_id, released_at, gone_at, told_at in rows:
            decided_at = max(released_at, gone_at) + seconds
            self._owe(list_id, CLOSED, "", decided_at, max(decided_at, told_at))

    def owe(self, node_id: int, status: str, info: str, at: float) -> None:
        """Plan one more answer to a node, decided and due at a moment."""
        self._owe(node_id, status, info, at, at)

    def _owe(self, node_id: int, status: str, info: str, decided_at: float, due_at: float) -> None:
        self._db.execute(
            "insert into answer (node_id, status, info, decided_at, due_at) values (?, ?, ?, ?, ?)",
            (node_id, status, info, decided_at, due_at),
        )

    def due(self, now: float, limit: int = 500) -> list[Owed]:
        """Give the answers that are due, oldest first."""
        rows: list[Any] = self._db.execute(
            """select a.id, n.kind, n.dxp_id, a.status, a.info, coalesce(a.decided_at, a.due_at), n.pre_no,
                n.list_no, n.head
            from answer a join node n on n.id = a.node_id
            where a.given_at is null and a.due_at <= ? order by a.due_at, a.id limit ?""",
            (now, limit),
        ).fetchall()
        return [Owed(*row[:-1], head=json.loads(row[-1])) for row in rows]

    def given(self, answers: Sequence[Owed], at: float) -> None:
        """Note that answers were handed over."""
        self._db.execute("begin immediate")
        self._note_given(answers, at)
        self._db.execute("commit")

    def _note_given(self, answers: Sequence[Owed], at: float) -> None:
        for one in answers:
            self._db.execute("update answer set given_at = ? where id = ?", (at, one.id))
            self._db.execute(
                "update node set last_status = ? where id = (select node_id from answer where id = ?)",
                (one.status, one.id),
            )

    def lay(self, name: str, body: bytes, answers: Sequence[Owed], at: float) -> None:
        """Lay a letter out to be fetched, and note that the answers in it were given."""
        self._db.execute("begin immediate")
        try:
            self._db.execute("insert into letter values (?, ?, ?)", (name, body, at))
            self._note_given(answers, at)
            self._db.execute("commit")
        except BaseException:
            self._db.execute("rollback")
            raise

    def letters(self, *, limit: int, most_bytes: int) -> list[tuple[str, bytes]]:
        """Give the letters that wait, oldest first: as many as fit into a page, at least one."""
        page: list[tuple[str, bytes]] = []
        size = 0
        for name, body in self._db.execute("select name, body from letter order by rowid limit ?", (limit,)):
            size += len(body)
            if page and size > most_bytes:
                break
            page.append((name, body))
        return page

    def clear(self, names: Sequence[str]) -> int:
        """Forget letters that are safe at the other side; return how many had been waiting."""
        places = ", ".join("?" * len(names))
        return self._db.execute(f"delete from letter where name in ({places})", names).rowcount  # noqa: S608

    def list_nodes(self, *, kind: str = "", q: str = "", limit: int = 100) -> list[dict[str, Any]]:
        """Show what is held, newest first."""
        rows = self._db.execute(
            """select id, kind, owner, number, version, list_no, last_status, taken_at,
            (select count(*) from answer where node_id = node.id and given_at is null)
            from node where (? = '' or kind = ?) and (? = '' or instr(number, ?) or instr(list_no, ?))
            order by taken_at desc, id desc limit ?""",
            (kind, kind, q, q, q, limit),
        ).fetchall()
        return [dict(zip((*_SHOWN, "owed"), row, strict=True)) for row in rows]

    def get_node(self, node_id: int) -> dict[str, Any] | None:
        """Show one node that is held; ``None`` where there is none."""
        row = self._db.execute(
            "select id, kind, owner, number, version, list_no, last_status, taken_at from node where id = ?", (node_id,)
        ).fetchone()
        return dict(zip(_SHOWN, row, strict=True)) if row else None

    def heads_of(self, list_nos: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Give what is kept of export lists, by their numbers; one that is not held is not named."""
        found = {}
        for list_no in list_nos:
            row = self._db.execute("select head from node where list_no = ? and kind = ?", (list_no, _LIST)).fetchone()
            if row:
                found[list_no] = json.loads(row[0])
        return found

    def closed_between(self, since: float, until: float, **said: str) -> list[str]:
        """Give the numbers of the export lists that were closed in a time and say these things in their heads."""
        rows = self._db.execute(
            """select n.list_no, n.head from node n join answer a on a.node_id = n.id
            where n.kind = ? and a.status = ? and a.decided_at between ? and ? group by n.id order by n.id""",
            (_LIST, CLOSED, since, until),
        ).fetchall()
        heads = [(list_no, json.loads(head)) for list_no, head in rows]
        return [list_no for list_no, head in heads if all(head.get(name) == value for name, value in said.items())]

    def find(self, kind: str, number: str) -> int | None:
        """Find a node by kind and number."""
        row = self._db.execute("select id from node where kind = ? and number = ?", (kind, number)).fetchone()
        return row[0] if row else None
