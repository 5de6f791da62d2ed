"""Proving the audit: entries against seals, seals against each other and against the files outside the database."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Min, Q

from kouan.audit.exports import list_exports, read_lines
from kouan.audit.leaves import Leaf, stream_leaves
from kouan.audit.merkle import NOTHING, root_of, seal_hash
from kouan.audit.models import AuditEntry, AuditSeal
from kouan.kernel.identifiers import time_of_uuid7

Columns = dict[str, Any]

SENTENCES = {
    "entry_changed": ("已封存的审计记录被改动", "a sealed entry was changed"),
    "entry_deleted": ("已封存的审计记录被删除", "a sealed entry was deleted"),
    "entry_inserted": ("封存之后插入了审计记录", "an entry was inserted after the seal"),
    "entries_differ": ("封存范围内的记录与封存值不符（外部文件中没有逐条摘要）", "entries differ from their seal"),
    "entry_forged": ("审计记录的事务号或集群号不可能出现", "an entry names a transaction that cannot be"),
    "seal_changed": ("封存被改动", "a seal was changed"),
    "seal_deleted": ("封存被删除，外部文件中仍有", "a seal was deleted; the file outside has it"),
    "export_missing": ("外部文件中没有此封存，而后续封存已导出", "the file outside lacks a seal that others follow"),
    "chain_broken": ("封存链断裂", "the chain of seals is broken"),
    "export_changed": ("外部文件中的封存被改动", "a seal in the file outside was changed"),
    "export_unreadable": ("外部文件中有一行无法读取", "a line of the file outside cannot be read"),
    "head_unknown": ("所给封存值不在链中", "the hash given is not in the chain"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something tampered: what, in which seal (its number), which entry (its id) or which file."""

    kind: str
    seal: int | None = None
    entry: str = ""
    place: str = ""

    @property
    def zh(self) -> str:
        """The finding as a sentence in Chinese."""
        return SENTENCES[self.kind][0]

    @property
    def en(self) -> str:
        """The finding as a sentence in English."""
        return SENTENCES[self.kind][1]

    def to_dict(self) -> dict[str, Any]:
        """The plain form for JSON."""
        return asdict(self) | {"zh": self.zh, "en": self.en}


@dataclass
class Verification:
    """What a proof found: findings (none: nothing is tampered), and what is not proven yet."""

    findings: list[Finding] = field(default_factory=list)
    seals: int = 0
    sealed_entries: int = 0
    dropped_entries: int = 0
    unsealed_entries: int = 0
    unsealed_since: dt.datetime | None = None
    unexported_seals: int = 0
    exported_seals: int = 0
    head: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is tampered."""
        return not self.findings

    def to_dict(self) -> dict[str, Any]:
        """The plain form for JSON."""
        plain = asdict(self) | {"findings": [finding.to_dict() for finding in self.findings]}
        plain["unsealed_since"] = self.unsealed_since.isoformat() if self.unsealed_since else None
        return {"sound": self.is_sound} | plain


@dataclass(frozen=True)
class _Exported:
    """A line of the files: a seal's columns, its hash, and the hashes of its entries."""

    columns: Columns
    hash: str
    leaves: dict[str, str]

    @property
    def is_whole(self) -> bool:
        """Whether the seal's hash is that of its columns."""
        return seal_hash(self.columns).hex() == self.hash

    def list_trusted_leaves(self) -> dict[str, str] | None:
        """The hashes of the entries, where they give the seal's root."""
        ordered = [bytes.fromhex(self.leaves[entry]) for entry in sorted(self.leaves)]
        return self.leaves if root_of(ordered).hex() == self.columns["root"] else None


def verify(*, folder: Path | None, head: str = "") -> Verification:
    """Prove the whole audit; a read-only look at one moment of the database.

    folder: the exported seals; None where there are none, and then a changed entry can be told from its seal only as
    a whole, and a cut end of the chain cannot be seen. head: a seal's hash noted elsewhere earlier; it has to be in
    the chain.
    """
    # The files first, only as far as they reach now: every seal in them is then in the database, unless deleted.
    files = [(path, path.stat().st_size) for path in list_exports(folder)] if folder else []
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _Proof(files, head).run()


class _Proof:
    """One run over seals, files and entries."""

    def __init__(self, files: list[tuple[Path, int]], head: str) -> None:
        self.files, self.head = files, head
        self.result = Verification()
        self.previous = NOTHING.hex()
        self.reached: dict[int, int] = {}
        self.last_cluster: int | None = None
        self.streams: dict[int, Iterator[Leaf]] = {}
        self.next_leaf: dict[int, Leaf | None] = {}
        self.dropped_months = self._list_dropped_months()
        self.is_head_seen = not head

    def run(self) -> Verification:
        for number, stored, exported in self._pair(self._stored(), self._exported()):
            self._check_seal(number, stored, exported)
        self._check_unsealed()
        if not self.is_head_seen:
            self._found("head_unknown", place=self.head)
        return self.result

    def _check_seal(self, number: int, stored: AuditSeal | None, exported: _Exported | None) -> None:
        if exported is not None and not exported.is_whole:
            self._found("export_changed", seal=number)
            exported = None
        columns, digest = self._trusted(number, stored, exported)
        if columns is None:
            return
        expected = self.reached.get(columns["cluster"], 0)
        if columns["previous"] != self.previous or columns["from_txid"] != expected:
            self._found("chain_broken", seal=number)
        self.previous = self.result.head = digest
        self.is_head_seen |= digest == self.head
        self.result.seals += 1
        self._check_entries(columns, exported)

    def _trusted(self, number: int, stored: AuditSeal | None, exported: _Exported | None) -> tuple[Columns | None, str]:
        """The seal to prove entries with: that of the file where there is one, else that of the database."""
        if exported is not None:
            self.result.exported_seals += 1
        if stored is None:
            self._found("seal_deleted", seal=number)
            return (exported.columns, exported.hash) if exported else (None, "")
        columns, digest = stored.to_columns(), bytes(stored.hash).hex()
        if exported is not None:
            if (columns, digest) != (exported.columns, exported.hash):
                self._found("seal_changed", seal=number)
            return exported.columns, exported.hash
        if seal_hash(columns).hex() != digest:
            self._found("seal_changed", seal=number)
        return columns, digest

    def _check_entries(self, columns: Columns, exported: _Exported | None) -> None:
        cluster, from_txid, number = columns["cluster"], columns["from_txid"], columns["number"]
        found = self._take_leaves(cluster, from_txid, columns["until_txid"])
        self.reached[cluster], self.last_cluster = columns["until_txid"], cluster
        self.result.sealed_entries += len(found)
        if len(found) == columns["count"] and _root(found) == columns["root"]:
            return
        sealed = exported.list_trusted_leaves() if exported else None
        if sealed is None:
            if self._is_dropped(columns["first_id"]) or self._is_dropped(columns["last_id"]):
                self.result.dropped_entries += columns["count"] - len(found)
            else:
                self._found("entries_differ", seal=number)
            return
        for entry in sorted(sealed.keys() | found.keys()):
            if entry not in found and self._is_dropped(entry):
                self.result.dropped_entries += 1
            elif entry not in found:
                self._found("entry_deleted", seal=number, entry=entry)
            elif entry not in sealed:
                self._found("entry_inserted", seal=number, entry=entry)
            elif found[entry] != sealed[entry]:
                self._found("entry_changed", seal=number, entry=entry)

    def _take_leaves(self, cluster: int, from_txid: int, until_txid: int) -> dict[str, str]:
        """The hashes of the entries of a range, by id; the ranges of a cluster come in ascending order."""
        if cluster not in self.streams:
            self.streams[cluster] = stream_leaves(cluster=cluster, from_txid=0)
            self.next_leaf[cluster] = next(self.streams[cluster], None)
        taken = {}
        while (leaf := self.next_leaf[cluster]) is not None and leaf.txid < until_txid:
            if leaf.txid >= from_txid:
                taken[str(leaf.id)] = leaf.hash.hex()
            self.next_leaf[cluster] = next(self.streams[cluster], None)
        return taken

    def _is_dropped(self, entry: str) -> bool:
        identifier = UUID(entry)
        return identifier.version == 7 and f"{time_of_uuid7(identifier):%Y-%m}" in self.dropped_months

    def _check_unsealed(self) -> None:
        """Count what waits for the sealer; name what no running database can have written."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT system_identifier, pg_snapshot_xmax(pg_current_snapshot())::text FROM pg_control_system()"
            )
            here, next_txid = cursor.fetchone()
        waiting = AuditEntry.objects.none()
        for cluster in {here, self.last_cluster} - {None}:
            above = AuditEntry.objects.filter(cluster=cluster, txid__gte=self.reached.get(cluster, 0))
            waiting = waiting | (above.filter(txid__lt=int(next_txid)) if cluster == here else above)
        counted = waiting.aggregate(count=Count("id"), since=Min("at"))
        self.result.unsealed_entries, self.result.unsealed_since = counted["count"], counted["since"]
        forged = Q(cluster=here, txid__gte=int(next_txid)) | ~Q(cluster__in={here, *self.reached})
        for cluster in self.reached.keys() - {here, self.last_cluster}:
            forged |= Q(cluster=cluster, txid__gte=self.reached[cluster])
        for entry in AuditEntry.objects.filter(forged).values_list("id", flat=True).order_by("id"):
            self._found("entry_forged", entry=str(entry))

    def _stored(self) -> Iterator[tuple[int, AuditSeal]]:
        for row in AuditSeal.objects.order_by("number").iterator(chunk_size=2000):
            yield row.number, row

    def _exported(self) -> Iterator[tuple[int, _Exported]]:
        last = 0
        for path, size in self.files:
            for place, line in enumerate(read_lines(path, size), start=1):
                try:
                    content = json.loads(line)
                    columns = dict(content["seal"])
                    exported = _Exported(columns, columns.pop("hash"), dict(content["leaves"]))
                    number = int(columns["number"])
                except (ValueError, KeyError, TypeError):
                    self._found("export_unreadable", place=f"{path.name}:{place}")
                    continue
                if number > last:
                    last = number
                    yield number, exported

    def _pair(
        self, stored: Iterator[tuple[int, AuditSeal]], exported: Iterator[tuple[int, _Exported]]
    ) -> Iterator[tuple[int, AuditSeal | None, _Exported | None]]:
        """Walk both by number. Seals above the last exported one are young; a gap in the file below it is a finding."""
        one, other = next(stored, None), next(exported, None)
        while one or other:
            number = min(pair[0] for pair in (one, other) if pair)
            row = one[1] if one and one[0] == number else None
            line = other[1] if other and other[0] == number else None
            if line is None and other is not None:
                self._found("export_missing", seal=number)
            elif line is None:
                self.result.unexported_seals += 1
            yield number, row, line
            one = next(stored, None) if row is not None else one
            other = next(exported, None) if line is not None else other

    def _list_dropped_months(self) -> set[str]:
        rows = AuditEntry.objects.filter(act="drop_audit_month", subject_kind="audit_month")
        return set(rows.values_list("subject_id", flat=True))

    def _found(self, kind: str, *, seal: int | None = None, entry: str = "", place: str = "") -> None:
        self.result.findings.append(Finding(kind, seal, entry, place))


def _root(leaves: dict[str, str]) -> str:
    return root_of(bytes.fromhex(leaves[entry]) for entry in sorted(leaves)).hex()
